"""Great Expectations' own Data Docs of one release, on request: its stored tables are checked once more."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipelines.checks.data_docs import write_data_docs
from pipelines.checks.day import derive_checked
from pipelines.checks.suites import get_table_name, read_rules
from pipelines.errors import BadInput, Missing
from pipelines.paths import archive_prefix, assembled_key, attempt_prefix, staging_prefix
from pipelines.releases.heads import Head
from pipelines.releases.plans import Plan, read_plan
from pipelines.releases.swap import list_kept_keys, read_head
from pipelines.services.storage import Store
from pipelines.stages.assemble import build_ledger
from pipelines.tables.checks import CHECKS
from pipelines.tables.measures import MEASURES
from pipelines.tables.published import PUBLISHED


def write(store: Store, dt: date, release: str | None, folder: Path) -> Path:
    """Write the Data Docs of a release of the day, by default the live one, into a folder; return its first page.

    The tables are checked by the suites of the current code. Raises BadInput if the release is unknown or its tables
    are no longer kept, and if the folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is not an empty folder; name an empty one, or one to be created")
    head, _ = read_head(store, str(dt))
    plan = _read_plan(store, dt, head, release)
    kept = _read_tables(store, plan, head)
    with suppress(Missing):  # what was expected is only known while the release waits to be published
        expected = store.read_table(assembled_key("expected", plan.release_id, plan.serial))
        kept["ledger"] = build_ledger(expected["item_id"].combine_chunks(), kept)
    tables = derive_checked(kept, dt, _read_history(store, plan))[1]
    folder.mkdir(parents=True, exist_ok=True)
    write_data_docs([suite for suite in read_rules() if get_table_name(suite["name"]) in tables], tables, folder)
    return folder / "index.html"


def _read_plan(store: Store, dt: date, head: Head | None, release: str | None) -> Plan:
    """Read the plan of a release, by default the live one. Raises BadInput."""
    release = release or (head.release_id if head else None)
    if release is None:
        raise BadInput(f"{dt} has not been published; pass the release id of an attempt")
    try:
        return read_plan(store, str(dt), release)
    except Missing:
        raise BadInput(f"{dt} has no release {release}; the view `attempts` of `copydesk query` lists all") from None


def _read_tables(store: Store, plan: Plan, head: Head | None) -> dict[str, pa.Table]:
    """Read the tables of a release that are checked. Raises BadInput if they are no longer kept."""
    is_live = head is not None and head.release_id == plan.release_id
    kept = [
        {name: head.list_keys(name) for name in head.objects} if head is not None and is_live else {},
        list_kept_keys(store, staging_prefix(plan.release_id, plan.serial)),
        list_kept_keys(store, archive_prefix(plan.dt, plan.release_id)),
    ]
    checked = [table for table in PUBLISHED if table not in (CHECKS, MEASURES)]
    stored = {table.name: _read_table(store, kept, table.name) for table in checked}
    # A release of older code may lack columns.
    tables = {table.name: table.conform(rows) for table in checked if (rows := stored[table.name]) is not None}
    if len(tables) < len(checked):
        prefix = attempt_prefix(plan.dt, plan.release_id)
        raise BadInput(f"{plan.dt}: the tables of {plan.release_id} are no longer kept; the results are in {prefix}")
    return tables


def _read_table(store: Store, kept: Sequence[Mapping[str, Sequence[str]]], table: str) -> pa.Table | None:
    """Read a table of a release from the first of the places that keep it, table → keys; None if none does."""
    for keys in kept:
        if table in keys:
            with suppress(Missing):
                return store.read_tables(keys[table])
    return None


def _read_history(store: Store, plan: Plan) -> dict[date, pa.Table]:
    """Read the measures that the release was checked against, as far as they are still live."""
    history = {}
    for day, measures in plan.history.items():
        with suppress(Missing):
            history[date.fromisoformat(day)] = store.read_table(measures.key)
    return history
