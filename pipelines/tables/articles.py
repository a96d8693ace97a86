"""articles: the published articles, with metadata and enrichment."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table
from pipelines.tables.enriched.amounts import AMOUNTS
from pipelines.tables.enriched.counts import COUNTS
from pipelines.tables.enriched.dates import DATES
from pipelines.tables.enriched.embedding import EMBEDDING
from pipelines.tables.enriched.entities import FOUND_ENTITIES
from pipelines.tables.enriched.keywords import KEYWORDS
from pipelines.tables.enriched.readability import READABILITY
from pipelines.tables.enriched.status import make_status_column
from pipelines.tables.enriched.summary import SUMMARY
from pipelines.tables.enriched.tone import TONE
from pipelines.tables.enriched.topics import TOPICS
from pipelines.tables.items import ITEMS, LINEAGE

_CLEAN = {column.name: column for column in ITEMS.columns}

ARTICLES = Table(
    name="articles",
    grain="One row per text of a published article on the day: the first one and each changed one.",
    key=("item_id",),
    columns=(
        _CLEAN["item_id"],
        Column("article_id", pa.string(), _CLEAN["article_id"].doc, required=True),
        _CLEAN["source"],
        _CLEAN["url"],
        _CLEAN["canonical_url"],
        Column("content_sha256", pa.string(), "SHA-256 of `text`.", required=True, pattern="[0-9a-f]{64}"),
        Column(
            "revision",
            pa.int32(),
            "1 for the article's first text of the day, one more for each changed text.",
            required=True,
            between=(1, 100_000),
        ),
        _CLEAN["received_at"],
        _CLEAN["published_at"],
        _CLEAN["published_precision"],
        _CLEAN["published_from"],
        _CLEAN["published_zone"],
        Column("published_on", pa.date32(), "The UTC day of `published_at`."),
        _CLEAN["updated_at"],
        _CLEAN["updated_precision"],
        _CLEAN["title"],
        _CLEAN["lead"],
        Column("text", pa.large_string(), _CLEAN["text"].doc, required=True),
        *(_CLEAN[name] for name in ("broken_characters", "text_from", "parts", "captions", "dateline")),
        *(_CLEAN[name] for name in ("links", "images", "removed")),
        _CLEAN["authors"],
        *(_CLEAN[name] for name in ("section", "article_type", "article_type_score")),
        *(_CLEAN[name] for name in ("robots", "is_tdm_reserved", "tdm_policy_url", "is_paywalled", "found_in")),
        _CLEAN["language"],
        _CLEAN["language_score"],
        _CLEAN["media_type"],
        Column(
            "duplicate_of",
            pa.string(),
            "The `item_id` of the first item of the day with the same text at another address.",
        ),
        Column(
            "duplicate_kind",
            pa.string(),
            "In what way it is a duplicate: `same_text` at another address.",
            values=("same_text",),
        ),
        *COUNTS,
        *READABILITY,
        *KEYWORDS,
        *TOPICS,
        *TONE,
        *SUMMARY,
        *DATES,
        *AMOUNTS,
        *EMBEDDING,
        # The results of these have tables of their own.
        FOUND_ENTITIES[-1],
        *(make_status_column(enricher) for enricher in ("places", "quotes")),
        *LINEAGE,
    ),
    notes="`dt`, the day of receipt, is in the path. The view `articles_latest` has one row per article over all days.",
)
