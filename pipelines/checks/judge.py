"""A day as the checks see it → its verdict: the result of every expectation, and the rows that break it.

All expectations are judged first; the failing rows are asked only of those that failed. verdicts.py says what follows.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.checks.gx import Validate, find_definition_error, open_validator
from pipelines.checks.suites import Expectation, Suite, get_table_name
from pipelines.checks.verdicts import FAILING, CheckRow, Verdict
from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import ROW_ID

COLUMN_KWARGS = ("column", "column_A", "column_B")
CONDITION_COLUMN = re.compile(r"[a-z_]\w*")  # of a row_condition: names of columns, and other words
# Values that GX is given at once, some 10 to 40 bytes each: all columns of 50,000 articles, two of five million
# entities. Verdicts do not depend on it.
CELLS = 10_000_000
SHOWN_IDS = 20  # in `checks`; all of them are kept with the attempt


def judge(suites: Sequence[Suite], tables: Mapping[str, pa.Table]) -> Verdict:
    """Judge the tables by the suites. Returns a check for every expectation, also for one that cannot be judged.

    An expectation that raises counts as failed, and its error is recorded. Its severity stays where a column is
    missing. It is critical where the expectation itself is wrong (type, severity or an argument) or GX gave no result.
    """
    rows: list[CheckRow] = []
    failing = [FAILING.empty_table()]
    validate = open_validator()
    for suite in suites:
        suite_rows, suite_failing = _judge_suite(validate, suite, tables[get_table_name(suite["name"])])
        rows += suite_rows
        failing += suite_failing
    return Verdict(pa.Table.from_pylist(rows, CHECKS.schema), pa.concat_tables(failing))


def list_needed_columns(expectations: Sequence[Expectation], table: pa.Table) -> list[str]:
    """List the columns of a table that expectations name; a missing one is left for GX to report."""
    named = [
        column
        for expectation in expectations
        for column in (
            *(expectation["kwargs"].get(key) for key in COLUMN_KWARGS),
            *expectation["kwargs"].get("column_list", ()),
            *CONDITION_COLUMN.findall(expectation["kwargs"].get("row_condition") or ""),
        )
    ]
    return [column for column in dict.fromkeys(named) if column in table.column_names]


def _judge_suite(validate: Validate, suite: Suite, table: pa.Table) -> tuple[list[CheckRow], list[pa.Table]]:
    """Return (the checks of a suite, FAILING tables of those that failed)."""
    name = suite["name"]
    # GX gives its results in an order of its own; the index travels with each expectation.
    numbered: list[Any] = [
        {**expectation, "meta": {**expectation.get("meta", {}), "index": index}}
        for index, expectation in enumerate(suite["expectations"])
    ]
    errors = {index: find_definition_error(expectation) for index, expectation in enumerate(numbered)}
    judged: dict[int, CheckRow] = {}
    failing: list[pa.Table] = []
    for group in group_expectations([each for index, each in enumerate(numbered) if errors[index] is None], table):
        checks = _judge_group(validate, name, group, table)
        judged |= {check["check_index"]: check for check in checks.rows}
        failing += checks.failing
    return [
        judged.get(index)
        or _build_unjudged_check(name, expectation, errors[index] or "Great Expectations returned no result")
        for index, expectation in enumerate(numbered)
    ], failing


def group_expectations(expectations: Sequence[Any], table: pa.Table) -> list[list[Any]]:
    """Group expectations so that the columns of each group have no more than CELLS values, or it is a single one."""
    groups: list[list[Any]] = [[]]
    columns: set[str] = set()
    for expectation in expectations:
        needed = columns.union(list_needed_columns([expectation], table))
        if groups[-1] and len(needed) * table.num_rows > CELLS:
            groups.append([])
            needed = set(list_needed_columns([expectation], table))
        groups[-1].append(expectation)
        columns = needed
    return groups


class _GroupChecks(NamedTuple):
    """The checks of a group of expectations, and FAILING tables of those that failed."""

    rows: list[CheckRow]
    failing: list[pa.Table]


def _judge_group(validate: Validate, name: str, expectations: Sequence[Any], table: pa.Table) -> _GroupChecks:
    # A suite that only counts rows still needs the rows.
    columns = list_needed_columns(expectations, table) or table.column_names[:1]
    frame = _widen_numbers(table.select(columns)).to_pandas()
    checks = {
        check["check_index"]: check
        for check in (_build_check(name, result) for result in validate(name, frame, expectations, "BASIC"))
    }
    broken_indices = [n for n, check in checks.items() if not check["is_success"] and check["unexpected_count"]]
    broken = [each for each in expectations if each["meta"]["index"] in broken_indices]
    if not broken:
        return _GroupChecks(list(checks.values()), [])
    failing = []
    # GX copies the frame where a column has nulls, so this pass gets only the columns of the checks that failed.
    narrow = frame[list_needed_columns(broken, table)]
    for index, row_numbers in _find_failing_rows(validate(name, narrow, broken, "COMPLETE")):
        ids = _get_row_ids(table, row_numbers)
        checks[index]["failing_ids"] = ids[:SHOWN_IDS].to_pylist()
        failing.append(pa.table([[name] * len(ids), pa.array([index] * len(ids), pa.int32()), ids], schema=FAILING))
    return _GroupChecks(list(checks.values()), failing)


def _widen_numbers(table: pa.Table) -> pa.Table:
    """Give numbers 64 bits: GX compares these as arrays, and any others one by one in Python."""

    def widen(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_integer(kind):
            return pa.int64()
        return pa.float64() if pa.types.is_floating(kind) else kind

    # A required column may hold nulls here: a check has to report them.
    return table.cast(pa.schema([pa.field(field.name, widen(field.type)) for field in table.schema]))


def _find_failing_rows(results: Iterable[Any]) -> Iterator[tuple[int, list[int]]]:
    """Yield (index of the expectation, numbers of the rows that break it) from results in the format COMPLETE."""
    for result in results:
        row_numbers = result.result.get("unexpected_index_list")
        if row_numbers and not result.success:
            yield result.expectation_config.meta["index"], sorted(row_numbers)


def _get_row_ids(table: pa.Table, row_numbers: list[int]) -> pa.Array:
    """Return the ids of rows; of a table without ids their numbers."""
    if ROW_ID not in table.column_names:
        return pa.array(map(str, row_numbers), pa.string())
    return table[ROW_ID].take(pa.array(row_numbers, pa.int64())).combine_chunks()


def _build_check(suite: str, result: Any) -> CheckRow:
    expectation, details = result.expectation_config, result.result
    kwargs = expectation.kwargs
    columns = [kwargs[key] for key in COLUMN_KWARGS if key in kwargs] or list(kwargs.get("column_list", ()))
    return {
        "suite": suite,
        "check_index": expectation.meta["index"],
        "expectation": expectation.type,
        "column_name": ", ".join(columns) or None,
        "severity": expectation.severity.value,
        "is_success": bool(result.success),
        "row_count": details.get("element_count"),
        "unexpected_count": details.get("unexpected_count"),
        "observed": json.dumps(details["observed_value"], default=str) if "observed_value" in details else None,
        "error": _find_error(result.exception_info),
        "failing_ids": None,
        "set_aside_count": None,
        "meaning": expectation.meta.get("meaning"),
    }


def _build_unjudged_check(suite: str, expectation: Mapping[str, Any], error: str) -> CheckRow:
    return {
        "suite": suite,
        "check_index": expectation["meta"]["index"],
        "expectation": str(expectation.get("type")),
        "severity": "critical",
        "is_success": False,
        "unexpected_count": None,
        "error": error,
        "meaning": expectation["meta"].get("meaning"),
    }


def _find_error(exception_info: Mapping[str, Any]) -> str | None:
    """Return the first error's message; GX nests errors by metric where a metric raised."""
    if "raised_exception" in exception_info:
        return str(exception_info["exception_message"]) if exception_info["raised_exception"] else None
    raised = (inner for inner in exception_info.values() if inner["raised_exception"])
    return next((str(inner["exception_message"]) for inner in raised), None)
