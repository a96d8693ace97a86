"""One pass of ingest: lease messages, land them as raw batches, only then delete them; then sweep the inbox.

A crash anywhere loses nothing: what was not deleted comes again, what was landed twice has the same delivery id.
"""

import hashlib
import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from pipelines import messages
from pipelines.errors import BadStore, LostRace, Missing, Refused, Unavailable
from pipelines.messages import CloudEvent, FileNotice, Unreadable
from pipelines.queue import Leased, Queue
from pipelines.storage import Entry, Opened, Store
from pipelines.tables.ids import file_delivery_id, hash_id
from pipelines.tables.raw import RAW

log = logging.getLogger(__name__)

INBOX = "inbox/"
LAST_PASS = "state/ingest.json"  # noqa: S105  (a place, not a secret)
BATCH_DELIVERIES = 500
BATCH_BYTES = 64 << 20  # of payload; building and writing the batch takes some eight times that
ROW_BYTES = 16 << 20  # a larger payload lies beside the batch and is unpacked as a stream
COPY_BYTES = 5 << 30  # what S3 copies in one call
LEASE_SECONDS = 120
LAST_LOOK_SECONDS = 1
KEEP_FILE = timedelta(days=7)  # a landed file stays in the inbox that long
KEEP_MARK = timedelta(days=30)  # a notification lives 14 days at most; until then its file must be known

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did. `is_complete` says that everything accepted before `started_at` is landed."""

    started_at: datetime
    messages: int
    files: int
    batches: tuple[str, ...]
    is_complete: bool


def ingest(
    store: Store,
    queues: Sequence[Queue],
    clock: Callable[[], datetime],
    at_most: int = 20_000,
    seconds: int = 600,
) -> Pass:
    """Drain the queues and sweep the inbox, within `at_most` messages and about `seconds`.

    Under steady traffic a queue never runs empty, so a pass is bounded; it then counts as complete if it landed as many
    messages as lay there when it began. That is SQS's own estimate, in no strict order: a message that a complete pass
    missed makes its day stale, and the daily run settles it. A queue that fails does not keep the inbox from being
    swept; its Unavailable is raised after that.
    """
    started_at = clock()
    deadline = started_at + timedelta(seconds=seconds)
    landed: list[str] = []
    received = 0
    all_drained = True
    failure: Unavailable | None = None
    for queue in queues:
        try:
            taken, drained = _drain(store, queue, clock, deadline, at_most - received, landed)
        except Unavailable as error:
            failure = error
            continue
        received += taken
        all_drained &= drained
    files, swept = sweep(store, clock, deadline, landed)
    if failure is not None:
        raise failure
    complete = all_drained and swept
    if complete:
        store.put(LAST_PASS, json.dumps({"started_at": started_at.isoformat()}).encode())
    return Pass(started_at, received, files, tuple(landed), complete)


def last_pass(store: Store) -> datetime | None:
    """When the last complete pass began; None where there was none."""
    try:
        return datetime.fromisoformat(json.loads(store.get(LAST_PASS))["started_at"])
    except Missing:
        return None


def sweep(store: Store, clock: Callable[[], datetime], deadline: datetime, landed: list[str]) -> tuple[int, bool]:
    """Land the files of the inbox that are not landed yet: (how many, whether all). Tidies what is long landed."""
    marks = {mark.key.removeprefix("landed/"): mark for mark in store.entries("landed/")}
    present: set[str] = set()
    fresh: list[Entry] = []
    for entry in store.entries(INBOX):
        if entry.key.endswith("/"):  # what consoles create to show an empty folder
            continue
        delivery = file_delivery_id(entry.key, entry.etag)
        present.add(delivery)
        if delivery not in marks:
            fresh.append(entry)
        elif entry.modified_at < clock() - KEEP_FILE and entry.size <= COPY_BYTES:
            store.delete_this(entry)
    done = 0
    for group in _file_groups(fresh):
        if clock() >= deadline:
            return done, False
        landed += _land(store, (row for entry in group for row in _swept_rows(store, entry.key)))
        done += len(group)
    old = clock() - KEEP_MARK
    store.delete(mark.key for name, mark in marks.items() if name not in present and mark.modified_at < old)
    return done, True


def _drain(
    store: Store, queue: Queue, clock: Callable[[], datetime], deadline: datetime, at_most: int, landed: list[str]
) -> tuple[int, bool]:
    """Land and delete what lies on one queue: (how many messages, whether that was all of it)."""
    waiting, leased = queue.depth()
    taken = 0
    emptied = False
    while taken < at_most and clock() < deadline and not emptied:
        found = _lease(queue, min(BATCH_DELIVERIES, at_most - taken))
        with _kept(queue, found):
            for group in _bounded(_message_rows(store, found)):
                landed += _land(store, group)
            queue.delete(found)
        taken += len(found)
        emptied = not found
    # Messages leased to a pass that died come back later: what they hold is not landed yet.
    return taken, leased == 0 and (emptied or taken >= waiting)


def _lease(queue: Queue, at_most: int) -> list[Leased]:
    """One batch's worth of messages: lease until there are enough, or none come."""
    found: list[Leased] = []
    while len(found) < at_most:
        more = queue.lease(at_most - len(found), LEASE_SECONDS)
        if not more and not found:  # only an answer that was waited for says that the queue is empty
            more = queue.lease(at_most, LEASE_SECONDS, LAST_LOOK_SECONDS)
        found += more
        if not more:
            break
    return found


