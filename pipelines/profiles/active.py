"""The profiles that were learnt of each source, and which one is active.

    profiles/<source>/<version>.json          a profile; the version is a hash of its content
    profiles/<source>/proposals/<id>.json     the batches that it was learnt from, and its held-out statistics
    profiles/<source>/active.json             the active version, with the figures that allowed it

Learning only proposes; activating is a step of its own. A plan pins the profiles that are active when it is made, so a
day that is published again takes those that are active by then. A record that cannot be read is not used, and logged:
its source is then read without a profile, and no other source is affected.
"""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.cleaning.profiles.profile import Profile
from pipelines.errors import BadInput, Missing
from pipelines.paths import PROFILES, active_profile_key, profile_key, proposals_prefix
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id

log = logging.getLogger(__name__)

READERS = 8
EXAMPLES, EXAMPLE = 10, 100  # examples shown of each kind, and characters of each
VERDICTS = {
    "kept": "always kept",
    "unsure": "decided block by block",
    "dropped": "always dropped",
}


class Proposal(BaseModel):
    """A profile that was learnt: from which batches, its held-out statistics, and whether it may be used."""

    model_config = ConfigDict(frozen=True)

    source: str
    version: str
    learner: str  # the version of the code that learnt it
    batches: tuple[str, ...]  # "<dt>/<batch id>", sorted: learning from them again gives the same profile
    figures: dict[str, float]
    refusal: str | None  # why it must not be used; None if it may

    @property
    def id(self) -> str:
        """The id: a hash of source, version, learner and batches."""
        return hash_id("proposal", self.source, self.version, self.learner, *self.batches)[:16]


class Active(BaseModel):
    """The record of which profile of a source is active, since when, and why."""

    model_config = ConfigDict(frozen=True)

    version: str | None  # None if a person turned profiles off for the source
    proposal: str | None
    figures: dict[str, float]
    activated_at: datetime
    before: str | None  # the version that was active until then


class StoredActive(NamedTuple):
    """The record of the active profile, and its ETag; only the ETag if the record cannot be read."""

    active: Active | None
    etag: str | None


def activate(store: Store, source: str, version: str, now: datetime, refused: bool = False) -> Active:
    """Activate a proposed profile, from the next plan on.

    Raises BadInput if there is no such proposal, if it cannot be read, or if it was refused, unless `refused` says that
    a person wants it all the same; and LostRace if another writer changed the active profile meanwhile.
    """
    proposal = _require_proposal(store, source, version, refused)
    return _set_active(store, source, _read_active(store, source), proposal, now)


def activate_fit(store: Store, source: str, version: str, now: datetime) -> bool:
    """Activate a proposed profile, unless a person turned profiles off for the source; return whether it is active.

    A record that cannot be read may say that they are off, and counts as that. Raises the errors of `activate`.
    """
    stored = _read_active(store, source)
    if stored.etag is not None and (stored.active is None or stored.active.version is None):
        log.info("%s: profile %s is not activated, profiles are off for this source", source, version)
        return False
    _set_active(store, source, stored, _require_proposal(store, source, version), now)
    return True


def deactivate(store: Store, source: str, now: datetime) -> Active:
    """Turn profiles off for a source from the next plan on, also later ones, until a person activates one.

    Raises LostRace.
    """
    return _set_active(store, source, _read_active(store, source), None, now)


def list_proposals(store: Store, source: str) -> list[Proposal]:
    """List all readable proposals for a source: those that may be used first, then by number of batches, then by id."""
    objects = store.list_objects(proposals_prefix(source))
    proposals = [proposal for entry in objects if (proposal := _read_proposal(store, entry.key))]
    return sorted(proposals, key=lambda p: (p.refusal is not None, -len(p.batches), p.id))


def read_active_profile(store: Store, source: str) -> Active | None:
    """Read the record of the active profile of a source; None also if it cannot be read."""
    return _read_active(store, source).active


def read_active_versions(store: Store) -> dict[str, str]:
    """Read source → version of its active profile."""
    sources = store.list_folders(PROFILES)
    with ThreadPoolExecutor(READERS) as pool:
        actives = pool.map(lambda source: read_active_profile(store, source), sources)
        return {
            source: active.version
            for source, active in zip(sources, actives, strict=True)
            if active is not None and active.version is not None
        }


def select_readable_versions(store: Store, versions: Mapping[str, str]) -> dict[str, str]:
    """Select those of source → version whose profile exists and can be read."""
    with ThreadPoolExecutor(READERS) as pool:
        flags = pool.map(lambda source: _is_readable(store, source, versions[source]), versions)
        return {source: versions[source] for source, is_readable in zip(versions, flags, strict=True) if is_readable}


def read_profile(store: Store, source: str, version: str) -> Profile:
    """Read a profile. Raises Missing, and BadInput if it cannot be read."""
    try:
        return Profile.from_json(store.get(profile_key(source, version)))
    except ValueError as error:
        raise BadInput(f"profile {version} of {source} cannot be read: {error}; learn it again") from error


