"""coverage: how many items each source sent, and their outcomes."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table

NO_SOURCE = "(none)"  # the only row of a day without input; its counts are 0, so sums stay correct
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
        Column("language", pa.string(), "ISO 639-1; `und` where it is unknown.", required=True),
        Column("received_count", pa.int64(), "Items received.", required=True, between=_COUNT),
        Column("published_count", pa.int64(), "Items in `articles`.", required=True, between=_COUNT),
        Column("duplicate_count", pa.int64(), "Items in `duplicates`.", required=True, between=_COUNT),
        Column("rejected_count", pa.int64(), "Items in `rejected`.", required=True, between=_COUNT),
        Column(
            "set_aside_count",
            pa.int64(),
            "Those of them that are set aside with their whole delivery or source.",
            between=_COUNT,
        ),
        Column(
            "completeness",
            pa.list_(COMPLETENESS),
            "For each enricher, how many articles it was done, skipped or failed on.",
        ),
        Column(
            "enrichment_failed_count",
            pa.int64(),
            "How often any enricher failed on an article.",
            required=True,
            between=_COUNT,
        ),
        Column(
            "verdict",
            pa.string(),
            "`closed`: the day had ended when it was planned; `open`: more may arrive; `no_input`: nothing arrived.",
            required=True,
            values=("closed", "open", "no_input"),
        ),
    ),
)
