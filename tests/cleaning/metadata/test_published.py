import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml.html import document_fromstring

from pipelines.cleaning.dates import Moment
from pipelines.cleaning.labels import Label, LabelledLine
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.metadata.published import find_date_in_lines
from pipelines.cleaning.texts.clean import clean_text

PROSE = "The council met for the third time this week, and for the third time it could not agree on a budget. " * 2


def lines(*told: tuple[str, Label]) -> list[LabelledLine]:
    return [LabelledLine(text, label, "model", 0.9) for text, label in told]


def day(*told: tuple[str, Label]) -> str | None:
    moment = find_date_in_lines(lines(*told))
    return str(moment.day) if moment else None


def test_the_byline_of_a_plain_text_tells_its_day() -> None:
    assert (
        day(("Council at odds", "headline"), ("By Ada Lind, May 3, 2024 10:30", "byline"), (PROSE, "lead"))
        == "2024-05-03"
    )


def test_the_day_of_a_change_counts_only_where_there_is_no_other() -> None:
    published: tuple[str, Label] = ("Published 2 May 2024", "furniture")
    updated: tuple[str, Label] = ("Updated 3 May 2024", "furniture")
    assert day(updated, published, (PROSE, "lead")) == "2024-05-02"
    assert day(updated, (PROSE, "lead")) == "2024-05-03"


def test_a_label_on_the_line_before_belongs_to_its_day() -> None:
    assert (
        day(("Last modified", "furniture"), ("3 May 2024", "furniture"), ("Posted 2 May 2024", "byline"))
        == "2024-05-02"
    )


def test_a_day_that_the_text_or_a_caption_speaks_of_is_not_its_own() -> None:
    assert (
        day((f"On 1 May 2023 it did. {PROSE}", "lead"), ("The hall on 2 May 2023", "caption"), (PROSE, "body")) is None
    )


def test_a_day_below_the_text_is_of_something_else() -> None:
    assert day((PROSE, "lead"), (PROSE, "body"), ("Related: the vote of 3 May 2024", "furniture")) is None


def test_a_text_carries_its_day_and_says_where_it_was_found() -> None:
    text = f"Council at odds\n\nBy Ada Lind\nPublished May 3, 2024\n\n{PROSE}\n\n{PROSE}It will meet again."
    cleaned = clean_text(text.encode())
    assert (cleaned.published_at, cleaned.published_precision) == (datetime(2024, 5, 3, tzinfo=UTC), "day")
    assert cleaned.found_in["published_at"] == "text"


def published(head: str = "", body: str = "", article: Any = None, latest: date | None = None) -> Moment | None:
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>' if article else ""
    body = f"<h1>Council at odds</h1>{body}<p>{PROSE * 4}</p>"
    page = f"<html lang='en'><head>{head}{script}</head><body>{body}</body></html>"
    return read_metadata(document_fromstring(page), None, latest=latest).published


def of_day(year: int, month: int, day: int) -> Moment:
    return Moment(datetime(year, month, day, tzinfo=UTC), "day")


MONTH = '<meta name="date" content="2024-05">'


def test_a_month_alone_is_published_where_no_day_of_it_is_named() -> None:
    assert published(MONTH) == Moment(datetime(2024, 5, 1, tzinfo=UTC), "month")
    assert published(MONTH, "<p>May 3, 2024</p>") == of_day(2024, 5, 3)
    assert published(MONTH, "<p>July 3, 2024</p>") == Moment(datetime(2024, 5, 1, tzinfo=UTC), "month")


def test_the_words_of_a_time_go_before_a_constant_in_its_attribute() -> None:
    constant = "<time datetime='2019-09-03T10:00:00+00:00'>May 3, 2024 9:10pm</time>"
    assert published("", constant) == of_day(2024, 5, 3)
    assert published("", constant, {"@type": "NewsArticle", "datePublished": "2024-05-03"}) == of_day(2024, 5, 3)
    late = published("", "<time datetime='2024-05-04T01:10:00Z'>May 3, 2024</time>")
    assert late is not None
    assert late.precision == "second"


def test_an_old_article_keeps_its_day_whatever_else_the_page_dates() -> None:
    digitised = "<p class='copyright'>Digitised 1 July 2019</p>"
    assert published("", digitised, {"@type": "NewsArticle", "datePublished": "1978-05-04"}) == of_day(1978, 5, 4)
    assert published("", f"<p>4 May 1978</p>{digitised}") == of_day(1978, 5, 4)
    assert published("", digitised) is None


def test_a_day_far_behind_that_of_receipt_is_passed_over_for_the_next_one_that_the_page_names() -> None:
    article = {"@type": "NewsArticle", "datePublished": "2062-05-03T10:00:00Z"}
    latest = date(2024, 6, 1)
    assert published("", "", article, latest) is None
    assert published("", "<p>May 3, 2024</p>", article, latest) == of_day(2024, 5, 3)


@pytest.mark.parametrize(
    "box",
    ["<article><aside>{}</aside></article>", "<main><footer><time datetime='2024-05-03'>{}</time></footer></main>"],
)
def test_a_day_in_a_box_of_the_article_is_found_last(box: str) -> None:
    assert published("", f"<p>{PROSE * 9}</p><p>{PROSE * 9}</p>{box.format('May 3, 2024')}") == of_day(2024, 5, 3)


@pytest.mark.parametrize("value", [{"@type": "Date", "@value": "2024-05-03"}, ["2024-05-03"]])
def test_a_date_may_be_an_object_with_its_type_or_in_a_list(value: object) -> None:
    assert published("", "", {"@type": "NewsArticle", "datePublished": value}) == of_day(2024, 5, 3)


@pytest.mark.parametrize("name", ["cms-published-date", "article.publish_time", "x:date_published"])
def test_a_meta_of_the_sites_own_name_tells_the_day(name: str) -> None:
    head = f"<meta name='{name}' content='2024-05-03'><meta name='publisher-on' content='2024-05-04'>"
    assert published(head) == of_day(2024, 5, 3)


def test_an_element_that_counts_the_hours_since_has_the_moment_in_an_attribute() -> None:
    ago = "<relative-time class='t' ts='2024-05-03T09:47:05+00:00'>3 hours ago</relative-time>"
    moment = published("", f"<p>{PROSE}</p><p>{PROSE}</p>{ago}")
    assert moment is not None
    assert moment.at == datetime(2024, 5, 3, 9, 47, 5, tzinfo=UTC)
    assert published("", f"<p>{PROSE}</p><p>{PROSE}</p><run-timer per='7'>3 hours ago</run-timer>") is None


def test_the_first_day_of_a_year_in_the_head_gives_way_to_a_later_day_that_is_shown() -> None:
    head = '<meta property="article:published_time" content="2014-01-01T00:00:00Z">'
    page = f"<html><head>{head}</head><body><h1>A bridge</h1><p>14 May 2026</p><p>It is open.</p></body></html>"
    found = read_metadata(document_fromstring(page), None).published
    assert found is not None
    assert found.day == date(2026, 5, 14)
