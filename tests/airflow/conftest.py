"""The stack that all tests of this folder share: started once, in a temporary folder, on free ports, and ended."""

from collections.abc import Iterator

import pytest

from tests.airflow.running import Running, StoppedRun, start_running, stop_a_day


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start_running(tmp_path_factory.mktemp("checkout")) as running:
        yield running


@pytest.fixture(scope="session")
def stopped(running: Running) -> StoppedRun:
    return stop_a_day(running)
