"""Deliveries and sources that explode: most of what they hold is rejected, far more than usual. Pure.

The items of one file, or of one publisher, are not independent: one wrong encoding spoils them all. So thousands of
rejects of one source say no more than one fault of that source does; it is set aside as a whole, and everyone else's
day is published. That several sources fail on the same day is something else: it is most likely our own code, and
stops the day. docs/decisions/0018-when-a-day-stops.md says how the numbers were chosen.
"""

import math
from collections import Counter
from collections.abc import Mapping, Set
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.shares import bound_share
from pipelines.tables.numbers import number_values
from pipelines.text.display import sanitize_for_display

Array = np.ndarray[Any, Any]
MOST = 0.5  # share of its items that an exploding delivery or source rejects at least, beyond what is usual
FEW = 10  # rejects: fewer are read one by one in a minute
MANY = 100  # rejects: so many are looked at as a whole on a day of any size
SHARE_OF_DAY = 0.05  # in between: a twentieth of the day
BAD_SOURCE_DAYS = 0.02  # how often a source fails by itself: one day in fifty
CHANCE = 0.01  # if so many sources would fail at once more rarely than that, they have a cause in common

SOURCE, DELIVERY = "source", "delivery"


class Origin(NamedTuple):
    """Where items come from; a delivery may hold items of several sources.

    Without a delivery: the items of a source in all deliveries that reject too few to explode themselves.
    """

    delivery_id: str | None
    source: str

    @property
    def units(self) -> tuple[str, str]:
        """The units that its items are part of, as Explosion names them."""
        return f"{DELIVERY} {self.delivery_id}", f"{SOURCE} {self.source}"


class Tally(NamedTuple):
    """How many items were received, and how many of them are rejected."""

    received: int
    rejected: int


class Explosion(NamedTuple):
    """A delivery or a source that explodes."""

    kind: str  # delivery, source
    name: str
    received: int
    rejected: int

    @property
    def unit(self) -> str:
        """The name by which a person accepts it: `delivery 1f0e…`, `source paper.example`."""
        return f"{self.kind} {self.name}"


class UnitSummary(NamedTuple):
    """A delivery or source that is set aside as a whole, in one line. Text from outside is sanitized for display."""

    unit: str  # `delivery 1f0e…`, `source paper.example`
    received: int
    sound: int  # items that would be published by themselves
    reasons: tuple[tuple[str, int], ...]  # of the others: reason → how many, the most frequent first

    def __str__(self) -> str:
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.reasons)
        return (
            f"{self.unit} is set aside as a whole: {self.received - self.sound} of its {self.received} items are"
            f" rejected ({reasons}), {self.sound} are sound"
        )


class Explosions(NamedTuple):
    """All that explodes on a day, and whether these are more sources than fail at once by chance."""

    units: tuple[Explosion, ...]
    is_common: bool


def count_by_origin(deliveries: pa.ChunkedArray, sources: pa.ChunkedArray, is_rejected: Array) -> dict[Origin, Tally]:
    """Count the items by their delivery and source, one value each per item.

    A day may have a million deliveries: those with fewer than FEW rejects, which cannot explode, are counted together.
    """
    codes = number_values(deliveries)
    is_counted = (np.bincount(codes, is_rejected) >= FEW)[codes]
    named = pc.if_else(pa.array(is_counted), deliveries, pa.scalar(None, deliveries.type))
    items = pa.table({"delivery_id": named, "source": sources, "rejected": is_rejected.astype(np.int64)})
    counted = items.group_by(["delivery_id", "source"]).aggregate([([], "count_all"), ("rejected", "sum")])
    names = ("delivery_id", "source", "count_all", "rejected_sum")
    return {
        Origin(delivery, source): Tally(received, rejected)
        for delivery, source, received, rejected in zip(*(counted[name].to_pylist() for name in names), strict=True)
    }


