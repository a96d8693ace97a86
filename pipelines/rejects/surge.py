"""When one cause explodes: a day is stopped instead of rejected, and the old day stays live.

A cause is a stage, a reason and a rule, over all sources: a defect of ours hits many sources a little each. What a
source has always sent is no explosion, nor what a live release of the closed day has rejected already: only what comes
*beyond* it counts. An open day excuses nothing: published often, it would grow bad in steps that are each too small.
Looked at when the day is assembled, since only then the day is known, however it is cut into batches; and a rejected
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

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import BadInput, LostRace, Missing, RejectSurge
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
DAYS = 28  # of live releases that say what is usual
KNOWN = 20  # items of a source on a day that can be an example by itself; fewer count only together
FINGERPRINT = re.compile("[0-9a-f]{16}")
TOP = 5  # sources that are named

Cause = tuple[str, str, str | None]  # stage, reason, rule
Counts = Counter[tuple[Cause, str]]  # (cause, source) → how many are rejected
Shares = Mapping[tuple[Cause, str], float]


@dataclass(frozen=True, slots=True)
class Surge:
    """A cause by which more is rejected than usual; what came from outside is legible in it."""

    fingerprint: str  # without a source
    stage: str
    reason: str
    rule: str | None
    count: int
    usual_count: int  # of them, what was to be expected
    item_count: int  # of the day
    sources: tuple[tuple[str, int, int], ...]  # (source, rejected, received) where most of it is
    samples: tuple[str, ...]

    def __str__(self) -> str:
        rule = f": {self.rule}" if self.rule else ""
        worst = ", ".join(f"{source} {count} of {received}" for source, count, received in self.sources)
        return (
            f"{self.stage} {self.reason}{rule} (fingerprint {self.fingerprint}) would reject {self.count} of"
            f" {self.item_count} items ({self.count / self.item_count:.0%}), {self.usual_count} of them as usual;"
            f" most in {worst}. For example {'; '.join(self.samples)}"
        )


def stop_on_surge(store: Store, plan: Plan, day: Day) -> None:
    """Raise Poisoned where one cause explodes that no person accepted; what was seen is kept under attempts/."""
    found = find_surges(store, plan, day)
    if not found:
        return
    left = [explosion for explosion in found if not store.exists(accepted_key(plan.dt, explosion.fingerprint))]
    for accepted in (explosion for explosion in found if explosion not in left):
        log.warning("%s: accepted by a person: %s", plan.dt, accepted)
    store.put(
        surges_key(plan.dt, plan.release_id), json.dumps([asdict(explosion) for explosion in found], indent=1).encode()
    )
    if not left:
        return
    for name in ("rejected", "coverage"):
        store.put_table(attempt_key(name, plan.dt, plan.release_id), day.tables[name])
    said = " And ".join(map(str, left))
    accept = " ".join(f"--accept {explosion.fingerprint}" for explosion in left)
    raise RejectSurge(
        f"{plan.dt}: {said}. The old day stays live; {attempt_key('rejected', plan.dt, plan.release_id)} has all of it."
        f" Mend the code and run the day again; or, if this is right: `copydesk run --dt {plan.dt} {accept}`, or a run"
        " with the parameter accept",
        plan.release_id,
        causes=[(str(explosion), explosion.count, explosion.item_count) for explosion in left],
    )


def accept_surge(store: Store, dt: date, explosion: str, now: datetime) -> None:
    """Let a day be published although this fingerprint explodes on it. Recorded, for this day and this code.

    Raises BadInput for what is no fingerprint.
    """
    if not FINGERPRINT.fullmatch(explosion):
        raise BadInput(
            f"{explosion[:100]!r} is no fingerprint: 16 hex digits, as the message of the stopped day has it"
        )
    with suppress(LostRace):  # accepted before: the first time is what is kept
        data = json.dumps({"accepted_at": now.isoformat()}).encode()
        store.put(accepted_key(str(dt), explosion), data, if_absent=True)


def find_surges(store: Store, plan: Plan, day: Day) -> list[Surge]:
    """What explodes on an assembled day. Nothing but the day is read unless something may."""
    rejected = day.tables["rejected"]
    counts, received = _counts(rejected), _received(day.tables["coverage"])
    if not find_surging_causes(counts, received, Counter(), {}):
        return []
    today = date.fromisoformat(plan.dt)
    known = pc.is_in(rejected["item_id"], value_set=_rejected_when_closed(store, today))
    found = find_surging_causes(
        counts, received, _counts(rejected.filter(known)), compute_usual_shares(_days_before(store, today))
    )
    versions = derive_rejecting_versions(plan.versions)
    return [
        Surge(
            fingerprint=fingerprint(*cause, None, versions[cause[0]]),
            stage=cause[0],
            reason=cause[1],
            rule=sanitize_for_display(cause[2]) if cause[2] else None,
            count=sum(counts[cause, source] for source in beyond),
            usual_count=round(sum(counts[cause, source] - more for source, more in beyond.items())),
            item_count=received.total(),
            sources=tuple(
                (sanitize_for_display(source), counts[cause, source], received[source]) for source in list(beyond)[:TOP]
            ),
            samples=_samples(rejected, cause, list(beyond)[:TOP]),
        )
        for cause, beyond in found.items()
    ]


def find_surging_causes(
    counts: Counts, received: Counter[str], live: Counts, shares: Shares
) -> dict[Cause, dict[str, float]]:
    """The causes that explode → source → how many are rejected there beyond what is usual, the most first.

    `counts` is what the day rejects, `live` how many of those a live release has rejected already that had all of the
    day, `received` the items of each source, `shares` what is usual.
    """
    beyond: dict[Cause, dict[str, float]] = {}
    for (cause, source), count in counts.items():
        expected = max(live[cause, source], shares.get((cause, source), 0) * received[source])
        beyond.setdefault(cause, {})[source] = max(0.0, count - expected)
    enough = max(FLOOR, SHARE * received.total())
    return {
        cause: dict(sorted(theirs.items(), key=lambda found: (-found[1], found[0])))
        for cause, theirs in sorted(beyond.items(), key=str)
        if sum(theirs.values()) >= enough
    }


def compute_usual_shares(days: Iterable[tuple[Counter[str], Counts]]) -> dict[tuple[Cause, str], float]:
    """(cause, source) → the share of the source's items that it rejects, by days of (received, rejected), newest first.

    Of all days together, or of the newest that has enough items of the source, whichever is more: so what a person
    accepted is usual on the next day, for as long as it goes on; and a source of few items is known by many days.
    """
    received: Counter[str] = Counter()
    rejected: Counts = Counter()
    newest: dict[tuple[Cause, str], float] = {}
    known: set[str] = set()
    for its_received, its_rejected in days:
        received.update(its_received)
        rejected.update(its_rejected)
        new = {source for source, count in its_received.items() if count >= KNOWN} - known
        newest |= {key: count / its_received[key[1]] for key, count in its_rejected.items() if key[1] in new}
        known |= new
    return {
        key: max(count / received[key[1]], newest.get(key, 0)) for key, count in rejected.items() if received[key[1]]
    }


def _rejected_when_closed(store: Store, day: date) -> pa.Array:
    """The items that the live release of a day has rejected; none where the day was open when it was planned."""
    head, _ = read_head(store, str(day))
    if head is None or read_plan(store, str(day), head.release_id).is_open:
        return pa.array([], pa.string())
    return select_items(read_live_rejected(store, day))["item_id"].combine_chunks()


def _days_before(store: Store, day: date) -> Iterator[tuple[Counter[str], Counts]]:
    """What the live releases of the four weeks before received and rejected, newest first."""
    for back in range(1, DAYS + 1):
        before = day - timedelta(days=back)
        head, _ = read_head(store, str(before))
        if head is not None:
            with suppress(Missing):  # being replaced just now: one of 28
                received = _received(store.read_table(head.objects["coverage"].key, ["source", "received_count"]))
                yield received, _counts(read_live_rejected(store, before))


def _counts(rejected: pa.Table) -> Counts:
    rows = rejected.group_by(["stage", "reason", "rule", "source"]).aggregate([([], "count_all")]).to_pylist()
    return Counter({((r["stage"], r["reason"], r["rule"]), r["source"]): r["count_all"] for r in rows})


def _received(coverage: pa.Table) -> Counter[str]:
    rows = coverage.group_by("source").aggregate([("received_count", "sum")]).to_pylist()
    return Counter({row["source"]: row["received_count_sum"] for row in rows})


def _samples(rejected: pa.Table, cause: Cause, sources: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    names = ["stage", "reason", "rule", "source", "item_id", "detail", "excerpt"]
    rows = rejected.select(names).to_pylist()
    for source in sources:
        for row in rows:
            if (row["stage"], row["reason"], row["rule"], row["source"]) == (*cause, source):
                said = " | ".join(part for part in (row["detail"], row["excerpt"]) if part)
                found.append(
                    f"{row['item_id']} of {sanitize_for_display(source)} ({sanitize_for_display(said, SAMPLE)})"
                )
                break
    return tuple(found[:SAMPLES])
