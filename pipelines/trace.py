"""Follow an id through the store: delivery, batch, items, the outcome of each, and the release. Only reads."""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import BadInput, Missing
from pipelines.paths import INBOX, SERVICE, service_prefix
from pipelines.raw.batches import list_raw_batches, parse_batch_id
from pipelines.releases.days import list_days_with_input, list_published_days
from pipelines.releases.heads import Head
from pipelines.releases.plans import READERS, read_plan
from pipelines.releases.swap import read_live_head
from pipelines.services.storage import Store
from pipelines.tables.ids import file_delivery_id, hash_id
from pipelines.tables.rejected import select_items

ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIELDS = ["delivery_id", "received_at", "channel", "name", "byte_count"]
TABLES = {"articles": "published", "duplicates": "a duplicate", "rejected": "rejected"}  # table → outcome, in words
ITEM = ["item_id", "item_index", "delivery_id"]
SHOWN = {"articles": ["article_id", "source", "title"], "duplicates": ["kept_item_id", "duplicate_kind"]}
TITLE = 80  # characters shown


class Landed(NamedTuple):
    """A delivery in raw: its day, its batch, and its FIELDS."""

    day: date
    batch: str
    row: dict[str, Any]


def trace(store: Store, wanted: str, day: date | None = None) -> list[str]:
    """Return what became of a delivery, or of the delivery of an item or article, as lines.

    `wanted` is a delivery id (as `copydesk send` prints it), an item id or an article id. All days are searched, the
    newest first, or only the `day`. Raises BadInput if it is no id, or nothing with it has been landed.
    """
    if not ID.fullmatch(wanted):
        raise BadInput(f"{wanted[:100]!r} is no id; give one that `copydesk send` printed, or an item_id or article_id")
    found = list(_find_delivery(store, [day] if day else list_days_with_input(store)[::-1], wanted))
    if not found:
        found = [
            landed
            for published in ([day] if day else list_published_days(store)[::-1])
            if (deliveries := _find_deliveries_of_item(store, published, wanted))
            for landed in _find_deliveries(store, published, deliveries)
        ]
    if not found:
        return [_explain_absence(store, wanted, day)]
    return [line for landed in found for line in _describe_delivery(store, landed)]


def _find_delivery(store: Store, days: Iterable[date], wanted: str) -> Iterator[Landed]:
    """Yield the delivery with this id. It is of one day, unless it is a batch of events, which may name several."""
    for day in days:
        for landed in _find_deliveries(store, day, {wanted}):
            yield landed
            if landed.row["delivery_id"] == wanted:
                return


def _find_deliveries(store: Store, day: date, ids: set[str]) -> Iterator[Landed]:
    """Yield the deliveries of a day with these ids; a batch of events is one delivery for each day that it names."""
    wanted = ids | {hash_id("batch_of_day", id_, str(day)) for id_ in ids}
    seen: set[str] = set()
    batches = list_raw_batches(store, str(day))
    with ThreadPoolExecutor(READERS) as pool:
        tables = pool.map(lambda batch: store.read_table(batch.key, FIELDS), batches)
        for batch, rows in zip(batches, tables, strict=True):
            for row in rows.filter(pc.is_in(rows["delivery_id"], value_set=pa.array(sorted(wanted)))).to_pylist():
                if row["delivery_id"] not in seen:
                    seen.add(row["delivery_id"])
                    yield Landed(day, parse_batch_id(batch), row)


def _find_deliveries_of_item(store: Store, day: date, wanted: str) -> set[str]:
    """Return the deliveries of the items of a live day with this item id or article id."""
    head = read_live_head(store, str(day))
    deliveries: set[str] = set()
    if head is None:
        return deliveries
    for name in TABLES:
        ids = ["item_id", "article_id"] if name == "articles" else ["item_id"]
        rows = store.read_tables(head.list_keys(name), [*ids, "delivery_id"])
        for column in ids:
            deliveries.update(rows.filter(pc.equal(rows[column], wanted))["delivery_id"].to_pylist())
    return deliveries


def _explain_absence(store: Store, wanted: str, day: date | None) -> str:
    """Say where a delivery waits that has not been landed. Raises BadInput if nothing is known of it."""
    for file in store.list_objects(INBOX):
        if file_delivery_id(file.key, file.etag) == wanted:
            return f"{wanted} waits in the inbox as {file.key}; `copydesk ingest` lands it"
    service_id = hash_id("service", wanted)
    for batch in store.list_objects(service_prefix(day) if day else SERVICE):
        if service_id in store.read_table(batch.key, ["delivery_id"])["delivery_id"].to_pylist():
            return f"{wanted} is a message of a service, landed in {batch.key}; it holds no article"
    where = f" for {day}; leave out --dt to search all days" if day else ""
    raise BadInput(
        f"nothing with the id {wanted} has been landed{where}. If it was sent just now, it waits on the queue:"
        " run `copydesk ingest`, then trace it again"
    )


def _describe_delivery(store: Store, landed: Landed) -> Iterator[str]:
    day, row = landed.day, landed.row
    name = f" as {row['name']}" if row["name"] else ""
    yield (
        f"delivery {row['delivery_id']}: received {row['received_at']:%Y-%m-%d %H:%M:%S} UTC through the"
        f" {row['channel']}{name}, {row['byte_count']} bytes"
    )
    yield f"  batch {landed.batch} of {day}"
    head = read_live_head(store, str(day))
    if head is None:
        yield f"  no release: {day} is not published; `copydesk run --dt {day}` does that"
        return
    try:
        is_planned = row["delivery_id"] in read_plan(store, str(day), head.release_id).deliveries
    except Missing:
        is_planned = True
    if not is_planned:
        yield f"  not in release {head.release_id}, which is live: it arrived later; `copydesk run --dt {day}` adds it"
        return
    yield from _describe_items(store, head, row["delivery_id"])
    yield f"  release {head.release_id} of {day} is live"


def _describe_items(store: Store, head: Head, delivery_id: str) -> Iterator[str]:
    """Yield a line for each item of a delivery, in the order of its payload."""
    lines: dict[tuple[int, str], str] = {}
    for name, outcome in TABLES.items():
        columns = [*ITEM, *SHOWN[name]] if name in SHOWN else None  # no texts; `rejected` is small, and grew columns
        rows = store.read_tables(head.list_keys(name), columns)
        if name == "rejected":
            rows = select_items(rows)  # not the rows of entities and quotes of an item that is published itself
        for row in rows.filter(pc.equal(rows["delivery_id"], delivery_id)).to_pylist():
            lines[row["item_index"], row["item_id"]] = f"  item {row['item_id']}: {outcome}{_describe_row(name, row)}"
    yield from (line for _, line in sorted(lines.items()))


def _describe_row(table: str, row: dict[str, Any]) -> str:
    if table == "articles":
        return f" as article {row['article_id']} of {row['source']}: {(row['title'] or 'without a title')[:TITLE]}"
    if table == "duplicates":
        return f" of item {row['kept_item_id']} ({row['duplicate_kind']})"
    detail = f": {row['detail']}" if row["detail"] else ""
    return f" at {row['stage']} as {row['reason']}{detail}"
