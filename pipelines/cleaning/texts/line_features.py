"""Lines of a text → what trees judge them by: shape, place, neighbours, and the words that they share with the rest."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.cleaning.texts.hints import Hint, compute_hint_columns
from pipelines.cleaning.texts.lines import (
    BULLET,
    LONG_PROSE,
    MAX_LINE,
    PROSE,
    get_line_key,
    list_terms,
)
from pipelines.text.sentences import SENTENCE_END, ends_sentence
from pipelines.text.words import IDEOGRAPH, TOKEN

Floats = NDArray[np.float64]

_LINK = re.compile(r"https?:|www\.|\w@\w|\w\.(?:com|org|net)\b|[|©®™►▶»›>•#]")
_QUOTES = re.compile(r"[\"“”„«»「」『』]")


def compute_features(
    lines: Sequence[str], repeats: Mapping[str, float], hints: Mapping[str, Hint]
) -> tuple[tuple[str, ...], Floats]:
    """The features' names, and lines × features; with `hints` there are those of what the source is known for too."""
    keys = [get_line_key(line[:MAX_LINE]) for line in lines]
    columns = _columns(lines, keys)
    if hints:
        columns |= _repeats(keys, repeats) | compute_hint_columns(keys, repeats, hints)
    return tuple(columns), np.column_stack(list(columns.values()))


class _Words:
    """The words of a document's lines, as they are compared."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.tokens = [TOKEN.findall(line) for line in lines]
        self.terms = [list_terms(words) for words in self.tokens]

    def shared(self, weights: Floats) -> tuple[Floats, Floats]:
        """Of each line's terms the share found in other lines of weight; and the same with common terms left out."""
        counts: Counter[str] = Counter()
        for own, weight in zip(self.terms, weights.tolist(), strict=True):
            if weight > 0.05:
                for term in own:
                    counts[term] += weight
        common = max(2.5, 0.2 * float(weights.sum()))
        plain, rare = np.zeros(len(self.terms)), np.full(len(self.terms), -0.1)
        for i, (own, weight) in enumerate(zip(self.terms, weights.tolist(), strict=True)):
            if not own:
                plain[i] = -0.1
                continue
            others = [counts[term] - weight for term in own]
            plain[i] = sum(min(1.0, other) for other in others if other > 0) / len(own)
            if specific := [other for other in others if other < common]:
                rare[i] = sum(min(1.0, other) for other in specific if other > 0) / len(specific)
        return plain, rare


def _shape(line: str, words: Sequence[str]) -> tuple[float, ...]:
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


def _core(value: Floats) -> tuple[int, int]:
    """First and last line of the run with the largest sum (Kadane 1984)."""
    best, start, end, here, begin = 0.0, 0, -1, 0.0, 0
    for i, x in enumerate(value.tolist()):
        if here <= 0:
            here, begin = 0.0, i
        here += x
        if here > best:
            best, start, end = here, begin, i
    return (start, end) if end >= 0 else (0, len(value) - 1)


def _shifted(column: Floats, by: int, empty: float = -1.0) -> Floats:
    """The value of the line `by` lines on."""
    moved = np.full(len(column), empty)
    if abs(by) < len(column):
        if by > 0:
            moved[:-by] = column[by:]
        else:
            moved[-by:] = column[:by]
    return moved


def _around(column: Floats, reach: int) -> tuple[Floats, Floats]:
    """Sums over the `reach` lines above and below each line."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    at = np.arange(len(column))
    above = total[at] - total[np.maximum(at - reach, 0)]
    below = total[np.minimum(at + 1 + reach, len(column))] - total[at + 1]
    return above, below


def _place(columns: dict[str, Floats], name: str, value: Floats) -> None:
    start, end = _core(value)
    at = np.arange(len(value), dtype=float)
    columns[f"{name}_in"] = ((at >= start) & (at <= end)).astype(float)
    columns[f"{name}_from"] = np.clip(at - start, -60, 60)
    columns[f"{name}_to"] = np.clip(at - end, -60, 60)
    columns[f"{name}_size"] = np.full(len(value), float(end - start + 1))


def _columns(lines: Sequence[str], keys: Sequence[str]) -> dict[str, Floats]:
    """name → one value a line."""
    n, words = len(lines), _Words(lines)
    shape = np.array([_shape(line, own) for line, own in zip(lines, words.tokens, strict=True)], dtype=np.float64)
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
            columns[f"{name}{by:+}"] = _shifted(columns[name], by)
    for by in (-1, 1):
        for name in ("colon", "bullet", "digits", "links", "shouted", "sentences"):
            columns[f"{name}{by:+}"] = _shifted(columns[name], by)
    for reach in (5, 15):
        columns[f"prose_above{reach}"], columns[f"prose_below{reach}"] = _around(prose, reach)
        columns[f"width_above{reach}"], columns[f"width_below{reach}"] = _around(np.minimum(width, 400), reach)
    columns["prose_above"], columns["prose_below"] = _around(prose, n)
    _place(columns, "core", np.where(prose > 0, np.minimum(width, 400), -60.0))
    columns["shared"], columns["shared_rare"] = words.shared(prose)
    columns["shared_core"], columns["shared_core_rare"] = words.shared(prose * columns["core_in"])
    twice = Counter(keys)
    columns["twice"] = np.array([twice[key] for key in keys], dtype=float)
    return columns


def _repeats(keys: Sequence[str], repeats: Mapping[str, float]) -> dict[str, Floats]:
    share = np.array([repeats.get(key, 0.0) for key in keys])
    columns = {"repeats": share}
    for by in _NEAR:
        columns[f"repeats{by:+}"] = _shifted(share, by, -2.0)
    columns["repeats_above"], columns["repeats_below"] = _around(share * (share >= 0.1), 6)
    return columns
