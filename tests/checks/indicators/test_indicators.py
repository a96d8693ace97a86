"""Indicators of the shape of a text, and of whether two columns agree."""

import math
from datetime import timedelta
from typing import Any

import pytest

from pipelines.checks.indicators import derive_indicators
from pipelines.checks.measures import compute_measures
from tests.checks.judged_day import DT, NOON, broken, changed, clean_day


def derive_indicator(name: str, table: str = "articles", count: int = 1, **values: Any) -> Any:
    """Derive an indicator of the first row after a change of the first `count` rows."""
    return derive_indicators(broken(changed(table, count, **values)), DT)[table][name][0].as_py()


def date_of(text: str, value: str | None) -> dict[str, Any]:
    return {"text": text, "start": 0, "end": len(text), "value": value, "precision": "day", "is_relative": False}


def amount_of(text: str, value: float) -> dict[str, Any]:
    return {"text": text, "start": 0, "end": len(text), "value": value, "unit": "USD"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Home\nNews\nSport\nLog in\n\nThe board met on Monday.", 4),
        ("Home\n\nThe board met.\n\nNews", 1),
        ("The board met on Monday in the hall.", 0),
        ("No.\n\nYes, she said.", 0),
        ("Home\nNews", 2),
        ("", 0),
    ],
)
def test_short_lines_at_the_head_are_counted_until_one_says_something(text: str, count: int) -> None:
    assert derive_indicator("menu_line_count", text=text) == count


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("joined_count", "It rained.Then it stopped. He left.", 1),
        ("joined_count", "Version 2.0 of the U.S. plan", 0),
        ("lost_letter_count", "Das M?dchen. Warum? Darum.", 1),
        ("invisible_count", "soft\u00adhyphen and cafe\u0301", 2),
        ("invisible_count", "café", 0),
        ("filler_count", "Lorem ipsum dolor sit amet", 2),
        ("filler_count", "None of them came. Null is a number.", 0),
        ("address_count", "See https://paper.example/1 or write to ada@paper.example.", 2),
        ("line_break_count", "one\ntwo\n\nthree", 1),
        ("hyphen_break_count", "har-\nbour board, a well-known one", 1),
    ],
)
def test_damage_is_counted_where_it_stands(name: str, text: str, count: int) -> None:
    assert derive_indicator(name, text=text) == count


@pytest.mark.parametrize(
    ("written", "value", "wrong"),
    [
        ("2 March 2026", "2026-03-02", 0),
        ("2 March 2026", "1926-03-02", 1),
        ("Monday", "2026-03-02", 0),
        ("in 2026", None, 0),
        ("2025-2026", "2026", 0),
    ],
)
def test_a_written_year_is_in_the_value_of_its_date(written: str, value: str | None, wrong: int) -> None:
    assert derive_indicator("misread_date_count", dates=[date_of(written, value)]) == wrong


@pytest.mark.parametrize(
    ("written", "value", "wrong"),
    [
        ("$1,200", 1_200.0, 0),
        ("$1,200", 1.2, 0),
        ("$1,200", 1_200_000.0, 1),
        ("1.234,56 Euro", 1_234.56, 0),
        ("$4.2 million", 4_200_000.0, 0),
        ("$4.2 million", 4_200_000_000.0, 1),
        ("3 Mrd. Euro", 3e9, 0),
        ("12 млн рублей", 12e6, 0),
        ("1 000 000 €", 1e6, 0),
        ("half a million", 5e5, 0),
        ("5 %", 5.0, 0),
        ("$0", 0.0, 0),
    ],
)
def test_the_value_of_an_amount_is_one_that_its_digits_can_mean(written: str, value: float, wrong: int) -> None:
    assert derive_indicator("misread_amount_count", amounts=[amount_of(written, value)]) == wrong


@pytest.mark.parametrize(("tone", "difference"), [(0.2, 0.0), (0.9, 0.7), (None, math.nan)])
def test_tone_is_beside_what_its_parts_give(tone: float | None, difference: float) -> None:
    assert derive_indicator("tone_difference", tone=tone) == pytest.approx(difference, nan_ok=True)


