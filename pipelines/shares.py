"""Shares of items that are rejected: what is sure, what is usual, and what is left without one bad source. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Z = 2.33  # standard deviations: we are sure in 99 of 100 cases
COMPARABLE = 0.1  # share of all that the other sources have at least, or there is nobody to compare with
ENOUGH = 20  # items of a source on a day that can be an example by itself; fewer count only together


class Cause(NamedTuple):
    """What rejects items: a rule of a stage, over all sources."""

    stage: str
    reason: str
    rule: str | None


ALL_CAUSES = Cause("any", "any reason", None)
CauseAtSource = tuple[Cause, str]
Counts = Counter[CauseAtSource]  # (cause, source) → how many items are rejected


class DayCounts(NamedTuple):
    """Items received by source, and items rejected by cause and source, on one day."""

    received: Counter[str]
    rejected: Counts


class Others(NamedTuple):
    """What is hit, of how many, without the source that is hit most; of all, where the others are not comparable."""

    hit: float
    total: float
    are_comparable: bool


def bound_share(count: float, total: float) -> float:
    """Return the least share that `count` of `total` is an example of: the lower bound of Wilson's interval (1927).

    It is below count / total, the more so the smaller the total: 1 of 1 is at least 0.16, 100 of 100 at least 0.95.
    """
    if total <= 0:
        return 0.0
    share, z2 = min(1.0, count / total), Z * Z
    centre = share + z2 / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, (centre - spread) / (1 + z2 / total))


def count_others(hits: Mapping[str, float], received: Mapping[str, float]) -> Others:
    """Count what is hit without the source that is hit most.

    Where the other sources have hardly anything, all counts: a fault of that source cannot be told from ours.
    """
    worst = max(hits, key=lambda source: hits[source])
    all_hits, all_received = sum(hits.values()), sum(received.values())
    total = all_received - received.get(worst, 0)
    if total < COMPARABLE * all_received:
        return Others(all_hits, all_received, are_comparable=False)
    return Others(all_hits - hits[worst], total, are_comparable=True)


def compute_usual_shares(days: Iterable[DayCounts]) -> dict[CauseAtSource, float]:
    """Compute which share of its items is usually rejected, by cause and source, from days with the newest first.

    That is the share over all days together, or of the newest day with enough items of the source, whichever is larger:
    so a surge that a person accepted is usual on the next day, for as long as it goes on; and a source of few items is
    known by many days.
    """
    received: Counter[str] = Counter()
    rejected: Counts = Counter()
    newest: dict[CauseAtSource, float] = {}
    known: set[str] = set()
    for day in days:
        received.update(day.received)
        rejected.update(day.rejected)
        new = {source for source, count in day.received.items() if count >= ENOUGH} - known
        newest |= {key: count / day.received[key[1]] for key, count in day.rejected.items() if key[1] in new}
        known |= new
    return {
        key: max(count / received[key[1]], newest.get(key, 0)) for key, count in rejected.items() if received[key[1]]
    }
