"""Plain text → its lines, with their keys and terms, and whether they are prose."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipelines.text.sentences import ends_sentence
from pipelines.text.words import IDEOGRAPH

MAX_LINES = 20_000  # labelled, some seconds; what follows is kept as it is (reason `beyond`)
MAX_LINE = 20_000  # characters of one line that are looked at
MAX_KEY = 300  # characters of a line's key: lines that share so many are the same
PROSE = 80  # characters: a line this long that ends a sentence is prose
LONG_PROSE = 160  # with any end
STEM = 6  # characters of a word that count when texts are compared: inflected forms meet
MAX_WIDTH = 100  # of hard-wrapped lines, at most
MIN_WIDTH = 50

_SPACE = re.compile(r"\s+")
BULLET = re.compile(r"[-–—*•·▪>»›]|\d{1,3}[.)]\s")
_KEPT_IN_KEY = re.compile(r"[^\w\s]|_")
_DIGITS = re.compile(r"\d")


def get_line_key(line: str) -> str:
    """Return what two lines share that begin the same but for case, digits, punctuation and forms of letters."""
    folded = _DIGITS.sub("0", unicodedata.normalize("NFKC", line).casefold())
    return _SPACE.sub(" ", _KEPT_IN_KEY.sub("", folded)).strip()[:MAX_KEY]


def split_lines(text: str) -> list[str]:
    """Return the lines of a tidied text, hard-wrapped ones joined into their paragraphs; none is empty.

    Two lines are one paragraph where the second one's first word had no room on the first, at the width that the text
    is wrapped at; and, in a text that parts its paragraphs by blank lines, where a sentence goes on in small letters.
    """
    lines = [_SPACE.sub(" ", line).strip() for line in text.strip().split("\n")]
    width = _find_wrap_width(lines)
    has_blanks = "" in lines
    paragraphs: list[list[str]] = []
    last = ""
    for line in lines:
        if line and last and (
            (width and _is_full(last, line, width)) or (has_blanks and line[0].islower() and not ends_sentence(last))
        ):  # fmt: skip
            paragraphs[-1].append(line)
        elif line:
            paragraphs.append([line])
        last = line
    return [" ".join(parts) for parts in paragraphs]


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) <= width < len(line) + 1 + len(following.split(" ", 1)[0])


def _find_wrap_width(lines: Sequence[str]) -> int:
    """Return the width that a text is wrapped at: half of its breaks within a block are there; 0 where it is not."""
    pairs = [(a, b) for a, b in pairwise(lines) if a and b]
    if not pairs:
        return 0
    lengths = Counter(len(a) for a, _ in pairs)
    total, seen = len(pairs), 0
    width = 0
    for length in sorted(lengths, reverse=True):  # but for a few words longer than the page is wide
        seen += lengths[length]
        width = length
        if seen > total // 50:
            break
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    return width if 2 * sum(_is_full(a, b, width) for a, b in pairs) >= len(pairs) else 0


def list_terms(words: Sequence[str]) -> frozenset[str]:
    """Return words of four letters and more, by their beginnings; and pairs of ideographs."""
    pairs = {a + b for a, b in pairwise(words) if len(a) == 1 == len(b) and IDEOGRAPH.match(a)}
    return frozenset({word.casefold()[:STEM] for word in words if len(word) >= 4 and not word.isdigit()} | pairs)


def is_prose(line: str) -> bool:
    """Return whether a line is as long as a sentence of a text."""
    width = len(line) + 1.5 * len(IDEOGRAPH.findall(line))
    return width >= LONG_PROSE or (width >= PROSE and ends_sentence(line))
