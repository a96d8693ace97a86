"""Written dates in, moments in UTC out."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.dates import Moment, find_date_in_url, find_date_in_words, parse_date


@pytest.mark.parametrize(
    ("written", "at", "precision", "zone"),
    [
        ("2014-04-03", datetime(2014, 4, 3, tzinfo=UTC), "day", None),
        ("2014-04-03T00:00:00+04:00", datetime(2014, 4, 3, tzinfo=UTC), "day", None),
        ("2014-04-03 10:15", datetime(2014, 4, 3, 10, 15, tzinfo=UTC), "minute", None),
        ("2014-4-3T10:15:30.123Z", datetime(2014, 4, 3, 10, 15, 30, tzinfo=UTC), "second", "+00:00"),
        ("2014-04-03T10:15:30+0400", datetime(2014, 4, 3, 6, 15, 30, tzinfo=UTC), "second", "+04:00"),
        ("Thu, 03 Apr 2014 10:15:30 +0400", datetime(2014, 4, 3, 6, 15, 30, tzinfo=UTC), "second", "+04:00"),
        ("April 3, 2014", datetime(2014, 4, 3, tzinfo=UTC), "day", None),
    ],
)
def test_a_date_is_read_with_its_precision_and_zone(
    written: str, at: datetime, precision: str, zone: str | None
) -> None:
    moment = parse_date(written)
    assert moment is not None
    assert (moment.at.replace(microsecond=0), moment.precision, moment.zone) == (at, precision, zone)


WRITTEN_TIMES = [
    ("2024-05-01 10:00 PM", "2024-05-01T22:00:00+00:00"),
    ("2024-05-01 12:30 a.m.", "2024-05-01T00:30:00+00:00"),
    ("2024-05-01T10:00:00+02", "2024-05-01T08:00:00+00:00"),
    ("2024-05-01T10:00-4:00", "2024-05-01T14:00:00+00:00"),
    ("2024-05-01T10:00:00\u221205:00", "2024-05-01T15:00:00+00:00"),
    ("2024-05-01T22:00:00 EST", "2024-05-02T03:00:00+00:00"),
    ("2024-05-01T10:00:00+02:00[Europe/Berlin]", "2024-05-01T08:00:00+00:00"),
    ("2024-05-01 10:00:00 +0000 UTC", "2024-05-01T10:00:00+00:00"),
    ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00+00:00"),
    ("01 May 2024 10:00:00 EST", "2024-05-01T15:00:00+00:00"),
    ("01 May 2024 10:00:00", "2024-05-01T10:00:00+00:00"),
    ("20240501T100000Z", "2024-05-01T10:00:00+00:00"),
    ("Wed May 01 2024 10:00:00 GMT+0200 (CEST)", "2024-05-01T08:00:00+00:00"),
]


@pytest.mark.parametrize(("written", "at"), WRITTEN_TIMES)
def test_a_time_is_read_with_half_days_and_every_kind_of_offset(written: str, at: str) -> None:
    found = parse_date(written)
    assert found is not None
    assert found.at.isoformat() == at


@pytest.mark.parametrize(
    "written",
    ["2024-05-01T10:00:00[Europe/Berlin]", "2024-05-01 13:00 PM", "2024-05-01T24:00:00", "2024-05-01T10:00:60Z",
     "2024-05-01 10:00 o'clock", "May 1, 2024 10:30 pm", "2024-05-01T10:00:00+25:00", "2024-05-01T10:00:00+02:75",
     "Wed, 01 May 2024 10:00:00 CET", "01 May 2024 10:00:00 MSK", "01 May 2024 10:00:00 +2500"],
)  # fmt: skip
def test_of_a_time_that_is_not_understood_the_day_alone_is_taken(written: str) -> None:
    found = parse_date(written)
    assert found is not None
    assert (found.at.isoformat(), found.precision, found.zone) == ("2024-05-01T00:00:00+00:00", "day", None)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "1970-01-01", "2101-01-01", "2014-13-03", "2014-04-31T10:00", "0000-00-00"]
)
def test_what_is_no_possible_date_is_none(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(("written", "day"), [("2014-04-03T23:30:00-07:00", 3), ("2014-04-04T01:30:00+04:00", 4)])
def test_the_day_is_the_publishers_whatever_it_is_in_utc(written: str, day: int) -> None:
    moment = parse_date(written)
    assert moment is not None
    assert moment.day == date(2014, 4, day)
    assert moment.at.day == 7 - day


@pytest.mark.parametrize(
    "written",
    [
        *("Published on April 3rd, 2014", "3 April 2014, 10:15", "Apr. 3, 2014", "3. April 2014", "3 de abril de 2014"),
        *("le 3 avril 2014", "3 kwietnia 2014", "3 апреля 2014", "3 квітня 2014", "3 Απριλίου 2014", "3 Nisan 2014"),
        *("2014. április 3.", "2014年4月3日", "2014년 4월 3일", "3.4.2014", "2014/04/03"),
    ],
)
def test_a_day_in_words_is_read_in_many_languages(written: str) -> None:
    assert find_date_in_words(written) == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    ("written", "day"), [("25/12/2014", (2014, 12, 25)), ("12/25/2014", (2014, 12, 25)), ("4/4/2014", (2014, 4, 4))]
)
def test_slashes_are_read_where_only_one_order_is_possible(written: str, day: tuple[int, int, int]) -> None:
    assert find_date_in_words(written) == Moment(datetime(*day, tzinfo=UTC), "day")


@pytest.mark.parametrize(("is_month_first", "day"), [(True, (2014, 3, 4)), (False, (2014, 4, 3))])
def test_of_two_possible_orders_the_one_that_is_told_is_read(is_month_first: bool, day: tuple[int, int, int]) -> None:
    assert parse_date("03/04/2014", is_month_first) == Moment(datetime(*day, tzinfo=UTC), "day")


@pytest.mark.parametrize("written", ["03/04/2014", "3 bridges 2014", "31 April 2014", "version 2.0.2014.1", "x" * 300])
def test_what_names_no_single_day_is_none(written: str) -> None:
    assert find_date_in_words(written) is None


def test_a_day_in_an_address_is_found() -> None:
    assert find_date_in_url("https://example.org/2014/Apr/03/bridge") == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")
    assert find_date_in_url("https://example.org/2014/bridge/03/") is None
    assert find_date_in_url("https://example.org/2014/04/03/bridge") == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")
    assert find_date_in_url("https://example.org/2014/99/03/bridge") is None


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?([+-]\d{4})?", fullmatch=True),
        st.from_regex(r"\d{1,2}[ ./]([A-Za-z]{3,9}|\d{1,2})[ ./]\d{4}", fullmatch=True),
    )
)
def test_any_text_is_a_moment_in_utc_or_none(written: str) -> None:
    moment = parse_date(written)
    assert moment is None or (moment.at.tzinfo is UTC and 1989 <= moment.at.year <= 2101 and moment.day.year >= 1989)
