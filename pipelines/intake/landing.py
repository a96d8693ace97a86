"""Turn messages and files into deliveries, and land them in raw batches; unreadable ones with a problem."""

import hashlib
import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header

import pyarrow as pa

from pipelines import messages
from pipelines.errors import BadStore, LostRace, Missing, Refused
from pipelines.messages import CloudEvent, EventBatch, FileNotice, Pointer, ServiceNote, Unreadable
from pipelines.paths import (
    INBOX,
    INGEST_STATE,
    OWN_PREFIXES,
    SERVICE,
    blob_key,
    landed_key,
    raw_batch_key,
    service_batch_key,
)
from pipelines.services.queue import LeasedMessage
from pipelines.services.storage import ObjectStream, Store
from pipelines.tables.ids import file_delivery_id, hash_id
from pipelines.tables.raw import RAW
from pipelines.text.display import sanitize_for_display

log = logging.getLogger(__name__)

BATCH_DELIVERIES = 500
BATCH_BYTES = 64 << 20  # of payload; building and writing the batch takes some eight times that in memory
ROW_BYTES = 16 << 20  # a larger payload lies beside the batch and is unpacked as a stream
COPY_BYTES = 5 << 30  # what S3 copies in one call

SERVICE_MESSAGE = "service_message"  # the `problem` of what a service says of itself
ECHO = "own record"  # its `detail` where it tells only of objects that ingest itself writes at each pass
SERVICE_BATCH = re.compile(rf"{SERVICE}dt=(?P<dt>[^/]+)/[0-9a-f]+-(?P<count>[0-9]+)\.parquet")
UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)  # how extended clients name a payload

Row = dict[str, object]  # one row of tables.raw.RAW


def build_message_rows(store: Store, leased: Iterable[LeasedMessage]) -> Iterator[Row]:
    """Yield the deliveries of messages: the message itself, the files that it announces, or what a service said."""
    for message in leased:
        yield from _build_rows(store, message, message.body.encode("utf-8", "surrogatepass"))


def _build_rows(store: Store, message: LeasedMessage, body: bytes, is_pointed_to: bool = False) -> Iterator[Row]:
    try:
        content = messages.read_message(body, message.attributes)
    except Unreadable as unreadable:
        # Cleaning reads the message again, perhaps with better code; only the day is decided here.
        bad_day = unreadable.reason == "invalid_dt"
        yield _build_message_row(message, body, problem=unreadable if bad_day else None)
        return
    match content:
        case CloudEvent():
            yield _build_message_row(message, body, content.dt, content.time)
        case EventBatch():
            yield from _build_batch_rows(message, body, content)
        case Pointer():
            yield from _build_pointer_rows(store, message, body, content, is_pointed_to)
        case _:
            yield from _build_notices_rows(store, message, body, content)


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
    message: LeasedMessage,
    body: bytes,
    dt: date | str | None = None,
    at: datetime | None = None,
    problem: Unreadable | None = None,
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
    is_envelope = bool(message.attributes) and messages.is_binary_mode(message.attributes)
    return {
        "delivery_id": message.message_id,
        "received_at": received_at,
        "channel": "queue",
        "media_type": messages.CLOUDEVENTS,
        "attributes": json.dumps(message.attributes, sort_keys=True) if is_envelope else None,
        "problem": problem.reason if problem else None,
        "detail": problem.detail if problem else None,
        **_build_payload(body),
    }


def _build_batch_rows(message: LeasedMessage, body: bytes, batch: EventBatch) -> Iterator[Row]:
    """Build the delivery of a batch of events; one for each day where its events name several."""
    by_day: dict[str | None, list[object]] = defaultdict(list)
    for event in batch.events:
        named = event.get("dt") if isinstance(event, dict) else None
        by_day[None if named in (None, "") else str(named)].append(event)
    if message.dt is not None or len(by_day) == 1:
        yield _build_message_row(message, body, next(iter(by_day)) if message.dt is None else None)
        return
    for day, events in by_day.items():
        part = json.dumps(events, ensure_ascii=False).encode("utf-8", "surrogatepass")
        row = _build_message_row(message, part, day)
        yield row | {"delivery_id": hash_id("batch_of_day", message.message_id, day)}


def _build_pointer_rows(
    store: Store, message: LeasedMessage, body: bytes, pointer: Pointer, is_pointed_to: bool
) -> Iterator[Row]:
    """Build the deliveries of a message that an extended client put into the bucket, as if it had come by itself."""
    try:
        if is_pointed_to:
            raise Unreadable("not_a_message", "a pointer to a pointer")
        # Some stores take a key with a slash before it, or with dots in it, for that of another object.
        is_plain = pointer.key[:1] not in ("", "/") and {".", ".."}.isdisjoint(pointer.key.split("/"))
        if pointer.bucket != store.bucket or pointer.key.startswith(OWN_PREFIXES) or not is_plain:
            raise Unreadable("not_in_inbox", f"{pointer.bucket}/{pointer.key}"[:200])
        file = store.open(pointer.key)
        if file.size > ROW_BYTES:  # only its attribute `dt` is read
            row = _build_message_row(message, b"")
            yield row | {"payload": None} | _copy_blob(store, pointer.key, file, _get_day(row["received_at"]))
            return
        pointed_to = file.stream.read()
    except Unreadable as unreadable:
        yield _build_message_row(message, body, problem=unreadable)
    except (Missing, Refused, BadStore) as error:
        yield _build_message_row(message, body, problem=Unreadable("file_missing", str(error)[:200]))
    except Replaced:
        yield _build_message_row(message, body, problem=Unreadable("file_replaced", pointer.key[:200]))
    else:
        yield from _build_rows(store, message, pointed_to, is_pointed_to=True)


