"""A staged day → checks: what Great Expectations says of it. The only module that knows GX or pandas.

Importing GX costs some six seconds of CPU, so it happens inside `judge`, once a day.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import Column, Table

Suite = Mapping[str, Any]  # native Great Expectations JSON: `name`, `expectations`
COLUMN_KWARGS = ("column", "column_A", "column_B")
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


def judge(suites: Sequence[Suite], tables: Mapping[str, pa.Table]) -> pa.Table:
    """One row of CHECKS per expectation. A suite judges the table that its name begins with, before the first dot.

    An expectation that cannot be judged (a column that is not there, a wrong argument) has failed, with the error said.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            analytics_enabled=False,
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )
    datasource = context.data_sources.add_pandas("staged")
    rows: list[dict[str, Any]] = []
    for suite in suites:
        table = tables[suite["name"].partition(".")[0]]
        frame = table.select(_needed(suite, table)).to_pandas()
        if not frame.columns.size:  # a suite that only counts rows still needs the rows
            frame = table.select(table.column_names[:1]).to_pandas()
        asset = datasource.add_dataframe_asset(suite["name"])
        batch = asset.add_batch_definition_whole_dataframe("day").get_batch({"dataframe": frame})
        # GX gives its results in an order of its own; the index travels with each expectation.
        numbered = [
            {**expectation, "meta": {**expectation.get("meta", {}), "index": index}}
            for index, expectation in enumerate(suite["expectations"])
        ]
        results = batch.validate(
            gx.ExpectationSuite(name=suite["name"], expectations=numbered), result_format="BASIC"
        ).results
        rows += sorted((_check(suite["name"], result) for result in results), key=lambda row: row["check_index"])
    return pa.Table.from_pylist(rows, CHECKS.schema)


def write_data_docs(suites: Sequence[Suite], tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Great Expectations' own pages of what its suites say of these tables; `folder`/index.html leads to them.

    Its templates escape nothing: values of articles are left out (the report of a try has them), and a policy is put
    into each page that lets no script run and asks no host but those of its styles.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            analytics_enabled=False,
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )
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
        "meaning": expectation.meta.get("meaning"),
    }


def _error(info: Mapping[str, Any]) -> str | None:
    """The first error's message; GX nests them by metric where a metric broke."""
    if "raised_exception" in info:
        return str(info["exception_message"]) if info["raised_exception"] else None
    return next((str(inner["exception_message"]) for inner in info.values() if inner["raised_exception"]), None)
