"""Messages and files as deliveries, deliveries as raw batches. What cannot be read is landed with its problem."""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

import pyarrow as pa

from pipelines import messages
from pipelines.errors import BadStore, LostRace, Missing, Refused
from pipelines.messages import CloudEvent, FileNotice, Unreadable
from pipelines.paths import INBOX, blob_key, landed_key, raw_batch_key
from pipelines.services.queue import LeasedMessage
from pipelines.services.storage import ObjectStream, Store
from pipelines.tables.ids import file_delivery_id, hash_id
from pipelines.tables.raw import RAW

log = logging.getLogger(__name__)

BATCH_DELIVERIES = 500
BATCH_BYTES = 64 << 20  # of payload; building and writing the batch takes some eight times that
ROW_BYTES = 16 << 20  # a larger payload lies beside the batch and is unpacked as a stream
COPY_BYTES = 5 << 30  # what S3 copies in one call

Row = dict[str, object]


def build_message_rows(store: Store, leased: Iterable[LeasedMessage]) -> Iterator[Row]:
    """The deliveries that messages are or tell of: one each, or one a file."""
    for message in leased:
        try:
            read = messages.read_message(message.body)
        except Unreadable as unreadable:
            # Cleaning reads it again and finds the same, perhaps with better code; only the day is decided here.
            bad_day = unreadable.reason == "invalid_dt"
            yield _message_row(message, None, None, unreadable if bad_day else None)
            continue
        if isinstance(read, CloudEvent):
            yield _message_row(message, read.dt, read.time)
            continue
        for index, notice in enumerate(read):
            yield from _notice_rows(store, message, index, notice)


