"""A judged day → checks: what Great Expectations says of it. Only this module, expectations.py and data_docs.py know GX
and pandas; what follows from a verdict is in verdicts.py.

Importing GX costs three to six seconds of CPU, so it happens inside `judge`. Verdicts come first, of all expectations;
which rows fail is asked of those that failed alone.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal

import pyarrow as pa

from pipelines.checks.verdicts import FAILING, Suite, Verdict, get_table_name
from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import ROW_ID, Column, Table

Format = Literal["BASIC", "COMPLETE"]
COLUMN_KWARGS = ("column", "column_A", "column_B")
CONDITION_COLUMN = re.compile(r"[a-z_]\w*")  # of a row_condition: names of columns, and other words
SHOWN_IDS = 20  # in `checks`; all of them are kept with the attempt
BODY = pa.large_string()  # never handed to GX: ten times slower, and what matters of it is in count columns


def list_plain_columns(table: Table) -> list[str]:
    """The columns that Great Expectations may see: neither the body nor the lists that hold pieces of it."""
    return [c.name for c in table.columns if c.type != BODY and not _holds_structs(c.type)]


def build_row_suite(table: Table) -> Suite:
    """The row rules of a contract as a suite, so that what is published is also checked by another hand."""
    judged = list_plain_columns(table)
    expectations = [rule for column in table.columns if column.name in judged for rule in _column_rules(column)]
    if table.key:
        kind = "expect_compound_columns_to_be_unique" if len(table.key) > 1 else "expect_column_values_to_be_unique"
        kwargs = {"column_list": list(table.key)} if len(table.key) > 1 else {"column": table.key[0]}
        meaning = f"{table.grain} Its key tells it from all others."
        expectations.append({"type": kind, "kwargs": kwargs, "meta": {"meaning": meaning}})
    return {
        "name": f"{table.name}.contract",
        "expectations": [{**rule, "severity": "critical"} for rule in expectations],
    }


def judge(suites: Sequence[Suite], tables: Mapping[str, pa.Table]) -> Verdict:
    """What Great Expectations says: a row for every expectation, whatever is wrong with it.

    One that cannot be judged has failed, with the error said. Where a column is not there that is as severe as the
    expectation; where the expectation itself is wrong (its type, severity or an argument), or no answer came, critical.
    """
    rows: list[dict[str, Any]] = []
    failing = [FAILING.empty_table()]
    validate = _great_expectations()
    for suite in suites:
        table = tables[get_table_name(suite["name"])]
        # GX gives its results in an order of its own; the index travels with each expectation.
        numbered = [
            {**expectation, "meta": {**expectation.get("meta", {}), "index": index}}
            for index, expectation in enumerate(suite["expectations"])
        ]
        unfit = {index: why for index, expectation in enumerate(numbered) if (why := find_misfit(expectation))}
        fit = [expectation for index, expectation in enumerate(numbered) if index not in unfit]
        # A suite that only counts rows still needs the rows.
        frame = _widened(table.select(list_needed_columns(fit, table) or table.column_names[:1])).to_pandas()
        results = validate(suite["name"], frame, fit, "BASIC")
        found = {row["check_index"]: row for row in (_check(suite["name"], result) for result in results)}
        checks = [
            found.get(index) or _unjudged(suite["name"], expectation, unfit.get(index, "no answer came"))
            for index, expectation in enumerate(numbered)
        ]
        asked = [numbered[row["check_index"]] for row in checks if not row["is_success"] and row["unexpected_count"]]
        # GX copies the frame where a column has nulls: what failed sees its own columns alone.
        narrow = frame[list_needed_columns(asked, table)]
        for index, places in _failing_places(validate(suite["name"], narrow, asked, "COMPLETE") if asked else ()):
            ids = _row_ids(table, places)
            checks[index]["failing_ids"] = ids[:SHOWN_IDS].to_pylist()
            columns = [[suite["name"]] * len(ids), pa.array([index] * len(ids), pa.int32()), ids]
            failing.append(pa.table(columns, schema=FAILING))
        rows += checks
    return Verdict(pa.Table.from_pylist(rows, CHECKS.schema), pa.concat_tables(failing))


def open_gx_context() -> Any:
    """Great Expectations, without a project, telemetry or progress bars, that knows our own expectations too."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from pipelines.checks import expectations as own  # noqa: F401  (importing it makes GX know them)

    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            analytics_enabled=False,
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )


def _great_expectations() -> Callable[..., Sequence[Any]]:
    """A function (name, frame, expectations, result format) → results, with Great Expectations behind it."""
    import great_expectations as gx

    context = open_gx_context()
    datasource = context.data_sources.add_pandas("staged")

    def validate(name: str, frame: Any, expectations: Sequence[Any], result_format: Format) -> Sequence[Any]:
        asset = datasource.add_dataframe_asset(name)
        batch = asset.add_batch_definition_whole_dataframe("day").get_batch({"dataframe": frame})
        # GX changes what it is given.
        suite = gx.ExpectationSuite(name=name, expectations=deepcopy(list(expectations)))
        results: Sequence[Any] = batch.validate(suite, result_format=result_format).results
        datasource.delete_asset(name)
        return results

    return validate


