"""Money and percentages in a text: what is written, and what it is worth."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.amounts import LANGUAGES, add_amounts, find_amounts
from pipelines.enrichments.rows import are_spans_exact

PARTS = st.sampled_from(
    ["3", ",", ".", " ", "\u00a0", "5", "million ", "€", "$", "%", "-", "k", "млн ", "рублей", "İ", "٣"]
)
TEXTS = st.text(max_size=200) | st.lists(PARTS, max_size=60).map("".join)


def read(text: str, language: str = "en") -> list[tuple[str, float, str]]:
    found = find_amounts(text, language)
    assert isinstance(found, list), found
    return [(each["text"], each["value"], each["unit"]) for each in found]


@pytest.mark.parametrize(
    ("language", "text", "written", "value", "unit"),
    [
        ("en", "It cost $3.5 million.", "$3.5 million", 3.5e6, "USD"),
        ("en", "It cost £5m.", "£5m", 5e6, "GBP"),
        ("en", "It cost €20bn.", "€20bn", 20e9, "EUR"),
        ("en", "It cost 1,234.50 euros.", "1,234.50 euros", 1234.5, "EUR"),
        ("en", "A 20-million-dollar bridge.", "20-million-dollar", 20e6, "USD"),
        ("en", "They gave 5 million U.S. dollars.", "5 million U.S. dollars", 5e6, "USD"),
        ("en", "They gave 300 USD.", "300 USD", 300, "USD"),
        ("en", "Prices rose 5 percent.", "5 percent", 5, "%"),
        ("en", "Prices moved by -3.2%.", "-3.2%", -3.2, "%"),
        ("en", "The bridge costs Rs 4.5 crore.", "Rs 4.5 crore", 45e6, "INR"),
        ("en", "Farmers get Rs. 6 lakh each.", "Rs. 6 lakh", 6e5, "INR"),
        ("en", "A Rs 900-crore bridge.", "Rs 900-crore", 9e9, "INR"),
        ("en", "It cost ₹2 lakh crore.", "₹2 lakh crore", 2e12, "INR"),
        ("en", "It cost INR 7,50,000.", "INR 7,50,000", 750_000, "INR"),
        ("en", "They gave 30 lakh rupees.", "30 lakh rupees", 3e6, "INR"),
        ("en", "It cost EUR 3 million.", "EUR 3 million", 3e6, "EUR"),
        ("en", "It cost $2 hundred million.", "$2 hundred million", 2e8, "USD"),
        ("de", "Sie kostet 3,5 Millionen Euro.", "3,5 Millionen Euro", 3.5e6, "EUR"),
        ("de", "Sie kostet 1.234,50 Euro.", "1.234,50 Euro", 1234.5, "EUR"),
        ("de", "Sie kostet 20 Mrd. US-Dollar.", "20 Mrd. US-Dollar", 20e9, "USD"),
        ("fr", "Il coûte 3,5 millions d'euros.", "3,5 millions d'euros", 3.5e6, "EUR"),
        ("fr", "Il coûte 1\u00a0234,50 €.", "1\u00a0234,50 €", 1234.5, "EUR"),
        ("fr", "Il coûte 4 Md€.", "4 Md€", 4e9, "EUR"),
        ("es", "Cuesta 3.500 millones de euros.", "3.500 millones de euros", 3.5e9, "EUR"),
        ("es", "Cuesta 20 mil millones de dólares.", "20 mil millones de dólares", 20e9, "USD"),
        ("ru", "Он стоит 3,5 млн рублей.", "3,5 млн рублей", 3.5e6, "RUB"),
        ("ru", "Цены выросли на 5 процентов.", "5 процентов", 5, "%"),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it(
    language: str, text: str, written: str, value: float, unit: str
) -> None:
    assert read(text, language) == [(written, value, unit)]


@pytest.mark.parametrize(
    ("language", "text", "amounts"),
    [
        ("en", "It cost $5-10 million.", [("$5", 5e6, "USD")]),
        ("en", "It cost $1.5-$2 billion.", [("$1.5", 1.5e9, "USD"), ("$2 billion", 2e9, "USD")]),
        ("en", "It cost between $5 and $10 million.", [("$5", 5e6, "USD"), ("$10 million", 10e6, "USD")]),
        ("en", "It cost £5 to £10bn.", [("£5", 5e9, "GBP"), ("£10bn", 10e9, "GBP")]),
        ("en", "A $5-to-$10 million plan.", [("$5", 5e6, "USD"), ("$10 million", 10e6, "USD")]),
        ("es", "Cuesta entre $5 y $10 millones.", [("$5", 5e6, "USD"), ("$10 millones", 10e6, "USD")]),
    ],
)
def test_the_first_number_of_a_range_has_the_scale_of_the_second(
    language: str, text: str, amounts: list[tuple[str, float, str]]
) -> None:
    assert read(text, language) == amounts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It rose from $900,000 to $1.2 million.", 900_000),
        ("She paid $5 and $10 million came later.", 5),
        ("It rose from 5% to 10 million.", 5),
        ("They had $5 - and 10 million fans.", 5),
    ],
)
def test_the_scale_of_a_number_that_makes_no_range_is_its_own(text: str, value: float) -> None:
    assert read(text)[0][1] == value


@pytest.mark.parametrize(
    ("language", "text", "written", "value"),
    [
        ("de", "Sie kostet 100 000 Euro.", "100 000 Euro", 100_000),
        ("de", "Sie kostet 1\u202f200,50 €.", "1\u202f200,50 €", 1200.5),
        ("de", "Sie kostet 1\u00a0200\u00a0000 Euro.", "1\u00a0200\u00a0000 Euro", 1_200_000),
        ("es", "Cuesta 12\u2009500 euros.", "12\u2009500 euros", 12_500),
        ("es", "Cuesta 1 200,50 €.", "1 200,50 €", 1200.5),
        ("en", "It cost 100 000 euros.", "100 000 euros", 100_000),
        ("en", "It cost NT$500.", "NT$500", 500),
    ],
)
def test_any_space_may_stand_between_groups_of_three_digits(
    language: str, text: str, written: str, value: float
) -> None:
    assert [found[:2] for found in read(text, language)] == [(written, value)]


@pytest.mark.parametrize("text", ["Nummer 12 3456 Euro.", "Nummer 1.000 000 Euro."])
def test_the_rest_of_a_number_is_no_amount(text: str) -> None:
    assert read(text, "de") == []


@pytest.mark.parametrize(
    "text", ["It is 12 m high.", "There were 100 people.", "Route 5, 1999.", "Version 1.2.3%", "9" * 17 + " euros"]
)
def test_a_number_without_a_currency_or_a_percent_sign_is_left_alone(text: str) -> None:
    assert read(text) == []


def test_a_short_number_behind_another_is_an_amount_of_its_own() -> None:
    assert read("In 2004 73% stayed, in 2022 4.84%.") == [("73%", 73, "%"), ("4.84%", 4.84, "%")]


def test_other_languages_are_skipped_with_the_reason() -> None:
    items = pa.table({"text": ["5 %", "5 %", None], "language": ["it", "en", "en"]})
    assert add_amounts(items)["amounts_status"].to_pylist() == ["skipped: language", "done", None]


@settings(deadline=None)
@given(TEXTS, st.sampled_from(sorted(LANGUAGES)))
def test_every_amount_stands_where_it_says_whatever_the_text(text: str, language: str) -> None:
    found = find_amounts(text, language)
    assert isinstance(found, list)
    assert are_spans_exact(text, found)


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "½ million dollars", 5e5, "USD"),
        ("en", "1½ million euros", 1.5e6, "EUR"),
        ("en", "Tk 7 lakh", 7e5, "BDT"),
        ("en", "Rs 12 arab", 1.2e10, "INR"),
        ("en", "4 lakhs of rupees", 4e5, "INR"),
        ("en", "300 Hong Kong dollars", 300, "HKD"),
        ("en", "8 million Pakistani rupees", 8e6, "PKR"),
        ("en", "KSh 40 million", 4e7, "KES"),
        ("de", "2½ Millionen Euro", 2.5e6, "EUR"),
        ("de", "1'500 Franken", 1500, "CHF"),
        ("fr", "5 millions de roupies", 5e6, "INR"),
        ("es", "5 M€", 5e6, "EUR"),
        ("ru", "10 млн тенге", 1e7, "KZT"),
    ],
)
def test_fractions_and_currencies_of_more_countries_are_read(language: str, text: str, value: float, unit: str) -> None:
    assert read(f"It is {text} now.", language) == [(text, value, unit)]


@pytest.mark.parametrize("text", ["$1e400", "$1e5", "Rs 1/2 crore", "$3/4 million", "$5th"])
def test_a_number_that_goes_on_in_letters_or_as_a_fraction_is_not_cut_short(text: str) -> None:
    assert read(f"It is {text} now.") == []
