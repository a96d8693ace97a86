"""A vector of what an article says, to find similar ones."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

SIZE = 384
EMBEDDING = (
    Column(
        "embedding",
        pa.list_(pa.float32(), SIZE),
        "Vector of length 1 of title and opening (all-MiniLM-L6-v2, int8); the dot product of two is their similarity. "
        "Always null, like its status, unless the extra `embedding` is installed.",
    ),
    make_status_column("embedding"),
)
