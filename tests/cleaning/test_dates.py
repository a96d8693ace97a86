"""Written dates in, moments in UTC out."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.dates import DateHabits, Moment, find_date_in_url, find_date_in_words, parse_date


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
    assert parse_date("03/04/2014", DateHabits(is_month_first)) == Moment(datetime(*day, tzinfo=UTC), "day")


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
    assert moment is None or (moment.at.tzinfo is UTC and 1599 <= moment.at.year <= 2101)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("vi", "Thứ năm, ngày 3 tháng 04 năm 2014"), ("vi", "3 thg 4, 2014"),
        ("hi", "३ अप्रैल २०१४"), ("bn", "৩ এপ্রিল ২০১৪"),
        ("he", "3 באפריל 2014"),
        ("ar", "٣ نيسان/أبريل ٢٠١٤"),
        ("ca", "3 d’abril del 2014"),
        ("ms", "3 April 2014"),
        ("lv", "2014. gada 3. aprīlis"),
        ("lt", "2014 m. balandžio 3 d."),
        ("eu", "2014(e)ko apirilaren 3(a)"),
        ("mn", "2014 оны 4-р сарын 3"),
        ("ta", "ஏப்ரல் 3, 2014"),
        ("my", "၂၀၁၄ ခုနှစ် ဧပြီ ၃"),
        ("sw", "Aprili 3, 2014"),
        ("ko", "2014. 4. 3. 오후 3:05"),
        ("zh", "二〇一四年四月三日"),
        ("ja", "２０１４年４月３日"),
        ("ru", "3-го апреля 2014 г."),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_languages_and_digits_of_the_world(language: str, written: str) -> None:
    for known in (language, None):
        assert find_date_in_words(written, DateHabits(language=known)) == Moment(
            datetime(2014, 4, 3, tzinfo=UTC), "day"
        )


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fa", "پنجشنبه ۱۴ فروردین ۱۳۹۳"),
        ("fa", "۱۳۹۳/۰۱/۱۴"),
        ("fa", "1393-01-14T10:15"),
        ("ar", "٣ جمادى الآخرة ١٤٣٥ هـ"),
        ("he", "ג׳ בניסן תשע״ד"),
        ("en", "3 Nisan 5774"),
        ("th", "3 เม.ย. 2557"),
        ("th", "3 เมษายน พ.ศ. 2557"),
        ("th", "3/4/2557"),
        ("ja", "平成26年4月3日"), ("ja", "平成二十六年（2014年）四月三日"), ("ja", "H26.4.3"),
        ("zh", "民國103年4月3日"),
        ("zh", "103/04/03"), ("am", "መጋቢት 25 ቀን 2006"),
    ],
)  # fmt: skip
def test_a_day_of_another_calendar_is_read_as_the_gregorian_one(language: str, written: str) -> None:
    assert parse_date(written, DateHabits(False, language)) == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")


def test_a_gregorian_day_goes_before_one_of_another_calendar_beside_it() -> None:
    moment = find_date_in_words("الخميس 3 جمادى الآخرة 1435 هـ الموافق 4 أبريل 2014")
    assert moment == Moment(datetime(2014, 4, 4, tzinfo=UTC), "day")


@pytest.mark.parametrize(("language", "month"), [("hr", 10), ("pl", 11), ("cs", 11), (None, 11)])
def test_a_word_for_two_months_is_that_of_the_pages_language(language: str | None, month: int) -> None:
    moment = find_date_in_words("3 listopada 2014", DateHabits(language=language))
    assert moment == Moment(datetime(2014, month, 3, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    "written",
    ["2014-04", "2014/04", "04/2014", "April 2014", "abril de 2014", "2014年4月", "Tháng 4 năm 2014", "เมษายน 2557"],
)
def test_a_month_alone_stays_a_month(written: str) -> None:
    assert parse_date(written) == Moment(datetime(2014, 4, 1, tzinfo=UTC), "month")


@pytest.mark.parametrize(
    "written", ["2014", "3 April", "April", "04-03", "10:15", "Thursday", "3 days ago", "2014-W14", "5 stars 2014"]
)
def test_nothing_is_filled_in_from_today(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(("written", "year"), [("1605-04-03", 1605), ("3 May 1878", 1878), ("昭和53年5月4日", 1978)])
def test_old_newspapers_have_their_dates(written: str, year: int) -> None:
    moment = parse_date(written)
    assert moment is not None
    assert moment.day.year == year


@pytest.mark.parametrize("written", ["1599-04-03", "1900-01-01", "1969-12-31T19:00:00-05:00", "January 1, 1970"])
def test_the_first_day_of_a_programs_calendar_is_no_date(written: str) -> None:
    assert parse_date(written) is None


def test_a_day_behind_the_last_possible_one_is_none() -> None:
    habits = DateHabits(latest=date(2014, 4, 3))
    assert parse_date("2014-04-03T23:00:00Z", habits) is not None
    assert parse_date("2014-04-04", habits) is None
    assert find_date_in_words("4 April 2014", habits) is None


@pytest.mark.parametrize("written", ["1778747400", "1778747400000"])
def test_seconds_since_1970_are_a_moment(written: str) -> None:
    assert parse_date(written) == Moment(datetime(2026, 5, 14, 8, 30, tzinfo=UTC), "second", "+00:00")
