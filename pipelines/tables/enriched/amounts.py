"""The amounts of money and percentages in an article."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

AMOUNT = pa.struct(
    [
        ("text", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("value", pa.float64()),
        ("unit", pa.string()),
    ]
)
AMOUNTS = (
    Column(
        "amounts",
        pa.list_(AMOUNT),
        "Money and percentages in the text: the words, their offsets, the value, and its unit: an ISO 4217 currency "
        "(`$` alone counts as USD) or `%`.",
    ),
    make_status_column("amounts"),
)