def find_explosions(
    tallies: Mapping[Origin, Tally], usual: Mapping[str, float], accepted: frozenset[str] = frozenset()
) -> Explosions:
    """Find the deliveries that explode, and the sources that explode even without these.

    `usual` is the share of a source's items that is usually rejected. Units that a person has `accepted` do not count,
    nor do their rejects count against anything else that they are part of: an accepted file does not cost its paper.
    """
    units: list[Explosion] = []
    judged = _leave_out(accepted, tallies)
    while more := _find_most(judged, usual):  # without what exploded, a day is smaller
        units += more
        judged = _leave_out({unit.unit for unit in more}, judged)
    left = _leave_out({unit.unit for unit in units}, tallies)
    is_common = _have_common_cause(tallies, left, units)
    if not any(tally.received > tally.rejected for tally in left.values()):
        # Nobody else's day could be published: what is sound is not withheld for nothing.
        units = [unit for unit in units if unit.kind == DELIVERY and unit.rejected == unit.received]
    return Explosions(tuple(units), is_common)


def summarize_units(rejected: pa.Table) -> list[UnitSummary]:
    """Summarize each delivery and source that is set aside as a whole, from a table `rejected`; the largest first."""
    if "own_reason" not in rejected.column_names:  # made by older code
        return []
    units: dict[str, Counter[str | None]] = {}
    rows = rejected.filter(pc.equal(rejected["reason"], "set_aside")).group_by(["rule", "own_reason"])
    for row in rows.aggregate([([], "count_all")]).to_pylist():
        units.setdefault(row["rule"], Counter())[row["own_reason"]] += row["count_all"]
    return [
        UnitSummary(
            sanitize_for_display(unit),
            counts.total(),
            counts[None],
            tuple((reason, count) for reason, count in counts.most_common() if reason is not None),
        )
        for unit, counts in sorted(units.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    ]


def _leave_out(units: Set[str], tallies: Mapping[Origin, Tally]) -> dict[Origin, Tally]:
    """Return the tallies of what is part of none of these units."""
    return {origin: tally for origin, tally in tallies.items() if units.isdisjoint(origin.units)}


def _find_most(tallies: Mapping[Origin, Tally], usual: Mapping[str, float]) -> list[Explosion]:
    """Return the deliveries that explode; if there are none, the sources."""
    total = sum(tally.received for tally in tallies.values())
    least = _get_least(total)
    for kind in (DELIVERY, SOURCE):
        received: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        expected: dict[str, float] = {}
        for origin, tally in tallies.items():
            name = origin.delivery_id if kind == DELIVERY else origin.source
            if name is None:
                continue
            received[name] += tally.received
            rejected[name] += tally.rejected
            expected[name] = expected.get(name, 0.0) + usual.get(origin.source, 0.0) * tally.received
        units = [Explosion(kind, name, count, rejected[name]) for name, count in sorted(received.items())]
        exploding = [
            unit
            for unit in units
            if (excess := unit.rejected - expected[unit.name]) >= least and bound_share(excess, unit.received) >= MOST
        ]
        if exploding:
            return exploding
    return []


def _get_least(item_count: int) -> float:
    """Return how many rejects are worth a look at a whole delivery or source, on a day of so many items."""
    return min(MANY, max(FEW, SHARE_OF_DAY * item_count))


def _have_common_cause(tallies: Mapping[Origin, Tally], left: Mapping[Origin, Tally], units: list[Explosion]) -> bool:
    """Return whether so many sources fail at once that they would hardly do so each by itself.

    A source fails if nothing sound is left of it. One that still has sound items shows that our code reads it. A file
    is one fault, of however many sources its items are.
    """
    names = {unit.unit for unit in units}
    hit = {origin.source for origin in tallies if not names.isdisjoint(origin.units)}
    sound = {origin.source for origin, tally in left.items() if tally.received > tally.rejected}
    failed = hit - sound
    at_fault = names & {unit for origin in tallies if origin.source in failed for unit in origin.units}
    fault_count = min(len(failed), len(at_fault))
    received: Counter[str] = Counter()
    for origin, tally in left.items():
        received[origin.source] += tally.received
    # A source with fewer items could not have exploded.
    able = failed | {source for source, count in received.items() if count >= _get_least(received.total())}
    return fault_count > 1 and _compute_chance(fault_count, len(able)) < CHANCE


def _compute_chance(failed: int, sources: int) -> float:
    """Return the chance that so many sources or more fail on one day, each by itself (binomial)."""
    odds = math.log(BAD_SOURCE_DAYS), math.log(1 - BAD_SOURCE_DAYS)
    return 1 - sum(
        math.exp(
            math.lgamma(sources + 1)
            - math.lgamma(count + 1)
            - math.lgamma(sources - count + 1)
            + count * odds[0]
            + (sources - count) * odds[1]
        )
        for count in range(failed)
    )
