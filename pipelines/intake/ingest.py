"""One pass of ingest: lease messages, land them as raw batches, only then delete them; then sweep the inbox.

A crash anywhere loses nothing: what was not deleted comes again, what was landed twice has the same delivery id.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.errors import Missing, Unavailable
from pipelines.intake.landing import (
    BATCH_BYTES,
    BATCH_DELIVERIES,
    COPY_BYTES,
    ROW_BYTES,
    build_file_rows,
    build_message_rows,
    group_bounded,
    land_rows,
)
from pipelines.paths import INBOX, INGEST_STATE, LANDED
from pipelines.services.queue import LeasedMessage, Queue
from pipelines.services.storage import ObjectInfo, Store
from pipelines.tables.ids import file_delivery_id

LEASE_SECONDS = 120
LAST_LOOK_SECONDS = 1
KEEP_FILE = timedelta(days=7)  # a landed file stays in the inbox that long
KEEP_MARK = timedelta(days=30)  # a notification lives 14 days at most; until then its file must be known


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
    files, swept = sweep_inbox(store, clock, deadline, landed)
    if failure is not None:
        raise failure
    complete = all_drained and swept
    if complete:
        store.put(INGEST_STATE, json.dumps({"started_at": started_at.isoformat()}).encode())
    return Pass(started_at, received, files, tuple(landed), complete)


def read_last_pass(store: Store) -> datetime | None:
    """When the last complete pass began; None where there was none."""
    try:
        return datetime.fromisoformat(json.loads(store.get(INGEST_STATE))["started_at"])
    except Missing:
        return None


def sweep_inbox(store: Store, clock: Callable[[], datetime], deadline: datetime, landed: list[str]) -> tuple[int, bool]:
    """Land the files of the inbox that are not landed yet: (how many, whether all). Tidies what is long landed."""
    marks = {mark.key.removeprefix(LANDED): mark for mark in store.list_objects(LANDED)}
    present: set[str] = set()
    fresh: list[ObjectInfo] = []
    for entry in store.list_objects(INBOX):
        if entry.key.endswith("/"):  # what consoles create to show an empty folder
            continue
        delivery = file_delivery_id(entry.key, entry.etag)
        present.add(delivery)
        if delivery not in marks:
            fresh.append(entry)
        elif entry.modified_at < clock() - KEEP_FILE and entry.size <= COPY_BYTES:
            store.delete_if_unchanged(entry)
    done = 0
    for group in _file_groups(fresh):
        if clock() >= deadline:
            return done, False
        landed += land_rows(store, (row for entry in group for row in build_file_rows(store, entry.key)))
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
            for group in group_bounded(build_message_rows(store, found)):
                landed += land_rows(store, group)
            queue.delete(found)
        taken += len(found)
        emptied = not found
    # Messages leased to a pass that died come back later: what they hold is not landed yet.
    return taken, leased == 0 and (emptied or taken >= waiting)


def _lease(queue: Queue, at_most: int) -> list[LeasedMessage]:
    """One batch's worth of messages: lease until there are enough, or none come."""
    found: list[LeasedMessage] = []
    while len(found) < at_most:
        more = queue.lease(at_most - len(found), LEASE_SECONDS)
        if not more and not found:  # only an answer that was waited for says that the queue is empty
            more = queue.lease(at_most, LEASE_SECONDS, LAST_LOOK_SECONDS)
        found += more
        if not more:
            break
    return found


@contextmanager
def _kept(queue: Queue, leased: Sequence[LeasedMessage]) -> Iterator[None]:
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


def _file_groups(entries: list[ObjectInfo]) -> Iterator[list[ObjectInfo]]:
    """Files that are read into memory together."""
    group: list[ObjectInfo] = []
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
