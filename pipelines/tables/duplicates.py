"""duplicates: items without anything new, each with the item that is kept instead."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table
from pipelines.tables.items import ITEMS, LINEAGE

_CLEAN = {column.name: column for column in ITEMS.columns}

DUPLICATES = Table(
    name="duplicates",
    grain="One row per item that repeats another item of the same day.",
    key=("item_id",),
    columns=(
        _CLEAN["item_id"],
        _CLEAN["article_id"],
        _CLEAN["source"],
        _CLEAN["url"],
        _CLEAN["language"],
        _CLEAN["received_at"],
        Column(
            "kept_item_id", pa.string(), "The `item_id` of the item in `articles` that is kept instead.", required=True
        ),
        Column(
            "duplicate_kind",
            pa.string(),
            "`resent_event`: the same event was sent again; `same_url_same_text`: fetched again, and unchanged.",
            required=True,
            values=("resent_event", "same_url_same_text"),
        ),
        *LINEAGE,
    ),
)
