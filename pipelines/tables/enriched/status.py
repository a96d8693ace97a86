"""The status column of every enricher: whether it ran on an article."""

import pyarrow as pa

from pipelines.tables.contract import Column

DONE, SKIPPED, FAILED = "done", "skipped", "failed"


def make_status_column(enricher: str, remark: str = "") -> Column:
    """Make the column `<enricher>_status`; `remark` describes what may stand behind `done: `."""
    return Column(
        f"{enricher}_status",
        pa.string(),
        f"Whether `{enricher}` ran: `{DONE}`, `{SKIPPED}: ` and why, or `{FAILED}: ` and the error.{remark}",
        pattern=f"{DONE}(?:: .+)?|{SKIPPED}: .+|{FAILED}: .+" if remark else f"{DONE}|{SKIPPED}: .+|{FAILED}: .+",
    )
