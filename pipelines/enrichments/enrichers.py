"""The enrichers that run, in the order of their columns. Apart from their package, so that each has its own version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipelines.enrichments import (
    amounts,
    counts,
    dates,
    embedding,
    entities,
    keywords,
    places,
    quotes,
    readability,
    summary,
    tone,
    topics,
)
from pipelines.tables.contract import Column
from pipelines.tables.enriched.amounts import AMOUNTS
from pipelines.tables.enriched.counts import COUNTS
from pipelines.tables.enriched.dates import DATES
from pipelines.tables.enriched.embedding import EMBEDDING
from pipelines.tables.enriched.entities import FOUND_ENTITIES
from pipelines.tables.enriched.keywords import KEYWORDS
from pipelines.tables.enriched.places import FOUND_PLACES
from pipelines.tables.enriched.quotes import FOUND_QUOTES
from pipelines.tables.enriched.readability import READABILITY
from pipelines.tables.enriched.summary import SUMMARY
from pipelines.tables.enriched.tone import TONE
from pipelines.tables.enriched.topics import TOPICS


@dataclass(frozen=True, slots=True)
class Enricher:
    """What computes one stored object of columns per batch."""

    name: str  # names its stored object: enriched/<batch>/<name>.<version>.parquet
    module: str  # where its version is derived from
    reads: tuple[str, ...]  # columns of the items, and of enrichers before it
    columns: tuple[Column, ...]  # that it adds, its status last
    enrich: Callable[[pa.Table], pa.Table]

    @property
    def schema(self) -> pa.Schema:
        """The schema of its stored object: every value is null for an item without a text."""
        return pa.schema([column.field.with_nullable(True) for column in self.columns])


# Runs where its extra is installed, on all workers or on none.
OPTIONAL = (
    (Enricher("embedding", embedding.__name__, embedding.READS, EMBEDDING, embedding.add_embedding),)
    if embedding.is_installed()
    else ()
)
ENRICHERS: tuple[Enricher, ...] = (
    Enricher("counts", counts.__name__, counts.READS, COUNTS, counts.add_counts),
    Enricher("readability", readability.__name__, readability.READS, READABILITY, readability.add_readability),
    Enricher("keywords", keywords.__name__, keywords.READS, KEYWORDS, keywords.add_keywords),
    Enricher("topics", topics.__name__, topics.READS, TOPICS, topics.add_topics),
    Enricher("tone", tone.__name__, tone.READS, TONE, tone.add_tone),
    Enricher("summary", summary.__name__, summary.READS, SUMMARY, summary.add_summary),
    Enricher("dates", dates.__name__, dates.READS, DATES, dates.add_dates),
    Enricher("amounts", amounts.__name__, amounts.READS, AMOUNTS, amounts.add_amounts),
    Enricher("entities", entities.__name__, entities.READS, FOUND_ENTITIES, entities.add_entities),
    Enricher("places", places.__name__, places.READS, FOUND_PLACES, places.add_places),
    Enricher("quotes", quotes.__name__, quotes.READS, FOUND_QUOTES, quotes.add_quotes),
    *OPTIONAL,
)


def list_prerequisites(enricher: Enricher) -> Sequence[Enricher]:
    """Return the enrichers whose columns this one reads."""
    return [other for other in ENRICHERS if not set(other.schema.names).isdisjoint(enricher.reads)]
