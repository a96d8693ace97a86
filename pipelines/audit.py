"""Whether published days keep their invariants: each item in one place, one object a table. Reads alone."""

from collections import Counter
from datetime import date

from pipelines.paths import partition_prefix
from pipelines.releases.plans import read_plan
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store
from pipelines.tables.ids import item_id
from pipelines.tables.rejected import select_items


def find_broken_invariants(store: Store, day: date) -> list[str]:
    """What is wrong with a published day, by reading alone.

    Items in no or several places or from nowhere, and objects that the head does not name.
    """
    head, _ = read_head(store, str(day))
    if head is None:
        return []
    wrong = []
    for name, its in head.objects.items():
        found = [entry.key for entry in store.list_objects(partition_prefix(name, day))]
        if found != [its.key]:
            wrong.append(f"{day}: {name} should be {its.key} alone, but there is {', '.join(found) or 'nothing'}")
    if wrong:
        return wrong
    places: Counter[tuple[str, int]] = Counter()  # (delivery, index in its payload) → how often it is published
    for name in ("articles", "duplicates", "rejected"):
        table = store.read_table(head.objects[name].key, _columns(name))
        rows = (select_items(table) if name == "rejected" else table).to_pylist()
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
