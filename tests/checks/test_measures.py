"""Measures of a day compared with the days before: chance raises no alarm, drift does."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.checks.measures import compute_measures
from pipelines.tables.measures import ALL, MEASURES

FIRST = date(2026, 3, 2)
USUAL = {"big.example": 300.0, "mid.example": 60.0, "small.example": 5.0}
WEEKEND = 0.5  # of a weekday's articles
RARE = ("garbled_count", "markup_count", "notice_count", "failed_count", "repeated_line_count")
FIELDS = (
    "title",
    "published_at",
    "updated_at",
    "canonical_url",
    "section",
    "lead",
    "duplicate_of",
    "readability_score",
)
COUNTED = ("author_count", "image_count", "caption_count", "link_count")


def made_up(day: date, seed: int = 0, **changed: Any) -> dict[str, pa.Table]:
    """The judged tables of a day as chance makes them: `changed` gives parts of it other chances.

    `articles`: source → usual count; `null`: field → share without it; `words`: their median; `rejected`: a share.
    """
    chance = np.random.default_rng([day.toordinal(), seed])
    usual = changed.get("articles", USUAL)
    factor = WEEKEND if day.weekday() >= 5 else 1.0
    sources = [s for s, mean in usual.items() for _ in range(chance.poisson(mean * factor))]
    count = len(sources)
    null = {"author": 0.1, "image": 0.2, "caption": 0.4, "link": 0.3, "section": 0.2, "lead": 0.3, "updated_at": 0.4}
    null |= {
        "duplicate_of": 0.98,
        "title": 0.005,
        "published_at": 0.02,
        "canonical_url": 0.01,
        "readability_score": 0.1,
    }
    null |= changed.get("null", {})
    columns: dict[str, Any] = {"item_id": [f"i{n}" for n in range(count)], "source": sources}
    columns |= {name: pa.array([1] * count, mask=chance.random(count) < null[name]) for name in FIELDS}
    columns |= {n: (chance.random(count) >= null[n.removesuffix("_count")]).astype(int) for n in COUNTED}
    columns |= {n: (chance.random(count) < changed.get(n, 0.003)).astype(int) for n in RARE}
    words = np.exp(chance.normal(np.log(changed.get("words", 500)), 0.6, count)).astype(int) + 2
    lag = chance.exponential(0.3, count) + (chance.random(count) < 0.03) * 10
    columns |= {
        "word_count": words, "sentence_count": words // 20 + 1, "title_length": chance.integers(20, 90, count),
        "tone": chance.normal(changed.get("tone", 0.05), 0.3, count).clip(-1, 1), "published_ahead_days": -lag,
        "is_closed": chance.random(count) > 0.1, "function_word_share": chance.normal(0.25, 0.04, count),
        "language": pa.array(["en" if x < 0.8 else "de" for x in chance.random(count)]),
    }  # fmt: skip
    named = [f"i{n}" for n in range(count) for _ in range(chance.poisson(4))]
    quoted = [f"i{n}" for n in range(count) for _ in range(chance.poisson(1))]
    rejected = int(chance.binomial(count, changed.get("rejected", 0.03)))
    coverage = {
        "source": ["big.example"],
        "received_count": [count + rejected],
        "rejected_count": [rejected],
        "set_aside_count": [0],
    }
    return {
        "articles": pa.table(columns),
        "entities": pa.table({"item_id": pa.array(named, pa.string())}),
        "quotes": pa.table({"item_id": pa.array(quoted, pa.string())}),
        "coverage": pa.table({**coverage, "duplicate_count": pa.array([0]), "verdict": ["closed"]}),
    }


@cache
def usual_day(day: date) -> pa.Table:
    """The measures of a usual day; most tests have the same days before theirs."""
    return compute_measures(made_up(day), FIRST, {})


def usual_days(count: int) -> dict[date, pa.Table]:
    """The measures of so many usual days, from FIRST on."""
    return {day: usual_day(day) for day in (FIRST + timedelta(days=n) for n in range(count))}


def named(table: pa.Table) -> list[tuple[str, str, float]]:
    return [(row["measure"], row["source"], row["value"]) for row in table.to_pylist()]


def after(days: int, **changed: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """(measure, source) → its row on the day after that many usual ones."""
    history = usual_days(days)
    day = FIRST + timedelta(days=days)
    table = compute_measures(made_up(day, **changed), day, history)
    return {(row["measure"], row["source"]): row for row in table.to_pylist()}


@pytest.fixture(scope="module")
def usual() -> dict[tuple[str, str], dict[str, Any]]:
    return after(28)


def test_measures_keep_their_contract() -> None:
    table = compute_measures(made_up(FIRST), FIRST, {})
    assert table.schema == MEASURES.schema
    assert MEASURES.broken(table) == [None] * table.num_rows


def test_a_usual_day_is_within_bounds(usual: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert max(abs(row["deviation"] or 0) for row in usual.values()) < 4.5


def test_with_less_than_a_week_before_it_nothing_deviates() -> None:
    assert {row["deviation"] for row in after(6).values()} == {None}


@pytest.mark.parametrize(
    ("changed", "measure", "source", "direction"),
    [
        ({"articles": {**USUAL, "big.example": 60.0}}, "articles", "big.example", -1),
        ({"articles": {"big.example": 300.0, "small.example": 5.0}}, "articles", "mid.example", -1),
        ({"rejected": 0.2}, "rejected_share", ALL, 1),
        ({"words": 250}, "log_words", ALL, -1),
        ({"tone": 0.3}, "tone", ALL, 1),
        ({"null": {"title": 0.1}}, "title_missing_share", ALL, 1),
        ({"null": {"section": 1.0}}, "section_missing_share", "mid.example", 1),
        ({"garbled_count": 0.08}, "garbled_share", ALL, 1),
    ],
)
def test_drift_is_far_from_what_was_expected(
    changed: dict[str, Any], measure: str, source: str, direction: int
) -> None:
    assert after(28, **changed)[measure, source]["deviation"] * direction > 7


def test_a_weekend_is_compared_with_weekends() -> None:
    day = after(33)["articles", ALL]  # a Saturday
    assert (FIRST + timedelta(days=33)).weekday() == 5
    assert day["expected"] < 280
    assert abs(day["deviation"]) < 4


def test_a_small_source_may_have_three_articles_instead_of_five() -> None:
    found = after(28, articles={**USUAL, "small.example": 2.0})["articles", "small.example"]
    assert abs(found["deviation"]) < 4


def test_the_order_of_the_history_does_not_matter() -> None:
    days = [FIRST + timedelta(days=n) for n in range(10)]
    tables = {day: compute_measures(made_up(day), day, {}) for day in days}
    last = days[-1] + timedelta(days=1)
    backwards = dict(reversed(tables.items()))
    assert compute_measures(made_up(last), last, tables).equals(compute_measures(made_up(last), last, backwards))


def test_a_value_that_no_day_before_had_is_far_from_what_was_expected() -> None:
    history = usual_days(28)
    day = made_up(FIRST + timedelta(days=28))
    known = day["articles"]["language"].to_pylist()
    at = day["articles"].column_names.index("language")
    day["articles"] = day["articles"].set_column(at, "language", pa.array(["la"] * 9 + known[9:]))
    found = {row["measure"]: row for row in compute_measures(day, FIRST, history).to_pylist() if row["source"] == ALL}
    assert found["language_share=la"]["deviation"] > 5
    assert found["language_share=la"]["day_count"] == 28


def test_a_column_that_the_days_before_did_not_have_is_not_compared() -> None:
    day = made_up(FIRST + timedelta(days=28))
    day["articles"] = day["articles"].append_column("is_new", pa.array([True] * day["articles"].num_rows))
    found = {row["measure"]: row for row in compute_measures(day, FIRST, usual_days(28)).to_pylist()}
    new = found["value:articles.is_new=true"]
    assert (new["value"], new["deviation"], new["day_count"]) == (1.0, None, 0)


def test_a_value_that_no_row_has_any_more_is_a_share_of_none() -> None:
    history = usual_days(28)
    day = made_up(FIRST + timedelta(days=28))
    day["articles"] = day["articles"].filter(pc.equal(day["articles"]["language"], "en"))
    found = {row["measure"]: row for row in compute_measures(day, FIRST, history).to_pylist() if row["source"] == ALL}
    assert (found["language_share=de"]["value"], found["language_share=de"]["deviation"] < -5) == (0.0, True)


def test_a_silent_source_is_remembered_until_no_day_before_had_it() -> None:
    def silent(day: date, history: dict[date, pa.Table]) -> pa.Table:
        return compute_measures(made_up(day, articles={"big.example": 50.0}), day, history)

    last = compute_measures(made_up(FIRST, articles={"big.example": 50.0, "gone.example": 9.0}), FIRST, {})
    next_day = silent(FIRST + timedelta(days=1), {FIRST: last})
    assert ("articles", "gone.example", 0.0) in named(next_day)
    assert (
        "gone.example"
        not in silent(FIRST + timedelta(days=2), {FIRST + timedelta(days=1): next_day})["source"].to_pylist()
    )


def test_a_day_that_is_still_open_is_not_compared_by_how_much_came() -> None:
    history = usual_days(8)
    day = made_up(FIRST + timedelta(days=8), articles={"big.example": 20.0})
    day["coverage"] = day["coverage"].set_column(
        day["coverage"].column_names.index("verdict"), "verdict", pa.array(["open"])
    )
    found = compute_measures(day, FIRST + timedelta(days=8), history).to_pylist()
    assert {row["deviation"] for row in found if row["measure"] in ("articles", "source_share")} == {None}
    assert any(row["deviation"] is not None for row in found)
