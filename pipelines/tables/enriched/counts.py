"""The length of an article."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

# No real article reached a fifth of these bounds in the 921 pages measured; they catch dumps, not news.
COUNTS = (
    Column("word_count", pa.int32(), "Words in `text`.", required=True, between=(1, 200_000)),
    Column("sentence_count", pa.int32(), "Sentences in `text`.", required=True, between=(1, 100_000)),
    Column("paragraph_count", pa.int32(), "Paragraphs in `text`.", required=True, between=(1, 100_000)),
    Column("char_count", pa.int32(), "Characters in `text`.", required=True, between=(1, 2_000_000)),
    make_status_column("counts"),
)
