"""Enriched items → row rules, and the few columns that decide what becomes of an item. Pure, for any rows at a time."""

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.articles import ARTICLES
from pipelines.tables.enriched.status import DONE, FAILED, SKIPPED
from pipelines.tables.items import EXCERPT

# The columns that decide the outcome of an item; all others are only carried along.
DECIDING = [
    "item_id", "article_id", "event_id", "content_sha256", "received_at", "source", "language", "reason", "delivery_id",
]  # fmt: skip
STATUS = "_status"
STATUSES = (DONE, SKIPPED, FAILED)
CONTENT_BYTES = "content_bytes"


def apply_row_rules(items: pa.Table) -> pa.Table:
    """Reject items that break a row rule of `articles`; name the stage of all rejected items."""
    items = items.append_column("published_on", pc.cast(items["published_at"], pa.date32()))
    broken = pa.array(ARTICLES.broken(items), pa.string())
    is_late = pc.and_(pc.is_null(items["reason"]), pc.is_valid(broken))  # cleaning has let it through
    is_early = pc.is_valid(items["reason"])
    stage = pc.if_else(is_early, "clean", pc.if_else(is_late, "enrich", pa.scalar(None, pa.string())))
    items = replace_columns(
        items,
        reason=pc.if_else(is_late, "row_rule", items["reason"]),
        detail=pc.if_else(is_late, broken, items["detail"]),
        excerpt=pc.if_else(is_late, excerpt(items["text"]).cast(pa.string()), items["excerpt"]),
    )
    added = {
        "stage": stage,
        "table_name": pa.array(["articles"] * items.num_rows, pa.string()),
        "row_index": pa.array([-1] * items.num_rows, pa.int32()),
        "own_reason": pa.nulls(items.num_rows, pa.string()),
    }
    for name, values in added.items():
        items = items.append_column(name, values)
    return items


def narrow_items(items: pa.Table) -> pa.Table:
    """Return what decides the outcomes of items: DECIDING after the row rules, sizes, and statuses as numbers.

    `items` has the columns of ITEMS and those of all enrichers. A status is its position in STATUSES, -1 for none.
    """
    ruled = apply_row_rules(items)
    narrow = ruled.select(DECIDING)
    sizes = pc.fill_null(pc.binary_length(items["text"]), 0).cast(pa.int64())
    narrow = narrow.append_column(CONTENT_BYTES, sizes)
    for name in [name for name in items.column_names if name.endswith(STATUS)]:
        words = pc.list_element(pc.split_pattern(pc.fill_null(items[name], ""), ":", max_splits=1), 0)
        codes = pc.fill_null(pc.index_in(words, value_set=pa.array(STATUSES)), -1).cast(pa.int8())
        narrow = narrow.append_column(name, codes)
    return narrow


def replace_columns(table: pa.Table, **columns: pa.ChunkedArray | pa.Array) -> pa.Table:
    """Return the table with other values in these columns."""
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), values)
    return table


def excerpt(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return how texts begin, on one line, without control characters and others that are not seen."""
    starts = pc.utf8_slice_codeunits(texts, 0, EXCERPT)
    return pc.replace_substring_regex(starts, r"[\pC\s\x{2028}\x{2029}]+", " ")
