"""What is wrong with a day, as the checks of a release say it: the one thing that benchmarks/mutations.py asks."""

from datetime import date

import pyarrow as pa

from pipelines.plans import suites
from pipelines.stages.validate import judge, row_rules
from pipelines.tables.checks import CHECKS
from pipelines.tables.published import PUBLISHED

Tables = dict[str, pa.Table]


def verdicts(tables: Tables, history: list[Tables], dt: date) -> list[tuple[str, str]]:  # noqa: ARG001
    """(severity, what) of each failed check of the day `dt`; `history` are the days before it, the newest last."""
    rules = [row_rules(table) for table in PUBLISHED if table is not CHECKS]
    failed = [row for row in judge([*suites(), *rules], tables).to_pylist() if not row["is_success"]]
    return [
        (row["severity"], f"{row['suite']}: {row['expectation']} {row['column_name'] or ''}".strip()) for row in failed
    ]
