"""What explodes is set aside, and what spans sources is not: only counts."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.explosions import Origin, Tally, count_by_origin, find_explosions
from pipelines.shares import bound_share

Sent = dict[str, tuple[int, int]]  # "delivery source" → (received, rejected)
SOUND: Sent = {f"d{n} p{n}.example": (15, 0) for n in range(10)}


def find(sent: Sent, usual: dict[str, float] | None = None, *accepted: str) -> tuple[list[str], bool]:
    tallies = {Origin(*name.split()): Tally(*counts) for name, counts in sent.items()}
    explosions = find_explosions(tallies, usual or {}, frozenset(accepted))
    return [unit.unit for unit in explosions.units], explosions.is_common


def one_by_one(source: str, received: int, rejected: int) -> Sent:
    """A source of which each item is a delivery of its own."""
    return {f"{source}-{n} {source}": (1, int(n < rejected)) for n in range(received)}


@pytest.mark.parametrize(
    ("sent", "units"),
    [
        ({"bomb p0.example": (30_000, 30_000)}, ["delivery bomb"]),
        ({"bomb q.example": (30_000, 16_000)}, ["delivery bomb"]),
        ({"half q.example": (30_000, 14_000)}, []),
        (one_by_one("q.example", 12, 12), ["source q.example"]),
        (one_by_one("q.example", 9, 9), []),
        (one_by_one("q.example", 27, 12), []),
        (
            {"bomb q.example": (30_000, 30_000), **one_by_one("r.example", 12, 12)},
            ["delivery bomb", "source r.example"],
        ),
    ],
)
def test_of_a_day_with_sound_sources_only_what_explodes_is_set_aside(sent: Sent, units: list[str]) -> None:
    assert find({**SOUND, **sent}) == (units, False)


def test_sources_that_fail_together_have_a_cause_in_common() -> None:
    three = {name: count for n in range(3) for name, count in one_by_one(f"q{n}.example", 20, 20).items()}
    assert find({**SOUND, **three})[1]


def test_files_of_many_sources_that_also_send_sound_items_are_set_aside_each() -> None:
    units, is_common = find({**SOUND, **{f"bomb{n} p{n}.example": (5_000, 5_000) for n in range(9)}})
    assert (len(units), is_common) == (9, False)


def test_a_file_with_items_of_many_sources_is_one_fault_and_not_many() -> None:
    file = {f"bomb q{n}.example": (10, 10) for n in range(20)}
    assert find({**SOUND, **file}) == (["delivery bomb"], False)
    assert find({**SOUND, **file, **one_by_one("r.example", 20, 20), **one_by_one("s.example", 20, 20)})[1] is False


def test_what_is_usual_or_accepted_does_not_explode() -> None:
    lists = one_by_one("lists.example", 50, 48)
    assert find({**SOUND, **lists}, {"lists.example": 0.95}) == ([], False)
    assert find({**SOUND, **lists}, {}, "source lists.example") == ([], False)


def test_a_file_that_is_accepted_does_not_cost_the_rest_of_its_paper() -> None:
    sent = {**SOUND, "bomb p0.example": (120, 120), "other p0.example": (130, 130)}
    assert find(sent, {}, "delivery bomb") == (["delivery other"], False)
    assert find(sent, {}, "delivery bomb", "delivery other") == ([], False)


def test_nothing_sound_is_withheld_where_nobody_elses_day_is_saved_by_it() -> None:
    assert find(one_by_one("p.example", 20, 18)) == ([], False)
    assert find({"dump p.example": (20, 18)}) == ([], False)
    assert find({"bomb p.example": (30_000, 30_000)}) == (["delivery bomb"], False)


@pytest.mark.parametrize(
    ("count", "total", "least"), [(0, 0, 0), (0, 9, 0), (1, 1, 0.16), (5, 5, 0.48), (10, 100, 0.05)]
)
def test_the_least_share_is_below_the_observed_one_the_more_the_fewer_there_are(
    count: int, total: int, least: float
) -> None:
    assert bound_share(count, total) == pytest.approx(least, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.booleans()), max_size=400), st.integers(1, 12))
def test_counting_deliveries_of_few_rejects_together_changes_nothing(
    items: list[tuple[int, int, bool]], times: int
) -> None:
    origins = [(f"d{delivery}", f"s{source}") for delivery, source, _ in items * times]
    deliveries, sources = (pa.chunked_array([[origin[at] for origin in origins]], pa.string()) for at in (0, 1))
    tallies = count_by_origin(deliveries, sources, np.array([each[2] for each in items * times], bool))
    single: dict[Origin, Tally] = {}
    for origin, (*_, is_rejected) in zip(origins, items * times, strict=True):
        before = single.get(Origin(*origin), Tally(0, 0))
        single[Origin(*origin)] = Tally(before.received + 1, before.rejected + is_rejected)
    assert find_explosions(tallies, {}) == find_explosions(single, {})
