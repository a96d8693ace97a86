"""The batch rules: each is well-formed, says what it is for, and names columns that exist."""

from typing import Any

import pytest

from pipelines.checks.indicators import derive_indicators
from pipelines.checks.judge import COLUMN_KWARGS
from pipelines.checks.suites import EXPECTATIONS, read_suites
from tests.checks.judged_day import DT, clean_day

COLUMNS = {name: set(table.column_names) for name, table in derive_indicators(clean_day(), DT).items()}
RULES = [(suite["name"], rule) for suite in read_suites() for rule in suite["expectations"]]


@pytest.mark.parametrize(("table", "rule"), RULES, ids=[f"{table}-{rule['type']}" for table, rule in RULES])
def test_a_rule_has_a_severity_a_meaning_and_known_columns(table: str, rule: dict[str, Any]) -> None:
    assert rule["severity"] in ("critical", "warning", "info")
    assert len(rule["meta"]["meaning"]) > 20
    assert rule["meta"]["meaning"].endswith(".")
    named = {rule["kwargs"][key] for key in COLUMN_KWARGS if key in rule["kwargs"]}
    assert named | set(rule["kwargs"].get("column_list", ())) <= COLUMNS[table]


@pytest.mark.parametrize(("table", "rule"), RULES, ids=[f"{table}-{rule['type']}" for table, rule in RULES])
def test_a_rule_has_no_keys_that_nothing_reads(table: str, rule: dict[str, Any]) -> None:
    assert set(rule) == {"type", "kwargs", "severity", "meta"}
    assert set(rule["meta"]) <= {"meaning", "rows", "stop_above"}, table
    assert rule["meta"].get("rows", "reject") == "reject"
    assert 0 < rule["meta"].get("stop_above", 0.05) < 1


def test_a_file_is_named_after_the_table_it_judges() -> None:
    assert [path.stem for path in sorted(EXPECTATIONS.glob("*.json"))] == [suite["name"] for suite in read_suites()]


def test_nothing_lost_and_nothing_doubled_is_critical() -> None:
    (rule,) = next(suite["expectations"] for suite in read_suites() if suite["name"] == "ledger")
    assert (rule["kwargs"], rule["severity"]) == ({"column": "place_count", "min_value": 1, "max_value": 1}, "critical")
