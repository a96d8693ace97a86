"""Defects of `coverage` and of the ledger: counts that are not those of the tables."""

from benchmarks.defects.kinds import BOTH, SECOND, Kind, change
from benchmarks.defects.tables import Day, Row, Tables, drop_rows


def _lose_rows(day: Day, table: str) -> Tables:
    return {**day.tables, table: drop_rows(day[table], day.pick_rows(table))}


def _swap_done_and_skipped(row: Row) -> Row:
    counts = row["completeness"]
    swapped = [{**each, "done_count": each["skipped_count"], "skipped_count": each["done_count"]} for each in counts]
    return {"completeness": swapped}


KINDS = (
    change("coverage", "coverage_adds_up_to_less", "Rows of coverage count one received item too few.",
           lambda row, _: {"received_count": max(0, row["received_count"] - 1)}),
    change("coverage", "coverage_of_other_articles", "Rows count one article too many, received ones included.",
           lambda row, _: {name: row[name] + 1 for name in ("received_count", "published_count")}, sets=BOTH),
    Kind("coverage_rows_lost", "Sources are missing from coverage.", ("coverage",),
         lambda day: _lose_rows(day, "coverage"), BOTH),
    change("coverage", "coverage_completeness_swapped", "For each enricher done and skipped counts are swapped.",
           lambda row, _: _swap_done_and_skipped(row), "completeness", SECOND),
    change("coverage", "coverage_open", "A day that has ended is called open for some sources.",
           {"verdict": "open"}, None, SECOND),
    Kind("items_unplanned", "The tables hold items that the plan of the day does not know.", ("ledger",),
         lambda day: _lose_rows(day, "ledger"), SECOND),
)  # fmt: skip
