"""Written dates in, moments in UTC out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.dates import Moment, date_in_url, parse_date


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2014-04-03", datetime(2014, 4, 3, tzinfo=UTC), "day"),
        ("2014-04-03T00:00:00+04:00", datetime(2014, 4, 3, tzinfo=UTC), "day"),
        ("2014-04-03 10:15", datetime(2014, 4, 3, 10, 15, tzinfo=UTC), "minute"),
        ("2014-4-3T10:15:30.123Z", datetime(2014, 4, 3, 10, 15, 30, tzinfo=UTC), "second"),
        ("2014-04-03T10:15:30+0400", datetime(2014, 4, 3, 6, 15, 30, tzinfo=UTC), "second"),
        ("Thu, 03 Apr 2014 10:15:30 +0400", datetime(2014, 4, 3, 6, 15, 30, tzinfo=UTC), "second"),
    ],
)
def test_a_date_is_read_with_its_precision(written: str, at: datetime, precision: str):
    assert parse_date(written) == Moment(at, precision)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "1970-01-01", "2101-01-01", "2014-13-03", "2014-04-31T10:00", "0000-00-00"]
)
def test_what_is_no_possible_date_is_none(written: str):
    assert parse_date(written) is None


def test_a_day_in_an_address_is_found():
    assert date_in_url("https://example.org/2014/04/03/bridge") == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")
    assert date_in_url("https://example.org/2014/99/03/bridge") is None


@given(st.one_of(st.text(), st.from_regex(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?([+-]\d{4})?", fullmatch=True)))
def test_any_text_is_a_moment_in_utc_or_none(written: str):
    moment = parse_date(written)
    assert moment is None or (moment.at.tzinfo is UTC and 1989 <= moment.at.year <= 2101)
