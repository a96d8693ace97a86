"""Rejected items and rows of the live days, grouped by the rule that rejected them. Only reads.

Two items have the same fingerprint if the same version of the same rule rejected them from the same source: a fix for
one of them most likely fixes all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import BadInput, Missing
from pipelines.profiles.active import read_active_versions, select_readable_versions
from pipelines.releases.heads import Head
from pipelines.releases.plans import READERS, derive_rejecting_versions, derive_versions, read_plan
from pipelines.releases.swap import read_live_head
from pipelines.services.storage import Store
from pipelines.tables.items import REASONS
from pipelines.tables.rejected import REJECTED, STAGES, derive_version, label_rejected
from pipelines.text.display import sanitize_for_display

SAMPLES, SAMPLE = 3, 80  # samples shown of a group, and characters of each

# Found when the delivery was landed, and a fact about it: no code reads it otherwise, it has to be sent again.
LANDED = ("invalid_dt", "file_missing", "file_replaced", "not_in_inbox")

TAKE_IN = "; `copydesk run --accept RELEASE --take-in UNIT` judges the items one by one, sound ones too"

Outlook = Literal["has to be sent again", "code has changed since", "code has not changed"]


@dataclass(frozen=True, slots=True)
class RejectFilter:
    """Selects rejects: those that match every given field; all of them if no field is given."""

    fingerprints: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Raise BadInput for a value that no reject can have, and for a range that runs backwards."""
        _require_known("reason", self.reasons, REASONS)
        _require_known("stage", self.stages, STAGES)
        for name, values, digits in (("fingerprint", self.fingerprints, 16), ("item id", self.items, 32)):
            for value in values:
                if not re.fullmatch(f"[0-9a-f]{{{digits}}}", value):
                    raise BadInput(
                        f"{value[:100]!r} is no {name} of {digits} hex digits; copy one from `copydesk rejected`"
                    )
        if self.since and self.until and self.until < self.since:
            raise BadInput(f"the last day, {self.until}, is before the first, {self.since}; exchange them")

    def select_days(self, days: Iterable[date]) -> list[date]:
        """Return those of the days that match, sorted."""
        first, last = self.since or date.min, self.until or date.max
        return sorted(day for day in days if first <= day <= last)

    def select_rows(self, rejected: pa.Table) -> pa.Table:
        """Return those rows of a day's `rejected` that match."""
        values_by_column = {
            "fingerprint": self.fingerprints,
            "source": self.sources,
            "reason": self.reasons,
            "stage": self.stages,
            "item_id": self.items,
        }
        for name, values in values_by_column.items():
            if values:
                rejected = rejected.filter(pc.is_in(rejected[name], value_set=pa.array(values, pa.string())))
        return rejected


@dataclass(frozen=True, slots=True)
class Sample:
    """One item of a group, to show what the group is about."""

    dt: str
    item_id: str
    detail: str | None
    excerpt: str | None