def read_profiles(store: Store, pinned: Mapping[str, str]) -> dict[str, Profile]:
    """Read source → profile, for source → version. Raises the errors of `read_profile`."""
    return {source: read_profile(store, source, version) for source, version in pinned.items()}


def describe_source(store: Store, source: str) -> str:
    """Describe the active profile of a source and all proposals, with their figures and examples of what was learnt.

    Raises BadInput if nothing was ever learnt about the source.
    """
    active, proposed = read_active_profile(store, source), list_proposals(store, source)
    if not proposed:
        raise BadInput(f"nothing has been learnt about {source}; run `copydesk learn {source}`")
    version = active.version if active else None
    lines = [f"{source}: " + (f"profile {version} is active" if version else "no profile is active")]
    if active:
        lines.append(f"  since {active.activated_at:%Y-%m-%d %H:%M} UTC; before that {active.before or 'none'}")
    for proposal in proposed:
        figures = ", ".join(f"{name} {value:g}" for name, value in proposal.figures.items())
        lines.append(f"proposed {proposal.version}: {_describe_verdict(proposal)}")
        lines.append(f"  learnt from {len(proposal.batches)} batches; held-out statistics: {figures}")
    shown = version or proposed[0].version
    try:
        return "\n".join([*lines, *_list_examples(read_profile(store, source, shown))])
    except (BadInput, Missing) as error:
        return "\n".join([*lines, f"the content of {shown} cannot be shown: {error}"])


def _list_examples(profile: Profile) -> Iterator[str]:
    yield f"content of {profile.version}, learnt from {profile.pages} pages and {profile.texts} texts:"
    repeats = sorted(profile.repeats.items(), key=lambda line: (-line[1], line[0]))
    yield f"  {len(repeats)} lines that repeat, compared without case, digits and punctuation:"
    yield from (f"    {share:4.0%} {line[:EXAMPLE]}" for line, share in repeats[:EXAMPLES])
    hints = sorted(profile.hints.items(), key=lambda hint: (-hint[1][0], hint[0]))
    if hints:
        yield f"  {len(hints)} hints for plain texts: a line begins (^) or ends ($) so, the one above (<) or below (>):"
        yield from (
            f"    {share:4.0%} of texts, {mean:.2f} {line[:EXAMPLE]}" for line, (share, mean) in hints[:EXAMPLES]
        )
    for verdict in ("kept", "unsure", "dropped"):
        places = [(place, seen) for place, seen in profile.places.items() if seen.verdict == verdict]
        places.sort(key=lambda pair: (-pair[1].pages, pair[0]))
        yield f"  {len(places)} places of text that are {VERDICTS[verdict]}:"
        yield from (
            f"    {seen.pages:4} pages, {seen.mean:.2f} {' > '.join(place)[-EXAMPLE:]}"
            for place, seen in places[:EXAMPLES]
        )


def _read_proposal(store: Store, key: str) -> Proposal | None:
    try:
        return Proposal.model_validate_json(store.get(key))
    except ValidationError as error:
        log.warning("%s cannot be read and is ignored: %s", key, error)
        return None


def _is_readable(store: Store, source: str, version: str) -> bool:
    try:
        read_profile(store, source, version)
    except (BadInput, Missing) as error:
        log.warning("%s is cleaned without a profile: %s", source, error)
        return False
    return True


def _require_proposal(store: Store, source: str, version: str, refused: bool = False) -> Proposal:
    proposal = next((p for p in list_proposals(store, source) if p.version == version), None)
    if proposal is None:
        raise BadInput(f"{source} has no proposed profile {version}; `copydesk source {source}` lists the proposals")
    if proposal.refusal and not refused:
        raise BadInput(f"profile {version} of {source} was refused: {proposal.refusal}; --refused activates it anyway")
    read_profile(store, source, version)
    return proposal


def _describe_verdict(proposal: Proposal) -> str:
    return f"refused, {proposal.refusal}" if proposal.refusal else "may be used"


def _set_active(store: Store, source: str, stored: StoredActive, proposal: Proposal | None, now: datetime) -> Active:
    """Write which profile is active over the `stored` record; none without a proposal."""
    before, version = stored.active, proposal.version if proposal else None
    if before is not None and before.version == version:
        return before
    active = Active(
        version=version,
        proposal=proposal.id if proposal else None,
        figures=proposal.figures if proposal else {},
        activated_at=now,
        before=before.version if before else None,
    )
    data = active.model_dump_json(indent=1).encode()
    store.put(active_profile_key(source), data, if_match=stored.etag, if_absent=stored.etag is None)
    log.info("%s: profile %s is active, before it %s", source, version or "none", active.before or "none")
    return active


def _read_active(store: Store, source: str) -> StoredActive:
    key = active_profile_key(source)
    try:
        data, etag = store.get_with_etag(key)
    except Missing:
        return StoredActive(None, None)
    try:
        return StoredActive(Active.model_validate_json(data), etag)
    except ValidationError as error:
        log.warning(
            "%s cannot be read, no profile is used; `copydesk source %s --off` repairs it: %s", key, source, error
        )
        return StoredActive(None, etag)
