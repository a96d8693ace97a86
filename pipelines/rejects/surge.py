"""What is too much to reject: a cause that spans sources stops a release, and the old day stays live.

A cause is a stage, a reason and a rule, over all sources: a defect of ours hits many sources a little each. What a
single delivery or source rejects is set aside as a whole before (explosions.py), or left out of account here: a cause
has to reject too much even without the source that it hits most. Only rejects *beyond* the usual count: not those that
a source has always sent, nor those that a live release of the closed day has rejected already. An open day excuses
nothing: published often, it would grow bad in steps that are too small. Nor may a release reject much of what is live:
the bytes are the same, so it must be our code. docs/decisions/0018-when-a-day-stops.md has the numbers.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Missing, SurgeCause
from pipelines.explosions import FEW, MANY, count_by_origin, find_explosions
from pipelines.paths import surges_key
from pipelines.rejects.groups import SAMPLE, SAMPLES, read_live_rejected
from pipelines.releases.plans import Plan, find_acceptance, read_plan
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store
from pipelines.shares import (
    ALL_CAUSES,
    Cause,
    CauseAtSource,
    Counts,
    DayCounts,
    bound_share,
    compute_usual_shares,
    count_others,
)
from pipelines.tables.rejected import select_items
from pipelines.text.display import sanitize_for_display

SHARE = 0.15  # of the day's items, without the source that is hit most
SHARE_OF_ALL = 0.25  # by all causes together: small faults of several sources add up
DAYS = 28  # days before, whose live releases say what is usual
TOP = 5  # sources that are named
Tables = Mapping[str, pa.Table]


Shares = Mapping[CauseAtSource, float]
Excess = dict[str, float]  # source → how many more items than usual are rejected


class SourceCount(NamedTuple):
    """How many of the items received from a source a cause rejects."""

    source: str
    rejected: int
    received: int


@dataclass(frozen=True, slots=True)
class Surge:
    """A cause that rejects far more of a day than usual. Text from outside is sanitized for display."""

    stage: str
    reason: str
    rule: str | None
    count: int
    usual_count: int  # how many of them were to be expected
    item_count: int  # items of the day
    sources: tuple[SourceCount, ...]  # where most of it is
    samples: tuple[str, ...]

    def __str__(self) -> str:
        """Describe the surge in one sentence, with samples."""
        rule = f": {self.rule}" if self.rule else ""
        worst = ", ".join(f"{source} ({count} of {received})" for source, count, received in self.sources)
        return (
            f"{self.stage} {self.reason}{rule} would reject {self.count} of {self.item_count} items"
            f" ({self.count / self.item_count:.0%}; usually {self.usual_count}),"
            f" most of them from {worst}. Examples: {'; '.join(self.samples)}"
        )


def find_causes(store: Store, plan: Plan, tables: Tables, usual: Mapping[str, float]) -> list[SurgeCause]:
    """Return every cause, beside the checks, for which a release must not go live before a person has looked at it.

    `tables` are those of the day; `usual` is the share of a source's items that is usually rejected. The details of
    surges are kept under attempts/.
    """
    surges = find_surges(store, plan, tables)
    if surges:
        data = json.dumps([asdict(surge) for surge in surges], indent=1).encode()
        store.put(surges_key(plan.dt, plan.release_id), data)
    causes = [SurgeCause(str(surge), surge.count, surge.item_count) for surge in surges]
    return [*causes, *_find_common_explosions(plan, tables, usual), *_find_losses(store, plan, tables)]


def find_surges(store: Store, plan: Plan, tables: Tables) -> list[Surge]:
    """Return the surges of a day. Other days are read only if this one may have any."""
    rejected = _select_judged(tables["rejected"])
    counts, received = _count_rejected(rejected), _count_received(tables["coverage"])
    if not find_surging_causes(counts, received, Counter(), {}):
        return []
    today = date.fromisoformat(plan.dt)
    is_rejected_live = pc.is_in(rejected["item_id"], value_set=_read_rejected_when_closed(store, today))
    live = _count_rejected(rejected.filter(is_rejected_live))
    causes = find_surging_causes(counts, received, live, compute_usual_shares(_read_days_before(store, today)))
    if len(causes) > 1:  # it says no more than the causes by themselves
        causes.pop(ALL_CAUSES, None)
    return [
        Surge(
            stage=cause.stage,
            reason=cause.reason,
            rule=sanitize_for_display(cause.rule) if cause.rule else None,
            count=sum(counts[cause, source] for source in excess),
            usual_count=round(sum(counts[cause, source] - more for source, more in excess.items())),
            item_count=received.total(),
            sources=tuple(
                SourceCount(sanitize_for_display(source), counts[cause, source], received[source])
                for source in list(excess)[:TOP]
            ),
            samples=_pick_samples(rejected, cause, list(excess)[:TOP]),
        )
        for cause, excess in causes.items()
    ]


def find_surging_causes(counts: Counts, received: Counter[str], live: Counts, shares: Shares) -> dict[Cause, Excess]:
    """Return the causes of surges, each with its excess over the usual by source, the largest first.

    `counts` is what the day rejects, `live` how many of those a live release with all of the day has rejected already,
    `received` the items of each source, `shares` the usual shares.
    """
    excess: dict[Cause, Excess] = {}
    for (cause, source), count in counts.items():
        expected = max(live[cause, source], shares.get((cause, source), 0) * received[source])
        excess.setdefault(cause, {})[source] = max(0.0, count - expected)
    return {
        cause: dict(sorted(by_source.items(), key=lambda pair: (-pair[1], pair[0])))
        for cause, by_source in sorted(excess.items(), key=str)
        if _is_too_much(by_source, received, SHARE_OF_ALL if cause == ALL_CAUSES else SHARE)
    }


def _is_too_much(excess: Excess, received: Counter[str], share: float) -> bool:
    """Return whether a cause rejects more than this share even without the source that it hits most.

    Where the other sources send hardly anything, all items count, and it takes more of them.
    """
    others = count_others(excess, received)
    least = FEW if others.are_comparable else MANY
    return others.hit >= least and bound_share(others.hit, others.total) >= share


def _select_judged(rejected: pa.Table) -> pa.Table:
    """Select the rejected items that are not set aside as a whole."""
    items = select_items(rejected)
    return items.filter(pc.not_equal(items["reason"], "set_aside"))


def _find_common_explosions(plan: Plan, tables: Tables, usual: Mapping[str, float]) -> list[SurgeCause]:
    """Return a cause if so many sources explode that none was set aside."""
    kinds = [tables["articles"], tables["duplicates"], _select_judged(tables["rejected"])]
    items = pa.concat_tables(rows.select(["delivery_id", "source"]) for rows in kinds)
    is_rejected = np.arange(items.num_rows) >= items.num_rows - kinds[-1].num_rows
    tallies = count_by_origin(items["delivery_id"], items["source"], is_rejected)
    explosions = find_explosions(tallies, usual, frozenset(plan.taken_in))
    if not explosions.is_common:
        return []
    units = sorted(explosions.units, key=lambda unit: (-unit.rejected, unit.unit))
    named = ", ".join(f"{sanitize_for_display(u.unit)} ({u.rejected} of {u.received})" for u in units[:TOP])
    return [
        SurgeCause(
            f"more sources fail at once than would by chance: {named or 'all of them'}. None of them is set aside,"
            " since the fault is most likely in our code",
            sum(tally.rejected for tally in tallies.values()),
            sum(tally.received for tally in tallies.values()),
        )
    ]


def _find_losses(store: Store, plan: Plan, tables: Tables) -> list[SurgeCause]:
    """Return a cause if much of what the live release publishes would be rejected: the bytes are the same as then."""
    head, _ = read_head(store, plan.dt)
    if head is None or not head.count_rows("articles"):
        return []
    try:
        live = store.read_tables(head.list_keys("articles"), ["item_id"])["item_id"].combine_chunks()
    except Missing:  # replaced just now: this release is going to lose that race
        return []
    items = select_items(tables["rejected"])
    is_rejected = pc.or_(pc.not_equal(items["reason"], "set_aside"), pc.is_valid(items["own_reason"]))
    is_lost = pc.is_in(items.filter(is_rejected)["item_id"], value_set=live)
    count = pc.sum(is_lost).as_py() or 0
    if count < FEW or bound_share(count, len(live)) < SHARE:
        return []
    return [
        SurgeCause(
            f"{count} of the {len(live)} articles that are live would be rejected, although their bytes are the same",
            count,
            len(live),
        )
    ]


def _read_rejected_when_closed(store: Store, day: date) -> pa.Array:
    """Return the ids of the items that the live release of a day rejects.

    None if the day was open when planned, or if a person had to accept the release: that holds for it alone.
    """
    head, _ = read_head(store, str(day))
    if head is None:
        return pa.array([], pa.string())
    plan = read_plan(store, str(day), head.release_id)
    if plan.is_open or find_acceptance(store, plan) is not None:
        return pa.array([], pa.string())
    return select_items(read_live_rejected(store, day))["item_id"].combine_chunks()


def _read_days_before(store: Store, day: date) -> Iterator[DayCounts]:
    """Yield the counts of the live releases of the four weeks before, newest first."""
    for back in range(1, DAYS + 1):
        before = day - timedelta(days=back)
        head, _ = read_head(store, str(before))
        if head is not None:
            with suppress(Missing):  # being replaced just now: one of 28
                coverage = store.read_tables(head.list_keys("coverage"))
                yield DayCounts(_count_received(coverage), _count_rejected(read_live_rejected(store, before)))


def _count_rejected(rejected: pa.Table) -> Counts:
    """Count rejected items by cause and source; those that were set aside as a whole are no example of anything."""
    items = _select_judged(rejected)
    rows = items.group_by(["stage", "reason", "rule", "source"]).aggregate([([], "count_all")]).to_pylist()
    counts: Counts = Counter()
    for row in rows:
        for cause in (Cause(row["stage"], row["reason"], row["rule"]), ALL_CAUSES):
            counts[cause, row["source"]] += row["count_all"]
    return counts


def _count_received(coverage: pa.Table) -> Counter[str]:
    """Count the items of each source, without those that were set aside as a whole."""
    counts: Counter[str] = Counter()
    for row in coverage.to_pylist():
        counts[row["source"]] += row["received_count"] - (row.get("set_aside_count") or 0)
    return counts


def _pick_samples(rejected: pa.Table, cause: Cause, sources: Iterable[str]) -> tuple[str, ...]:
    """Pick one rejected item of each of these sources, up to the bound."""
    samples: list[str] = []
    names = ["stage", "reason", "rule", "source", "item_id", "detail", "excerpt"]
    rows = rejected.select(names).to_pylist()
    for source in sources:
        for row in rows:
            is_of_cause = cause in (ALL_CAUSES, (row["stage"], row["reason"], row["rule"]))
            if is_of_cause and row["source"] == source:
                text = " | ".join(part for part in (row["detail"], row["excerpt"]) if part)
                samples.append(
                    f"{row['item_id']} of {sanitize_for_display(source)} ({sanitize_for_display(text, SAMPLE)})"
                )
                break
    return tuple(samples[:SAMPLES])
