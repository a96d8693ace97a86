"""Rejection surge: a day on which one cause rejects far more than usual is stopped, and the old day stays live.

A cause is a stage, a reason and a rule, over all sources: a defect of ours hits many sources a little each. Only
rejects *beyond* the usual count: not those that a source has always sent, nor those that a live release of the closed
day has rejected already. An open day excuses nothing: published often, it would grow bad in steps that are too small.
The day is looked at when it is assembled, since only then it is known, however it is cut into batches; and a rejected
item costs little until then, it is not enriched. docs/decisions/0012-redrive.md says how the numbers were chosen.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import BadInput, LostRace, Missing, RejectSurge, SurgeCause
from pipelines.paths import accepted_key, attempt_key, surges_key
from pipelines.rejects.groups import SAMPLE, SAMPLES, read_live_rejected
from pipelines.releases.plans import Plan, derive_rejecting_versions, read_plan
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store
from pipelines.stages.assemble import Day
from pipelines.tables.rejected import fingerprint, select_items
from pipelines.text.display import sanitize_for_display

log = logging.getLogger(__name__)

SHARE = 0.2  # of the day's items
FLOOR = 100  # items
DAYS = 28  # days before, whose live releases say what is usual
ENOUGH = 20  # items of a source on a day that can be an example by itself; fewer count only together
FINGERPRINT = re.compile("[0-9a-f]{16}")
TOP = 5  # sources that are named


class Cause(NamedTuple):
    """What rejects items: a rule of a stage, over all sources."""

    stage: str
    reason: str
    rule: str | None


CauseAtSource = tuple[Cause, str]
Counts = Counter[CauseAtSource]  # (cause, source) → how many items are rejected
Shares = Mapping[CauseAtSource, float]
Excess = dict[str, float]  # source → how many more items than usual are rejected


class DayCounts(NamedTuple):
    """Items received by source, and items rejected by cause and source, on one day."""

    received: Counter[str]
    rejected: Counts


class SourceCount(NamedTuple):
    """How many of the items received from a source a cause rejects."""

    source: str
    rejected: int
    received: int


@dataclass(frozen=True, slots=True)
class Surge:
    """A cause that rejects far more of a day than usual. Text from outside is sanitized for display."""

    fingerprint: str  # without a source
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
            f"{self.stage} {self.reason}{rule} (fingerprint {self.fingerprint}) would reject {self.count} of"
            f" {self.item_count} items ({self.count / self.item_count:.0%}; usually {self.usual_count}),"
            f" most of them from {worst}. Examples: {'; '.join(self.samples)}"
        )


def stop_on_surge(store: Store, plan: Plan, day: Day) -> None:
    """Raise RejectSurge if the day has a surge that no person has accepted; the details are kept under attempts/."""
    surges = find_surges(store, plan, day)
    if not surges:
        return
    stopping: list[Surge] = []
    for surge in surges:
        if store.exists(accepted_key(plan.dt, surge.fingerprint)):
            log.warning("%s: rejection surge accepted by a person: %s", plan.dt, surge)
        else:
            stopping.append(surge)
    data = json.dumps([asdict(surge) for surge in surges], indent=1).encode()
    store.put(surges_key(plan.dt, plan.release_id), data)
    if not stopping:
        return
    for name in ("rejected", "coverage"):
        store.put_table(attempt_key(name, plan.dt, plan.release_id), day.tables[name])
    options = " ".join(f"--accept {surge.fingerprint}" for surge in stopping)
    raise RejectSurge(
        f"{plan.dt}: {' And '.join(map(str, stopping))}. The old day stays live; all rejects are in"
        f" {attempt_key('rejected', plan.dt, plan.release_id)}. Fix the code and run the day again. Or, if the rejects"
        f" are legitimate, accept them: `copydesk run --dt {plan.dt} {options}`, or run copydesk_daily with the"
        " parameter accept",
        plan.release_id,
        causes=[SurgeCause(str(surge), surge.count, surge.item_count) for surge in stopping],
    )


def accept_surge(store: Store, dt: date, fingerprint: str, now: datetime) -> None:
    """Record that a person accepts the surge with this fingerprint, for this day and this version of the code.

    Raises BadInput if it is not a fingerprint.
    """
    if not FINGERPRINT.fullmatch(fingerprint):
        raise BadInput(
            f"{fingerprint[:100]!r} is not a fingerprint; give the 16 hex digits from the message of the stopped day"
        )
    with suppress(LostRace):  # accepted before: the first time is kept
        data = json.dumps({"accepted_at": now.isoformat()}).encode()
        store.put(accepted_key(str(dt), fingerprint), data, if_absent=True)


def find_surges(store: Store, plan: Plan, day: Day) -> list[Surge]:
    """Return the surges of an assembled day. Other days are read only if this one may have any."""
    rejected = day.tables["rejected"]
    counts, received = _count_rejected(rejected), _count_received(day.tables["coverage"])
    if not find_surging_causes(counts, received, Counter(), {}):
        return []
    today = date.fromisoformat(plan.dt)
    is_rejected_live = pc.is_in(rejected["item_id"], value_set=_read_rejected_when_closed(store, today))
    live = _count_rejected(rejected.filter(is_rejected_live))
    causes = find_surging_causes(counts, received, live, compute_usual_shares(_read_days_before(store, today)))
    versions = derive_rejecting_versions(plan.versions)
    return [
        Surge(
            fingerprint=fingerprint(*cause, None, versions[cause.stage]),
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
    enough = max(FLOOR, SHARE * received.total())
    return {
        cause: dict(sorted(by_source.items(), key=lambda pair: (-pair[1], pair[0])))
        for cause, by_source in sorted(excess.items(), key=str)
        if sum(by_source.values()) >= enough
    }


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


def _read_rejected_when_closed(store: Store, day: date) -> pa.Array:
    """Return the ids of the items that the live release of a day rejects; none if the day was open when planned."""
    head, _ = read_head(store, str(day))
    if head is None or read_plan(store, str(day), head.release_id).is_open:
        return pa.array([], pa.string())
    return select_items(read_live_rejected(store, day))["item_id"].combine_chunks()


def _read_days_before(store: Store, day: date) -> Iterator[DayCounts]:
    """Yield the counts of the live releases of the four weeks before, newest first."""
    for back in range(1, DAYS + 1):
        before = day - timedelta(days=back)
        head, _ = read_head(store, str(before))
        if head is not None:
            with suppress(Missing):  # being replaced just now: one of 28
                coverage = store.read_table(head.objects["coverage"].key, ["source", "received_count"])
                yield DayCounts(_count_received(coverage), _count_rejected(read_live_rejected(store, before)))


def _count_rejected(rejected: pa.Table) -> Counts:
    rows = rejected.group_by(["stage", "reason", "rule", "source"]).aggregate([([], "count_all")]).to_pylist()
    return Counter({(Cause(row["stage"], row["reason"], row["rule"]), row["source"]): row["count_all"] for row in rows})


def _count_received(coverage: pa.Table) -> Counter[str]:
    rows = coverage.group_by("source").aggregate([("received_count", "sum")]).to_pylist()
    return Counter({row["source"]: row["received_count_sum"] for row in rows})


def _pick_samples(rejected: pa.Table, cause: Cause, sources: Iterable[str]) -> tuple[str, ...]:
    """Pick one rejected item of each of these sources, up to the bound."""
    samples: list[str] = []
    names = ["stage", "reason", "rule", "source", "item_id", "detail", "excerpt"]
    rows = rejected.select(names).to_pylist()
    for source in sources:
        for row in rows:
            if (row["stage"], row["reason"], row["rule"], row["source"]) == (*cause, source):
                text = " | ".join(part for part in (row["detail"], row["excerpt"]) if part)
                samples.append(
                    f"{row['item_id']} of {sanitize_for_display(source)} ({sanitize_for_display(text, SAMPLE)})"
                )
                break
    return tuple(samples[:SAMPLES])
