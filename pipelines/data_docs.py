"""Great Expectations' own Data Docs of one release, on request: its tables are judged once more, as they lie."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipelines.errors import BadInput, Missing
from pipelines.plans import Plan, read_plan, suites
from pipelines.stages.publish import staging_key
from pipelines.stages.validate import judged_columns, row_rules, write_data_docs
from pipelines.storage import Store
from pipelines.swap import read_head
from pipelines.tables.checks import CHECKS
from pipelines.tables.published import PUBLISHED


def write(store: Store, dt: date, release: str | None, folder: Path) -> Path:
    """Data Docs of a release of the day, the live one by default, in a folder; returns its first page.

    They are judged by the suites of the code as it is now. Raises BadInput where the release's tables are not kept any
    more, and for a folder that holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is not an empty folder")
    head, _ = read_head(store, str(dt))
    release = release or (head.release_id if head else None)
    if release is None:
        raise BadInput(f"{dt} was never published; name the release of a try")
    try:
        plan = read_plan(store, str(dt), release)
    except Missing:
        raise BadInput(f"{dt} has no release {release}") from None
    live = {name: its.key for name, its in head.objects.items()} if head and head.release_id == release else {}
    judged = [table for table in PUBLISHED if table is not CHECKS]
    tables = {t.name: found for t in judged if (found := _kept(store, plan, live, t.name, judged_columns(t)))}
    if (ledger := _kept(store, plan, {}, "ledger", None)) is not None:
        tables["ledger"] = ledger
    if "articles" not in tables:
        raise BadInput(
            f"{dt}: the tables of {release} are not kept any more; attempts/dt={dt}/{release}/ has its checks"
        )
    wanted = [*suites(), *(row_rules(table) for table in judged)]
    folder.mkdir(parents=True, exist_ok=True)
    write_data_docs([suite for suite in wanted if suite["name"].partition(".")[0] in tables], tables, folder)
    return folder / "index.html"


def _kept(store: Store, plan: Plan, live: dict[str, str], table: str, columns: list[str] | None) -> pa.Table | None:
    """A table of a release, from wherever it lies: it is live, waits, or was replaced."""
    archived = f"archive/dt={plan.dt}/{plan.release_id}/{table}.parquet"
    for key in (live.get(table), staging_key(table, plan.release_id, plan.serial), archived):
        if key:
            with suppress(Missing):
                return store.read_table(key, columns)
    return None
