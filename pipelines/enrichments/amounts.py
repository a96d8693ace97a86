"""The money and the percentages that a text speaks of, each with its value.

English, German, French, Spanish and Russian, each with its own marks of thousands and decimals and its own words for a
million. A bare `$` and `dollars` are taken for those of the United States, pounds for sterling; currencies that several
countries have by one name and no sign (francs, crowns, pesos) are left alone.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from pipelines.enrichments.rows import Said, by_row
from pipelines.tables.enriched.amounts import AMOUNTS

READS = ("text", "language")

MAX_CHARACTERS = 200_000  # of a text are read
MAX_AMOUNTS = 500
MAX_DIGITS = 15  # more are not exact in a float

SIGNS = {
    "US$": "USD", "U.S.$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₹": "INR", "₴": "UAH",
    "₩": "KRW", "₺": "TRY",
}  # fmt: skip
CODES = ("USD", "EUR", "GBP", "JPY", "RUB", "CHF", "CNY", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "INR", "BRL", "UAH")


@dataclass(frozen=True)
class Words:
    """How a language writes amounts; patterns in lower case, forms apart by `|`."""

    thousands: str
    """Marks between groups of three digits, as a class of characters."""
    decimal: str
    scales: dict[str, float]
    currencies: dict[str, str]
    percent: str


_SPACES = "\u00a0\u202f "
LANGUAGES = {
    "en": Words(
        thousands=",", decimal=".",
        scales={"thousand|k": 1e3, "million|mn|mln|m": 1e6, "billion|bn|b": 1e9, "trillion|tn|trn": 1e12},
        currencies={
            "dollars|dollar": "USD", "euros|euro": "EUR", "pounds|pound|pounds sterling": "GBP",
            "yen": "JPY", "yuan|renminbi": "CNY", "rubles|ruble|roubles|rouble": "RUB", "swiss francs": "CHF",
            "hryvnias|hryvnia": "UAH",
        },
        percent="%|percent|per cent",
    ),
    "de": Words(
        thousands=".", decimal=",",
        scales={"tausend": 1e3, "millionen|million|mio.|mio": 1e6, "milliarden|milliarde|mrd.|mrd": 1e9,
                "billionen|billion|bio.": 1e12},
        currencies={"euro": "EUR", "dollar": "USD", "pfund": "GBP", "franken": "CHF", "rubel": "RUB",
                    "yen": "JPY", "yuan": "CNY"},
        percent="%|prozent",
    ),
    "fr": Words(
        thousands=_SPACES, decimal=",",
        scales={"mille": 1e3, "millions|million": 1e6,
                "milliards|milliard": 1e9},
        currencies={"euros|euro": "EUR", "dollars|dollar": "USD", "livres sterling|livres": "GBP", "roubles": "RUB",
                    "francs suisses": "CHF", "yens": "JPY", "yuans": "CNY"},
        percent="%|pour cent",
    ),
    "es": Words(
        thousands=".", decimal=",",
        scales={"mil millones": 1e9, "mil": 1e3, "millones|millón": 1e6,
                "billones|billón": 1e12},
        currencies={"euros|euro": "EUR", "dólares|dólar": "USD", "libras esterlinas|libras": "GBP", "rublos": "RUB",
                    "francos suizos": "CHF", "yenes": "JPY", "yuanes": "CNY"},
        percent="%|por ciento",
    ),
    "ru": Words(
        thousands=_SPACES, decimal=",",
        scales={"тысяч|тысячи|тысяча|тыс.|тыс": 1e3, "миллионов|миллиона|миллион|млн.|млн": 1e6,
                "миллиардов|миллиарда|миллиард|млрд.|млрд": 1e9, "триллионов|триллиона|триллион|трлн": 1e12},
        currencies={"рублей|рубля|рубль|руб.|руб": "RUB", "долларов|доллара|доллар": "USD", "евро": "EUR",
                    "фунтов": "GBP", "гривен|гривны|гривна": "UAH", "юаней": "CNY", "иен": "JPY"},
        percent="%|процентов|процента|процент",
    ),
}  # fmt: skip


def add_amounts(items: pa.Table) -> pa.Table:
    """The columns of AMOUNTS; skipped for other languages."""
    return by_row(items, AMOUNTS, READS, _row)


def _row(text: str, language: str | None) -> Said:
    found = find_amounts(text, language)
    return found if isinstance(found, str) else {"amounts": found}


def find_amounts(text: str, language: str | None) -> list[dict[str, Any]] | str:
    """Rows of {"text", "start", "end", "value", "unit"} in the order of the text, or why there are none."""
    code = (language or "").partition("-")[0].lower()
    if code not in LANGUAGES:
        return "language"
    words, units, scales = LANGUAGES[code], _units(code), _scales(code)
    found: list[dict[str, Any]] = []
    for match in _pattern(code).finditer(text, 0, MAX_CHARACTERS):
        unit = next((units[part.lower()] for part in match.group("sign", "unit") if part is not None), None)
        digits = match["number"]
        if unit is None or sum(map(str.isdecimal, digits)) > MAX_DIGITS:
            continue
        value = float(re.sub(f"[{re.escape(words.thousands)}]", "", digits).replace(words.decimal, "."))
        value = round(value * scales[match["scale"].lower()], 6) if match["scale"] else value
        start, end = match.span()
        value = -value if match["minus"] else value
        found.append({"text": match[0], "start": start, "end": end, "value": value, "unit": unit})
        if len(found) == MAX_AMOUNTS:
            break
    return found


@cache
def _pattern(code: str) -> re.Pattern[str]:
    words = LANGUAGES[code]
    group = re.escape(words.thousands)
    number = rf"(?:[0-9]{{1,3}}(?:[{group}][0-9]{{3}})+|[0-9]{{1,16}})(?:{re.escape(words.decimal)}[0-9]{{1,6}})?"
    scale = rf"(?:[{_SPACES}-]?(?P<scale>{_any(words.scales)})(?!\w))?"
    unit = rf"(?:[{_SPACES}-]?(?:de |d['’])?(?:U\.?S\.?[ -])?(?P<unit>{_any(_units(code))})(?!\w))?"
    minus = r"(?P<minus>(?<![\w%])[−-])?"
    sign = rf"(?:(?P<sign>{_any(SIGNS)})\s?)?"
    return re.compile(rf"(?<![\w.,]){minus}{sign}(?P<number>{number})(?![0-9]|[.,][0-9]){scale}{unit}")


@cache
def _units(code: str) -> dict[str, str]:
    """Each written form of a unit in lower case → the unit."""
    words = LANGUAGES[code]
    named = {form: unit for forms, unit in words.currencies.items() for form in forms.split("|")}
    signs = {sign.lower(): unit for sign, unit in SIGNS.items()}
    return {**signs, **named, **{c.lower(): c for c in CODES}, **dict.fromkeys(words.percent.split("|"), "%")}


@cache
def _scales(code: str) -> dict[str, float]:
    return {form: value for forms, value in LANGUAGES[code].scales.items() for form in forms.split("|")}


def _any(forms: dict[str, Any]) -> str:
    """A pattern of words as they are written, the longest first. Not by IGNORECASE: that takes a Turkish İ for an i."""
    words = {word for key in forms for word in key.split("|")}
    written = {form for word in words for form in (word, word.capitalize(), word.upper())}
    return "|".join(re.escape(form) for form in sorted(written, key=lambda form: (-len(form), form)))
