"""The dates that a text speaks of, each with the day, month or year it means.

Dates written in full need nothing else; a day without a year, a weekday and words such as `yesterday` are read from
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
from pipelines.enrichments.date_tense import find_tense
from pipelines.enrichments.date_words import LANGUAGES
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import get_language_code
from pipelines.tables.enriched.dates import DATES
from pipelines.text.limits import MAX_CHARACTERS_OF_PATTERNS

READS = ("text", "language", "published_at", "published_zone")

MAX_DATES = 500
DAY, MONTH, YEAR = "day", "month", "year"


def add_dates(items: pa.Table) -> pa.Table:
    """Compute the columns of DATES; skip other languages."""
    return by_row(items, DATES, READS, _enrich_article)


def _enrich_article(text: str, language: str | None, published_at: datetime | None, zone: str | None) -> EnricherResult:
    dates = find_dates(text, language, _read_local_day(published_at, zone) if published_at else None)
    return dates if isinstance(dates, str) else {"dates": dates}


def _read_local_day(published_at: datetime, zone: str | None) -> date:
    """Return the day on the publisher's clock, by the offset that was written (`+01:00`); in UTC without one."""
    return published_at.astimezone(datetime.strptime(zone, "%z").tzinfo if zone else UTC).date()


def find_dates(text: str, language: str | None, published_on: date | None) -> list[dict[str, Any]] | str:
    """Return rows of {"text", "start", "end", "value", "precision", "is_relative"} in their order, or why none."""
    code = get_language_code(language)
    if code not in LANGUAGES:
        return "language"
    rows: list[dict[str, Any]] = []
    for match in _compile_pattern(code).finditer(text, 0, MAX_CHARACTERS_OF_PATTERNS):
        read = _read_match(match, code, published_on)
        if read is None or is_no_date(match, code):
            continue
        start, end = match.span(read.part)
        span = {"text": text[start:end], "start": start, "end": end}
        rows.append(span | {"value": read.value, "precision": read.precision, "is_relative": read.is_relative})
        if len(rows) == MAX_DATES:
            break
    return rows


Parts = dict[str, str]
"""The groups of a match that took part in it, by name."""


@dataclass(frozen=True, slots=True)
class _ParsedDate:
    """The date that a match means."""

    value: str | None
    precision: str
    is_relative: bool = False
    part: str = "all"
    """The group of the match that is the date."""


def _alternatives(*patterns: str, are_names: bool = False) -> str:
    """Return a pattern of words as they are written, names with a capital.

    IGNORECASE would take a Turkish İ for an i.
    """
    words = "|".join(filter(None, patterns)).split("|")
    forms = {form for word in words for form in (word.capitalize(), word.upper(), *([] if are_names else [word]))}
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


@cache
def _compile_pattern(code: str) -> re.Pattern[str]:
    """Return the pattern of every form of a language, the longer before the shorter; groups name its parts."""
    words = LANGUAGES[code]
    month = rf"(?:{_alternatives(*words.months, are_names=words.are_names)})\b(?:\.(?=\s[0-9]))?"
    year = r"(?:1[0-9]|20|21)[0-9][0-9](?![0-9]|[.,][0-9])"  # 1000 to 2199, and no number that goes on
    between = rf"\s(?:(?:{words.of_month})\s)?" if words.of_month else r"\s"
    day = rf"[0-9]{{1,2}}(?:{words.ordinal})?" if words.ordinal else r"[0-9]{1,2}"
    beside = _alternatives(words.last, words.following)
    weekday = _alternatives(*words.weekdays, are_names=words.are_names)
    forms = [
        rf"(?P<iso>{year}-[0-9][0-9]-[0-9][0-9])(?![0-9])",
        r"(?P<numeric>[0-9]{1,2}(?P<sign>[./])[0-9]{1,2}(?P=sign)(?:1[0-9]|20|21)[0-9][0-9])(?!\.?[0-9])",
        rf"(?P<day>{day}){between}(?P<month>{month})(?:,?{between}(?P<year>{year}))?",
        rf"(?P<month_of>{month}){between}(?P<year_of>{year})",
        rf"(?P<word>{_alternatives(*words.days)})(?!\w)",
        rf"(?:(?P<ahead>{beside})\s)?(?P<weekday>{weekday})(?:\s(?P<behind>{beside}))?(?!\w)",
    ]
    if code == "en":
        forms.insert(
            2, rf"(?P<month_first>{month})\s(?P<day_second>{day})\b(?:,?\s(?P<year_last>{year}))?(?![.,]?[0-9])"
        )
    if words.before_year:
        forms.append(rf"(?P<lead>{_alternatives(words.before_year)})[\s-](?P<only>{year})(?!\w)")
    if words.behind_year:
        forms.append(rf"(?P<only_before>{year})\s(?:{words.behind_year})(?!\w)")
    return re.compile(rf"(?<![\w.,/$€£-])(?P<all>{'|'.join(forms)})")


