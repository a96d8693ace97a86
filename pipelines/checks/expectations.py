"""Expectations of our own, where none of Great Expectations' says what is meant. validate.py imports them by need.

A class is known to suites by its name in lower case: `expect_column_values_to_repeat_at_most`.
"""

from typing import Any

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)


class RepeatsAtMost(ColumnMapMetricProvider):
    """Which values stand in no more rows than allowed."""

    condition_metric_name = "column_values.repeat_at_most"
    condition_value_keys = ("max_count", "max_share")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, max_count: int, max_share: float, **_: Any) -> Any:
        allowed = max(max_count, max_share * len(column))
        return pd.Series(column.map(column.value_counts()).to_numpy() <= allowed, index=column.index)


class ExpectColumnValuesToRepeatAtMost(ColumnMapExpectation):
    """Each value stands in at most `max_count` rows, or in `max_share` of them where that is more; null is no value."""

    map_metric = "column_values.repeat_at_most"
    success_keys = ("max_count", "max_share", "mostly")

    max_count: int
    max_share: float = 0.0


class ExpectColumnValuesToBeBetweenButForFew(ExpectColumnValuesToBeBetween):
    """Values lie between two bounds in all rows but `few_count`, or but a `few_share` of them where that is more.

    A share alone alarms on a small day for a single row, a count alone on a large one for what is always there.
    """

    few_count: int
    few_share: float = 0.0

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        found = super()._validate(metrics, runtime_configuration, execution_engine)
        seen = found["result"]
        if "unexpected_count" in seen:
            allowed = max(self.few_count, self.few_share * seen["element_count"])
            found["success"] = bool(seen["unexpected_count"] <= allowed)
        return found
