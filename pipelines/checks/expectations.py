"""Our own expectations, for rules that Great Expectations has no expectation for. gx.py imports them when it opens GX.

Suites name a class by its name in snake case: `expect_column_values_to_repeat_at_most`.
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
    """Metric: whether a row's value is in no more rows than allowed."""

    condition_metric_name = "column_values.repeat_at_most"
    condition_value_keys = ("max_count", "max_share")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, max_count: int, max_share: float, **_: Any) -> Any:
        allowed = max(max_count, max_share * len(column))
        return pd.Series(column.map(column.value_counts()).to_numpy() <= allowed, index=column.index)


class ExpectColumnValuesToRepeatAtMost(ColumnMapExpectation):
    """Expect each value in at most `max_count` rows, or `max_share` of them where that is more; nulls do not count."""

    map_metric = "column_values.repeat_at_most"
    success_keys = ("max_count", "max_share", "mostly")

    max_count: int
    max_share: float = 0.0


class ExpectColumnValuesToBeBetweenButForFew(ExpectColumnValuesToBeBetween):
    """Expect values between two bounds in all rows but `few_count`, or a `few_share` of them where that is more.

    A share alone would alarm on a small day because of one row; a count alone on every large day.
    """

    few_count: int
    few_share: float = 0.0

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        result = super()._validate(metrics, runtime_configuration, execution_engine)
        details = result["result"]
        if "unexpected_count" in details:
            allowed = max(self.few_count, self.few_share * details["element_count"])
            result["success"] = bool(details["unexpected_count"] <= allowed)
        return result
