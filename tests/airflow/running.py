"""A stack of its own for the tests of this folder: what it consists of, and what one can ask of it."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from demo.parcel import make_event
from local.airflow_service import build_airflow_env, start_airflow
from local.processes import measure_own_cpu
from local.run import Airflow, describe_undrained, wait
from local.services import ROOT, Service, build_settings, load_secrets, start_queue, start_store
from pipelines.releases.heads import Head
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.conftest import end_at_once

DAILY, INGEST, DOWNSTREAM = "copydesk_daily", "copydesk_ingest", "copydesk_example_downstream"
ENDED = ("success", "failed")
CODE = ("pipelines", "expectations", "dags", "plugins")
STOPPED_DAY = "2026-02-03"  # the day of `StoppedRun`, which no other test asks for
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>\u202e"
IMPOSSIBLE = {
    "type": "expect_table_row_count_to_be_between",
    "kwargs": {"max_value": 0},
    "severity": "critical",
    "meta": {"meaning": "no day with articles keeps this"},
}
Run = dict[str, Any]


@dataclass(frozen=True)
class Running:
    """Store, queue and Airflow, running from a copy of the checkout, which a test may change."""

    checkout: Path
    url: str
    password: str
    env: dict[str, str]
    api: Airflow
    store: Store
    queue: Queue
    services: dict[str, Service]  # "store", "queue" and "airflow"
    heard: list[dict[str, Any]] = field(default_factory=list)  # what the webhook in COPYDESK_NOTIFY was told

    def send(self, name: str, *days: str) -> None:
        """One article more for each of these days, on the queue."""
        for day in days:
            text = f"The council met about {name} on {day}. " + "Nothing was decided, and all went home early. " * 9
            data = {"url": article_url(name, day), "text": text, "title": f"About {name}"}
            message = make_event(f"{name}-{day}", "press.example", f"{day}T09:00:00Z", day, data)
            self.queue.send(message.decode(), day)

    def land(self, name: str, *days: str) -> None:
        """`send`, and wait until ingest has landed it."""
        since = datetime.now(UTC)
        self.send(name, *days)
        wait("ingest", lambda: describe_undrained(self.store, self.queue, since), 90, measure_own_cpu)

    def head(self, day: str) -> Head:
        head, _ = read_head(self.store, day)
        assert head is not None, f"{day} was never published"
        return head

    def urls(self, day: str) -> set[str]:
        return set(self.list_urls(day))

    def list_urls(self, day: str) -> list[str]:
        """The URL of each article of a day, in the order of the table."""
        urls: list[str] = self.store.read_tables(self.head(day).list_keys("articles"), ["url"])["url"].to_pylist()
        return urls

    def trigger(self, partition_key: str | None = None, **conf: str) -> str:
        """A run of copydesk_daily by hand; returns its id."""
        body = {"logical_date": None, "partition_key": partition_key, "conf": conf}
        return str(self.api.call(f"/api/v2/dags/{DAILY}/dagRuns", body)["dag_run_id"])

    def ended(self, run_id: str, seconds: float = 120) -> Run:
        """The run, once it has ended."""

        def find_unfinished() -> str | None:
            """Return the states of the tasks, which change when there is progress."""
            try:
                return None if self._run(run_id)["state"] in ENDED else f"still running: {self.states(run_id)}"
            except (OSError, HTTPException) as error:  # a test has killed the API server
                return f"no answer: {error}"

        wait(run_id, find_unfinished, seconds, measure_own_cpu)
        return self._run(run_id)

    def _run(self, run_id: str) -> Run:
        found: Run = self.api.call(f"/api/v2/dags/{DAILY}/dagRuns/{run_id}")
        return found

    def runs(self, dag: str) -> list[Run]:
        found: list[Run] = self.api.call(f"/api/v2/dags/{dag}/dagRuns?order_by=-run_after&limit=100")["dag_runs"]
        return found

    def is_backfilling(self) -> bool:
        found = self.api.call(f"/api/v2/backfills?dag_id={DAILY}")["backfills"]
        return any(each["completed_at"] is None for each in found)

    def states(self, run_id: str) -> dict[str, str]:
        """The state of each task of a run; of a mapped task, any of its states."""
        found = self.api.call(f"/api/v2/dags/{DAILY}/dagRuns/{run_id}/taskInstances")["task_instances"]
        return {task["task_id"]: task["state"] for task in found}

    def log(self, run_id: str, task: str) -> str:
        folder = self.checkout / ".local/airflow/logs"
        return "\n".join(path.read_text() for path in folder.glob(f"dag_id={DAILY}/run_id={run_id}/task_id={task}/*"))

    def airflow(self, *words: str) -> str:
        """What `airflow …` prints in the environment of the stack."""
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *words],
            env=self.env,
            cwd=self.checkout,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass(frozen=True)
class StoppedRun:
    """A day with a live release, and a run that was to replace it and was stopped by a critical check."""

    live: Head
    run_id: str
    state: str
    release: str

    @property
    def page(self) -> str:
        """The path of the report that says why."""
        return f"/copydesk/attempts/dt={STOPPED_DAY}/{self.release}/report.html"


@contextmanager
def start_running(checkout: Path) -> Iterator[Running]:
    """Start Airflow with our DAGs and plugins, its own store and queue, and a webhook for failures; end them at last.

    From a copy of the code, made in `checkout`: one test adds a rule, and what somebody edits meanwhile changes no
    stage's version.
    """
    for name in CODE:
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder, heard = checkout / ".local", list[dict[str, Any]]()
    with (
        webhook(heard) as notify,
        end_at_once(start_store(folder)) as store,
        end_at_once(start_queue(folder)) as queue,
    ):
        where = build_settings(load_secrets(folder), store.url, queue.url)
        told = where | {"COPYDESK_NOTIFY": notify}
        with end_at_once(start_airflow(folder, told, (), checkout)) as airflow:
            found, password = read_settings(where), load_secrets(folder).admin_password
            yield Running(
                checkout,
                airflow.url,
                password,
                build_airflow_env(folder, told, airflow.ports[0], checkout),
                Airflow(airflow.url, password),
                Store(found),
                Queue(found, found.queue),
                {"store": store, "queue": queue, "airflow": airflow},
                heard,
            )


def stop_a_day(running: Running) -> StoppedRun:
    """Publish a day, and let another run of it meet a check that no day passes."""
    running.land("first", STOPPED_DAY)
    assert running.ended(running.trigger(dt=STOPPED_DAY), 240)["state"] == "success"
    live, suite = running.head(STOPPED_DAY), running.checkout / "expectations/articles.json"
    running.queue.send(HOSTILE, STOPPED_DAY)
    running.land("second", STOPPED_DAY)
    before = suite.read_text()
    changed = json.loads(before)
    changed["expectations"].append(IMPOSSIBLE)
    suite.write_text(json.dumps(changed))
    try:
        run = running.ended(running.trigger(dt=STOPPED_DAY), 240)
    finally:
        suite.write_text(before)
    attempts = {entry.key.split("/")[2] for entry in running.store.list_objects(f"attempts/dt={STOPPED_DAY}/")}
    (release,) = attempts - {live.release_id}
    return StoppedRun(live, run["dag_run_id"], run["state"], release)


def article_url(name: str, day: str) -> str:
    """Where `Running.send` says that it found the article."""
    return f"https://press.example/{day}/{name}"


@contextmanager
def webhook(heard: list[dict[str, Any]]) -> Iterator[str]:
    """A server that keeps what is posted to it; gives its Apprise URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}/"
        server.shutdown()


def eventually(what: str, is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; Airflow idles meanwhile, or works on it."""
    wait(what, lambda: None if is_so() else "not yet", seconds, measure_own_cpu)
