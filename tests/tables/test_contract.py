"""Contracts: each rule sets aside exactly the rows that break it, and the documentation follows from them."""

import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cli.tables import format_tables_page
from pipelines.tables.contract import UTC, Column, Table
from pipelines.tables.items import ITEMS
from pipelines.tables.published import PUBLISHED
from pipelines.tables.raw import RAW

DOCS = Path(__file__).parents[2] / "docs"
ALL = (*PUBLISHED, ITEMS, RAW)


def reasons(column: Column, values: list[object]) -> list[str | None]:
    rows = pa.table({column.name: pa.array(values, column.type)})
    return Table("t", "", (), (column,)).broken(rows)


def test_only_a_missing_value_breaks_required() -> None:
    assert reasons(Column("a", pa.string(), "", required=True), ["", "x", None]) == [None, None, "a is missing"]


def test_only_a_value_outside_the_list_breaks_it() -> None:
    column = Column("a", pa.string(), "", values=("x", "y"))
    assert reasons(column, ["x", "X", "", None, "y"]) == [None, *["a is none of its values"] * 2, None, None]


def test_the_ends_of_a_range_are_within_it() -> None:
    column = Column("a", pa.int32(), "", between=(1, 3))
    assert reasons(column, [0, 1, 3, 4, None]) == ["a is out of range", None, None, "a is out of range", None]


def test_not_a_number_and_the_infinite_are_in_no_range() -> None:
    column = Column("a", pa.float64(), "", between=(0, 1))
    wrong = [float("nan"), float("inf"), float("-inf")]
    assert reasons(column, [0.5, *wrong, None]) == [None, "a is not a number", *["a is out of range"] * 2, None]


def test_a_pattern_means_the_whole_value() -> None:
    column = Column("a", pa.string(), "", pattern="[a-z]+|[0-9]+")
    wrong = ["", "a1", "xy\n", "\nxy", "a\nb", "ä", "a\0"]
    assert reasons(column, ["xy", "12", *wrong, None]) == [None, None, *["a does not match"] * len(wrong), None]


PATTERNS = sorted({column.pattern for table in ALL for column in table.columns if column.pattern})


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_a_pattern_means_the_same_to_both_engines(pattern: str, data: st.DataObject) -> None:
    text = st.one_of(st.text(max_size=110), st.text("abc019._-\n", max_size=5), st.from_regex(pattern))
    value = data.draw(text.filter(lambda text: not re.search("[\ud800-\udfff]", text)))
    in_re2 = reasons(Column("a", pa.string(), "", pattern=pattern), [value]) == [None]
    assert in_re2 == (re.fullmatch(pattern, value, re.ASCII) is not None)


def test_a_row_gives_the_first_rule_it_breaks_in_the_order_of_columns() -> None:
    table = Table(
        "t", "", (), (Column("a", pa.int32(), "", between=(1, 9)), Column("b", pa.string(), "", required=True))
    )
    rows = pa.table({"b": pa.array([None, None, "x"]), "a": pa.array([0, 1, 1], pa.int32())})
    assert table.broken(rows) == ["a is out of range", "b is missing", None]


def test_a_column_that_is_not_there_yet_is_not_judged() -> None:
    assert Table("t", "", (), (Column("a", pa.int32(), "", required=True),)).broken(pa.table({"b": [1]})) == [None]


def test_rules_see_rows_beyond_the_first_chunk() -> None:
    rows = pa.table({"a": pa.chunked_array([pa.array([1, 2], pa.int32()), pa.array([None, 4], pa.int32())])})
    table = Table("t", "", (), (Column("a", pa.int32(), "", required=True),))
    assert table.broken(rows) == [None, None, "a is missing", None]


def test_rows_conform_to_the_columns_their_order_and_their_types() -> None:
    table = Table("t", "", (), (Column("a", pa.int64(), ""), Column("b", UTC, ""), Column("c", pa.string(), "")))
    rows = table.conform(pa.table({"c": ["x"], "other": [1], "a": pa.array([1], pa.int32())}))
    assert rows.schema == table.schema
    assert rows.to_pylist() == [{"a": 1, "b": None, "c": "x"}]


def test_a_value_that_does_not_fit_a_type_is_an_error_and_not_another_value() -> None:
    with pytest.raises(pa.ArrowInvalid):
        Table("t", "", (), (Column("a", pa.int32(), ""),)).conform(pa.table({"a": [2**40]}))


def test_an_empty_table_has_the_contracts_schema() -> None:
    assert ITEMS.empty().schema == ITEMS.schema
    assert ITEMS.empty().num_rows == 0


def test_a_contracts_page_names_its_grain_key_notes_columns_and_rules() -> None:
    table = Table(
        "t", "One row a thing.", ("a",), (Column("a", pa.int32(), "A number.", True, between=(1, 2_000)),), "Note."
    )
    assert table.to_markdown() == (
        "## t\n\nOne row a thing.\n\nKey: `a`.\n\nNote.\n\n| column | type | meaning | row rules |\n"
        "| --- | --- | --- | --- |\n| `a` | int32 | A number. | required; 1 to 2,000 |\n"
    )


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_a_contract_is_sound(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert {column.name for column in table.columns if column.required} >= set(table.key)
    for column in table.columns:
        assert column.doc.endswith("."), column.name
        assert "|" not in column.doc, column.name  # it would end the cell
        assert (column.name.endswith("_at"), column.name.endswith("_on")) == (
            column.type == UTC,
            column.type == pa.date32(),
        )
        assert not column.name.endswith("_score") or column.type == pa.float64()
        assert not column.name.startswith("is_") or column.type == pa.bool_()


def test_one_name_has_one_type_in_all_published_tables() -> None:
    types = {(column.name, str(column.type)) for table in PUBLISHED for column in table.columns}
    assert len(types) == len({name for name, _ in types})


def test_rejected_has_no_rule_that_a_rejected_value_could_break() -> None:
    rejected = next(table for table in PUBLISHED if table.name == "rejected")
    ours = {"stage", "reason", "own_reason", "table_name"}
    assert [c.name for c in rejected.columns if (c.values or c.between or c.pattern) and c.name not in ours] == []


def test_the_page_of_the_tables_follows_from_the_contracts() -> None:
    assert (DOCS / "tables.md").read_text() == format_tables_page()
