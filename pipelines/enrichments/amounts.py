"""The money and the percentages that a text speaks of, each with its value.

English, German, French, Spanish and Russian, each with its own marks of thousands and decimals and its own words for a
million; spaces between groups of three digits are read in all of them. In a range such as `$5-10 million` the first
number has the scale of the second. A bare `$` and `dollars` are taken for those of the United States, pounds for
sterling; currencies that several countries have by one name and no sign (francs, crowns, pesos) are left alone.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import numeric

import pyarrow as pa

from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import get_language_code
from pipelines.tables.enriched.amounts import AMOUNTS
from pipelines.text.limits import MAX_CHARACTERS_OF_PATTERNS

READS = ("text", "language")

MAX_AMOUNTS = 500
MAX_BEFORE = 24  # characters before a number are looked at for a word such as `between`
MAX_DIGITS = 15  # more are not exact in a float

SIGNS = {
    "US$": "USD", "U.S.$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₹": "INR",
    "₴": "UAH", "₩": "KRW", "₺": "TRY", "₦": "NGN", "Rs.": "INR", "Rs": "INR",
    "Rupees": "INR", "Re": "INR", "৳": "BDT", "Tk.": "BDT", "Tk": "BDT", "KSh": "KES", "Ksh": "KES", "RM": "MYR",
    "Rp.": "IDR", "Rp": "IDR", "₱": "PHP", "₫": "VND", "฿": "THB", "₪": "ILS", "Dhs": "AED", "Dh": "AED", "U$S": "USD",
    "u$s": "USD",
}  # fmt: skip
# Codes that are no words either: TRY and ALL would be read from headlines.
CODES = ("USD", "EUR", "GBP", "JPY", "RUB", "CHF", "CNY", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "INR", "BRL", "UAH",
         "PKR", "LKR", "NPR", "BDT", "KRW", "ZAR", "NGN", "KES", "HKD", "SGD", "NZD", "MXN", "IDR", "THB", "MYR", "AED",
         "SAR", "ILS", "HUF", "CZK", "PHP", "VND", "KZT", "QAR", "EGP", "GHS", "TWD", "RON")  # fmt: skip


@dataclass(frozen=True)
class AmountWords:
    """The words and marks with which a language writes amounts; in lower case, forms apart by `|`."""

    thousands: str
    """The mark between groups of three digits; empty where only spaces are."""
    decimal: str
    scales: dict[str, float]
    """Two in a row multiply: `lakh crore`, `hundred million`."""
    currencies: dict[str, str]
    percent: str
    to: str
    """The word between the numbers of a range, besides a dash."""
    between: tuple[str, str]
    """The words before a range and between its numbers."""


FRACTIONS = "½⅓⅔¼¾⅛⅜⅝⅞"
_SPACES = "\u00a0\u202f\u2009 "
LANGUAGES = {
    "en": AmountWords(
        thousands=",", decimal=".",
        scales={"hundred": 1e2, "thousand|k": 1e3, "million|mn|mln|mil|m": 1e6, "billion|bn|bln|bil|b": 1e9,
                "trillion|tn|trn|trln": 1e12, "lakh|lakhs|lac|lacs": 1e5, "crore|crores|cr|cr.": 1e7,
                "arab|arba": 1e9, "kharab|kharba": 1e11},
        currencies={
            "dollars|dollar": "USD", "euros|euro": "EUR", "pounds|pound|pounds sterling": "GBP",
            "yen": "JPY", "yuan|renminbi": "CNY", "rubles|ruble|roubles|rouble": "RUB", "swiss francs": "CHF",
            "hryvnias|hryvnia": "UAH", "rupees|rupee|Indian rupees|Indian rupee": "INR",
            "Pakistani rupees|Pakistan rupees": "PKR", "Sri Lankan rupees": "LKR",
            "Nepali rupees|Nepalese rupees": "NPR",
            "taka|Bangladeshi taka": "BDT", "Australian dollars|Australian dollar": "AUD",
            "Canadian dollars|Canadian dollar": "CAD", "New Zealand dollars": "NZD", "Hong Kong dollars": "HKD",
            "Singapore dollars": "SGD", "baht|Thai baht": "THB", "naira": "NGN", "ringgit": "MYR", "rand": "ZAR",
            "rupiah": "IDR", "zlotys|zloty": "PLN", "shekels|shekel": "ILS", "tenge": "KZT",
        },
        percent="%|percent|per cent",
        to="to", between=("between", "and"),
    ),
    "de": AmountWords(
        thousands=".'’", decimal=",",
        scales={"tausend|tsd.|tsd": 1e3, "millionen|million|mio.|mio": 1e6, "milliarden|milliarde|mrd.|mrd": 1e9,
                "billionen|billion|bio.": 1e12},
        currencies={"euro": "EUR", "dollar": "USD", "pfund": "GBP", "franken": "CHF", "rubel": "RUB",
                    "rupien|rupie": "INR", "zloty": "PLN", "yen": "JPY", "yuan": "CNY"},
        percent="%|prozent",
        to="bis", between=("zwischen", "und"),
    ),
    "fr": AmountWords(
        thousands="", decimal=",",
        scales={"mille|k": 1e3, "millions|million|m": 1e6, "milliards|milliard|mds|md": 1e9},
        currencies={"euros|euro": "EUR", "dollars|dollar": "USD", "livres sterling|livres": "GBP", "roubles": "RUB",
                    "francs suisses": "CHF", "roupies|roupie": "INR", "yens": "JPY", "yuans": "CNY"},
        percent="%|pour cent",
        to="à", between=("entre", "et"),
    ),
    "es": AmountWords(
        thousands=".", decimal=",",
        scales={"mil": 1e3, "millones|millón": 1e6, "billones|billón": 1e12, "m": 1e6},
        currencies={"euros|euro": "EUR", "dólares|dólar": "USD", "libras esterlinas|libras": "GBP", "rublos": "RUB",
                    "francos suizos": "CHF", "rupias|rupia": "INR", "yenes": "JPY", "yuanes": "CNY"},
        percent="%|por ciento",
        to="a", between=("entre", "y"),
    ),
    "ru": AmountWords(
        thousands="", decimal=",",
        scales={"тысяч|тысячи|тысяча|тыс.|тыс": 1e3, "миллионов|миллиона|миллион|млн.|млн": 1e6,
                "миллиардов|миллиарда|миллиард|млрд.|млрд": 1e9, "триллионов|триллиона|триллион|трлн.|трлн": 1e12},
        currencies={"рублей|рубля|рубль|руб.|руб": "RUB", "долларов|доллара|доллар": "USD", "евро": "EUR",
                    "фунтов": "GBP", "гривен|гривны|гривна": "UAH", "юаней": "CNY", "иен": "JPY",
                    "рупий|рупии|рупия": "INR", "тенге": "KZT"},
        percent="%|процентов|процента|процент",
        to="до", between=("между", "и"),
    ),
}  # fmt: skip


def add_amounts(items: pa.Table) -> pa.Table:
    """Compute the columns of AMOUNTS; skip other languages."""
    return by_row(items, AMOUNTS, READS, _enrich_article)


def _enrich_article(text: str, language: str | None) -> EnricherResult:
    amounts = find_amounts(text, language)
    return amounts if isinstance(amounts, str) else {"amounts": amounts}


def find_amounts(text: str, language: str | None) -> list[dict[str, Any]] | str:
    """Return rows of {"text", "start", "end", "value", "unit"} in the order of the text, or why there are none."""
    code = get_language_code(language)
    if code not in LANGUAGES:
        return "language"
    words, units = LANGUAGES[code], _list_units(code)
    rows: list[dict[str, Any]] = []
    for match in _compile_pattern(code).finditer(text, 0, MAX_CHARACTERS_OF_PATTERNS):
        unit = next((units[part.lower()] for part in match.group("sign", "unit") if part is not None), None)
        digits = match["number"]
        if unit is None or sum(map(str.isdecimal, digits)) > MAX_DIGITS:
            continue
        scale = match["scale"] or _find_scale_behind(match, code) or ""
        value = round(_parse_number(digits, words) * _multiply_scales(scale, code), 6)
        start, end = match.span()
        value = -value if match["minus"] else value
        rows.append({"text": match[0], "start": start, "end": end, "value": value, "unit": unit})
        if len(rows) == MAX_AMOUNTS:
            break
    return rows


def _parse_number(digits: str, words: AmountWords) -> float:
    if digits[-1] in FRACTIONS:
        whole = digits[:-1].strip(_SPACES)
        return (_parse_number(whole, words) if whole else 0.0) + numeric(digits[-1])
    return float(re.sub(f"[{re.escape(words.thousands)}{_SPACES}]", "", digits).replace(words.decimal, "."))


def _multiply_scales(written: str, code: str) -> float:
    """Return the factor of up to two words for a scale, 1 for none."""
    scales = _list_scales(code)
    return math.prod(scales[word.lower()] for word in re.split(f"[{_SPACES}-]", written) if word)


def _find_scale_behind(match: re.Match[str], code: str) -> str | None:
    """Return the scale of the second number of a range, where the first has a sign and is the smaller.

    It is not that of the first in `from $900,000 to $1.2 million`.
    """
    if not match["sign"] or match["unit"]:
        return None
    behind = _compile_range(code).match(match.string, match.end())
    if behind is None:
        return None
    words = LANGUAGES[code]
    before = match.string[max(0, match.start() - MAX_BEFORE) : match.start()].lower()
    if behind["and"] and not re.search(rf"\b{words.between[0]}\b", before):
        return None
    return behind["scale"] if _parse_number(match["number"], words) < _parse_number(behind["number"], words) else None


@cache
def _compile_range(code: str) -> re.Pattern[str]:
    """Return the pattern of what follows the first number of a range whose second has a scale."""
    words = LANGUAGES[code]
    joint = rf"[{_SPACES}]?[-–—−][{_SPACES}]?|[{_SPACES}-](?:{words.to}|(?P<and>{words.between[1]}))[{_SPACES}-]"
    return re.compile(rf"(?:{joint})(?:(?:{_alternatives(SIGNS)})\s?)?{_number_pattern(words)}{_scale_pattern(words)}")


def _number_pattern(words: AmountWords) -> str:
    """Return the pattern of a number with one mark throughout between its groups; what goes on behind it is another."""
    marks = f"[{re.escape(words.thousands)}{_SPACES}]"
    # 12,34,567: the last three digits, and pairs before them, as India writes.
    indian = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9])|" if words.thousands == "," else ""
    groups = rf"{indian}[0-9]{{1,3}}(?P<mark>{marks})[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*(?![0-9])"
    fraction = rf"(?:{re.escape(words.decimal)}[0-9]{{1,6}})?"
    part = rf"(?:[{_SPACES}]?[{FRACTIONS}])?"
    return rf"(?P<number>(?:{groups}|[0-9]{{1,16}}){fraction}{part}|[{FRACTIONS}])(?![0-9]|[.,/][0-9])"


def _scale_pattern(words: AmountWords) -> str:
    scale = rf"(?:{_alternatives(words.scales)})(?!\w)"
    return rf"[{_SPACES}-]?(?P<scale>{scale}(?:[{_SPACES}-]{scale})?)"


@cache
def _compile_pattern(code: str) -> re.Pattern[str]:
    words = LANGUAGES[code]
    units = _alternatives({**_list_units(code), **words.currencies})
    unit = rf"(?:[{_SPACES}-]?(?:de |d['’]|of )?(?:U\.?S\.?[ -])?(?P<unit>{units})(?!\w))?"
    minus = r"(?P<minus>(?<![\w%])[−-])?"
    # Three digits or more behind a digit and a space may be the rest of a number; two are another: `in 2004 73%`.
    sign = rf"(?:(?P<sign>{_alternatives(SIGNS)}|{'|'.join(CODES)})\s?|(?<![0-9][{_SPACES}])|(?![0-9]{{3}}))"
    return re.compile(rf"(?<![\w.,]){minus}{sign}{_number_pattern(words)}(?:{_scale_pattern(words)})?{unit}(?!\w)")


@cache
def _list_units(code: str) -> dict[str, str]:
    """Return the unit of each of its written forms, in lower case."""
    words = LANGUAGES[code]
    named = {form.lower(): unit for forms, unit in words.currencies.items() for form in forms.split("|")}
    signs = {sign.lower(): unit for sign, unit in SIGNS.items()}
    return {**signs, **named, **{c.lower(): c for c in CODES}, **dict.fromkeys(words.percent.split("|"), "%")}


@cache
def _list_scales(code: str) -> dict[str, float]:
    return {form: value for forms, value in LANGUAGES[code].scales.items() for form in forms.split("|")}


def _alternatives(forms: dict[str, Any]) -> str:
    """Return a pattern of words as they are written, the longest first.

    IGNORECASE would take a Turkish İ for an i.
    """
    words = {word for key in forms for word in key.split("|")}
    written = {form for word in words for form in (word, word.capitalize(), word.title(), word.upper())}
    return "|".join(re.escape(form) for form in sorted(written, key=lambda form: (-len(form), form)))
