"""What became of each item of a release: in which table it stands."""

from collections import Counter
from collections.abc import Collection, Mapping

from pipelines.storage import Store

FATES = {"rejected": "rejected", "duplicates": "duplicate", "articles": "published"}
GONE = "gone"  # its payload is unpacked into other items now


def fates(store: Store, keys: Mapping[str, str]) -> dict[str, str]:
    """item → what became of it, by the tables of a release under these keys. Raises Missing."""
    found: dict[str, str] = {}
    for name, fate in FATES.items():
        found |= dict.fromkeys(store.read_table(keys[name], ["item_id"])["item_id"].to_pylist(), fate)
    return found


def moved(before: Mapping[str, str], after: Mapping[str, str], but: Collection[str]) -> dict[str, int]:
    """Change, as "rejected → published" → how many items, without some, of what is somewhere else now."""
    others = (before.keys() | after.keys()) - set(but)
    changes = Counter((before.get(item, "new"), after.get(item, GONE)) for item in others)
    return {f"{was} → {now}": count for (was, now), count in sorted(changes.items()) if was != now}
