"""enriched → the tables of a day: duplicates, revisions, rejected, coverage. Batches leave no trace in them.

Outcomes are decided for a whole day by narrow columns (items.py, outcomes.py, coverage.py); the tables are built a part
at a time (parts.py). `assemble_day` does all of it at once, for a day that is in memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stages.assemble.coverage import build_coverage
from pipelines.stages.assemble.items import narrow_items
from pipelines.stages.assemble.outcomes import NOTHING_USUAL, SetAside, decide_outcomes, sort_by_receipt
from pipelines.stages.assemble.parts import NO_PROFILES, build_part


@dataclass(frozen=True, slots=True)
class Day:
    """The tables of one day, and `ledger`: for each expected item, in how many of them it is."""

    tables: dict[str, pa.Table]
    ledger: pa.Table


def assemble_day(
    items: pa.Table,
    expected: Iterable[str],
    is_open: bool,
    versions: Mapping[str, str],
    profiles: Mapping[str, str] = NO_PROFILES,
    set_aside: SetAside | None = None,
    usual: Mapping[str, float] = NOTHING_USUAL,
    accepted: frozenset[str] = frozenset(),
) -> Day:
    """Put each item into exactly one of articles, duplicates and rejected, in the order of receipt.

    `items` has the columns of ITEMS and those of all enrichers; `expected` are the ids of items that must be there.
    `is_open` means that the day had not ended when it was planned. For the others see decide_outcomes and build_part.
    """
    set_aside = set_aside or {}
    narrow = narrow_items(items).append_column("row", pa.array(np.arange(items.num_rows)))
    narrow = sort_by_receipt(narrow)
    outcomes = decide_outcomes(narrow, set_aside.get("articles"), usual, accepted)
    tables = build_part(items.take(narrow["row"]), outcomes, versions, profiles, set_aside)
    tables["coverage"] = build_coverage(narrow, outcomes, is_open)
    return Day(tables, build_ledger(pa.array(expected, pa.string()), tables))


def build_ledger(expected: pa.Array, tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return one row per item that is expected or there, with the number of tables that it is in: it has to be 1.

    `tables` are articles, duplicates and rejected, or some of their columns.
    """
    places = []
    for name in ("articles", "duplicates", "rejected"):
        table = tables[name]
        if name == "rejected":  # also rows of other tables, whose items are published
            table = table.select(["item_id", "table_name"])
            table = table.filter(pc.equal(table["table_name"], "articles"))
        places += table["item_id"].chunks
    placed = pa.chunked_array(places, pa.string())
    ids = pc.unique(pa.chunked_array([expected, *placed.chunks]))
    counts = np.bincount(np.asarray(pc.index_in(placed, value_set=ids)), minlength=len(ids))
    return pa.table({"item_id": ids, "place_count": pa.array(counts, pa.int32())})
