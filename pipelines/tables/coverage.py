"""coverage: what came from whom, and what became of it."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table

NO_SOURCE = "(none)"  # the one row of a day without input; its counts are 0, so sums stay right
_COUNT = (0, 10**12)
COMPLETENESS = pa.struct(
    [
        ("enricher", pa.string()),
        ("done_count", pa.int64()),
        ("skipped_count", pa.int64()),
        ("failed_count", pa.int64()),
    ]
)

COVERAGE = Table(
    name="coverage",
    grain="One row per source and language.",
    key=("source", "language"),
    columns=(
        Column("source", pa.string(), "The publisher; `(none)` on a day without input.", required=True),
        Column("language", pa.string(), "ISO 639-1, `und` where it is not known.", required=True),
        Column("received_count", pa.int64(), "Items received.", required=True, between=_COUNT),
        Column("published_count", pa.int64(), "Items in `articles`.", required=True, between=_COUNT),
        Column("duplicate_count", pa.int64(), "Items in `duplicates`.", required=True, between=_COUNT),
        Column("rejected_count", pa.int64(), "Items in `rejected`.", required=True, between=_COUNT),
        Column("completeness", pa.list_(COMPLETENESS), "On how many of the articles each enricher ran."),
        Column(
            "enrichment_failed_count",
            pa.int64(),
            "How often an enricher failed on an article.",
            required=True,
            between=_COUNT,
        ),
        Column(
            "verdict",
            pa.string(),
            "`closed`: the day had ended when it was planned; `open`: more may come; `no_input`: nothing came.",
            required=True,
            values=("closed", "open", "no_input"),
        ),
    ),
)
