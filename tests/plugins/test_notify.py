"""Who is told of a failed or late day: the log always, and the address in COPYDESK_NOTIFY."""

import logging
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from copydesk_airflow.notify import notify_failed, notify_late

from local.processes import find_free_ports
from pipelines.errors import CopydeskError
from tests.airflow.running import webhook

RUN = SimpleNamespace(dag_id="copydesk_daily", partition_key="2026-03-02", conf={}, run_id="backfill__1")
CONTEXT = {"dag_run": RUN, "reason": "task_failure"}


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("COPYDESK_BUCKET", "copydesk")
    monkeypatch.delenv("COPYDESK_NOTIFY", raising=False)
    caplog.set_level(logging.ERROR, "copydesk_airflow.notify")


def test_a_failed_day_is_in_the_log_without_any_setting(caplog: pytest.LogCaptureFixture) -> None:
    notify_failed(CONTEXT)
    assert caplog.messages == ["copydesk_daily failed: 2026-03-02: task_failure"]


def test_a_day_that_was_given_as_a_parameter_is_told_as_well(caplog: pytest.LogCaptureFixture) -> None:
    run = SimpleNamespace(dag_id="copydesk_daily", partition_key=None, conf={"dt": "2026-03-02"}, run_id="manual__7")
    notify_failed({"dag_run": run, "reason": "task_failure"})
    assert caplog.messages == ["copydesk_daily failed: 2026-03-02: task_failure"]


def test_a_run_without_a_day_is_told_by_its_id(caplog: pytest.LogCaptureFixture) -> None:
    notify_failed(
        {"dag_run": SimpleNamespace(dag_id="copydesk_ingest", partition_key=None, conf=None, run_id="manual__7")}
    )
    assert caplog.messages == ["copydesk_ingest failed: manual__7: a task failed"]


def test_a_late_day_is_told_from_what_the_rest_api_shows_of_the_run(caplog: pytest.LogCaptureFixture) -> None:
    notify_late({"dag_run": {"dag_id": "copydesk_daily", "dag_run_id": "scheduled__1", "partition_key": "2026-03-02"}})
    notify_late({"dag_run": {"dag_id": "copydesk_daily", "dag_run_id": "manual__1", "conf": {"dt": "2026-03-03"}}})
    assert caplog.messages == [
        "copydesk_daily is late: 2026-03-02 is not published yet",
        "copydesk_daily is late: 2026-03-03 is not published yet",
    ]


def test_it_is_in_the_log_even_where_no_setting_can_be_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("COPYDESK_BUCKET")
    with suppress(CopydeskError):
        notify_failed(CONTEXT)
    assert caplog.messages[0] == "copydesk_daily failed: 2026-03-02: task_failure"


def test_a_webhook_receives_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dict[str, Any]] = []
    with webhook(heard) as url:
        monkeypatch.setenv("COPYDESK_NOTIFY", url)
        notify_failed(CONTEXT)
    assert [(told["title"], told["message"]) for told in heard] == [
        ("copydesk_daily failed", "2026-03-02: task_failure")
    ]


def test_several_addresses_are_all_told(monkeypatch: pytest.MonkeyPatch, post_office: "PostOffice") -> None:
    heard: list[dict[str, Any]] = []
    with webhook(heard) as url:
        monkeypatch.setenv("COPYDESK_NOTIFY", f"{url},{post_office.url}")
        notify_failed(CONTEXT)
    assert len(heard) == len(post_office.received) == 1


def test_a_mailbox_receives_the_failure(monkeypatch: pytest.MonkeyPatch, post_office: "PostOffice") -> None:
    monkeypatch.setenv("COPYDESK_NOTIFY", post_office.url)
    notify_failed(CONTEXT)
    (mail,) = post_office.received
    assert "<oncall@press.example>" in mail
    assert "Subject: copydesk_daily failed" in mail
    assert "2026-03-02: task_failure" in mail


def test_an_address_that_is_down_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (port,) = find_free_ports(1)
    monkeypatch.setenv("COPYDESK_NOTIFY", f"json://127.0.0.1:{port}/")
    notify_failed(CONTEXT)
    assert "could not notify all addresses in COPYDESK_NOTIFY" in caplog.text


def test_an_address_that_is_none_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COPYDESK_NOTIFY", "the person on call")
    notify_failed(CONTEXT)
    assert "could not notify all addresses in COPYDESK_NOTIFY" in caplog.text


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes mail by SMTP, as much of it as one sender needs, and keeps it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.received: list[str] = []

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.server_address[1]}/?from=desk@press.example&to=oncall@press.example"


class Desk(socketserver.StreamRequestHandler):
    """One sender's conversation."""

    server: PostOffice

    def handle(self) -> None:
        said: list[str] = []
        in_mail = False
        self.wfile.write(b"220 ready\r\n")
        for line in (raw.decode().rstrip("\r\n") for raw in self.rfile):
            said.append(line)
            if in_mail and line != ".":
                continue
            if in_mail:
                self.server.received.append("\n".join(said))
            in_mail = line.lower() == "data"
            answers = {"data": b"354 go on\r\n", "quit": b"221 bye\r\n"}
            self.wfile.write(answers.get(line.lower(), b"250 fine\r\n"))


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
