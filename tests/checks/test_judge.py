"""Every check can fail: for each rule a table that keeps it and one that breaks it, judged in one go."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipelines.checks import judge as judging
from pipelines.checks.indicators import derive_indicators
from pipelines.checks.judge import judge
from pipelines.checks.suites import Expectation, Suite, build_row_suite, read_suites
from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import Column, Table
from pipelines.tables.published import PUBLISHED

SHA = "0123456789abcdef" * 4


# For each kind of row rule: the column, values that keep it, values that break it, and how often.
KINDS: dict[str, tuple[Column, list[Any], list[Any]]] = {
    "required": (Column("a", pa.string(), "What it is.", required=True), ["x", ""], ["x", None]),
    "values": (Column("a", pa.string(), "", values=("x", "y")), ["x", None], ["x", "z"]),
    "below": (Column("a", pa.int32(), "", between=(1, 3)), [1, None, 3], [1, 0]),
    "above": (Column("a", pa.float64(), "", between=(0, 1)), [0.0, None, 1.0], [0.5, 1.5]),
    "pattern": (Column("a", pa.string(), "", pattern="[a-z]+|[0-9]+"), ["x", None, "1"], ["x", "x1"]),
    "newline": (Column("a", pa.string(), "", pattern="[a-z]+"), ["x"], ["x", "x\n"]),
}


ABSENT: Expectation = {
    "type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "absent"},
    "severity": "critical",
}
HAS_ROWS: Expectation = {
    "type": "expect_table_row_count_to_be_between",
    "kwargs": {"min_value": 1},
    "severity": "warning",
}
# What may be wrong with an expectation itself: (how it is changed, what is said).
KWARGS = HAS_ROWS["kwargs"]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"type": "expect_tabel_row_count_to_be_between"}, "not found"),
    "no type": ({"type": None}, "must be a string"),
    "severity": ({"severity": "criticl"}, "Invalid severity 'criticl'"),
    "argument too many": ({"kwargs": {**KWARGS, "minimum": 1}}, "minimum"),
    "argument of another kind": ({"kwargs": {"min_value": "one"}}, "min_value"),
    "no arguments": ({"type": "expect_column_values_to_not_be_null", "kwargs": {}}, "field required"),
    "list for a column": ({"type": "expect_column_values_to_not_be_null", "kwargs": {"column": ["a"]}}, "column"),
    "another field": ({"severty": "critical"}, "severty"),
}
KEY = Table("t", "", ("a",), (Column("a", pa.string(), ""),))
PAIR = Table("t", "", ("a", "b"), (Column("a", pa.string(), ""), Column("b", pa.string(), "")))


@pytest.fixture(scope="module")
def checks() -> dict[str, list[dict[str, Any]]]:
    """All cases by the name of their suite, judged in one go: each start of Great Expectations costs seconds."""
    by_name = {suite["name"]: suite for suite in read_suites()}
    tables = {table.name: table.empty() for table in PUBLISHED if table is not CHECKS}
    nothing = derive_indicators(
        {**tables, "ledger": pa.table({"item_id": pa.array([], pa.string())})}, date(2026, 3, 2)
    )
    found: dict[str, tuple[Suite, pa.Table]] = {}

    def add(name: str, expectations: Sequence[Any], table: pa.Table) -> None:
        found[name] = ({"name": name, "expectations": list(expectations)}, table)

    for kind, (column, good_values, bad_values) in KINDS.items():
        rules = build_row_suite(Table("t", "", (), (column,)))["expectations"]
        add(f"{kind}-kept", rules, pa.table({"a": pa.array(good_values, column.type)}))
        # A field that says that it is never null, as those of contracts do, is no proof that it is not.
        never_null = pa.schema([pa.field("a", column.type, nullable=False)])
        add(f"{kind}-broken", rules, pa.table([pa.array(bad_values, column.type)], never_null))
    add("key-kept", build_row_suite(KEY)["expectations"], pa.table({"a": ["x", "y"]}))
    add("key-broken", build_row_suite(KEY)["expectations"], pa.table({"a": ["x", "x"]}))
    add("pair-kept", build_row_suite(PAIR)["expectations"], pa.table({"a": ["x", "x"], "b": ["1", "2"]}))
    add("pair-broken", build_row_suite(PAIR)["expectations"], pa.table({"a": ["x", "x"], "b": ["1", "1"]}))
    add("mixed", [HAS_ROWS, ABSENT, HAS_ROWS], pa.table({"a": ["x"]}))
    typos = [{**HAS_ROWS, **change, "meta": {"meaning": name}} for name, (change, _) in WRONG.items()]
    add("typos", [HAS_ROWS, *typos, HAS_ROWS, ABSENT], pa.table({"a": ["x"]}))
    for table in PUBLISHED:
        if table is not CHECKS:
            add(f"{table.name}-empty", build_row_suite(table)["expectations"], table.empty())
            if table.name in by_name:
                add(f"{table.name}-suite-empty", by_name[table.name]["expectations"], nothing[table.name])
    verdict = judge([suite for suite, _ in found.values()], {name: table for name, (_, table) in found.items()})
    judged = verdict.checks
    assert judged.schema == CHECKS.schema
    assert CHECKS.broken(judged) == [None] * judged.num_rows
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in judged.to_pylist():
        rows.setdefault(row["suite"], []).append(row)
    return rows


def successes(rows: Sequence[dict[str, Any]]) -> list[bool]:
    return [row["is_success"] for row in rows]


@pytest.mark.parametrize("kind", [*KINDS, "key", "pair"])
def test_a_row_rule_lets_the_good_pass_and_catches_the_defect(
    checks: dict[str, list[dict[str, Any]]], kind: str
) -> None:
    assert all(successes(checks[f"{kind}-kept"]))
    (broken,) = checks[f"{kind}-broken"]
    assert (broken["is_success"], broken["error"], broken["severity"]) == (False, None, "critical")
    assert broken["unexpected_count"] >= 1


def test_an_expectation_that_cannot_be_judged_has_failed_with_its_error(
    checks: dict[str, list[dict[str, Any]]],
) -> None:
    absent = checks["mixed"][1]
    assert (absent["is_success"], absent["column_name"]) == (False, "absent")
    assert "absent" in absent["error"]


@pytest.mark.parametrize("name", WRONG)
def test_an_expectation_that_is_wrong_itself_is_a_critical_failure_with_its_error(
    checks: dict[str, list[dict[str, Any]]], name: str
) -> None:
    (row,) = (row for row in checks["typos"] if row["meaning"] == name)
    assert (row["is_success"], row["severity"]) == (False, "critical")
    assert WRONG[name][1] in row["error"]


def test_the_others_of_its_suite_are_judged(checks: dict[str, list[dict[str, Any]]]) -> None:
    assert successes(checks["typos"]) == [True, *(False for _ in WRONG), True, False]


def test_an_expectation_without_a_result_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "open_validator", lambda: lambda *_: ())
    (row,) = judge([{"name": "t", "expectations": [HAS_ROWS]}], {"t": pa.table({"a": ["x"]})}).checks.to_pylist()
    assert (row["is_success"], row["severity"]) == (False, "critical")
    assert row["error"] == "Great Expectations returned no result"


def test_checks_come_in_the_order_of_their_suite(checks: dict[str, list[dict[str, Any]]]) -> None:
    for rows in checks.values():
        assert [row["check_index"] for row in rows] == list(range(len(rows)))
    assert successes(checks["mixed"]) == [True, False, True]


@pytest.mark.parametrize("table", [table.name for table in PUBLISHED if table is not CHECKS])
def test_an_empty_table_breaks_nothing_critical(checks: dict[str, list[dict[str, Any]]], table: str) -> None:
    rows = checks[f"{table}-empty"] + checks.get(f"{table}-suite-empty", [])
    assert [row for row in rows if not row["is_success"] and row["severity"] == "critical"] == []


def test_a_check_says_what_it_is_for_what_it_saw_and_in_which_rows(checks: dict[str, list[dict[str, Any]]]) -> None:
    broken = checks["required-broken"][0]
    assert broken["meaning"] == "What it is. By contract: required."
    assert (broken["row_count"], broken["unexpected_count"], broken["failing_ids"]) == (2, 1, ["1"])


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.name)
def test_row_rules_follow_from_the_contract(table: Table) -> None:
    suite = build_row_suite(table)
    rules = [(rule["type"], rule["kwargs"].get("column")) for rule in suite["expectations"]]
    kinds = {
        "required": "to_not_be_null",
        "values": "to_be_in_set",
        "between": "to_be_between",
        "pattern": "to_match_regex",
    }
    for column in table.columns:
        for attribute, kind in kinds.items():
            wanted = bool(getattr(column, attribute)) and not pa.types.is_large_string(column.type)
            assert ((f"expect_column_values_{kind}", column.name) in rules) is wanted, (column.name, kind)
    assert suite["name"] == f"{table.name}.contract"
    assert {rule["severity"] for rule in suite["expectations"]} == {"critical"}
    for rule in suite["expectations"]:
        said = [c.doc for c in table.columns if c.name == rule["kwargs"].get("column")] or [table.grain]
        assert rule["meta"]["meaning"].startswith((*said, table.grain))


def test_the_flow_is_imported_without_great_expectations_and_pandas() -> None:
    heavy = "great_expectations", "pandas"
    code = f"import sys, pipelines.flow, pipelines.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_large_table_is_judged_a_few_columns_at_a_time_with_the_same_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({name: ["x", None] for name in "abc"})
    kept: list[Expectation] = [{**ABSENT, "kwargs": {"column": name}} for name in ("b", "a", "absent", "b", "c")]
    suite: Suite = {"name": "t", "expectations": [HAS_ROWS, *kept]}
    whole = judge([suite], {"t": table})
    monkeypatch.setattr(judging, "CELLS", 2 * table.num_rows)
    assert len(judging.group_expectations(suite["expectations"], table)) == 2
    grouped = judge([suite], {"t": table})
    assert grouped.checks.equals(whole.checks)
    assert grouped.failing.sort_by("check_index").equals(whole.failing.sort_by("check_index"))
