"""Which names of one article are the same, and of what kind each of them is, judged over the whole article.

A model looks at a few words at a time, and so calls Lavrov a person here and a company there. Its marks on all the
mentions of a name, and the words beside them, are put together: one name, one kind (Gale, Church and Yarowsky 1992: one
sense per discourse).
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipelines.enrichments.russian import fold_case, pick_nominative
from pipelines.enrichments.spans import TITLES, NameSpan

NameKey = tuple[str, ...]
"""The words of a name, so that two writings of it are the same."""
EntityKey = tuple[str, NameKey]
"""A kind, and the words of a name."""
Votes = dict[str, float]
"""The weight that speaks for each kind."""


class Vote(NamedTuple):
    """A kind that a word beside a name speaks for, where one mark of the model weighs 1."""

    kind: str
    weight: float


class Acronyms(NamedTuple):
    """The acronyms that a text explains or uses."""

    long_names: dict[EntityKey, str]
    """Names as the text explains them: World Health Organization (WHO)."""
    merges: dict[EntityKey, EntityKey]
    """An acronym → the entity that it stands for."""


class Entity(NamedTuple):
    """One person, organisation, place or event of an article, with all its mentions."""

    name: str
    kind: str
    mentions: list[NameSpan]


_TOKEN = re.compile(r"[^\W_]+(?:[-’'.&][^\W_]+)*")
_ROLES = ("counterpart", "leader", "spokesman", "spokeswoman", "chief", "actor", "actress", "singer", "author")
_ROLE = re.compile(rf"\b(?:{'|'.join([*sorted(TITLES), *_ROLES])})[.,]? $", re.IGNORECASE)
_SAYS = re.compile(r",? (?:who|said|says|told|tells|wrote|writes|added|argued|whose)\b")
_IN = re.compile(r"\b(?:in|near|around|outside|across|throughout) $", re.IGNORECASE)
_DATELINE = re.compile(r"(?:, [A-Z][\w.]+)? ?(?:\([A-Z][\w. ]+\) ?)?[—–] ")
_NEIGHBOURHOOD = 30  # characters before and after a name that are looked at
# What a word beside a name says about its kind, where one mark of the model is 1. On the tuning halves of
# benchmarks/entities.py a role came before persons 27 times of 38, "in" before places 156 times of 177.
ROLE, SAYS, IN = 1.5, 0.6, 0.6
DATELINE = 1.5
SURNAME, FIRST_NAME = 2.0, 1.0  # of a person whose full name is in the article
_SUFFIXES = frozenset(("inc", "corp", "corporation", "ltd", "plc", "co", "company", "llc", "gmbh", "ag", "sa", "group"))
_ACRONYM = re.compile(r"(?:[A-ZА-ЯЁ]\.?){2,7}s?")
_BRACKET = re.compile(r"\s?\(\s?(?:the )?[\"“]?((?:[A-ZА-ЯЁ][\w&]?\.?){2,10})[\"”]?\s?\)")
_SMALL = frozenset(("of", "and", "the", "for", "de", "la", "des", "du", "et"))


def settle_kinds(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Return the spans with one kind a name, and besides them the mentions of full names and surnames overlooked."""
    keys = [_fold_name(text[span.start : span.end], None) for span in spans]
    votes: dict[NameKey, Votes] = defaultdict(lambda: defaultdict(float))
    for span, key in zip(spans, keys, strict=True):
        votes[key][span.kind] += 1.0
        for kind, weight in _weigh_neighbours(text, span):
            votes[key][kind] += weight
    for words in [key for key, counts in votes.items() if 1 < len(key) < 5 and _pick_kind(counts) == "person"]:
        for part, weight in ((words[-1:], SURNAME), (words[:1], FIRST_NAME)):
            if part in votes:
                votes[part]["person"] += weight
    settled = [span._replace(kind=_pick_kind(votes[key])) for span, key in zip(spans, keys, strict=True)]
    return sorted([*settled, *_find_overlooked(text, settled)])


def group_mentions(text: str, spans: Sequence[NameSpan], language: str) -> list[Entity]:
    """Return the entities that the spans name, in order of their first mention."""
    grouped: dict[EntityKey, list[NameSpan]] = defaultdict(list)
    for span in spans:
        grouped[span.kind, _fold_name(text[span.start : span.end], language)].append(span)
    _give_short_forms(grouped)
    acronyms = _match_acronyms(text, grouped)
    merges = _match_organisations(grouped) | acronyms.merges
    merged: dict[EntityKey, list[NameSpan]] = defaultdict(list)
    for entity, mentions in grouped.items():
        merged[_follow(entity, merges)] += mentions
    entities = [
        Entity(
            acronyms.long_names.get(key) or pick_fullest(text, mentions, language),
            key[0],
            sorted(span._replace(kind=key[0]) for span in mentions),
        )
        for key, mentions in merged.items()
    ]
    return sorted(entities, key=lambda entity: entity.mentions[0])


def _fold_name(name: str, language: str | None) -> NameKey:
    words = _TOKEN.findall(name.replace("’", "'").casefold())
    return tuple(map(fold_case, words)) if language == "ru" else tuple(words)


def _pick_kind(counts: Votes) -> str:
    return max(counts, key=lambda kind: (counts[kind], kind))


