"""Written dates → UTC, with the precision they were written in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from pipelines.cleaning.written_dates import (
    MAX_WRITTEN,
    NO_HABITS,
    DateHabits,
    WrittenDay,
    find_written_days,
    find_written_months,
)
from pipelines.text.limits import MAX_URL
from pipelines.text.months import MONTHS_IN_DATES

__all__ = ["MAX_WRITTEN", "NO_HABITS", "DateHabits", "Moment", "find_date_in_url", "find_date_in_words", "parse_date"]

MIN_YEAR, MAX_YEAR = 1600, 2100  # the first newspapers are of 1605; outside of these a date is a mistake
MAX_DATE = 64  # characters of a value that is a date

_CLOCK = (
    r"(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?[+\-\u2212]\d{1,2}(?::?\d{2})?(?!\d)|UTC|GMT|[ECMP][SD]T)?(?P<rest>.*)"
)
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T\s]+{_CLOCK})?", re.IGNORECASE)
_BASIC = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})T{_CLOCK}", re.IGNORECASE)
# As JavaScript writes it: Wed May 01 2024 10:00:00 GMT+0200 (CEST).
_JAVASCRIPT = re.compile(rf"[a-z]{{3}} (?P<name>[a-z]{{3}}) (?P<day>\d{{2}}) (?P<year>\d{{4}}) {_CLOCK}", re.IGNORECASE)
_RFC_2822 = re.compile(
    r"(?:[a-z]{3},\s*)?\d{1,2}\s[a-z]{3}\s\d{4}\s\d\d:\d\d(?::\d\d)?\s*(?:[a-z]{1,4}|[+-]\d{4})?\s*$", re.IGNORECASE
)
_NAMED_ZONES = {"E": -5, "C": -6, "M": -7, "P": -8}  # hours of standard time in America, the only names RFC 2822 has
_ZONE_NAME = re.compile(r"[\s.]*(?:[\[(][^\[\]()]*[\])]|[A-Z]{2,5})?\s*")  # behind an offset: the zone's name
_URL_DAY = re.compile(r"[/-]((?:19|20)\d{2})[/-](\d{1,2}|[a-z]{3,9})[/-](\d{1,2})(?=[/.?#_-]|$)")

_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.0)?")  # seconds, or thousandths, since 1970: from 2001 on
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_MONTH_OF = {word: number for number, words in enumerate(MONTHS_IN_DATES, 1) for word in words.split()}

# What programs write where they know no date: the first day of their calendar, in any zone.
_NO_DATES = frozenset(
    date.fromisoformat(day)
    for day in ("1601-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1969-12-31", "1970-01-01")
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in UTC, `month`, `day`, `minute` or `second` exact. A day, or month, stands at its beginning."""

    at: datetime
    precision: str
    zone: str | None = None
    """The offset from UTC that was written, as `+02:00`; None where none was, and for a day."""

    @property
    def day(self) -> date:
        """The calendar day on the publisher's own clock, as far as the offset tells it."""
        if self.zone is None:
            return self.at.date()
        offset = timedelta(hours=int(self.zone[1:3]), minutes=int(self.zone[4:6]))
        return (self.at - offset if self.zone[0] == "-" else self.at + offset).date()


def parse_date(written: str, habits: DateHabits = NO_HABITS) -> Moment | None:
    """Return ISO 8601 as pages write it, an RFC 2822 date, or a day or month in words; None for anything else.

    Nothing is filled in: what names no day is a month, and what names no month is none. A year out of bounds is none.
    Without a zone the time is taken as UTC. Midnight sharp means that only the day was known: it stays that calendar
    day whatever the zone.
    """
    written = written.strip()[:MAX_DATE]
    moment = _parse_machine_date(written, habits) or find_date_in_words(written, habits)
    return moment or _find_month(written, habits)


def _parse_machine_date(written: str, habits: DateHabits) -> Moment | None:
    """Return a date in one of the forms that programs write."""
    match = _ISO.match(written) or _BASIC.match(written) or _JAVASCRIPT.match(written) or _DIGITS.fullmatch(written)
    try:
        if _EPOCH.fullmatch(written):
            return _bound(datetime.fromtimestamp(int(written[:10]), UTC), "second", habits, has_zone=True)
        if match is None:
            return _parse_rfc_2822(written, habits) if _RFC_2822.match(written) else None
        parts = match.groupdict()
        month = _MONTH_OF.get(parts["name"].lower(), 0) if "name" in parts else int(parts["month"])
        day = date(int(parts["year"]), month, int(parts["day"]))
        return _read_moment(day, parts, habits)
    except (ValueError, OverflowError):
        return None


