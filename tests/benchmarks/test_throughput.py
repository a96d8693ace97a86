"""The benchmark on a day so small that it is quick: it has to run through, and to see what it claims to see."""

from itertools import islice

import pytest

from benchmarks.corpus import build_message, make_articles
from benchmarks.scores import find_low
from benchmarks.throughput import measure_flow, round_figures
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.messages import CloudEvent, read_message


@pytest.mark.slow
def test_articles_are_the_same_each_time_and_each_is_another() -> None:
    first = list(make_articles(30))
    assert first == list(islice(make_articles(60), 30))
    assert len({article.html for article in first}) == len({article.url for article in first}) == 30


@pytest.mark.slow
def test_a_message_holds_the_page_untouched() -> None:
    article = next(make_articles(1))
    event = read_message(build_message(article, "2026-01-31"))
    assert isinstance(event, CloudEvent)
    assert event.data.body == article.html


def test_a_ratio_below_its_floor_or_not_measured_is_named() -> None:
    assert find_low({"a / b": 2.0}, {"a / b": 2.0}) == []
    assert find_low({"a / b": 1.9}, {"a / b": 2.0, "a / c": 1.0}) == [
        "a / c has a floor, but was not measured",
        "a / b is 1.900, below 2.0",
    ]


def test_kept_figures_have_four_digits() -> None:
    assert round_figures({"wall": 1.23456, "rows": [12345, "x"]}) == {"wall": 1.235, "rows": [12345, "x"]}


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.timeout(600)  # twenty processes one after the other: some 40 s of CPU time
def test_a_small_day_goes_through_every_step_and_is_published_whole(env: dict[str, str]) -> None:
    found = measure_flow(30, env)
    assert found["stored"]["broken"] == []
    assert sum(found["stored"]["rows"][name] for name in ("articles", "duplicates", "rejected")) == 30
    assert {f"enrich: {enricher.name}" for enricher in ENRICHERS} < found["steps"].keys()
    assert found["steps"]["run, nothing new"]["cpu"] < found["steps"]["clean"]["cpu"]
    assert all(step["rss_mb"] > 0 for step in found["steps"].values())
