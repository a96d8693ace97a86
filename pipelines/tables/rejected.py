"""rejected: items that are not published, each with the reason. Their bytes are in raw, under the delivery id."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.contract import Column, Table
from pipelines.tables.ids import hash_id
from pipelines.tables.items import ITEMS, LINEAGE, REASONS

# Without row rules: values that break them are what this table is for.
_CLEAN = {column.name: replace(column, values=None, between=None, pattern=None) for column in ITEMS.columns}
_ERROR = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}(?=:)")  # how the detail of `failed` begins

FROM = ("articles", "entities", "quotes")
STAGES = ("clean", "enrich", "validate", "assemble")  # that reject; `assemble` sets whole deliveries and sources aside

REJECTED = Table(
    name="rejected",
    grain="One row per rejected item, and one per row of `entities` or `quotes` that was set aside.",
    key=("item_id", "table_name", "row_index"),
    columns=(
        _CLEAN["item_id"],
        _CLEAN["source"],
        _CLEAN["url"],
        _CLEAN["language"],
        _CLEAN["received_at"],
        Column("stage", pa.string(), "The stage that rejected it.", required=True, values=STAGES),
        Column("reason", pa.string(), "The reason, in one word.", required=True, values=tuple(REASONS)),
        Column("rule", pa.string(), "The row rule, check or error; null where `reason` says everything."),
        _CLEAN["detail"],
        _CLEAN["excerpt"],
        Column(
            "stage_version",
            pa.string(),
            "Version of the stage that rejected it, including the profile of the source.",
            required=True,
        ),
        Column(
            "fingerprint",
            pa.string(),
            "The same for all items rejected in the same way: hash of (stage, reason, rule, source, stage_version).",
            required=True,
        ),
        *LINEAGE,
        Column("table_name", pa.string(), "The table that it would have been in.", required=True, values=FROM),
        Column(
            "row_index",
            pa.int32(),
            "Its position among the rows of the item in that table; -1 for an item itself.",
            required=True,
        ),
        Column(
            "own_reason",
            pa.string(),
            "Of an item that is set aside with its delivery or source: its own reason; null if it is sound itself.",
            values=tuple(REASONS),
        ),
    ),
    notes="Where `table_name` is `entities` or `quotes`, the item itself is published: only rows with `articles` are "
    "rejected items."
    "\n\nReasons:\n\n" + "\n".join(f"- `{reason}`: {meaning}" for reason, meaning in REASONS.items()),
)


def select_items(rejected: pa.Table) -> pa.Table:
    """Select the rows that are items. A table written by older code has no `table_name` and holds only items."""
    if "table_name" not in rejected.column_names:
        return rejected
    return rejected.filter(pc.equal(rejected["table_name"], "articles"))


def label_rejected(rejected: pa.Table, versions: Mapping[str, str], profiles: Mapping[str, str]) -> pa.Table:
    """Add `rule`, `stage_version` and `fingerprint`, derived from `source`, `stage`, `reason` and `detail`.

    `versions` has the version of each stage that rejects, `profiles` that of the profile of each source.
    """
    labels: dict[str, list[str | None]] = {"rule": [], "stage_version": [], "fingerprint": []}
    cached_fingerprint = cache(fingerprint)
    for row in rejected.select(["source", "stage", "reason", "detail"]).to_pylist():
        rule = find_rule(row["reason"], row["detail"])
        version = derive_version(versions[row["stage"]], profiles.get(row["source"]))
        labels["rule"].append(rule)
        labels["stage_version"].append(version)
        labels["fingerprint"].append(cached_fingerprint(row["stage"], row["reason"], rule, row["source"], version))
    labelled = rejected.drop_columns([name for name in labels if name in rejected.column_names])
    for name, values in labels.items():
        labelled = labelled.append_column(name, pa.array(values, pa.string()))
    return REJECTED.conform(labelled)


def find_rule(reason: str, detail: str | None) -> str | None:
    """Return the rule or check that was broken, or the name of the error; else None. It takes few different values."""
    match reason:
        case "row_rule":
            return detail
        case "set_aside":  # "source <name>: <numbers>", or "delivery <id>: <numbers>"
            return (detail or "").partition(": ")[0] or None
        case "check":  # "<suite>: <expectation>: <what it means>"
            return ": ".join((detail or "").split(": ")[:2]) or None
        case "failed":
            error = _ERROR.match(detail or "")
            return error[0] if error else None
    return None


def derive_version(stage_version: str, profile: str | None) -> str:
    """Return the version of a stage for one source: with another profile, an item may have another outcome."""
    return hash_id(stage_version, "profile", profile)[:16] if profile else stage_version


def fingerprint(stage: str, reason: str, rule: str | None, source: str | None, stage_version: str) -> str:
    """Return the fingerprint of items rejected in the same way; without a source, that over all sources."""
    return hash_id("rejected", stage, reason, rule, source, stage_version)[:16]