def _weigh_neighbours(text: str, span: NameSpan) -> Iterator[Vote]:
    """Yield what the words beside a name say about its kind."""
    before = text[max(0, span.start - _NEIGHBOURHOOD) : span.start]
    if _ROLE.search(before):
        yield Vote("person", ROLE)
    if _SAYS.match(text, span.end, span.end + _NEIGHBOURHOOD):
        yield Vote("person", SAYS)
    if _IN.search(before):
        yield Vote("place", IN)
    if before[-1:] in ("", "\n") and _DATELINE.match(text, span.end):
        yield Vote("place", DATELINE)


def _find_overlooked(text: str, spans: Sequence[NameSpan]) -> Iterator[NameSpan]:
    """Yield unmarked mentions of names that were found: names of several words, and the surnames of persons."""
    kinds: dict[str, dict[NameKey, str]] = defaultdict(dict)
    for span in spans:
        words = tuple(_TOKEN.findall(text[span.start : span.end]))
        if len(words) > 1:
            kinds[words[0]].setdefault(words, span.kind)
            if span.kind == "person" and len(words[-1]) > 3 and words[-1].istitle():
                kinds[words[-1]].setdefault(words[-1:], "person")
    if not kinds:
        return
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    tokens = list(_TOKEN.finditer(text))
    for index in [index for index, token in enumerate(tokens) if token[0] in kinds]:
        start = tokens[index].start()
        for words, kind in sorted(kinds[tokens[index][0]].items(), key=lambda item: -len(item[0])):
            run = tokens[index : index + len(words)]
            end = run[-1].end()
            if tuple(token[0] for token in run) != words or any(taken[start:end]):
                continue
            if text[start:end].count("\n") == 0:
                taken[start:end] = b"\1" * (end - start)
                yield NameSpan(start, end, kind)
                break


def _give_short_forms(grouped: dict[EntityKey, list[NameSpan]]) -> None:
    """Move each mention of a person by a part of the name to the full name read last before it, or else the first."""
    full: dict[NameKey, list[tuple[int, NameKey]]] = defaultdict(list)
    keys = sorted((key for kind, key in grouped if kind == "person"), key=len)
    for key in keys:
        for part in {key[i:] for i in range(1, len(key))} | {key[:1], (key[0], key[-1])} if len(key) > 1 else ():
            if part != key:
                full[part] += [(span.start, key) for span in grouped["person", key]]
    for key in keys:  # the shortest first: what they give to a longer one goes on with it
        if places := sorted(full.get(key, ())):
            for span in grouped.pop(("person", key)):
                before = bisect(places, (span.start,))
                grouped["person", places[max(before - 1, 0)][1]].append(span)


def _match_organisations(grouped: Mapping[EntityKey, Sequence[NameSpan]]) -> dict[EntityKey, EntityKey]:
    """Match organisations with and without "Inc." or the like, and two first words or more with the longer name."""
    longer: dict[NameKey, NameKey] = {}
    keys = [key for kind, key in grouped if kind == "organisation"]
    for key in keys:
        for size in range(2, len(key)):
            longer.setdefault(key[:size], key)
        if len(key) == 2 and key[1] in _SUFFIXES:
            longer.setdefault(key[:1], key)
    return {("organisation", key): ("organisation", longer[key]) for key in keys if key in longer}


def _match_acronyms(text: str, grouped: Mapping[EntityKey, Sequence[NameSpan]]) -> Acronyms:
    names: dict[EntityKey, str] = {}
    stands_for: dict[str, EntityKey] = {}
    for entity, mentions in grouped.items():
        if entity[0] not in ("organisation", "place") or len(entity[1]) < 2:
            continue
        for span in mentions:
            bracket = _BRACKET.match(text, span.end, span.end + _NEIGHBOURHOOD)
            if bracket and _is_acronym_of(bracket[1], text[span.start : span.end]):
                names.setdefault(entity, text[span.start : bracket.end()])
                stands_for[_strip_points(bracket[1])] = entity
        first = mentions[0]
        stands_for.setdefault(_join_initials(text[first.start : first.end]), entity)
    merges = {}
    for entity, mentions in grouped.items():
        short = text[mentions[0].start : mentions[0].end]
        if _ACRONYM.fullmatch(short) and (long := stands_for.get(_strip_points(short))) and long != entity:
            merges[entity] = long
    return Acronyms(names, merges)


def _strip_points(acronym: str) -> str:
    return acronym.replace(".", "").upper()


def _join_initials(name: str) -> str:
    return "".join(word[0] for word in _TOKEN.findall(name) if word not in _SMALL).upper()


def _is_acronym_of(acronym: str, name: str) -> bool:
    """Tell whether the letters of an acronym come in this order in the name, the first one first."""
    letters = iter(name.upper())
    plain = [letter for letter in _strip_points(acronym) if letter.isalpha()]
    return name[:1].upper() == plain[0] and all(letter in letters for letter in plain)


def _follow(entity: EntityKey, merges: Mapping[EntityKey, EntityKey]) -> EntityKey:
    """Return the entity at the end of a chain of merges."""
    seen = set()
    while entity in merges and entity not in seen:
        seen.add(entity)
        entity = merges[entity]
    return entity


def pick_fullest(text: str, mentions: Sequence[NameSpan], language: str) -> str:
    """Return the form with the most words, of these the one in mixed case, of these the nominative or the first."""
    forms = [text[span.start : span.end] for span in sorted(mentions)]
    if language != "ru":
        return max(forms, key=_rank_fullness)
    fullest = max(map(_rank_fullness, forms))
    return pick_nominative([form for form in forms if _rank_fullness(form) == fullest])


def _rank_fullness(form: str) -> tuple[int, bool]:
    return len(_TOKEN.findall(form)), not form.isupper()
