"""Written dates → UTC, with the precision they were written in."""

import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from htmldate import find_date
from lxml.html import HtmlElement

from pipelines.cleaning.text import limit_marks
from pipelines.text.limits import MAX_URL
from pipelines.text.months import MONTHS_IN_DATES

MIN_YEAR, MAX_YEAR = 1990, 2100  # outside of these a date on a web page is a mistake

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

_SPACES = re.compile(r"\s+")


def _fold(written: str) -> str:
    """Return the text in lower case, without accents, with single spaces."""
    letters = unicodedata.normalize("NFKD", limit_marks(written).casefold()).replace("ı", "i")
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare))  # Hangul put together again


_MONTH_OF = {_fold(word): number for number, words in enumerate(MONTHS_IN_DATES, 1) for word in words.split()}
_WORD = r"([^\W\d_]{3,14})\.?"
_DAY = r"(?<!\d)(\d{1,2})"
_YEAR = r"((?:19|20)\d{2})(?!\d)"
_WRITTEN = (  # each with the places of year, month and day among its groups
    (re.compile(rf"{_DAY}(?:st|nd|rd|th|er|[.ºª])?,?\s(?:de\s|of\s)?{_WORD},?\s(?:del?\s)?{_YEAR}"), (3, 2, 1)),
    (re.compile(rf"(?<![^\W\d_]){_WORD}\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}"), (3, 1, 2)),
    (re.compile(rf"(?<!\d){_YEAR}\.?\s{_WORD}\s(\d{{1,2}})(?!\d)"), (1, 2, 3)),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(?<![\d.])((?:19|20)\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"), (1, 3, 4)),
    (re.compile(rf"(?<![\d.])(\d{{1,2}})\.(\d{{1,2}})\.{_YEAR}"), (3, 2, 1)),
)
_SLASHED = re.compile(rf"(?<![\d/])(\d{{1,2}})[/-](\d{{1,2}})[/-]{_YEAR}")
MAX_WRITTEN = 200  # characters of a line that tells a date; longer ones are prose

# htmldate's bounds are given, for it would take today's date: the same page must give the same answer next year.
_MIN_DATE, _MAX_DATE = f"{MIN_YEAR}-01-01", f"{MAX_YEAR}-12-31"

logging.getLogger("htmldate").setLevel(logging.CRITICAL)  # one bad page is data, no line in a log


class _WrittenDay(NamedTuple):
    """A day as a line names it, sorted by where."""

    start: int
    year: str
    month: str
    day: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in UTC, `day`, `minute` or `second` exact. A day stands at its midnight."""

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


def parse_date(written: str, is_month_first: bool | None = None) -> Moment | None:
    """Return ISO 8601 as pages write it, an RFC 2822 date, or a day in words; None for anything else.

    A year out of bounds is none. Without a zone the time is taken as UTC. Midnight sharp means that only the day was
    known: it stays that calendar day whatever the zone.
    """
    written = written.strip()[:64]
    match = _ISO.match(written) or _BASIC.match(written) or _JAVASCRIPT.match(written)
    try:
        if match is None:
            moment = _parse_rfc_2822(written) if _RFC_2822.match(written) else None
            return moment or find_date_in_words(written, is_month_first)
        parts = match.groupdict()
        month = _MONTH_OF.get(parts["name"].lower(), 0) if "name" in parts else int(parts["month"])
        day = date(int(parts["year"]), month, int(parts["day"]))
        return _read_moment(day, parts)
    except (ValueError, OverflowError):
        return None


def _read_moment(day: date, parts: Mapping[str, str | None]) -> Moment | None:
    """Return a day with its time; the day alone where that is no time, or has a zone that is not known."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if parts["half"]:
        hour = hour % 12 + 12 * (parts["half"] in "pP") if 1 <= hour <= 12 else 24
    try:
        offset = _parse_offset(parts["zone"])
    except ValueError:
        return _bound(midnight, "day")
    rest = parts["rest"] or ""
    is_time = bool(_ZONE_NAME.fullmatch(rest)) and (parts["zone"] is not None or not rest.strip(" .)"))
    if parts["hour"] is None or not is_time or hour > 23 or minute > 59 or second > 59:
        return _bound(midnight, "day")
    at = midnight.replace(hour=hour, minute=minute, second=second, tzinfo=offset or UTC)
    return _bound(at, "second" if parts["second"] else "minute", has_zone=offset is not None)


def find_date_in_words(written: str, is_month_first: bool | None = None) -> Moment | None:
    """Return the first day that a short line names, with its month in words (some 25 languages) or as a number.

    `03/04/2014` is the third of April or the fourth of March: where both are possible `is_month_first` decides, and
    nothing is read without it.
    """
    if len(written) > MAX_WRITTEN:
        return None
    line = _fold(written)
    days = [
        _WrittenDay(match.start(), match[year], match[month], match[day])
        for form, (year, month, day) in _WRITTEN
        if (match := form.search(line))
    ]
    if slashed := _SLASHED.search(line):
        first, second, year = slashed.groups()
        if int(first) > 12 or first == second:
            is_month_first = False
        elif int(second) > 12:
            is_month_first = True
        if is_month_first is not None:
            month, day = (first, second) if is_month_first else (second, first)
            days.append(_WrittenDay(slashed.start(), year, month, day))
    for _, year, month, day in sorted(days):
        number = int(month) if month.isdecimal() else _MONTH_OF.get(month, 0)
        try:
            return _bound(datetime(int(year), number, int(day), tzinfo=UTC), "day")
        except ValueError:
            continue
    return None


def find_date_in_url(url: str) -> Moment | None:
    """Return the day in an address such as `/2014/04/03/` or `/2014/apr/03/`."""
    match = _URL_DAY.search(url[:MAX_URL].lower())
    if match is None:
        return None
    year, month, day = match.groups()
    return parse_date(f"{year}-{month if month.isdecimal() else _MONTH_OF.get(month, 0)}-{day}")


def find_date_on_page(tree: HtmlElement, url: str | None) -> Moment | None:
    """Return the day that htmldate finds on the page; the tree is left as it was.

    Not its extensive search: that one asks dateparser, which is slow (1 s a page at times) and remembers between calls.
    """
    try:
        written = find_date(
            tree, extensive_search=False, original_date=True, url=url, min_date=_MIN_DATE, max_date=_MAX_DATE
        )
    except Exception:  # noqa: BLE001  a third-party search over a hostile page: where it raises, there is no date
        return None
    return parse_date(written) if written else None


def _parse_rfc_2822(written: str) -> Moment | None:
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None and written[-1].isalpha():  # behind the name of a zone that is not known
        return _bound(datetime(at.year, at.month, at.day, tzinfo=UTC), "day")
    return _bound(at, "second", has_zone=at.tzinfo is not None)


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


def _bound(at: datetime, precision: str, has_zone: bool = False) -> Moment | None:
    if not MIN_YEAR <= at.year <= MAX_YEAR:
        return None
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return Moment(datetime(at.year, at.month, at.day, tzinfo=UTC), "day")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Moment(at.astimezone(UTC), precision, at.isoformat()[-6:] if has_zone else None)