@contextmanager
def _kept(queue: Queue, leased: Sequence[Leased]) -> Iterator[None]:
    """Extend the lease for as long as the work takes."""
    over = threading.Event()

    def extend() -> None:
        while not over.wait(LEASE_SECONDS / 3):
            try:
                queue.extend(leased, LEASE_SECONDS)
            except Unavailable:  # not extended is not lost: the messages come again and are known by their ids
                continue

    keeper = threading.Thread(target=extend, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _message_rows(store: Store, leased: Iterable[Leased]) -> Iterator[Row]:
    """The deliveries that messages are or tell of: one each, or one a file."""
    for message in leased:
        try:
            read = messages.read(message.body)
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


def _bounded(rows: Iterable[Row]) -> Iterator[list[Row]]:
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
    message: Leased, dt: date | None, at: datetime | None = None, problem: Unreadable | None = None
) -> Row:
    """The delivery that a message is. The attribute `dt` goes before the envelope's; one that is wrong is a problem,
    and where there is no other the message counts for the day it was sent."""
    received_at = message.sent_at
    for given in (dt, message.dt):
        try:
            if given is not None:
                received_at = messages.received(message.sent_at, _as_date(given), at)
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


def _notice_rows(store: Store, message: Leased, index: int, notice: FileNotice) -> list[Row]:
    """The file that a notification names; where it cannot be had, the notification itself with the problem."""
    if notice.bucket != store.bucket or not notice.key.startswith(INBOX):
        problem = Unreadable("not_in_inbox", f"{notice.bucket}/{notice.key}"[:200])
    else:
        try:
            if notice.etag and store.exists(_mark(file_delivery_id(notice.key, notice.etag))):
                return []
            rows = _file_rows(store, notice.key, notice.etag)
            # A notice without an ETag, of a file that is landed: it may be of another day by now.
            return [row for row in rows if notice.etag or not store.exists(_mark(str(row["delivery_id"])))]
        except (Missing, Refused, BadStore) as error:  # also a key that no store takes, or a file that nobody may read
            problem = Unreadable("file_missing", str(error)[:200])
        except Replaced:
            problem = Unreadable("file_replaced", notice.key[:200])
    row = _message_row(message, None, None, problem)
    return [row | {"delivery_id": hash_id("notice", message.message_id, index)}]


def _swept_rows(store: Store, key: str) -> list[Row]:
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
        "source": messages.source_name(opened.metadata.get("source"))
        or (messages.source_name(folder) if rest else None),
        "url": opened.metadata.get("url"),
    }
    try:
        row["received_at"] = messages.received(opened.modified_at, _as_date(opened.metadata.get("dt")))
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


def _blob(store: Store, key: str, opened: Opened, day: str) -> Row:
    """A payload that is too large for a row: hashed as a stream, then copied within the store."""
    digest = hashlib.sha256()
    while data := opened.stream.read(1 << 20):
        digest.update(data)
    row: Row = {"raw_sha256": digest.hexdigest(), "byte_count": opened.size}
    if opened.size > COPY_BYTES:  # stays in the inbox: nothing is lost, and nothing is copied that nobody can read
        return row | {"problem": "too_large", "detail": f"{opened.size} bytes"}
    blob = f"raw/dt={day}/blobs/{digest.hexdigest()}"
    try:
        store.copy(key, blob, if_match=opened.etag)
    except LostRace as error:
        raise Replaced(key) from error
    return row | {"blob": blob}


def _bytes(payload: bytes) -> Row:
    return {"payload": payload, "raw_sha256": hashlib.sha256(payload).hexdigest(), "byte_count": len(payload)}


def _land(store: Store, rows: Iterable[Row]) -> list[str]:
    """Write rows as raw batches, one object a day and so many bytes; then remember the files. Returns the batches."""
    days: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        days[_day(row["received_at"])].append(row)
    batches = []
    for day, its_rows in sorted(days.items()):
        for group in _row_groups(its_rows):
            batch = hash_id("batch", *(f"{row['delivery_id']} {row['raw_sha256']}" for row in group))
            store.put_table(f"raw/dt={day}/{batch}.parquet", pa.Table.from_pylist(group, RAW.schema))
            for row in group:
                if row["channel"] == "inbox":
                    store.put(_mark(str(row["delivery_id"])), json.dumps({"key": row["name"], "dt": day}).encode())
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


def _file_groups(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Files that are read into memory together."""
    group: list[Entry] = []
    size = 0
    for entry in entries:
        held = entry.size if entry.size <= ROW_BYTES else 0
        if group and (len(group) == BATCH_DELIVERIES or size + held > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(entry)
        size += held
    if group:
        yield group


def _mark(delivery_id: str) -> str:
    return f"landed/{delivery_id}"


def _day(received_at: object) -> str:
    assert isinstance(received_at, datetime)
    return received_at.astimezone(UTC).date().isoformat()
