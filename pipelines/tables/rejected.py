"""rejected: items that are no articles, each with the reason. The bytes are in raw, under the delivery's id."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.contract import Column, Table
from pipelines.tables.ids import hash_id
from pipelines.tables.items import ITEMS, LINEAGE, REASONS

# Shown as they came, so without rules: what breaks one is what the table is there to hold.
_CLEAN = {column.name: replace(column, values=None, between=None, pattern=None) for column in ITEMS.columns}
_ERROR = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}(?=:)")  # how the detail of `failed` begins

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
        Column("rule", pa.string(), "Which row rule, or which error; null where `reason` says it all."),
        _CLEAN["detail"],
        _CLEAN["excerpt"],
        Column(
            "stage_version",
            pa.string(),
            "Version of the stage that said no, with what was learnt of the source.",
            required=True,
        ),
        Column(
            "fingerprint",
            pa.string(),
            "The same for all items rejected alike: hash of (stage, reason, rule, source, stage_version).",
            required=True,
        ),
        *LINEAGE,
        Column("table_name", pa.string(), "The table it would stand in.", required=True, values=FROM),
        Column(
            "row_index", pa.int32(), "Its place among the rows of the item there; -1 for an item itself.", required=True
        ),
    ),
    notes="The item of a row of `entities` or `quotes` is published: only rows of `articles` count as rejected items."
    "\n\nReasons:\n\n" + "\n".join(f"- `{reason}`: {meaning}" for reason, meaning in REASONS.items()),
)


def select_items(rejected: pa.Table) -> pa.Table:
    """The rows that are items; a table of older code holds nothing else, and has no `table_name`."""
    if "table_name" not in rejected.column_names:
        return rejected
    return rejected.filter(pc.equal(rejected["table_name"], "articles"))


def label_rejected(rejected: pa.Table, versions: Mapping[str, str], profiles: Mapping[str, str]) -> pa.Table:
    """The rows with `rule`, `stage_version` and `fingerprint`, by their `source`, `stage`, `reason` and `detail`.

    `versions` are those of the stages that reject, `profiles` the versions of what was learnt, by source.
    """
    found: dict[str, list[str | None]] = {"rule": [], "stage_version": [], "fingerprint": []}
    alike = cache(fingerprint)
    for row in rejected.select(["source", "stage", "reason", "detail"]).to_pylist():
        rule = find_rule(row["reason"], row["detail"])
        version = derive_version(versions[row["stage"]], profiles.get(row["source"]))
        found["rule"].append(rule)
        found["stage_version"].append(version)
        found["fingerprint"].append(alike(row["stage"], row["reason"], rule, row["source"], version))
    kept = rejected.drop_columns([name for name in found if name in rejected.column_names])
    for name, values in found.items():
        kept = kept.append_column(name, pa.array(values, pa.string()))
    return REJECTED.conform(kept)


def find_rule(reason: str, detail: str | None) -> str | None:
    """What exactly said no, of few values: the rule or check that was broken, or the name of the error; else None."""
    match reason:
        case "row_rule":
            return detail
        case "check":  # "<suite>: <expectation>: <what it means>"
            return ": ".join((detail or "").split(": ")[:2]) or None
        case "failed":
            error = _ERROR.match(detail or "")
            return error[0] if error else None
    return None


def derive_version(stage_version: str, profile: str | None) -> str:
    """The version of a stage at the items of a source: by another profile an item may have another fate."""
    return hash_id(stage_version, "profile", profile)[:16] if profile else stage_version


def fingerprint(stage: str, reason: str, rule: str | None, source: str | None, stage_version: str) -> str:
    """What items that were rejected alike have in common; without a source, over all of them."""
    return hash_id("rejected", stage, reason, rule, source, stage_version)[:16]
