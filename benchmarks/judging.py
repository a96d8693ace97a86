"""What is wrong with a day, as the checks of a release say it: the one thing that benchmarks/mutations.py asks."""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from pipelines.checks.day import derive_checked
from pipelines.checks.judge import judge
from pipelines.checks.suites import read_rules
from pipelines.tables.measures import MEASURES

Tables = dict[str, pa.Table]


def measures(tables: Tables, dt: date) -> pa.Table:
    """What the day `dt` is remembered by when later ones are judged."""
    return derive_checked(tables, dt, {})[0][MEASURES.name]


def verdicts(tables: Tables, history: Mapping[date, pa.Table], dt: date) -> list[tuple[str, str]]:
    """(severity, what) of each check that the day `dt` fails before any row is set aside; `history` are the measures of
    the days before it."""
    checks = judge(read_rules(), derive_checked(tables, dt, dict(history))[1]).checks
    return [
        (row["severity"], f"{row['suite']}: {row['expectation']} {row['column_name'] or ''}: {row['meaning']}")
        for row in checks.to_pylist()
        if not row["is_success"]
    ]
