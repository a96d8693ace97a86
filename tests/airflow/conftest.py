"""The stack that the tests of this folder share: started once, in a temporary folder, on free ports, and ended."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from local.airflow_service import airflow_env, start_airflow
from local.run import Airflow
from local.services import ROOT, secrets_in, settings, start_queue, start_store
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.airflow.running import Running, webhook

CODE = ("pipelines", "expectations", "dags", "plugins")


@pytest.fixture(scope="module")
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
        start_store(folder) as store,
        start_queue(folder) as queue,
    ):
        where = settings(secrets_in(folder), store.url, queue.url)
        told = where | {"COPYDESK_NOTIFY": notify}
        with start_airflow(folder, told, (), checkout) as airflow:
            found, password = read_settings(where), secrets_in(folder).admin_password
            yield Running(
                checkout,
                airflow.url,
                password,
                airflow_env(folder, told, airflow.ports[0], checkout),
                Airflow(airflow.url, password),
                Store(found),
                Queue(found, found.queue),
                heard,
            )
