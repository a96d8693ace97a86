"""Great Expectations' own Data Docs of one release, on request: its tables are judged once more, as they lie."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipelines.checks.data_docs import write_data_docs
from pipelines.checks.day import derive_checked, read_rules
from pipelines.checks.verdicts import get_table_name
from pipelines.errors import BadInput, Missing
from pipelines.paths import archived_key, assembled_key, attempt_prefix, staging_key
from pipelines.releases.plans import Plan, read_plan
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store
from pipelines.tables.checks import CHECKS
from pipelines.tables.measures import MEASURES
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
    asked = [table for table in PUBLISHED if table not in (CHECKS, MEASURES)]
    found = {table.name: _kept(store, plan, live, table.name) for table in asked}
    # A release of older code may lack columns.
    kept = {table.name: table.conform(rows) for table in asked if (rows := found[table.name]) is not None}
    if len(kept) < len(asked):
        raise BadInput(
            f"{dt}: the tables of {release} are not kept any more; {attempt_prefix(dt, release)} has its checks"
        )
    with suppress(Missing):  # only of a release that waits it is still known
        kept["ledger"] = store.read_table(assembled_key("ledger", release, plan.serial))
    tables = derive_checked(kept, dt, _history(store, plan))[1]
    folder.mkdir(parents=True, exist_ok=True)
    write_data_docs([suite for suite in read_rules() if get_table_name(suite["name"]) in tables], tables, folder)
    return folder / "index.html"


def _history(store: Store, plan: Plan) -> dict[date, pa.Table]:
    """The measures that the release was judged by, as far as they are still live."""
    found = {}
    for day, its in plan.history.items():
        with suppress(Missing):
            found[date.fromisoformat(day)] = store.read_table(its.key)
    return found


def _kept(store: Store, plan: Plan, live: dict[str, str], table: str) -> pa.Table | None:
    """A table of a release, from wherever it lies: it is live, waits, or was replaced."""
    archived = archived_key(table, plan.dt, plan.release_id)
    for key in (live.get(table), staging_key(table, plan.release_id, plan.serial), archived):
        if key:
            with suppress(Missing):
                return store.read_table(key)
    return None
