"""Where an article lies among others by what it says."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

SIZE = 384
EMBEDDING = (
    Column(
        "embedding",
        pa.list_(pa.float32(), SIZE),
        "Vector of length 1 of title and opening (all-MiniLM-L6-v2, int8); the dot product of two says how alike they "
        "are. Null throughout, its status too, unless the extra `embedding` is installed.",
    ),
    make_status_column("embedding"),
)
