"""Fault injection: run a piece of work in a child process that ends or sleeps at its n-th call to a service."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from typing import Any

import boto3

from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings

Work = Callable[[Store, Queue], object]

# Children come from a clean process that has imported everything already, and read what boto3 knows of the services:
# 50 ms a child instead of seconds.
for service in ("s3", "sqs"):
    boto3.client(service, region_name="us-east-1")
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.killing", "pipelines.flow", "pipelines.intake.ingest", "tests.test_crashes", "great_expectations"]
)


def _child(settings: Settings, work: Work, at: int, number: int, counted: Any) -> None:
    """Send itself a signal before its call number `at`. What a process knows dies with it: to be killed behind a call
    is to be killed before the next."""
    store, queue = Store(settings), Queue(settings, settings.queue)
    calls = 0

    def count(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if counted is not None:
            counted.value = calls
        if calls == at:
            os.kill(os.getpid(), number)

    store.client.meta.events.register("before-send.s3", count)
    queue.client.meta.events.register("before-send.sqs", count)
    work(store, queue)


@contextmanager
def _started(child: ForkServerProcess) -> Iterator[None]:
    """Start a child that is gone at the end, also where a test is interrupted while it sleeps."""
    child.start()
    try:
        yield
    finally:
        child.kill()
        child.join()


def count_calls(settings: Settings, work: Work) -> int:
    """Return how many calls to store and queue a piece of work makes when nothing stops it."""
    counted = PROCESSES.Value("i", 0)
    child = PROCESSES.Process(target=_child, args=(settings, work, 0, 0, counted))
    with _started(child):
        child.join()
        assert child.exitcode == 0
    return int(counted.value)


def run_killed(settings: Settings, work: Work, at: int) -> bool:
    """Run work that is killed before its call number `at`; return False if it ended before it came so far."""
    child = PROCESSES.Process(target=_child, args=(settings, work, at, signal.SIGKILL, None))
    with _started(child):
        child.join()
        assert child.exitcode in (0, -signal.SIGKILL), f"the work failed by itself: {child.exitcode}"
        return child.exitcode != 0


def run_asleep(settings: Settings, work: Work, at: int, meanwhile: Callable[[], object]) -> int | None:
    """Run work that is stopped before its call number `at` and continued after `meanwhile`; return its exit code."""
    child = PROCESSES.Process(target=_child, args=(settings, work, at, signal.SIGSTOP, None))
    with _started(child):
        assert child.pid is not None
        while child.is_alive() and _read_state(child.pid) != "T":
            child.join(0.005)
        meanwhile()
        if child.is_alive():
            os.kill(child.pid, signal.SIGCONT)
        child.join()
        return child.exitcode


def _read_state(pid: int) -> str:
    """Return the letter that the kernel gives to what the process does."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # it ended, at the latest while it was read
        return "gone"
