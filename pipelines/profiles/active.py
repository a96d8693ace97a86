"""What was learnt of each source, and which of it is in use.

    profiles/<source>/<version>.json          a profile; the version is a hash of its content
    profiles/<source>/proposals/<id>.json     from which batches, and how it fares on pages that it was not learnt from
    profiles/<source>/active.json             the version in use, with the figures that allowed it

Learning proposes and changes nothing that is in use; activating is a step of its own. A plan pins what is active when
it is made, so a day that is published again takes the profiles that are active by then. What cannot be read is used
for nothing, and said in the log: a source is then read as one of which nothing was learnt, and no other one suffers.
"""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.cleaning.profiles.profile import Profile
from pipelines.errors import BadInput, Missing
from pipelines.paths import PROFILES, active_profile_key, profile_key, proposals_prefix
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id

log = logging.getLogger(__name__)

READERS = 8
EXAMPLES, EXAMPLE = 10, 100  # how many are shown of each kind, and how many characters of one
VERDICTS = {
    "kept": "kept whatever it is",
    "unsure": "judged block by block",
    "dropped": "dropped whatever it is",
}


class Proposal(BaseModel):
    """A profile that was learnt: what from, how it fares, and whether it may be used."""

    model_config = ConfigDict(frozen=True)

    source: str
    version: str
    learner: str  # the version of the code that learnt it
    batches: tuple[str, ...]  # "<dt>/<batch id>", sorted: learning from them again gives the same profile
    figures: dict[str, float]
    refusal: str | None  # why it must not be used; None where it may

    @property
    def id(self) -> str:
        return hash_id("proposal", self.source, self.version, self.learner, *self.batches)[:16]


class Active(BaseModel):
    """Which profile of a source is in use since when, and why."""

    model_config = ConfigDict(frozen=True)

    version: str | None  # None where a person turned profiles off for the source
    proposal: str | None
    figures: dict[str, float]
    activated_at: datetime
    before: str | None  # the version that was in use until then


def activate(store: Store, source: str, version: str, now: datetime, refused: bool = False) -> Active:
    """Use a proposed profile from the next plan on.

    Raises BadInput where there is no such proposal, where its figures do not allow it, unless `refused` says that a
    person wants it all the same, or where it cannot be read; and LostRace where somebody else changed what is in use
    meanwhile.
    """
    proposal = _allowed(store, source, version, refused)
    return _set_active(store, source, _read_active(store, source), proposal, now)


def activate_fit(store: Store, source: str, version: str, now: datetime) -> bool:
    """Use a proposed profile from the next plan on, unless a person turned profiles off for the source, or its record
    cannot be read and may say so; returns whether it is in use. Raises as activate."""
    before, etag = _read_active(store, source)
    if etag is not None and (before is None or before.version is None):
        log.info("%s: profile %s is not activated, profiles are off for this source", source, version)
        return False
    _set_active(store, source, (before, etag), _allowed(store, source, version), now)
    return True


def deactivate(store: Store, source: str, now: datetime) -> Active:
    """Use no profile for a source from the next plan on, nor any that is learnt later, until a person activates one.
    Raises LostRace."""
    return _set_active(store, source, _read_active(store, source), None, now)


def list_proposals(store: Store, source: str) -> list[Proposal]:
    """All that was ever proposed for a source and can be read: what is fit for use first, then by batches, then by
    id."""
    entries = store.list_objects(proposals_prefix(source))
    found = [proposal for entry in entries if (proposal := _read_proposal(store, entry.key))]
    return sorted(found, key=lambda p: (p.refusal is not None, -len(p.batches), p.id))


def read_active_profile(store: Store, source: str) -> Active | None:
    """What is in use for a source; None too where the record of it cannot be read."""
    return _read_active(store, source)[0]


def read_active_versions(store: Store) -> dict[str, str]:
    """source → the version of its profile in use."""
    sources = store.list_folders(PROFILES)
    with ThreadPoolExecutor(READERS) as pool:
        found = pool.map(lambda source: read_active_profile(store, source), sources)
        return {s: a.version for s, a in zip(sources, found, strict=True) if a is not None and a.version is not None}


def select_readable_versions(store: Store, versions: Mapping[str, str]) -> dict[str, str]:
    """source → version, without those whose profile is gone or cannot be read."""
    with ThreadPoolExecutor(READERS) as pool:
        found = pool.map(lambda source: _is_readable(store, source, versions[source]), versions)
        return {source: versions[source] for source, is_readable in zip(versions, found, strict=True) if is_readable}


def read_profile(store: Store, source: str, version: str) -> Profile:
    """Raises Missing, and BadInput for what is no profile."""
    try:
        return Profile.from_json(store.get(profile_key(source, version)))
    except ValueError as error:
        raise BadInput(f"profile {version} of {source} cannot be read: {error}") from error


