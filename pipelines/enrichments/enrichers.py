"""The enrichers that run, in the order of their columns. Apart from their package, so that each has its own version."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from pipelines.enrichments import counts, keywords, readability


@dataclass(frozen=True, slots=True)
class Enricher:
    """One object of enrichment per batch."""

    name: str  # names its stored object: enriched/<batch>/<name>.<version>.parquet
    module: str  # where its version is derived from
    schema: pa.Schema  # the columns it adds
    enrich: Callable[[pa.Table], pa.Table]


ENRICHERS = (
    Enricher("counts", counts.__name__, counts.COUNTS, counts.add_counts),
    Enricher("readability", readability.__name__, readability.READABILITY, readability.add_readability),
    Enricher("keywords", keywords.__name__, keywords.KEYWORDS, keywords.add_keywords),
)
