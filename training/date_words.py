"""Build `pipelines/cleaning/date_words.json` from open data: `python -m training.date_words`.

Needs Babel 2.18.0 and dateparser 1.5.0, which are locked for other reasons, and hijridate 2.6.0 beside our own
libraries; none is needed where dates are only read. What is taken from where:

- Babel (Unicode CLDR, Unicode licence): the names of the months in every language, with the letters that a language
  ties to them (Hebrew `בפברואר`), and the words that stand between day, month and year (`de`, `gada`, `оны`).
- dateparser (BSD): more spellings of the months, which people collected.
- hijridate (MIT): on which day each month of the Umm al-Qura calendar began, which is the one of Saudi newspapers.
"""

import calendar
import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import pairwise
from typing import Any

from babel import localedata

from local.services import ROOT
from pipelines.cleaning.date_words import fold_date, join_words, read_calendars

PATH = ROOT / "pipelines" / "cleaning" / "date_words.json"
_PIECE = re.compile(r"'([^']*)'|([A-Za-z])\2*|([^A-Za-z']+)")
_OTHER_CALENDARS = read_calendars()  # of which dateparser takes some for Gregorian ones
_NAME = re.compile(r"[^\W\d_]")


def read_patterns(data: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the date patterns of a locale, cut into fields (`M`, `d`, `y`, …) and texts in quotes."""
    for form in ("full", "long", "medium"):
        pattern = getattr(data["date_formats"].get(form), "pattern", "")
        yield [
            field or f"'{quoted}{plain}" for quoted, field, plain in _PIECE.findall(pattern) if field or quoted or plain
        ]


def split_texts(pattern: list[str]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the letters tied to the front and the end of the month, and the other words between the fields."""
    line = "".join(f"<{piece}>" if not piece.startswith("'") else piece[1:] for piece in pattern)
    if "<M>" not in line:
        return
    before, _, behind = line.partition("<M>")
    front = re.split(r"[\s>]", before)[-1]
    end = re.split(r"[\s<]", behind)[0]
    words = re.findall(r"[^\W\d_]+", re.sub(r"<[^>]*>\S*", " ", line))
    yield front.strip("'.,-/"), end.strip("'.,-/"), set(words)


def read_months(data: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the names of the months in a locale, each with its number."""
    ties = {("", "")} | {tie[:2] for pattern in read_patterns(data) for tie in split_texts(pattern)}
    for context in ("format", "stand-alone"):
        widths = data["months"].get(context)
        for width in ("wide", "abbreviated"):
            names = widths.get(width) if isinstance(widths, dict) else None
            for number, name in names.items() if isinstance(names, dict) else ():
                yield from ((f"{front}{name}{end}", number) for front, end in ties)


def read_spellings(language: str) -> Iterator[tuple[str, int]]:
    """Yield the names of the months that dateparser has for a language."""
    try:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ModuleNotFoundError:
        return
    for number, english in enumerate(calendar.month_name[1:], 1):
        names = (name for name in info.get(english.lower(), ()) if join_words(fold_date(name)) not in _OTHER_CALENDARS)
        yield from ((name, number) for name in names)


def list_months() -> dict[str, dict[str, int]]:
    """Return for each language the names of its months as fold_date writes them; none that means two months there."""
    meanings: dict[str, dict[str, set[int]]] = {}
    for locale in sorted(localedata.locale_identifiers()):
        words = meanings.setdefault(locale.split("_")[0], {})
        # What a locale itself says; what it inherits is in the locale above it.
        data = localedata.load(locale, merge_inherited=False)
        names = [*read_months({"date_formats": {}, "months": {}} | data)]
        names += read_spellings(locale) if "_" not in locale else ()
        for name, number in names:
            word = join_words(re.sub(r"^(?:de |d')", "", fold_date(name)))
            if len(word) > 1 and _NAME.search(word):
                words.setdefault(word, set()).add(number)
    return {
        language: {word: min(numbers) for word, numbers in sorted(words.items()) if len(numbers) == 1}
        for language, words in sorted(meanings.items())
        if words
    }


def list_fillers() -> list[str]:
    """Return the words that languages write between day, month and year."""
    words: set[str] = set()
    for locale in localedata.locale_identifiers():
        data = localedata.load(locale, merge_inherited=False)
        for pattern in read_patterns({"date_formats": {}} | data):
            words |= {fold_date(word) for _, _, texts in split_texts(pattern) for word in texts}
    return sorted(words)


def write() -> None:
    """Write the file; the same packages give the same bytes."""
    starts = import_module("hijridate.ummalqura").MONTH_STARTS
    content = {
        "months": list_months(),
        "fillers": list_fillers(),
        # How many days more than 28 each month of the years 1343 to 1500 has; the table has a few of 28 and 31.
        "umm_al_qura": "".join(str(end - start - 28) for start, end in pairwise(starts)),
    }
    PATH.write_text(json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
