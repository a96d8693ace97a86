"""A verdict → its consequences: the rows to set aside, and whether the release stops. Pure, without GX."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.suites import Meta, Suite, get_table_name
from pipelines.shares import bound_share, count_others
from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import ROW_ID

CheckRow = dict[str, Any]  # a row of CHECKS
RowsToSetAside = dict[str, dict[str, str]]  # table → row id → the check that the row fails, in words
SURGE = "surge"  # the suite of what is found beside the expectations
FAILING = pa.schema([("suite", pa.string()), ("check_index", pa.int32()), ("row_id", pa.string())])
# Above this share the fault is not in single rows: no row of the table is set aside, and the release stops. It holds
# for each check and for all of a table together, or ten checks of ten rows each would empty a day. A release that loses
# a twentieth of its rows is still the same release. The share has to be exceeded for sure (shares.bound_share), so
# a small table may lose more: 10 rows of 100, 3 of 20, 1 of 5, never all. The rows of the source that breaks it most
# do not count: twelve garbled pages of one paper are a fault of that paper.
STOP_ABOVE = 0.05


class CheckId(NamedTuple):
    """Names one check of a day."""

    suite: str
    check_index: int


class _Sources(NamedTuple):
    """The sources of failing rows of a table, by the rows' ids, and how many rows of the table each source has."""

    of_failing: Mapping[str, str]
    row_counts: Counter[str]


@dataclass(frozen=True)
class Verdict:
    """The result of judging: `checks` has a row per expectation, `failing` one per row that breaks one that failed."""

    checks: pa.Table
    failing: pa.Table


def find_rows_to_set_aside(suites: Sequence[Suite], verdict: Verdict, tables: Mapping[str, pa.Table]) -> RowsToSetAside:
    """Find the rows that fail an expectation with `meta.rows: "reject"`. `tables` are the tables that were judged.

    An expectation that too many rows break, over more than one source (more than its `meta.stop_above`, by default
    STOP_ABOVE), sets none aside. Nor does any expectation of a table whose rows to set aside exceed, together, the most
    lenient of its bounds.
    """
    failing: dict[CheckId, list[str]] = defaultdict(list)
    for row in verdict.failing.to_pylist():
        failing[CheckId(row["suite"], row["check_index"])].append(row["row_id"])
    checks = _index_checks(verdict.checks)
    rows: RowsToSetAside = defaultdict(dict)
    bounds: dict[str, float] = defaultdict(float)
    sources: dict[str, _Sources] = {}
    failing_in: dict[str, set[str]] = defaultdict(set)
    for id_, _ in _list_rejecting_checks(suites):
        failing_in[get_table_name(id_.suite)].update(failing[id_])
    for id_, meta in _list_rejecting_checks(suites):
        row, table = checks.get(id_), get_table_name(id_.suite)
        if row is None or row["is_success"] or not failing[id_]:
            continue
        if table not in sources:
            sources[table] = _find_sources(table, tables, failing_in[table])
        bound = meta.get("stop_above", STOP_ABOVE)
        if _are_too_many(failing[id_], sources[table], bound):
            continue
        bounds[table] = max(bounds[table], bound)
        for row_id in failing[id_]:
            rows[table].setdefault(row_id, f"{_describe_check(row)}: {row['meaning']}")
    return {table: ids for table, ids in rows.items() if not _are_too_many(ids, sources[table], bounds[table])}


def _find_sources(name: str, tables: Mapping[str, pa.Table], failing: Iterable[str]) -> _Sources:
    """Find the sources of the rows of a table; rows of articles that are not there have none."""
    articles = tables["articles"].select(["item_id", "source"])
    at = pc.index_in(tables[name]["item_id"], value_set=articles["item_id"].combine_chunks())
    sources = pc.fill_null(articles["source"].take(at), "")
    counts = {pair["values"]: pair["counts"] for pair in pc.value_counts(sources).to_pylist()}
    row_ids = tables[name][ROW_ID]
    is_failing = pc.is_in(row_ids, value_set=pa.array(sorted(set(failing)), pa.string()))
    of_failing = zip(row_ids.filter(is_failing).to_pylist(), sources.filter(is_failing).to_pylist(), strict=True)
    return _Sources(dict(of_failing), Counter(counts))


def _are_too_many(failing: Collection[str], sources: _Sources, share: float) -> bool:
    """Return whether more than this share of the rows fail, also without the source that fails most.

    A single row never is too many where there are others: it may be one bad article on a day of two.
    """
    if len(failing) == 1 < sources.row_counts.total():
        return False
    others = count_others(Counter(sources.of_failing.get(row_id, "") for row_id in failing), sources.row_counts)
    return bound_share(others.hit, others.total) > share


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
    return [_explain_failure(row) for row in failed.to_pylist()]


def describe_set_aside(checks: pa.Table) -> list[str]:
    """Describe what each check set aside: where that helped, all checks pass and nothing else reports it."""
    setting_aside = checks.filter(pc.greater(pc.fill_null(checks["set_aside_count"], 0), 0)).to_pylist()
    return [
        f"{row['set_aside_count']} rows set aside by {_describe_check(row)}: {row['meaning']}" for row in setting_aside
    ]


def build_surge_checks(causes: Iterable[tuple[str, int, int]]) -> pa.Table:
    """Build the checks of a day that rejects too much: a failed one for each cause.

    A cause is (description, how many items it would reject, of how many).
    """
    rows: list[CheckRow] = [
        {
            "suite": SURGE,
            "check_index": index,
            "expectation": "expect_no_rejection_surge",
            "severity": "critical",
            "is_success": False,
            "row_count": item_count,
            "unexpected_count": rejected_count,
            "observed": json.dumps(description, ensure_ascii=False),
            "meaning": "Far more of this day is rejected than usual, over several sources, so the fault is probably in"
            " our code and not in the articles. If the rejects are right, accept the release.",
        }
        for index, (description, rejected_count, item_count) in enumerate(causes)
    ]
    return pa.Table.from_pylist(rows, CHECKS.schema)


def _index_checks(checks: pa.Table) -> dict[CheckId, CheckRow]:
    return {CheckId(row["suite"], row["check_index"]): row for row in checks.to_pylist()}


def _describe_check(check: CheckRow) -> str:
    return f"{check['suite']}: {check['expectation']}({check['column_name'] or ''})"


def _explain_failure(check: CheckRow) -> str:
    if check["suite"] == SURGE:
        return str(json.loads(check["observed"]))
    return f"{_describe_check(check)} {check['error'] or check['unexpected_count'] or check['observed']}"


def _list_rejecting_checks(suites: Sequence[Suite]) -> Iterator[tuple[CheckId, Meta]]:
    """Yield the expectations that set rows aside, with their `meta`."""
    for suite in suites:
        for index, expectation in enumerate(suite["expectations"]):
            meta = expectation.get("meta", {})
            if meta.get("rows") == "reject":
                yield CheckId(suite["name"], index), meta
