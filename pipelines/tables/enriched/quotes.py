"""The quotations in an article, with their speakers."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

KINDS = ("direct", "indirect", "mixed")
QUOTE = pa.struct(
    [
        ("kind", pa.string()),
        ("text", pa.large_string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("speaker", pa.string()),
        ("speaker_start", pa.int32()),
        ("speaker_end", pa.int32()),
        ("speaker_name", pa.string()),
        ("entity_index", pa.int32()),
        ("verb", pa.string()),
        ("verb_start", pa.int32()),
        ("verb_end", pa.int32()),
        ("quote_score", pa.float64()),
        ("speaker_score", pa.float64()),
    ]
)
FOUND_QUOTES = (
    Column("quotes", pa.list_(QUOTE), "The quotations in the article, in the order of the text."),
    make_status_column("quotes"),
)
