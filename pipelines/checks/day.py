"""The tables of a day → the day as the checks see it: narrow tables with indicators, and the day's measures."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from pipelines.checks.indicators import compare_day, derive_part_indicators, select_narrow
from pipelines.checks.measures import compute_measures
from pipelines.tables.measures import MEASURES


class CheckedDay(NamedTuple):
    """A day before it is judged: `tables` are its tables with MEASURES, `seen` is what the checks see of them."""

    tables: dict[str, pa.Table]
    seen: dict[str, pa.Table]


def derive_checked(tables: Mapping[str, pa.Table], dt: date, history: Mapping[date, pa.Table]) -> CheckedDay:
    """Derive the indicators and measures of the day `dt`. `history` has the measures of the days before it."""
    day = compare_checked({**tables, **derive_part_indicators(tables, dt)}, dt, history)
    return CheckedDay({**tables, MEASURES.name: day.tables[MEASURES.name]}, day.seen)


def compare_checked(narrow: Mapping[str, pa.Table], dt: date, history: Mapping[date, pa.Table]) -> CheckedDay:
    """Do the same from the narrow tables of all parts of the day, with `coverage` and `ledger`."""
    seen = compare_day(narrow)
    measures = compute_measures(seen, dt, history)
    return CheckedDay(
        tables={**narrow, MEASURES.name: measures},
        seen={**seen, MEASURES.name: select_narrow(MEASURES.name, measures)},
    )
