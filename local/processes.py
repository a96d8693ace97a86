"""Sessions of processes that we started, and that can be ended without touching anything else.

Each service is the leader of a session of its own (`start_new_session`). Whatever it forks stays in that session, also
where it makes process groups of its own, as Airflow does for every task. The state file remembers the leader's number
with the moment it was born, so that a number used again by somebody else is never taken for ours.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil

IDLE_SHARE = 0.05  # of one core: less than that is what a service uses that only waits
# Linux gives ports from 32,768 on to connections of clients, which might take one before the service that it is for.
SERVICE_PORTS = range(20_000, 32_000)
LOG_LINES = 25  # what fits on a screen below the message
# A shell that starts a command again whenever it ends, as Docker's restart policy does, once the file $0 exists.
AGAIN = """while :; do
  "$@"
  status=$?
  [ -e "$0" ] || exit $status
  echo "[stack] ended with status $status, and is started again"
  sleep 1
done"""
BIRTH_SECONDS = 2.0  # the boot time, from which a birth is counted, is only known to a second and may be corrected


class StackError(Exception):
    """A service did not start or could not be ended; the message says which and shows the end of its log."""


@dataclass(frozen=True)
class Session:
    """The processes of one service: the session's number (its leader's pid), the leader's birth in epoch
    seconds, the log, and the folder that all of them were started in."""

    name: str
    sid: int
    born: float
    log: Path
    folder: Path

    def members(self) -> list[psutil.Process]:
        """Everything alive in the session; empty where it has ended or the number is now somebody else's."""
        try:
            if abs(psutil.Process(self.sid).create_time() - self.born) <= BIRTH_SECONDS:
                return _members(self.sid)
            return []
        except psutil.NoSuchProcess:
            # Only the leader was killed: what it left behind is younger than it and still stands in our folder.
            return [process for process in _members(self.sid) if self._is_orphan(process)]

    def _is_orphan(self, process: psutil.Process) -> bool:
        try:
            return process.create_time() >= self.born - BIRTH_SECONDS and Path(process.cwd()) == self.folder.resolve()
        except psutil.Error:
            return False

    def is_alive(self) -> bool:
        """Return whether the leader lives."""
        return any(process.pid == self.sid for process in self.members())

    def cpu_seconds(self) -> float:
        """Return the CPU time that the session's processes have used."""
        return sum_cpu(self.members())

    def stop(self, grace: float = 10.0) -> None:
        """Ask all to end, and after `grace` seconds make them.

        Raises:
            StackError: something of ours would not die.
        """
        deadline = time.monotonic() + grace
        rest = self.members()
        _signal(rest, signal.SIGTERM)
        # The leader may end before the others do, but while one of them lives the session's number is not given away.
        while rest and time.monotonic() < deadline:
            time.sleep(0.1)
            rest = _members(self.sid)
        _signal(rest, signal.SIGKILL)
        _, undead = psutil.wait_procs(rest, timeout=5)
        if undead:
            raise StackError(f"{self.name}: still alive after SIGKILL: {[process.pid for process in undead]}")


def _members(sid: int) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _alive_in(sid, process)]


def _alive_in(sid: int, process: psutil.Process) -> bool:
    try:
        return os.getsid(process.pid) == sid and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False


def _signal(processes: Sequence[psutil.Process], number: int) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def launch(name: str, command: Sequence[str | Path], env: Mapping[str, str], log: Path, cwd: Path) -> Session:
    """Start `command` as the leader of a session, its output in `log`; the log of the last start is kept beside it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    keep_last_log(log)
    with log.open("wb") as output:
        child = subprocess.Popen(
            [str(word) for word in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Session(name, child.pid, psutil.Process(child.pid).create_time(), log, cwd)


def keep_running(command: Sequence[str | Path], ready: Path) -> list[str | Path]:
    """Return a command that runs `command` and, as soon as the file `ready` exists, starts it again when it ends.

    Before that, its end is final: who waits for a service to become ready is to see it fail.
    """
    return ["/bin/sh", "-c", AGAIN, ready, *command]


def keep_last_log(log: Path) -> None:
    """Move a log out of the way of the next one, to `<name>.1`."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def sum_cpu(processes: Iterable[psutil.Process]) -> float:
    """Return the CPU time, in seconds, of these processes and of their children that have ended."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):  # it ended just now
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def measure_own_cpu() -> float:
    """Return the CPU time that this process and all processes below it have used."""
    own = psutil.Process()
    return sum_cpu([own, *own.children(recursive=True)])


class Patience:
    """Tells when a wait is hopeless: when nothing has changed although there was enough CPU time to change it.

    Seconds of a clock would say little: on a busy machine everything takes several times as long.
    """

    def __init__(self, seconds: float, cpu_seconds: Callable[[], float]) -> None:
        """Give up after `seconds` of CPU time (as `cpu_seconds` counts it) without a change, or of idleness."""
        self._seconds, self._cpu_seconds = seconds, cpu_seconds
        self._restart(None)

    def _restart(self, sign: object) -> None:
        self._sign, self._since, self._used = sign, time.monotonic(), self._cpu_seconds()

    def is_over(self, sign: object) -> bool:
        """Return whether to give up; `sign` is anything that changes when there is progress."""
        if sign != self._sign:
            self._restart(sign)
        elapsed = time.monotonic() - self._since
        if elapsed < self._seconds:
            return False
        used = self._cpu_seconds() - self._used
        return used >= self._seconds or used < IDLE_SHARE * elapsed


def wait_until(
    name: str,
    problem: Callable[[], str | None],
    session: Session,
    seconds: float,
    find_log: Callable[[str], Path] | None = None,
    cpu_seconds: Callable[[], float] | None = None,
) -> None:
    """Ask `problem` until it has none; say every five seconds what is missing.

    Args:
        seconds: how much CPU time, or idleness, without a change means that the service will never be ready.
        find_log: gives the log that explains a problem; by default it is the session's.
        cpu_seconds: gives the CPU time of those who work on it; by default it is the session's.

    Raises:
        StackError: the leader died, or there was no progress.
    """
    begin = last_said = time.monotonic()
    patience = Patience(seconds, cpu_seconds or session.cpu_seconds)
    while (why := problem()) is not None:
        now = time.monotonic()
        if not session.is_alive():
            raise StackError(f"{name} ended while it was starting\n{read_tail(session.log)}")
        if patience.is_over(why):
            log = find_log(why) if find_log else session.log
            raise StackError(f"{name} is not ready after {now - begin:.0f} s: {why}\n{read_tail(log)}")
        if now - last_said >= 5:
            say(f"… {name} ({now - begin:.0f} s): {why}")
            last_said = now
        time.sleep(0.2)
    say(f"{name} is ready ({time.monotonic() - begin:.1f} s)")


def read_tail(log: Path) -> str:
    """Return the end of a log with its path, for a message."""
    lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:] if log.exists() else []
    return "\n".join([f"--- last lines of {log} ---", *lines])


def say(line: str) -> None:
    print(f"[stack] {line}", file=sys.stderr, flush=True)


def is_free(port: int) -> bool:
    """Whether nobody listens on the loopback port; sockets of ours that are still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def find_free_ports(count: int, wanted: Sequence[int] = ()) -> tuple[int, ...]:
    """Return `count` different free loopback ports: the `wanted` ones where all of them are free."""
    if len(wanted) == count and all(is_free(port) for port in wanted):
        return tuple(wanted)
    # At random, so that others who look at the same time find others.
    candidates = random.sample(SERVICE_PORTS, len(SERVICE_PORTS))
    return tuple(islice((port for port in candidates if is_free(port)), count))