def _build_notices_rows(
    store: Store, message: LeasedMessage, body: bytes, notices: Iterable[FileNotice | ServiceNote]
) -> Iterator[Row]:
    """Build the deliveries of the files that a message announces, and one of all that a service says in it."""
    kinds: set[str] = set()
    for index, notice in enumerate(notices):
        kind = notice.kind if isinstance(notice, ServiceNote) else _find_kind(store, notice)
        if kind is not None:
            kinds.add(kind)
        elif isinstance(notice, FileNotice):
            yield from _build_notice_rows(store, message, body, index, notice)
    if kinds:
        detail = ", ".join(sorted(kinds - {ECHO}) or [ECHO])[:200]
        row = _build_message_row(message, body)  # a wrong day is none: it counts for the day on which it was sent
        yield row | {
            "delivery_id": hash_id("service", message.message_id),
            "problem": SERVICE_MESSAGE,
            "detail": detail,
        }


def _find_kind(store: Store, notice: FileNotice) -> str | None:
    """Return what a notice tells of, if that is no file that somebody sent: then it is a word of the service."""
    if notice.bucket != store.bucket:
        return None
    # A bucket-wide rule tells of our own objects too. To land word of these would make the next such word.
    if notice.key.startswith(SERVICE) or notice.key == INGEST_STATE:
        return ECHO
    if notice.key.startswith(OWN_PREFIXES):
        return "own object"
    is_pointed_to = not notice.key.startswith(INBOX) and UUID.fullmatch(notice.key.rpartition("/")[2])
    return "payload of a message" if is_pointed_to else None


def _build_notice_rows(store: Store, message: LeasedMessage, body: bytes, index: int, notice: FileNotice) -> list[Row]:
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
            sent = notice.sent_key or ""
            if sent.startswith(INBOX):  # some stores send a key as it is, with a plus or a percent sign of its own
                plain = replace(notice, key=sent, sent_key=None)
                return _build_notice_rows(store, message, body, index, plain)
            problem = Unreadable("file_missing", str(error)[:200])
        except Replaced:
            problem = Unreadable("file_replaced", notice.key[:200])
    row = _build_message_row(message, body, problem=problem)
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
        log.warning("a file in the inbox cannot be read, the next pass tries again: %s", sanitize_for_display(error))
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
        "source": messages.derive_source_name(_decode_words(file.metadata.get("source", "")))
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


def _decode_words(value: str) -> str:
    """Decode metadata beyond ASCII, which S3 gives back as mail headers are encoded (RFC 2047)."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, HeaderParseError):
        return value


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
    """Write rows as raw batches of bounded size, by day; then note the files as landed. Return the batch ids.

    Service messages are batches of their own, outside raw: no day is made from them.
    """
    days: dict[str, list[Row]] = defaultdict(list)
    service: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not is_service_message(row):
            days[_get_day(row["received_at"])].append(row)
        elif not is_echo(row):
            service[_get_day(row["received_at"])].append(row)
    for day, day_rows in sorted(service.items()):
        for group in _group_rows(day_rows):
            key = service_batch_key(day, _derive_batch_id(group), len(group))
            store.put_table(key, pa.Table.from_pylist(group, RAW.schema))
    batches = []
    for day, day_rows in sorted(days.items()):
        for group in _group_rows(day_rows):
            batch = _derive_batch_id(group)
            store.put_table(raw_batch_key(day, batch), pa.Table.from_pylist(group, RAW.schema))
            for row in group:
                if row["channel"] == "inbox":
                    store.put(landed_key(str(row["delivery_id"])), json.dumps({"key": row["name"], "dt": day}).encode())
            batches.append(batch)
    return batches


def count_service_messages(store: Store) -> dict[str, int]:
    """Count the landed messages by day with which services spoke of themselves; the names of the batches tell."""
    counts: dict[str, int] = defaultdict(int)
    for batch in store.list_objects(SERVICE):
        if name := SERVICE_BATCH.fullmatch(batch.key):
            counts[name["dt"]] += int(name["count"])
    return dict(counts)


def is_service_message(row: Row) -> bool:
    """Tell whether a row is what a service says of itself."""
    return row.get("problem") == SERVICE_MESSAGE


def is_echo(row: Row) -> bool:
    """Tell whether a row is word of nothing but our own records of such words."""
    return is_service_message(row) and row.get("detail") == ECHO


def _derive_batch_id(group: Iterable[Row]) -> str:
    return hash_id("batch", *(f"{row['delivery_id']} {row['raw_sha256']}" for row in group))


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
