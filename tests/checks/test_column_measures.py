"""Every column is measured: missing, frequent, rare and odd values."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines.checks.column_measures import compute_column_shares

ROWS = 100


def shares(table: str = "articles", rows: int = ROWS, **columns: Any) -> dict[str, float]:
    """Measure a table of the source `paper` in English, with these other columns."""
    known = {"item_id": [str(n) for n in range(rows)], "source": ["paper"] * rows, "language": ["en"] * rows}
    judged = {"articles": pa.table({**known, **(columns if table == "articles" else {})})}
    if table != "articles":
        judged[table] = pa.table({"item_id": known["item_id"], **columns})
    return {share.measure: share.row_count / share.total for share in compute_column_shares(judged) if share.total}


def test_nulls_of_a_column_are_measured() -> None:
    assert shares(title=[None] * 3 + ["A"] * 97)["missing:articles.title"] == 0.03


def test_nulls_of_an_indicator_are_not_measured() -> None:
    assert "missing:articles.title_length" not in shares(title_length=pa.array([None] * 3 + [1] * 97))


def test_the_commonest_value_is_measured_among_those_known() -> None:
    assert shares(title=["Home"] * 4 + [None] * 20 + [f"A {n}" for n in range(76)])["repeated:articles.title"] == 0.05


def test_each_of_few_values_is_measured() -> None:
    found = shares(
        "rejected", source=["paper"] * ROWS, language=["en"] * ROWS, reason=["no_text"] * 90 + ["empty"] * 10
    )
    assert (found["value:rejected.reason=no_text"], found["value:rejected.reason=empty"]) == (0.9, 0.1)


def test_the_error_of_a_status_is_not_a_value() -> None:
    found = shares(tone_status=["done"] * 98 + ["failed: a", "failed: b"])
    assert found["value:articles.tone_status=failed"] == 0.02


@pytest.mark.parametrize(("value", "share"), [(0.5, 0.0), (1.9, 0.02), (-1.0, 0.02)])
def test_numbers_far_from_their_source_are_odd(value: float, share: float) -> None:
    usual = np.random.default_rng(1).normal(0.5, 0.1, ROWS - 2)
    assert shares(readability_score=[*usual, value, value])["odd:articles.readability_score"] == share


def test_where_all_numbers_are_alike_any_other_is_odd() -> None:
    assert shares(markup_count=[0] * 99 + [1])["odd:articles.markup_count"] == 0.01


def test_a_count_that_varies_much_is_odd_by_its_order_of_size() -> None:
    words = [int(n) for n in np.exp(np.random.default_rng(1).normal(6, 0.5, ROWS - 2))]
    assert shares(word_count=[*words, 1, 90_000])["odd:articles.word_count"] == 0.02


def test_sources_are_not_odd_beside_one_another() -> None:
    found = shares(source=["paper"] * 50 + ["wire"] * 50, author_count=[1] * 50 + [0] * 50)
    assert found["odd:articles.author_count"] == 0


def test_a_null_that_is_rare_within_its_source_is_rare() -> None:
    found = shares(source=["paper"] * 50 + ["wire"] * 50, lead=[None] * 2 + ["A"] * 48 + [None] * 50)
    assert (found["missing:articles.lead"], found["rare:articles.lead"]) == (0.52, 0.02)


def test_numbers_that_are_not_finite_are_left_to_other_checks() -> None:
    assert shares(tone=[float("inf"), float("nan")] + [0.0] * 98)["odd:articles.tone"] == 0


def test_rows_of_entities_belong_to_the_source_of_their_article() -> None:
    found = shares("entities", kind=["person"] * ROWS, mention_count=[1] * 98 + [50] * 2)
    assert found["odd:entities.mention_count"] == 0.02


def test_a_table_without_rows_has_no_measures() -> None:
    assert list(compute_column_shares({"articles": pa.table({"item_id": pa.array([], pa.string())})})) == []


def test_numbers_beyond_what_a_double_holds_exactly_are_compared_all_the_same() -> None:
    assert shares(published_minute=[0] * 98 + [2**60 + 1, -(2**60)])["odd:articles.published_minute"] == 0.02
