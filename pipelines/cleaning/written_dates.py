"""The days that a short line names, in the languages, digits and calendars of the world."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from pipelines.cleaning.calendars import BUDDHIST, ERAS, YEARS, convert_to_gregorian
from pipelines.cleaning.date_words import Month, find_months, fold_date, is_filler, is_word, join_words, split_tokens

MAX_WRITTEN = 200  # characters of a line that tells a date; longer ones are prose
MAX_TOKENS = 60
MAX_NAME = 3  # words of the name of a month, such as `tháng 2` or `كانون الثاني`
REACH = 4  # tokens between a month and its day or year

_YEAR_FIRST = re.compile(r"(?<![\d.])(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_IDEOGRAPHIC = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[民][国國])?\s?(?<!\d)(?P<year>\d{1,4})\s?[年년]\s?"
    r"(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日일号號]?)?"
)
_ERA_LETTER = re.compile(r"(?<![^\W_])([mtshr])\.?(\d{1,2})[./](\d{1,2})[./](\d{1,2})(?!\d)")  # in Japanese: R8.2.27
_MINGUO = re.compile(r"(?<!\d)(1\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")  # in Chinese: 115/02/27
_MINGUO_YEARS = range(90, 200)
_OTHER_YEAR = re.compile(r"[(][^()]{1,16}年[)]")  # 令和8年(2026年)2月27日
_NUMERAL = re.compile("(元|[〇零一二三四五六七八九十廿卅]{1,4})(?=[年月日号號])")
_NUMERALS = {"〇": 0, "零": 0} | {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_HEBREW_LETTERS = dict(zip("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", (
    *range(1, 11), *range(20, 100, 10), 100, 200, 300, 400, 20, 40, 50, 80, 90), strict=True))  # fmt: skip
_HEBREW = re.compile(r"(?<![א-ת])([א-ל][׳'\"״]?|[טיכל][\"״][א-ט])\s(?:ל?חודש\s)?"
                     r"(ב?[א-ת]{2,6}(?:\s[אב](?=[׳']))?)[׳']?,?\s"
                     r"(?:שנת\s)?(?:ה[׳']?)?(ת[א-ת]{1,3}[\"״׳'][א-ת]?)(?![א-ת])")  # fmt: skip
_PERSIAN_DIGIT, _ARABIC_DIGIT = re.compile(r"[\u06f0-\u06f9]"), re.compile(r"[\u0660-\u0669]")
_CALENDAR_OF = {"fa": "persian", "ps": "persian", "ckb": "persian", "ar": "islamic"}
_MARKS_BETWEEN = frozenset(",.-–—/'،(")


class DateHabits(NamedTuple):
    """How the dates of a page are read."""

    is_month_first: bool | None = None
    """Of `03/04/2014`: where both orders are possible and this is None, nothing is read."""
    language: str | None = None
    """What the page declares: `listopad` is October in Croatian, November in Polish and Czech."""
    latest: date | None = None
    """The last day that can be one of publication."""


NO_HABITS = DateHabits()


class WrittenDay(NamedTuple):
    """A day, or a month alone, as a line names it; sorted by calendar, then by where."""

    is_other_calendar: bool
    start: int
    calendar: str
    year: int
    month: int
    day: int | None

    def to_date(self) -> date:
        """Return the Gregorian day, of a month alone its first. Raises ValueError for no possible day."""
        return convert_to_gregorian(self.calendar, self.year, self.month, self.day or 1)


def find_written_days(written: str, habits: DateHabits = NO_HABITS) -> list[WrittenDay]:
    """Return the days that a line names, Gregorian ones first; some may be no possible days."""
    if len(written) > MAX_WRITTEN:
        return []
    line = _write_digits(fold_date(written))
    if not any(character.isdigit() for character in line):
        return sorted(_find_hebrew_days(line))
    days = (
        *_find_numeric_days(line, written, habits),
        *_find_ideographic_days(line, habits),
        *_find_named_days(line, habits.language),
        *_find_hebrew_days(line),
    )
    return sorted(day for day in days if day.day is not None)


def find_written_months(written: str, habits: DateHabits = NO_HABITS) -> list[WrittenDay]:
    """Return the months that a line names which is nothing but a month and its year."""
    line = _write_digits(fold_date(written[:MAX_WRITTEN]))
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[/.](\d{4})", line):
        return [*_read_numeric(0, match[1] or match[4], match[2] or match[3], None, None)]
    words = join_words(line)
    months = [*_find_ideographic_days(line, habits), *_find_named_months(words.split(), habits.language)]
    return [month for month in months if month.day is None]


def _write_digits(line: str) -> str:
    """Return a folded line with the numbers before 年, 月 and 日 in digits, and no year beside another."""
    if "年" not in line:
        return line
    return _OTHER_YEAR.sub("", _NUMERAL.sub(lambda match: str(_read_numeral(match[1])), line))


def _read_numeral(numeral: str) -> int:
    if numeral == "元":  # the first year of an era
        return 1
    if not any(tens in numeral for tens in _TENS):
        return int("".join(str(_NUMERALS[digit]) for digit in numeral))
    value = 0
    for digit in numeral:
        value = max(value, 1) * 10 if digit == "十" else value + (_NUMERALS.get(digit) or _TENS.get(digit, 0))
    return value


def _find_numeric_days(line: str, written: str, habits: DateHabits) -> Iterator[WrittenDay]:
    calendar = _choose_calendar(written, habits.language)
    if year_first := _YEAR_FIRST.search(line):
        yield from _read_numeric(year_first.start(), year_first[1], year_first[3], year_first[4], calendar)
    if dotted := _DOTTED.search(line):
        yield from _read_numeric(dotted.start(), dotted[3], dotted[2], dotted[1], calendar)
    if slashed := _SLASHED.search(line):
        first, second, year = slashed.groups()
        is_month_first = habits.is_month_first
        if int(first) > 12 or first == second:
            is_month_first = False
        elif int(second) > 12:
            is_month_first = True
        if is_month_first is not None:
            month, day = (first, second) if is_month_first else (second, first)
            yield from _read_numeric(slashed.start(), year, month, day, calendar)


def _choose_calendar(written: str, language: str | None) -> str | None:
    """Return the calendar of a year such as 1404 or 1447: that of the digits, or of the language."""
    if _PERSIAN_DIGIT.search(written):
        return "persian"
    return "islamic" if _ARABIC_DIGIT.search(written) else _CALENDAR_OF.get(language or "")


def _read_numeric(start: int, year: str, month: str, day: str | None, other: str | None) -> Iterator[WrittenDay]:
    number = int(year)
    calendar = "gregorian" if number in YEARS["gregorian"] or number in BUDDHIST else other
    if calendar is not None and number in (*YEARS[calendar], *(BUDDHIST if calendar == "gregorian" else ())):
        yield WrittenDay(calendar != "gregorian", start, calendar, number, int(month), int(day) if day else None)


def _find_ideographic_days(line: str, habits: DateHabits) -> Iterator[WrittenDay]:
    for match in _IDEOGRAPHIC.finditer(line):
        year, era = int(match["year"]), match["era"]
        if era is None and year in _MINGUO_YEARS:
            era = "民國"
        if era is not None or len(match["year"]) == 4:
            day = int(match["day"]) if match["day"] else None
            yield WrittenDay(False, match.start(), "gregorian", year + ERAS.get(era or "", 0), int(match["month"]), day)
    if habits.language == "ja" and (short := _ERA_LETTER.search(line)):
        year = int(short[2]) + ERAS[short[1]]
        yield WrittenDay(False, short.start(), "gregorian", year, int(short[3]), int(short[4]))
    if habits.language == "zh" and (short := _MINGUO.search(line)):
        year = int(short[1]) + ERAS["民國"]
        yield WrittenDay(False, short.start(), "gregorian", year, int(short[3]), int(short[4]))


def _find_hebrew_days(line: str) -> Iterator[WrittenDay]:
    """Yield a day in Hebrew numerals: ט״ו בשבט תשפ״ו."""
    for match in _HEBREW.finditer(line):
        day, year = (sum(_HEBREW_LETTERS.get(letter, 0) for letter in numeral) for numeral in (match[1], match[3]))
        for month in find_months(match[2], "he"):
            if month.calendar == "hebrew":
                yield WrittenDay(True, match.start(), "hebrew", 5000 + year, month.number, day)


class _Neighbour(NamedTuple):
    """A number beside the name of a month, and its place among the tokens."""

    number: str
    at: int


def _find_named_days(line: str, language: str | None) -> Iterator[WrittenDay]:
    """Yield the days whose month is a word, in each order of day, month and year."""
    tokens = split_tokens(line)[:MAX_TOKENS]
    for at in range(len(tokens)):
        for end, months in _read_month_at(tokens, at, language):
            before, behind = _list_numbers(tokens, at - 1, -1), _list_numbers(tokens, end, 1)
            for month in months:
                yield from _combine_parts(month, before, behind, at)


def _read_month_at(tokens: Sequence[str], at: int, language: str | None) -> Iterator[tuple[int, tuple[Month, ...]]]:
    """Yield the longest name of a month that begins with a token, and where it ends."""
    if not is_word(tokens[at]):
        return
    for length in range(MAX_NAME, 0, -1):
        words: list[str] = []
        end = at
        while end < len(tokens) and len(words) < length and (is_word(tokens[end]) or tokens[end] in ".-'׳"):
            words += [tokens[end]] if is_word(tokens[end]) else []
            end += 1
        if len(words) == length and (months := find_months(" ".join(words), language)):
            has_other_name = end + 1 < len(tokens) and tokens[end] == "/" and find_months(tokens[end + 1], language)
            yield end + 2 if has_other_name else end, months  # شباط/فبراير
            return


def _list_numbers(tokens: Sequence[str], at: int, step: int) -> list[_Neighbour]:
    """Return up to two numbers on one side of a month, nothing but fillers between."""
    numbers: list[_Neighbour] = []
    passed = 0
    while 0 <= at < len(tokens) and len(numbers) < 2 and passed <= REACH:
        token = tokens[at]
        if token.isdecimal():
            numbers.append(_Neighbour(token, at))
            passed = 0
        elif not (token in _MARKS_BETWEEN or is_filler(token) or _is_ending(tokens, at)):
            break
        else:
            passed += 1
        at += step
    return numbers


def _is_ending(tokens: Sequence[str], at: int) -> bool:
    """Return whether a token may be the ending of the number before it: `3rd`, `27-го`, `2026(e)ko`."""
    if tokens[at] == ")" or len(tokens[at]) > 3:
        return tokens[at] == ")"
    before = next((each for each in reversed(tokens[max(at - 3, 0) : at]) if each not in "-('’"), "")
    return before.isdecimal() or before == ")"


def _combine_parts(
    month: Month, before: Sequence[_Neighbour], behind: Sequence[_Neighbour], at: int
) -> Iterator[WrittenDay]:
    orders = ((before[:1], behind[:1]), (behind[:1], behind[1:]), (behind[:1], before[:1]), (before[:1], before[1:]))
    for days, years in orders:
        if days and years and _is_day(days[0].number) and _is_year(years[0].number, month.calendar):
            start = min(at, days[0].at, years[0].at)
            day, year = int(days[0].number), int(years[0].number)
            yield WrittenDay(month.calendar != "gregorian", start, month.calendar, year, month.number, day)
            return


def _find_named_months(words: Sequence[str], language: str | None) -> Iterator[WrittenDay]:
    """Yield the month of a line that is the name of a month and its year, in either order."""
    for year, name in ((words[-1:], words[:-1]), (words[:1], words[1:])):
        bare = " ".join(word for word in name if not is_filler(word))
        for month in find_months(bare, language) if year else ():
            if _is_year(year[0], month.calendar):
                yield WrittenDay(month.calendar != "gregorian", 0, month.calendar, int(year[0]), month.number, None)


def _is_day(number: str) -> bool:
    return len(number) <= 2 and 1 <= int(number) <= 31


def _is_year(number: str, calendar: str) -> bool:
    if not number.isdecimal() or len(number) != 4:
        return False
    return int(number) in YEARS[calendar] or (calendar == "gregorian" and int(number) in BUDDHIST)
