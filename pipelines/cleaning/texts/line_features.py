"""Lines of a text → the features that trees read: shape, place, neighbours, and the words shared with the rest."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.cleaning.texts.hints import Hint, compute_hint_columns
from pipelines.cleaning.texts.lines import (
    BULLET,
    LONG_PROSE,
    MAX_LINE,
    PROSE,
    get_line_key,
    list_terms,
)
from pipelines.cleaning.trees import Floats
from pipelines.text.sentences import SENTENCE_END, ends_sentence
from pipelines.text.words import IDEOGRAPH, TOKEN

_LINK = re.compile(r"https?:|www\.|\w@\w|\w\.(?:com|org|net)\b|[|©®™►▶»›>•#]")
_QUOTES = re.compile(r"[\"“”„«»「」『』]")


class Features(NamedTuple):
    """The features of the lines of a text."""

    names: tuple[str, ...]
    rows: Floats
    """lines × features."""


def compute_features(lines: Sequence[str], repeats: Mapping[str, float], hints: Mapping[str, Hint]) -> Features:
    """Return the features of lines; with `hints` they have those of the source's profile too."""
    keys = [get_line_key(line[:MAX_LINE]) for line in lines]
    columns = _compute_columns(lines, keys)
    if hints:
        columns |= _compute_repeat_columns(keys, repeats) | compute_hint_columns(keys, repeats, hints)
    return Features(tuple(columns), np.column_stack(list(columns.values())))


class _SharedTerms(NamedTuple):
    """Of each line's terms, the share found in other lines of weight."""

    all_terms: Floats
    rare_terms: Floats
    """The same with common terms left out."""


class _Words:
    """The words of a document's lines, as they are compared."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.tokens = [TOKEN.findall(line) for line in lines]
        self.terms = [list_terms(words) for words in self.tokens]

    def measure_shared(self, weights: Floats) -> _SharedTerms:
        """Return how many of each line's terms other lines share, each line with its weight."""
        counts: Counter[str] = Counter()
        for terms, weight in zip(self.terms, weights.tolist(), strict=True):
            if weight > 0.05:
                for term in terms:
                    counts[term] += weight
        common = max(2.5, 0.2 * float(weights.sum()))
        plain, rare = np.zeros(len(self.terms)), np.full(len(self.terms), -0.1)
        for i, (terms, weight) in enumerate(zip(self.terms, weights.tolist(), strict=True)):
            if not terms:
                plain[i] = -0.1
                continue
            others = [counts[term] - weight for term in terms]
            plain[i] = sum(min(1.0, other) for other in others if other > 0) / len(terms)
            if specific := [other for other in others if other < common]:
                rare[i] = sum(min(1.0, other) for other in specific if other > 0) / len(specific)
        return _SharedTerms(plain, rare)


def _measure_shape(line: str, words: Sequence[str]) -> tuple[float, ...]:
    line = line[:MAX_LINE]
    size, count = len(line), max(len(words), 1)
    ideographs = len(IDEOGRAPH.findall(line))
    cased = [word for word in words if word[0].isalpha()]
    letters = sum(map(len, cased))
    return (
        size + 1.5 * ideographs,
        len(words),
        ends_sentence(line),
        line.endswith((":", "：")),
        line.endswith(("!", "！")),
        line.endswith(("?", "？")),
        line.endswith(("...", "…", "»", ">")),
        line[0].islower(),
        line[0].isdigit(),
        line[0] in "\"“„«'‘「",
        bool(BULLET.match(line)),
        sum(map(str.isdigit, line)) / size,
        sum(word[0].isupper() for word in cased) / max(len(cased), 1),
        sum(word.isupper() and len(word) > 1 for word in cased) / max(len(cased), 1),
        1 - letters / size,
        len(SENTENCE_END.findall(line)),
        (line.count(",") + line.count("，") + line.count("、")) / count,
        len(_LINK.findall(line)),
        bool(_QUOTES.search(line)),
        line.count("(") / count,
        letters / count,
        ideographs / size,
    )


_SHAPE = (
    "width", "words", "ends", "colon", "exclaims", "asks", "open_end", "small", "digit_first", "quote_first", "bullet",
    "digits", "capitals", "shouted", "signs", "sentences", "commas", "links", "quotes", "brackets", "letters", "cjk",
)  # fmt: skip
_NEAR = (-3, -2, -1, 1, 2, 3)


class _Run(NamedTuple):
    start: int
    end: int


