"""The status column of every enricher: whether it ran on an article."""

import pyarrow as pa

from pipelines.tables.contract import Column

DONE, SKIPPED, FAILED = "done", "skipped", "failed"


def make_status_column(enricher: str) -> Column:
    """Make the column `<enricher>_status`."""
    return Column(
        f"{enricher}_status",
        pa.string(),
        f"Whether `{enricher}` ran: `{DONE}`, `{SKIPPED}: ` and why, or `{FAILED}: ` and the error.",
        pattern=f"{DONE}|{SKIPPED}: .+|{FAILED}: .+",
    )
