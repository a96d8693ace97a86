"""Written dates → UTC, with the precision they were written in."""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from htmldate import find_date
from lxml.html import HtmlElement

MIN_YEAR, MAX_YEAR = 1990, 2100  # outside of these a date on a web page is a mistake

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?!\d))?)?",
    re.IGNORECASE,
)
_URL_DAY = re.compile(r"[/-]((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/.?#_-]|$)")

# htmldate's bounds are given, for it would take today's date: the same page must give the same answer next year.
_MIN_DATE, _MAX_DATE = f"{MIN_YEAR}-01-01", f"{MAX_YEAR}-12-31"

logging.getLogger("htmldate").setLevel(logging.CRITICAL)  # one bad page is data, no line in a log


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in UTC, `day`, `minute` or `second` exact. A day stands at its midnight."""

    at: datetime
    precision: str


def parse_date(written: str) -> Moment | None:
    """ISO 8601 as pages write it, or an RFC 2822 date; None for anything else or a year out of bounds.

    Without a zone the time is taken as UTC. Midnight sharp means that only the day was known: it stays that calendar
    day whatever the zone.
    """
    written = written.strip()[:64]
    found = _ISO.match(written)
    try:
        if found is None:
            return _bounded(parsedate_to_datetime(written), "second")
        year, month, day, hour, minute, second, zone = found.groups()
        if hour is None:
            return _bounded(datetime(int(year), int(month), int(day), tzinfo=UTC), "day")
        clock = f"{int(hour):02}:{minute}:{second or '00'}{_offset(zone)}"
        at = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{clock}")
        return _bounded(at, "second" if second else "minute")
    except (ValueError, OverflowError):
        return None


def date_in_url(url: str) -> Moment | None:
    """The day in an address such as `/2014/04/03/`."""
    found = _URL_DAY.search(url[:2_000])
    return parse_date("-".join(found.groups())) if found else None


def date_on_page(tree: HtmlElement, url: str | None) -> Moment | None:
    """What htmldate finds on the page, to the day; the tree is left as it was.

    Not its extensive search: that one asks dateparser, which is slow (1 s a page at times) and remembers between calls.
    """
    try:
        found = find_date(
            tree, extensive_search=False, original_date=True, url=url, min_date=_MIN_DATE, max_date=_MAX_DATE
        )
    except Exception:  # noqa: BLE001  a third-party search over a hostile page: whatever it raises, there is no date
        return None
    return parse_date(found) if found else None


def _offset(zone: str | None) -> str:
    return "+00:00" if zone is None or zone[0] not in "+-" else zone


def _bounded(at: datetime, precision: str) -> Moment | None:
    if not MIN_YEAR <= at.year <= MAX_YEAR:
        return None
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return Moment(datetime(at.year, at.month, at.day, tzinfo=UTC), "day")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Moment(at.astimezone(UTC), precision)
