"""quotes: the quotations in articles, with their speakers."""

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
        Column("quote_index", pa.int32(), "Position among the quotes of the article, from 0.", required=True),
        Column("article_id", pa.string(), _CLEAN["article_id"].doc, required=True),
        Column(
            "kind",
            pa.string(),
            "`direct`: in quotation marks; `indirect`: in other words; `mixed`: in other words, some of it in marks.",
            required=True,
            values=KINDS,
        ),
        Column("text", pa.large_string(), "The quoted words, exactly as in the article's text.", required=True),
        Column(
            "start", pa.int32(), "Offset of its first character in the article's text.", required=True, between=_OFFSET
        ),
        Column("end", pa.int32(), "Offset after its last character.", required=True, between=_OFFSET),
        Column("speaker", pa.string(), "The speaker, as written: a name, `the minister`, `he`."),
        Column("speaker_start", pa.int32(), "Offset of its first character in the article's text.", between=_OFFSET),
        Column("speaker_end", pa.int32(), "Offset after its last character.", between=_OFFSET),
        Column("speaker_name", pa.string(), "The name of the entity that the speaker refers to."),
        Column("entity_index", pa.int32(), "The `entity_index` of that entity in `entities`, with the same `item_id`."),
        Column("verb", pa.string(), "The verb of saying, as written."),
        Column("verb_start", pa.int32(), "Offset of its first character in the article's text.", between=_OFFSET),
        Column("verb_end", pa.int32(), "Offset after its last character.", between=_OFFSET),
        Column(
            "quote_score",
            pa.float64(),
            "The probability that `start` to `end` are somebody's words; it says nothing about the speaker.",
            required=True,
            between=(0, 1),
        ),
        Column(
            "speaker_score",
            pa.float64(),
            "The probability that `speaker` says them; null where no speaker was found.",
            between=(0, 1),
        ),
    ),
    notes="Only of published articles: `quotes_status` in `articles` says whether the enricher ran. Filter by "
    '`quote_score`: indirect quotes before their verb ("Rates would rise, Schmidt said") have about 0.4, and four in '
    "ten are right; those after it have about 0.7, and seven in ten are right.",
)
