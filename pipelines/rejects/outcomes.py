"""The outcome of each item of a release (the table that holds it), and the rows of the tables beside `articles`."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from pipelines.errors import Missing
from pipelines.services.storage import Store

Outcome = Literal["published", "duplicate", "rejected", "gone"]

OUTCOMES: Mapping[str, Outcome] = {"rejected": "rejected", "duplicates": "duplicate", "articles": "published"}
GONE: Outcome = "gone"  # its payload is unpacked into other items now, or its article no longer has such a row
ROWS = {"entities": "entity_index", "quotes": "quote_index"}  # table → the column that numbers an item's rows


class RowKey(NamedTuple):
    """The key of `rejected`: an item, or one of its rows in `entities` or `quotes`."""

    item_id: str
    table_name: str
    row_index: int  # its place among the item's rows of that table; -1 for the item itself


def read_outcomes(store: Store, keys: Mapping[str, Sequence[str]]) -> dict[str, Outcome]:
    """Return item id → outcome, by the tables of a release under these keys. Raises Missing."""
    outcomes: dict[str, Outcome] = {}
    for table, outcome in OUTCOMES.items():
        if table not in keys:
            raise Missing(f"{table} of the release is no longer kept")
        outcomes |= dict.fromkeys(store.read_tables(keys[table], ["item_id"])["item_id"].to_pylist(), outcome)
    return outcomes


def find_rows(store: Store, keys: Mapping[str, Sequence[str]], names: Iterable[str]) -> set[RowKey]:
    """Return the keys of all rows of the named tables, of a release under these keys. Raises Missing."""
    rows: set[RowKey] = set()
    for name in names:
        table = store.read_tables(keys[name], ["item_id", ROWS[name]])
        items, indexes = (column.to_pylist() for column in table.columns)
        rows.update(RowKey(item, name, index) for item, index in zip(items, indexes, strict=True))
    return rows


def count_moves(before: Mapping[str, str], after: Mapping[str, str], but: Collection[str]) -> dict[str, int]:
    """Count the items whose outcome changed, as "rejected → published" → count; the items in `but` are left out."""
    others = (before.keys() | after.keys()) - set(but)
    changes = Counter((before.get(item, "new"), after.get(item, GONE)) for item in others)
    return {f"{was} → {now}": count for (was, now), count in sorted(changes.items()) if was != now}
