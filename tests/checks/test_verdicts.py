"""The consequences of verdicts, written by hand."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pytest

from pipelines.checks.suites import Meta, Suite
from pipelines.checks.verdicts import (
    FAILING,
    Verdict,
    build_surge_checks,
    describe_set_aside,
    find_critical_failures,
    find_rows_to_set_aside,
    merge_checks,
)
from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import ROW_ID

Broken = Mapping[tuple[str, int], Iterable[int]]  # (suite, index) → the rows that break it


def tables(row_count: int, of_one_source: int = 0, *more: str) -> dict[str, pa.Table]:
    """Tables of so many rows, each of a source of its own, but for the first that are `of_one_source`."""
    ids = [f"row{n}" for n in range(row_count)]
    sources = ["one.example" if n < of_one_source else f"p{n}.example" for n in range(row_count)]
    table = pa.table({ROW_ID: ids, "item_id": ids, "source": sources})
    return dict.fromkeys(("articles", *more), table)


def check(**changed: Any) -> dict[str, Any]:
    return {
        "suite": "s", "check_index": 0, "expectation": "expect_x", "severity": "critical", "is_success": False,
        **changed,
    }  # fmt: skip


def suite(name: str, *metas: Meta) -> Suite:
    return {"name": name, "expectations": [{"type": "expect_x", "kwargs": {}, "meta": meta} for meta in metas]}


def verdict(suites: Iterable[Suite], broken: Broken) -> Verdict:
    """All checks of the suites are warnings, and met but for those that are broken."""
    checks, failing = [], []
    for each in suites:
        for index in range(len(each["expectations"])):
            name = each["name"], index
            ids = [f"row{n}" for n in broken.get(name, ())]
            row = {"suite": name[0], "check_index": index, "severity": "warning", "is_success": not ids}
            checks.append(check(**row, column_name="a", meaning="m", unexpected_count=len(ids), failing_ids=ids))
            failing += [{"suite": name[0], "check_index": index, "row_id": id_} for id_ in ids]
    return Verdict(pa.Table.from_pylist(checks, CHECKS.schema), pa.Table.from_pylist(failing, FAILING))


REJECT: Meta = {"rows": "reject"}
ONE, TWO = ("articles", 0), ("articles", 1)
ARTICLES = suite("articles", REJECT, REJECT)

# What is said → (rows of the table, which rows break the first and the second check, how many rows are set aside).
BOUNDS: dict[str, tuple[int, Iterable[int], Iterable[int], int]] = {
    "a twentieth of a large day": (1000, range(50), (), 50),
    "surely more than that": (1000, range(68), (), 0),
    "ten rows where a twentieth is less": (100, range(10), (), 10),
    "more than ten": (100, range(12), (), 0),
    "one in five of a small day": (20, range(4), (), 4),
    "more than one in five": (20, range(5), (), 0),
    "one of three": (3, range(1), (), 1),
    "two of three": (3, range(2), (), 0),
    "one of two": (2, range(1), (), 1),
    "the only one": (1, range(1), (), 0),
    "two checks that are not too many together": (1000, range(30), range(30, 50), 50),
    "two checks that are too many only together": (1000, range(40), range(40, 80), 0),
    "the same rows by two checks count once": (1000, range(50), range(50), 50),
    "ten good articles and every one broken by some check": (10, range(2), range(2, 10), 2),
    "a small day that several checks would empty": (10, range(2), range(2, 4), 0),
}


@pytest.mark.parametrize("said", BOUNDS)
def test_rows_are_set_aside_up_to_a_bound_and_beyond_it_none_is(said: str) -> None:
    row_count, by_one, by_two, aside = BOUNDS[said]
    found = find_rows_to_set_aside([ARTICLES], verdict([ARTICLES], {ONE: by_one, TWO: by_two}), tables(row_count))
    assert len(found.get("articles", {})) == aside


def test_twelve_rows_of_one_source_are_set_aside_and_of_twelve_sources_are_not() -> None:
    seen = verdict([ARTICLES], {ONE: range(12)})
    assert len(find_rows_to_set_aside([ARTICLES], seen, tables(100, 15))["articles"]) == 12
    assert find_rows_to_set_aside([ARTICLES], seen, tables(100)) == {}


@pytest.mark.parametrize(
    ("stop_above", "count", "aside"), [(0.2, 200, 200), (0.2, 240, 0), (0.01, 10, 10), (0.01, 30, 0)]
)
def test_a_check_may_have_a_bound_of_its_own(stop_above: float, count: int, aside: int) -> None:
    own = suite("articles", REJECT | {"stop_above": stop_above})
    found = find_rows_to_set_aside([own], verdict([own], {ONE: range(count)}), tables(1000))
    assert len(found.get("articles", {})) == aside


def test_the_most_lenient_check_that_sends_rows_back_bounds_its_table() -> None:
    both = suite("articles", REJECT | {"stop_above": 0.2}, REJECT)
    seen = verdict([both], {ONE: range(150), TWO: range(150, 200)})
    assert len(find_rows_to_set_aside([both], seen, tables(1000))["articles"]) == 200
    strict_alone = verdict([both], {TWO: range(80)})
    assert find_rows_to_set_aside([both], strict_alone, tables(1000)) == {}


def test_each_table_is_bounded_by_itself() -> None:
    suites = [ARTICLES, suite("quotes.of_people", REJECT)]
    seen = verdict(suites, {ONE: range(500), ("quotes.of_people", 0): range(3)})
    found = find_rows_to_set_aside(suites, seen, tables(1000, 0, "quotes"))
    assert found == {"quotes": dict.fromkeys(("row0", "row1", "row2"), "quotes.of_people: expect_x(a): m")}


def test_a_row_is_set_aside_by_the_first_check_that_it_breaks() -> None:
    suites = [suite("articles", REJECT), suite("articles.more", REJECT)]
    seen = verdict(suites, {ONE: [1], ("articles.more", 0): [1, 2]})
    found = find_rows_to_set_aside(suites, seen, tables(100))
    assert found == {"articles": {"row1": "articles: expect_x(a): m", "row2": "articles.more: expect_x(a): m"}}


def test_only_checks_with_rows_reject_set_rows_aside() -> None:
    plain = suite("articles", {})
    seen = verdict([plain], {ONE: [1]})
    assert find_rows_to_set_aside([plain], seen, tables(100)) == {}
    assert merge_checks([plain], seen, seen).equals(seen.checks)


def test_a_check_that_could_not_be_judged_sets_nothing_aside_and_stops_the_release() -> None:
    unknown = check(suite="articles", severity="warning", error="no column a", unexpected_count=None)
    seen = Verdict(pa.Table.from_pylist([unknown], CHECKS.schema), FAILING.empty_table())
    assert find_rows_to_set_aside([suite("articles", REJECT)], seen, tables(100)) == {}
    assert find_critical_failures(merge_checks([suite("articles", REJECT)], seen, seen))


def test_a_warning_whose_rows_were_too_many_to_be_set_aside_is_critical() -> None:
    seen = verdict([ARTICLES], {ONE: range(51)})
    (stopped, met) = merge_checks([ARTICLES], seen, seen).to_pylist()
    assert (stopped["severity"], stopped["set_aside_count"]) == ("critical", None)
    assert (met["severity"], met["is_success"]) == ("warning", True)


def test_a_check_that_is_met_once_its_rows_are_gone_says_how_many_and_which() -> None:
    first, last = verdict([ARTICLES], {ONE: [4, 7]}), verdict([ARTICLES], {})
    (sent, quiet) = merge_checks([ARTICLES], first, last).to_pylist()
    assert (sent["is_success"], sent["severity"]) == (True, "warning")
    assert (sent["set_aside_count"], sent["failing_ids"]) == (2, ["row4", "row7"])
    assert quiet["set_aside_count"] is None
    assert describe_set_aside(merge_checks([ARTICLES], first, last)) == ["2 rows set aside by articles: expect_x(a): m"]
    assert describe_set_aside(last.checks) == []


@pytest.mark.parametrize("again", [ONE, TWO], ids=["the same check", "another one"])
def test_what_fails_in_a_second_round_is_critical(again: tuple[str, int]) -> None:
    first, last = verdict([ARTICLES], {ONE: [1]}), verdict([ARTICLES], {again: [2]})
    checks = merge_checks([ARTICLES], first, last)
    assert find_critical_failures(checks) == ["articles: expect_x(a) 1"]
    assert [row["set_aside_count"] for row in checks.to_pylist()] == ([None, None] if again == ONE else [1, None])


def test_a_cause_of_a_surge_is_a_critical_failure_that_says_what_it_is() -> None:
    checks = build_surge_checks([("clean failed: “no”", 40, 100), ("clean no_text", 30, 100)])
    assert CHECKS.broken(checks) == [None, None]
    assert find_critical_failures(checks) == [
        "clean failed: “no”",
        "clean no_text",
    ]
    assert [row["observed"] for row in checks.to_pylist()] == ['"clean failed: “no”"', '"clean no_text"']


@pytest.mark.parametrize(
    ("changed", "stops"),
    [({}, True), ({"is_success": True}, False), ({"severity": "warning"}, False), ({"severity": "info"}, False)],
)
def test_only_a_critical_failure_stops_the_release(changed: dict[str, Any], stops: bool) -> None:
    assert bool(find_critical_failures(pa.Table.from_pylist([check(**changed)], CHECKS.schema))) is stops


def test_a_failure_is_described_with_its_column_and_its_error_or_its_count() -> None:
    rows = [check(column_name="a", unexpected_count=3), check(error="no such column", unexpected_count=None)]
    told = find_critical_failures(pa.Table.from_pylist(rows, CHECKS.schema))
    assert told == ["s: expect_x(a) 3", "s: expect_x() no such column"]
