"""Airflow for development: its database, its settings, and its four components in one session of processes."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from local import scheduler
from local.processes import StackError, keep_last_log, keep_running, read_tail, say
from local.services import (
    PORTS,
    ROOT,
    Command,
    Service,
    build_bare_env,
    describe_trouble,
    get_ready_file,
    load_secrets,
    start_service,
    write_env,
    write_private,
)

AIRFLOW = "Airflow"
COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
# As in docker-compose.yml: a task outlasts an API server that is away for minutes, and what a scheduler that was killed
# leaves behind is taken up soon after its heartbeat is too old.
SURVIVING_RESTARTS = {
    "AIRFLOW__WORKERS__MAX_FAILED_HEARTBEATS": "60",  # one each 5 s; by default, 3
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "12",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "30",  # seconds
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",  # seconds; by default, 300
}


def migrate_airflow(folder: Path) -> None:
    """Create or upgrade Airflow's database; done once a version of Airflow."""
    home = folder / "airflow"
    home.mkdir(parents=True, exist_ok=True)
    begin, log = time.monotonic(), folder / "logs" / "migrate.log"
    stamp, version = home / "migrated", metadata.version("apache-airflow")
    if stamp.exists() and stamp.read_text() == version:
        return
    say("Airflow's database is being made")
    database = sqlite3.connect(home / "airflow.db")
    database.execute("PRAGMA journal_mode=WAL")  # kept in the file: readers do not wait for the one writer
    database.close()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=build_airflow_env(folder, {}, 0, ROOT),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise StackError(f"airflow db migrate failed\n{read_tail(log)}")
    stamp.write_text(version)
    say(f"Airflow's database is ready ({time.monotonic() - begin:.1f} s)")


def build_airflow_env(folder: Path, where: Mapping[str, str], port: int, checkout: Path = ROOT) -> dict[str, str]:
    """Return all of Airflow's settings as environment variables; there is no airflow.cfg to get out of step."""
    home, secret = folder / "airflow", load_secrets(folder)
    write_private(home / "passwords.json", {"admin": secret.admin_password})
    return {
        **build_bare_env(),
        **where,
        "AIRFLOW_HOME": str(home),
        # DAG files and plugins import the library and its plugin package from this checkout, wherever else they are
        # installed.
        "PYTHONPATH": f"{checkout}{os.pathsep}{checkout / 'plugins'}",
        "AIRFLOW__CORE__DAGS_FOLDER": str(checkout / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(checkout / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__FERNET_KEY": secret.fernet_key,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        # A task that was killed is tried again after this many seconds without a sign of it; by default, 300.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
        # On a busy machine the one writer may wait for longer than the 5 s after which SQLite gives up.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}?timeout=60",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secret.api_secret_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": secret.jwt_secret,
        **SURVIVING_RESTARTS,
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",  # seconds: on a busy machine 5 are soon over
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        # A watcher starts once the scheduler has found its asset in use and the file has been parsed again after that.
        # With the defaults, 60 and 30 s, that takes a minute.
        "AIRFLOW__SCHEDULER__PARSING_CLEANUP_INTERVAL": "3",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "8",
        "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",  # a new DAG file is seen after this many seconds
    }


def start_airflow(
    folder: Path,
    where: Mapping[str, str],
    wanted: Sequence[int] = (),
    checkout: Path = ROOT,
) -> Service:
    """Start Airflow's four components in one session; it is ready when all of them say that they are healthy.

    DAGs, plugins and library are those of `checkout`; `where` is what `build_settings` gave. The user is
    `admin`, with the password in the folder's secrets.
    """
    migrate_airflow(folder)
    home, secret = folder / "airflow", load_secrets(folder)
    ended = home / "ended"

    def command(ports: Sequence[int]) -> Command:
        ended.unlink(missing_ok=True)
        # The shell leads the session; a component that ends while Airflow is starting leaves its name behind.
        lines = []
        for name in COMPONENTS:
            log = folder / "logs" / f"{name}.log"
            keep_last_log(log)
            again = shlex.join(map(str, keep_running(_build_command(name, ports[0]), get_ready_file(folder, AIRFLOW))))
            lines.append(f'({again} >>"{log}" 2>&1; echo {name} >>"{ended}") &')
        argv: list[str | Path] = ["/bin/sh", "-c", "\n".join([*lines, "wait"])]
        env = build_airflow_env(folder, where, ports[0], checkout)
        # For a person's shell: `airflow` against this stack.
        named = {name: env[name] for name in env if name.startswith(("AIRFLOW", "COPYDESK_")) or name == "PYTHONPATH"}
        write_env(folder / "airflow-env", named)
        return argv, env

    def ready(service: Service) -> Callable[[], str | None]:
        def problem() -> str | None:
            for name in _list_ended_components(folder):
                raise StackError(f"Airflow's {name} ended\n{read_tail(folder / 'logs' / f'{name}.log')}")
            return describe_trouble(lambda: _find_unhealthy(service.url, secret.admin_password, service.session.born))

        return problem

    def find_log(problem: str) -> Path:
        """Return the log of the component that is named by a problem; while nobody answers, the API server's."""
        named = (name for name in COMPONENTS if problem.startswith(name.replace("-", "_")))
        return folder / "logs" / f"{next(named, 'api-server')}.log"

    # All four use some 40 s of CPU time until they are ready.
    return start_service(
        AIRFLOW, command, folder, PORTS["airflow"], wanted, ready, grace=8.0, seconds=90, find_log=find_log
    )


def _build_command(name: str, port: int) -> list[str | Path]:
    """Return the command of one component; the scheduler waits for the API server, at its start and later ones.

    A task that it starts before the API server answers fails, three times on a busy machine.
    """
    if name != "scheduler":
        return [sys.executable, "-m", "airflow", name, *(["--skip-serve-logs"] if name == "triggerer" else [])]
    answers = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)"
    wait = f'until "$0" -c "{answers}" 2>/dev/null; do sleep 0.5; done; exec "$0" "$@"'
    return ["/bin/sh", "-c", wait, sys.executable, "-P", Path(scheduler.__file__), "--skip-serve-logs"]


def _list_ended_components(folder: Path) -> list[str]:
    """List the components that ended by themselves while Airflow was starting here."""
    ended = folder / "airflow" / "ended"
    return ended.read_text().split() if ended.exists() else []


def fetch_airflow_token(url: str, password: str) -> str:
    """Return a bearer token for Airflow's REST API."""
    body = json.dumps({"username": "admin", "password": password}).encode()
    token: str = _fetch_json(urllib.request.Request(f"{url}/auth/token", body, {"Content-Type": "application/json"}))[
        "access_token"
    ]
    return token


def _find_unhealthy(url: str, password: str, since: float) -> str | None:
    """Return what is not healthy yet, starting with the component's name; None if all is well."""
    health = _fetch_json(urllib.request.Request(f"{url}/api/v2/monitor/health"))
    heartbeats = {
        "metadatabase": None,
        "scheduler": "latest_scheduler_heartbeat",
        "dag_processor": "latest_dag_processor_heartbeat",
        "triggerer": "latest_triggerer_heartbeat",
    }
    for name, heartbeat in heartbeats.items():
        if health[name]["status"] != "healthy":
            return f"{name} is {health[name]['status'] or 'not there yet'}"
        # The last run's heartbeat looks healthy for half a minute after a quick restart.
        if heartbeat and _parse_epoch(health[name][heartbeat]) < since:
            return f"{name} has not reported yet"
    fetch_airflow_token(url, password)  # only ours lets us in: somebody else's server on this port would not
    return None


def _parse_epoch(stamp: str) -> float:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def _fetch_json(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
