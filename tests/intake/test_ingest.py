"""Ingest: everything accepted is landed, once, and only then forgotten by the queue."""

import hashlib
import io
import json
import zlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from pipelines.errors import Unavailable
from pipelines.intake import ingest, landing
from pipelines.raw import batches
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.ids import file_delivery_id
from pipelines.tables.raw import RAW
from tests.conftest import now

pytestmark = pytest.mark.services

DAY = date(2026, 3, 2)
STORY = "The harbour board met on Monday and agreed on the plan for the new pier. " * 4


def event(number: int | str, **changed: Any) -> str:
    data = {"url": f"https://paper.example/{number}", "text": f"{number} {STORY}"}
    return json.dumps(
        {
            "specversion": "1.0",
            "id": str(number),
            "source": "https://paper.example",
            "type": "t",
            "data": data,
            **changed,
        }
    )


def s3_notice(store: Store, key: str, etag: str | None = None, bucket: str | None = None) -> dict[str, Any]:
    entity = {"bucket": {"name": bucket or store.bucket}, "object": {"key": quote_plus(key), "eTag": etag}}
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": entity}]}


def sns_notice(store: Store, key: str, etag: str) -> dict[str, Any]:
    return {"Type": "Notification", "Message": json.dumps(s3_notice(store, key, etag))}


