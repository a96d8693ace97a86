"""How positive or negative the words of an article sound."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

TERM = pa.struct([("text", pa.string()), ("weight", pa.float64()), ("start", pa.int32()), ("end", pa.int32())])
PARTS = pa.struct(
    [
        ("positive_count", pa.int32()),
        ("negative_count", pa.int32()),
        ("positive_sum", pa.float64()),
        ("negative_sum", pa.float64()),
        ("terms", pa.list_(TERM)),
    ]
)
TONE = (
    Column(
        "tone",
        pa.float64(),
        "From -1 (only negative words) to 1 (only positive words); 0 where neither prevails.",
        between=(-1, 1),
    ),
    Column(
        "tone_parts",
        PARTS,
        "The counts and sums that `tone` is computed from, and the strongest words, with offsets into `text`.",
    ),
    make_status_column("tone"),
)
