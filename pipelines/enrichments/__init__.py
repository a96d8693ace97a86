"""What is computed from the text of an article: one module an enricher, columns in, columns out, a batch at a time.

An enricher reads `item_id`, `text`, `title` and `language` (each may be null) and gives as many rows in the same
order, with only its own columns. It looks at each row alone and never raises for any text.
"""

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
