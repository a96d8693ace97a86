"""checks: what each expectation saw on the release."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table

CHECKS = Table(
    name="checks",
    grain="One row per expectation.",
    key=("suite", "check_index"),
    columns=(
        Column(
            "suite",
            pa.string(),
            "The suite: a file in expectations/, `<table>.contract` for row rules, or `surge` where a rejection surge "
            "stopped the day before it was judged.",
            required=True,
        ),
        Column("check_index", pa.int32(), "Position in the suite, from 0.", required=True),
        Column("expectation", pa.string(), "The Great Expectations type.", required=True),
        Column("column_name", pa.string(), "The columns that it judges; null where it judges the table as a whole."),
        Column(
            "severity",
            pa.string(),
            "`critical`: a failure stops the release; `warning` and `info`: a failure is only shown.",
            required=True,
            values=("critical", "warning", "info"),
        ),
        Column("is_success", pa.bool_(), "Whether it passed.", required=True),
        Column("row_count", pa.int64(), "How many rows were judged."),
        Column("unexpected_count", pa.int64(), "How many rows fail it."),
        Column(
            "failing_ids",
            pa.list_(pa.string()),
            "The keys of the first 20 rows that fail it, joined by `/` where a key has several columns.",
        ),
        Column(
            "set_aside_count",
            pa.int64(),
            "How many rows it moved to `rejected` in a first round; `failing_ids` then names these.",
        ),
        Column("observed", pa.string(), "The observed value, as JSON."),
        Column("error", pa.string(), "Why it could not be judged; it then counts as failed."),
        Column("meaning", pa.string(), "What the check sees, and why it matters."),
    ),
)
