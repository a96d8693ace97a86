"""What becomes of a day when a part of the system is killed in one of its stages, as a table of Markdown:

    python -m tests.airflow.faults [--faults NAME …] [--stages TASK …] [--outages SECONDS …] [--full SECONDS …]

On a stack of its own, in a temporary folder. A component is killed with everything below it, as a container is. A full
disk needs the right to mount one for the store.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from http.client import HTTPException
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import psutil

from local.processes import AGAIN
from tests.airflow.running import DAILY, Running, article_url, eventually, start_running

COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
FAULTS = (*COMPONENTS, "worker", "store", "queue")  # worker: the processes that run a task
STAGES = ("plan_day", "enrich_batches", "assemble", "validate", "publish")
FIRST_DAY = date(2025, 1, 1)
STORE_DATA = ".local/seaweedfs"  # in the checkout of a stack
Answer = TypeVar("Answer")
UNDER_WAY = ("queued", "running")


@dataclass(frozen=True)
class Outcome:
    """How a day ended that met a fault: what Airflow says, seconds from the fault to the end of the run, the most tries
    that a task took, and articles that are missing or there more than once."""

    state: str
    seconds: float
    tries: int
    lost: int
    duplicated: int


def kill(running: Running, fault: str) -> None:
    """Kill a component, or the processes that run a task, with SIGKILL; whatever starts it again stays."""
    for process in find_processes(running, fault):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def take_away(running: Running, service: str, seconds: float) -> None:
    """Kill a service, and keep it from being started again for so long."""
    leader = psutil.Process(running.services[service].session.sid)
    leader.suspend()
    kill(running, service)
    time.sleep(seconds)
    leader.send_signal(signal.SIGCONT)


def fill_disk(running: Running, seconds: float) -> None:
    """Leave the store no room for so long."""
    filler = running.checkout / STORE_DATA / "filler"
    with filler.open("wb") as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
            file.flush()
    time.sleep(seconds)
    filler.unlink()


@contextmanager
def mount_store_disk(checkout: Path) -> Iterator[None]:
    """Give the store of a checkout a small disk of its own, in memory."""
    folder = checkout / STORE_DATA
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def find_processes(running: Running, fault: str) -> list[psutil.Process]:
    """Return the processes of a component, from the top down, without the shell that starts it again."""
    if fault in running.services:
        return psutil.Process(running.services[fault].session.sid).children(recursive=True)
    if fault == "worker":
        # Those that have a task: one that waits for tasks holds the lock of their queue, which nobody could free again.
        workers = [worker for top in find_processes(running, "scheduler")[:1] for worker in top.children()]
        busy = [[worker, *worker.children(recursive=True)] for worker in workers if worker.children()]
        return [process for group in busy for process in group]
    for process in psutil.Process(running.services["airflow"].session.sid).children(recursive=True):
        command = list_words(process)
        # The shell that starts this component again; the one around all of them has more words.
        if command[:3] == ["/bin/sh", "-c", AGAIN] and fault in command[4:] + [Path(word).stem for word in command[4:]]:
            return process.children(recursive=True)
    raise LookupError(f"no process of {fault} was found")


def list_words(process: psutil.Process) -> list[str]:
    """Return the command line of a process; nothing where it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def meet_fault(running: Running, day: str, stage: str, inject: Callable[[], None]) -> Outcome:
    """Run a landed day, let the fault happen as soon as a stage is under way, and see how the day ends."""
    run = keep_asking(lambda: running.trigger(dt=day))
    eventually(f"{stage} of {day} to be under way", lambda: running.states(run).get(stage) in UNDER_WAY, 120)
    begin = time.monotonic()
    inject()
    state = running.ended(run, 600)["state"]
    seconds = time.monotonic() - begin
    path = f"/api/v2/dags/{DAILY}/dagRuns/{run}/taskInstances"
    tries = [task["try_number"] for task in keep_asking(lambda: running.api.call(path))["task_instances"]]
    urls = running.list_urls(day) if state == "success" else []
    lost = {article_url(name, day) for name in NAMES} - set(urls)
    return Outcome(state, seconds, max(tries), len(lost), len(urls) - len(set(urls)))


def keep_asking(ask: Callable[[], Answer], seconds: float = 120) -> Answer:
    """Ask the API server, which may be the one that was killed, until it answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (OSError, HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


NAMES = ("harbour", "bridge", "library")


def land_days(running: Running, count: int) -> Iterator[str]:
    """Land some days with the same three articles each; return the days."""
    days = [str(FIRST_DAY + timedelta(days=number)) for number in range(count)]
    for name in NAMES:
        running.land(name, *days)
    return iter(days)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.airflow.faults", description=__doc__)
    parser.add_argument("--faults", nargs="*", default=FAULTS, choices=FAULTS)
    parser.add_argument("--stages", nargs="*", default=STAGES, choices=STAGES)
    lasting: dict[str, Any] = {"nargs": "*", "type": float, "default": ()}
    parser.add_argument("--outages", **lasting, help="seconds without the store, in each stage")
    parser.add_argument("--full", **lasting, help="seconds without room for the store, in each stage")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an interruption, so that the stack is ended
    with ExitStack() as stack:
        checkout = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if asked.full:
            stack.enter_context(mount_store_disk(checkout))
        running = stack.enter_context(start_running(checkout))
        faults: list[tuple[str, Callable[[], None]]] = [
            *((f"{fault} killed", partial(kill, running, fault)) for fault in asked.faults),
            *((f"store away for {each:.0f} s", partial(take_away, running, "store", each)) for each in asked.outages),
            *((f"disk full for {each:.0f} s", partial(fill_disk, running, each)) for each in asked.full),
        ]
        cases = [("nothing", "plan_day", lambda: None)]
        cases += [(name, stage, inject) for (name, inject), stage in product(faults, asked.stages)]
        days = land_days(running, len(cases))
        print(
            "| fault | in stage | the run | seconds until it ended | tries | person | lost | duplicated |", flush=True
        )
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for (name, stage, inject), day in zip(cases, days, strict=True):
            end = meet_fault(running, day, stage, inject)
            person = "no" if end.state == "success" else "yes"
            print(
                f"| {name} | {stage} | {end.state} | {end.seconds:.0f} | {end.tries} | {person} | {end.lost} "
                f"| {end.duplicated} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
