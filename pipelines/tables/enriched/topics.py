"""The topics of an article: first level of the IPTC Media Topics."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

TERM = pa.struct([("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
TOPIC = pa.struct(
    [("topic", pa.string()), ("label", pa.string()), ("topic_score", pa.float64()), ("terms", pa.list_(TERM))]
)
TOPICS = (
    Column(
        "topics",
        pa.list_(TOPIC),
        "First-level IPTC Media Topics, most likely first, each with the terms behind it and their offsets into "
        "`text`; empty where none is likely enough. `topic_score` is a probability: of topics with .8 about 80 % are "
        "what the publisher would file the article under. The likeliest topic is given from .25 on, others from .4 on; "
        "raise that to .7 for fewer but surer topics (docs/quality.md shows what each score is worth).",
    ),
    make_status_column("topics"),
)
