"""Check that published days keep their invariants: each item in exactly one place, for each table
the objects that the head names, and every delivery still in raw. Only reads."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from pipelines.paths import partition_prefix
from pipelines.raw.batches import list_raw_batches, read_deliveries
from pipelines.releases.heads import Head
from pipelines.releases.plans import read_plan
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store
from pipelines.tables.ids import item_id
from pipelines.tables.rejected import select_items

PLACES = ("articles", "duplicates", "rejected")  # tables in one of which each item has to be
IDENTITY = ["item_id", "delivery_id", "item_index"]  # columns that tell where an item came from


class Position(NamedTuple):
    """The place of an item in a payload."""

    delivery_id: str
    item_index: int


def find_broken_invariants(store: Store, day: date) -> list[str]:
    """Return what is wrong with a published day, one sentence each.

    Finds items in no table, in several, or of no planned delivery; planned deliveries that raw no longer has as they
    were; and objects that the head does not name.
    """
    head, _ = read_head(store, str(day))
    if head is None:
        return []
    if wrong := _find_wrong_objects(store, day, head):
        return wrong
    positions: Counter[Position] = Counter()  # position → in how many tables it is
    for name in PLACES:
        # `rejected` is read whole: made by older code it lacks a column.
        table = store.read_tables(head.list_keys(name), None if name == "rejected" else IDENTITY)
        rows = (select_items(table) if name == "rejected" else table).to_pylist()
        positions.update(Position(row["delivery_id"], row["item_index"]) for row in rows)
        wrong += [
            f"{day}: item {row['item_id']} of {name} has an id that does not follow from its delivery"
            for row in rows
            if row["item_id"] != item_id(row["delivery_id"], row["item_index"])
        ]
    planned = read_plan(store, str(day), head.release_id).deliveries
    return wrong + _find_lost_deliveries(store, day, planned) + _find_wrong_places(day, positions, planned.keys())


def _find_lost_deliveries(store: Store, day: date, planned: Mapping[str, str]) -> list[str]:
    """Compare the deliveries of the plan, by id and hash, with raw: from there the day has to be built again."""
    landed = read_deliveries(store, list_raw_batches(store, str(day))).sha256_by_id
    wrong = []
    for delivery, sha256 in planned.items():
        if delivery not in landed:
            wrong.append(f"{day}: delivery {delivery} is published, but not in raw/; restore it from a backup")
        elif landed[delivery] != sha256:
            wrong.append(f"{day}: delivery {delivery} has other bytes in raw/ than were published; run the day again")
    return wrong


def _find_wrong_objects(store: Store, day: date, head: Head) -> list[str]:
    """Compare the objects in the day's partitions with those that the head names."""
    wrong = []
    for name in head.objects:
        named = sorted(head.list_keys(name))
        keys = [entry.key for entry in store.list_objects(partition_prefix(name, day))]
        if sorted(keys) != named:
            there = ", ".join(keys) or "nothing"
            wrong.append(f"{day}: {name} should be {', '.join(named)} alone, but there is {there}")
    return wrong


def _find_wrong_places(day: date, positions: Counter[Position], planned: Collection[str]) -> list[str]:
    """Find the items of planned deliveries that are not in exactly one table, and deliveries that were not planned."""
    # The items of a payload are counted from 0: a gap is an item that was lost on the way.
    last: dict[str, int] = dict.fromkeys(planned, 0)
    for delivery, index in positions:
        last[delivery] = max(last.get(delivery, 0), index)
    expected = {Position(delivery, index) for delivery, end in last.items() for index in range(end + 1)}
    return [
        *(
            f"{day}: item {index} of delivery {delivery} is in no table"
            for delivery, index in expected - positions.keys()
        ),
        *(
            f"{day}: item {index} of delivery {delivery} is in {count} places"
            for (delivery, index), count in positions.items()
            if count != 1
        ),
        *(f"{day}: delivery {delivery} is not in the plan" for delivery in sorted(last.keys() - set(planned))),
    ]
