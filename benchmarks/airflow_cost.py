"""What Airflow adds to each step, on the demo: the tasks of its runs beside the same functions without it.

A stack of its own in a temporary folder: two object stores and queues, one pair for Airflow, one for the functions.
Days are backfilled one at a time, so that tasks do not slow one another more than the DAG itself asks for.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from demo.render import list_parcels
from local.airflow_service import start_airflow
from local.processes import measure_own_cpu
from local.run import Airflow, describe_undrained, hand_in, wait
from local.services import ROOT, build_bare_env, build_settings, load_secrets, start_queue, start_store
from pipelines import flow
from pipelines.intake.ingest import ingest
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import load_settings, read_settings

Facts = dict[str, Any]
DAYS = sorted({parcel.day for parcel in list_parcels()})


def measure() -> Facts:
    """Return seconds by task: under Airflow, as a function; and of whole runs, also of one with nothing new."""
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as running:
        places = []
        for name in ("with", "without"):
            folder = Path(temporary) / name
            folder.mkdir()
            store, queue = (running.enter_context(start(folder)) for start in (start_store, start_queue))
            places.append((folder, build_settings(load_secrets(folder), store.url, queue.url)))
        (folder, where), (_, elsewhere) = places
        without = run_without_airflow(elsewhere)
        airflow = running.enter_context(start_airflow(folder, where))
        return run_with_airflow(Airflow(airflow.url, load_secrets(folder).admin_password), where) | {"without": without}


def run_without_airflow(where: Mapping[str, str]) -> dict[str, list[Facts]]:
    """Make each call that a task makes, in a process of its own as there; return seconds by the task's name.

    `function` is the call alone, `process` all of the process: interpreter, imports, call. Wall seconds.
    """
    _hand_in_demo(where)
    seconds_by_name: dict[str, list[Facts]] = {}

    def run_call(name: str, *arguments: object) -> Any:
        began = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.airflow_cost", name, json.dumps(arguments)]
        done = subprocess.run(command, env={**build_bare_env(), **where}, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        answer, seconds = json.loads(done.stdout)
        seconds_by_name.setdefault(name, []).append({"function": seconds, "process": time.perf_counter() - began})
        return answer

    run_call("ingest_pass")
    for day in map(str, DAYS):
        release = run_call("plan_day", day)
        for chunk in range(run_call("chunks", day, release)):
            run_call("enrich_batches", day, release, chunk)
        for name in ("assemble", "validate", "publish"):
            run_call(name, day, release)
    return seconds_by_name


def call(name: str, day: str | None = None, release: str = "", chunk: int = 0) -> tuple[Any, float]:
    """Call the function behind a task in this process; return its answer and wall seconds."""
    settings = load_settings()
    dt = date.fromisoformat(day) if day else DAYS[0]
    calls: dict[str, Callable[[Store], Any]] = {
        "ingest_pass": lambda store: ingest(store, [Queue(settings, settings.queue or "")], _now).messages,
        "plan_day": lambda store: flow.plan_day(store, dt, _now()),
        "chunks": lambda store: flow.count_chunks(store, dt, release),
        "enrich_batches": lambda store: flow.enrich_chunk(store, dt, release, chunk),
        "assemble": lambda store: flow.assemble(store, dt, release),
        "validate": lambda store: flow.validate(store, dt, release),
        "publish": lambda store: flow.publish(store, dt, release),
    }
    began = time.perf_counter()
    answer = calls[name](Store(settings))
    return answer, time.perf_counter() - began


def run_with_airflow(api: Airflow, where: Mapping[str, str]) -> Facts:
    """Run the demo through Airflow; return tasks' wall seconds and waits, and the runs, also with nothing new."""
    since = datetime.now(UTC)
    store, queue = _hand_in_demo(where)
    began = time.monotonic()
    wait(
        "copydesk_ingest to drain queue and inbox",
        lambda: describe_undrained(store, queue, since),
        240,
        measure_own_cpu,
    )
    woken = time.monotonic() - began
    fresh = _backfill(api)
    nothing_new = _backfill(api)
    # Of ingest the pass that landed the demo, which took longest; others found nothing.
    passes = sorted(_tasks(api, "copydesk_ingest"), key=lambda task: task["duration"] or 0.0)[-1:]
    tasks = passes + [task for run in fresh for task in run["tasks"]]
    by_name: dict[str, list[Facts]] = {}
    for task in tasks:
        if task["state"] == "success" and task["duration"] is not None:
            by_name.setdefault(task["task_id"], []).append(task)
    return {
        "ingested_after": woken,
        "tasks": {
            name: {"wall": [t["duration"] for t in found], "queued": [_between(t, "queued_when") for t in found]}
            for name, found in by_name.items()
        },
        "runs": [_run(run) for run in fresh],
        "runs_nothing_new": [_run(run) for run in nothing_new],
    }


