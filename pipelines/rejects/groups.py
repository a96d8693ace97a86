"""What the live days have set aside, grouped by what said no; and which of it other code may see otherwise.

By reading alone. Two items have one fingerprint where the same rule, of the same version, said no to the same source:
what mends one of them most likely mends all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Missing
from pipelines.profiles.active import read_active_versions, select_readable_versions
from pipelines.releases.heads import Head
from pipelines.releases.plans import READERS, derive_rejecting_versions, derive_versions, read_plan
from pipelines.releases.swap import read_live_head
from pipelines.services.storage import Store
from pipelines.tables.rejected import REJECTED, derive_version, label_rejected
from pipelines.text.display import sanitize_for_display

SAMPLES, SAMPLE = 3, 80  # of a group that are shown, and characters of each

# Found when the delivery was landed, and a fact about it: no code reads it otherwise, it has to be sent again.
LANDED = ("invalid_dt", "file_missing", "file_replaced", "not_in_inbox")


@dataclass(frozen=True, slots=True)
class RejectFilter:
    """Which rejects are meant: those that fit all that is given; without anything, all."""

    fingerprints: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def days(self, days: Iterable[date]) -> list[date]:
        """Of these days those that are meant, in their order."""
        first, last = self.since or date.min, self.until or date.max
        return sorted(day for day in days if first <= day <= last)

    def rows(self, rejected: pa.Table) -> pa.Table:
        """Of a day's rejected rows those that are meant."""
        wanted = {
            "fingerprint": self.fingerprints,
            "source": self.sources,
            "reason": self.reasons,
            "stage": self.stages,
            "item_id": self.items,
        }
        for name, values in wanted.items():
            if values:
                rejected = rejected.filter(pc.is_in(rejected[name], value_set=pa.array(values, pa.string())))
        return rejected


@dataclass(frozen=True, slots=True)
class Sample:
    """One item of a group, to see what it is about."""

    dt: str
    item_id: str
    detail: str | None
    excerpt: str | None


@dataclass
class RejectGroup:
    """Rejects with one fingerprint."""

    fingerprint: str
    stage: str
    reason: str
    rule: str | None
    source: str
    stage_version: str
    is_mendable: bool  # the code, or what was learnt of the source, is another now than the one that said no
    days: Counter[str] = field(default_factory=Counter)  # day → how many
    samples: list[Sample] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.days.total()

    @property
    def outlook(self) -> str:
        """What re-driving the group can bring, in words."""
        if self.reason in LANDED:
            return "has to be sent again"
        return "other code now" if self.is_mendable else "same code, same answer"


@dataclass(frozen=True)
class CurrentVersions:
    """The code as it is, and what is in use of what was learnt: what would judge a reject today."""

    store: Store

    @cached_property
    def stages(self) -> dict[str, str]:
        return derive_rejecting_versions(derive_versions())

    @cached_property
    def profiles(self) -> dict[str, str]:
        return select_readable_versions(self.store, read_active_versions(self.store))

    def mendable(self, row: Mapping[str, str]) -> bool:
        """Whether anything else than what said no to a row would judge it now."""
        if row["reason"] in LANDED:
            return False
        return row["stage_version"] != derive_version(self.stages[row["stage"]], self.profiles.get(row["source"]))


def group_rejects(store: Store, days: Iterable[date], wanted: RejectFilter = RejectFilter()) -> list[RejectGroup]:
    """The rejects of these live days by fingerprint, the largest group first; memory for the groups and some days."""
    found: dict[str, RejectGroup] = {}
    now = CurrentVersions(store)
    for day, rejected in read_rejected_days(store, wanted.days(days)):
        for row in wanted.rows(rejected).to_pylist():
            group = found.get(row["fingerprint"])
            if group is None:
                named = {name: row[name] for name in ("fingerprint", "stage", "reason", "rule", "source")}
                version = row["stage_version"]
                group = RejectGroup(**named, stage_version=version, is_mendable=now.mendable(row))
                found[group.fingerprint] = group
            group.days[str(day)] += 1
            if len(group.samples) < SAMPLES:
                excerpt = (row["excerpt"] or "")[:SAMPLE] or None
                group.samples.append(Sample(str(day), row["item_id"], row["detail"], excerpt))
    return sorted(found.values(), key=lambda group: (-group.count, group.fingerprint))


def read_rejected_days(store: Store, days: Sequence[date]) -> Iterator[tuple[date, pa.Table]]:
    """What each of these live days has rejected, in their order. Some are read at once, and no more of them ahead.

    Whole tables: that is one request a day, and the columns that are looked at would be a dozen.
    """
    with ThreadPoolExecutor(READERS) as pool:
        for start in range(0, len(days), READERS):
            some = days[start : start + READERS]
            yield from zip(some, pool.map(lambda day: read_live_rejected(store, day), some), strict=True)


def read_live_rejected(store: Store, day: date) -> pa.Table:
    """What a live day has rejected; none where nothing is live. Days of older code are labelled from their plan."""
    try:
        head = read_live_head(store, str(day))
        rows = _rejected_of(store, head)
    except Missing:  # replaced while it was read
        head = read_live_head(store, str(day))
        rows = _rejected_of(store, head)
    if "table_name" not in rows.column_names:  # older code rejected nothing but items
        rows = rows.append_column("table_name", pa.array(["articles"] * rows.num_rows, pa.string()))
        rows = rows.append_column("row_index", pa.array([-1] * rows.num_rows, pa.int32()))
    if head is None or "fingerprint" in rows.column_names:
        return rows
    plan = read_plan(store, str(day), head.release_id)
    return label_rejected(rows, derive_rejecting_versions(plan.versions), plan.pinned)


def describe_group(group: RejectGroup) -> str:
    """A group in some lines: what, how many, when, and examples."""
    days = sorted(group.days)
    span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}, {len(days)} days"
    rule = f": {sanitize_for_display(group.rule)}" if group.rule else ""
    source = sanitize_for_display(group.source)
    lines = [
        f"{group.fingerprint}  {group.count:6}  {source}  {group.stage} {group.reason}{rule}",
        f"  {span}; {group.outlook}",
    ]
    for sample in group.samples:
        said = " | ".join(part for part in (sample.detail, sample.excerpt) if part)
        lines.append(f"  {sample.dt} {sample.item_id} {sanitize_for_display(said, 2 * SAMPLE)}".rstrip())
    return "\n".join(lines)


def _rejected_of(store: Store, head: Head | None) -> pa.Table:
    if head is None or "rejected" not in head.objects:
        return REJECTED.empty()
    return store.read_table(head.objects["rejected"].key)
