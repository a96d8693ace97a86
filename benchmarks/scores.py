"""How alike two texts are, and how far a difference between two readers could be chance."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

# Chinese and Japanese have no spaces: each ideograph or kana is a token of its own.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
SHINGLE = 4
DRAWS = 2_000

T = TypeVar("T")
Row = tuple[float, float]  # precision and recall of one page, 0-1


def tokens(text: str) -> list[str]:
    """Split into words, and single characters of Chinese and Japanese."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def overlap(found: str, gold: str, width: int = SHINGLE) -> Row:
    """Return precision and recall of `found` against `gold` over shingles of `width` tokens, counted with repeats."""
    ours, theirs = _shingles(found, width), _shingles(gold, width)
    common = (ours & theirs).total()
    return common / max(ours.total(), 1), common / max(theirs.total(), 1)


def f1(rows: Sequence[Row]) -> float:
    """Return the harmonic mean of the precision and recall averaged over pages."""
    if not rows:
        return 0.0
    precision, recall = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def draw_interval(score: Callable[[Sequence[T]], float], rows: Sequence[T]) -> tuple[float, float]:
    """Return the middle 95 % of a score over bootstrap draws of the same rows (Efron 1979).

    A row holds all that is compared of one page or document, so that draws are paired.
    """
    chance = random.Random(7)  # seeded: the same rows give the same interval
    drawn = sorted(score(chance.choices(rows, k=len(rows))) for _ in range(DRAWS))
    return drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS)]


def interval(ours: Sequence[Row], theirs: Sequence[Row]) -> tuple[float, float]:
    """Return the interval of `f1(ours) - f1(theirs)`."""
    rows = list(zip(ours, theirs, strict=True))
    return draw_interval(lambda drawn: f1([row[0] for row in drawn]) - f1([row[1] for row in drawn]), rows)


def mean_interval(gains: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the mean of paired differences."""
    return draw_interval(lambda drawn: sum(drawn) / len(drawn), gains)


def write_gain(gain: float, bounds: tuple[float, float]) -> str:
    """Write a difference with its interval."""
    return f"{gain:+.3f} [{bounds[0]:+.3f}, {bounds[1]:+.3f}]"


def find_low(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Describe the figures that are below their floor, and the floors of figures that were not measured."""
    gone = [f"{name} has a floor, but was not measured" for name in floors if name not in figures]
    low = [name for name, floor in floors.items() if name in figures and figures[name] < floor]
    return gone + [f"{name} is {figures[name]:.3f}, below {floors[name]}" for name in low]


def _shingles(text: str, width: int) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    if len(words) < width:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[i:] for i in range(width)), strict=False))
