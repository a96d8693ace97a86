"""An indicator that has another name today keeps its history."""

from datetime import date

import pyarrow as pa
import pytest

from pipelines.checks.column_measures import MEASURED, NOT_MEASURED
from pipelines.checks.indicators import derive_indicators
from pipelines.checks.renamed import RENAMED, rename_measure
from pipelines.tables.measures import MEASURES
from pipelines.tables.published import PUBLISHED


@pytest.fixture(scope="module")
def indicators() -> dict[str, pa.Table]:
    """The indicators of a day without any row."""
    tables = {table.name: table.schema.empty_table() for table in PUBLISHED if table is not MEASURES}
    del tables["checks"]
    tables["ledger"] = pa.table({"item_id": pa.array([], pa.string()), "place_count": pa.array([], pa.int32())})
    return derive_indicators(tables, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("value:rejected.is_index_told=true", "value:rejected.is_row_index_valid=true"),
        ("rare:entities.is_country_told", "rare:entities.is_country_known"),
        ("value:articles.is_stage_right=true", "value:articles.is_stage_right=true"),
        ("word_count", "word_count"),
    ],
)
def test_a_measure_is_known_by_its_name_of_today(before: str, after: str) -> None:
    assert rename_measure(before) == after


def test_every_new_name_is_a_column_of_today_and_no_old_one_is(indicators: dict[str, pa.Table]) -> None:
    columns = {f"{name}.{column}" for name, table in indicators.items() for column in table.column_names}
    assert set(RENAMED.values()) <= columns
    assert columns.isdisjoint(RENAMED)


def test_every_indicator_that_is_true_or_false_is_measured_but_the_ids(indicators: dict[str, pa.Table]) -> None:
    skipped = {
        column
        for name in MEASURED
        for column in indicators[name].column_names
        if pa.types.is_boolean(indicators[name].schema.field(column).type) and column.endswith(NOT_MEASURED)
    }
    assert skipped == {"is_own_id"}
