"""The plan of a day: the frozen list of everything that a release is made from. Later tasks read only the plan."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipelines.checks.suites import EXPECTATIONS
from pipelines.enrichments.enrichers import ENRICHERS, list_prerequisites
from pipelines.paths import plan_key
from pipelines.profiles.active import read_active_versions, select_readable_versions
from pipelines.raw.batches import list_raw_batches, read_batch_sources, read_deliveries
from pipelines.releases.acceptances import Acceptance, read_acceptance
from pipelines.releases.heads import Head, Object
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id
from pipelines.tables.measures import MEASURES
from pipelines.versions import joint_version, stage_version

HISTORY_DAYS = 28  # four of each weekday
READERS = 8

# What is versioned: the name in a plan → the module that is versioned with all that it imports.
STAGES: Mapping[str, str] = {
    "read": "pipelines.raw.batches",
    "clean": "pipelines.stages.clean",
    **{enricher.name: enricher.module for enricher in ENRICHERS},
    "assemble": "pipelines.stages.assemble",
    "indicators": "pipelines.checks.indicators",
    "measure": "pipelines.checks.measures",
    "validate": "pipelines.checks.judge",
    "parquet_format": "pipelines.tables.parquet",
}
ENRICH = "pipelines.stages.enrich"  # joins all enrichers, so its imports are not part of the version of each
# What joins the stages: each by itself, since what these import has a version of its own.
FLOW = (
    "pipelines.flow",
    "pipelines.parts",
    "pipelines.tables.lazy",
    "pipelines.releases.plans",
    "pipelines.checks.day",
    "pipelines.enrichments.enrichers",
)


class Plan(BaseModel):
    """What a release of a day is made from. `release_id` hashes ids and versions, not the places of objects."""

    model_config = ConfigDict(frozen=True)

    dt: str
    release_id: str
    is_open: bool  # the day had not ended when it was planned
    versions: dict[str, str]  # as derive_versions returns them
    deliveries: dict[str, str]  # delivery id → SHA-256 of its bytes, sorted
    batches: dict[str, list[str]]  # batch id → the deliveries that are taken from it, sorted
    profiles: dict[str, dict[str, str]] = {}  # batch id → source with an active profile → version of the profile
    taken_in: tuple[str, ...] = ()  # units that a person accepted: they are not set aside, whatever they hold
    accepted_release: str | None = None  # the release in which the last of them were set aside
    history: dict[str, Object] = {}  # earlier day → the measures of its live release, for the checks
    serial: int  # the head that this release would become
    head_etag: str | None  # the head that it was planned against

    @property
    def key(self) -> str:
        return plan_key(self.dt, self.release_id)

    @property
    def pinned(self) -> dict[str, str]:
        """Source → version of its profile, over all batches."""
        return {source: version for profiles in self.profiles.values() for source, version in profiles.items()}

    def version(self, stage: str, batch: str) -> str:
        """Return the version of a stage's output for a batch: of profiles, only those of its own sources count."""
        version, profiles = self.versions[stage], self.profiles.get(batch)
        return hash_id(version, *chain(*sorted(profiles.items())))[:16] if profiles else version


def read_plan(store: Store, dt: str, release_id: str) -> Plan:
    """Return the plan of a release. Raises Missing."""
    return Plan.model_validate_json(store.get(plan_key(dt, release_id)))


def find_acceptance(store: Store, plan: Plan) -> Acceptance | None:
    """Return the record that a person accepted this release, or took in what another one had set aside; else None."""
    for release_id in (plan.release_id, plan.accepted_release):
        if release_id and (acceptance := read_acceptance(store, plan.dt, release_id)):
            return acceptance
    return None


def make_plan(store: Store, dt: str, is_open: bool, head: Head | None, etag: str | None) -> Plan:
    """Return the plan of a day as raw is now. A delivery that is in two batches is taken from one of them."""
    deliveries, taken_from = read_deliveries(store, list_raw_batches(store, dt))
    versions = derive_versions()
    by_batch: dict[str, list[str]] = {}
    for delivery_id in deliveries:
        by_batch.setdefault(taken_from[delivery_id], []).append(delivery_id)
    profiles = _pin_profiles(store, dt, sorted(by_batch))
    history = _pin_history(store, dt)
    taking_in = _take_in(store, dt, _derive_release_id(dt, is_open, versions, profiles, history, deliveries))
    return Plan(
        dt=dt,
        release_id=taking_in.release_id,
        taken_in=taking_in.units,
        accepted_release=taking_in.accepted_release,
        is_open=is_open,
        versions=versions,
        deliveries=deliveries,
        batches=dict(sorted(by_batch.items())),
        profiles=profiles,
        history=history,
        serial=head.serial + 1 if head else 1,
        head_etag=etag,
    )


