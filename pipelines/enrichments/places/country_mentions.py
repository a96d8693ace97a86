"""Find the names of countries in a text of a language whose names no model finds.

A country is written in its form of the language, or in one of its cases, as whole words with capitals. A word that is
also a name of persons, a part of a longer name (`Air France`, `New Jersey`, `France 24`) or an ordinary word in another
place of the same text is none. What place it is, and whether it is one, `locate` decides with all others of the text.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from pipelines.enrichments.places.country_names import find_countries, list_country_names
from pipelines.enrichments.places.gazetteer import fold_name
from pipelines.enrichments.russian import list_nominatives
from pipelines.enrichments.texts import Span

LANGUAGES = ("de", "es", "fr", "ru")
MAX_WORDS = 5  # Demokratische Republik Timor-Leste; a name is looked for from its first word on
SHORTEST_CAPITALS = 4  # a shorter word in capitals is an abbreviation, of a country only where the list has it
LOOK_BACK = 30
FORMS_KEPT = 10_000

_WORD = re.compile(r"[^\W\d_]+(?:[-.’'][^\W\d_]+)*\.?")
_GAP = re.compile(r"\.?[ \u00a0\n]\s?(?:[dl][’'])?")  # Côte d'Ivoire
_ELIDED = re.compile(r"\A(?:[ld]|qu)[’']", re.IGNORECASE)
# By folded form. With another name behind them the first are persons all over the text, the others are so there,
# unless a preposition stands before: le président de la France Emmanuel Macron.
_MOSTLY_PERSONS = frozenset(("maurice", "dominique", "georgia", "chad", "dominica", "доминика"))
_ALSO_PERSONS = frozenset(("israel", "france", "francia", "india", "america", "jersey", "израиль"))
# Ordinary words, which a capital at the beginning of a sentence makes look like a country.
_ORDINARY = frozenset(("chili", "того", "мали", "чад", "чили", "перу"))
# Before a country of another name: New Jersey, Air France.
_BEFORE_WORDS = "new nouvelle nueva neu air radio royal bank banque banco crédit grupo groupe stade"
_BEFORE = frozenset(_BEFORE_WORDS.split())
_AMERICA = "америка"
_OF_CONTINENT = ("север", "южн", "латинск", "центральн")  # Северная Америка is no country
_PREPOSITION_WORDS = """
in aus nach von für mit gegen en de du la à au aux para por con contra hacia desde в во из на к с со от для до
"""
_PREPOSITIONS = frozenset(_PREPOSITION_WORDS.split())
_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:…»”\"\n])[\s«„“\"(—–-]*\Z")
_CHANNEL = re.compile(r"[ \u00a0](?:[2-5]|24)(?!\d)")  # France 24
_NAME_BEHIND = re.compile(r"[ \u00a0]([^\W\d_])")
_PLURALS = ("ы", "и", "а")


def find_country_mentions(text: str, language: str) -> list[Span]:
    """Return where a text names countries, in order; `language` is one of LANGUAGES."""
    persons: set[str] = set()
    spans: list[tuple[Span, str]] = []
    lower = {word for word in _WORD.findall(text) if word.islower()}
    for span, name in _find_names(text, language):
        before = _read_word_before(text, span[0])
        if _is_of_person(text, span, name, before):
            persons.update({name} & _MOSTLY_PERSONS)
        elif not _is_doubtful(text, span, before, lower) and not _is_continent(name, before):
            spans.append((span, name))
    return [span for span, name in spans if name not in persons]


def _find_names(text: str, language: str) -> Iterator[tuple[Span, str]]:
    """Yield the spans that have the form of a country, the longest at each place, with the folded name."""
    words = list(_iterate_words(text))
    index, firsts = 0, _list_first_words(language)
    while index < len(words):
        start = words[index][0]
        length = 1
        if text[start].isupper() and _fold_first(text[slice(*words[index])], language) & firsts:
            for count in range(min(MAX_WORDS, len(words) - index), 0, -1):
                end = words[index + count - 1][1]
                if _is_joined(text, words[index : index + count]) and (name := _read(text[start:end], language)):
                    yield (start, _include_point(text, start, end, language)), name
                    length = count
                    break
        index += length


def _iterate_words(text: str) -> Iterator[Span]:
    for match in _WORD.finditer(text):
        elided = _ELIDED.match(match[0])
        start = match.start() + (elided.end() if elided else 0)
        end = match.end()
        if match[0].endswith(".") and "." not in match[0][:-1]:
            end -= 1  # of the sentence, not of an abbreviation
        if start < end:
            yield start, end


def _is_joined(text: str, words: list[Span]) -> bool:
    return all(_GAP.fullmatch(text, left[1], right[0]) for left, right in pairwise(words))


def _include_point(text: str, start: int, end: int, language: str) -> int:
    """Return the end of a name, behind the point that belongs to it: EE. UU."""
    return end + (text[start : end + 1] in list_country_names(language) and text[end : end + 1] == ".")


@lru_cache(FORMS_KEPT)
def _read(written: str, language: str) -> str:
    """Return the folded name of a country that some words are, or nothing."""
    if written.isupper() and len(written) < SHORTEST_CAPITALS and written not in list_country_names(language):
        return ""
    return next((form for form in list_forms(fold_name(written), language) if find_countries(form, language)), "")


def list_forms(key: str, language: str) -> list[str]:
    """Return what the nominative of the folded name of a country may be, the name itself first."""
    if language == "de":
        forms = [key, key.removesuffix("s")]
        forms += [re.sub(r"e[nrms]\b", "e", form) for form in forms]  # der Vereinigten Arabischen Emirate
        return [*forms, key.removesuffix("n")]  # den Vereinigten Arabischen Emiraten
    if language == "ru":
        forms = [fold_name(form) for form in list_nominatives(key)]
        # `ов` is the ending of a plural; Чадов is a surname.
        return [key, *(form for form in forms if not key.endswith("ов") or form.endswith(_PLURALS))]
    return [key]


@cache
def _list_first_words(language: str) -> frozenset[str]:
    return frozenset(_cut(fold_name(name).split(" ")[0]) for name in list_country_names(language))


def _fold_first(word: str, language: str) -> set[str]:
    forms = [word, word[:-1]] if language == "de" else [word]
    return {_cut(fold_name(form).split(" ")[0]) for form in forms if fold_name(form)}


def _cut(word: str) -> str:
    """Return the beginning of a word that its cases share."""
    return word[:3]


def _read_word_before(text: str, start: int) -> str:
    """Return the word before a name, on the same line and without a mark between; empty if there is none."""
    words = list(_WORD.finditer(text, max(0, start - LOOK_BACK), start))
    between = text[words[-1].end() : start] if words else ""
    return words[-1][0] if words and between in ("", " ", "\u00a0") else ""


def _is_of_person(text: str, span: Span, name: str, before: str) -> bool:
    """Tell whether another name stands behind one that is of persons, too: Maurice Ravel."""
    behind = _NAME_BEHIND.match(text, span[1])
    if behind is None or not behind[1].isupper():
        return False
    return name in _MOSTLY_PERSONS or (name in _ALSO_PERSONS and before.lower() not in _PREPOSITIONS)


def _is_continent(name: str, before: str) -> bool:
    return name == _AMERICA and before.lower().startswith(_OF_CONTINENT)


def _is_doubtful(text: str, span: Span, before: str, lower: set[str]) -> bool:
    """Tell whether a name is a part of a longer one, or an ordinary word that opens a sentence."""
    start, end = span
    if _CHANNEL.match(text, end) and before.lower() not in _PREPOSITIONS:
        return True
    if before[:1].isupper() and before.lower() in _BEFORE:
        return True
    word = text[start:end].lower()
    is_ordinary = word in _ORDINARY or word in lower
    return is_ordinary and _OPENS_SENTENCE.search(text, max(0, start - LOOK_BACK), start) is not None
