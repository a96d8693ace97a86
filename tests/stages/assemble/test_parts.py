"""Where a day is cut, and that its parts together are the whole day."""

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stages.assemble.items import narrow_items
from pipelines.stages.assemble.outcomes import decide_outcomes, sort_by_receipt
from pipelines.stages.assemble.parts import build_part, cut
from tests.stages.assemble.test_assemble import BECAUSE, SCHEMA, VERSIONS, assembled, entity, item, some_items


@pytest.mark.parametrize(
    ("sizes", "bounds"),
    [
        ([], [0, 0]),
        ([1], [0, 1]),
        ([1] * 3, [0, 3]),
        ([1] * 7, [0, 3, 6, 7]),
        ([4, 4, 4, 4], [0, 2, 4]),
        ([99, 1, 99, 99], [0, 1, 2, 3, 4]),
        ([0, 0, 10, 0, 0], [0, 3, 5]),
    ],
)
def test_a_part_ends_at_so_many_items_or_bytes_and_has_one_item_at_least(sizes: list[int], bounds: list[int]) -> None:
    assert cut(pa.chunked_array([sizes], pa.int64()), at_items=3, at_bytes=10) == bounds


def build_in_parts(items: list[dict[str, Any]], at_items: int, set_aside: dict[str, Any]) -> dict[str, pa.Table]:
    table = pa.Table.from_pylist(items, SCHEMA)
    narrow = sort_by_receipt(narrow_items(table).append_column("row", pa.array(range(len(items)), pa.int64())))
    outcomes = decide_outcomes(narrow, set_aside.get("articles"))
    parts = [
        build_part(
            table.take(narrow["row"][begin:end]), outcomes.slice(begin, end - begin), VERSIONS, set_aside=set_aside
        )
        for begin, end in pairwise(cut(narrow["content_bytes"], at_items))
    ]
    return {name: pa.concat_tables(part[name] for part in parts) for name in parts[0]}


@given(some_items(), st.integers(1, 5))
def test_the_parts_of_a_day_hold_the_rows_of_the_whole_in_their_order(
    items: list[dict[str, Any]], at_items: int
) -> None:
    whole = assembled(*items).tables
    for name, rows in build_in_parts(items, at_items, {}).items():
        assert rows.equals(whole[name].combine_chunks()), name


def test_rows_that_are_set_aside_are_rejected_in_the_part_of_their_item() -> None:
    items = [item(name, minute, name, entities=[entity("Lund")]) for minute, name in enumerate("abc")]
    tables = build_in_parts(items, 1, {"articles": {"a": BECAUSE}, "entities": {"b/0": BECAUSE}})
    columns = ["item_id", "table_name", "row_index"]
    assert tables["rejected"].select(columns).to_pylist() == [
        {"item_id": "a", "table_name": "articles", "row_index": -1},
        {"item_id": "b", "table_name": "entities", "row_index": 0},
    ]
    assert tables["entities"]["item_id"].to_pylist() == ["c"]
