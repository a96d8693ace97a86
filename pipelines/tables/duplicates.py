"""duplicates: items that say nothing new, each with the item that is kept instead."""

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
        Column("kept_item_id", pa.string(), "The item that stands in `articles`.", required=True),
        Column(
            "duplicate_kind",
            pa.string(),
            "`resent_event`: one event sent again, unchanged; `same_url_same_text`: fetched again, unchanged.",
            required=True,
            values=("resent_event", "same_url_same_text"),
        ),
        *LINEAGE,
    ),
)
