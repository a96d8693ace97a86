"""docker-compose.yml without containers: its services as processes of this machine, on free loopback ports.

Commands, environment and health checks are read out of the file, as docker-compose understands it. What a container
would give otherwise is exchanged: hosts, ports, folders, and the programs of Postgres' and Valkey's images.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import yaml

from local.airflow_service import fetch_airflow_token
from local.make_env import write_env
from local.processes import Session, find_free_ports, launch, measure_own_cpu, read_tail, wait_until
from local.run import wait
from local.services import EMULATORS, ROOT, build_bare_env
from pipelines.settings import Settings, read_settings

FILE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "docker" / "Dockerfile"
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)  # where Debian has it
AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")
COMPOSE = ("docker-compose",) if shutil.which("docker-compose") else ("docker", "compose")


def has_compose() -> bool:
    """Whether docker-compose is installed, in its first or second version."""
    with suppress(FileNotFoundError):
        return subprocess.run([*COMPOSE, "version"], capture_output=True, check=False).returncode == 0
    return False


def has_servers() -> bool:
    return bool(POSTGRES and shutil.which("redis-server"))


def config(env: Path) -> subprocess.CompletedProcess[str]:
    """What docker-compose makes of the file with these settings and no others."""
    command = [*COMPOSE, "--env-file", str(env), "--file", str(FILE), "config"]
    nothing_else = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(command, env=nothing_else, capture_output=True, text=True, check=False)


def copied() -> list[tuple[str, str]]:
    """What the image of the library holds: each source in the checkout with its place below /opt/copydesk."""
    lines = DOCKERFILE.read_text().partition("WORKDIR /opt/copydesk")[2].splitlines()
    copies = [line.split()[1:] for line in lines if line.startswith("COPY ")]
    return [
        (source, target + Path(source).name if target.endswith("/") else target)
        for *sources, target in copies
        for source in sources
    ]


@dataclass(frozen=True)
class Native:
    """The services of the file as processes of this machine: other ports, other folders, otherwise as they are."""

    services: Mapping[str, Any]
    folder: Path
    moved: Mapping[str, str]
    path: str
    logs: Path
    sessions: dict[str, Session]

    def here(self, text: str) -> str:
        """A text of the file with its hosts, ports and folders exchanged for those of this machine."""
        names = "|".join(re.escape(name) for name in sorted(self.moved, key=len, reverse=True))
        return re.sub(rf"(?<![\w-])({names})(?![\w-])", lambda found: self.moved[found[0]], text.replace("$$", "$"))

    def env(self, name: str) -> dict[str, str]:
        given = self.services[name].get("environment", {})
        home = {
            "AIRFLOW_HOME": self.here("/opt/airflow"),
            "PYTHONPATH": self.here("/opt/copydesk"),
            "HOSTNAME": os.uname().nodename,
        }
        return build_bare_env() | home | {n: self.here(str(v)) for n, v in given.items()} | {"PATH": self.path}

    def command(self, name: str) -> list[str]:
        command = [self.here(word) for word in self.services[name]["command"]]
        if name == "object-store":  # inside a container its other doors need no ports of their own
            doors = ("s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
                     "filer.port", "filer.port.grpc")  # fmt: skip
            return ["weed", "-logtostderr=true", *command, *map("-{}={}".format, doors, find_free_ports(len(doors)))]
        if name == "postgres":
            data = _new_cluster(self.folder, self.env("postgres"))
            own = ["-D", str(data), "-p", self.moved["5432"], "-k", "", "-c", "listen_addresses=127.0.0.1"]
            return [*_as_postgres(), *command, *own]
        return command

    def start(self, name: str) -> None:
        log = self.logs / f"{name}.log"
        self.sessions[name] = launch(name, self.command(name), self.env(name), log, cwd=self.folder)

    def run(self, name: str) -> None:
        done = subprocess.run(
            self.command(name), env=self.env(name), cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    def is_healthy(self, name: str, other: Mapping[str, str] | None = None) -> bool:
        """What the service's health check says, with `other` variables where given."""
        kind, *words = [self.here(word) for word in self.services[name]["healthcheck"]["test"]]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        env = {**self.env(name), **(other or {})}
        return subprocess.run(command, env=env, cwd=self.folder, capture_output=True, check=False).returncode == 0

    def wait_until_healthy(self, name: str, seconds: float) -> None:
        def problem() -> str | None:
            return None if self.is_healthy(name) else "not healthy"

        # The checks themselves take most of the time.
        session = self.sessions[name]
        wait_until(f"{name}, by its health check,", problem, session, seconds, cpu_seconds=measure_own_cpu)

    def wait_for_airflow(self) -> None:
        def problem() -> str | None:
            for name in AIRFLOW:
                assert self.sessions[name].is_alive(), read_tail(self.sessions[name].log)
            with suppress(OSError):
                health = self._api("monitor/health")
                ill = [name for name, part in health.items() if part["status"] != "healthy"]
                return f"not healthy: {ill}" if ill else None
            return "nobody answers yet"

        def find_log(problem: str) -> Path:
            """Return the log of the component that is named by a problem; while nobody answers, the API server's."""
            named = (name for name in AIRFLOW if name.replace("-", "_") in problem)
            return self.sessions[next(named, "api-server")].log

        wait_until("airflow", problem, self.sessions["api-server"], 150, find_log, measure_own_cpu)

    def settings(self) -> Settings:
        return read_settings(self.env("worker"))

    def token(self) -> str:
        password = self.env("api-server")["AIRFLOW_ADMIN_PASSWORD"]
        return fetch_airflow_token(f"http://127.0.0.1:{self.moved['8080']}", password)

    def run_dag(self, dag: str) -> tuple[str, str]:
        """The run's state at its end, and its name."""
        token = self.token()
        self._api(f"dags/{dag}", token, "PATCH", {"is_paused": False})
        run = self._api(f"dags/{dag}/dagRuns", token, "POST", {"logical_date": None})["dag_run_id"]
        state = ""

        def find_unfinished() -> str | None:
            nonlocal state
            state = self._api(f"dags/{dag}/dagRuns/{run}", token)["state"]
            return None if state in {"success", "failed"} else state

        wait(dag, find_unfinished, 60, measure_own_cpu)
        return state, run

    def log(self, dag: str, run: str, task: str) -> str:
        """A task's log as the API server shows it."""
        return str(self._api(f"dags/{dag}/dagRuns/{run}/taskInstances/{task}/logs/1", self.token()))

    def listening(self) -> set[str]:
        """The addresses that anything started here listens on."""
        ours = {process.pid for session in self.sessions.values() for process in session.members()}
        # Of all processes at once, as psutil then leaves out those that end meanwhile.
        sockets = [each for each in psutil.net_connections("inet") if each.pid in ours]
        return {each.laddr.ip for each in sockets if each.laddr and each.status == psutil.CONN_LISTEN}

    def celery_results(self) -> list[str]:
        address = self.env("worker")["AIRFLOW__CELERY__RESULT_BACKEND"].replace("db+postgresql+psycopg", "postgresql")
        with psycopg.connect(address) as database:
            return [str(status) for (status,) in database.execute("SELECT status FROM celery_taskmeta")]

    def _api(self, path: str, token: str = "", method: str = "GET", body: object = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.moved['8080']}/api/v2/{path}",
            json.dumps(body).encode() if body else None,
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def natively(folder: Path) -> Iterator[Native]:
    """The services that are to be started, with an .env and a copy of the image's files; ends what was started."""
    write_env(folder / ".env")
    services = yaml.safe_load(config(folder / ".env").stdout)["services"]
    inside = ("5432", "6379", "8333", "4566", "8080", "8974")
    hosts = ("postgres", "valkey", "object-store", "queue", "api-server")
    ports = dict(zip(inside, map(str, find_free_ports(len(inside))), strict=True))
    moved = ports | {f"{host}:{port}": f"127.0.0.1:{ports[port]}" for host, port in zip(hosts, inside, strict=False)}
    image = _image(folder / "image")
    moved |= {"0.0.0.0": "127.0.0.1", "/opt/copydesk": str(image), "/opt/airflow": str(folder / "airflow")}
    with ExitStack() as ending:
        # Not below the test's own folder, which the user that Postgres runs as may not enter.
        data = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="copydesk-compose-")))
        data.chmod(0o755)
        native = Native(
            services, data, moved | {"/data": str(data / "data")}, _path_with_valkey(folder), folder / "logs", {}
        )
        (data / "data").mkdir()
        (folder / "airflow").mkdir()
        ending.callback(_stop_all, native.sessions)
        yield native


