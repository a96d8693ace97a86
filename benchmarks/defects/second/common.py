"""What several modules of the second set need."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import Change, Row, Tables, changed, changed_of, of_items, some_of, where, with_values

# Where the id of an item stands, and by which name.
ITEM_COLUMNS = {
    "articles": ("item_id", "duplicate_of"),
    "entities": ("item_id",),
    "quotes": ("item_id",),
    "duplicates": ("item_id", "kept_item_id"),
    "rejected": ("item_id",),
    "ledger": ("item_id",),
}


def renamed(tables: Tables, ids: Mapping[str, str]) -> Tables:
    """The tables with other ids of items wherever they stand."""
    found = dict(tables)
    for name, columns in ITEM_COLUMNS.items():
        for column in columns:
            values = found[name][column].to_pylist()
            rows = [n for n, value in enumerate(values) if value in ids]
            if rows:
                found[name] = with_values(found[name], rows, column, [ids[values[n]] for n in rows])
    return found


def in_order(articles: pa.Table) -> pa.Table:
    """The articles in the order in which assembly writes them."""
    return articles.sort_by([("received_at", "ascending"), ("item_id", "ascending")])


def rows_of(table: pa.Table, rows: Iterable[int]) -> list[Row]:
    """These rows as Python has them."""
    found: list[Row] = table.take(pa.array(list(rows), pa.int64())).to_pylist()
    return found


def by_source(tables: Tables, column: str) -> dict[str, list[Any]]:
    """What the articles of each source have there, in order; without nulls."""
    found: dict[str, list[Any]] = {}
    for source, value in zip(*(tables["articles"][name].to_pylist() for name in ("source", column)), strict=True):
        if value is not None:
            found.setdefault(source, []).append(value)
    return found


def by_item(tables: Tables, name: str) -> dict[str, list[Row]]:
    """The rows of `entities` or `quotes` of each item."""
    found: dict[str, list[Row]] = {}
    for row in tables[name].to_pylist():
        found.setdefault(row["item_id"], []).append(row)
    return found


def texts_of(tables: Tables) -> dict[str, str]:
    """Item → text."""
    return dict(zip(*(tables["articles"][name].to_pylist() for name in ("item_id", "text")), strict=True))


def having(
    tables: Tables, column: str, rate: float, rng: random.Random, change: Change, what: Iterable[int] | None = None
) -> Tables:
    """A change of articles that have a value there, or a list that is not empty; of the rows `what` alone if given."""
    values = tables["articles"][column]
    is_list = pa.types.is_list(values.type)
    rows = where(pc.greater(pc.list_value_length(values), 0) if is_list else pc.is_valid(values))
    return changed_of(tables, "articles", rows if what is None else sorted({*rows} & {*what}), rate, rng, change)


def items_with(tables: Tables, name: str, rate: float, rng: random.Random) -> list[str]:
    """About `rate` of the articles, of those that have a row in `entities` or `quotes`."""
    known = set(tables[name]["item_id"].to_pylist())
    items: list[str] = tables["articles"]["item_id"].to_pylist()
    rows = some_of([n for n, item in enumerate(items) if item in known], len(items), rate, rng)
    return [items[n] for n in rows]


def changed_of_items(tables: Tables, name: str, items: Iterable[str], change: Change) -> pa.Table:
    """One of the tables with a change of all rows of these items."""
    return changed(tables[name], of_items(tables[name], items), change)
