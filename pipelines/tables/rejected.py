"""rejected: items that are no articles, each with the reason. The bytes are in raw, under the delivery's id."""

from dataclasses import replace

import pyarrow as pa

from pipelines.tables.contract import Column, Table
from pipelines.tables.items import ITEMS, LINEAGE, REASONS

# Shown as they came, so without rules: what breaks one is what the table is there to hold.
_CLEAN = {column.name: replace(column, values=None, between=None, pattern=None) for column in ITEMS.columns}

FROM = ("articles", "entities", "quotes")

REJECTED = Table(
    name="rejected",
    grain="One row per item that was set aside, and one per row of `entities` or `quotes` that was.",
    key=("item_id", "table_name", "row_index"),
    columns=(
        _CLEAN["item_id"],
        _CLEAN["source"],
        _CLEAN["url"],
        _CLEAN["language"],
        _CLEAN["received_at"],
        Column("stage", pa.string(), "Where it was set aside.", required=True, values=("clean", "enrich", "validate")),
        Column("reason", pa.string(), "Why, in one word.", required=True, values=tuple(REASONS)),
        _CLEAN["detail"],
        _CLEAN["excerpt"],
        *LINEAGE,
        Column("table_name", pa.string(), "The table it would stand in.", required=True, values=FROM),
        Column(
            "row_index", pa.int32(), "Its place among the rows of the item there; -1 for an item itself.", required=True
        ),
    ),
    notes="The item of a row of `entities` or `quotes` is published: only rows of `articles` count as rejected items."
    "\n\nReasons:\n\n" + "\n".join(f"- `{reason}`: {meaning}" for reason, meaning in REASONS.items()),
)