def derive_versions() -> dict[str, str]:
    """Return the version of each part of the code as it is now; `suites` are the expectations."""
    read = stage_version(STAGES["read"])
    clean = stage_version(STAGES["clean"], read)
    enrich = joint_version(ENRICH)
    enrichers: dict[str, str] = {}
    for enricher in ENRICHERS:
        before = (enrichers[other.name] for other in list_prerequisites(enricher))
        enrichers[enricher.name] = stage_version(STAGES[enricher.name], enrich, clean, *before)
    return {
        "read": read,
        "clean": clean,
        **enrichers,
        "assemble": stage_version(STAGES["assemble"], clean, *enrichers.values()),
        "indicators": stage_version(STAGES["indicators"]),
        "measure": stage_version(STAGES["measure"]),
        "validate": stage_version(STAGES["validate"]),
        "parquet_format": stage_version(STAGES["parquet_format"]),
        "flow": joint_version(*FLOW),
        "suites": hash_id(*(f"{path.name} {_sha256(path)}" for path in sorted(EXPECTATIONS.glob("*.json"))))[:16],
    }


def derive_rejecting_versions(versions: Mapping[str, str]) -> dict[str, str]:
    """Return, for each stage that `rejected` names, the version of the code that rejects there.

    A row rule of `articles` belongs to assembly, after enrichment. A row that a check rejects was made by all stages
    before it, and the defect may be in any of them: the version of assembly holds those of cleaning and the enrichers.
    """
    indicators = versions.get("indicators", versions.get("judged"))  # older plans name it so, or lack some
    checking = [versions.get("assemble"), indicators, versions.get("validate"), versions.get("suites")]
    return {
        "clean": versions["clean"],
        "enrich": versions["assemble"],
        "validate": hash_id(*checking)[:16],
        "assemble": hash_id(*checking)[:16],  # what is set aside as a whole may be so because of checks
    }


def _pin_profiles(store: Store, dt: str, batches: list[str]) -> dict[str, dict[str, str]]:
    """Return batch → source → version, for the active profiles that can be read.

    Batches are read for their sources only if there are active profiles.
    """
    active = read_active_versions(store)
    sources = {batch: read_batch_sources(store, dt, batch) for batch in batches} if active else {}
    present = set(chain(*sources.values()))
    usable = select_readable_versions(store, {s: version for s, version in active.items() if s in present})
    pinned = {batch: {s: usable[s] for s in names if s in usable} for batch, names in sources.items()}
    return {batch: profiles for batch, profiles in pinned.items() if profiles}


def _pin_history(store: Store, dt: str) -> dict[str, Object]:
    """Return the measures of the live earlier days; releases of older code may have none."""
    last = date.fromisoformat(dt)
    days = [str(last - timedelta(days=back)) for back in range(1, HISTORY_DAYS + 1)]
    with ThreadPoolExecutor(READERS) as pool:
        heads = list(pool.map(lambda day: read_head(store, day)[0], days))
    return {
        day: head.objects[MEASURES.name][0]  # a few thousand rows, however large the day: it has one part
        for day, head in sorted(zip(days, heads, strict=True))
        if head is not None and not head.is_swapping and MEASURES.name in head.objects
    }


class _TakingIn(NamedTuple):
    """The release that a day has once persons have taken in units, all these units, and the release accepted last."""

    release_id: str
    units: tuple[str, ...]
    accepted_release: str | None


def _take_in(store: Store, dt: str, release_id: str) -> _TakingIn:
    """Follow the acceptances from release to release: what one sets aside still, the next may take in."""
    units: tuple[str, ...] = ()
    accepted_release = None
    while (acceptance := read_acceptance(store, dt, release_id)) and acceptance.taken_in:
        units = tuple(sorted({*units, *acceptance.taken_in}))
        accepted_release, release_id = release_id, hash_id("taken in", release_id, *acceptance.taken_in)
    return _TakingIn(release_id, units, accepted_release)


def _derive_release_id(
    dt: str,
    is_open: bool,
    versions: Mapping[str, str],
    profiles: Mapping[str, Mapping[str, str]],
    history: Mapping[str, Object],
    deliveries: Mapping[str, str],
) -> str:
    # Not in which batch a source is: the places of things are no part of what a release is.
    pinned = sorted({f"profile {source} {version}" for each in profiles.values() for source, version in each.items()})
    pinned += [f"history {day} {measures.sha256}" for day, measures in sorted(history.items())]
    parts = [f"{name} {value}" for name, value in (*sorted(versions.items()), *deliveries.items())]
    return hash_id("release", dt, int(is_open), *pinned, *parts)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