def find_misfit(expectation: Mapping[str, Any]) -> str | None:
    """What Great Expectations has against an expectation itself, whatever the table; None where it can be judged.

    A suite that is given one of an unknown type or severity only logs that and goes on without it.
    """
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        ExpectationConfiguration(**deepcopy(dict(expectation))).to_domain_obj()
    except Exception as error:  # noqa: BLE001  of whatever kind it is, the check has failed and not the day
        return f"{type(error).__name__}: {error}"
    return None


def _widened(table: pa.Table) -> pa.Table:
    """With numbers of 64 bits: these Great Expectations compares as arrays, any others one by one in Python."""

    def wide(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_integer(kind):
            return pa.int64()
        return pa.float64() if pa.types.is_floating(kind) else kind

    # What must not be null may be: that is for a check to say.
    return table.cast(pa.schema([pa.field(field.name, wide(field.type)) for field in table.schema]))


def _failing_places(results: Iterable[Any]) -> Iterator[tuple[int, list[int]]]:
    """(index of the expectation, places of the rows that break it) of results in the format COMPLETE."""
    for result in results:
        places = result.result.get("unexpected_index_list")
        if places and not result.success:
            yield result.expectation_config.meta["index"], sorted(places)


def _row_ids(table: pa.Table, places: list[int]) -> pa.Array:
    """What failing rows are named by; without names by their places."""
    if ROW_ID not in table.column_names:
        return pa.array(map(str, places), pa.string())
    return table[ROW_ID].take(pa.array(places, pa.int64())).combine_chunks()


def _holds_structs(kind: pa.DataType) -> bool:
    return bool(pa.types.is_struct(kind) or (pa.types.is_list(kind) and pa.types.is_struct(kind.value_type)))


def _column_rules(column: Column) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    on: dict[str, Any] = {"column": column.name}
    if column.required:
        rules.append({"type": "expect_column_values_to_not_be_null", "kwargs": on})
    if column.values is not None:
        rules.append({"type": "expect_column_values_to_be_in_set", "kwargs": on | {"value_set": list(column.values)}})
    if column.between is not None:
        low, high = column.between
        kwargs = on | {"min_value": low, "max_value": high}
        rules.append({"type": "expect_column_values_to_be_between", "kwargs": kwargs})
    if column.pattern is not None:
        # In Python `$` would also match before a newline at the end.
        kwargs = on | {"regex": rf"^(?:{column.pattern})\Z"}
        rules.append({"type": "expect_column_values_to_match_regex", "kwargs": kwargs})
    meta = {"meaning": f"{column.doc} By contract: {column.rules()}."}
    return [{**rule, "meta": meta} for rule in rules]


def list_needed_columns(expectations: Sequence[Mapping[str, Any]], table: pa.Table) -> list[str]:
    """The columns that expectations name; one that is not there is left for GX to report."""
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


def _check(suite: str, result: Any) -> dict[str, Any]:
    expectation = result.expectation_config
    seen = result.result
    kwargs = expectation.kwargs
    named = [kwargs[key] for key in COLUMN_KWARGS if key in kwargs] or list(kwargs.get("column_list", ()))
    return {
        "suite": suite,
        "check_index": expectation.meta["index"],
        "expectation": expectation.type,
        "column_name": ", ".join(named) or None,
        "severity": expectation.severity.value,
        "is_success": bool(result.success),
        "row_count": seen.get("element_count"),
        "unexpected_count": seen.get("unexpected_count"),
        "observed": json.dumps(seen["observed_value"], default=str) if "observed_value" in seen else None,
        "error": _error(result.exception_info),
        "failing_ids": None,
        "set_aside_count": None,
        "meaning": expectation.meta.get("meaning"),
    }


def _unjudged(suite: str, expectation: Mapping[str, Any], why: str) -> dict[str, Any]:
    return {
        "suite": suite,
        "check_index": expectation["meta"]["index"],
        "expectation": str(expectation.get("type")),
        "severity": "critical",
        "is_success": False,
        "unexpected_count": None,
        "error": why,
        "meaning": expectation["meta"].get("meaning"),
    }


def _error(info: Mapping[str, Any]) -> str | None:
    """The first error's message; GX nests them by metric where a metric broke."""
    if "raised_exception" in info:
        return str(info["exception_message"]) if info["raised_exception"] else None
    return next((str(inner["exception_message"]) for inner in info.values() if inner["raised_exception"]), None)
