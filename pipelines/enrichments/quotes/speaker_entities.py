"""Find the entity of the article that a speaker is, also for "he" and "the minister", where that is safe.

A speaker is an entity when it is one of its mentions, or the last name of only one; a description ("the minister") when
it stands beside the name of one alone ("Foreign Minister Anna Schmidt"); a pronoun when the person spoken of last is
clear, unless another pronoun was theirs. Where two could be meant the speaker is no entity.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.enrichments.texts import Span

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


class LastSpeaker(NamedTuple):
    """The last speaker who is an entity: its index, and where the words or the name end."""

    entity: int
    end: int


class Speakers:
    """The entities of one article that may speak; `text` is the article's."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.mentions: list[tuple[int, int, int]] = []  # start, end, index of the entity
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

    def find(self, speaker: Span, quoted: Sequence[Span], last: LastSpeaker | None) -> int | None:
        """Return the entity that a speaker is; `quoted` are the spans of quotations."""
        start, end = speaker
        if (index := self._find_mentioned(start, end)) is not None:
            return index
        written = self.text[start:end]
        if written.lower() in _HE | _SHE:
            gender = "he" if written.lower() in _HE else "she"
            if (index := self._resolve_pronoun(start, gender, quoted, last)) is not None:
                self.genders.setdefault(index, gender)
            return index
        words = _WORD.findall(written)
        if not words:
            return None
        if words[-1][0].isupper() and len(described := self.last_names.get(words[-1].lower(), ())) == 1:
            return next(iter(described))
        if written[0].islower() or words[0].lower() in ("the", "der", "die", "le", "la", "el"):
            described = self._index_descriptions().get(_find_head(written), ())
            return next(iter(described)) if len(described) == 1 else None
        return None

    def _find_mentioned(self, start: int, end: int) -> int | None:
        """Return the last entity mentioned within a span, or around it."""
        at = bisect_left(self.starts, end) - 1
        return self.mentions[at][2] if at >= 0 and self.mentions[at][1] > start else None

    def _resolve_pronoun(self, start: int, gender: str, quoted: Sequence[Span], last: LastSpeaker | None) -> int | None:
        """Return the only person since the last speaker, or the last speaker where nobody else was named since."""
        since = max(start - NEAR, 0)
        people: list[int] = []
        for at in range(bisect_left(self.starts, since), bisect_left(self.starts, start)):
            begin, _, index = self.mentions[at]
            if (
                self.kinds[index] == "person"
                and not _is_inside(begin, quoted)
                and self._read_gender(at) in (gender, "")
            ):
                people.append(index)
        if last and last.end >= since and self._may_be(last.entity, gender):
            is_last = not people or set(people) <= {last.entity} or people[-1] == last.entity
            return last.entity if is_last else self._pick_opening(start, people)
        return people[0] if len(set(people)) == 1 else self._pick_opening(start, people)

    def _may_be(self, entity: int, gender: str) -> bool:
        return self.kinds[entity] == "person" and self.genders.get(entity, gender) == gender

    def _pick_opening(self, start: int, people: Sequence[int]) -> int | None:
        """Return, of several people, the one whose name opened the sentence or paragraph before."""
        for at in range(bisect_left(self.starts, start) - 1, bisect_left(self.starts, start - NEAR) - 1, -1):
            begin, _, index = self.mentions[at]
            if index in people and self.text[max(0, begin - 2) : begin].strip(" ") in ("", ".", "\n"):
                return index
        return None

    def _read_gender(self, at: int) -> str:
        start, end, index = self.mentions[at]
        before = self.text[max(0, start - 6) : start] + " "
        written = self.text[start:end].partition(" ")[0] + " "
        if _MALE.search(before) or _MALE.search(written):
            self.genders[index] = "he"
        elif _FEMALE.search(before) or _FEMALE.search(written):
            self.genders[index] = "she"
        return self.genders.get(index, "")

    def _index_descriptions(self) -> Mapping[str, set[int]]:
        """Return the people that each noun beside a name describes."""
        if self.described is None:
            self.described = defaultdict(set)
            for start, end, index in self.mentions:
                before = self.text[max(0, start - DESCRIBED) : start]
                nouns = _WORD.findall(before[max(before.rfind(mark) for mark in '.,;:“”"\n') + 1 :])[-2:]
                if self.text.startswith(", ", end):
                    apposition = re.split(r"[,.;:\n“”\"]", self.text[end + 2 : end + 2 + DESCRIBED])[0]
                    nouns.append(_find_head(apposition))
                for noun in nouns:
                    self.described[noun.lower()].add(index)
        return self.described


def _find_head(description: str) -> str:
    """Return the noun that a description is about: "minister" of "the minister of foreign affairs"."""
    words = _WORD.findall(_HEAD_ENDS.split(description)[0])
    return words[-1].lower() if words else ""


def _is_inside(position: int, spans: Sequence[Span]) -> bool:
    at = bisect_left(spans, (position + 1,)) - 1
    return at >= 0 and spans[at][0] <= position < spans[at][1]
