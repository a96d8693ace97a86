"""`make run`: the main job on the demo, through real Airflow, with every item accounted for.

Starts the stack, hands in the demo's articles, lets `copydesk_ingest` wake and drain queue and inbox, has
`copydesk_daily` publish the demo's days by a backfill, and then looks where each item ended.
"""

import io
import json
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from demo.render import Parcel, list_parcels
from local import stack
from local.airflow_service import fetch_airflow_token
from local.processes import Patience, StackError, say
from local.services import load_secrets
from pipelines import audit
from pipelines.errors import CopydeskError
from pipelines.intake.ingest import read_last_pass
from pipelines.query import run_query
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from pipelines.tables.ids import file_delivery_id
from pipelines.text.display import sanitize_for_display

PLACES = ("articles", "duplicates", "rejected")
AIRFLOW_LOGS = stack.FOLDER / "airflow" / "logs"
QUESTION = """
SELECT source, language, count(*) AS articles, round(avg(word_count)) AS words, round(avg(readability_score)) AS ease,
       mode(keywords[1].term) AS keyword
FROM articles_latest GROUP BY ALL ORDER BY source, language
"""


def main() -> int:
    phases = Phases()
    try:
        with phases("stack"):
            services = stack.start_stack()

        def cpu_seconds() -> float:
            return sum(service.session.cpu_seconds() for service in services.values())

        settings = read_settings(stack.read_env())
        store, queue = Store(settings), Queue(settings, settings.queue)
        # A pass that had begun before all is sent would not count, and the next is ten minutes away.
        with suppress(TimeoutError):
            wait(
                "copydesk_ingest to look for the first time",
                lambda: None if read_last_pass(store) else "its pass",
                60,
                cpu_seconds,
            )
        days = sorted({parcel.day for parcel in list_parcels()})
        is_first = all(read_head(store, str(day))[0] is None for day in days)
        with phases("send"):
            sent = {hand_in(store, queue, parcel): parcel for parcel in list_parcels()}
            by = Counter(parcel.by for parcel in sent.values())
            say(f"sent {by['message']} messages, dropped {by['file']} files")
        with phases("ingest"):
            since = datetime.now(UTC)
            wait(
                "copydesk_ingest to drain queue and inbox",
                lambda: describe_undrained(store, queue, since),
                180,
                cpu_seconds,
            )
        with phases("daily"):
            api = Airflow(services["airflow"].url, load_secrets(stack.FOLDER).admin_password)
            wait("earlier backfills to end", lambda: api.find_running_backfill("copydesk_daily"), 120, cpu_seconds)
            backfill = api.start_backfill("copydesk_daily", str(days[0]), str(days[-1]))
            wait(
                "copydesk_daily to publish the days",
                lambda: api.describe_backfill("copydesk_daily", backfill),
                300,
                cpu_seconds,
            )
        with phases("look"):
            wrong = report(store, [str(day) for day in days], sent, is_first)
            print(run_query(settings, QUESTION))
    except (StackError, CopydeskError, TimeoutError, RuntimeError) as error:
        print(f"\nfailed: {error}\nlogs: {AIRFLOW_LOGS} and {stack.FOLDER / 'logs'}", file=sys.stderr)
        return 1
    for line in wrong:
        print(f"WRONG: {line}", file=sys.stderr)
    print(phases)
    password = load_secrets(stack.FOLDER).admin_password
    print(f"Airflow: {services['airflow'].url}  user admin, password {password}  (make down ends it)")
    return 1 if wrong else 0


def hand_in(store: Store, queue: Queue, parcel: Parcel) -> str:
    """Send or drop one parcel; return the id of the delivery that it becomes."""
    if parcel.by == "message":
        return queue.send(parcel.content.decode("utf-8", "surrogateescape"), str(parcel.day))
    key = f"inbox/{parcel.name}"
    store.upload(key, io.BytesIO(parcel.content), {"source": parcel.source, "dt": str(parcel.day)})
    return file_delivery_id(key, store.open(key).etag)


def describe_undrained(store: Store, queue: Queue, since: datetime) -> str | None:
    """Return what is not landed yet; None once all is."""
    waiting, leased = queue.depth()
    if waiting or leased:
        return f"{waiting} messages wait, {leased} are being landed"
    ingested = read_last_pass(store)
    return None if ingested is not None and ingested >= since else "the sweep of the inbox"


def report(store: Store, days: list[str], sent: dict[str, Parcel], is_first: bool) -> list[str]:
    """Print the outcome of everything that was sent; return what is wrong, one sentence each."""
    rows = read_items(store, days)
    wrong = [line for day in days for line in audit.find_broken_invariants(store, datetime.fromisoformat(day).date())]
    print_outcomes(days, rows)
    return wrong + find_unexpected_outcomes(sent, rows, is_first)


def read_items(store: Store, days: list[str]) -> list[dict[str, Any]]:
    """Read the items of all tables of these days, each with its table and day."""
    return [
        {"table": table, "day": day, **row}
        for day in days
        for table in PLACES
        if (head := read_head(store, day).head) is not None
        for row in store.read_tables(head.list_keys(table)).to_pylist()
    ]


