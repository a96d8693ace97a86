"""How alike two texts are, and how far a difference between two extractors could be chance."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# Chinese and Japanese have no spaces: each ideograph or kana is a token of its own.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
SHINGLE = 4
DRAWS = 2_000

Row = tuple[float, float]  # precision and recall of one page, 0-1


def tokens(text: str) -> list[str]:
    """Words, and single characters of Chinese and Japanese."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def overlap(found: str, gold: str, width: int = SHINGLE) -> Row:
    """Precision and recall of `found` against `gold` over shingles of `width` tokens, counted with repeats."""
    ours, theirs = _shingles(found, width), _shingles(gold, width)
    common = (ours & theirs).total()
    return common / max(ours.total(), 1), common / max(theirs.total(), 1)


def f1(rows: Sequence[Row]) -> float:
    """Harmonic mean of the precision and recall averaged over pages."""
    if not rows:
        return 0.0
    precision, recall = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def interval(ours: Sequence[Row], theirs: Sequence[Row], draws: int = DRAWS) -> tuple[float, float]:
    """The middle 95 % of `f1(ours) - f1(theirs)` over paired bootstrap draws of the same pages (Efron 1979)."""
    chance, pages = random.Random(7), range(len(ours))  # seeded: the same rows give the same interval
    gains = []
    for _ in range(draws):
        drawn = chance.choices(pages, k=len(ours))
        gains.append(f1([ours[i] for i in drawn]) - f1([theirs[i] for i in drawn]))
    gains.sort()
    return gains[int(0.025 * draws)], gains[int(0.975 * draws)]


def mean_interval(gains: Sequence[float], draws: int = DRAWS) -> tuple[float, float]:
    """The middle 95 % of the mean of paired differences over bootstrap draws of the same documents (Efron 1979)."""
    chance = random.Random(7)  # seeded: the same gains give the same interval
    drawn = sorted(sum(chance.choices(gains, k=len(gains))) / len(gains) for _ in range(draws))
    return drawn[int(0.025 * draws)], drawn[int(0.975 * draws)]


def _shingles(text: str, width: int) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    if len(words) < width:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[i:] for i in range(width)), strict=False))
