"""docker-compose.yml: what it promises, and its own commands, settings and health checks run without containers."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from local.make_env import generate_values, write_env
from local.services import ROOT
from pipelines.services.queue import Queue
from pipelines.settings import Settings
from tests.natively import AIRFLOW, FILE, config, copied, has_compose, has_servers, natively

STORES = ("postgres", "valkey", "object-store", "queue")
needs_compose = pytest.mark.skipif(not has_compose(), reason="docker-compose is not installed")
needs_servers = pytest.mark.skipif(not has_servers(), reason="Debian's postgresql and redis-server are not installed")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return services


def test_every_service_that_stays_has_a_health_check_and_is_started_again(services: dict[str, Any]) -> None:
    once = {name for name, service in services.items() if service["restart"] == "no"}
    assert once == {"airflow-init", "store-init"}
    assert {name for name, service in services.items() if "healthcheck" in service} == set(services) - once


def test_ports_are_published_on_the_loopback_only(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_password_is_written_in_the_file_and_none_has_a_default(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD$|SECRET|_KEY|AUTH$|CONN|BROKER|BACKEND", name):
                assert re.search(r"\$\{\w+(:\?run make env|:-)\}", value), name
    assert set(re.findall(r"\$\{(\w+):\?", FILE.read_text())) <= set(generate_values())


def test_every_setting_of_the_library_is_handed_on_and_no_other(services: dict[str, Any]) -> None:
    handed = {name for name in services["worker"]["environment"] if name.startswith("COPYDESK_")}
    assert handed == {f"COPYDESK_{field.upper()}" for field in Settings.model_fields}


def test_every_image_has_a_full_version(services: dict[str, Any]) -> None:
    assert all(re.search(r":\d+\.\d+", service["image"]) for service in services.values())


def test_what_the_image_holds_is_in_the_checkout_and_let_through_to_the_build() -> None:
    sources = {source for source, _ in copied()}
    assert all((ROOT / source).exists() for source in sources)
    let_through = (ROOT / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    assert {f"!{source}" for source in sources} <= set(let_through)


def test_env_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    write_env(tmp_path / ".env")
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_env(tmp_path / ".env")


@needs_compose
def test_without_env_docker_compose_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / ".env").touch()
    done = config(tmp_path / ".env")
    assert done.returncode != 0
    assert "run make env" in done.stderr


@needs_compose
def test_without_endpoints_and_keys_the_library_uses_aws(tmp_path: Path) -> None:
    kept = {n: v for n, v in generate_values().items() if not re.search("ENDPOINT|ACCESS_KEY|PROFILES", n)}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in kept.items()))
    worker = yaml.safe_load(config(tmp_path / ".env").stdout)["services"]["worker"]["environment"]
    assert {worker[f"COPYDESK_{n}"] for n in ("S3_ENDPOINT", "SQS_ENDPOINT", "ACCESS_KEY_ID")} == {""}


@pytest.mark.slow
@pytest.mark.stack
@pytest.mark.services
@needs_compose
@needs_servers
def test_the_files_own_commands_bring_up_airflow_and_its_celery_worker_runs_ingest(tmp_path: Path) -> None:
    """Debian's Postgres 15 and Redis 7.0 stand in for Postgres 17 and Valkey 8."""
    with natively(tmp_path) as native:
        for name in STORES:
            native.start(name)
        for name in STORES:
            native.wait_until_healthy(name, 30)
        for name in ("store-init", "airflow-init", "store-init", "airflow-init"):  # the second time changes nothing
            native.run(name)
        for name in AIRFLOW:
            native.start(name)
        native.wait_for_airflow()
        for name in AIRFLOW:
            native.wait_until_healthy(name, 90)

        library = native.settings()
        queue = Queue(library, library.queue)
        queue.send("<p>The council met on Monday.</p>")
        state, run = native.run_dag("copydesk_ingest")
        assert state == "success"
        assert queue.depth() == (0, 0)
        assert "SUCCESS" in native.celery_results()
        assert "ingest_pass" in native.log("copydesk_ingest", run, "ingest_pass")

        assert native.listening() == {"127.0.0.1"}
        address = native.env("worker")["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg", "")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(re.sub(r":[^:@]+@", ":wrong@", address))
        for password in ("", "wrong"):
            assert not native.is_healthy("valkey", {"REDISCLI_AUTH": password})
        native.sessions["worker"].stop(grace=10)
        assert not native.is_healthy("worker")
