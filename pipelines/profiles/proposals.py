"""Learn from raw articles how the pages of each source look, and propose profiles. Nothing active changes."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import date, timedelta

from pipelines.cleaning.profiles.learning import evaluate_profile, find_refusal, learn
from pipelines.cleaning.profiles.profile import Profile
from pipelines.cleaning.profiles.samples import read_page_sample, read_text_sample
from pipelines.formats import Document
from pipelines.messages import UNKNOWN_SOURCE
from pipelines.paths import profile_key, proposal_key
from pipelines.profiles import LEARNING_DAYS
from pipelines.profiles.active import Proposal
from pipelines.raw.batches import list_raw_batches, parse_batch_id, read_batch_sources, read_payloads
from pipelines.raw.items import unpack_items
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id
from pipelines.versions import stage_version

log = logging.getLogger(__name__)

PAGES = 100  # of a source that are looked at; the learning curve is flat long before
GROUP = 100  # sources that are gathered in one pass over the batches: some hundreds of megabytes of pages


def propose(store: Store, batches: Collection[str], only: Collection[str] | None = None) -> list[Proposal]:
    """Learn a profile of each source in the batches (or of those named), and judge it. Nothing in use changes.

    `batches` are "<dt>/<batch id>"; the same batches and code give the same proposals, in the order of the sources.
    """
    pinned = sorted(set(batches))
    having = {name: read_batch_sources(store, *name.split("/")) for name in pinned}
    sources = sorted({source for found in having.values() for source in found} - {UNKNOWN_SOURCE})
    wanted = [source for source in sources if only is None or source in only]
    proposals = []
    for start in range(0, len(wanted), GROUP):
        group = wanted[start : start + GROUP]
        read = [name for name in pinned if not set(group).isdisjoint(having[name])]
        for source, documents in _gathered(store, read, group).items():
            theirs = tuple(name for name in read if source in having[name])
            proposals.append(_proposed(store, source, documents, theirs))
    return proposals


def list_landed_batches(store: Store, until: date, days: int = LEARNING_DAYS) -> list[str]:
    """The batches of so many days, `until` the last of them, as `propose` takes them."""
    dates = [str(until - timedelta(days=back)) for back in range(days)]
    return [f"{dt}/{parse_batch_id(entry)}" for dt in dates for entry in list_raw_batches(store, dt)]


def _gathered(store: Store, batches: list[str], sources: list[str]) -> dict[str, list[Document]]:
    """Up to PAGES documents of each source, chosen by a hash of their bytes: the same whatever batch they lie in."""
    kept: dict[str, dict[str, Document]] = {source: {} for source in sources}
    for source, chance, document in _documents(store, batches):
        if source in kept:
            found = kept[source]
            found[chance] = document
            if len(found) > 2 * PAGES:
                kept[source] = {chance: found[chance] for chance in sorted(found)[:PAGES]}
    return {source: [found[chance] for chance in sorted(found)[:PAGES]] for source, found in kept.items()}


def _documents(store: Store, batches: list[str]) -> Iterator[tuple[str, str, Document]]:
    for name in batches:
        dt, _, batch = name.partition("/")
        for delivery, payload in read_payloads(store, dt, batch):
            for item in unpack_items(delivery, payload):
                if item.document.reason is None:
                    yield item.source, hash_id("sample", delivery["raw_sha256"], item.index), item.document


def _proposed(store: Store, source: str, documents: list[Document], batches: tuple[str, ...]) -> Proposal:
    pages = [
        page for d in documents if d.media_type == "text/html" and (page := read_page_sample(d.body, d.charset, d.url))
    ]
    texts = [
        lines for d in documents if d.media_type == "text/plain" and (lines := read_text_sample(d.body, d.charset))
    ]
    profile, figures = learn(source, pages, texts), evaluate_profile(source, pages, texts)
    data = profile.to_json()
    proposal = Proposal(
        source=source,
        version=profile.version,
        learner=stage_version("pipelines.cleaning.profiles.learning"),
        batches=batches,
        figures=asdict(figures),
        refusal=_unreadable(data) or find_refusal(figures),
    )
    store.put(profile_key(source, profile.version), data)
    store.put(proposal_key(source, proposal.id), proposal.model_dump_json(indent=1).encode())
    log.info("%s: profile %s from %d pages: %s", source, profile.version, len(documents), proposal.refusal or "fit")
    return proposal


def _unreadable(data: bytes) -> str | None:
    """Why a profile cannot be read back; None where it can."""
    try:
        Profile.from_json(data)
    except ValueError as error:
        return f"cannot be read back: {error}"
    return None
