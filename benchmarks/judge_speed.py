"""What checking a day costs: all suites in two passes beside the same checks as one DuckDB query.

    python -m benchmarks judge_speed [rows]

The day is made up: a small one without defects, repeated with other ids, and one defect in a thousand rows, so that the
second pass has something to name. CPU seconds in one process with one thread; the signs, which cost the same for both,
are apart. A check that DuckDB does not know is one of our own, written in SQL here.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.checks import judge as judging
from pipelines.checks.day_measures import MEANS, SHARES
from pipelines.checks.gx import open_validator
from pipelines.checks.indicators import derive_indicators
from pipelines.checks.judge import judge
from pipelines.checks.suites import Expectation, Suite, read_rules
from pipelines.tables.measures import ALL, MISSING, ODD, RARE, REPEATED
from tests.checks.judged_day import DT, clean_day

UNIQUE = (
    "item_id", "row_id", "article_id", "delivery_id", "content_sha256", "title", "canonical_url", "published_minute",
)  # fmt: skip
BROKEN_EVERY = 1000
SOURCES = 1000  # of which a day has measures


def make_day(rows: int) -> dict[str, pa.Table]:
    """Make the checked tables of a day with so many articles; the other tables are as large in proportion."""
    small = derive_indicators(clean_day(), DT)
    times = -(-rows // small["articles"].num_rows)
    return {
        name: table if name in ("coverage", "measures") else _repeat(table, times) for name, table in small.items()
    } | {"measures": _make_measures(small["measures"])}


def _repeat(table: pa.Table, times: int) -> pa.Table:
    big = table.take(pa.array(np.tile(np.arange(table.num_rows), times)))
    numbers = pa.array(np.arange(big.num_rows))
    for name in [name for name in UNIQUE if name in big.column_names]:
        values = numbers if name == "published_minute" else pa.array([f"{n:064x}" for n in range(big.num_rows)])
        big = big.set_column(big.schema.get_field_index(name), name, values)
    if "garbled_share" in big.column_names:
        wrong = np.where(np.arange(big.num_rows) % BROKEN_EVERY == 0, 0.5, 0.0)
        big = big.set_column(big.schema.get_field_index("garbled_share"), "garbled_share", pa.array(wrong))
    return big


def _make_measures(table: pa.Table) -> pa.Table:
    """Make the measures of a day of many sources, none of which deviates: of each source, and of each column."""
    names = [(name, source) for source in range(SOURCES) for name in (*SHARES, *MEANS)]
    whole = [(f"{family}articles.column_{n}", ALL) for family in (MISSING, REPEATED, ODD, RARE) for n in range(200)]
    big = table.take(pa.array(np.zeros(len(names) + len(whole), np.int64)))
    pairs = [*((name, f"paper{source}.example") for name, source in names), *whole]
    for at, name in enumerate(("measure", "source")):
        values = pa.array([pair[at] for pair in pairs], pa.string())
        big = big.set_column(big.schema.get_field_index(name), name, values)
    return big


def _write_condition(rule: Expectation, table: str) -> str:
    """Write what decides an expectation as SQL over its table: how many rows break it, mostly."""
    kind, limits = rule["type"], rule["kwargs"]
    column = f'"{limits.get("column")}"'
    where = (limits.get("row_condition") or "true").replace("==", "=")
    where = where.replace("measure.str.startswith(", "starts_with(measure, ")
    where = where.replace("measure.str.endswith(", "ends_with(measure, ")
    if "unique" in kind and ("proportion" in kind or "value_count" in kind):
        return f"count(DISTINCT {column})::DOUBLE"
    if "not_be_null" in kind:
        wrong = f"{column} IS NULL"
    elif "not_be_in_set" in kind or "be_in_set" in kind:
        listed = ", ".join("true" if v is True else "false" if v is False else f"'{v}'" for v in limits["value_set"])
        wrong = f"{column} {'IN' if 'not_be' in kind else 'NOT IN'} ({listed})"
    elif "values_to_be_between" in kind:
        bounds = [f"{column} < {limits['min_value']}"] if limits.get("min_value") is not None else []
        bounds += [f"{column} > {limits['max_value']}"] if limits.get("max_value") is not None else []
        wrong = " OR ".join(bounds)
    elif "match_regex" in kind:
        wrong = f"NOT regexp_full_match({column}, '{limits['regex'][1:-2]}')"
    elif "pair_values" in kind:
        wrong = f'"{limits["column_A"]}" < "{limits["column_B"]}"'
    elif "repeat_at_most" in kind:
        many = f"SELECT 1 FROM {table} GROUP BY {column} HAVING count(*) > {limits['max_count']}"
        return f"(SELECT count(*)::DOUBLE FROM ({many}))"
    elif "unique" in kind:
        columns = ", ".join(f'"{c}"' for c in limits.get("column_list", [limits.get("column")]))
        return f"(count(*) - count(DISTINCT ({columns})))::DOUBLE"
    else:
        return "count(*)::DOUBLE"
    return f"(count(*) FILTER (({where}) AND ({wrong})))::DOUBLE"


def _write_query(suites: Sequence[Suite]) -> str:
    """Write one query: for each suite a list of what decides its expectations."""
    sql = []
    for suite in suites:
        table = suite["name"].partition(".")[0]
        decided = ", ".join(_write_condition(rule, table) for rule in suite["expectations"])
        sql.append(f"(SELECT [{decided}] FROM {table})")
    return "SELECT " + ", ".join(sql)


def measure(rows: int) -> dict[str, float]:
    """Measure a day of so many articles."""
    suites = read_rules()
    figures: dict[str, float] = {"expectations": sum(len(suite["expectations"]) for suite in suites)}
    begun = time.process_time()
    open_validator()
    figures["import_s"] = time.process_time() - begun
    tables = make_day(rows)
    # The first run of anything in GX compiles and caches; a small day takes that out of the figures.
    judge(suites, make_day(20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    formats: list[tuple[str, float]] = []

    def timed() -> Any:
        call = open_validator()

        def clocked(name: str, frame: Any, expectations: Sequence[Any], result_format: Any) -> Any:
            start = time.process_time()
            results = call(name, frame, expectations, result_format)
            formats.append((result_format, time.process_time() - start))
            return results

        return clocked

    with patch.object(judging, "open_validator", timed):
        begun = time.process_time()
        verdict = judge(suites, tables)
        figures["whole_s"] = time.process_time() - begun
    figures["first_pass_s"] = figures["whole_s"] - sum(
        took for result_format, took in formats if result_format == "COMPLETE"
    )
    figures["failing_rows"] = verdict.failing.num_rows
    figures["memory_added_mb"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    connection = duckdb.connect(config={"threads": 1})
    for name, table in tables.items():
        connection.register(name, table)
    query = _write_query(suites)
    begun = time.process_time()
    connection.execute(query).fetchall()
    figures["duckdb_s"] = time.process_time() - begun
    figures["first_ratio"] = figures["first_pass_s"] / figures["duckdb_s"]
    figures["whole_ratio"] = figures["whole_s"] / figures["duckdb_s"]
    return {"rows": rows, **figures}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON; the argument is the number of articles."""
    rows = int(next(iter(sys.argv[1:] if arguments is None else arguments), 10_000))
    print(json.dumps({name: round(value, 2) for name, value in measure(rows).items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
