"""One pass of ingest: lease messages, land them as raw batches, only then delete them; then sweep the inbox.

A crash anywhere loses nothing: a message that was not deleted comes again, and a delivery that was landed twice has the
same id.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pipelines.errors import Missing, Unavailable
from pipelines.intake.landing import (
    BATCH_BYTES,
    BATCH_DELIVERIES,
    COPY_BYTES,
    ROW_BYTES,
    build_file_rows,
    build_message_rows,
    group_bounded,
    is_echo,
    is_service_message,
    land_rows,
)
from pipelines.paths import INBOX, INGEST_STATE, LANDED
from pipelines.services.queue import LeasedMessage, Queue
from pipelines.services.storage import ObjectInfo, Store
from pipelines.tables.ids import file_delivery_id

LEASE_SECONDS = 120
LAST_LOOK_SECONDS = 1
# A pass that only hears of its own record writes none, or it would be woken by each for ever; after this it does.
ECHO_PAUSE = timedelta(minutes=5)
KEEP_FILE = timedelta(days=7)  # how long a landed file stays in the inbox
KEEP_MARK = timedelta(days=30)  # a notification lives 14 days at most; until then its file must be known


@dataclass(frozen=True, slots=True)
class Pass:
    """The result of one pass. `is_complete` says that everything accepted before `started_at` is landed."""

    started_at: datetime
    messages: int
    files: int
    batches: tuple[str, ...]
    is_complete: bool
    service_messages: int = 0  # of the messages, those with which services spoke of themselves


class Progress(NamedTuple):
    """How many messages or files were landed, and whether that was all of them."""

    landed_count: int
    is_complete: bool
    service_count: int = 0
    echo_count: int = 0


def ingest(
    store: Store,
    queues: Sequence[Queue],
    clock: Callable[[], datetime],
    at_most: int = 20_000,
    seconds: int = 600,
) -> Pass:
    """Drain the queues and sweep the inbox, within `at_most` messages and about `seconds`.

    Under steady traffic a queue never runs empty, so a pass is bounded; it then counts as complete if it landed as many
    messages as were waiting when it began. That number is SQS's own estimate, and messages come in no strict order: one
    that a complete pass missed makes its day stale, and the daily run settles it. If a queue fails, the inbox is swept
    all the same; its Unavailable is raised after that.
    """
    started_at = clock()
    deadline = started_at + timedelta(seconds=seconds)
    landed: list[str] = []
    received = service_count = echo_count = 0
    all_drained = True
    failure: Unavailable | None = None
    for queue in queues:
        try:
            drained = _drain(store, queue, clock, deadline, at_most - received, landed)
        except Unavailable as error:
            failure = error
            continue
        received += drained.landed_count
        service_count += drained.service_count
        echo_count += drained.echo_count
        all_drained &= drained.is_complete
    swept = sweep_inbox(store, clock, deadline, landed)
    if failure is not None:
        raise failure
    is_complete = all_drained and swept.is_complete
    is_answering_itself = 0 < received == echo_count and swept.landed_count == 0
    if is_complete and not (is_answering_itself and _was_pass_after(store, started_at - ECHO_PAUSE)):
        store.put(INGEST_STATE, json.dumps({"started_at": started_at.isoformat()}).encode())
    return Pass(started_at, received, swept.landed_count, tuple(landed), is_complete, service_count)


def read_last_pass(store: Store) -> datetime | None:
    """Return when the last complete pass began; None if there was none."""
    try:
        return datetime.fromisoformat(json.loads(store.get(INGEST_STATE))["started_at"])
    except Missing:
        return None


def _was_pass_after(store: Store, moment: datetime) -> bool:
    last = read_last_pass(store)
    return last is not None and last > moment


def sweep_inbox(store: Store, clock: Callable[[], datetime], deadline: datetime, landed: list[str]) -> Progress:
    """Land the files of the inbox that are not landed yet; delete files and notes that are no longer needed.

    The ids of the batches are appended to `landed`.
    """
    marks = {mark.key.removeprefix(LANDED): mark for mark in store.list_objects(LANDED)}
    present: set[str] = set()
    new_files: list[ObjectInfo] = []
    for file in store.list_objects(INBOX):
        if file.key.endswith("/"):  # consoles create such a key to show an empty folder
            continue
        delivery = file_delivery_id(file.key, file.etag)
        present.add(delivery)
        if delivery not in marks:
            new_files.append(file)
        elif file.modified_at < clock() - KEEP_FILE and file.size <= COPY_BYTES:
            store.delete_if_unchanged(file)
    count = 0
    for group in _group_files(new_files):
        if clock() >= deadline:
            return Progress(count, is_complete=False)
        landed += land_rows(store, (row for file in group for row in build_file_rows(store, file.key)))
        count += len(group)
    old = clock() - KEEP_MARK
    store.delete(mark.key for name, mark in marks.items() if name not in present and mark.modified_at < old)
    return Progress(count, is_complete=True)


def _drain(
    store: Store, queue: Queue, clock: Callable[[], datetime], deadline: datetime, at_most: int, landed: list[str]
) -> Progress:
    """Land the messages of one queue, then delete them; the ids of the batches are appended to `landed`."""
    waiting, leased = queue.depth()
    count = service_count = echo_count = 0
    is_empty = False
    while count < at_most and clock() < deadline and not is_empty:
        messages = _lease_batch(queue, min(BATCH_DELIVERIES, at_most - count))
        with _extend_lease(queue, messages):
            for group in group_bounded(build_message_rows(store, messages)):
                landed += land_rows(store, group)
                service_count += sum(map(is_service_message, group))
                echo_count += sum(map(is_echo, group))
            queue.delete(messages)
        count += len(messages)
        is_empty = not messages
    # Messages leased to a pass that died come back later: they are not landed yet.
    return Progress(count, leased == 0 and (is_empty or count >= waiting), service_count, echo_count)


def _lease_batch(queue: Queue, at_most: int) -> list[LeasedMessage]:
    """Lease the messages of one batch: until there are enough, or none come."""
    messages: list[LeasedMessage] = []
    while len(messages) < at_most:
        more = queue.lease(at_most - len(messages), LEASE_SECONDS)
        if not more and not messages:  # only an answer after a wait shows that the queue is empty
            more = queue.lease(at_most, LEASE_SECONDS, LAST_LOOK_SECONDS)
        messages += more
        if not more:
            break
    return messages


@contextmanager
def _extend_lease(queue: Queue, messages: Sequence[LeasedMessage]) -> Iterator[None]:
    """Extend the lease of the messages for as long as the work takes."""
    over = threading.Event()

    def extend() -> None:
        while not over.wait(LEASE_SECONDS / 3):
            try:
                queue.extend(messages, LEASE_SECONDS)
            except Unavailable:  # nothing is lost: the messages come again, and are known by their ids
                continue

    keeper = threading.Thread(target=extend, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _group_files(files: list[ObjectInfo]) -> Iterator[list[ObjectInfo]]:
    """Group files that are read into memory together."""
    group: list[ObjectInfo] = []
    size = 0
    for file in files:
        held = file.size if file.size <= ROW_BYTES else 0
        if group and (len(group) == BATCH_DELIVERIES or size + held > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(file)
        size += held
    if group:
        yield group
