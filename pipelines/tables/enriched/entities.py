"""The entities that an article names."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

KINDS = ("person", "organisation", "place", "other")
MENTION = pa.struct([("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
ENTITY = pa.struct(
    [
        ("kind", pa.string()),
        ("name", pa.string()),
        ("mentions", pa.list_(MENTION)),
        ("mention_count", pa.int32()),
        ("salience_score", pa.float64()),
    ]
)
ENTITIES_REMARK = (
    " `done: names of countries alone` where the text is German, Spanish, French or Russian and no model of its "
    "language is installed: only countries are among its entities."
)
FOUND_ENTITIES = (
    Column("entities", pa.list_(ENTITY), "The entities that the article names, in the order of first mention."),
    make_status_column("entities", ENTITIES_REMARK),
)
