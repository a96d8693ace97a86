"""A day, as the checks see it: by which rules it is judged, and what is derived from its tables for them."""

import json
from datetime import date
from typing import Any

import pyarrow as pa

from pipelines.checks.indicators import derive_indicators, select_narrow
from pipelines.checks.judge import build_row_suite
from pipelines.checks.measures import compute_measures
from pipelines.checks.verdicts import Suite
from pipelines.tables.checks import CHECKS
from pipelines.tables.measures import MEASURES
from pipelines.tables.published import PUBLISHED
from pipelines.versions import ROOT

EXPECTATIONS = ROOT / "expectations"


def read_suites() -> list[dict[str, Any]]:
    """Return the batch rules, native Great Expectations JSON, in the order of their names."""
    return [json.loads(path.read_bytes()) for path in sorted(EXPECTATIONS.glob("*.json"))]


def read_rules() -> list[Suite]:
    """Return all that a day is judged by, as suites: the batch rules, and the row rules of the published tables."""
    return [*read_suites(), *(build_row_suite(table) for table in PUBLISHED if table is not CHECKS)]


def derive_checked(
    tables: dict[str, pa.Table], dt: date, history: dict[date, pa.Table]
) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """Return (the tables of a day with its measures, what the checks see of them)."""
    seen = derive_indicators(tables, dt)
    measures = compute_measures(seen, dt, history)
    return {**tables, MEASURES.name: measures}, {**seen, MEASURES.name: select_narrow(MEASURES.name, measures)}
