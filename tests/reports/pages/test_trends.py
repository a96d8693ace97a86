"""Attempts over time: what a month and the page over all months keep of them."""

from typing import Any

import pytest

from pipelines.reports.pages.layout import draw_sparkline
from pipelines.reports.pages.trends import (
    ATTEMPTS_A_DAY,
    RECENT,
    AttemptSummary,
    Index,
    Month,
    compute_figures,
    list_current_attempts,
    render_month_page,
    render_trends_page,
)
from tests.reports.pages.test_release import HOSTILE, Tags

DAY = "2026-03-02"


def one(release: str, dt: str = DAY, verdict: str = "passed", **changed: Any) -> AttemptSummary:
    given = {"received": 10, "published": 8, "duplicate": 1, "rejected": 1, "critical": 0, "warning": 2, "failed": ()}
    return AttemptSummary(dt=dt, release_id=release, verdict=verdict, **{**given, **changed})


def month(*given: AttemptSummary) -> Month:
    found = Month(month=DAY[:7])
    for each in given:
        found = found.with_attempt(each)
    return found


def test_a_release_that_is_judged_again_is_one_attempt_and_the_newest() -> None:
    assert [each.release_id for each in month(one("a"), one("b"), one("a")).attempts] == ["b", "a"]


def test_one_release_of_a_day_is_live() -> None:
    found = month(one("a"), one("b"), one("other", "2026-03-03")).with_live(DAY, "a").with_live(DAY, "b")
    assert [each.release_id for each in found.attempts if each.is_live] == ["b"]


def test_a_live_release_that_is_judged_again_stays_live() -> None:
    assert month(one("a")).with_live(DAY, "a").with_attempt(one("a")).attempts[0].is_live


def test_of_a_day_that_is_attempted_over_and_over_the_live_attempt_and_the_newest_are_kept() -> None:
    found = month(one("first")).with_live(DAY, "first")
    for number in range(100):
        found = found.with_attempt(one(f"{number}"))
    kept = [each.release_id for each in found.attempts]
    assert kept == ["first", *(f"{number}" for number in range(100 - ATTEMPTS_A_DAY, 100))]


def test_the_current_attempt_of_a_day_is_its_live_one_or_else_its_newest() -> None:
    found = month(one("a"), one("b", verdict="stopped"), one("c", "2026-03-03"), one("d", "2026-03-03")).with_live(
        DAY, "a"
    )
    assert [each.release_id for each in list_current_attempts(found)] == ["a", "d"]


def test_a_month_counts_each_day_once() -> None:
    found = compute_figures(month(one("a"), one("b", verdict="stopped"), one("c", "2026-03-03")).with_live(DAY, "a"))
    assert (found.days, found.live_days, found.attempts, found.stopped, found.received) == (2, 1, 3, 1, 20)


def test_rows_that_checks_set_aside_are_counted_although_the_attempt_passed() -> None:
    assert "10 8 1 1 3 0 2" in Tags(render_month_page(month(one("a", set_aside=3)))).words


def test_a_month_of_older_code_is_read() -> None:
    (kept,) = month(one("a")).model_dump()["attempts"]
    del kept["set_aside"]
    older = {"month": DAY[:7], "tries": [kept]}
    assert Month.model_validate(older) == month(one("a"))
    figures = compute_figures(month(one("a"))).model_dump()
    figures["tries"] = figures.pop("attempts")
    assert Index.model_validate({"months": [figures]}) == Index(months=(compute_figures(month(one("a"))),))


def test_a_stop_after_a_live_release_is_listed_first_until_an_attempt_passes() -> None:
    stopped = month(one("a"), one("b", verdict="stopped", critical=1)).with_live(DAY, "a")
    index = Index().with_month(stopped)
    assert [each.release_id for each in index.stopped] == ["b"]
    assert Tags(render_trends_page(index)).links[1] == f"../attempts/dt={DAY}/b/report.html"
    assert index.with_month(stopped.with_attempt(one("c"))).stopped == ()


def test_all_months_are_in_order_and_days_are_drawn_up_to_a_bound() -> None:
    index = Index()
    for number in range(120, 0, -1):
        name = f"{2020 + number // 12}-{number % 12 + 1:02}"
        days = tuple(one(f"{day}", f"{name}-{day:02}") for day in range(1, 29))
        index = index.with_month(Month(month=name, attempts=days))
    assert [each.month for each in index.months] == sorted(each.month for each in index.months)
    assert len(index.months) == 120
    assert len(index.recent) == RECENT
    assert index.recent[-1].dt == "2030-01-28"


def test_months_and_days_without_anything_are_pages_too() -> None:
    assert "None." in Tags(render_trends_page(Index())).words
    assert "None." in Tags(render_month_page(Month(month="2026-03"))).words


@pytest.mark.parametrize("text", HOSTILE[:4], ids=range(4))
def test_hostile_text_is_text_here_too(text: str) -> None:
    ours, found = (Tags(render_month_page(month(one("a", failed=(said,))))) for said in ("plain", text))
    assert found.tags == ours.tags
    assert found.attributes == ours.attributes
    assert found.links == ours.links


def test_a_line_has_a_gap_where_nothing_is_known_and_its_label_is_escaped() -> None:
    drawn = draw_sparkline([1, 2, None, 3], '"><script>')
    assert drawn.count("<polyline") == 2
    assert "<script>" not in drawn
