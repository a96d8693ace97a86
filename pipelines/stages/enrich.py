"""clean → enriched: what is computed from the text of each item, one enricher at a time."""

import pyarrow as pa

from pipelines.enrichments.enrichers import Enricher


def enrich_items(clean: pa.Table, enricher: Enricher) -> pa.Table:
    """The columns that one enricher adds, row for row; null where an item has no text."""
    enriched = enricher.enrich(clean)
    if enriched.num_rows != clean.num_rows or enriched.schema != enricher.schema:
        raise AssertionError(f"enricher {enricher.name} broke its promise: {enriched.schema}")
    return enriched
