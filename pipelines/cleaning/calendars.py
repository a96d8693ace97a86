"""Days of other calendars → Gregorian days, by arithmetic alone."""

from collections.abc import Callable, Mapping
from datetime import date

from pipelines.cleaning.date_words import list_umm_al_qura

# Years that newspapers write in each calendar, from 1600 on. None lies within those of another but Persian and Islamic.
YEARS: Mapping[str, range] = {
    "gregorian": range(1600, 2400),
    "persian": range(1178, 1500),
    "islamic": range(1343, 1500),  # those of the table of Umm al-Qura
    "hebrew": range(5360, 5900),
    "ethiopic": range(1600, 2300),
}
BUDDHIST = range(2400, 2700)  # Thai years: Gregorian months, and 543 years more
ERAS = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民国": 1911, "民國": 1911,
    "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018,
}  # fmt: skip
"""The year before the first of each era of Japan, and of the Republic of China."""

# The days before the first of year 1, as date.toordinal() counts.
_PERSIAN_EPOCH, _HEBREW_EPOCH, _ETHIOPIC_EPOCH = 226_894, -1_373_428, 2_795
_UMM_AL_QURA_EPOCH = date(1924, 8, 1).toordinal()  # the first of Muharram 1343
_PARTS_OF_DAY = 25_920  # the Hebrew calendar counts the moon in 1080ths of an hour


def convert_to_gregorian(calendar: str, year: int, month: int, day: int) -> date:
    """Return a day of a calendar as a Gregorian one. Raises ValueError for a day that it does not have."""
    if year in BUDDHIST and calendar == "gregorian":
        year -= 543
    if calendar == "gregorian":
        return date(year, month, day)
    if year not in YEARS[calendar] or not 1 <= day <= 31 or not 1 <= month <= 13:
        raise ValueError(f"no day of the {calendar} calendar: {year}-{month}-{day}")
    return _CONVERSIONS[calendar](year, month, day)


def _convert_persian(year: int, month: int, day: int) -> date:
    """Convert by the cycle of 33 years, which is that of the heavens from 1277 (1898) on."""
    is_leap = (25 * year + 11) % 33 < 8
    length = 31 if month <= 6 else 30 if month <= 11 or is_leap else 29
    if month > 12 or day > length:
        raise ValueError(f"no such day: {year}-{month}-{day}")
    before = 365 * (year - 1) + (8 * year + 21) // 33
    months = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return date.fromordinal(_PERSIAN_EPOCH + before + months + day)


def _convert_islamic(year: int, month: int, day: int) -> date:
    lengths = list_umm_al_qura()
    index = 12 * (year - YEARS["islamic"].start) + month - 1
    if month > 12 or not index < len(lengths) or day > lengths[index]:
        raise ValueError(f"no such day: {year}-{month}-{day}")
    return date.fromordinal(_UMM_AL_QURA_EPOCH + sum(lengths[:index]) + day - 1)


def _count_hebrew_days(year: int) -> int:
    """Return the days before the first of Tishri of a year."""
    months = (235 * year - 234) // 19
    day = 29 * months + (12_084 + 13_753 * months) // _PARTS_OF_DAY
    return day + 1 if 3 * (day + 1) % 7 < 3 else day


def _count_hebrew_year(year: int) -> int:
    """Return the days before a year, moved where the one beside it would have a length that no year has."""
    before, this, after = (_count_hebrew_days(each) for each in (year - 1, year, year + 1))
    if after - this == 356:
        return this + 2
    return this + 1 if this - before == 382 else this


def _list_hebrew_months(year: int) -> list[int]:
    """Return the lengths of the months from Tishri on; both Adars of a leap year, one of others."""
    length = _count_hebrew_year(year + 1) - _count_hebrew_year(year)
    heshvan, kislev = 30 if length % 10 == 5 else 29, 29 if length % 10 == 3 else 30
    adars = [30, 29] if length > 380 else [29]
    return [30, heshvan, kislev, 29, 30, *adars, 30, 29, 30, 29, 30, 29]


def _convert_hebrew(year: int, month: int, day: int) -> date:
    """Convert a day whose month is counted as in date_words: Tishri is 1, Adar I is 6 and Adar, or Adar II, is 7."""
    lengths = _list_hebrew_months(year)
    if len(lengths) == 12:
        month -= month > 6
    if day > lengths[month - 1]:
        raise ValueError(f"no such day: {year}-{month}-{day}")
    return date.fromordinal(_HEBREW_EPOCH + _count_hebrew_year(year) + sum(lengths[: month - 1]) + day)


def _convert_ethiopic(year: int, month: int, day: int) -> date:
    if day > (30 if month <= 12 else 6):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    return date.fromordinal(_ETHIOPIC_EPOCH + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day)


_CONVERSIONS: Mapping[str, Callable[[int, int, int], date]] = {
    "persian": _convert_persian,
    "islamic": _convert_islamic,
    "hebrew": _convert_hebrew,
    "ethiopic": _convert_ethiopic,
}
