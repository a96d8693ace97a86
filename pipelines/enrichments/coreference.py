"""Which names of one article are the same, and what each of them is, judged over the whole article.

A model looks at a few words at a time, and so calls Lavrov a person here and a company there. What it says of all the
places where a name stands, and what stands beside them, is put together: one name, one kind (Gale, Church and Yarowsky
1992: one sense per discourse).
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipelines.enrichments.spans import TITLES, Span

Key = tuple[str, ...]
"""The words of a name, so that two writings of it are the same."""
Named = tuple[str, Key]
"""A kind, and the words of a name."""
Votes = dict[str, float]
"""What speaks for each kind."""


class Entity(NamedTuple):
    """All that one article calls by one name."""

    name: str
    kind: str
    mentions: list[Span]


_TOKEN = re.compile(r"[^\W_]+(?:[-’'.&][^\W_]+)*")
_ROLES = ("counterpart", "leader", "spokesman", "spokeswoman", "chief", "actor", "actress", "singer", "author")
_ROLE = re.compile(rf"\b(?:{'|'.join([*sorted(TITLES), *_ROLES])})[.,]? $", re.IGNORECASE)
_SAYS = re.compile(r",? (?:who|said|says|told|tells|wrote|writes|added|argued|whose)\b")
_IN = re.compile(r"\b(?:in|near|around|outside|across|throughout) $", re.IGNORECASE)
_DATELINE = re.compile(r"(?:, [A-Z][\w.]+)? ?(?:\([A-Z][\w. ]+\) ?)?[—–] ")
_BESIDE = 30  # characters before and after a name that are looked at
# What a word beside a name says about its kind, where one mark of the model is 1. On the tuning halves of
# benchmarks/entities.py a role came before persons 27 times of 38, "in" before places 156 times of 177.
ROLE, SAYS, IN = 1.5, 0.6, 0.6
DATELINE = 1.5
SURNAME, FIRST_NAME = 2.0, 1.0  # of a person whose full name is in the article
# Case endings of Russian, so that an inflected name is the same name.
_RUSSIAN = re.compile(r"(?<=\w{3})(?:ами|ями|ого|ему|ому|ым|им|ом|ем|ой|ей|ою|ую|ая|ий|ый|[аяуюеыйи])$")
_SUFFIXES = frozenset(("inc", "corp", "corporation", "ltd", "plc", "co", "company", "llc", "gmbh", "ag", "sa", "group"))
_ACRONYM = re.compile(r"(?:[A-ZА-ЯЁ]\.?){2,7}s?")
_BRACKET = re.compile(r"\s?\(\s?(?:the )?[\"“]?((?:[A-ZА-ЯЁ][\w&]?\.?){2,10})[\"”]?\s?\)")
_SMALL = frozenset(("of", "and", "the", "for", "de", "la", "des", "du", "et"))


def settle_kinds(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with one kind a name, and besides them the places where a full name or a surname was overlooked."""
    keys = [_key(text[span.start : span.end], None) for span in spans]
    votes: dict[Key, Votes] = defaultdict(lambda: defaultdict(float))
    for span, key in zip(spans, keys, strict=True):
        votes[key][span.kind] += 1.0
        for kind, weight in _beside(text, span):
            votes[key][kind] += weight
    for words in [key for key, counts in votes.items() if 1 < len(key) < 5 and _winner(counts) == "person"]:
        for part, weight in ((words[-1:], SURNAME), (words[:1], FIRST_NAME)):
            if part in votes:
                votes[part]["person"] += weight
    agreed = [span._replace(kind=_winner(votes[key])) for span, key in zip(spans, keys, strict=True)]
    return sorted([*agreed, *_overlooked(text, agreed)])


def group_mentions(text: str, spans: Sequence[Span], language: str) -> list[Entity]:
    """The entities that the spans name, in order of their first mention."""
    grouped: dict[Named, list[Span]] = defaultdict(list)
    for span in spans:
        grouped[span.kind, _key(text[span.start : span.end], language)].append(span)
    _give_short_forms(grouped)
    names, into = _acronyms(text, grouped)
    into = _organisations(grouped) | into
    merged: dict[Named, list[Span]] = defaultdict(list)
    for entity, mentions in grouped.items():
        merged[_end(entity, into)] += mentions
    entities = [
        Entity(names.get(key) or _fullest(text, mentions), key[0], sorted(s._replace(kind=key[0]) for s in mentions))
        for key, mentions in merged.items()
    ]
    return sorted(entities, key=lambda entity: entity.mentions[0])


