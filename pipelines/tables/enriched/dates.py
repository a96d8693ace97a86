"""The days, months and years that an article mentions."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

DATE = pa.struct(
    [
        ("text", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("value", pa.string()),
        ("precision", pa.string()),
        ("is_relative", pa.bool_()),
    ]
)
DATES = (
    Column(
        "dates",
        pa.list_(DATE),
        "Dates in the text: the words, their offsets, the day, month or year they mean (`2026-03-02`, `2026-03`, "
        "`2026`) and whether that depends on the day of publication; `value` is null where it does and that day is "
        "unknown.",
    ),
    make_status_column("dates"),
)
