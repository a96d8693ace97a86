"""The rules that a day is judged by, as suites: batch rules from expectations/*.json, row rules from the contracts."""

import json
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import pyarrow as pa

from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import Column, Table
from pipelines.tables.published import PUBLISHED
from pipelines.versions import ROOT

EXPECTATIONS = ROOT / "expectations"
BODY = pa.large_string()  # never handed to GX: ten times slower, and count columns hold everything that matters of it


class Meta(TypedDict, total=False):
    """Our own part of an expectation. `rows: "reject"` sets the rows that fail it aside, up to `stop_above` of them."""

    meaning: str
    rows: Literal["reject"]
    stop_above: float


class Expectation(TypedDict):
    """One check, in the native JSON of Great Expectations."""

    type: str
    kwargs: Mapping[str, Any]
    severity: NotRequired[str]
    meta: NotRequired[Meta]


class Suite(TypedDict):
    """The checks of one table, in the native JSON of Great Expectations; its name begins with the table's."""

    name: str
    expectations: list[Expectation]


def read_suites() -> list[Suite]:
    """Read the batch rules, in the order of their file names."""
    return [json.loads(path.read_bytes()) for path in sorted(EXPECTATIONS.glob("*.json"))]


def read_rules() -> list[Suite]:
    """Return every suite that a day is judged by: the batch rules, and the row rules of the published tables."""
    return [*read_suites(), *(build_row_suite(table) for table in PUBLISHED if table is not CHECKS)]


def build_row_suite(table: Table) -> Suite:
    """Build a suite from the row rules of a contract, so that GX checks independently what our code has enforced."""
    judged = list_plain_columns(table)
    expectations = [rule for column in table.columns if column.name in judged for rule in _build_column_rules(column)]
    if table.key:
        expectations.append(_build_key_rule(table))
    return {"name": f"{table.name}.contract", "expectations": expectations}


def list_plain_columns(table: Table) -> list[str]:
    """List the columns that GX may see: neither the body nor lists and structs that hold pieces of it."""
    return [column.name for column in table.columns if column.type != BODY and not _holds_structs(column.type)]


def get_table_name(suite: str) -> str:
    """Return the table that a suite judges: its name up to the first dot."""
    return suite.partition(".")[0]


def _holds_structs(kind: pa.DataType) -> bool:
    return bool(pa.types.is_struct(kind) or (pa.types.is_list(kind) and pa.types.is_struct(kind.value_type)))


def _build_column_rules(column: Column) -> list[Expectation]:
    meaning = f"{column.doc} By contract: {column.describe_rules()}."

    def rule(condition: str, **kwargs: Any) -> Expectation:
        return _build_critical(f"expect_column_values_to_{condition}", {"column": column.name, **kwargs}, meaning)

    rules: list[Expectation] = []
    if column.required:
        rules.append(rule("not_be_null"))
    if column.values is not None:
        rules.append(rule("be_in_set", value_set=list(column.values)))
    if column.between is not None:
        low, high = column.between
        rules.append(rule("be_between", min_value=low, max_value=high))
    if column.pattern is not None:
        # In Python `$` would also match before a newline at the end.
        rules.append(rule("match_regex", regex=rf"^(?:{column.pattern})\Z"))
    return rules


def _build_key_rule(table: Table) -> Expectation:
    meaning = f"{table.grain} No two rows have the same key."
    if len(table.key) > 1:
        return _build_critical("expect_compound_columns_to_be_unique", {"column_list": list(table.key)}, meaning)
    return _build_critical("expect_column_values_to_be_unique", {"column": table.key[0]}, meaning)


def _build_critical(kind: str, kwargs: Mapping[str, Any], meaning: str) -> Expectation:
    return {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"meaning": meaning}}
