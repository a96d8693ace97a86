"""A verdict → its consequences: the rows to set aside, and whether the release stops. Pure, without GX."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.suites import Meta, Suite, get_table_name
from pipelines.tables.checks import CHECKS

CheckRow = dict[str, Any]  # a row of CHECKS
RowsToSetAside = dict[str, dict[str, str]]  # table → row id → the check that the row fails, in words
FAILING = pa.schema([("suite", pa.string()), ("check_index", pa.int32()), ("row_id", pa.string())])
# Above these bounds the fault is not in single rows: no row of the table is set aside, and the release stops.
# They hold for each check and for all of a table together, or ten checks of ten rows each would empty a day. A release
# that loses a twentieth of its rows is still the same release. In a small table a twentieth is less than one row, and
# some bad rows are no reason to lose the others: there it is one row in five (as for a rejection surge), at most ten.
STOP_ABOVE = 0.05
STOP_ABOVE_ROWS = 10
STOP_ABOVE_ONE_IN = 5


class CheckId(NamedTuple):
    """Names one check of a day."""

    suite: str
    check_index: int


@dataclass(frozen=True)
class Verdict:
    """The result of judging: `checks` has a row per expectation, `failing` one per row that breaks one that failed."""

    checks: pa.Table
    failing: pa.Table


def find_rows_to_set_aside(suites: Sequence[Suite], verdict: Verdict, row_counts: Mapping[str, int]) -> RowsToSetAside:
    """Find the rows that fail an expectation with `meta.rows: "reject"`. `row_counts` has the size of each table.

    An expectation that too many rows break (more than its `meta.stop_above`, by default STOP_ABOVE) sets none aside.
    Nor does any expectation of a table whose rows to set aside exceed, together, the most lenient of its bounds.
    """
    failed = {id_: row for id_, row in _index_checks(verdict.checks).items() if not row["is_success"]}
    details: dict[CheckId, str] = {}
    bounds: dict[str, float] = defaultdict(float)
    for id_, meta in _list_rejecting_checks(suites):
        row = failed.get(id_)
        if row is None or not row["unexpected_count"]:
            continue
        table = get_table_name(id_.suite)
        bound = _bound_rows(row_counts[table], meta.get("stop_above", STOP_ABOVE))
        if row["unexpected_count"] <= bound:
            details[id_] = f"{_describe_check(row)}: {row['meaning']}"
            bounds[table] = max(bounds[table], bound)
    rows: RowsToSetAside = defaultdict(dict)
    if details:
        for row in verdict.failing.to_pylist():
            if (detail := details.get(CheckId(row["suite"], row["check_index"]))) is not None:
                rows[get_table_name(row["suite"])].setdefault(row["row_id"], detail)
    return {table: ids for table, ids in rows.items() if len(ids) <= bounds[table]}


def merge_checks(suites: Sequence[Suite], first: Verdict, last: Verdict) -> pa.Table:
    """Merge the checks of two rounds: `last` is the verdict after the rows that failed in `first` were set aside.

    `last` is `first` itself where no row was. A check that sets rows aside and still fails is critical. One that set
    rows aside and passes now says how many these were.
    """
    rejecting = {id_ for id_, _ in _list_rejecting_checks(suites)}
    before = _index_checks(first.checks)
    after = _index_checks(last.checks)
    for id_, row in after.items():
        if id_ in rejecting and not row["is_success"]:
            row["severity"] = "critical"
        elif id_ in rejecting and first is not last and not before[id_]["is_success"]:
            row |= {"set_aside_count": before[id_]["unexpected_count"], "failing_ids": before[id_]["failing_ids"]}
    return pa.Table.from_pylist(list(after.values()), CHECKS.schema)


def find_critical_failures(checks: pa.Table) -> list[str]:
    """Describe each check that stops the release; empty where it may be published."""
    failed = checks.filter(pc.and_(pc.invert(checks["is_success"]), pc.equal(checks["severity"], "critical")))
    return [
        f"{_describe_check(row)} {row['error'] or row['unexpected_count'] or row['observed']}"
        for row in failed.to_pylist()
    ]


def describe_set_aside(checks: pa.Table) -> list[str]:
    """Describe what each check set aside: where that helped, all checks pass and nothing else reports it."""
    setting_aside = checks.filter(pc.greater(pc.fill_null(checks["set_aside_count"], 0), 0)).to_pylist()
    return [
        f"{row['set_aside_count']} rows set aside by {_describe_check(row)}: {row['meaning']}" for row in setting_aside
    ]


def build_surge_checks(causes: Iterable[tuple[str, int, int]]) -> pa.Table:
    """Build the checks of a day that was stopped before it was judged: a failed one for each cause of the surge.

    A cause is (description, how many items it would reject, of how many).
    """
    rows: list[CheckRow] = [
        {
            "suite": "surge",
            "check_index": index,
            "expectation": "expect_no_rejection_surge",
            "severity": "critical",
            "is_success": False,
            "row_count": item_count,
            "unexpected_count": rejected_count,
            "observed": json.dumps(description, ensure_ascii=False),
            "meaning": "One cause rejects far more of this day than usual, so the fault is probably in our code and not"
            " in the articles. If the rejects are legitimate, accept the fingerprint.",
        }
        for index, (description, rejected_count, item_count) in enumerate(causes)
    ]
    return pa.Table.from_pylist(rows, CHECKS.schema)


def _index_checks(checks: pa.Table) -> dict[CheckId, CheckRow]:
    return {CheckId(row["suite"], row["check_index"]): row for row in checks.to_pylist()}


def _describe_check(check: CheckRow) -> str:
    return f"{check['suite']}: {check['expectation']}({check['column_name'] or ''})"


def _bound_rows(row_count: int, share: float) -> float:
    """Return how many rows of a table may be set aside: never all, or the day would be empty."""
    of_small_table = min(STOP_ABOVE_ROWS, math.ceil(row_count / STOP_ABOVE_ONE_IN))
    return min(max(share * row_count, of_small_table), row_count - 1)


def _list_rejecting_checks(suites: Sequence[Suite]) -> Iterator[tuple[CheckId, Meta]]:
    """Yield the expectations that set rows aside, with their `meta`."""
    for suite in suites:
        for index, expectation in enumerate(suite["expectations"]):
            meta = expectation.get("meta", {})
            if meta.get("rows") == "reject":
                yield CheckId(suite["name"], index), meta
