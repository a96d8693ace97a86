"""Tell words and numbers that only look like dates: counts (`by 1500 people`), names (`Black Friday`)."""

import re

from pipelines.enrichments.date_words import LANGUAGES, DateWords

MAX_BEFORE = 30  # characters before a date are looked at for a word
LIKELY_YEARS = range(1900, 2101)  # what news speaks of; other numbers of four digits count something more often

_NAMED_PARTS = ("weekday", "month_first", "month_of", "day")
_BLANK = "[ \u00a0\u202f\u2009]"
_BEHIND = re.compile(rf"{_BLANK}?(?P<sign>[%€$£¥₽°])|(?:{_BLANK}|-)(?P<word>[^\W\d_]{{1,30}})")
_BEFORE = re.compile(rf"([^\W\d_]+(?:-[^\W\d_]+)?)(?:{_BLANK}|-)$")

# Newspapers whose name ends in a weekday.
_PAPER = re.compile(r"\b(?:(?:Mail|Sun|Star|Independent|Scotland|Wales) on|(?:Bild|Welt) am|Journal du) \Z")


def is_no_date(match: re.Match[str], code: str) -> bool:
    """Tell whether the words beside a match of the pattern of dates make it something else."""
    words, parts = LANGUAGES[code], match.groupdict()
    behind = _BEHIND.match(match.string, match.end())
    sign, word = (behind["sign"], behind["word"] or "") if behind else (None, "")
    word_before = _BEFORE.search(match.string[max(0, match.start() - MAX_BEFORE) : match.start()])
    before = word_before[1] if word_before else ""
    if parts.get("only"):
        is_more = before.lower() in words.more.split("|") if before else False
        return sign is not None or is_more or _is_count(int(parts["only"]), parts["lead"].lower(), word, code)
    if parts.get("day_second") and not parts["year_last"] and (sign or word.lower() in words.counted.split("|")):
        return True
    if parts["weekday"] and _PAPER.search(match.string, max(0, match.start() - MAX_BEFORE), match.start()):
        return True
    if _is_within_name(match, before, words, code):
        return True
    return bool(parts["weekday"]) and not parts["ahead"] and _is_name(parts["weekday"], before, word, code)


def _is_within_name(match: re.Match[str], before: str, words: DateWords, code: str) -> bool:
    """Tell whether the word before or behind makes a weekday, month or day a name: `Black Friday`, `jeudi noir`."""
    parts = match.groupdict()
    if parts.get("year") or parts.get("year_last") or not any(map(parts.get, _NAMED_PARTS)):
        return False
    if words.names_behind and re.match(
        rf"{_BLANK}(?:{words.names_behind})(?!\w)", match.string[match.end() :].lower()[:MAX_BEFORE]
    ):
        return True
    is_written_so = before.istitle() or before.isupper() or code not in ("en", "de")
    return is_written_so and before.lower() in words.names.split("|")


def _is_count(year: int, lead: str, word: str, code: str) -> bool:
    """Tell whether a number behind a word such as `in` or `by` counts what follows, and is no year.

    Counts are round where years are not: 1900, 2000 and 2100 need more evidence than 1998.
    """
    words = LANGUAGES[code]
    is_likely, is_round = year in LIKELY_YEARS, year % 100 == 0
    if not is_likely and lead in words.weak.split("|"):
        return True
    if not word or word.lower() in words.joins.split("|"):
        return False
    if word.lower() in words.counted.split("|"):
        return True
    if word[0].isupper() and code != "de":  # a name; in German any noun
        return is_round and not is_likely
    return is_round or not is_likely


def _is_name(weekday: str, before: str, word: str, code: str) -> bool:
    """Tell whether a weekday is part of a name: `the Sunday Times`, `Plácido Domingo`.

    In English a place or a person may well stand before a weekday (`in Paris Monday`), and anything behind `on Monday`.
    In German any noun may stand beside it. Elsewhere a weekday has a capital at the start of a sentence only.
    """
    words = LANGUAGES[code]
    if code == "de" or not weekday[0].isupper():
        return False
    is_led = before.lower() in words.joins.split("|")
    if code == "en":
        return _is_proper_name(word, words) and not (is_led and before.lower() != "the")
    return _is_proper_name(word, words) or _is_proper_name(before, words)


def _is_proper_name(word: str, words: DateWords) -> bool:
    """Tell whether a word has a capital and is no small word or month."""
    months = "|".join(words.months).split("|")
    return word[:1].isupper() and word.lower() not in words.joins.split("|") and word.lower() not in months
