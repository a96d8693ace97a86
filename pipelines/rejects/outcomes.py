"""What became of each item of a release: in which table it stands; and of rows of the tables beside `articles`."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from pipelines.services.storage import Store

OUTCOMES = {"rejected": "rejected", "duplicates": "duplicate", "articles": "published"}
GONE = "gone"  # its payload is unpacked into other items now; or its article has no such row any more
ROWS = {"entities": "entity_index", "quotes": "quote_index"}  # what numbers the rows of an item there

RowKey = tuple[str, str, int]  # the key of `rejected`: item, table, and place among its rows there; -1 for the item


def read_outcomes(store: Store, keys: Mapping[str, str]) -> dict[str, str]:
    """item → what became of it, by the tables of a release under these keys. Raises Missing."""
    found: dict[str, str] = {}
    for name, fate in OUTCOMES.items():
        found |= dict.fromkeys(store.read_table(keys[name], ["item_id"])["item_id"].to_pylist(), fate)
    return found


def find_rows(store: Store, keys: Mapping[str, str], names: Iterable[str]) -> set[RowKey]:
    """The rows of the tables of these names, of a release under these keys. Raises Missing."""
    found: set[RowKey] = set()
    for name in names:
        table = store.read_table(keys[name], ["item_id", ROWS[name]])
        found.update(
            (item, name, index) for item, index in zip(*(column.to_pylist() for column in table.columns), strict=True)
        )
    return found


def count_moves(before: Mapping[str, str], after: Mapping[str, str], but: Collection[str]) -> dict[str, int]:
    """Change, as "rejected → published" → how many items, without some, of what is somewhere else now."""
    others = (before.keys() | after.keys()) - set(but)
    changes = Counter((before.get(item, "new"), after.get(item, GONE)) for item in others)
    return {f"{was} → {now}": count for (was, now), count in sorted(changes.items()) if was != now}
