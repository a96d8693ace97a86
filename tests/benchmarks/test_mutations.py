"""The benchmark counts what was caught, by set and rate; and the checks still catch some of what they caught."""

import random
from datetime import date

import pyarrow as pa
import pytest

from benchmarks import mutations
from benchmarks.defects import KINDS, SETS
from benchmarks.mutations import ABSENT, CRITICAL, MISSED, WARNING, find_failures, find_lost, read_results, sum_up
from benchmarks.simulated_days import SEED, simulate_day

DAY = date(2026, 3, 4)
SAMPLE = 6  # kinds of defect


@pytest.fixture(scope="module")
def clean() -> dict[str, pa.Table]:
    return simulate_day(DAY, SEED, 100)


@pytest.mark.slow
def test_an_item_in_no_place_is_critical(clean: dict[str, pa.Table]) -> None:
    lost = KINDS["items_lost"].put(dict(clean), 0.01, random.Random(1))
    assert CRITICAL in {severity for severity, _ in find_failures(lost, {}, DAY)}


def test_shares_are_of_the_defects_that_the_day_could_have() -> None:
    second = next(kind for kind in SETS["second"].values() if kind.is_visible)
    third = [kind for kind in SETS["third"].values() if kind.sets == (3,)][:3]
    outcomes = (CRITICAL, WARNING, MISSED, ABSENT)
    by_kind = {kind.name: {"0.01": each} for kind, each in zip((second, *third), outcomes, strict=True)}
    lines = list(sum_up([second, *third], by_kind))
    assert (
        "second set, all kinds, at 1.0%: 1 of 1 caught, 100.0%; 1 by a critical check, 0 by a warning alone; 0 absent"
        in lines
    )
    assert (
        "third set, all kinds, at 1.0%: 1 of 2 caught, 50.0%; 0 by a critical check, 1 by a warning alone; 1 absent"
        in lines
    )


def test_a_kind_that_was_caught_and_is_missed_is_named() -> None:
    before = {"a": {"0.01": WARNING, "0.1": CRITICAL}, "b": {"0.01": MISSED}}
    after = {"a": {"0.01": MISSED, "0.1": WARNING}, "b": {"0.01": MISSED}, "new": {"0.01": MISSED}}
    assert find_lost(before, after) == ["a at 0.01"]


def test_outcomes_are_kept_for_every_kind_and_for_those_folded_into_one() -> None:
    results = read_results()
    assert results["kinds"].keys() == KINDS.keys()
    assert results["folded"].keys().isdisjoint(KINDS)
    assert {row["into"] for row in results["folded"].values()} == {n for n, kind in KINDS.items() if len(kind.sets) > 1}


def test_a_kind_is_as_hard_to_catch_as_those_folded_into_it() -> None:
    results = read_results()
    ranks = [MISSED, WARNING, CRITICAL]
    easier = [
        name
        for name, row in results["folded"].items()
        if ranks.index(results["kinds"][row["into"]]["0.01"]) > ranks.index(row["0.01"])
    ]
    assert easier == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_checks_catch_what_they_caught_when_it_was_last_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample, beside eight days instead of 28; `python -m benchmarks mutations --check` asks for all."""
    kept = read_results()["kinds"]
    caught = [name for name, outcomes in kept.items() if outcomes.get("0.01") in (CRITICAL, WARNING)]
    sample = [KINDS[name] for name in caught[:: max(1, len(caught) // SAMPLE)]]
    assert len(sample) >= SAMPLE
    monkeypatch.setattr(mutations, "HISTORY", 8)
    assert find_lost(kept, mutations.score(sample, [0.01])) == []
