"""quotes: who says what in the articles."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table
from pipelines.tables.enriched.quotes import KINDS
from pipelines.tables.items import ITEMS

_CLEAN = {column.name: column for column in ITEMS.columns}
_OFFSET = (0, 2_000_000)

QUOTES = Table(
    name="quotes",
    grain="One row per quotation in an article.",
    key=("item_id", "quote_index"),
    columns=(
        _CLEAN["item_id"],
        Column("quote_index", pa.int32(), "Place among the quotes of the article, from 0.", required=True),
        Column("article_id", pa.string(), _CLEAN["article_id"].doc, required=True),
        Column(
            "kind",
            pa.string(),
            "`direct`: in quotation marks; `indirect`: told in other words; `mixed`: told, with words in marks.",
            required=True,
            values=KINDS,
        ),
        Column("text", pa.large_string(), "What is said, as it stands in the article's text.", required=True),
        Column("start", pa.int32(), "Offset into the article's text.", required=True, between=_OFFSET),
        Column("end", pa.int32(), "Behind the last character.", required=True, between=_OFFSET),
        Column("speaker", pa.string(), "Who says it, as written: a name, `the minister`, `he`."),
        Column("speaker_start", pa.int32(), "Offset into the article's text.", between=_OFFSET),
        Column("speaker_end", pa.int32(), "Behind the last character.", between=_OFFSET),
        Column("speaker_name", pa.string(), "The name of the entity that the speaker is taken for."),
        Column("entity_index", pa.int32(), "That entity, in `entities`, with the same `item_id`."),
        Column("verb", pa.string(), "The word of saying, as written."),
        Column("verb_start", pa.int32(), "Offset into the article's text.", between=_OFFSET),
        Column("verb_end", pa.int32(), "Behind the last character.", between=_OFFSET),
        Column(
            "quote_score",
            pa.float64(),
            "The probability that these are somebody's words, from `start` to `end`; not that the speaker is right.",
            required=True,
            between=(0, 1),
        ),
    ),
    notes="Of articles alone: `quotes_status` there says whether it was looked for. Filter by `quote_score`: of the "
    'indirect quotes that stand before their verb ("Rates would rise, Schmidt said"), which have about 0.4, four of '
    "ten are right; of those behind it, which have about 0.7, seven of ten.",
)
