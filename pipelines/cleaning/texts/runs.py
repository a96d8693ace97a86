"""Runs of lines of a plain text that are lists: of an archive, of tags, or of what the article speaks of."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.text.words import TOKEN

ALIKE = 3  # lines in a row that are built alike
SORTED = 10  # words of a line in the order of the alphabet, from which it is a cloud of tags
MOST = 0.9  # of its pairs of words that are in order
HEAD = 4  # pieces at the beginning of a line that tell how it is built

_COUNTED = re.compile(r".{1,60}?\s?\(\d{1,6}\)$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MARKS = re.compile(r"[.,;:!?()\"“”„«»—–]")
_PIECE = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")


def find_counted(lines: Sequence[str]) -> frozenset[int]:
    """Return the lines of lists with counts, `May (136)`, as of an archive, and clouds of tags."""
    found: set[int] = set()
    run: list[int] = []
    for place, line in enumerate((*lines, "")):
        if _COUNTED.fullmatch(line) or (run and _YEAR.fullmatch(line)):
            run.append(place)
            continue
        if len(run) >= ALIKE:
            found |= set(run)
        run = []
    return frozenset(found | {place for place, line in enumerate(lines) if _is_cloud(line)})


def _is_cloud(line: str) -> bool:
    """Return whether a line is words in the order of the alphabet, with no mark between them."""
    words = [word.casefold() for word in TOKEN.findall(line[:2_000])]
    if len(words) < SORTED or _MARKS.search(line):
        return False
    in_order: int = sum(a <= b for a, b in pairwise(words))
    return in_order >= MOST * (len(words) - 1)


def find_alike(lines: Sequence[str], kept: Sequence[bool]) -> frozenset[int]:
    """Return the lines not kept of a run that begins below a kept line, has one, and is built alike: `1st race: …`."""
    heads = [_get_head(line) for line in lines]
    found: set[int] = set()
    start = 0
    for place in range(1, len(lines) + 1):
        if place < len(lines) and heads[place] is not None and heads[place] == heads[start]:
            continue
        run = range(start, place)
        if heads[start] is not None and len(run) >= ALIKE and start and kept[start - 1] and any(kept[n] for n in run):
            found |= {n for n in run if not kept[n]}
        start = place
    return frozenset(found)


def _get_head(line: str) -> tuple[str, ...] | None:
    """Return how a line begins, in kinds of words and marks; None where that is nothing particular."""
    pieces = _PIECE.findall(line[:200])[:HEAD]
    kinds = tuple("0" if piece[0].isdigit() else "a" if piece[0].isalpha() else piece for piece in pieces)
    return kinds if len(kinds) == HEAD and len(set(kinds)) > 1 else None
