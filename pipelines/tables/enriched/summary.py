"""The summary of an article: a few of its own sentences."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

SENTENCE = pa.struct([("text", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("score", pa.float64())])
SUMMARY = (
    Column("summary", pa.list_(SENTENCE), "Up to three sentences of `text`, in the order of the text, with offsets."),
    make_status_column("summary"),
)
