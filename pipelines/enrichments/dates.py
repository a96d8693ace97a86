"""The dates that a text speaks of, each with the day, month or year it means.

Written in full they stand for themselves; a day without a year, a weekday and words such as `yesterday` are read from
the day of publication on the publisher's own clock, as news is written: the year that brings the day nearest to it, the
last such weekday. English, German, French, Spanish and Russian. `03/04/2014` is the third of April or the fourth of
March: where the language does not tell, it is read only if one of the two is impossible.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa

from pipelines.enrichments.date_doubts import is_no_date
from pipelines.enrichments.date_words import LANGUAGES
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.tables.enriched.dates import DATES
from pipelines.text.limits import MAX_CHARACTERS_OF_PATTERNS

READS = ("text", "language", "published_at", "published_zone")

MAX_DATES = 500
DAY, MONTH, YEAR = "day", "month", "year"


def add_dates(items: pa.Table) -> pa.Table:
    """The columns of DATES; skipped for other languages."""
    return by_row(items, DATES, READS, _row)


def _row(text: str, language: str | None, published_at: datetime | None, zone: str | None) -> EnricherResult:
    found = find_dates(text, language, _own_day(published_at, zone) if published_at else None)
    return found if isinstance(found, str) else {"dates": found}


def _own_day(published_at: datetime, zone: str | None) -> date:
    """The day on the publisher's clock, by the offset that was written (`+01:00`); in UTC without one."""
    return published_at.astimezone(datetime.strptime(zone, "%z").tzinfo if zone else UTC).date()


def find_dates(text: str, language: str | None, published_on: date | None) -> list[dict[str, Any]] | str:
    """Rows of {"text", "start", "end", "value", "precision", "is_relative"} in the order of the text, or why none."""
    code = (language or "").partition("-")[0].lower()
    if code not in LANGUAGES:
        return "language"
    found: list[dict[str, Any]] = []
    for match in _pattern(code).finditer(text, 0, MAX_CHARACTERS_OF_PATTERNS):
        read = _read(match, code, published_on)
        if read is None or is_no_date(match, code):
            continue
        start, end = match.span(read.part)
        told = {"text": text[start:end], "start": start, "end": end}
        found.append(told | {"value": read.value, "precision": read.precision, "is_relative": read.is_relative})
        if len(found) == MAX_DATES:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Date:
    value: str | None
    precision: str
    is_relative: bool = False
    part: str = "all"
    """The group of the match that is the date."""


def _words(*patterns: str, are_names: bool = False) -> str:
    """A pattern of words as they are written, names with a capital. IGNORECASE would take a Turkish İ for an i."""
    words = "|".join(filter(None, patterns)).split("|")
    forms = {form for word in words for form in (word.capitalize(), word.upper(), *([] if are_names else [word]))}
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


@cache
def _pattern(code: str) -> re.Pattern[str]:
    """Every form of a language, the longer before the shorter; groups say which parts were found."""
    words = LANGUAGES[code]
    month = rf"(?:{_words(*words.months, are_names=words.are_names)})\b(?:\.(?=\s[0-9]))?"
    year = r"(?:1[0-9]|20|21)[0-9][0-9](?![0-9]|[.,][0-9])"  # 1000 to 2199, and no number that goes on
    between = rf"\s(?:(?:{words.of_month})\s)?" if words.of_month else r"\s"
    day = rf"[0-9]{{1,2}}(?:{words.ordinal})?" if words.ordinal else r"[0-9]{1,2}"
    beside = _words(words.last, words.following)
    weekday = _words(*words.weekdays, are_names=words.are_names)
    forms = [
        rf"(?P<iso>{year}-[0-9][0-9]-[0-9][0-9])(?![0-9])",
        r"(?P<numeric>[0-9]{1,2}(?P<sign>[./])[0-9]{1,2}(?P=sign)(?:1[0-9]|20|21)[0-9][0-9])(?!\.?[0-9])",
        rf"(?P<day>{day}){between}(?P<month>{month})(?:,?{between}(?P<year>{year}))?",
        rf"(?P<month_of>{month}){between}(?P<year_of>{year})",
        rf"(?P<word>{_words(*words.days)})(?!\w)",
        rf"(?:(?P<ahead>{beside})\s)?(?P<weekday>{weekday})(?:\s(?P<behind>{beside}))?(?!\w)",
    ]
    if code == "en":
        forms.insert(
            2, rf"(?P<month_first>{month})\s(?P<day_second>{day})\b(?:,?\s(?P<year_last>{year}))?(?![.,]?[0-9])"
        )
    if words.before_year:
        forms.append(rf"(?P<lead>{_words(words.before_year)})[\s-](?P<only>{year})(?!\w)")
    if words.behind_year:
        forms.append(rf"(?P<only_before>{year})\s(?:{words.behind_year})(?!\w)")
    return re.compile(rf"(?<![\w.,/$€£-])(?P<all>{'|'.join(forms)})")