def _read_match(match: re.Match[str], code: str, published_on: date | None) -> _ParsedDate | None:
    """Return the date that a match means; None where no calendar has it."""
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    form = next((form for form in _READERS if form in parts), None)
    if form is None:
        return None
    if published_on and form in _READ_BY_TENSE and (tense := find_tense(match.string, *match.span("all"), code)):
        parts["tense"] = tense
    return _READERS[form](parts, code, published_on)


def _read_iso(parts: Parts, _code: str, _published: date | None) -> _ParsedDate | None:
    year, month, day = map(int, parts["iso"].split("-"))
    return _make_day(year, month, day)


def _read_numeric(parts: Parts, code: str, _published: date | None) -> _ParsedDate | None:
    first, second, year = map(int, parts["numeric"].split(parts["sign"]))
    if parts["sign"] == "." or first > 12 or first == second or code in ("fr", "es"):
        return _make_day(year, second, first)
    return _make_day(year, first, second) if second > 12 else None


def _read_day_month(parts: Parts, code: str, published: date | None) -> _ParsedDate | None:
    written = parts.get("day") or parts["day_second"]
    day = int("".join(c for c in written if c.isdecimal()))
    month = _find_number(parts.get("month") or parts["month_first"], LANGUAGES[code].months)
    year = parts.get("year") or parts.get("year_last")
    if year is not None:
        return _make_day(int(year), month, day)
    if _make_day(2000, month, day) is None:
        return None
    if published is None:
        return _ParsedDate(None, DAY, is_relative=True)
    candidates = [_parse_day(published.year + years, month, day) for years in range(-2, 3)]
    dates = [candidate for candidate in candidates if candidate and _fits_tense(candidate, published, parts)]
    nearest = min(dates, key=lambda candidate: abs(candidate - published), default=None)
    return _ParsedDate(nearest.isoformat(), DAY, is_relative=True) if nearest else None


def _fits_tense(day: date, published: date, parts: Parts) -> bool:
    """Tell whether a day is on the side of the day of publication that the verb beside it says."""
    tense = parts.get("tense")
    return tense is None or (day <= published if tense == "past" else day >= published)


def _read_month(parts: Parts, code: str, _published: date | None) -> _ParsedDate | None:
    return _ParsedDate(f"{parts['year_of']}-{_find_number(parts['month_of'], LANGUAGES[code].months):02}", MONTH)


def _read_word(parts: Parts, code: str, published: date | None) -> _ParsedDate | None:
    if parts["word"] == "Morgen":  # the morning
        return None
    return _count_from(published, LANGUAGES[code].days[parts["word"].lower()])


def _read_weekday(parts: Parts, code: str, published: date | None) -> _ParsedDate | None:
    words = LANGUAGES[code]
    wanted = _find_number(parts["weekday"], words.weekdays) - 1
    beside = (parts.get("ahead") or parts.get("behind") or "").lower()
    if published is None:
        return _ParsedDate(None, DAY, is_relative=True)
    back = (published.weekday() - wanted) % 7
    if beside in words.following.split("|"):
        return _count_from(published, 7 - back)
    if not beside and back and parts.get("tense") == "future":
        return _count_from(published, 7 - back)
    return _count_from(published, -7 if back == 0 and beside else -back)


def _read_only_year(parts: Parts, _code: str, _published: date | None) -> _ParsedDate | None:
    part = "only" if "only" in parts else "only_before"
    return _ParsedDate(parts[part], YEAR, part=part)


# A day that may be of the week or year before or behind: the verb beside it says which.
_READ_BY_TENSE = frozenset(("day", "day_second", "weekday"))
_READERS: dict[str, Callable[[Parts, str, date | None], _ParsedDate | None]] = {
    "iso": _read_iso,
    "numeric": _read_numeric,
    "day": _read_day_month,
    "day_second": _read_day_month,
    "month_of": _read_month,
    "word": _read_word,
    "weekday": _read_weekday,
    "only": _read_only_year,
    "only_before": _read_only_year,
}


def _make_day(year: int, month: int, day: int) -> _ParsedDate | None:
    parsed = _parse_day(year, month, day)
    return _ParsedDate(parsed.isoformat(), DAY) if parsed else None


def _parse_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _count_from(published: date | None, days: int) -> _ParsedDate:
    if published is None:
        return _ParsedDate(None, DAY, is_relative=True)
    try:
        return _ParsedDate((published + timedelta(days)).isoformat(), DAY, is_relative=True)
    except OverflowError:
        return _ParsedDate(None, DAY, is_relative=True)


def _find_number(written: str, names: tuple[str, ...]) -> int:
    """Return which of the names, from 1, a word is a form of."""
    word = written.lower().rstrip(".")
    return next(number for number, forms in enumerate(names, 1) if word in forms.split("|"))
