"""Spans that differ from their texts are counted."""

import pyarrow as pa
import pytest

from pipelines.checks.indicators.spans import count_broken_spans

TEXT = pa.chunked_array([pa.array(["Zoë met 🙂 Ada", None], pa.large_string())])
SPAN = pa.struct([("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())])


def broken(*spans: tuple[str | None, int | None, int | None], row: int = 0) -> int:
    rows: list[list[dict[str, object]]] = [[], []]
    rows[row] = [dict(zip(("text", "start", "end"), span, strict=True)) for span in spans]
    return int(count_broken_spans(TEXT, pa.chunked_array([pa.array(rows, pa.list_(SPAN))]))[row])


@pytest.mark.parametrize("span", [("Zoë", 0, 3), ("🙂", 8, 9), ("Ada", 10, 13), (None, None, None)])
def test_a_span_with_the_words_of_its_text_is_right_counted_in_code_points(
    span: tuple[str | None, int | None, int | None],
) -> None:
    assert broken(span) == 0


@pytest.mark.parametrize(
    "span",
    [("Zoe", 0, 3), ("Ada", 9, 12), ("Ada", 10, 14), ("met", -10, -7), ("", 3, 3), (None, 0, 3), ("Zoë", None, 3)],
)
def test_anything_else_is_broken(span: tuple[str | None, int | None, int | None]) -> None:
    assert broken(span) == 1


def test_a_span_of_no_text_is_broken() -> None:
    assert broken(("Ada", 0, 3), row=1) == 1


def test_every_broken_span_of_a_row_counts() -> None:
    assert broken(("Ada", 0, 3), ("Zoë", 0, 3), ("met", 0, 3)) == 2
