"""Whom a speaker as written is: an entity of the article, also for "he" and "the minister", where that is safe.

A speaker is an entity when it is one of its mentions, or the last name of only one; a description ("the minister") when
it stands beside the name of one alone ("Foreign Minister Anna Schmidt"); a pronoun when the person spoken of last can
be told, unless another pronoun was theirs. Where two could be meant it is nobody.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.enrichments.quotes.speakers import Span

Entity = Mapping[str, Any]

SPEAKING = ("person", "organisation")
NEAR = 600  # characters that a pronoun may be from the name it stands for
DESCRIBED = 60  # characters before or after a name in which a description is looked for
_HE = frozenset(("he", "him", "his", "er", "il", "él", "он"))
_SHE = frozenset(("she", "her", "elle", "ella", "она"))
_MALE = re.compile(r"\b(?:Mr|Herr|M|Sr)\.?\s\Z")
_FEMALE = re.compile(r"\b(?:Mrs|Ms|Miss|Frau|Mme|Sra)\.?\s\Z")
_WORD = re.compile(r"[^\W\d_][\w-]+")
_HEAD_ENDS = re.compile(r"\s(?:of|in|for|from|at|on|de|du|des|für|von|del)\b")


class Speakers:
    """The entities of one article that may speak, ready to be asked for; `text` is the article's."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.mentions: list[tuple[int, int, int]] = []  # start, end, entity
        self.last_names: dict[str, set[int]] = defaultdict(set)
        self.genders: dict[int, str] = {}
        self.kinds = [entity["kind"] for entity in entities]
        for index, entity in enumerate(entities):
            if entity["kind"] not in SPEAKING:
                continue
            if words := _WORD.findall(entity["name"]):
                self.last_names[words[-1].lower()].add(index)
            for mention in entity["mentions"]:
                self.mentions.append((mention["start"], mention["end"], index))
        self.mentions.sort()
        self.starts = [start for start, _, _ in self.mentions]
        self.described: dict[str, set[int]] | None = None

    def find(self, speaker: Span, quoted: Sequence[Span], last: tuple[int, int] | None) -> int | None:
        """The entity that a speaker is; `quoted` are spans of quotations, `last` the last one found and where."""
        start, end = speaker
        if (index := self._mentioned(start, end)) is not None:
            return index
        written = self.text[start:end]
        if written.lower() in _HE | _SHE:
            gender = "he" if written.lower() in _HE else "she"
            if (index := self._pronoun(start, gender, quoted, last)) is not None:
                self.genders.setdefault(index, gender)
            return index
        words = _WORD.findall(written)
        if not words:
            return None
        if words[-1][0].isupper() and len(found := self.last_names.get(words[-1].lower(), ())) == 1:
            return next(iter(found))
        if written[0].islower() or words[0].lower() in ("the", "der", "die", "le", "la", "el"):
            found = self._descriptions().get(_head(written), ())
            return next(iter(found)) if len(found) == 1 else None
        return None

    def _mentioned(self, start: int, end: int) -> int | None:
        """The last entity mentioned within a span, or around it."""
        at = bisect_left(self.starts, end) - 1
        return self.mentions[at][2] if at >= 0 and self.mentions[at][1] > start else None

    def _pronoun(self, start: int, gender: str, quoted: Sequence[Span], last: tuple[int, int] | None) -> int | None:
        """The only person since the last speaker, or the last speaker where nobody else was named since."""
        since = max(start - NEAR, 0)
        people: list[int] = []
        for at in range(bisect_left(self.starts, since), bisect_left(self.starts, start)):
            begin, _, index = self.mentions[at]
            if self.kinds[index] == "person" and not _inside(begin, quoted) and self._gender(at) in (gender, ""):
                people.append(index)
        fits = last is not None and self.kinds[last[0]] == "person" and self.genders.get(last[0], gender) == gender
        if last and fits and last[1] >= since:
            return (
                last[0]
                if not people or set(people) <= {last[0]} or people[-1] == last[0]
                else self._opening(start, people)
            )
        return people[0] if len(set(people)) == 1 else self._opening(start, people)

    def _opening(self, start: int, people: Sequence[int]) -> int | None:
        """Of several people, the one whose name opened the sentence or paragraph before."""
        for at in range(bisect_left(self.starts, start) - 1, bisect_left(self.starts, start - NEAR) - 1, -1):
            begin, _, index = self.mentions[at]
            if index in people and self.text[max(0, begin - 2) : begin].strip(" ") in ("", ".", "\n"):
                return index
        return None

    def _gender(self, at: int) -> str:
        start, end, index = self.mentions[at]
        before = self.text[max(0, start - 6) : start] + " "
        written = self.text[start:end].partition(" ")[0] + " "
        if _MALE.search(before) or _MALE.search(written):
            self.genders[index] = "he"
        elif _FEMALE.search(before) or _FEMALE.search(written):
            self.genders[index] = "she"
        return self.genders.get(index, "")

    def _descriptions(self) -> Mapping[str, set[int]]:
        """Which people each noun beside a name describes."""
        if self.described is None:
            self.described = defaultdict(set)
            for start, end, index in self.mentions:
                before = self.text[max(0, start - DESCRIBED) : start]
                nouns = _WORD.findall(before[max(before.rfind(mark) for mark in '.,;:“”"\n') + 1 :])[-2:]
                if self.text.startswith(", ", end):
                    apposition = re.split(r"[,.;:\n“”\"]", self.text[end + 2 : end + 2 + DESCRIBED])[0]
                    nouns.append(_head(apposition))
                for noun in nouns:
                    self.described[noun.lower()].add(index)
        return self.described


def _head(description: str) -> str:
    """The noun that a description is about: "minister" of "the minister of foreign affairs"."""
    words = _WORD.findall(_HEAD_ENDS.split(description)[0])
    return words[-1].lower() if words else ""


def _inside(position: int, spans: Sequence[Span]) -> bool:
    at = bisect_left(spans, (position + 1,)) - 1
    return at >= 0 and spans[at][0] <= position < spans[at][1]
