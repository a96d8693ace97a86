"""A judged day → checks: what Great Expectations says of it. Only this module and expectations.py know GX and pandas.

Importing GX costs three to six seconds of CPU, so it happens inside `judge`. Verdicts come first, of all expectations;
which rows fail is asked of those that failed alone.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import Column, Table

Format = Literal["BASIC", "COMPLETE"]
Suite = Mapping[str, Any]  # native Great Expectations JSON: `name`, `expectations`
COLUMN_KWARGS = ("column", "column_A", "column_B")
CONDITION_COLUMN = re.compile(r"[a-z_]\w*")  # of a row_condition: names of columns, and other words
ROW_ID = "row_id"  # what failing rows are named by; without it by their place
SHOWN_IDS = 20  # in `checks`; all of them are kept with the attempt
FAILING = pa.schema([("suite", pa.string()), ("check_index", pa.int32()), ("row_id", pa.string())])
# More rows than both stop the release instead of being set aside: then it is not the rows that are broken. A twentieth
# is what a release can lose without being another one; on a small day ten bad rows are no reason to keep the others.
STOP_ABOVE = 0.05
STOP_ABOVE_ROWS = 10
BODY = pa.large_string()  # never handed to GX: ten times slower, and what matters of it is in count columns

# Of all that Data Docs load from elsewhere only the styles; their scripts only sort and fold.
DOCS_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none';"
    " img-src 'self' data:; font-src 'self' https://cdnjs.cloudflare.com; style-src 'self' 'unsafe-inline'"
    ' https://maxcdn.bootstrapcdn.com https://cdnjs.cloudflare.com https://unpkg.com">'
)


def judged_columns(table: Table) -> list[str]:
    """The columns that Great Expectations may see: neither the body nor the lists that hold pieces of it."""
    return [c.name for c in table.columns if c.type != BODY and not _holds_structs(c.type)]


def row_rules(table: Table) -> Suite:
    """The row rules of a contract as a suite, so that what is published is also checked by another hand."""
    judged = judged_columns(table)
    expectations = [rule for column in table.columns if column.name in judged for rule in _column_rules(column)]
    if table.key:
        kind = "expect_compound_columns_to_be_unique" if len(table.key) > 1 else "expect_column_values_to_be_unique"
        kwargs = {"column_list": list(table.key)} if len(table.key) > 1 else {"column": table.key[0]}
        expectations.append({"type": kind, "kwargs": kwargs})
    meta = {"meaning": "a row rule of the table's contract"}
    return {
        "name": f"{table.name}.contract",
        "expectations": [{**rule, "severity": "critical", "meta": meta} for rule in expectations],
    }


@dataclass(frozen=True)
class Verdict:
    """`checks` has one row per expectation, `failing` one per row that breaks one that failed."""

    checks: pa.Table
    failing: pa.Table


def judge(suites: Sequence[Suite], tables: Mapping[str, pa.Table]) -> Verdict:
    """What Great Expectations says. A suite judges the table that its name begins with, before the first dot.

    An expectation that cannot be judged (a column that is not there, a wrong argument) has failed, with the error said.
    """
    rows: list[dict[str, Any]] = []
    failing = [FAILING.empty_table()]
    validate = _great_expectations()
    for suite in suites:
        table = tables[suite["name"].partition(".")[0]]
        frame = table.select(_needed(suite, table)).to_pandas()
        if not frame.columns.size:  # a suite that only counts rows still needs the rows
            frame = table.select(table.column_names[:1]).to_pandas()
        # GX gives its results in an order of its own; the index travels with each expectation.
        numbered = [
            {**expectation, "meta": {**expectation.get("meta", {}), "index": index}}
            for index, expectation in enumerate(suite["expectations"])
        ]
        results = validate(suite["name"], frame, numbered, "BASIC")
        checks = sorted((_check(suite["name"], result) for result in results), key=lambda row: row["check_index"])
        asked = [numbered[row["check_index"]] for row in checks if not row["is_success"] and row["unexpected_count"]]
        # GX copies the frame where a column has nulls: what failed sees its own columns alone.
        narrow = frame[_needed({"expectations": asked}, table)]
        for index, places in _failing_places(validate(suite["name"], narrow, asked, "COMPLETE") if asked else ()):
            ids = _row_ids(table, places)
            checks[index]["failing_ids"] = ids[:SHOWN_IDS].to_pylist()
            columns = [[suite["name"]] * len(ids), pa.array([index] * len(ids), pa.int32()), ids]
            failing.append(pa.table(columns, schema=FAILING))
        rows += checks
    return Verdict(pa.Table.from_pylist(rows, CHECKS.schema), pa.concat_tables(failing))


def rows_to_set_aside(suites: Sequence[Suite], verdict: Verdict) -> dict[str, dict[str, str]]:
    """table → row id → what it breaks, for the rows that a failed expectation with `meta.rows: "reject"` sends back.

    An expectation that more rows break than its `meta.stop_above` (a share; STOP_ABOVE without one) sends none back.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    failed = {(row["suite"], row["check_index"]): row for row in verdict.checks.to_pylist() if not row["is_success"]}
    sending = {}
    for suite, index, meta in _rejecting(suites):
        row = failed.get((suite, index))
        if row is None or not row["unexpected_count"]:
            continue
        allowed = max(STOP_ABOVE_ROWS, meta.get("stop_above", STOP_ABOVE) * row["row_count"])
        if row["unexpected_count"] <= allowed:
            sending[suite, index] = f"{suite}: {row['expectation']}({row['column_name']}): {row['meaning']}"
    if sending:
        for row in verdict.failing.to_pylist():
            if (detail := sending.get((row["suite"], row["check_index"]))) is not None:
                found[row["suite"].partition(".")[0]].setdefault(row["row_id"], detail)
    return dict(found)


