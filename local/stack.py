"""Start, look at and end the development stack: `python -m local.stack up | down | status`.

Data, logs, generated passwords and the ports in use live in `.local/` of this checkout.
"""

import argparse
import contextlib
import fcntl
import json
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from local.airflow_service import start_airflow
from local.processes import Session, StackError, find_free_ports, say
from local.services import (
    PORTS,
    ROOT,
    Service,
    build_settings,
    format_url,
    load_secrets,
    start_queue,
    start_store,
    write_env,
)

FOLDER = ROOT / ".local"


def start_stack(folder: Path = FOLDER) -> dict[str, Service]:
    """Start what does not run yet, wait until all of it is ready, and write `env`.

    Raises:
        StackError: something did not start; what did start stays up, for a look at it.
    """
    with _locked(folder):
        known = _read_state(folder)
        running = {name: service for name, service in known.items() if service.session.is_alive()}
        for name in known.keys() - running.keys():
            known[name].stop()  # what a dead leader left behind
        # Ports for all are chosen before anything starts, so that Airflow, the slowest, need not wait for the others.
        wanted = {name: find_free_ports(PORTS[name], known[name].ports if name in known else ()) for name in PORTS}
        ports = {name: running[name].ports if name in running else wanted[name] for name in PORTS}
        where = build_settings(load_secrets(folder), format_url(ports["store"]), format_url(ports["queue"]))
        if "airflow" in running and _read_env_file(folder) != where:
            running.pop("airflow").stop()  # it was told other addresses
        write_env(folder / "env", where)
        start: dict[str, Callable[[], Service]] = {
            "store": lambda: start_store(folder, ports["store"]),
            "queue": lambda: start_queue(folder, ports["queue"]),
            "airflow": lambda: start_airflow(folder, where, ports["airflow"]),
        }
        starting: dict[str, Future[Service]] = {}
        try:
            with ThreadPoolExecutor(len(start)) as pool:
                starting |= {name: pool.submit(start[name]) for name in start if name not in running}
        finally:  # also when interrupted: what runs must be known to `stop_stack`
            running |= {name: each.result() for name, each in starting.items() if each.exception() is None}
            _write_state(folder, {**known, **running})
        for each in starting.values():
            each.result()
        where = build_settings(load_secrets(folder), running["store"].url, running["queue"].url)
        if _read_env_file(folder) != where:  # a port was taken just then, and others had to be used: tell Airflow
            write_env(folder / "env", where)
            running["airflow"].stop()
            running["airflow"] = start_airflow(folder, where, running["airflow"].ports)
            _write_state(folder, running)
    return running


def stop_stack(folder: Path = FOLDER, volumes: bool = False) -> None:
    """End what `start_stack` started and nothing else. Data stays unless `volumes`."""
    with _locked(folder):
        known = _read_state(folder)
        if "airflow" in known:
            known.pop("airflow").stop()  # before what it uses
        with ThreadPoolExecutor(len(PORTS)) as pool:
            list(pool.map(Service.stop, known.values()))
    if volumes:
        shutil.rmtree(folder)


def read_env(folder: Path = FOLDER) -> dict[str, str]:
    """Return the settings with which the library uses the running stack: the lines of `.local/env`.

    Raises:
        StackError: the stack has never been up.
    """
    where = _read_env_file(folder)
    if not where:
        raise StackError("the development stack has not been started; run: make up")
    return where


def _read_env_file(folder: Path) -> dict[str, str]:
    path = folder / "env"
    return dict(word.split("=", 1) for word in shlex.split(path.read_text())) if path.exists() else {}


def _read_state(folder: Path) -> dict[str, Service]:
    path = folder / "state.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    return {
        name: Service(
            Session(each["title"], each["sid"], each["born"], Path(each["log"]), folder),
            tuple(each["ports"]),
            each["grace"],
        )
        for name, each in found.items()
    }


def _write_state(folder: Path, services: Mapping[str, Service]) -> None:
    content = {
        name: {
            "title": service.session.name,
            "sid": service.session.sid,
            "born": service.session.born,
            "log": str(service.session.log),
            "ports": service.ports,
            "grace": service.grace,
        }
        for name, service in services.items()
    }
    (folder / "state.json").write_text(json.dumps(content, indent=1))


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one start or end of a folder's stack happen at a time; the second waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and wait until it is ready")
    ending = commands.add_parser("down", help="end everything; data stays")
    ending.add_argument("--volumes", action="store_true", help="and delete data, logs and passwords")
    commands.add_parser("status", help="what runs, and where")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an interruption, so that nothing is left unrecorded
    begin = time.monotonic()
    try:
        if asked.command == "up":
            _print_services(start_stack())
            say(f"up after {time.monotonic() - begin:.0f} s")
        elif asked.command == "down":
            stop_stack(volumes=asked.volumes)
            say(f"down after {time.monotonic() - begin:.0f} s")
        else:
            running = {name: service for name, service in _read_state(FOLDER).items() if service.session.is_alive()}
            _print_services(running)
            return 0 if len(running) == len(PORTS) else 1
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _print_services(running: Mapping[str, Service]) -> None:
    for name in PORTS:
        print(f"{name:8} {running[name].url if name in running else 'not running'}")
    if "airflow" in running:
        print(f"login    admin / {load_secrets(FOLDER).admin_password}")
    print(f"files    {FOLDER}")


if __name__ == "__main__":
    sys.exit(main())