def _read(match: re.Match[str], code: str, published_on: date | None) -> _Date | None:
    """What a match means; None where no calendar has it."""
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    for form, read in _FORMS.items():
        if form in parts:
            return read(parts, code, published_on)
    return None


def _iso(parts: dict[str, str], _code: str, _published: date | None) -> _Date | None:
    year, month, day = map(int, parts["iso"].split("-"))
    return _full(year, month, day)


def _numeric(parts: dict[str, str], code: str, _published: date | None) -> _Date | None:
    first, second, year = map(int, parts["numeric"].split(parts["sign"]))
    if parts["sign"] == "." or first > 12 or first == second or code in ("fr", "es"):
        return _full(year, second, first)
    return _full(year, first, second) if second > 12 else None


def _day_month(parts: dict[str, str], code: str, published: date | None) -> _Date | None:
    written = parts.get("day") or parts["day_second"]
    day = int("".join(c for c in written if c.isdecimal()))
    month = _number(parts.get("month") or parts["month_first"], LANGUAGES[code].months)
    year = parts.get("year") or parts.get("year_last")
    if year is not None:
        return _full(int(year), month, day)
    if _full(2000, month, day) is None:
        return None
    if published is None:
        return _Date(None, DAY, is_relative=True)
    near = [found for y in (-1, 0, 1) if (found := _day(published.year + y, month, day))]
    nearest = min(near, key=lambda each: abs(each - published), default=None)
    return _Date(nearest.isoformat(), DAY, is_relative=True) if nearest else None


def _month(parts: dict[str, str], code: str, _published: date | None) -> _Date | None:
    return _Date(f"{parts['year_of']}-{_number(parts['month_of'], LANGUAGES[code].months):02}", MONTH)


def _word(parts: dict[str, str], code: str, published: date | None) -> _Date | None:
    if parts["word"] == "Morgen":  # the morning
        return None
    return _from(published, LANGUAGES[code].days[parts["word"].lower()])


def _weekday(parts: dict[str, str], code: str, published: date | None) -> _Date | None:
    words = LANGUAGES[code]
    wanted = _number(parts["weekday"], words.weekdays) - 1
    beside = (parts.get("ahead") or parts.get("behind") or "").lower()
    if published is None:
        return _Date(None, DAY, is_relative=True)
    back = (published.weekday() - wanted) % 7
    if beside in words.following.split("|"):
        return _from(published, 7 - back)
    return _from(published, -7 if back == 0 and beside else -back)


def _only_year(parts: dict[str, str], _code: str, _published: date | None) -> _Date | None:
    part = "only" if "only" in parts else "only_before"
    return _Date(parts[part], YEAR, part=part)


_FORMS: dict[str, Callable[[dict[str, str], str, date | None], _Date | None]] = {
    "iso": _iso,
    "numeric": _numeric,
    "day": _day_month,
    "day_second": _day_month,
    "month_of": _month,
    "word": _word,
    "weekday": _weekday,
    "only": _only_year,
    "only_before": _only_year,
}


def _full(year: int, month: int, day: int) -> _Date | None:
    found = _day(year, month, day)
    return _Date(found.isoformat(), DAY) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from(published: date | None, days: int) -> _Date:
    if published is None:
        return _Date(None, DAY, is_relative=True)
    try:
        return _Date((published + timedelta(days)).isoformat(), DAY, is_relative=True)
    except OverflowError:
        return _Date(None, DAY, is_relative=True)


def _number(written: str, names: tuple[str, ...]) -> int:
    """Which of the names, from 1, a word is a form of."""
    word = written.lower().rstrip(".")
    return next(number for number, forms in enumerate(names, 1) if word in forms.split("|"))
