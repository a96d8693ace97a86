"""Sessions of processes that we started, and that can be ended without touching anything else.

Each service is the leader of a session of its own (`start_new_session`). Whatever it forks stays in that session, also
where it makes process groups of its own, as Airflow does for every task. The state file remembers the leader's number
with the moment it was born, so that a number used again by somebody else is never taken for ours.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOG_LINES = 25  # what fits on a screen below the message
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

    def alive(self) -> bool:
        return any(process.pid == self.sid for process in self.members())

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
    """Start `command` as the leader of a session, its output in `log` (begun anew)."""
    log.parent.mkdir(parents=True, exist_ok=True)
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


def wait_until(name: str, problem: Callable[[], str | None], session: Session, seconds: float) -> None:
    """Ask `problem` until it has none; says every five seconds what is still waited for.

    Raises:
        StackError: the leader died, or `seconds` passed.
    """
    begin = said = time.monotonic()
    while (why := problem()) is not None:
        now = time.monotonic()
        if not session.alive():
            raise StackError(f"{name} ended while it was starting\n{tail(session.log)}")
        if now - begin > seconds:
            raise StackError(f"{name} is not ready after {seconds:.0f} s: {why}\n{tail(session.log)}")
        if now - said >= 5:
            say(f"… {name} ({now - begin:.0f} s): {why}")
            said = now
        time.sleep(0.2)
    say(f"{name} is ready ({time.monotonic() - begin:.1f} s)")


def tail(log: Path) -> str:
    """The end of a log with its path, for a message."""
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


def free_ports(count: int, wanted: Sequence[int] = ()) -> tuple[int, ...]:
    """`count` different free loopback ports: the `wanted` ones where all of them are free."""
    if len(wanted) == count and all(is_free(port) for port in wanted):
        return tuple(wanted)
    with contextlib.ExitStack() as held:  # all held at once, or the same one could be given twice
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return tuple(each.getsockname()[1] for each in sockets)