def eventbridge_notice(store: Store, key: str, etag: str) -> dict[str, Any]:
    detail = {"bucket": {"name": store.bucket}, "object": {"key": key, "etag": etag}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def drop(store: Store, key: str, data: bytes = STORY.encode(), **metadata: str) -> str:
    """Put a file into the inbox; returns its ETag."""
    store.upload(key, io.BytesIO(data), metadata)
    return store.open(key).etag


def raw(store: Store) -> list[dict[str, Any]]:
    """All rows of raw, with the day they lie under."""
    return [
        {**row, "dt": entry.key.split("/")[1].removeprefix("dt=")}
        for entry in store.list_objects("raw/")
        if "/blobs/" not in entry.key
        for row in store.read_table(entry.key).to_pylist()
    ]


def one_pass(store: Store, queue: Queue, **bounds: int) -> ingest.Pass:
    return ingest.ingest(store, [queue], now, **bounds)


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_message_lands_as_it_came_and_leaves_the_queue(store: Store, queue: Queue) -> None:
    name = queue.send(event(1))
    done = one_pass(store, queue)
    (row,) = raw(store)
    assert (row["delivery_id"], row["payload"], row["channel"]) == (name, event(1).encode(), "queue")
    assert row["raw_sha256"] == hashlib.sha256(event(1).encode()).hexdigest()
    assert (done.messages, done.files, done.is_complete, len(done.batches)) == (1, 0, True, 1)
    assert queue.depth() == (0, 0)


def test_what_lands_keeps_the_row_rules_of_raw(store: Store, queue: Queue) -> None:
    queue.send(event(1))
    queue.send("no message", dt="never")
    drop(store, "inbox/a.txt")
    one_pass(store, queue)
    for entry in store.list_objects("raw/"):
        table = store.read_table(entry.key)
        assert (table.schema, RAW.broken(table)) == (RAW.schema, [None] * table.num_rows)


def test_what_could_not_be_landed_stays_on_the_queue(store: Store, queue: Queue) -> None:
    queue.send(event(1))

    def fail(**_: object) -> None:
        raise Unavailable("the store went away")

    store.client.meta.events.register("before-call.s3.PutObject", fail)
    with pytest.raises(Unavailable):
        one_pass(store, queue)
    assert sum(queue.depth()) == 1
    assert list(store.list_objects("")) == []


def test_a_pass_lands_no_more_messages_than_it_may(store: Store, queue: Queue) -> None:
    for number in range(25):
        queue.send(event(number))
    done = one_pass(store, queue, at_most=12)
    assert (done.messages, done.is_complete) == (12, False)
    assert queue.depth() == (13, 0)
    assert ingest.read_last_pass(store) is None


def test_a_pass_ends_when_its_time_is_over(store: Store, queue: Queue) -> None:
    for number in range(3):
        queue.send(event(number))
    drop(store, "inbox/a.txt")
    done = one_pass(store, queue, seconds=0)
    assert (done.messages, done.files, done.is_complete) == (0, 0, False)
    assert queue.depth() == (3, 0)


def test_a_complete_pass_is_remembered_by_its_beginning(store: Store, queue: Queue) -> None:
    done = one_pass(store, queue)
    assert ingest.read_last_pass(store) == done.started_at


def test_messages_leased_to_another_are_not_counted_as_landed(store: Store, queue: Queue) -> None:
    queue.send(event(1))
    held = queue.lease(10, 60)
    assert not one_pass(store, queue).is_complete
    assert ingest.read_last_pass(store) is None
    queue.extend(held, 0)
    assert one_pass(store, queue).is_complete


def test_a_message_that_is_none_is_landed_too(store: Store, queue: Queue) -> None:
    for body in ("{", "[1]", "\u2028ü"):
        queue.send(body)
    one_pass(store, queue)
    assert sorted(row["payload"].decode() for row in raw(store)) == sorted(["{", "[1]", "\u2028ü"])
    assert {row["problem"] for row in raw(store)} == {None}  # cleaning reads it again, perhaps with better code


def test_the_dead_letter_queue_is_landed_as_well(store: Store, queue: Queue, settings: Settings) -> None:
    queue.client.create_queue(QueueName=queue.name + "-dead")
    dead = Queue(settings, queue.name + "-dead")
    queue.send(event(1))
    dead.send(event(2))
    assert ingest.ingest(store, [queue, dead], now).messages == 2
    assert (queue.depth(), dead.depth()) == ((0, 0), (0, 0))


# --- days -------------------------------------------------------------------------------------------------------


def test_a_message_counts_for_the_day_it_was_sent(store: Store, queue: Queue) -> None:
    queue.send(event(1))
    one_pass(store, queue)
    (row,) = raw(store)
    assert row["dt"] == row["received_at"].date().isoformat()
    assert abs(row["received_at"] - now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("envelope", "attribute", "received_at"),
    [
        ({"dt": "2026-03-02"}, None, datetime(2026, 3, 2, tzinfo=UTC)),
        ({}, "2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ({"dt": "2026-03-01"}, "2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ({"dt": "2026-03-02", "time": "2026-03-02T12:30:00+02:00"}, None, datetime(2026, 3, 2, 10, 30, tzinfo=UTC)),
        ({"dt": "2026-03-02", "time": "2026-03-03T00:00:00Z"}, None, datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_history_counts_for_the_day_it_names(
    store: Store, queue: Queue, envelope: dict[str, str], attribute: str | None, received_at: datetime
) -> None:
    queue.send(event(1, **envelope), dt=attribute)
    one_pass(store, queue)
    (row,) = raw(store)
    assert (row["dt"], row["received_at"], row["problem"]) == ("2026-03-02", received_at, None)


@pytest.mark.parametrize(
    ("envelope", "attribute"),
    [
        ({"dt": "9999-01-01"}, None),
        ({"dt": "1989-12-31"}, None),
        ({"dt": "soon"}, None),
        ({}, "soon"),
        ({}, "9999-01-01"),
    ],
)
def test_a_day_that_is_none_is_a_problem_of_the_day_of_receipt(
    store: Store, queue: Queue, envelope: dict[str, str], attribute: str | None
) -> None:
    queue.send(event(1, **envelope), dt=attribute)
    one_pass(store, queue)
    (row,) = raw(store)
    assert (row["problem"], row["dt"]) == ("invalid_dt", str(now().date()))
    assert row["payload"] == event(1, **envelope).encode()


def test_a_file_counts_for_the_day_its_metadata_names(store: Store, queue: Queue) -> None:
    drop(store, "inbox/paper.example/a.txt", dt="2026-03-02", url="https://paper.example/a")
    drop(store, "inbox/paper.example/b.txt", b"b", dt="2999-01-01", source="Other")
    one_pass(store, queue)
    good, bad = sorted(raw(store), key=lambda row: row["name"])
    assert (good["dt"], good["url"], good["source"], good["problem"]) == (
        str(DAY),
        "https://paper.example/a",
        "paper.example",
        None,
    )
    assert (bad["dt"], bad["source"], bad["problem"]) == (str(now().date()), "other", "invalid_dt")


def test_messages_of_several_days_land_in_a_batch_each(store: Store, queue: Queue) -> None:
    for number, day in enumerate(["2026-03-01", "2026-03-02", "2026-03-02"]):
        queue.send(event(number), dt=day)
    assert len(one_pass(store, queue).batches) == 2
    assert Counter(row["dt"] for row in raw(store)) == {"2026-03-01": 1, "2026-03-02": 2}


# --- files ------------------------------------------------------------------------------------------------------


def test_a_file_lands_once_however_often_and_in_whatever_form_it_is_told_of(store: Store, queue: Queue) -> None:
    key = "inbox/paper.example/1+2 café.txt"
    etag = drop(store, key)
    notices = [s3_notice(store, key, etag), sns_notice(store, key, etag), eventbridge_notice(store, key, etag)]
    for notice in (*notices, s3_notice(store, key)):
        queue.send(json.dumps(notice))
    one_pass(store, queue)
    for notice in notices:
        queue.send(json.dumps(notice))
    one_pass(store, queue)
    (row,) = raw(store)
    assert (row["delivery_id"], row["name"], row["channel"]) == (file_delivery_id(key, etag), key, "inbox")
    assert queue.depth() == (0, 0)


def test_a_file_nobody_told_of_is_found_by_the_sweep(store: Store, queue: Queue) -> None:
    drop(store, "inbox/paper.example/a.txt")
    store.put("inbox/folder/", b"")  # what a console creates
    assert one_pass(store, queue).files == 1
    assert one_pass(store, queue).files == 0
    assert len(raw(store)) == 1


def test_the_same_file_dropped_again_is_known_also_by_a_notice_without_an_etag(store: Store, queue: Queue) -> None:
    for _ in range(2):
        drop(store, "inbox/a.txt")
        queue.send(json.dumps(s3_notice(store, "inbox/a.txt")))
        one_pass(store, queue)
    assert len(raw(store)) == 1


def test_an_overwritten_file_is_a_delivery_of_its_own(store: Store, queue: Queue) -> None:
    drop(store, "inbox/a.txt", b"one")
    one_pass(store, queue)
    drop(store, "inbox/a.txt", b"two")
    one_pass(store, queue)
    assert sorted(row["payload"] for row in raw(store)) == [b"one", b"two"]
    assert len({row["delivery_id"] for row in raw(store)}) == 2


def problem_of(store: Store, queue: Queue, notice: dict[str, Any]) -> tuple[str, bytes]:
    queue.send(json.dumps(notice))
    one_pass(store, queue)
    (row,) = [row for row in raw(store) if row["channel"] == "queue"]
    return row["problem"], row["payload"]


def test_a_file_that_is_not_there_is_a_problem_of_its_notice(store: Store, queue: Queue) -> None:
    notice = s3_notice(store, "inbox/absent.txt")
    assert problem_of(store, queue, notice) == ("file_missing", json.dumps(notice).encode())


def test_a_file_that_was_replaced_before_it_was_read_is_a_problem_and_what_replaced_it_lands(
    store: Store, queue: Queue
) -> None:
    first = drop(store, "inbox/a.txt", b"one")
    drop(store, "inbox/a.txt", b"two")
    assert problem_of(store, queue, s3_notice(store, "inbox/a.txt", first))[0] == "file_replaced"
    assert [row["payload"] for row in raw(store) if row["channel"] == "inbox"] == [b"two"]


@pytest.mark.parametrize(("bucket", "key"), [("elsewhere", "inbox/a.txt"), (None, "other/a.txt"), (None, "inbox")])
def test_what_is_not_in_the_inbox_is_not_fetched(store: Store, queue: Queue, bucket: str | None, key: str) -> None:
    assert problem_of(store, queue, s3_notice(store, key, bucket=bucket))[0] == "not_in_inbox"


def test_one_message_may_tell_of_several_files_with_a_problem_each(store: Store, queue: Queue) -> None:
    notice = s3_notice(store, "inbox/x.txt")
    notice["Records"] += s3_notice(store, "inbox/y.txt")["Records"]
    queue.send(json.dumps(notice))
    one_pass(store, queue)
    assert len({row["delivery_id"] for row in raw(store)}) == 2
    assert sorted(row["detail"][:11] for row in raw(store)) == ["inbox/x.txt", "inbox/y.txt"]


@pytest.mark.parametrize("key", ["inbox/../x", "inbox/\0", "inbox/" + "k" * 2_000, "inbox/%ff%fe", "inbox/./a"])
def test_a_notice_of_a_key_that_no_store_takes_is_landed_with_its_problem_and_stops_nobody(
    store: Store, queue: Queue, key: str
) -> None:
    queue.send(json.dumps(s3_notice(store, key)))
    queue.send(event("beside"))
    drop(store, "inbox/paper.example/a.txt", STORY.encode(), dt=str(DAY))
    assert one_pass(store, queue).is_complete
    assert Counter(row["problem"] for row in raw(store)) == {None: 2, "file_missing": 1}
    assert sum(queue.depth()) == 0


def test_a_payload_above_16_mb_lies_beside_the_batch_and_is_unpacked_from_there(store: Store, queue: Queue) -> None:
    lines = [
        json.dumps({"text": STORY, "url": f"https://paper.example/{n}", "title": "x" * 1_900}) for n in range(8_000)
    ]
    data = "\n".join(lines).encode()
    assert len(data) > landing.ROW_BYTES
    drop(store, "inbox/paper.example/many.jsonl", data[: landing.ROW_BYTES + 1], dt=str(DAY))
    one_pass(store, queue)
    (row,) = raw(store)
    assert (row["payload"], row["byte_count"]) == (None, landing.ROW_BYTES + 1)
    assert row["blob"] == f"raw/dt={DAY}/blobs/{row['raw_sha256']}"
    assert hashlib.sha256(store.get(row["blob"])).hexdigest() == row["raw_sha256"]
    (payload,) = [stream.read() for _, stream in batches.read_payloads(store, str(DAY), batch(store))]
    assert payload == data[: landing.ROW_BYTES + 1]


def batch(store: Store) -> str:
    (key,) = [entry.key for entry in store.list_objects("raw/") if "/blobs/" not in entry.key]
    return key.rpartition("/")[2].removesuffix(".parquet")


def test_files_told_of_in_one_message_are_landed_in_groups_that_fit_into_memory(store: Store, queue: Queue) -> None:
    notice: dict[str, Any] = {"Records": []}
    for number in range(9):
        key = f"inbox/{number}.txt"
        drop(store, key, bytes([number]) * (8 << 20))
        notice["Records"] += s3_notice(store, key)["Records"]
    queue.send(json.dumps(notice))
    done = one_pass(store, queue)
    assert len(done.batches) == 2  # 72 MB, where 64 are held at once
    assert sorted(zlib.crc32(row["payload"]) for row in raw(store)) == sorted(
        zlib.crc32(bytes([number]) * (8 << 20)) for number in range(9)
    )


def test_a_landed_file_leaves_the_inbox_after_a_week_and_stays_known(store: Store, queue: Queue) -> None:
    etag = drop(store, "inbox/a.txt")
    one_pass(store, queue)
    mark = f"landed/{file_delivery_id('inbox/a.txt', etag)}"
    for days, there in ((6, True), (8, False)):

        def clock(days: int = days) -> datetime:
            return now() + timedelta(days=days)

        ingest.ingest(store, [queue], clock)
        assert (store.exists("inbox/a.txt"), store.exists(mark)) == (there, True)
    queue.send(json.dumps(s3_notice(store, "inbox/a.txt", etag)))
    one_pass(store, queue)
    assert len(raw(store)) == 1


def test_a_file_that_never_landed_is_never_taken_away(store: Store, queue: Queue) -> None:
    drop(store, "inbox/a.txt")
    later = now() + timedelta(days=60)
    ingest.ingest(store, [queue], lambda: later)
    assert store.exists("inbox/a.txt")
    assert len(raw(store)) == 1


def test_a_mark_goes_when_no_notice_can_come_any_more(store: Store, queue: Queue) -> None:
    drop(store, "inbox/a.txt")
    one_pass(store, queue)
    ingest.ingest(store, [queue], lambda: now() + timedelta(days=31))
    ingest.ingest(store, [queue], lambda: now() + timedelta(days=31))
    assert list(store.list_objects("landed/")) == []


@pytest.mark.parametrize("key", ["inbox/example.com/a+b.html", "inbox/example.com/50%25.html"])
def test_a_file_is_found_also_where_its_store_did_not_encode_the_key(store: Store, queue: Queue, key: str) -> None:
    etag = drop(store, key)
    notice = s3_notice(store, key, etag)
    notice["Records"][0]["s3"]["object"]["key"] = key
    queue.send(json.dumps(notice))
    one_pass(store, queue)
    assert [(row["name"], row["problem"]) for row in raw(store)] == [(key, None)]
