"""What follows from a verdict, on verdicts written by hand."""

from typing import Any

import pyarrow as pa
import pytest

from pipelines.stages.verdicts import critical_failures
from pipelines.tables.checks import CHECKS


def check(**changed: Any) -> dict[str, Any]:
    return {
        "suite": "s", "check_index": 0, "expectation": "expect_x", "severity": "critical", "is_success": False,
        **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "stops"),
    [({}, True), ({"is_success": True}, False), ({"severity": "warning"}, False), ({"severity": "info"}, False)],
)
def test_only_a_critical_failure_stops_the_release(changed: dict[str, Any], stops: bool):
    assert bool(critical_failures(pa.Table.from_pylist([check(**changed)], CHECKS.schema))) is stops


def test_a_failure_is_told_with_its_column_and_its_error_or_its_count():
    rows = [check(column_name="a", unexpected_count=3), check(error="no such column", unexpected_count=None)]
    told = critical_failures(pa.Table.from_pylist(rows, CHECKS.schema))
    assert told == ["s: expect_x(a) 3", "s: expect_x() no such column"]
