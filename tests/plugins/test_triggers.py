"""The trigger that wakes ingest, at a real queue."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from airflow.sdk.module_loading import import_string  # type: ignore[attr-defined]
from copydesk_airflow.assets import WAITING
from copydesk_airflow.triggers import LONGEST_PAUSE, QueueDepthTrigger

from pipelines.services.queue import Queue

pytestmark = pytest.mark.services

EVERY = 0.1


def events(seconds: float, enough: int = 1000, during: Callable[[], object] | None = None) -> list[dict[str, int]]:
    """What the trigger sends within `seconds`, or until it is `enough`; `during` is done after one second."""

    async def collect() -> list[dict[str, int]]:
        found: list[dict[str, int]] = []
        if during is not None:
            asyncio.get_running_loop().call_later(1, during)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for event in QueueDepthTrigger(EVERY).run():
                    found.append(event.payload)
                    if len(found) == enough:
                        break
        return found

    return asyncio.run(collect())


def pauses(caplog: pytest.LogCaptureFixture) -> list[float]:
    return [record.args[0] for record in caplog.records if record.name == "copydesk_airflow.triggers"]  # type: ignore[index,misc]


@pytest.fixture(autouse=True)
def told(env: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.WARNING, "copydesk_airflow.triggers")


def test_it_sends_an_event_at_each_look_while_messages_wait(queue: Queue) -> None:
    queue.send("one")
    queue.send("two")
    assert events(20, enough=3) == [{"waiting": 2}] * 3


def test_it_sends_nothing_while_the_queue_is_empty(queue: Queue) -> None:
    assert events(1) == []


def test_it_sees_a_message_that_comes_later(queue: Queue) -> None:
    assert events(20, enough=1, during=lambda: queue.send("late")) == [{"waiting": 1}]


def test_it_only_looks_and_takes_no_message(queue: Queue) -> None:
    queue.send("one")
    assert len(events(20, enough=5)) == 5
    assert queue.depth() == (1, 0)
    received = queue.client.receive_message(QueueUrl=queue.url, MessageSystemAttributeNames=["All"])["Messages"]
    assert [message["Attributes"]["ApproximateReceiveCount"] for message in received] == ["1"]


def test_it_waits_longer_and_longer_for_a_queue_that_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COPYDESK_QUEUE", "nowhere")
    assert events(2) == []
    assert pauses(caplog)[:3] == [2 * EVERY, 4 * EVERY, 8 * EVERY]
    assert "queue nowhere does not exist" in caplog.text


def test_it_recovers_when_the_queue_comes_to_be(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    later = f"{queue.name}-later"
    monkeypatch.setenv("COPYDESK_QUEUE", later)

    def create() -> None:
        url = queue.client.create_queue(QueueName=later)["QueueUrl"]
        queue.client.send_message(QueueUrl=url, MessageBody="first")

    assert events(20, enough=1, during=create) == [{"waiting": 1}]


def test_it_survives_that_the_queue_is_deleted_and_looks_at_its_pace_again_when_it_is_back(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.client.delete_queue(QueueUrl=queue.url)

    def again() -> None:
        queue.client.create_queue(QueueName=queue.name)
        queue.send("first")

    # At the pause that it had come to, eight looks would take longer.
    assert len(events(5, enough=8, during=again)) == 8
    assert max(pauses(caplog)) >= 4 * EVERY


@pytest.fixture
def refusing() -> Iterator[str]:
    """A server that refuses whatever it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_error(403)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_queue_that_refuses_ends_nothing(
    refusing: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COPYDESK_SQS_ENDPOINT", refusing)
    assert events(1) == []
    assert len(pauses(caplog)) >= 2


def test_the_pause_has_an_end(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("COPYDESK_QUEUE", "nowhere")

    async def look_once() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await anext(aiter(QueueDepthTrigger(LONGEST_PAUSE).run()))

    asyncio.run(look_once())
    assert pauses(caplog) == [LONGEST_PAUSE]


def test_airflow_can_make_it_again_from_what_it_wrote_down() -> None:
    path, kwargs = QueueDepthTrigger(7.5).serialize()
    again = import_string(path)(**kwargs)
    assert isinstance(again, QueueDepthTrigger)
    assert again.serialize() == (path, {"every": 7.5})


def test_the_asset_that_ingest_waits_for_watches_with_it() -> None:
    assert [type(watcher.trigger) for watcher in WAITING.watchers] == [QueueDepthTrigger]