def _read_moment(day: date, parts: Mapping[str, str | None], habits: DateHabits) -> Moment | None:
    """Return a day with its time; the day alone where that is no time, or has a zone that is not known."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if parts.get("half"):
        hour = hour % 12 + 12 * ((parts["half"] or "") in "pP") if 1 <= hour <= 12 else 24
    zone, rest = parts.get("zone"), parts.get("rest") or ""
    try:
        offset = _parse_offset(zone)
    except ValueError:
        return _bound(midnight, "day", habits)
    is_time = bool(_ZONE_NAME.fullmatch(rest)) and (zone is not None or not rest.strip(" .)"))
    if parts.get("hour") is None or not is_time or hour > 23 or minute > 59 or second > 59:
        return _bound(midnight, "day", habits)
    at = midnight.replace(hour=hour, minute=minute, second=second, tzinfo=offset or UTC)
    return _bound(at, "second" if parts["second"] else "minute", habits, has_zone=offset is not None)


def find_date_in_words(written: str, habits: DateHabits = NO_HABITS) -> Moment | None:
    """Return the first possible day that a short line names, with its month in words or as a number.

    In the languages and calendars of written_dates, a Gregorian day before one of another calendar beside it.
    """
    return _choose_moment(find_written_days(written, habits), "day", habits)


def _find_month(written: str, habits: DateHabits) -> Moment | None:
    return _choose_moment(find_written_months(written, habits), "month", habits)


def _choose_moment(days: Iterable[WrittenDay], precision: str, habits: DateHabits) -> Moment | None:
    for written in days:
        try:
            day = written.to_date()
        except (ValueError, OverflowError):
            continue
        if moment := _bound(datetime(day.year, day.month, day.day, tzinfo=UTC), precision, habits):
            return moment
    return None


def find_date_in_url(url: str, habits: DateHabits = NO_HABITS) -> Moment | None:
    """Return the day in an address such as `/2014/04/03/` or `/2014/apr/03/`."""
    match = _URL_DAY.search(url[:MAX_URL].lower())
    if match is None:
        return None
    year, month, day = match.groups()
    return parse_date(f"{year}-{month if month.isdecimal() else _MONTH_OF.get(month, 0)}-{day}", habits)


def _parse_rfc_2822(written: str, habits: DateHabits) -> Moment | None:
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None and written[-1].isalpha():  # behind the name of a zone that is not known
        return _bound(datetime(at.year, at.month, at.day, tzinfo=UTC), "day", habits)
    return _bound(at, "second", habits, has_zone=at.tzinfo is not None)


def _parse_offset(zone: str | None) -> timezone | None:
    """Return the offset from UTC that is written.

    Raises ValueError for one of a day or more, or with no such minutes.
    """
    if zone is None:
        return None
    if zone[-1] in "tT" and zone[-2] in "sSdD":
        return timezone(timedelta(hours=_NAMED_ZONES[zone[0].upper()] + (zone[1] in "dD")))
    signed = zone.upper().replace("UTC", "").replace("GMT", "").replace("Z", "").replace("\u2212", "-")
    if not signed:
        return timezone(timedelta())
    digits = signed[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    if int(minutes) > 59:
        raise ValueError(f"no such minutes: {zone}")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if signed[0] == "-" else offset)


def _bound(at: datetime, precision: str, habits: DateHabits, has_zone: bool = False) -> Moment | None:
    """Return the moment, or None where it cannot be one of publication."""
    is_possible = MIN_YEAR <= at.year <= MAX_YEAR and (habits.latest is None or at.date() <= habits.latest)
    if not is_possible or (at.date() in _NO_DATES and precision != "month"):
        return None
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return Moment(datetime(at.year, at.month, at.day, tzinfo=UTC), precision if precision == "month" else "day")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Moment(at.astimezone(UTC), precision, at.isoformat()[-6:] if has_zone else None)
