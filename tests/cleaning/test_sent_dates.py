"""Dates as feeds write them."""

import pytest

from pipelines.cleaning.sent_dates import parse_sent_date


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("Fri, 30 Jan 2026 10:00:00 CET", "2026-01-30T09:00", "second"),
        ("Fri, 30 Jan 2026 10:00 MESZ", "2026-01-30T08:00", "second"),
        ("Fri, 30 Jan 2026 10:00:00 IST", "2026-01-30T04:30", "second"),
        ("Fri, 30 Jan 2026 9:05 NZDT", "2026-01-29T20:05", "second"),
        ("Fri, 30 Jan 2026 10:00:00 K", "2026-01-30T10:00", "second"),
        ("Fri, 30 Jan 2026 10:00:00", "2026-01-30T10:00", "second"),
        ("30 Jan 26 10:00 GMT", "2026-01-30T10:00", "second"),
        ("Fri Jan 30 10:00:00 CET 2026", "2026-01-30T09:00", "second"),
        ("2026-01-30 10:00:00 CEST", "2026-01-30T08:00", "second"),
        ("2026-01-30T10:00:00", "2026-01-30T10:00", "second"),
        ("2026-01-30", "2026-01-30T00:00", "day"),
        ("Fri, 30 Jan 2026", "2026-01-30T00:00", "day"),
        ("Fri, 30 Jan 2026 10:00:00 QQQ", "2026-01-30T00:00", "day"),
        ("Ven, 30 Janvier 2026 10:00:00 +0100", "2026-01-30T09:00", "second"),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(written: str, at: str, precision: str) -> None:
    moment = parse_sent_date([written])
    assert moment is not None
    assert (f"{moment.at:%Y-%m-%dT%H:%M}", moment.precision) == (at, precision)


def test_the_first_date_that_is_one_counts() -> None:
    moment = parse_sent_date(["yesterday", "2026-01-30", "2026-01-31"])
    assert moment is not None
    assert f"{moment.at:%d}" == "30"


def test_words_are_no_date() -> None:
    assert parse_sent_date(["yesterday", ""]) is None


@pytest.mark.parametrize(
    ("written", "at", "zone"),
    [
        ("Пт, 27 фев 2026 10:00:00 +0300", "2026-02-27T07:00:00+00:00", "+03:00"),
        ("ven., 27 févr. 2026 00:30:00 +0100", "2026-02-26T23:30:00+00:00", "+01:00"),
        ("Sex, 27 Fev 2026 10:00:00 -0300", "2026-02-27T13:00:00+00:00", "-03:00"),
        ("Fri, 27 Feb 2026 10:00:00 GMT+1", "2026-02-27T09:00:00+00:00", "+01:00"),
        ("27.02.2026 23:30 +0300", "2026-02-27T20:30:00+00:00", "+03:00"),
    ],
)
def test_a_clock_with_an_offset_behind_a_day_in_any_language_is_read(written: str, at: str, zone: str) -> None:
    moment = parse_sent_date([written])
    assert moment is not None
    assert (moment.at.isoformat(), moment.zone) == (at, zone)


@pytest.mark.parametrize("written", ["27 février 2026 25:00 +0100", "27 février 2026 10:00"])
def test_a_clock_that_cannot_be_or_has_no_offset_leaves_the_day(written: str) -> None:
    moment = parse_sent_date([written])
    assert moment is not None
    assert moment.precision == "day"
