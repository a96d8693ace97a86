"""clean → enriched: what is computed from the text of each item, one enricher at a time."""

import pyarrow as pa

from pipelines.enrichments.enrichers import Enricher


def enrich_items(items: pa.Table, enricher: Enricher) -> pa.Table:
    """The columns that one enricher adds, row for row; null where an item has no text.

    `items` has the columns of ITEMS and of the enrichers before; only those that the enricher names are shown to it.
    """
    enriched = enricher.enrich(items.select(enricher.reads))
    if enriched.num_rows != items.num_rows or enriched.schema != enricher.schema:
        raise AssertionError(f"enricher {enricher.name} broke its promise: {enriched.schema}")
    return enriched
