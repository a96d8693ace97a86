"""What other plain texts of a source say about lines that do not repeat as they are.

A line that stands on many pages, as it is, parts what changes from page to page into zones: a box of links lies between
two such lines, the article between two others. And furniture that changes begins or ends with the same words, as in
`Read more: …`. A hint is one of these, with how the generic reading judged the lines that it points at: like the
places of HTML pages in `profile.py`, it makes of many doubtful judgements a sure one. Trees weigh the hints.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.text.scripts import CJK_START

Floats = NDArray[np.float64]
Hint = tuple[float, float]
"""Share of the source's texts with such a line; mean probability of these lines that they are of the article."""

SLOTS = ("begins", "ends", "under", "over", "right_under", "right_over")
STEP = 3  # lines from a repeated one that are told apart: two nearest, and the rest of the zone
MAX_ANCHOR, MAX_WORDS = 60, 40  # characters
SAY = 400  # letters of one text that count for a hint
MAX_HINTS = 1_000
MIN_TEXTS = 2  # with such a line
DIGITS = 4

_NUMBER = re.compile(r"0[0 ]*0|0")


def learn_hints(
    texts: Sequence[tuple[Sequence[str], Sequence[int], Sequence[float]]], repeats: Mapping[str, float]
) -> dict[str, Hint]:
    """Keys, letters and probabilities of each text's lines → hints, those of most texts first of all kept."""
    count: dict[str, int] = defaultdict(int)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for keys, sizes, scores in texts:
        here: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for key, own, size, score in zip(keys, list_pointers(keys, repeats), sizes, scores, strict=True):
            for pointer in own if key not in repeats else ():
                here[pointer][0] += size * score
                here[pointer][1] += size
        for pointer, (worth, total) in here.items():
            share = min(1.0, SAY / max(total, 1))  # no long text decides alone
            count[pointer] += 1
            sums[pointer][0] += share * worth
            sums[pointer][1] += share * total
    best = sorted((p for p in count if count[p] >= MIN_TEXTS), key=lambda p: (-count[p], p))[:MAX_HINTS]
    return {
        p: (round(count[p] / len(texts), DIGITS), round(sums[p][0] / max(sums[p][1], 1.0), DIGITS))
        for p in sorted(best)
    }


def list_pointers(keys: Sequence[str], repeats: Mapping[str, float]) -> list[tuple[str, ...]]:
    """For each line the names of what may be known of it, one for each of SLOTS."""
    under = _anchors(keys, repeats)
    over = _anchors(keys[::-1], repeats)[::-1]
    return [
        (*_ends(key), f"<{above}", f">{below}", f"<{min(m, STEP)}{above}", f">{min(n, STEP)}{below}")
        for key, (above, m), (below, n) in zip(keys, under, over, strict=True)
    ]


def _anchors(keys: Sequence[str], repeats: Mapping[str, float]) -> list[tuple[str, int]]:
    """For each line the nearest repeated one before it, and how many lines before."""
    found: list[tuple[str, int]] = []
    last, away = "", 0
    for key in keys:
        away += 1
        found.append((last, away))
        if key in repeats:
            last, away = key[:MAX_ANCHOR], 0
    return found


def _ends(key: str) -> tuple[str, str]:
    """How a line begins and ends, whatever numbers it has."""
    words = _NUMBER.sub("0", key).split(" ")
    if len(words) > 2:
        first, last = " ".join(words[:2]), " ".join(words[-2:])
    elif len(words) == 2:
        first, last = words
    elif len(key) >= 6 and key[0] > CJK_START:
        first, last = key[:3], key[-3:]
    else:
        first = last = ""
    return f"^{first[:MAX_WORDS]}", f"${last[-MAX_WORDS:]}"


def compute_hint_columns(
    keys: Sequence[str], repeats: Mapping[str, float], hints: Mapping[str, Hint]
) -> dict[str, Floats]:
    """name → one value a line; a share of 0 and a mean of -1 where nothing is known."""
    unknown = (0.0, -1.0)
    found = [[hints.get(pointer, unknown) for pointer in own] for own in list_pointers(keys, repeats)]
    values = np.array(found, dtype=np.float64).reshape(len(keys), len(SLOTS), 2)
    return {
        f"{slot}_{value}": values[:, i, j] for i, slot in enumerate(SLOTS) for j, value in enumerate(("share", "mean"))
    }
