"""An enricher's run over a batch: every row has its end, and none takes another with it."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.enrichments.rows import EnricherResult, are_spans_exact, by_batch, by_row
from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

COLUMNS = (Column("length", pa.int32(), ""), make_status_column("length"))


def length(text: str) -> EnricherResult:
    if text == "skip":
        return "it says so"
    if text.startswith("raise"):
        raise ValueError("two\nlines")
    return {"length": len(text)}


def said(*texts: str | None) -> list[tuple[Any, ...]]:
    rows = by_row(pa.table({"text": pa.array(texts, pa.string())}), COLUMNS, ("text",), length)
    return [tuple(row.values()) for row in rows.to_pylist()]


def test_a_row_is_done_or_skipped_or_failed_and_null_without_a_text() -> None:
    assert said("four", "skip", "raise", None, "") == [
        (4, "done"),
        (None, "skipped: it says so"),
        (None, "failed: ValueError: two lines"),
        (None, None),
        (0, "done"),
    ]


@given(st.lists(st.none() | st.sampled_from(["a", "bb", "skip", "raise", "raise too"]), max_size=20))
def test_a_row_that_fails_takes_no_other_with_it(texts: list[str | None]) -> None:
    assert said(*texts) == [said(text)[0] for text in texts]


def test_only_rows_with_a_text_are_handed_on_and_all_at_once() -> None:
    seen = []

    def note(rows: Any) -> list[EnricherResult]:
        seen.append(list(rows))
        return ["no reason"] * len(rows)

    by_batch(pa.table({"text": ["a", None, "b"], "title": ["t", "u", None]}), COLUMNS, ("text", "title"), note)
    assert seen == [[("a", "t"), ("b", None)]]


def test_an_empty_batch_has_the_columns_and_no_rows() -> None:
    empty = by_row(pa.table({"text": pa.array([], pa.string())}), COLUMNS, ("text",), length)
    assert (empty.num_rows, empty.column_names) == (0, ["length", "length_status"])


def test_a_span_that_is_not_what_stands_in_the_text_fails_the_row() -> None:
    span = pa.struct([("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
    columns = (Column("spans", pa.list_(span), ""), make_status_column("spans"))

    def find(text: str) -> EnricherResult:
        return {"spans": [{"text": "b", "start": 1, "end": 2}]}

    found = by_row(pa.table({"text": ["abc", "acb"]}), columns, ("text",), find)
    assert found["spans_status"].to_pylist() == ["done", "failed: a span is not what stands in the text"]


@pytest.mark.parametrize(
    ("value", "is_so"),
    [
        ({"text": "cd", "start": 2, "end": 4}, True),
        ({"term": "cd", "start": 2, "end": 4}, True),
        ({"text": "cd", "start": 1, "end": 3}, False),
        ({"text": "", "start": 2, "end": 2}, False),
        ({"text": "f", "start": -1, "end": 6}, False),
        ({"speaker": "ab", "speaker_start": 0, "speaker_end": 2}, True),
        ({"speaker": None, "speaker_start": None, "speaker_end": None}, True),
        ({"speaker": "ab", "speaker_start": None, "speaker_end": None}, False),
        ([{"mentions": [{"text": "ab", "start": 0, "end": 2}, {"text": "x", "start": 0, "end": 1}]}], False),
        ({"restart": 1, "count": 2}, True),
    ],
)
def test_spans_are_looked_at_wherever_they_are(value: Any, is_so: bool) -> None:
    assert are_spans_exact("abcdef", value) is is_so
