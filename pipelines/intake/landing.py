"""Turn messages and files into deliveries, and land them in raw batches; unreadable ones with a problem."""

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
BATCH_BYTES = 64 << 20  # of payload; building and writing the batch takes some eight times that in memory
ROW_BYTES = 16 << 20  # a larger payload lies beside the batch and is unpacked as a stream
COPY_BYTES = 5 << 30  # what S3 copies in one call

Row = dict[str, object]  # one row of tables.raw.RAW


def build_message_rows(store: Store, leased: Iterable[LeasedMessage]) -> Iterator[Row]:
    """Yield the deliveries of messages: the message itself, or the files that it announces."""
    for message in leased:
        try:
            content = messages.read_message(message.body)
        except Unreadable as unreadable:
            # Cleaning reads the message again, perhaps with better code; only the day is decided here.
            bad_day = unreadable.reason == "invalid_dt"
            yield _build_message_row(message, None, None, unreadable if bad_day else None)
            continue
        if isinstance(content, CloudEvent):
            yield _build_message_row(message, content.dt, content.time)
            continue
        for index, notice in enumerate(content):
            yield from _build_notice_rows(store, message, index, notice)


def group_bounded(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group rows that are held in memory together: one message may name a thousand files of 16 MB."""
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


def _build_message_row(
    message: LeasedMessage, dt: date | None, at: datetime | None = None, problem: Unreadable | None = None
) -> Row:
    """Build the delivery of a message.

    The attribute `dt` takes precedence over the envelope's. A wrong `dt` is a problem; without any other one the
    message counts for the day on which it was sent.
    """
    received_at = message.sent_at
    for day in (dt, message.dt):
        try:
            if day is not None:
                received_at = messages.derive_received_at(message.sent_at, _parse_date(day), at)
        except Unreadable as unreadable:
            problem = problem or unreadable
    return {
        "delivery_id": message.message_id,
        "received_at": received_at,
        "channel": "queue",
        "media_type": messages.CLOUDEVENTS,
        "problem": problem.reason if problem else None,
        "detail": problem.detail if problem else None,
        **_build_payload(message.body.encode("utf-8", "surrogatepass")),
    }


def _build_notice_rows(store: Store, message: LeasedMessage, index: int, notice: FileNotice) -> list[Row]:
    """Build the delivery of the file that a notification names; of the notification, if the file cannot be read."""
    if notice.bucket != store.bucket or not notice.key.startswith(INBOX):
        problem = Unreadable("not_in_inbox", f"{notice.bucket}/{notice.key}"[:200])
    else:
        try:
            if notice.etag and store.exists(landed_key(file_delivery_id(notice.key, notice.etag))):
                return []
            rows = _read_file_rows(store, notice.key, notice.etag)
            # A notification without an ETag may name a file that is landed; it could count for another day by now.
            return [row for row in rows if notice.etag or not store.exists(landed_key(str(row["delivery_id"])))]
        except (Missing, Refused, BadStore) as error:  # also a key that no store takes, or a file that nobody may read
            problem = Unreadable("file_missing", str(error)[:200])
        except Replaced:
            problem = Unreadable("file_replaced", notice.key[:200])
    row = _build_message_row(message, None, None, problem)
    return [row | {"delivery_id": hash_id("notice", message.message_id, index)}]


def build_file_rows(store: Store, key: str) -> list[Row]:
    """Build the delivery of a file as it is now; none if it is gone, replaced or unreadable since it was listed.

    The next pass looks again at a file that stays in the inbox.
    """
    try:
        return _read_file_rows(store, key, None)
    except (Missing, Replaced):
        return []
    except (Refused, BadStore) as error:
        log.warning("a file in the inbox cannot be read, the next pass tries again: %s", error)
        return []


class Replaced(Exception):
    """The file is no longer the one that was announced."""


def _read_file_rows(store: Store, key: str, etag: str | None) -> list[Row]:
    """Build the delivery of a file. Raises Missing, and Replaced if its ETag is not the given one."""
    file = store.open(key)
    if etag is not None and etag.strip('"') != file.etag:
        raise Replaced(key)
    folder, _, rest = key.removeprefix(INBOX).partition("/")
    row: Row = {
        "delivery_id": file_delivery_id(key, file.etag),
        "received_at": file.modified_at,
        "channel": "inbox",
        "name": key,
        "media_type": file.media_type,
        "source": messages.derive_source_name(file.metadata.get("source"))
        or (messages.derive_source_name(folder) if rest else None),
        "url": file.metadata.get("url"),
    }
    try:
        row["received_at"] = messages.derive_received_at(file.modified_at, _parse_date(file.metadata.get("dt")))
    except Unreadable as unreadable:
        row |= {"problem": unreadable.reason, "detail": unreadable.detail}
    if file.size <= ROW_BYTES:
        return [row | _build_payload(file.stream.read())]
    return [row | _copy_blob(store, key, file, _get_day(row["received_at"]))]


def _parse_date(dt: date | str | None) -> date | None:
    try:
        return date.fromisoformat(dt) if isinstance(dt, str) else dt
    except ValueError as error:
        raise Unreadable("invalid_dt", f"{dt!r} is no date"[:200]) from error


def _copy_blob(store: Store, key: str, file: ObjectStream, day: str) -> Row:
    """Hash a payload that is too large for a row as a stream, then copy it within the store."""
    digest = hashlib.sha256()
    while data := file.stream.read(1 << 20):
        digest.update(data)
    row: Row = {"raw_sha256": digest.hexdigest(), "byte_count": file.size}
    if file.size > COPY_BYTES:  # stays in the inbox: nothing is lost, and nothing is copied that nobody can read
        return row | {"problem": "too_large", "detail": f"{file.size} bytes"}
    blob = blob_key(day, digest.hexdigest())
    try:
        store.copy(key, blob, if_match=file.etag)
    except LostRace as error:
        raise Replaced(key) from error
    return row | {"blob": blob}


def _build_payload(payload: bytes) -> Row:
    return {"payload": payload, "raw_sha256": hashlib.sha256(payload).hexdigest(), "byte_count": len(payload)}


def land_rows(store: Store, rows: Iterable[Row]) -> list[str]:
    """Write rows as raw batches of bounded size, by day; then note the files as landed. Return the batch ids."""
    days: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        days[_get_day(row["received_at"])].append(row)
    batches = []
    for day, day_rows in sorted(days.items()):
        for group in _group_rows(day_rows):
            batch = hash_id("batch", *(f"{row['delivery_id']} {row['raw_sha256']}" for row in group))
            store.put_table(raw_batch_key(day, batch), pa.Table.from_pylist(group, RAW.schema))
            for row in group:
                if row["channel"] == "inbox":
                    store.put(landed_key(str(row["delivery_id"])), json.dumps({"key": row["name"], "dt": day}).encode())
            batches.append(batch)
    return batches


def _group_rows(rows: list[Row]) -> Iterator[list[Row]]:
    """Group the rows of a day into batches, each delivery once, in the order of their ids."""
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


def _get_day(received_at: object) -> str:
    assert isinstance(received_at, datetime)
    return received_at.astimezone(UTC).date().isoformat()
