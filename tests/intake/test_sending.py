"""Handing in: what fits goes onto the queue, everything else through the inbox, and arrives as it was."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines import messages
from pipelines.errors import BadInput
from pipelines.intake import ingest, sending
from pipelines.messages import CloudEvent
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from tests.conftest import now

pytestmark = pytest.mark.services

PAST = date(2026, 3, 2)
STORY = "The harbour board met on Monday and agreed on the plan for the new pier. " * 4


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def sent(store: Store, queue: Queue, path: Path, **told: Any) -> sending.Sent:
    return sending.send_file(store, queue, path, told.get("source"), told.get("url"), told.get("dt"))


def on_the_queue(queue: Queue) -> CloudEvent:
    (message,) = queue.lease(10, 60)
    read = messages.read_message(message.body)
    assert isinstance(read, CloudEvent)
    return read


def landed(store: Store, queue: Queue) -> list[dict[str, Any]]:
    ingest.ingest(store, [queue], now)
    keys = [entry.key for entry in store.list_objects("raw/") if "/blobs/" not in entry.key]
    return [row for key in keys for row in store.read_table(key).to_pylist()]


def test_a_page_goes_onto_the_queue_byte_for_byte(store: Store, queue: Queue, tmp_path: Path) -> None:
    page = "<p>Дождь в Карелии</p>".encode("cp1251")
    done = sent(store, queue, file(tmp_path, "a.html", page), source="Paper", url="https://paper.example/1", dt=PAST)
    event = on_the_queue(queue)
    assert done.where == "queue"
    assert (event.data.body, event.publisher, event.data.url, event.dt) == (
        page,
        "paper",
        "https://paper.example/1",
        PAST,
    )


def test_a_text_goes_onto_the_queue_as_text(store: Store, queue: Queue, tmp_path: Path) -> None:
    sent(store, queue, file(tmp_path, "a.txt", "Füße".encode()), source="paper")
    assert on_the_queue(queue).data.text == "Füße"


def test_a_text_in_another_encoding_goes_through_the_inbox(store: Store, queue: Queue, tmp_path: Path) -> None:
    done = sent(store, queue, file(tmp_path, "a.txt", "Füße".encode("latin-1")), source="paper")
    assert (done.where, [row["payload"] for row in landed(store, queue)]) == ("inbox", ["Füße".encode("latin-1")])


def test_a_file_that_is_a_message_is_sent_as_it_is(store: Store, queue: Queue, tmp_path: Path) -> None:
    envelope = {"specversion": "1.0", "id": "7", "source": "p", "type": "t", "data": {"text": STORY}}
    assert sent(store, queue, file(tmp_path, "a.json", json.dumps(envelope).encode())).where == "queue"
    assert on_the_queue(queue).id == "7"


def test_a_file_too_large_for_the_queue_goes_through_the_inbox_with_what_is_told_of_it(
    store: Store, queue: Queue, tmp_path: Path
) -> None:
    page = b"<p>" + STORY.encode() * 1_000
    told = {"source": "Paper", "url": "https://paper.example/über uns", "dt": PAST}
    done = sent(store, queue, file(tmp_path, "große seite.html", page), **told)
    (row,) = landed(store, queue)
    assert (done.where, row["name"], row["payload"], row["source"]) == ("inbox", done.name, page, "paper")
    assert row["url"] == "https://paper.example/%C3%BCber%20uns"
    assert str(row["received_at"].date()) == str(PAST)
    assert queue.depth() == (0, 0)


@pytest.mark.parametrize("name", ["a.jsonl", "a.warc.gz", "a.xml", "a"])
def test_a_collection_goes_through_the_inbox_under_its_source(
    store: Store, queue: Queue, tmp_path: Path, name: str
) -> None:
    done = sent(store, queue, file(tmp_path, name, b"some"), source="paper")
    assert (done.where, done.name.split("/")[:2]) == ("inbox", ["inbox", "paper"])


def test_without_a_queue_everything_goes_through_the_inbox(store: Store, tmp_path: Path) -> None:
    path = file(tmp_path, "a.html", b"<p>a")
    assert sending.send_file(store, None, path, None, None, None).name.startswith("inbox/unknown/")


def test_the_same_file_sent_again_is_known(store: Store, queue: Queue, tmp_path: Path) -> None:
    for _ in range(2):
        sent(store, queue, file(tmp_path, "a.jsonl", b'{"text": "a"}'), source="paper")
    assert len(landed(store, queue)) == 1


def test_the_same_page_sent_again_is_the_same_event(store: Store, queue: Queue, tmp_path: Path) -> None:
    for _ in range(2):
        sent(store, queue, file(tmp_path, "a.html", b"<p>a"), source="paper")
    events = [messages.read_message(message.body) for message in queue.lease(10, 60)]
    assert len(events) == 2
    assert len({(event.source, event.id) for event in events if isinstance(event, CloudEvent)}) == 1


@pytest.mark.parametrize("value", ["https://a.example/x?y=1&z=%20", "über uns", "a\nb", "\U0001f600"])
def test_metadata_is_printable_ascii(value: str) -> None:
    assert sending.ascii_metadata(value).isascii()
    assert sending.ascii_metadata(value).isprintable()


def test_one_page_at_two_addresses_is_two_events(store: Store, queue: Queue, tmp_path: Path) -> None:
    page = file(tmp_path, "a.txt", b"One text at two addresses.")
    for url in ("https://paper.example/a", "https://paper.example/b"):
        sent(store, queue, page, url=url)
    ingest.ingest(store, [queue], now)
    assert len({row["payload"] for row in landed(store, queue)}) == 2


def test_a_message_says_itself_where_it_is_from(store: Store, queue: Queue, tmp_path: Path) -> None:
    envelope = {"specversion": "1.0", "id": "1", "source": "x", "type": "t", "data": {"text": "A text."}}
    with pytest.raises(BadInput, match="is a message that names its own source"):
        sent(store, queue, file(tmp_path, "a.json", json.dumps(envelope).encode()), source="y")


@pytest.mark.parametrize(
    ("day", "named"),
    [(date(2026, 3, 1), date(2026, 3, 1)), (date(2026, 3, 2), None), (date(1990, 1, 1), date(1990, 1, 1))],
)
def test_a_file_of_today_names_no_day(day: date, named: date | None) -> None:
    assert sending.find_past_day(day, date(2026, 3, 2)) == named


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(1989, 12, 31)])
def test_a_file_of_no_day_for_articles_is_not_sent(day: date) -> None:
    with pytest.raises(BadInput, match="today, 2026-03-02"):
        sending.find_past_day(day, date(2026, 3, 2))
