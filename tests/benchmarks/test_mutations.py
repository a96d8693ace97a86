"""The harness counts what was caught, by set and rate; and some of what the checks caught they catch still."""

import random
from datetime import date

import pyarrow as pa
import pytest

from benchmarks import mutations
from benchmarks.defects import KINDS, OPENED, UNOPENED
from benchmarks.judging import verdicts
from benchmarks.mutations import ABSENT, CRITICAL, MISSED, WARNING, kept, missed_now, score, summary
from benchmarks.simulated_days import SEED, simulated_day

DAY = date(2026, 3, 4)
SAMPLE = 10  # kinds of defect


@pytest.fixture(scope="module")
def clean() -> dict[str, pa.Table]:
    return simulated_day(DAY, SEED, 100)


def test_an_item_in_no_place_is_critical(clean: dict[str, pa.Table]):
    lost = KINDS["items_lost"].put(dict(clean), 0.01, random.Random(1))
    assert CRITICAL in {severity for severity, _ in verdicts(lost, [], DAY)}


def test_shares_are_of_the_defects_that_the_day_could_have():
    kinds = [next(kind for kind in OPENED.values() if kind.is_visible), *list(UNOPENED.values())[:3]]
    said = dict(zip((kind.name for kind in kinds), (CRITICAL, WARNING, MISSED, ABSENT), strict=True))
    lines = list(summary(kinds, {name: {"0.01": outcome} for name, outcome in said.items()}))
    assert (
        lines[0] == "opened, all kinds, at 1.0%: 1 of 1 caught, 100.0%; 1 by a critical, 0 by a warning alone; 0 absent"
    )
    assert (
        "unopened, all kinds, at 1.0%: 1 of 2 caught, 50.0%; 0 by a critical, 1 by a warning alone; 1 absent" in lines
    )


def test_what_was_caught_and_is_missed_now_is_told():
    before = {"a": {"0.01": WARNING, "0.1": CRITICAL}, "b": {"0.01": MISSED}}
    found = {"a": {"0.01": MISSED, "0.1": WARNING}, "b": {"0.01": MISSED}, "new": {"0.01": MISSED}}
    assert missed_now(before, found) == ["a at 0.01"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_checks_catch_what_they_caught_when_it_was_last_written_down(monkeypatch: pytest.MonkeyPatch):
    """A sample, beside eight days instead of 28; `python -m benchmarks.mutations --check` asks for all."""
    caught = [name for name, outcomes in kept()["kinds"].items() if outcomes.get("0.01") in (CRITICAL, WARNING)]
    sample = [KINDS[name] for name in caught[:: max(1, len(caught) // SAMPLE)]]
    assert len(sample) >= SAMPLE
    monkeypatch.setattr(mutations, "HISTORY", 8)
    assert missed_now(kept()["kinds"], score(sample, [0.01])) == []
