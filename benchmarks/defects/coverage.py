"""Defects of `coverage`: counts that are not those of the tables."""

import random

from benchmarks.defects.changing import Put, Row, Tables, changed_some, left, some


def coverage_adds_up_to_less(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Rows of coverage count one received item too few."""
    return changed_some(
        tables, "coverage", rate, rng, lambda row: {"received_count": max(0, row["received_count"] - 1)}
    )


def coverage_of_other_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Rows of coverage count one article too many, among the received ones too: each row adds up."""

    def change(row: Row) -> Row:
        return {name: row[name] + 1 for name in ("received_count", "published_count")}

    return changed_some(tables, "coverage", rate, rng, change)


def coverage_rows_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Sources are missing from coverage."""
    return {**tables, "coverage": left(tables["coverage"], some(tables["coverage"].num_rows, rate, rng))}


TOUCHES: dict[Put, tuple[str, ...]] = dict.fromkeys(
    (coverage_adds_up_to_less, coverage_of_other_articles, coverage_rows_lost), ("coverage",)
)
INVISIBLE: tuple[Put, ...] = ()