def read_profiles(store: Store, pinned: Mapping[str, str]) -> dict[str, Profile]:
    """source → profile, for source → version. Raises as read_profile."""
    return {source: read_profile(store, source, version) for source, version in pinned.items()}


def describe_source(store: Store, source: str) -> str:
    """What is in use for a source and what was proposed, with the figures; and what was learnt, with examples.

    Raises BadInput for a source of which nothing was ever learnt.
    """
    active, proposed = read_active_profile(store, source), list_proposals(store, source)
    if not proposed:
        raise BadInput(f"nothing was learnt of {source} so far; `copydesk learn {source}` does")
    said = [f"{source}: " + (f"profile {active.version} in use" if active and active.version else "no profile in use")]
    if active:
        said.append(f"  since {active.activated_at:%Y-%m-%d %H:%M} UTC; before it {active.before or 'none'}")
    for proposal in proposed:
        figures = ", ".join(f"{name} {value:g}" for name, value in proposal.figures.items())
        said.append(f"proposed {proposal.version}: {proposal.refusal or 'fit for use'}")
        said.append(f"  from {len(proposal.batches)} batches; on documents that it was not learnt from: {figures}")
    shown = active.version if active and active.version else proposed[0].version
    try:
        return "\n".join([*said, *_examples(read_profile(store, source, shown))])
    except (BadInput, Missing) as error:
        return "\n".join([*said, f"what was learnt in {shown} cannot be shown: {error}"])


def _examples(profile: Profile) -> Iterator[str]:
    yield f"learnt in {profile.version}, from {profile.pages} pages and {profile.texts} texts:"
    repeats = sorted(profile.repeats.items(), key=lambda line: (-line[1], line[0]))
    yield f"  {len(repeats)} lines that repeat, without case, digits and punctuation:"
    yield from (f"    {share:4.0%} {line[:EXAMPLE]}" for line, share in repeats[:EXAMPLES])
    hints = sorted(profile.hints.items(), key=lambda hint: (-hint[1][0], hint[0]))
    if hints:
        yield f"  {len(hints)} hints of plain texts, how lines begin (^) and end ($), what is above (<) or below (>):"
        yield from (
            f"    {share:4.0%} of texts, {mean:.2f} {line[:EXAMPLE]}" for line, (share, mean) in hints[:EXAMPLES]
        )
    for verdict in ("kept", "unsure", "dropped"):
        places = [(place, seen) for place, seen in profile.places.items() if seen.verdict == verdict]
        places.sort(key=lambda found: (-found[1].pages, found[0]))
        yield f"  {len(places)} places of text {VERDICTS[verdict]}:"
        yield from (
            f"    {seen.pages:4} pages, {seen.mean:.2f} {' > '.join(place)[-EXAMPLE:]}"
            for place, seen in places[:EXAMPLES]
        )


def _read_proposal(store: Store, key: str) -> Proposal | None:
    try:
        return Proposal.model_validate_json(store.get(key))
    except ValidationError as error:
        log.warning("%s cannot be read and is left out: %s", key, error)
        return None


def _is_readable(store: Store, source: str, version: str) -> bool:
    try:
        read_profile(store, source, version)
    except (BadInput, Missing) as error:
        log.warning("%s is read without a profile: %s", source, error)
        return False
    return True


def _allowed(store: Store, source: str, version: str, refused: bool = False) -> Proposal:
    proposal = next((p for p in list_proposals(store, source) if p.version == version), None)
    if proposal is None:
        raise BadInput(f"{source} has no proposed profile {version}")
    if proposal.refusal and not refused:
        raise BadInput(f"profile {version} of {source} is not fit for use: {proposal.refusal}")
    read_profile(store, source, version)
    return proposal


def _set_active(
    store: Store, source: str, found: tuple[Active | None, str | None], proposal: Proposal | None, now: datetime
) -> Active:
    """Write what is in use over what was `found`."""
    (before, etag), version = found, proposal.version if proposal else None
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
    store.put(active_profile_key(source), data, if_match=etag, if_absent=etag is None)
    log.info("%s: profile %s is in use, before it %s", source, version or "none", active.before or "none")
    return active


def _read_active(store: Store, source: str) -> tuple[Active | None, str | None]:
    """What is in use and the ETag of the record of it; the ETag alone where the record cannot be read."""
    key = active_profile_key(source)
    try:
        data, etag = store.get_with_etag(key)
    except Missing:
        return None, None
    try:
        return Active.model_validate_json(data), etag
    except ValidationError as error:
        log.warning(
            "%s cannot be read, no profile is used; `copydesk source %s --off` mends it: %s", key, source, error
        )
        return None, etag