def _find_core(value: Floats) -> _Run:
    """Return the first and last line of the run with the largest sum (Kadane 1984)."""
    best, start, end, here, begin = 0.0, 0, -1, 0.0, 0
    for i, x in enumerate(value.tolist()):
        if here <= 0:
            here, begin = 0.0, i
        here += x
        if here > best:
            best, start, end = here, begin, i
    return _Run(start, end) if end >= 0 else _Run(0, len(value) - 1)


def _shift(column: Floats, by: int, empty: float = -1.0) -> Floats:
    """Return the value of the line `by` lines on."""
    moved = np.full(len(column), empty)
    if abs(by) < len(column):
        if by > 0:
            moved[:-by] = column[by:]
        else:
            moved[-by:] = column[:by]
    return moved


class _Sums(NamedTuple):
    above: Floats
    below: Floats


def _sum_around(column: Floats, reach: int) -> _Sums:
    """Return the sums over the `reach` lines above and below each line."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    at = np.arange(len(column))
    above = total[at] - total[np.maximum(at - reach, 0)]
    below = total[np.minimum(at + 1 + reach, len(column))] - total[at + 1]
    return _Sums(above, below)


def _add_core_columns(columns: dict[str, Floats], name: str, value: Floats) -> None:
    start, end = _find_core(value)
    at = np.arange(len(value), dtype=float)
    columns[f"{name}_in"] = ((at >= start) & (at <= end)).astype(float)
    columns[f"{name}_from"] = np.clip(at - start, -60, 60)
    columns[f"{name}_to"] = np.clip(at - end, -60, 60)
    columns[f"{name}_size"] = np.full(len(value), float(end - start + 1))


def _compute_columns(lines: Sequence[str], keys: Sequence[str]) -> dict[str, Floats]:
    """Return columns by name, one value a line."""
    n, words = len(lines), _Words(lines)
    shapes = [_measure_shape(line, tokens) for line, tokens in zip(lines, words.tokens, strict=True)]
    shape = np.array(shapes, dtype=np.float64)
    columns = {name: shape[:, i] for i, name in enumerate(_SHAPE)}
    width = columns["width"]
    prose = (((width >= PROSE) & (columns["ends"] > 0)) | (width >= LONG_PROSE)).astype(float)
    columns["prose"] = prose
    at = np.arange(n, dtype=float)
    columns["from_top"], columns["from_bottom"] = at, n - 1 - at
    columns["part"] = at / n
    read = np.cumsum(width) - width
    columns["read"] = read / width.sum()
    columns["lines"] = np.full(n, float(n))
    columns["prose_lines"] = np.full(n, prose.sum())
    columns["prose_share"] = np.full(n, float((prose * width).sum() / width.sum()))
    columns["typical"] = width / max(float(np.median(width[prose > 0])) if prose.any() else 1.0, 1.0)
    for by in _NEAR:
        for name in ("width", "ends", "prose", "capitals"):
            columns[f"{name}{by:+}"] = _shift(columns[name], by)
    for by in (-1, 1):
        for name in ("colon", "bullet", "digits", "links", "shouted", "sentences"):
            columns[f"{name}{by:+}"] = _shift(columns[name], by)
    for reach in (5, 15):
        columns[f"prose_above{reach}"], columns[f"prose_below{reach}"] = _sum_around(prose, reach)
        columns[f"width_above{reach}"], columns[f"width_below{reach}"] = _sum_around(np.minimum(width, 400), reach)
    columns["prose_above"], columns["prose_below"] = _sum_around(prose, n)
    _add_core_columns(columns, "core", np.where(prose > 0, np.minimum(width, 400), -60.0))
    columns["shared"], columns["shared_rare"] = words.measure_shared(prose)
    columns["shared_core"], columns["shared_core_rare"] = words.measure_shared(prose * columns["core_in"])
    twice = Counter(keys)
    columns["twice"] = np.array([twice[key] for key in keys], dtype=float)
    return columns


def _compute_repeat_columns(keys: Sequence[str], repeats: Mapping[str, float]) -> dict[str, Floats]:
    share = np.array([repeats.get(key, 0.0) for key in keys])
    columns = {"repeats": share}
    for by in _NEAR:
        columns[f"repeats{by:+}"] = _shift(share, by, -2.0)
    columns["repeats_above"], columns["repeats_below"] = _sum_around(share * (share >= 0.1), 6)
    return columns
