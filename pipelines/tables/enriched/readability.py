"""How easy an article is to read."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

# No bounds: a score follows from the text, and an odd text is no reason to reject an article.
READABILITY = (
    Column("readability_score", pa.float64(), "Reading ease; higher is easier."),
    Column("readability_formula", pa.string(), "The formula of the score; it depends on the language."),
    make_status_column("readability"),
)
