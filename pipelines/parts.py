"""The parts of a day between assembly and publication: what assemble and the tasks after it leave for one another.

All of it is below staging/<release id>-<serial>/assembled/, and goes when the release is live:

    items, outcomes-<part>   what decides the items of the day, and the outcomes of those of a part, and where they are
    coverage, expected       of the day as a whole; `count.json`, written last, says how many parts there are
    <table>-<part>           the tables, as first assembled; below again/ the parts that lost rows to checks
    seen/<table>-<part>      what the checks see of them

Every function can be run again at any time. The memory that it needs is that of a part, and of the narrow columns.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators import CONTRACTS, OF_PARTS, derive_part_indicators
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.paths import assembled_key, part_count_key, staging_key
from pipelines.releases.heads import number_parts
from pipelines.releases.plans import Plan, derive_rejecting_versions
from pipelines.services.storage import Store
from pipelines.stages.assemble import build_ledger
from pipelines.stages.assemble.coverage import build_coverage
from pipelines.stages.assemble.items import CONTENT_BYTES, narrow_items
from pipelines.stages.assemble.outcomes import SetAside, decide_outcomes, sort_by_receipt
from pipelines.stages.assemble.parts import NOTHING_ASIDE, PART_ITEMS, build_part, cut
from pipelines.tables.items import ITEMS as ITEMS_TABLE
from pipelines.tables.lazy import LazyTable

READERS = 8
ITEMS, OUTCOMES, COVERAGE, EXPECTED = "items", "outcomes", "coverage", "expected"
FIRST, AGAIN = "", "again/"  # folders of the tables as first assembled, and of the parts that are assembled once more
SCHEMA = pa.schema([*ITEMS_TABLE.schema, *(field for enricher in ENRICHERS for field in enricher.schema)])  # of items
ReadBatch = Callable[[str], pa.Table]  # the id of a batch → its enriched items, all of them


class Assembled(NamedTuple):
    """The tables of a day as they are stored: the keys of their parts, and `seen`, those of what the checks see."""

    keys: dict[str, list[str]]
    seen: dict[str, list[str]]
    coverage: pa.Table


def keep_in_memory(read_batch: ReadBatch) -> ReadBatch:
    """Return a function that reads each batch once, if all of them together are no more than a part."""
    kept: dict[str, pa.Table] = {}
    row_count = 0
    changing = Lock()

    def read(batch: str) -> pa.Table:
        nonlocal row_count
        items = kept.get(batch)
        if items is None:
            items = read_batch(batch)
            with changing:
                row_count += items.num_rows
                kept[batch] = items
                if row_count > PART_ITEMS:
                    kept.clear()
        return items

    return read


def decide(store: Store, plan: Plan, read_batch: ReadBatch, usual: Mapping[str, float]) -> int:
    """Decide the outcome of every item of the day, and store it by part; return how many parts there are.

    `usual` is the share of a source's items that is usually rejected: far more, and it is set aside as a whole.
    """
    items = _read_narrow(plan, read_batch)
    outcomes = decide_outcomes(items, None, usual, frozenset(plan.taken_in))
    _put(store, plan, ITEMS, items)
    _put(store, plan, COVERAGE, build_coverage(items, outcomes, plan.is_open))
    # A delivery without any item would be a loss that no item id can show: its own id is expected instead.
    deliveries = pa.array(plan.deliveries, pa.string())
    arrived = pc.is_in(deliveries, value_set=items["delivery_id"].combine_chunks())
    expected = [*items["item_id"].chunks, deliveries.filter(pc.invert(arrived))]
    _put(store, plan, EXPECTED, pa.table({"item_id": pa.chunked_array(expected, pa.string())}))
    bounds = cut(items[CONTENT_BYTES])
    count = len(bounds) - 1
    for part, rows in enumerate(_slice_outcomes(items, outcomes, bounds)):
        _put(store, plan, OUTCOMES, rows, _number(part, count))
    store.put(part_count_key(plan.release_id, plan.serial), json.dumps(count).encode())
    return count


def count_parts(store: Store, plan: Plan) -> int:
    """Return how many parts the day has. Raises Missing before they are decided, and after they are published."""
    count: int = json.loads(store.get(part_count_key(plan.release_id, plan.serial)))
    return count


def write_part(store: Store, plan: Plan, read_batch: ReadBatch, part: int) -> None:
    """Build the tables of a part as they are first assembled, derive what the checks see of them, and store both."""
    number = _number(part, count_parts(store, plan))
    outcomes = store.read_table(_key(plan, OUTCOMES, number))
    _write_part(store, plan, read_batch, outcomes, FIRST, number)


def read_assembled(store: Store, plan: Plan) -> Assembled:
    """Read what was first assembled. Raises Missing if it is not there, or a part of it is not written yet."""
    numbers = number_parts(range(count_parts(store, plan)))
    return Assembled(
        {name: [_key(plan, name, number) for number in numbers] for name in OF_PARTS},
        {name: [_key(plan, f"seen/{name}", number) for number in numbers] for name in OF_PARTS},
        store.read_table(_key(plan, COVERAGE)),
    )


def set_rows_aside(
    store: Store, plan: Plan, read_batch: ReadBatch, usual: Mapping[str, float], rows: SetAside
) -> Assembled:
    """Assemble the day once more, without these rows: only the parts that change by that are built again."""
    items = store.read_table(_key(plan, ITEMS))
    outcomes = decide_outcomes(items, rows.get("articles"), usual, frozenset(plan.taken_in))
    assembled = read_assembled(store, plan)
    bounds = cut(items[CONTENT_BYTES])
    numbers = number_parts(bounds[1:])
    losing = pa.array({row.rpartition("/")[0] for name in ("entities", "quotes") for row in rows.get(name, ())})
    for part, changed in enumerate(_slice_outcomes(items, outcomes, bounds)):
        number = numbers[part]
        ids = items["item_id"].slice(bounds[part], changed.num_rows)
        loses_rows = pc.any(pc.is_in(ids, value_set=losing.cast(pa.string()))).as_py()
        if loses_rows or not changed.equals(store.read_table(_key(plan, OUTCOMES, number))):
            _write_part(store, plan, read_batch, changed, AGAIN, number, rows)
            for name in OF_PARTS:
                assembled.keys[name][part] = _key(plan, AGAIN + name, number)
                assembled.seen[name][part] = _key(plan, f"{AGAIN}seen/{name}", number)
    return assembled._replace(coverage=build_coverage(items, outcomes, plan.is_open))


def read_narrow_tables(store: Store, plan: Plan, assembled: Assembled) -> dict[str, pa.Table | LazyTable]:
    """Read what the checks see of the parts, with coverage and the ledger of the day. Raises Missing."""
    narrow = {name: LazyTable([store.get(key) for key in keys]) for name, keys in assembled.seen.items()}
    expected = store.read_table(_key(plan, EXPECTED))["item_id"].combine_chunks()
    return {**narrow, "coverage": assembled.coverage, "ledger": build_ledger(expected, narrow)}


def read_rows(
    store: Store, assembled: Assembled, table: str, item_ids: Collection[str], columns: Sequence[str]
) -> pa.Table:
    """Read the rows of these items from a table, and of its columns those that it has; a part at a time."""
    contract = CONTRACTS[table]
    names = [name for name in contract.names if name in columns]
    found = [contract.schema.empty_table().select(names)]
    for key in assembled.keys[table] if item_ids else ():
        is_wanted = pc.is_in(store.read_table(key, ["item_id"])["item_id"], value_set=pa.array(sorted(item_ids)))
        if pc.any(is_wanted).as_py():
            found.append(store.read_table(key, names).filter(is_wanted))
    return pa.concat_tables(found)


def stage_parts(store: Store, plan: Plan, assembled: Assembled) -> None:
    """Stage the parts of the tables for publication. Raises Missing."""
    for name, keys in assembled.keys.items():
        for key, number in zip(keys, number_parts(keys), strict=True):
            store.copy(key, staging_key(name, plan.release_id, plan.serial, number))


def list_staged_keys(store: Store, plan: Plan, table: str) -> list[str]:
    """List the keys under which a table is staged, in the order of its parts. Raises Missing."""
    count = count_parts(store, plan) if table in OF_PARTS else 1
    return [staging_key(table, plan.release_id, plan.serial, number) for number in number_parts(range(count))]


def _read_narrow(plan: Plan, read_batch: ReadBatch) -> pa.Table:
    """Return the narrow columns of the items of the day in the order of receipt, and where each is: batch and row."""

    def narrow(place: int) -> pa.Table:
        items = read_batch(batches[place])
        planned = pa.array(plan.batches[batches[place]], pa.string())
        rows = narrow_items(items).append_column("row", pa.array(np.arange(items.num_rows, dtype=np.int32)))
        rows = rows.append_column("batch", pa.array(np.full(items.num_rows, place, np.int32)))
        return rows.filter(pc.is_in(rows["delivery_id"], value_set=planned))

    batches = _list_batches(plan)
    with ThreadPoolExecutor(READERS) as pool:
        tables = list(pool.map(narrow, range(len(batches))))
    nothing = narrow_items(SCHEMA.empty_table())
    for name in ("row", "batch"):
        nothing = nothing.append_column(name, pa.array([], pa.int32()))
    return sort_by_receipt(pa.concat_tables([nothing, *tables]))


def _slice_outcomes(items: pa.Table, outcomes: pa.Table, bounds: Sequence[int]) -> Iterator[pa.Table]:
    """Yield the outcomes of each part, with the batch and the row of each item."""
    for name in ("batch", "row"):
        outcomes = outcomes.append_column(name, items[name])
    for begin, end in pairwise(bounds):
        yield outcomes.slice(begin, end - begin).combine_chunks()


def _write_part(
    store: Store,
    plan: Plan,
    read_batch: ReadBatch,
    outcomes: pa.Table,
    folder: str,
    number: int | None,
    rows: SetAside = NOTHING_ASIDE,
) -> None:
    items = _read_items(plan, read_batch, outcomes)
    tables = build_part(items, outcomes, derive_rejecting_versions(plan.versions), plan.pinned, rows)
    for name, table in tables.items():
        _put(store, plan, folder + name, table, number)
    for name, table in derive_part_indicators(tables, date.fromisoformat(plan.dt)).items():
        _put(store, plan, f"{folder}seen/{name}", table, number)


def _read_items(plan: Plan, read_batch: ReadBatch, outcomes: pa.Table) -> pa.Table:
    """Return the items of a part with all their columns, from the batches that hold them, in the order of receipt."""
    batches, rows = (np.asarray(outcomes[name]) for name in ("batch", "row"))
    order = np.lexsort((rows, batches))
    names = _list_batches(plan)

    def take(place: int) -> pa.Table:
        mine = order[slice(*np.searchsorted(batches[order], [place, place + 1]))]
        return read_batch(names[place]).take(pa.array(rows[mine]))

    with ThreadPoolExecutor(READERS) as pool:
        tables = list(pool.map(take, np.unique(batches).tolist()))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return pa.concat_tables([SCHEMA.empty_table(), *tables]).take(pa.array(back))


def _list_batches(plan: Plan) -> list[str]:
    return sorted(plan.batches)


def _number(part: int, count: int) -> int | None:
    return number_parts(range(count))[part]


def _key(plan: Plan, name: str, number: int | None = None) -> str:
    return assembled_key(name, plan.release_id, plan.serial, number)


def _put(store: Store, plan: Plan, name: str, table: pa.Table, number: int | None = None) -> None:
    store.put_table(_key(plan, name, number), table)
