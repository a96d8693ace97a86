"""How the days are, by reading alone: which there are, which are stale, and whether they keep their promises."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from pipelines.batches import batch_of, delivered, raw_batches
from pipelines.plans import READERS, read_plan
from pipelines.stages.publish import Head
from pipelines.storage import Store
from pipelines.swap import read_head
from pipelines.tables.ids import item_id
from pipelines.tables.rejected import of_items

STALE_DAYS = 7  # how far back the daily run settles days by itself
DT_FOLDER = re.compile(r"dt=\d{4}-\d\d-\d\d")


def stale_days(store: Store, days: list[date]) -> list[date]:
    """Of these past days, those whose raw has more than their live release used, or that were open when it was made."""
    return [day for day in days if _is_stale(store, day)]


def days_with_input(store: Store) -> list[date]:
    """The days for which anything was ever landed."""
    return _days(store, "raw/")


def planned_days(store: Store) -> list[date]:
    """The days of which a release was ever planned."""
    return _days(store, "releases/")


def published_days(store: Store) -> list[date]:
    """The days that have a head."""
    return list(heads(store, planned_days(store)))


def heads(store: Store, days: list[date]) -> dict[date, Head]:
    """The heads of those of these days that have one, in their order; many are read at once."""
    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(lambda day: read_head(store, str(day))[0], days))
    return {day: head for day, head in zip(days, found, strict=True) if head is not None}


def _days(store: Store, prefix: str) -> list[date]:
    return [date.fromisoformat(name[3:]) for name in store.folders(prefix) if DT_FOLDER.fullmatch(name)]


def broken_promises(store: Store, day: date) -> list[str]:
    """What is wrong with a published day, by reading alone.

    Items in no or several places or from nowhere, and objects that the head does not name.
    """
    head, _ = read_head(store, str(day))
    if head is None:
        return []
    wrong = []
    for name, its in head.objects.items():
        found = [entry.key for entry in store.entries(f"tables/{name}/dt={day}/")]
        if found != [its.key]:
            wrong.append(f"{day}: {name} should be {its.key} alone, but there is {', '.join(found) or 'nothing'}")
    if wrong:
        return wrong
    places: Counter[tuple[str, int]] = Counter()  # (delivery, index in its payload) → how often it is published
    for name in ("articles", "duplicates", "rejected"):
        table = store.read_table(head.objects[name].key, _columns(name))
        rows = (of_items(table) if name == "rejected" else table).to_pylist()
        places.update((row["delivery_id"], row["item_index"]) for row in rows)
        wrong += [
            f"{day}: item {row['item_id']} came from nowhere"
            for row in rows
            if row["item_id"] != item_id(row["delivery_id"], row["item_index"])
        ]
    planned = read_plan(store, str(day), head.release_id).deliveries.keys()
    # A payload's items are counted from 0: a gap is an item that was lost on the way.
    last: dict[str, int] = dict.fromkeys(planned, 0)
    for delivery, index in places:
        last[delivery] = max(last.get(delivery, 0), index)
    expected = {(delivery, index) for delivery, end in last.items() for index in range(end + 1)}
    wrong += [
        f"{day}: item {index} of delivery {delivery} is in no table" for delivery, index in expected - places.keys()
    ]
    wrong += [f"{day}: item {item[1]} of delivery {item[0]} is in {n} places" for item, n in places.items() if n != 1]
    return wrong + [f"{day}: delivery {delivery} came from nowhere" for delivery in sorted(last.keys() - planned)]


def _columns(table: str) -> list[str] | None:
    """What tells where an item came from; of `rejected` all: made by older code it lacks a column."""
    return None if table == "rejected" else ["item_id", "delivery_id", "item_index"]


def _is_stale(store: Store, day: date) -> bool:
    head, _ = read_head(store, str(day))
    if head is None:
        return bool(raw_batches(store, str(day)))
    live = read_plan(store, str(day), head.release_id)
    if live.is_open:
        return True
    # Only batches that the live release took nothing from are read: a year of days costs a listing each.
    new = [entry for entry in raw_batches(store, str(day)) if batch_of(entry) not in live.batches]
    fresh = delivered(store, new)[0]
    return not fresh.keys() <= live.deliveries.keys()
