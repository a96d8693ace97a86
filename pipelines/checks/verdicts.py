"""What follows from what the checks saw: rows that are set aside, and whether the release stops. Pure, without GX."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.checks import CHECKS

Suite = Mapping[str, Any]  # native Great Expectations JSON: `name`, `expectations`
FAILING = pa.schema([("suite", pa.string()), ("check_index", pa.int32()), ("row_id", pa.string())])
# Where more rows are broken it is not the rows that are broken: none of the table is set aside, and the release stops.
# That holds for each check and for all of a table together, or ten checks of ten rows each would empty a day. A
# twentieth is what a release can lose without being another one. Of few rows a twentieth is nobody, and some bad ones
# are no reason to keep the others: there it is one in five, which poison.py calls an explosion too, and ten at most.
STOP_ABOVE = 0.05
STOP_ABOVE_ROWS = 10
STOP_ABOVE_ONE_IN = 5


@dataclass(frozen=True)
class Verdict:
    """`checks` has one row per expectation, `failing` one per row that breaks one that failed."""

    checks: pa.Table
    failing: pa.Table


def find_rows_to_set_aside(
    suites: Sequence[Suite], verdict: Verdict, row_counts: Mapping[str, int]
) -> dict[str, dict[str, str]]:
    """table → row id → what it breaks, for the rows that a failed expectation with `meta.rows: "reject"` sends back.

    An expectation that more rows break than it may set aside (its `meta.stop_above` is its own STOP_ABOVE) sends none
    back; nor does any where all of a table together send back more than the most lenient of them may. `row_counts`
    says how many rows each table has.
    """
    failed = {(row["suite"], row["check_index"]): row for row in verdict.checks.to_pylist() if not row["is_success"]}
    sending: dict[tuple[str, int], str] = {}
    at_most: dict[str, float] = defaultdict(float)
    for suite, index, meta in _rejecting(suites):
        row = failed.get((suite, index))
        if row is None or not row["unexpected_count"]:
            continue
        table = get_table_name(suite)
        allowed = _allowed(row_counts[table], meta.get("stop_above", STOP_ABOVE))
        if row["unexpected_count"] <= allowed:
            sending[suite, index] = f"{_told(row)}: {row['meaning']}"
            at_most[table] = max(at_most[table], allowed)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    if sending:
        for row in verdict.failing.to_pylist():
            if (detail := sending.get((row["suite"], row["check_index"]))) is not None:
                found[get_table_name(row["suite"])].setdefault(row["row_id"], detail)
    return {table: rows for table, rows in found.items() if len(rows) <= at_most[table]}


def merge_checks(suites: Sequence[Suite], first: Verdict, last: Verdict) -> pa.Table:
    """The checks of a day judged for the last time, after what failed the first time was set aside.

    `last` is `first` itself where nothing was. What still fails an expectation that sends rows back stops the release.
    One that sent rows back says how many.
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


def find_critical_failures(checks: pa.Table) -> list[str]:
    """What stops the release, in words; empty where it may go out."""
    failed = checks.filter(pc.and_(pc.invert(checks["is_success"]), pc.equal(checks["severity"], "critical")))
    return [f"{_told(row)} {row['error'] or row['unexpected_count'] or row['observed']}" for row in failed.to_pylist()]


def describe_set_aside(checks: pa.Table) -> list[str]:
    """What was set aside on a day, in words, check by check: nothing else says that it happened where that helped."""
    sending = checks.filter(pc.greater(pc.fill_null(checks["set_aside_count"], 0), 0)).to_pylist()
    return [f"{row['set_aside_count']} rows set aside by {_told(row)}: {row['meaning']}" for row in sending]


def build_surge_checks(causes: Iterable[tuple[str, int, int]]) -> pa.Table:
    """The checks of a day that was stopped before it was judged: one that failed for each cause that explodes.

    A cause is its words, how many items it would reject, and of how many.
    """
    rows = [
        {
            "suite": "surge",
            "check_index": index,
            "expectation": "expect_no_rejection_surge",
            "severity": "critical",
            "is_success": False,
            "row_count": item_count,
            "unexpected_count": count,
            "observed": json.dumps(said, ensure_ascii=False),
            "meaning": "where one cause rejects far more of a day than usual it is rather the code that is wrong; a"
            " person may accept its fingerprint",
        }
        for index, (said, count, item_count) in enumerate(causes)
    ]
    return pa.Table.from_pylist(rows, CHECKS.schema)


def get_table_name(suite: str) -> str:
    """The table that a suite judges: its name begins with it, before the first dot."""
    return suite.partition(".")[0]


def _told(check: Mapping[str, Any]) -> str:
    return f"{check['suite']}: {check['expectation']}({check['column_name'] or ''})"


def _allowed(row_count: int, share: float) -> float:
    """How many rows of so many may be set aside: never all, or the day would be empty."""
    of_few = min(STOP_ABOVE_ROWS, math.ceil(row_count / STOP_ABOVE_ONE_IN))
    return min(max(share * row_count, of_few), row_count - 1)


def _rejecting(suites: Sequence[Suite]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for suite in suites:
        for index, expectation in enumerate(suite["expectations"]):
            if expectation.get("meta", {}).get("rows") == "reject":
                yield suite["name"], index, expectation["meta"]
