"""The one change to Great Expectations: a pure function of it is memoised, and verdicts stay what they are."""

import pytest
from great_expectations.expectations import expectation

from pipelines.checks import gx
from pipelines.checks.gx import memoise_type_names
from pipelines.checks.indicators import derive_indicators
from pipelines.checks.judge import judge
from pipelines.checks.suites import read_suites
from tests.checks.judged_day import DT, broken, changed

NAME = "camel_to_snake"


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Great Expectations as it comes, whatever ran before."""
    function = getattr(expectation, NAME)
    monkeypatch.setattr(expectation, NAME, getattr(function, "__wrapped__", function))
    return monkeypatch


@pytest.mark.slow
def test_verdicts_are_equal_with_and_without_memoised_type_names(plain: pytest.MonkeyPatch) -> None:
    suites = [suite for suite in read_suites() if suite["name"] in ("quotes", "coverage", "duplicates", "measures")]
    tables = derive_indicators(broken(changed("quotes", 2, text="The pier is sound,", speaker_name=None)), DT)
    with plain.context() as patched:
        patched.setattr(gx, "memoise_type_names", lambda: None)
        without = judge(suites, tables)
        assert not hasattr(getattr(expectation, NAME), "cache_info")
    memoised = judge(suites, tables)
    assert hasattr(getattr(expectation, NAME), "cache_info")
    assert sum(not passed for passed in memoised.checks["is_success"].to_pylist()) >= 2
    assert memoised.checks.equals(without.checks)
    assert memoised.failing.equals(without.failing)


def test_type_names_are_memoised_once(plain: pytest.MonkeyPatch) -> None:
    memoise_type_names()
    memoised = getattr(expectation, NAME)
    memoise_type_names()
    assert getattr(expectation, NAME) is memoised
    assert memoised("ExpectColumnValuesToBeInSet") == "expect_column_values_to_be_in_set"


def test_a_great_expectations_without_the_function_is_left_as_it_is(plain: pytest.MonkeyPatch) -> None:
    plain.delattr(expectation, NAME)
    memoise_type_names()
    assert not hasattr(expectation, NAME)
