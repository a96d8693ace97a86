"""Waiting for services: patience with a busy machine, none with what hangs; and nothing is left after Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local import processes
from local.processes import Patience, StackError, find_free_ports, launch, wait_until
from local.services import ROOT

LIMIT = 60.0


class Machine:
    """A clock and a counter of CPU time that a test turns by hand."""

    def __init__(self) -> None:
        self.clock = self.cpu = 0.0

    def spend(self, seconds: float, share: float) -> None:
        self.clock += seconds
        self.cpu += seconds * share


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(time, "monotonic", lambda: machine.clock)
    return machine


@pytest.mark.parametrize(
    ("seconds", "share", "is_over"),
    [(59, 1.0, False), (61, 1.0, True), (61, 0.01, True), (61, 0.5, False), (599, 0.1, False), (601, 0.1, True)],
)
def test_a_wait_is_hopeless_after_seconds_of_cpu_or_of_idleness(
    machine: Machine, seconds: float, share: float, is_over: bool
) -> None:
    patience = Patience(LIMIT, lambda: machine.cpu)
    machine.spend(seconds, share)
    assert patience.is_over(None) is is_over


def test_each_sign_of_progress_gives_the_whole_time_again(machine: Machine) -> None:
    patience = Patience(LIMIT, lambda: machine.cpu)
    for step in range(5):
        machine.spend(50, 1.0)
        assert not patience.is_over(step)
    machine.spend(61, 1.0)
    assert patience.is_over(4)


def test_a_service_that_never_gets_ready_fails_with_the_end_of_the_log_that_explains_it(tmp_path: Path) -> None:
    (tmp_path / "other.log").write_text("the port is taken\n")
    session = launch("sleeper", ["sleep", "60"], os.environ, tmp_path / "own.log", tmp_path)
    try:
        with pytest.raises(StackError, match=r"not ready after .* s: no answer\n(.|\n)*the port is taken"):
            wait_until("sleeper", lambda: "no answer", session, 0.5, lambda _: tmp_path / "other.log")
    finally:
        session.stop(grace=0)


def test_the_cpu_time_of_processes_that_end_meanwhile_is_left_out() -> None:
    child = subprocess.Popen(["true"])
    process = psutil.Process(child.pid)
    child.wait()
    assert processes.sum_cpu([process]) == 0


def test_ports_are_different_and_outside_of_the_range_that_the_system_gives_to_clients() -> None:
    ports = find_free_ports(20)
    assert len(set(ports)) == 20
    assert max(ports) < 32_768


# --- runs of pytest ---------------------------------------------------------------------------------------------

SLEEPER = """
import time
from pathlib import Path

def test_sleeps(store, queue):
    Path(__file__).with_name("ready").touch()
    time.sleep(600)
"""


@pytest.fixture
def run_of_pytest(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """A run of pytest with our fixtures, in a process group of its own as a shell starts it; its output in `out`."""
    code, *options = request.param
    (tmp_path / "test_once.py").write_text(code)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-c", ROOT / "pyproject.toml"]
    with (tmp_path / "out").open("wb") as out:
        run = subprocess.Popen(
            [*map(str, command), *options, str(tmp_path / "test_once.py")],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    yield run
    run.kill()
    run.wait()


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.parametrize("run_of_pytest", [(SLEEPER,), (SLEEPER, "-n", "2")], indirect=True, ids=["alone", "workers"])
def test_ctrl_c_leaves_no_service_running(run_of_pytest: subprocess.Popen[bytes], tmp_path: Path) -> None:
    while not (tmp_path / "ready").exists():
        assert run_of_pytest.poll() is None, (tmp_path / "out").read_text()
        time.sleep(0.1)
    started = psutil.Process(run_of_pytest.pid).children(recursive=True)
    assert len([process for process in started if process.name() in ("weed", "ministack")]) >= 2
    os.killpg(run_of_pytest.pid, signal.SIGINT)
    assert run_of_pytest.wait() == pytest.ExitCode.INTERRUPTED
    _, left = psutil.wait_procs(started, timeout=1)
    assert left == []


HANGS = "import time\ndef test_hangs():\n    time.sleep(600)\n"
LOOPS = "def test_loops():\n    while True: pass\n"


@pytest.mark.slow
@pytest.mark.parametrize("run_of_pytest", [(HANGS, "--timeout=1"), (LOOPS, "--timeout=1")], indirect=True)
def test_a_test_that_hangs_is_stopped_with_a_look_at_where_it_was(
    run_of_pytest: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert run_of_pytest.wait() == pytest.ExitCode.TESTS_FAILED
    assert "Timeout (>1.0s) from pytest-timeout" in (tmp_path / "out").read_text()