def settled(suites: Sequence[Suite], first: Verdict, last: Verdict) -> pa.Table:
    """The checks of a day judged for the last time, after what failed the first time was set aside.

    What still fails an expectation that sends rows back stops the release. One that sent rows back says how many.
    """
    rejecting = {(suite, index) for suite, index, _ in _rejecting(suites)}
    before = {(row["suite"], row["check_index"]): row for row in first.checks.to_pylist()}
    rows = last.checks.to_pylist()
    for row in rows:
        name = row["suite"], row["check_index"]
        if name in rejecting and not row["is_success"]:
            row["severity"] = "critical"
        elif name in rejecting and first is not last and not before[name]["is_success"]:
            row |= {"set_aside_count": before[name]["unexpected_count"], "failing_ids": before[name]["failing_ids"]}
    return pa.Table.from_pylist(rows, CHECKS.schema)


def write_data_docs(suites: Sequence[Suite], tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Great Expectations' own pages of what its suites say of these tables; `folder`/index.html leads to them.

    Its templates escape nothing: values of articles are left out (the report of a try has them), and a policy is put
    into each page that lets no script run and asks no host but those of its styles.
    """
    import great_expectations as gx

    context = _context()
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    site: Any = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": backend,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site(site_name="release", site_config=site)
    datasource = context.data_sources.add_pandas("staged")
    for suite in suites:
        name, table = suite["name"], tables[suite["name"].partition(".")[0]]
        frame = table.select(_needed(suite, table) or table.column_names[:1]).to_pandas()
        definition = gx.ValidationDefinition(
            name=name,
            data=datasource.add_dataframe_asset(name).add_batch_definition_whole_dataframe("day"),
            suite=context.suites.add(gx.ExpectationSuite(name=name, expectations=list(suite["expectations"]))),
        )
        context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
    context.build_data_docs()
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(html.replace("<head>", f"<head>{DOCS_POLICY}", 1), encoding="utf-8")


def critical_failures(checks: pa.Table) -> list[str]:
    """What stops the release, in words; empty where it may go out."""
    failed = checks.filter(pc.and_(pc.invert(checks["is_success"]), pc.equal(checks["severity"], "critical")))
    return [
        f"{row['suite']}: {row['expectation']}({row['column_name'] or ''}) "
        f"{row['error'] or row['unexpected_count'] or row['observed']}"
        for row in failed.to_pylist()
    ]


def _context() -> Any:
    """Great Expectations, without a project, telemetry or progress bars, that knows our own expectations too."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from pipelines.stages import expectations as own  # noqa: F401  (importing it makes GX know them)

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

    context = _context()
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


def _failing_places(results: Iterable[Any]) -> Iterator[tuple[int, list[int]]]:
    """(index of the expectation, places of the rows that break it) of results in the format COMPLETE."""
    for result in results:
        places = result.result.get("unexpected_index_list")
        if places and not result.success:
            yield result.expectation_config.meta["index"], sorted(places)


def _row_ids(table: pa.Table, places: list[int]) -> pa.Array:
    if ROW_ID not in table.column_names:
        return pa.array(map(str, places), pa.string())
    return table[ROW_ID].take(pa.array(places, pa.int64())).combine_chunks()


def _rejecting(suites: Sequence[Suite]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for suite in suites:
        for index, expectation in enumerate(suite["expectations"]):
            if expectation.get("meta", {}).get("rows") == "reject":
                yield suite["name"], index, expectation["meta"]


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
    return rules


def _needed(suite: Suite, table: pa.Table) -> list[str]:
    """The columns that a suite names; one that is not there is left for GX to report."""
    named = [
        column
        for expectation in suite["expectations"]
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


def _error(info: Mapping[str, Any]) -> str | None:
    """The first error's message; GX nests them by metric where a metric broke."""
    if "raised_exception" in info:
        return str(info["exception_message"]) if info["raised_exception"] else None
    return next((str(inner["exception_message"]) for inner in info.values() if inner["raised_exception"]), None)
