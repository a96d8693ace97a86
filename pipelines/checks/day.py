"""The tables of a day → the day as the checks see it: narrow tables with indicators, and the day's measures."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from pipelines.checks.indicators import derive_indicators, select_narrow
from pipelines.checks.measures import compute_measures
from pipelines.tables.measures import MEASURES


class CheckedDay(NamedTuple):
    """A day before it is judged: `tables` are its tables with MEASURES, `seen` is what the checks see of them."""

    tables: dict[str, pa.Table]
    seen: dict[str, pa.Table]


def derive_checked(tables: Mapping[str, pa.Table], dt: date, history: Mapping[date, pa.Table]) -> CheckedDay:
    """Derive the indicators and measures of the day `dt`. `history` has the measures of the days before it."""
    seen = derive_indicators(tables, dt)
    measures = compute_measures(seen, dt, history)
    return CheckedDay(
        tables={**tables, MEASURES.name: measures},
        seen={**seen, MEASURES.name: select_narrow(MEASURES.name, measures)},
    )
