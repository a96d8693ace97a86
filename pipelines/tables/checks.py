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
            "The suite in expectations/, `<table>.contract` for row rules, `surge` for what stopped the day before.",
            required=True,
        ),
        Column("check_index", pa.int32(), "Place in the suite, from 0.", required=True),
        Column("expectation", pa.string(), "The Great Expectations type.", required=True),
        Column("column_name", pa.string(), "The column it judges; null where it judges the table."),
        Column("severity", pa.string(), "What failing means.", required=True, values=("critical", "warning", "info")),
        Column("is_success", pa.bool_(), "Whether it was met.", required=True),
        Column("row_count", pa.int64(), "Rows judged."),
        Column("unexpected_count", pa.int64(), "Rows that break it."),
        Column(
            "failing_ids", pa.list_(pa.string()), "The first 20 of them: their key, joined by `/` where it is compound."
        ),
        Column(
            "set_aside_count", pa.int64(), "Rows that it sent to `rejected` before; `failing_ids` then names these."
        ),
        Column("observed", pa.string(), "What was seen, as JSON."),
        Column("error", pa.string(), "Why it could not be judged; it then counts as failed."),
        Column("meaning", pa.string(), "Why the check is there."),
    ),
)
