"""The keywords of an article: terms from its own text."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

KEYWORD = pa.struct([("term", pa.string()), ("score", pa.float64()), ("start", pa.int32()), ("end", pa.int32())])
KEYWORDS = (
    Column("keywords", pa.list_(KEYWORD), "Up to ten terms, best first, with offsets into `text`."),
    make_status_column("keywords"),
)
