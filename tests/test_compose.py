"""docker-compose.yml: what it promises, and its own commands, settings and health checks run without containers."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from local.airflow_service import airflow_token
from local.make_env import values, write
from local.processes import Session, free_ports, launch, tail, wait_until
from local.services import EMULATORS, ROOT, bare_env
from pipelines.queue import Queue
from pipelines.settings import Settings

FILE = ROOT / "docker-compose.yml"
POSTGRES = Path("/usr/lib/postgresql/15/bin")  # Debian 12's
AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")
COMPOSE = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
HAS_COMPOSE = subprocess.run([*COMPOSE, "version"], capture_output=True, check=False).returncode == 0 if (
    shutil.which(COMPOSE[0])
) else False  # fmt: skip
needs_compose = pytest.mark.skipif(not HAS_COMPOSE, reason="docker-compose is not installed")
needs_servers = pytest.mark.skipif(
    not (POSTGRES / "postgres").exists() or not shutil.which("redis-server"),
    reason="Debian's postgresql-15 and redis-server are not installed",
)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text())["services"]


def test_every_service_that_stays_has_a_health_check_and_is_started_again(services):
    once = {name for name, service in services.items() if service["restart"] == "no"}
    assert once == {"airflow-init", "store-init"}
    assert {name for name, service in services.items() if "healthcheck" in service} == set(services) - once


def test_ports_are_published_on_the_loopback_only(services):
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_password_is_written_in_the_file_and_none_has_a_default(services):
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD$|SECRET|_KEY|AUTH$|CONN|BROKER|BACKEND", name):
                assert re.search(r"\$\{\w+(:\?run make env|:-)\}", value), name
    assert set(re.findall(r"\$\{(\w+):\?", FILE.read_text())) <= set(values())


def test_every_setting_of_the_library_is_handed_on_and_no_other(services):
    handed = {name for name in services["worker"]["environment"] if name.startswith("COPYDESK_")}
    assert handed == {f"COPYDESK_{field.upper()}" for field in Settings.model_fields}


def test_every_image_has_a_full_version(services):
    assert all(re.search(r":\d+\.\d+", service["image"]) for service in services.values())


def test_what_the_image_holds_is_there(services):
    lines = re.findall(r"^COPY (.+) \S+$", (ROOT / "docker" / "Dockerfile").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for line in lines for name in line.split())


def test_env_is_for_its_owner_only_and_never_overwritten(tmp_path):
    write(tmp_path / ".env")
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write(tmp_path / ".env")


@needs_compose
def test_without_env_docker_compose_says_what_to_do(tmp_path):
    (tmp_path / ".env").touch()
    done = _compose(tmp_path / ".env")
    assert done.returncode != 0
    assert "run make env" in done.stderr


@needs_compose
def test_without_endpoints_and_keys_the_library_uses_aws(tmp_path):
    kept = {n: v for n, v in values().items() if not re.search("ENDPOINT|ACCESS_KEY|PROFILES", n)}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in kept.items()))
    worker = yaml.safe_load(_compose(tmp_path / ".env").stdout)["services"]["worker"]["environment"]
    assert {worker[f"COPYDESK_{n}"] for n in ("S3_ENDPOINT", "SQS_ENDPOINT", "ACCESS_KEY_ID")} == {""}


@pytest.mark.slow
@pytest.mark.services
@needs_compose
@needs_servers
def test_the_files_own_commands_bring_up_airflow_and_its_celery_worker_runs_ingest(tmp_path):
    """Postgres 15 and Redis 7.0 of Debian stand in for Postgres 17 and Valkey 8."""
    with _natively(tmp_path) as native:
        for name in ("postgres", "valkey", "object-store", "queue"):
            native.start(name)
        for name in ("postgres", "valkey", "object-store", "queue"):
            native.wait_until_healthy(name, 30)
        native.run("store-init")
        native.run("airflow-init")
        for name in AIRFLOW:
            native.start(name)
        native.wait_for_airflow()
        for name in AIRFLOW:
            native.wait_until_healthy(name, 45)
        library = native.settings()
        queue = Queue(library, library.queue)
        queue.send("<p>The council met on Monday.</p>")
        assert native.run_dag("copydesk_ingest") == "success"
        assert queue.depth() == (0, 0)
        assert "SUCCESS" in native.celery_results()


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
        home = {"AIRFLOW_HOME": self.here("/opt/airflow"), "PYTHONPATH": str(ROOT), "HOSTNAME": os.uname().nodename}
        return bare_env() | home | {n: self.here(str(v)) for n, v in given.items()} | {"PATH": self.path}

    def command(self, name: str) -> list[str]:
        command = [self.here(word) for word in self.services[name]["command"]]
        if name == "object-store":  # inside a container its other doors need no ports of their own
            doors = ("s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
                     "filer.port", "filer.port.grpc")  # fmt: skip
            return ["weed", "-logtostderr=true", *command, *map("-{}={}".format, doors, free_ports(len(doors)))]
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

    def wait_until_healthy(self, name: str, seconds: float) -> None:
        kind, *words = [self.here(word) for word in self.services[name]["healthcheck"]["test"]]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words

        def problem() -> str | None:
            done = subprocess.run(
                command, env=self.env(name), cwd=self.folder, capture_output=True, text=True, check=False
            )
            return None if done.returncode == 0 else (done.stdout + done.stderr)[-300:]

        wait_until(f"{name}, by its health check,", problem, self.sessions[name], seconds)

    def wait_for_airflow(self) -> None:
        def problem() -> str | None:
            for name in AIRFLOW:
                assert self.sessions[name].alive(), tail(self.sessions[name].log)
            with suppress(OSError):
                health = self._api("monitor/health")
                ill = [name for name, part in health.items() if part["status"] != "healthy"]
                return f"not healthy: {ill}" if ill else None
            return "nobody answers yet"

        wait_until("airflow", problem, self.sessions["api-server"], 90)

    def settings(self) -> Settings:
        env = self.env("worker")
        return Settings(**{n: env[f"COPYDESK_{n.upper()}"] or None for n in Settings.model_fields if n != "region"})

    def run_dag(self, dag: str) -> str:
        password = self.env("api-server")["AIRFLOW_ADMIN_PASSWORD"]
        token = airflow_token(f"http://127.0.0.1:{self.moved['8080']}", password)
        self._api(f"dags/{dag}", token, "PATCH", {"is_paused": False})
        run = self._api(f"dags/{dag}/dagRuns", token, "POST", {"logical_date": None})["dag_run_id"]
        for _ in range(60):
            state: str = self._api(f"dags/{dag}/dagRuns/{run}", token)["state"]
            if state in {"success", "failed"}:
                break
            time.sleep(1)
        return state

    def celery_results(self) -> list[str]:
        address = self.env("worker")["AIRFLOW__CELERY__RESULT_BACKEND"].replace("db+postgresql+psycopg", "postgresql")
        with psycopg.connect(address) as database:
            return [status for (status,) in database.execute("SELECT status FROM celery_taskmeta")]

    def _api(self, path: str, token: str = "", method: str = "GET", body: object = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.moved['8080']}/api/v2/{path}",
            json.dumps(body).encode() if body else None,
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def _natively(folder: Path) -> Iterator[Native]:
    write(folder / ".env")
    services = yaml.safe_load(_compose(folder / ".env").stdout)["services"]
    inside = ("5432", "6379", "8333", "4566", "8080", "8974")
    hosts = ("postgres", "valkey", "object-store", "queue", "api-server")
    ports = dict(zip(inside, map(str, free_ports(len(inside))), strict=True))
    moved = ports | {f"{host}:{port}": f"127.0.0.1:{ports[port]}" for host, port in zip(hosts, inside, strict=False)}
    moved |= {"0.0.0.0": "127.0.0.1", "/opt/copydesk": str(ROOT), "/opt/airflow": str(folder / "airflow")}
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


def _path_with_valkey(folder: Path) -> str:
    """Where programs are found: ours first, and Redis under the names of Valkey."""
    names = folder / "bin"
    names.mkdir()
    for program in ("server", "cli"):
        (names / f"valkey-{program}").symlink_to(shutil.which(f"redis-{program}") or "")
    return ":".join(map(str, (ROOT / ".venv" / "bin", names, POSTGRES, "/usr/bin", "/bin", EMULATORS)))


def _new_cluster(folder: Path, env: Mapping[str, str]) -> Path:
    """A database as Postgres' image makes it from the same variables."""
    home, password = folder / "postgres", folder / "postgres" / "password"
    home.mkdir()
    password.write_text(env["POSTGRES_PASSWORD"])
    if os.getuid() == 0:
        for path in (home, password):
            shutil.chown(path, "postgres")
    data, user, database = home / "data", env["POSTGRES_USER"], env["POSTGRES_DB"]
    given = [f"--username={user}", f"--pwfile={password}", *env["POSTGRES_INITDB_ARGS"].split()]
    _checked([*_as_postgres(), POSTGRES / "initdb", "--no-sync", f"--pgdata={data}", *given])
    single = [*_as_postgres(), POSTGRES / "postgres", "--single", "-D", data, "postgres"]
    _checked(single, f"CREATE DATABASE {database}\n")
    return data


def _as_postgres() -> list[str]:
    """Postgres does not run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def _checked(command: list[str | Path], text: str = "") -> None:
    done = subprocess.run(command, input=text, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _compose(env: Path) -> subprocess.CompletedProcess[str]:
    """What docker-compose makes of the file with these settings and no others."""
    command = [*COMPOSE, "--env-file", str(env), "--file", str(FILE), "config"]
    nothing_else = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(command, env=nothing_else, capture_output=True, text=True, check=False)
