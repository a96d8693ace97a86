"""What services say of themselves is landed and counted, makes no day, and wakes nobody for ever."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.intake import ingest
from pipelines.intake.landing import count_service_messages
from pipelines.releases.days import list_days_with_input
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from tests.conftest import now

pytestmark = pytest.mark.services

DAY = "2026-03-02"
TEST_EVENT = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})
TEXT = "The harbour board met on Monday and agreed on the plan for the new pier. " * 4


def notice(store: Store, *keys: str, event: str = "ObjectCreated:Put") -> str:
    entities = [{"bucket": {"name": store.bucket}, "object": {"key": key}} for key in keys]
    return json.dumps({"Records": [{"eventName": event, "s3": entity} for entity in entities]})


def one_pass(store: Store, queue: Queue) -> ingest.Pass:
    return ingest.ingest(store, [queue], now)


def rows(store: Store, prefix: str) -> list[dict[str, Any]]:
    return [row for entry in store.list_objects(prefix) for row in store.read_table(entry.key).to_pylist()]


def test_a_service_message_is_landed_and_counted_and_makes_no_day(store: Store, queue: Queue) -> None:
    before = list_days_with_input(store)  # the stand-in for S3 still lists folders that are empty
    queue.send(TEST_EVENT, dt=DAY)
    done = one_pass(store, queue)
    assert (done.messages, done.service_messages, done.batches, queue.depth()) == (1, 1, (), (0, 0))
    [row] = rows(store, "service/")
    assert (row["payload"], row["problem"], row["detail"]) == (TEST_EVENT.encode(), "service_message", "s3:TestEvent")
    assert (list_days_with_input(store), count_service_messages(store)) == (before, {DAY: 1})


def test_a_wrong_day_does_not_make_a_service_message_an_article(store: Store, queue: Queue) -> None:
    queue.send(TEST_EVENT, dt="never")
    assert one_pass(store, queue).batches == ()
    assert list(count_service_messages(store).values()) == [1]


@pytest.mark.parametrize(
    ("key", "event"),
    [
        ("raw/dt=2026-03-02/0.parquet", "ObjectCreated:Put"),
        ("tables/articles/dt=2026-03-02/a.parquet", "ObjectCreated:Copy"),
        ("inbox/paper/old.html", "ObjectRemoved:Delete"),
        ("inbox/paper/", "ObjectCreated:Put"),
        ("payloads/0a1b2c3d-0000-4000-8000-00000000000f", "ObjectCreated:Put"),
    ],
)
def test_word_of_our_own_objects_and_of_what_went_is_no_article(
    store: Store, queue: Queue, key: str, event: str
) -> None:
    queue.send(notice(store, key, event=event))
    assert (one_pass(store, queue).batches, len(rows(store, "service/"))) == ((), 1)


def test_a_message_may_announce_a_file_beside_words_of_the_service(store: Store, queue: Queue) -> None:
    store.upload("inbox/paper/a.txt", io.BytesIO(TEXT.encode()), {})
    queue.send(notice(store, "raw/a", "inbox/paper/a.txt", "raw/b"))
    one_pass(store, queue)
    assert [row["name"] for row in rows(store, "raw/")] == ["inbox/paper/a.txt"]
    assert [row["detail"] for row in rows(store, "service/")] == ["own object"]


def test_a_rule_for_the_whole_bucket_does_not_feed_itself(store: Store, queue: Queue) -> None:
    queue.send(json.dumps({"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": {"text": TEXT}}))
    known: dict[str, str] = {}
    passes = 0
    while sum(queue.depth()) and passes < 10:
        one_pass(store, queue)
        passes += 1
        objects = {entry.key: entry.etag for entry in store.list_objects("")}
        for key in objects.keys() - {key for key, etag in known.items() if objects.get(key) == etag}:
            queue.send(notice(store, key))
        known = objects
    assert passes == 3


def test_after_a_while_a_pass_that_hears_only_of_itself_is_recorded_again(store: Store, queue: Queue) -> None:
    first = one_pass(store, queue)
    later = first.started_at + 2 * ingest.ECHO_PAUSE
    for moment, recorded in [(later, later), (later + timedelta(seconds=9), later)]:
        queue.send(notice(store, "state/ingest.json"))
        ingest.ingest(store, [queue], lambda moment=moment: moment)  # type: ignore[misc]
        assert ingest.read_last_pass(store) == recorded


def point(queue: Queue, bucket: str, key: str) -> None:
    queue.send(
        json.dumps(["software.amazon.payloadoffloading.PayloadS3Pointer", {"s3BucketName": bucket, "s3Key": key}])
    )


def test_a_pointer_of_an_extended_client_is_followed_to_its_message(store: Store, queue: Queue) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "s", "type": "t", "dt": DAY, "data": {"text": TEXT}}
    store.put("payloads/1", json.dumps(event).encode())
    point(queue, store.bucket, "payloads/1")
    one_pass(store, queue)
    [row] = rows(store, "raw/")
    assert (row["payload"], row["received_at"]) == (json.dumps(event).encode(), datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("bucket", "key", "problem"),
    [
        (None, "payloads/none", "file_missing"),
        ("elsewhere", "a", "not_in_inbox"),
        *((None, key, "not_in_inbox") for key in ("", "raw/a", "/raw/a", "inbox/../raw/a", "./raw/a")),
    ],
)
def test_a_pointer_that_cannot_be_followed_is_a_problem(
    store: Store, queue: Queue, bucket: str | None, key: str, problem: str
) -> None:
    store.put("raw/a", b"of Copydesk itself")
    point(queue, bucket or store.bucket, key)
    one_pass(store, queue)
    store.delete(["raw/a"])
    assert [row["problem"] for row in rows(store, "raw/")] == [problem]


def test_a_batch_of_events_is_one_delivery_a_day(store: Store, queue: Queue) -> None:
    events = [
        {"specversion": "1.0", "id": f"{number}", "source": "s", "type": "t", "dt": dt, "data": {"text": TEXT}}
        for number, dt in enumerate([DAY, "2026-03-03", DAY, None])
    ]
    queue.send(json.dumps(events[::2]))
    queue.send(json.dumps(events))
    one_pass(store, queue)
    assert sorted(len(json.loads(row["payload"])) for row in rows(store, "raw/")) == [1, 1, 2, 2]


def test_the_attributes_of_an_event_in_binary_mode_are_kept(store: Store, queue: Queue) -> None:
    attributes = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "s", "ce_type": "t", "content-type": "text/html"}
    queue.client.send_message(
        QueueUrl=queue.url,
        MessageBody="<!doctype html><p>a",
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
    )
    one_pass(store, queue)
    assert [json.loads(row["attributes"]) for row in rows(store, "raw/")] == [attributes]