def group_bounded(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows that are held in memory together: one message may name a thousand files of 16 MB."""
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.get("payload") or b"")  # type: ignore[arg-type]
        if len(group) == BATCH_DELIVERIES or size > BATCH_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _message_row(
    message: LeasedMessage, dt: date | None, at: datetime | None = None, problem: Unreadable | None = None
) -> Row:
    """The delivery that a message is. The attribute `dt` goes before the envelope's; one that is wrong is a problem,
    and where there is no other the message counts for the day it was sent."""
    received_at = message.sent_at
    for given in (dt, message.dt):
        try:
            if given is not None:
                received_at = messages.derive_received_at(message.sent_at, _as_date(given), at)
        except Unreadable as unreadable:
            problem = problem or unreadable
    return {
        "delivery_id": message.message_id,
        "received_at": received_at,
        "channel": "queue",
        "media_type": messages.CLOUDEVENTS,
        "problem": problem.reason if problem else None,
        "detail": problem.detail if problem else None,
        **_bytes(message.body.encode("utf-8", "surrogatepass")),
    }


def _notice_rows(store: Store, message: LeasedMessage, index: int, notice: FileNotice) -> list[Row]:
    """The file that a notification names; where it cannot be had, the notification itself with the problem."""
    if notice.bucket != store.bucket or not notice.key.startswith(INBOX):
        problem = Unreadable("not_in_inbox", f"{notice.bucket}/{notice.key}"[:200])
    else:
        try:
            if notice.etag and store.exists(landed_key(file_delivery_id(notice.key, notice.etag))):
                return []
            rows = _file_rows(store, notice.key, notice.etag)
            # A notice without an ETag, of a file that is landed: it may be of another day by now.
            return [row for row in rows if notice.etag or not store.exists(landed_key(str(row["delivery_id"])))]
        except (Missing, Refused, BadStore) as error:  # also a key that no store takes, or a file that nobody may read
            problem = Unreadable("file_missing", str(error)[:200])
        except Replaced:
            problem = Unreadable("file_replaced", notice.key[:200])
    row = _message_row(message, None, None, problem)
    return [row | {"delivery_id": hash_id("notice", message.message_id, index)}]


def build_file_rows(store: Store, key: str) -> list[Row]:
    """The file as it is now; none where it was taken away or replaced since it was listed, or may not be read.

    What stays in the inbox is looked at again by the next pass.
    """
    try:
        return _file_rows(store, key, None)
    except (Missing, Replaced):
        return []
    except (Refused, BadStore) as error:
        log.warning("a file of the inbox cannot be read: %s", error)
        return []


class Replaced(Exception):
    """The file is not the one that was announced any more."""


def _file_rows(store: Store, key: str, etag: str | None) -> list[Row]:
    """The delivery that a file is. Raises Missing, and Replaced where its ETag is another than the one given."""
    opened = store.open(key)
    if etag is not None and etag.strip('"') != opened.etag:
        raise Replaced(key)
    folder, _, rest = key.removeprefix(INBOX).partition("/")
    row: Row = {
        "delivery_id": file_delivery_id(key, opened.etag),
        "received_at": opened.modified_at,
        "channel": "inbox",
        "name": key,
        "media_type": opened.media_type,
        "source": messages.derive_source_name(opened.metadata.get("source"))
        or (messages.derive_source_name(folder) if rest else None),
        "url": opened.metadata.get("url"),
    }
    try:
        row["received_at"] = messages.derive_received_at(opened.modified_at, _as_date(opened.metadata.get("dt")))
    except Unreadable as unreadable:
        row |= {"problem": unreadable.reason, "detail": unreadable.detail}
    if opened.size <= ROW_BYTES:
        return [row | _bytes(opened.stream.read())]
    return [row | _blob(store, key, opened, _day(row["received_at"]))]


def _as_date(dt: date | str | None) -> date | None:
    try:
        return date.fromisoformat(dt) if isinstance(dt, str) else dt
    except ValueError as error:
        raise Unreadable("invalid_dt", f"{dt!r} is no date"[:200]) from error


def _blob(store: Store, key: str, opened: ObjectStream, day: str) -> Row:
    """A payload that is too large for a row: hashed as a stream, then copied within the store."""
    digest = hashlib.sha256()
    while data := opened.stream.read(1 << 20):
        digest.update(data)
    row: Row = {"raw_sha256": digest.hexdigest(), "byte_count": opened.size}
    if opened.size > COPY_BYTES:  # stays in the inbox: nothing is lost, and nothing is copied that nobody can read
        return row | {"problem": "too_large", "detail": f"{opened.size} bytes"}
    blob = blob_key(day, digest.hexdigest())
    try:
        store.copy(key, blob, if_match=opened.etag)
    except LostRace as error:
        raise Replaced(key) from error
    return row | {"blob": blob}


def _bytes(payload: bytes) -> Row:
    return {"payload": payload, "raw_sha256": hashlib.sha256(payload).hexdigest(), "byte_count": len(payload)}


def land_rows(store: Store, rows: Iterable[Row]) -> list[str]:
    """Write rows as raw batches, one object a day and so many bytes; then remember the files. Returns the batches."""
    days: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        days[_day(row["received_at"])].append(row)
    batches = []
    for day, its_rows in sorted(days.items()):
        for group in _row_groups(its_rows):
            batch = hash_id("batch", *(f"{row['delivery_id']} {row['raw_sha256']}" for row in group))
            store.put_table(raw_batch_key(day, batch), pa.Table.from_pylist(group, RAW.schema))
            for row in group:
                if row["channel"] == "inbox":
                    store.put(landed_key(str(row["delivery_id"])), json.dumps({"key": row["name"], "dt": day}).encode())
            batches.append(batch)
    return batches


def _row_groups(rows: list[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    unique = {str(row["delivery_id"]): row for row in rows}
    for _, row in sorted(unique.items()):
        if group and size + int(row["byte_count"]) > BATCH_BYTES:  # type: ignore[call-overload]
            yield group
            group, size = [], 0
        group.append(row)
        size += int(row["byte_count"])  # type: ignore[call-overload]
    if group:
        yield group


def _day(received_at: object) -> str:
    assert isinstance(received_at, datetime)
    return received_at.astimezone(UTC).date().isoformat()