@pytest.mark.parametrize(
    ("url", "is_home"),
    [
        ("https://paper.example/", True),
        ("https://paper.example", True),
        ("https://paper.example/index.html", True),
        ("https://paper.example/news/1", False),
        ("https://paper.example/?p=1", False),
        (None, None),
    ],
)
def test_an_address_without_a_path_is_the_home_page(url: str | None, is_home: bool | None) -> None:
    assert derive_indicator("is_canonical_home", canonical_url=url) is is_home


def test_a_host_is_anothers_where_another_source_uses_it_more() -> None:
    assert derive_indicator("is_host_of_other_source", source="harbour") is True
    assert derive_indicator("is_host_of_other_source", count=19, source="harbour") is False


@pytest.mark.parametrize(("title", "is_site"), [("The Paper", False), ("PAPER", True), ("", False), (None, None)])
def test_a_headline_may_be_the_name_of_the_site(title: str | None, is_site: bool | None) -> None:
    assert derive_indicator("is_title_the_site", title=title) is is_site


def test_headlines_of_a_source_that_end_alike_are_counted() -> None:
    assert derive_indicator("title_tail_count", count=4, title=lambda row: f"{row['title']} – The Paper") == 3
    assert derive_indicator("title_tail_count", title="The board – and the harbour") == 0


def test_a_headline_is_repeated_where_another_text_has_it_not_where_it_is_a_revision() -> None:
    assert derive_indicator("is_title_repeated", count=2, title="One") is True
    assert derive_indicator("is_title_repeated", count=2, title="One", article_id="a") is False
    assert derive_indicator("is_title_repeated", count=2, title="One", content_sha256="0" * 64) is False


def test_two_rows_that_describe_a_place_differently_have_no_majority() -> None:
    def disputed(tables: dict[str, Any]) -> None:
        places = [row for row in tables["entities"].to_pylist() if row["kind"] == "place"][:2]
        tables["entities"] = tables["entities"].schema.empty_table()
        rows = [places[0], {**places[1], "country": "NO"}]
        tables["entities"] = type(tables["entities"]).from_pylist(rows, tables["entities"].schema)

    rows = derive_indicators(broken(disputed), DT)["entities"]
    assert rows["is_place_agreed"].to_pylist() == [True, True]
    assert rows["is_place_disputed"].to_pylist() == [True, True]


def test_the_hour_of_receipt_and_dates_of_templates_are_derived() -> None:
    assert derive_indicator("received_hour") == "12"
    assert derive_indicator("old_published_minute") is None
    assert derive_indicator("old_published_minute", published_at=NOON - timedelta(days=3)) is not None
    assert derive_indicator("is_published_at_receipt", published_at=NOON) is True


@pytest.mark.parametrize(
    ("text", "is_wall"),
    [
        ("We use cookies to improve this site. Accept all cookies. Please enable JavaScript to go on.", 1),
        ("The regulator banned the advertisement on Monday. The advertisement had run for a week.", 0),
        ("The firm changed its privacy policy and its terms of service, the regulator said on Monday.", 0),
    ],
)
def test_a_short_article_about_advertising_is_no_wall(text: str, is_wall: int) -> None:
    assert derive_indicator("wall_count", text=text, word_count=len(text.split())) == is_wall


def test_a_long_article_with_a_few_lost_letters_can_be_read() -> None:
    text = "The harbour board met again on Monday. " * 200 + "It\ufffds so."
    assert derive_indicator("garbled_share", text=text, word_count=1_400) < 0.01


@pytest.mark.parametrize("year", [1, 2300, 9999])
def test_a_date_of_any_year_can_be_measured(year: int) -> None:
    seen = derive_indicators(broken(changed("articles", 1, published_at=NOON.replace(year=year))), DT)
    assert compute_measures(seen, DT, {}).num_rows > 100


def test_without_a_ledger_it_is_unknown_what_was_planned() -> None:
    tables = clean_day()
    del tables["ledger"]
    assert set(derive_indicators(tables, DT)["articles"]["is_planned"].to_pylist()) == {None}
