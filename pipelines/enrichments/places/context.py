"""Countries and first level divisions that a text names, its peoples and abbreviated states included."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipelines.enrichments.places.demonyms import STATES
from pipelines.enrichments.places.gazetteer import ADMIN1, COUNTRY, fold_name, load_gazetteer

READ = 50_000
"""Characters of a text that are read for context: all of nearly any article, little of what is hostile."""
LONGEST = 4  # words of a name
_WORD = re.compile(r"[^\W\d_][\w'’-]{0,40}\.?(?:[A-Z]\.)*")
_QUALIFIER = re.compile(r",? {0,2}\(?((?:[A-Z]\.|[^\W\d_])[\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,2})")


class _AreaName(NamedTuple):
    """The code of an area, and how many words its name has."""

    code: str | None
    length: int


_NO_AREA = _AreaName(None, 1)

Named = Counter[str]
"""Code of a country (US) or division (US.LA) → how often it is named."""


def find_named_areas(text: str) -> Named:
    """Count the areas that the first READ characters name, the longest that fits; divisions count for countries too."""
    areas: Named = Counter()
    words = list(_WORD.finditer(text[:READ]))
    free = 0
    for index in [index for index, word in enumerate(words) if word[0][0].isupper()]:
        if index >= free:
            area = _match_longest(words, index)
            if area.code:
                areas[area.code] += 1
            free = index + area.length
    for code, count in [item for item in areas.items() if "." in item[0]]:
        areas[code.partition(".")[0]] += count
    return areas


def find_qualifier(text: str, end: int) -> list[str]:
    """Return the areas that the words behind a name that ends at `end` may mean: "Paris, Texas", "Rome (Georgia)".

    The longest reading that is the name of an area counts.
    """
    after = text[end : end + 60]
    if not after.startswith((",", " (")):
        return []
    match = _QUALIFIER.match(after)
    return read_area_codes(match.group(1)) if match else []


def read_area_codes(written: str) -> list[str]:
    """Return the codes of the countries and divisions that `written` begins with, by its longest reading."""
    words = written.strip(" ()").split(" ")[:LONGEST]
    for length in range(len(words), 0, -1):
        part = " ".join(words[:length])
        if code := find_abbreviated(part):
            return [code]
        if codes := _load_areas().get(fold_name(part)):
            return list(codes)
    return []


def find_abbreviated(written: str) -> str | None:
    """Return the US state of an abbreviation, as papers (Ga.) or the post (GA) write it."""
    return _list_abbreviations().get(written) or _list_abbreviations().get(written + ".")


def _match_longest(words: Sequence[re.Match[str]], index: int) -> _AreaName:
    """Return the longest name of an area that begins with the word at `index`; _NO_AREA where none does."""
    word = words[index][0]
    if state := _list_abbreviations().get(word):
        return _AreaName(state, 1) if word.endswith(".") else _NO_AREA
    first = fold_name(word)
    if first not in _list_first_words():
        return _NO_AREA
    parts = [first]
    longest = _NO_AREA
    for length in range(1, LONGEST + 1):
        codes = _load_areas().get(" ".join(parts), ())
        if len(codes) == 1:
            longest = _AreaName(codes[0], length)
        follower = index + length
        if follower >= len(words) or words[follower].start() != words[follower - 1].end() + 1:
            break
        parts.append(fold_name(words[follower][0]))
    return longest


@cache
def _load_areas() -> dict[str, tuple[str, ...]]:
    """Return the codes of each folded name of a country or first level division."""
    gazetteer = load_gazetteer()
    by_name: dict[str, list[str]] = {}
    kinds, codes = gazetteer.columns["kind"], gazetteer.columns["admin1"]
    starts, owners = gazetteer.columns["starts"].tolist(), gazetteer.columns["owners"]
    is_area = ((kinds == COUNTRY) | (kinds == ADMIN1))[owners >> 1]
    areas = is_area.nonzero()[0].tolist()
    position = 0
    for owner in areas:
        while starts[position + 1] <= owner:
            position += 1
        name = gazetteer.names[position].decode()
        if len(name) > 1:
            by_name.setdefault(name, []).append(gazetteer.codes[codes[owners[owner] >> 1]])
    return {name: tuple(sorted(set(codes_of_name))) for name, codes_of_name in by_name.items()}


@cache
def _list_first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in _load_areas())


@cache
def _list_abbreviations() -> dict[str, str]:
    postal = {code: f"US.{code}" for code in STATES}
    return postal | {written: f"US.{code}" for code, forms in STATES.items() for written in forms}