def _stop_all(sessions: Mapping[str, Session]) -> None:
    for name in sorted(sessions, key=lambda name: name not in AIRFLOW):  # Airflow before what it uses
        sessions[name].stop(grace=3)


def _image(folder: Path) -> Path:
    for source, target in copied():
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / source, folder / target)
    return folder


def _path_with_valkey(folder: Path) -> str:
    """Where programs are found: ours first, and Redis under the names of Valkey."""
    names = folder / "bin"
    names.mkdir()
    for program in ("server", "cli"):
        (names / f"valkey-{program}").symlink_to(shutil.which(f"redis-{program}") or "")
    return ":".join(map(str, (ROOT / ".venv" / "bin", names, POSTGRES, "/usr/bin", "/bin", EMULATORS)))


def _new_cluster(folder: Path, env: Mapping[str, str]) -> Path:
    """A database as Postgres' image makes it from the same variables."""
    assert POSTGRES is not None, "Debian's postgresql is not installed"
    home, password = folder / "postgres", folder / "postgres" / "password"
    home.mkdir()
    password.write_text(env["POSTGRES_PASSWORD"])
    if os.getuid() == 0:
        for path in (home, password):
            shutil.chown(path, "postgres")
    data, user, database = home / "data", env["POSTGRES_USER"], env["POSTGRES_DB"]
    given = [f"--username={user}", f"--pwfile={password}", *env["POSTGRES_INITDB_ARGS"].split()]
    _checked([*_as_postgres(), POSTGRES / "initdb", "--no-sync", f"--pgdata={data}", *given])
    single: list[str | Path] = [*_as_postgres(), POSTGRES / "postgres", "--single", "-D", data, "postgres"]
    _checked(single, f"CREATE DATABASE {database}\n")
    return data


def _as_postgres() -> list[str]:
    """Postgres does not run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def _checked(command: list[str | Path], text: str = "") -> None:
    done = subprocess.run(command, input=text, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
