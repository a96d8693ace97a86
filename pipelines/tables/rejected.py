"""rejected: items that are no articles, each with the reason. The bytes are in raw, under the delivery's id."""

from dataclasses import replace

import pyarrow as pa

from pipelines.tables.contract import Column, Table
from pipelines.tables.items import ITEMS, LINEAGE, REASONS

# Shown as they came, so without rules: what breaks one is what the table is there to hold.
_CLEAN = {column.name: replace(column, values=None, between=None, pattern=None) for column in ITEMS.columns}

REJECTED = Table(
    name="rejected",
    grain="One row per item that was set aside.",
    key=("item_id",),
    columns=(
        _CLEAN["item_id"],
        _CLEAN["source"],
        _CLEAN["url"],
        _CLEAN["language"],
        _CLEAN["received_at"],
        Column("stage", pa.string(), "Where it was set aside.", required=True, values=("clean", "enrich")),
        Column("reason", pa.string(), "Why, in one word.", required=True, values=tuple(REASONS)),
        _CLEAN["detail"],
        _CLEAN["excerpt"],
        *LINEAGE,
    ),
    notes="Reasons:\n\n" + "\n".join(f"- `{reason}`: {meaning}" for reason, meaning in REASONS.items()),
)