def write_text(facts: Facts) -> str:
    """Write a table of the tasks, then a line on the runs."""
    lines = [
        f"the demo's {len(DAYS)} days, one at a time; wall seconds, medians",
        f"{'task':18} {'runs':>4} {'in Airflow':>10} {'process':>8} {'function':>9} {'Airflow adds':>12} {'queued':>7}",
    ]
    for name, task in facts["tasks"].items():
        wall, queued = statistics.median(task["wall"]), statistics.median(task["queued"])
        lines.append(f"{name:18} {len(task['wall']):4} {wall:10.2f}")
        if alone := facts["without"].get(name):
            process, function = (statistics.median(each[kind] for each in alone) for kind in ("process", "function"))
            lines[-1] += f" {process:8.2f} {function:9.2f} {wall - process:12.2f} {queued:7.2f}"
    for title, runs in (("a day", facts["runs"]), ("a day, nothing new", facts["runs_nothing_new"])):
        median = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        lines.append(
            f"{title}: {median['wall']:.1f} s from start to end, of which {median['idle']:.1f} s no task ran; "
            f"{median['tasks']:.0f} tasks ran"
        )
    daily = [each for name, calls in facts["without"].items() if name != "ingest_pass" for each in calls]
    process, function = (sum(each[kind] for each in daily) / len(DAYS) for kind in ("process", "function"))
    lines.append(f"without Airflow, one after the other: processes {process:.1f} s a day, functions {function:.1f} s")
    lines.append(f"sent to landed, woken by the queue's depth: {facts['ingested_after']:.1f} s")
    return "\n".join(lines)


def _hand_in_demo(where: Mapping[str, str]) -> tuple[Store, Queue]:
    found = read_settings(where)
    store, queue = Store(found), Queue(found, found.queue or "")
    for parcel in list_parcels():
        hand_in(store, queue, parcel)
    return store, queue


def _backfill(api: Airflow) -> list[Facts]:
    """Return the runs of a backfill of all days, each with its tasks, in the order of the days."""
    asked = datetime.now(UTC)
    body = {
        "dag_id": "copydesk_daily",
        "from_date": f"{DAYS[0]}T00:00:00Z",
        "to_date": f"{DAYS[-1]}T00:00:00Z",
        "reprocess_behavior": "completed",
        "max_active_runs": 1,
        "run_backwards": False,
        "dag_run_conf": {},
    }
    backfill = int(api.call("/api/v2/backfills", body)["id"])

    def left() -> str | None:
        each = api.call("/api/v2/backfills?dag_id=copydesk_daily&limit=100")["backfills"]
        return None if any(b["id"] == backfill and b["completed_at"] for b in each) else "not complete"

    wait("copydesk_daily", left, 400, measure_own_cpu)
    runs = api.call("/api/v2/dags/copydesk_daily/dagRuns?run_type=backfill&limit=100")["dag_runs"]
    ours = sorted((run for run in runs if _time(run["start_date"]) >= asked), key=lambda run: run["partition_key"])
    if failed := [run["partition_key"] for run in ours if run["state"] != "success"]:
        raise RuntimeError(f"copydesk_daily failed for {failed}")
    tasks = _tasks(api, "copydesk_daily")
    return [run | {"tasks": [task for task in tasks if task["dag_run_id"] == run["dag_run_id"]]} for run in ours]


def _tasks(api: Airflow, dag: str) -> list[Facts]:
    found: list[Facts] = api.call(f"/api/v2/dags/{dag}/dagRuns/~/taskInstances?limit=1000")["task_instances"]
    return found


def _run(run: Facts) -> Facts:
    """Return seconds from a run's start to its end, and how many of them no task of it ran."""
    ran = [task for task in run["tasks"] if task["duration"] and task["state"] == "success"]
    spans = sorted((_time(task["start_date"]), _time(task["end_date"])) for task in ran)
    busy, reached = 0.0, _time(run["start_date"])
    for begin, end in spans:
        busy += max((end - max(begin, reached)).total_seconds(), 0.0)
        reached = max(reached, end)
    wall = (_time(run["end_date"]) - _time(run["start_date"])).total_seconds()
    return {"wall": wall, "idle": wall - busy, "tasks": len(ran)}


def _between(task: Facts, since: str) -> float:
    return (_time(task["start_date"]) - _time(task[since])).total_seconds()


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    print(json.dumps(call(sys.argv[1], *json.loads(sys.argv[2]))))
