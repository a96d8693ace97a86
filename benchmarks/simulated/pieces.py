"""All phrases and names as numbered pieces, so that texts can be drawn, joined and measured as arrays."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.simulated.words import (
    FIRST_NAMES,
    LANGUAGES,
    LAST_NAMES,
    ORGANISATIONS,
    PLACES,
    RUSSIAN_FIRST,
    RUSSIAN_LAST,
)
from pipelines.enrichments.places.gazetteer import fold_name, load_gazetteer
from pipelines.text.words import count_words

Numbers = NDArray[Any]

CODES = tuple(LANGUAGES)
FIRST_DAY, DAYS = date(2024, 1, 1), 5 * 365  # that texts can speak of
PERSON, ORGANISATION, PLACE = 1, 2, 3
KINDS = ("other", "person", "organisation", "place")
AMOUNTS = range(2, 99)
DATELINES = (("HAMBURG", "npa"), ("LONDON", "npa"), ("CHICAGO", "npa"))
TONED = 2  # words of a piece that may have a weight

_MARK = re.compile(r"\*(?P<keyword>[^*]+)\*|\{(?P<toned>[^:}]+):(?P<weight>[-\d.]+)\}")


@dataclass(frozen=True)
class Pieces:
    """Piece 0 is empty. Lengths and offsets in characters; `starts` and `counts` hold, by language, the run of pieces
    of a category."""

    texts: pa.Array
    chars: Numbers
    sizes: Numbers  # bytes
    words: Numbers
    kinds: Numbers  # of what it names, 0 for nothing
    surnames: Numbers  # person → the piece with the surname alone
    keywords: Numbers  # [n, 3]: start, length, number of the term; length 0 for none
    terms: pa.Array
    tones: Numbers  # [n, TONED, 3]: start, length, weight
    starts: dict[str, Numbers]
    counts: dict[str, Numbers]
    places: dict[int, dict[str, Any]]  # piece → the place


@cache
def load_pieces() -> Pieces:
    texts, marks, runs = [""], [_read_marks("")[1]], {}

    def add(category: str, language: str, phrases: list[str]) -> None:
        runs[category, language] = (len(texts), len(phrases))
        for phrase in phrases:
            plain, found = _read_marks(phrase)
            texts.append(plain)
            marks.append(found)

    for code, language in LANGUAGES.items():
        for category, phrases in vars(language).items():
            before = " " if category in ("verbs", "objects", "adjuncts") else ""
            if category not in _LATER:
                add(category, code, [phrases] if isinstance(phrases, str) else [before + each for each in phrases])
        days = [FIRST_DAY + timedelta(n) for n in range(DAYS)]
        add("date", code, [language.date.format(day.day, language.months[day.month - 1], day.year) for day in days])
        add("furniture", code, language.furniture)
        add("datelines", code, [f"{place} ({agency}) – " for place, agency in DATELINES])
        add("amount", code, [language.amount.format(n) for n in AMOUNTS])
    for category, mark in _MARKS.items():
        _share(add, runs, category, [mark])
    _share(add, runs, "organisations", ORGANISATIONS.split(" | "))
    _share(add, runs, "places", PLACES.split())
    surnames: dict[int, int] = {}
    for code, first, last in (("en", FIRST_NAMES, LAST_NAMES), ("ru", RUSSIAN_FIRST, RUSSIAN_LAST)):
        add("surnames", code, last.split())
        add("persons", code, [f"{a} {b}" for a in first.split() for b in last.split()])
        begin, count = runs["persons", code]
        of, many = runs["surnames", code]
        surnames |= {begin + n: of + n % many for n in range(count)}
    for code in CODES:
        runs.setdefault(("persons", code), runs["persons", "en"])
    return _measure(texts, marks, runs, surnames)


_LATER = ("months", "furniture")  # are added after the others of a language
_MARKS = {"space": " ", "stop": ".", "paragraph": "\n\n", "guillemet": " »", "right": "»", "high": "“", "double": "”"}


def _share(add: Any, runs: dict[tuple[str, str], tuple[int, int]], category: str, phrases: list[str]) -> None:
    add(category, CODES[0], phrases)
    for code in CODES[1:]:
        runs[category, code] = runs[category, CODES[0]]


def _read_marks(phrase: str) -> tuple[str, dict[str, list[tuple[int, str, float]]]]:
    """Return the phrase without its marks, and (start, word, weight) of the words between them."""
    plain, at = "", 0
    found: dict[str, list[tuple[int, str, float]]] = {"keyword": [], "toned": []}
    for match in _MARK.finditer(phrase):
        plain += phrase[at : match.start()]
        kind = "keyword" if match["keyword"] else "toned"
        found[kind].append((len(plain), match[kind], float(match["weight"] or 0)))
        plain += match[kind]
        at = match.end()
    return plain + phrase[at:], found


def _measure(texts: list[str], marks: list[Any], runs: dict[Any, Any], surnames: dict[int, int]) -> Pieces:
    terms: dict[str, int] = {}
    keywords = np.zeros((len(texts), 3), np.int32)
    tones = np.zeros((len(texts), TONED, 3))
    kinds = np.zeros(len(texts), np.int8)
    for number, found in enumerate(marks):
        for start, word, _ in found["keyword"]:
            keywords[number] = start, len(word), terms.setdefault(word, len(terms))
        for nth, (start, word, weight) in enumerate(found["toned"]):
            tones[number, nth] = start, len(word), weight
    for kind, category in enumerate(("persons", "organisations", "places"), PERSON):
        for code in CODES:
            begin, count = runs[category, code]
            kinds[begin : begin + count] = kind
    categories = {category for category, _ in runs}
    run = {c: np.array([runs.get((c, code), (0, 0)) for code in CODES]) for c in categories}
    begin, count = runs["places", "en"]
    return Pieces(
        texts=pa.array(texts, pa.string()),
        chars=np.array([len(text) for text in texts], np.int32),
        sizes=np.array([len(text.encode()) for text in texts], np.int32),
        words=np.array([count_words(text) for text in texts], np.int32),
        kinds=kinds,
        surnames=np.array([surnames.get(number, 0) for number in range(len(texts))], np.int32),
        keywords=keywords,
        terms=pa.array(list(terms), pa.string()),
        tones=tones,
        starts={c: both[:, 0].astype(np.int32) for c, both in run.items()},
        counts={c: both[:, 1].astype(np.int32) for c, both in run.items()},
        places={number: _find_place(texts[number]) for number in range(begin, begin + count)},
    )


def _find_place(name: str) -> dict[str, Any]:
    """Return, of the places so named, the one where most people live."""
    gazetteer = load_gazetteer()
    columns, (rows, _) = gazetteer.columns, gazetteer.find(fold_name(name))
    return read_place(max(rows.tolist(), key=lambda row: int(columns["population"][row])))


def read_place(row: int) -> dict[str, Any]:
    """Return a row of the gazetteer as the columns of an entity that is a place."""
    gazetteer = load_gazetteer()
    columns = gazetteer.columns
    return {
        "geoname_id": int(columns["id"][row]),
        "country": gazetteer.codes[columns["country"][row]],
        "admin1": gazetteer.codes[columns["admin1"][row]],
        "latitude": round(float(columns["lat"][row]), 5),
        "longitude": round(float(columns["lon"][row]), 5),
    }
