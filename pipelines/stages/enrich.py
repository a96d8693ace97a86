"""clean → enriched: values computed from the text of each item, one enricher at a time."""

import pyarrow as pa

from pipelines.enrichments.enrichers import Enricher


def enrich_items(items: pa.Table, enricher: Enricher) -> pa.Table:
    """Return the columns that one enricher adds, row for row; null for an item without a text.

    `items` has the columns of ITEMS and of the enrichers before; the enricher sees only those that it reads.
    Raises AssertionError if the enricher returns other rows or columns than it declares.
    """
    enriched = enricher.enrich(items.select(enricher.reads))
    if enriched.num_rows != items.num_rows or enriched.schema != enricher.schema:
        raise AssertionError(
            f"enricher {enricher.name} returned {enriched.num_rows} rows for {items.num_rows} items, with the columns "
            f"{enriched.schema}; it has to return one row per item, with the columns {enricher.schema}"
        )
    return enriched
