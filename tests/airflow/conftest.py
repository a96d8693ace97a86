"""The stack that all tests of this folder share: started once, in a temporary folder, on free ports, and ended."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from local.airflow_service import build_airflow_env, start_airflow
from local.run import Airflow
from local.services import ROOT, build_settings, load_secrets, start_queue, start_store
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.airflow.running import Running, StoppedRun, stop_a_day, webhook
from tests.conftest import end_at_once

CODE = ("pipelines", "expectations", "dags", "plugins")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Airflow with our DAGs and plugins, its own store and queue, and a webhook for failures.

    From a copy of the checkout: one test adds a rule, and what somebody edits meanwhile changes no stage's version.
    """
    checkout = tmp_path_factory.mktemp("checkout")
    for name in CODE:
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder, heard = checkout / ".local", list[dict[str, Any]]()
    with (
        webhook(heard) as notify,
        end_at_once(start_store(folder)) as store,
        end_at_once(start_queue(folder)) as queue,
    ):
        where = build_settings(load_secrets(folder), store.url, queue.url)
        told = where | {"COPYDESK_NOTIFY": notify}
        with end_at_once(start_airflow(folder, told, (), checkout)) as airflow:
            found, password = read_settings(where), load_secrets(folder).admin_password
            yield Running(
                checkout,
                airflow.url,
                password,
                build_airflow_env(folder, told, airflow.ports[0], checkout),
                Airflow(airflow.url, password),
                Store(found),
                Queue(found, found.queue),
                {"store": store, "queue": queue, "airflow": airflow},
                heard,
            )


@pytest.fixture(scope="session")
def stopped(running: Running) -> StoppedRun:
    return stop_a_day(running)