@dataclass
class RejectGroup:
    """Rejects with the same fingerprint."""

    fingerprint: str
    stage: str
    reason: str
    rule: str | None
    source: str
    stage_version: str
    is_fixable: bool  # the code, or the profile of the source, has changed since the items were rejected
    days: Counter[str] = field(default_factory=Counter)  # day → how many
    samples: list[Sample] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Rejects on all days together."""
        return self.days.total()

    @property
    def outlook(self) -> Outlook:
        """What a redrive of the group can bring, in words."""
        if self.reason in LANDED:
            return "has to be sent again"
        return "code has changed since" if self.is_fixable else "code has not changed"


@dataclass(frozen=True)
class CurrentVersions:
    """The versions of the code and of the active profiles that would process a reject today."""

    store: Store

    @cached_property
    def stages(self) -> dict[str, str]:
        """Stage → version, for the stages that reject."""
        return derive_rejecting_versions(derive_versions())

    @cached_property
    def profiles(self) -> dict[str, str]:
        """Source → version of its active profile."""
        return select_readable_versions(self.store, read_active_versions(self.store))

    def is_fixable(self, row: Mapping[str, str]) -> bool:
        """Return whether the code or the profile that rejected a row has changed since."""
        if row["reason"] in LANDED:
            return False
        return row["stage_version"] != derive_version(self.stages[row["stage"]], self.profiles.get(row["source"]))


def require_existing(store: Store, wanted: RejectFilter, days: Iterable[date]) -> None:
    """Raise BadInput if these live days have nothing from a source of the filter, or no reject with an id of it."""
    selected = wanted.select_days(days)
    if wanted.sources:
        sources: set[str] = set()
        for head in filter(None, (read_live_head(store, str(day)) for day in selected)):
            sources.update(store.read_tables(head.list_keys("coverage"), ["source"])["source"].to_pylist())
        _require_known("source", wanted.sources, sources, " of these days")
    columns = {"fingerprint": wanted.fingerprints, "item_id": wanted.items}
    missing = {(name, value) for name, values in columns.items() for value in values}
    if missing:
        for _, rejected in read_rejected_days(store, selected):
            missing -= {(name, value) for name in columns for value in rejected[name].to_pylist()}
    for name, value in sorted(missing):
        raise BadInput(f"no reject of these days has the {name} {value}; `copydesk rejected` lists them")


def _require_known(what: str, values: Iterable[str], known: Iterable[str], where: str = "") -> None:
    names = sorted(known)
    for value in values:
        if value not in names:
            close = get_close_matches(value, names, 3)
            hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(names[:40]) or 'none'}"
            raise BadInput(f"{value[:100]!r} is no {what}{where}; {hint}")


def group_rejects(store: Store, days: Iterable[date], wanted: RejectFilter = RejectFilter()) -> list[RejectGroup]:
    """Group the rejects of these live days by fingerprint, the largest group first.

    Needs memory for the groups and for some days, not for all.
    """
    groups: dict[str, RejectGroup] = {}
    current = CurrentVersions(store)
    for day, rejected in read_rejected_days(store, wanted.select_days(days)):
        for row in wanted.select_rows(rejected).to_pylist():
            group = groups.get(row["fingerprint"])
            if group is None:
                group = RejectGroup(
                    fingerprint=row["fingerprint"],
                    stage=row["stage"],
                    reason=row["reason"],
                    rule=row["rule"],
                    source=row["source"],
                    stage_version=row["stage_version"],
                    is_fixable=current.is_fixable(row),
                )
                groups[group.fingerprint] = group
            group.days[str(day)] += 1
            if len(group.samples) < SAMPLES:
                excerpt = (row["excerpt"] or "")[:SAMPLE] or None
                group.samples.append(Sample(str(day), row["item_id"], row["detail"], excerpt))
    return sorted(groups.values(), key=lambda group: (-group.count, group.fingerprint))


def read_rejected_days(store: Store, days: Sequence[date]) -> Iterator[tuple[date, pa.Table]]:
    """Read `rejected` of each of these live days, in their order; some days are read at once, and no more ahead.

    Reads whole tables: that is one request a day, and the dozen columns that are needed would be one each.
    """
    with ThreadPoolExecutor(READERS) as pool:
        for start in range(0, len(days), READERS):
            some = days[start : start + READERS]
            yield from zip(some, pool.map(lambda day: read_live_rejected(store, day), some), strict=True)


def read_live_rejected(store: Store, day: date) -> pa.Table:
    """Read `rejected` of a live day; empty if nothing is live. Rows of older code are labelled from the day's plan."""
    try:
        head = read_live_head(store, str(day))
        rows = _read_rejected(store, head)
    except Missing:  # replaced while it was read
        head = read_live_head(store, str(day))
        rows = _read_rejected(store, head)
    if "table_name" not in rows.column_names:  # older code rejected nothing but items
        rows = rows.append_column("table_name", pa.array(["articles"] * rows.num_rows, pa.string()))
        rows = rows.append_column("row_index", pa.array([-1] * rows.num_rows, pa.int32()))
    if head is None or "fingerprint" in rows.column_names:
        return rows
    plan = read_plan(store, str(day), head.release_id)
    return label_rejected(rows, derive_rejecting_versions(plan.versions), plan.pinned)


def describe_group(group: RejectGroup) -> str:
    """Describe a group in a few lines: rule, count, days, and samples."""
    days = sorted(group.days)
    span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}, {len(days)} days"
    rule = f": {sanitize_for_display(group.rule)}" if group.rule else ""
    source = sanitize_for_display(group.source)
    lines = [
        f"{group.fingerprint}  {group.count:6}  {source}  {group.stage} {group.reason}{rule}",
        f"  {span}; {group.outlook}{TAKE_IN if group.reason == 'set_aside' else ''}",
    ]
    for sample in group.samples:
        text = " | ".join(part for part in (sample.detail, sample.excerpt) if part)
        lines.append(f"  {sample.dt} {sample.item_id} {sanitize_for_display(text, 2 * SAMPLE)}".rstrip())
    return "\n".join(lines)


def _read_rejected(store: Store, head: Head | None) -> pa.Table:
    if head is None or "rejected" not in head.objects:
        return REJECTED.empty()
    return store.read_tables(head.list_keys("rejected"))
