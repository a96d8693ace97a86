"""A day is published without a person whatever is killed meanwhile (`python -m tests.airflow.faults` tries it all)."""

from collections.abc import Callable

import pytest

from tests.airflow.faults import Outcome, kill, land_days, meet_fault, take_away
from tests.airflow.running import Running

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(1_200)]

Fault = Callable[[Running], None]
FAULTS: dict[str, tuple[str, Fault]] = {
    "the scheduler is killed": ("enrich_batches", lambda running: kill(running, "scheduler")),
    "the API server is killed": ("assemble", lambda running: kill(running, "api-server")),
    "the store is away": ("validate", lambda running: take_away(running, "store", 20)),
}


@pytest.fixture(scope="module")
def days(running: Running) -> dict[str, str]:
    """A landed day for each fault."""
    return dict(zip(FAULTS, land_days(running, len(FAULTS)), strict=True))


@pytest.mark.parametrize("name", FAULTS)
def test_a_day_is_published_without_a_person(running: Running, days: dict[str, str], name: str) -> None:
    stage, fault = FAULTS[name]
    end: Outcome = meet_fault(running, days[name], stage, lambda: fault(running))
    assert (end.state, end.lost, end.duplicated) == ("success", 0, 0)
