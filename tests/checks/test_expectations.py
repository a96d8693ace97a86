"""Our own expectations: what is particular to each, judged in one go."""

from typing import Any

import pyarrow as pa
import pytest

from pipelines.checks.judge import judge
from pipelines.checks.suites import Expectation, Suite

TABLE = pa.table({"value": [1, 1, 1, 2, None, None, None, None], "row_id": list("abcdefgh")})


def rule(kind: str, **kwargs: Any) -> Expectation:
    return {"type": f"expect_column_values_to_{kind}", "kwargs": {"column": "value", **kwargs}, "severity": "warning"}


# What is expected → the ids of the rows that break it, None where it is met.
CASES: list[tuple[Expectation, list[str] | None]] = [
    (rule("repeat_at_most", max_count=2), ["a", "b", "c"]),
    (rule("repeat_at_most", max_count=3), None),  # null is no value
    (rule("repeat_at_most", max_count=1, max_share=0.9), None),
    (rule("be_between_but_for_few", min_value=0, max_value=1, few_count=0), ["d"]),
    (rule("be_between_but_for_few", min_value=0, max_value=1, few_count=1), None),
    (rule("be_between_but_for_few", min_value=2, max_value=2, few_count=1, few_share=0.5), None),
    (rule("be_between_but_for_few", min_value=2, max_value=2, few_count=1, few_share=0.3), ["a", "b", "c"]),
]


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    suite: Suite = {"name": "t", "expectations": [expected for expected, _ in CASES]}
    rows: list[dict[str, Any]] = judge([suite], {"t": TABLE}).checks.to_pylist()
    return rows


@pytest.mark.parametrize("index", range(len(CASES)))
def test_an_expectation_of_our_own_is_met_or_names_the_rows_that_break_it(
    found: list[dict[str, Any]], index: int
) -> None:
    failing = CASES[index][1]
    assert (found[index]["is_success"], found[index]["error"]) == (failing is None, None)
    assert found[index]["failing_ids"] == failing
