"""Learn from raw articles how the pages of each source look, and propose profiles. Active profiles do not change."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import NamedTuple

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

PAGES = 100  # pages of a source to learn from; the learning curve is flat long before
GROUP = 100  # sources whose pages are collected in one pass over the batches: some hundreds of megabytes


class _SampledDocument(NamedTuple):
    """A document of a source; the hash of its bytes decides whether it is in the sample."""

    source: str
    chance: str
    document: Document


def propose(store: Store, batches: Collection[str], only: Collection[str] | None = None) -> list[Proposal]:
    """Learn a profile of each source in the batches (or of those named), evaluate it, and record it as a proposal.

    `batches` are "<dt>/<batch id>"; the same batches and code give the same proposals, in the order of the sources.
    """
    pinned = sorted(set(batches))
    sources_by_batch = {name: read_batch_sources(store, *name.split("/")) for name in pinned}
    sources = sorted({source for names in sources_by_batch.values() for source in names} - {UNKNOWN_SOURCE})
    wanted = [source for source in sources if only is None or source in only]
    proposals = []
    for start in range(0, len(wanted), GROUP):
        group = wanted[start : start + GROUP]
        needed = [name for name in pinned if not set(group).isdisjoint(sources_by_batch[name])]
        for source, documents in _sample_documents(store, needed, group).items():
            learnt_from = tuple(name for name in needed if source in sources_by_batch[name])
            proposals.append(_propose_source(store, source, documents, learnt_from))
    return proposals


def list_landed_batches(store: Store, until: date, days: int = LEARNING_DAYS) -> list[str]:
    """List the batches of so many days, with `until` as the last one, in the form that `propose` takes."""
    dates = [str(until - timedelta(days=back)) for back in range(days)]
    return [f"{dt}/{parse_batch_id(batch)}" for dt in dates for batch in list_raw_batches(store, dt)]


def _sample_documents(store: Store, batches: list[str], sources: list[str]) -> dict[str, list[Document]]:
    """Pick up to PAGES documents of each source, by a hash of their bytes: the same however they are batched."""
    samples: dict[str, dict[str, Document]] = {source: {} for source in sources}
    for source, chance, document in _read_documents(store, batches):
        if source in samples:
            samples[source][chance] = document
            if len(samples[source]) > 2 * PAGES:
                samples[source] = _keep_first(samples[source])
    return {source: list(_keep_first(sample).values()) for source, sample in samples.items()}


def _keep_first(sample: dict[str, Document]) -> dict[str, Document]:
    """Keep the PAGES documents with the smallest hashes, in their order."""
    return {chance: sample[chance] for chance in sorted(sample)[:PAGES]}


def _read_documents(store: Store, batches: list[str]) -> Iterator[_SampledDocument]:
    """Yield all readable documents of these batches."""
    for name in batches:
        dt, _, batch = name.partition("/")
        for delivery, payload in read_payloads(store, dt, batch):
            for item in unpack_items(delivery, payload):
                if item.document.reason is None:
                    chance = hash_id("sample", delivery["raw_sha256"], item.index)
                    yield _SampledDocument(item.source, chance, item.document)


def _propose_source(store: Store, source: str, documents: list[Document], batches: tuple[str, ...]) -> Proposal:
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
        refusal=_find_read_error(data) or find_refusal(figures),
    )
    store.put(profile_key(source, profile.version), data)
    store.put(proposal_key(source, proposal.id), proposal.model_dump_json(indent=1).encode())
    log.info(
        "%s: profile %s from %d pages: %s", source, profile.version, len(documents), proposal.refusal or "may be used"
    )
    return proposal


def _find_read_error(data: bytes) -> str | None:
    """Return why a profile cannot be read back; None if it can."""
    try:
        Profile.from_json(data)
    except ValueError as error:
        return f"cannot be read back: {error}"
    return None
