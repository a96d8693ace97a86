"""Case endings of Russian names: which forms are of one name, and which of them is the nominative.

Rules about endings, no dictionary: they do not know what a name means, only how names are declined.
"""

import re
from collections.abc import Sequence

_ENDING = re.compile(r"(?<=\w{3})(?:ами|ями|ого|его|ему|ому|ым|им|ом|ем|ой|ей|ою|ую|ая|ия|ий|ый|ых|их)$")
_VOWELS = re.compile(r"(?<=\w{2})[аяуюеёыиоьй]+$")
_FLEETING = re.compile(r"(?<=[^аяуюеёыио])[ео](?=[бвгджзклмнпрстфхцчшщ]$)")
_CLUSTER = re.compile(r"[^аяуюеёыиоьй][бвгджзклмнпрстфхцчшщ]$")
# The ends of words, the likeliest nominatives of names before those that are hardly ever one.
_HARD = re.compile(r"[^аяуюеёыиоэй]$|[аиыоу]й$|[^аиь]ей$")
_OBLIQUE = re.compile(r"(?:\w{2}(?:ым|им|ом|ем|ём|ых|их|ами|ями|ого|его|ой|ою|ией|ьей)|\w[уюеыи])$")
_ENDING_OF_IYA = re.compile(r"(?:и[ияю]|ие[йи])$")  # Германии, Германией; Нигере is another country than Нигерии
_PLURAL = re.compile(r"(?<=\w{3})(?:ах|ях|ам|ям|ов)$")
_PLACE_ENDINGS = ("", "а", "я", "ь", "й", "о", "е", "ы", "и", "ай", "ей", "ое", "ея")
_ADJECTIVE_ENDINGS = ("ий", "ый", "ая", "ое", "ие", "ые")


def fold_case(word: str) -> str:
    """Return what all cases of a name in lower case have in common: `павл` of павел, павла and павлом."""
    stem = _VOWELS.sub("", _ENDING.sub("", word.replace("ё", "е")))
    return _FLEETING.sub("", stem)


def list_nominatives(name: str) -> list[str]:
    """Return what the nominative of a place in lower case may be, the likeliest first: москва of москве."""
    *first, last = name.split(" ")
    stem = _VOWELS.sub("", _PLURAL.sub("", _ENDING.sub("", last)))
    endings = ("ия",) if _ENDING_OF_IYA.search(last) else _PLACE_ENDINGS
    firsts = [_VOWELS.sub("", _ENDING.sub("", word)) + ending for word in first[-1:] for ending in _ADJECTIVE_ENDINGS]
    before = [" ".join([*first[:-1], word]) + " " for word in [*first[-1:], *firsts]] or [""]
    stems = [f"{stem}{ending}" for ending in endings]
    if _CLUSTER.search(stem):
        stems.append(f"{stem[:-1]}е{stem[-1]}")  # Египет of Египта
    return [start + word for start in before for word in stems]


def pick_nominative(forms: Sequence[str]) -> str:
    """Return the form that is likeliest to be the nominative of a name, of several such the first."""
    return min(forms, key=lambda form: _rank_case(form, forms))


def _rank_case(form: str, forms: Sequence[str]) -> tuple[int, ...]:
    """Return how unlike a nominative each word is, the last word first: it tells men from women."""
    words = form.lower().split()
    others = [other.lower().split() for other in forms]
    ranks = []
    for index, word in enumerate(words):
        beside = {other[index] for other in others if len(other) == len(words)} - {word}
        ranks.append(0 if any(other.startswith(word) for other in beside) else _rank_word(word))
    return tuple(reversed(ranks))


def _rank_word(word: str) -> int:
    if _OBLIQUE.search(word):
        return 2
    return 0 if _HARD.search(word) else 1
