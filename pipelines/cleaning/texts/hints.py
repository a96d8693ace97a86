"""Hints of other plain texts of a source about lines that do not repeat as they are.

A line that stands on many pages, as it is, parts what changes from page to page into zones: a box of links lies between
two such lines, the article between two others. And furniture that changes begins or ends with the same words, as in
`Read more: …`. A hint is one of these, with how the generic reading judged the lines that it points at: like the
places of HTML pages in `profile.py`, it makes of many doubtful judgements a sure one. Trees weigh the hints.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.cleaning.trees import Floats
from pipelines.text.scripts import CJK_START

SLOTS = ("begins", "ends", "under", "over", "right_under", "right_over")
STEP = 3  # lines from a repeated one that are told apart: two nearest, and the rest of the zone
MAX_ANCHOR, MAX_WORDS = 60, 40  # characters
SAY = 400  # letters of one text that count for a hint
MAX_HINTS = 1_000
MIN_TEXTS = 2  # with such a line
DIGITS = 4

_NUMBER = re.compile(r"0[0 ]*0|0")


class Hint(NamedTuple):
    """What is known of the lines that one pointer points at."""

    share: float
    """Of the source's texts, those with such a line."""
    mean: float
    """Of the probability of these lines that they are of the article."""


_NO_HINT = Hint(0.0, -1.0)


class ScoredText(NamedTuple):
    """The lines of a text to learn from."""

    keys: Sequence[str]
    sizes: Sequence[int]
    """Letters of each line."""
    scores: Sequence[float]
    """The probability of each line that it is of the article."""


class _Anchor(NamedTuple):
    key: str
    """Of a repeated line; empty where there is none."""
    distance: int
    """In lines."""


class _Ends(NamedTuple):
    first: str
    last: str


def learn_hints(texts: Sequence[ScoredText], repeats: Mapping[str, float]) -> dict[str, Hint]:
    """Learn from the lines of texts what a pointer means, those of most texts first of all kept."""
    count: dict[str, int] = defaultdict(int)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])  # letters by probability, letters
    for keys, sizes, scores in texts:
        own_sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for key, pointers, size, score in zip(keys, list_pointers(keys, repeats), sizes, scores, strict=True):
            for pointer in pointers if key not in repeats else ():
                own_sums[pointer][0] += size * score
                own_sums[pointer][1] += size
        for pointer, (worth, total) in own_sums.items():
            share = min(1.0, SAY / max(total, 1))  # no long text decides alone
            count[pointer] += 1
            sums[pointer][0] += share * worth
            sums[pointer][1] += share * total
    frequent = [pointer for pointer in count if count[pointer] >= MIN_TEXTS]
    best = sorted(frequent, key=lambda pointer: (-count[pointer], pointer))[:MAX_HINTS]
    return {pointer: _measure_hint(count[pointer] / len(texts), *sums[pointer]) for pointer in sorted(best)}


def _measure_hint(share: float, worth: float, letters: float) -> Hint:
    return Hint(round(share, DIGITS), round(worth / max(letters, 1.0), DIGITS))


def list_pointers(keys: Sequence[str], repeats: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Return for each line the names of what may be known of it, one for each of SLOTS."""
    above = _find_anchors(keys, repeats)
    below = _find_anchors(keys[::-1], repeats)[::-1]
    return [
        (
            *_find_ends(key),
            f"<{over.key}",
            f">{under.key}",
            f"<{min(over.distance, STEP)}{over.key}",
            f">{min(under.distance, STEP)}{under.key}",
        )
        for key, over, under in zip(keys, above, below, strict=True)
    ]


def _find_anchors(keys: Sequence[str], repeats: Mapping[str, float]) -> list[_Anchor]:
    """Return for each line the nearest repeated one before it, and how many lines before."""
    anchors: list[_Anchor] = []
    last, distance = "", 0
    for key in keys:
        distance += 1
        anchors.append(_Anchor(last, distance))
        if key in repeats:
            last, distance = key[:MAX_ANCHOR], 0
    return anchors


def _find_ends(key: str) -> _Ends:
    """Return how a line begins and ends, whatever numbers it has."""
    words = _NUMBER.sub("0", key).split(" ")
    if len(words) > 2:
        first, last = " ".join(words[:2]), " ".join(words[-2:])
    elif len(words) == 2:
        first, last = words
    elif len(key) >= 6 and key[0] > CJK_START:
        first, last = key[:3], key[-3:]
    else:
        first = last = ""
    return _Ends(f"^{first[:MAX_WORDS]}", f"${last[-MAX_WORDS:]}")


def compute_hint_columns(
    keys: Sequence[str], repeats: Mapping[str, float], hints: Mapping[str, Hint]
) -> dict[str, Floats]:
    """Return columns by name, one value a line; a share of 0 and a mean of -1 where nothing is known."""
    by_line = [[hints.get(pointer, _NO_HINT) for pointer in pointers] for pointers in list_pointers(keys, repeats)]
    values = np.array(by_line, dtype=np.float64).reshape(len(keys), len(SLOTS), len(Hint._fields))
    return {f"{slot}_{value}": values[:, i, j] for i, slot in enumerate(SLOTS) for j, value in enumerate(Hint._fields)}