def find_unexpected_outcomes(sent: dict[str, Parcel], rows: list[dict[str, Any]], is_first: bool) -> list[str]:
    """Compare the tables that hold the items of each parcel with those that it expects."""
    # By content: of one event sent twice either may be the one that is kept, as both were received at its time.
    expected: dict[bytes, Counter[str]] = defaultdict(Counter)
    actual: dict[bytes, Counter[str]] = defaultdict(Counter)
    for parcel in sent.values():
        expected[parcel.content].update(count_expected(parcel))
    for row in rows:
        if row["delivery_id"] in sent:
            actual[sent[row["delivery_id"]].content][row["table"]] += 1
    wrong = []
    for parcel in sent.values():
        should, does = expected[parcel.content], actual[parcel.content]
        if does.total() != should.total() or (is_first and does != should):
            wrong.append(f"{parcel.name} should be {dict(should)}, but is {dict(does)} ({parcel.note})")
    return wrong


def count_expected(parcel: Parcel) -> Counter[str]:
    """Count the items of a parcel by the table that should hold them."""
    table = {"published": "articles", "duplicate": "duplicates", "rejected": "rejected"}[parcel.expect]
    counts = Counter({table: parcel.items - parcel.rejected})
    counts["rejected"] += parcel.rejected
    return +counts


def print_outcomes(days: list[str], rows: list[dict[str, Any]]) -> None:
    """Print how many items each table has, why items were rejected, and which kinds of duplicates there are."""
    for day in days:
        counts = Counter(row["table"] for row in rows if row["day"] == day)
        print(f"{day}: " + ", ".join(f"{counts[table]} {table}" for table in PLACES))
    for row in rows:
        if row["table"] == "rejected":
            detail = sanitize_for_display(row["detail"])
            print(f"  rejected  {row['day']}  {row['source']:26} {row['reason']:14} {detail}"[:150])
    for kind, count in Counter(row["duplicate_kind"] for row in rows if row["table"] == "duplicates").items():
        print(f"  duplicate {kind}: {count}")


def wait(what: str, problem: Callable[[], str | None], seconds: float, cpu_seconds: Callable[[], float]) -> None:
    """Wait until there is no problem left, and say every few seconds what is missing.

    Args:
        seconds: how much CPU time, or idleness, without a change is too much.
        cpu_seconds: gives the CPU time that those who work on it have used.

    Raises:
        TimeoutError: there was no progress.
    """
    begin = last_said = time.monotonic()
    patience = Patience(seconds, cpu_seconds)
    while (left := problem()) is not None:
        now = time.monotonic()
        if patience.is_over(left):
            raise TimeoutError(f"waited {now - begin:.0f} s for {what}, without progress: {left}")
        if now - last_said >= 5:
            last_said = now
            say(f"… {what} ({now - begin:.0f} s): {left}")
        time.sleep(0.5)
    say(f"{what}: done ({time.monotonic() - begin:.1f} s)")


class Phases:
    """How long each part took, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str) -> "Phases":
        self.name, self.begin = name, time.monotonic()
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self.seconds[self.name] = time.monotonic() - self.begin

    def __str__(self) -> str:
        each = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.seconds.items())
        return f"time: {each}; {sum(self.seconds.values()):.0f} s in all"


class Airflow:
    """The few calls of Airflow's REST API that are needed here."""

    def __init__(self, url: str, password: str) -> None:
        self.url = url
        self.token = fetch_airflow_token(url, password)

    def start_backfill(self, dag: str, first: str, last: str) -> int:
        """Start a backfill over partitions, both ends included; return its id."""
        body = {
            "dag_id": dag,
            "from_date": f"{first}T00:00:00Z",
            "to_date": f"{last}T00:00:00Z",
            "reprocess_behavior": "completed",
            "max_active_runs": 3,
            "run_backwards": False,
            "dag_run_conf": {},
        }
        return int(self.call("/api/v2/backfills", body)["id"])

    def find_running_backfill(self, dag: str) -> str | None:
        """Return the name of a backfill that has not ended; Airflow allows one at a time."""
        return next((f"backfill {b['id']}" for b in self._list_backfills(dag) if b["completed_at"] is None), None)

    def _list_backfills(self, dag: str) -> list[dict[str, Any]]:
        return list(self.call(f"/api/v2/backfills?dag_id={dag}&order_by=-id")["backfills"])

    def describe_backfill(self, dag: str, backfill: int) -> str | None:
        """Return the states of its runs; None once all have succeeded. Raises RuntimeError if one failed."""
        runs = self.call(f"/api/v2/dags/{dag}/dagRuns?run_type=backfill&order_by=-run_after&limit=100")["dag_runs"]
        created = next(each["created_at"] for each in self._list_backfills(dag) if each["id"] == backfill)
        runs = [run for run in runs if run["queued_at"] >= created]  # a run does not say which backfill made it
        states = Counter(run["state"] for run in runs)
        if states["failed"]:
            failed = next(run for run in runs if run["state"] == "failed")
            raise RuntimeError(f"{dag} failed for {failed['partition_key']}: see {AIRFLOW_LOGS}/dag_id={dag}")
        return None if runs and set(states) == {"success"} else f"runs {dict(states)}"

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request, a POST where it has a body, and return the answer."""
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