def _key(name: str, language: str | None) -> Key:
    words = _TOKEN.findall(name.replace("’", "'").casefold())
    return tuple(_RUSSIAN.sub("", word) for word in words) if language == "ru" else tuple(words)


def _winner(counts: Votes) -> str:
    return max(counts, key=lambda kind: (counts[kind], kind))


def _beside(text: str, span: Span) -> Iterator[tuple[str, float]]:
    before = text[max(0, span.start - _BESIDE) : span.start]
    if _ROLE.search(before):
        yield "person", ROLE
    if _SAYS.match(text, span.end, span.end + _BESIDE):
        yield "person", SAYS
    if _IN.search(before):
        yield "place", IN
    if before[-1:] in ("", "\n") and _DATELINE.match(text, span.end):
        yield "place", DATELINE


def _overlooked(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Where a name that was found stands again, unmarked: names of several words, and the surnames of persons."""
    known: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for span in spans:
        words = tuple(_TOKEN.findall(text[span.start : span.end]))
        if len(words) > 1:
            known[words[0]].setdefault(words, span.kind)
            if span.kind == "person" and len(words[-1]) > 3 and words[-1].istitle():
                known[words[-1]].setdefault(words[-1:], "person")
    if not known:
        return
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    for index, (word, start, _) in enumerate(tokens):
        for words, kind in sorted(known.get(word, {}).items(), key=lambda item: -len(item[0])):
            run = tokens[index : index + len(words)]
            if tuple(token for token, _, _ in run) != words or any(taken[start : run[-1][2]]):
                continue
            if text[start : run[-1][2]].count("\n") == 0:
                taken[start : run[-1][2]] = b"\1" * (run[-1][2] - start)
                yield Span(start, run[-1][2], kind)
                break


def _give_short_forms(grouped: dict[Named, list[Span]]) -> None:
    """Move each mention of a person by a part of the name to the full name read last before it, or else the first."""
    full: dict[Key, list[tuple[int, Key]]] = defaultdict(list)
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


def _organisations(grouped: Mapping[Named, Sequence[Span]]) -> dict[Named, Named]:
    """Organisations with and without "Inc." or the like; two first words or more of a longer name are the same."""
    longer: dict[Key, Key] = {}
    keys = [key for kind, key in grouped if kind == "organisation"]
    for key in keys:
        for size in range(2, len(key)):
            longer.setdefault(key[:size], key)
        if len(key) == 2 and key[1] in _SUFFIXES:
            longer.setdefault(key[:1], key)
    return {("organisation", key): ("organisation", longer[key]) for key in keys if key in longer}


def _acronyms(text: str, grouped: Mapping[Named, Sequence[Span]]) -> tuple[dict[Named, str], dict[Named, Named]]:
    """Names as the text explains them, "World Health Organization (WHO)", and acronyms → what they stand for."""
    names: dict[Named, str] = {}
    stands_for: dict[str, Named] = {}
    for entity, mentions in grouped.items():
        if entity[0] not in ("organisation", "place") or len(entity[1]) < 2:
            continue
        for span in mentions:
            bracket = _BRACKET.match(text, span.end, span.end + _BESIDE)
            if bracket and _fits(bracket[1], text[span.start : span.end]):
                names.setdefault(entity, text[span.start : bracket.end()])
                stands_for[_plain(bracket[1])] = entity
        first = mentions[0]
        stands_for.setdefault(_initials(text[first.start : first.end]), entity)
    into = {}
    for entity, mentions in grouped.items():
        short = text[mentions[0].start : mentions[0].end]
        if _ACRONYM.fullmatch(short) and (long := stands_for.get(_plain(short))) and long != entity:
            into[entity] = long
    return names, into


def _plain(acronym: str) -> str:
    return acronym.replace(".", "").upper()


def _initials(name: str) -> str:
    return "".join(word[0] for word in _TOKEN.findall(name) if word not in _SMALL).upper()


def _fits(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym come in this order in the name, the first one first."""
    letters = iter(name.upper())
    plain = [letter for letter in _plain(acronym) if letter.isalpha()]
    return name[:1].upper() == plain[0] and all(letter in letters for letter in plain)


def _end(entity: Named, into: Mapping[Named, Named]) -> Named:
    seen = set()
    while entity in into and entity not in seen:
        seen.add(entity)
        entity = into[entity]
    return entity


def _fullest(text: str, mentions: Sequence[Span]) -> str:
    """The form with the most words, of these the one written in mixed case, of these the first."""
    forms = [text[span.start : span.end] for span in sorted(mentions)]
    return max(forms, key=lambda form: (len(_TOKEN.findall(form)), not form.isupper()))
