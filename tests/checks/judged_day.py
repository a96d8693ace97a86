"""A made-up day without a defect, and ways to break it: the tests of the suites judge these."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipelines.tables.articles import ARTICLES
from pipelines.tables.contract import Table
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.entities import ENTITIES
from pipelines.tables.ids import article_id, item_id
from pipelines.tables.measures import MEASURES
from pipelines.tables.quotes import QUOTES
from pipelines.tables.rejected import REJECTED, fingerprint

DT = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
COUNT = 20
USUAL = {
    "measure": "articles", "source": "(all)", "kind": "count", "value": 20.0, "row_count": 20, "noise": 1.0,
    "expected": 20.0, "deviation": 0.0, "day_count": 28,
}  # fmt: skip
Tables = dict[str, pa.Table]
Change = Callable[[Tables], None]
SAYING = '"The pier is safe," said Ada Penn of Lund'


IDS = [article_id("paper", f"https://paper.example/{number}", "00", 0) for number in range(COUNT)]


def text_of(number: int) -> str:
    body = (
        f"Story {number} of the day was told to the harbour board in the hall, and it was heard for an hour with care."
        f" {SAYING} on Monday, and the plan for the new pier is to be read in the council for the second time."
    )
    return f"{body}\n\nThe board of harbour {number} was to meet again with the council, and that is all for now."


def article(number: int) -> dict[str, Any]:
    text = text_of(number)
    delivery = f"delivery{number}"
    statuses = (column.name for column in ARTICLES.columns if column.name.endswith("_status"))
    return {
        "item_id": item_id(delivery, 0), "delivery_id": delivery, "item_index": 0, "raw_sha256": "00",
        "article_id": IDS[number], "source": "paper", "url": f"https://paper.example/{number}",
        "canonical_url": f"https://paper.example/c/{number}",
        "content_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "revision": 1, "received_at": NOON, "published_at": NOON - timedelta(minutes=7 * number + 1),
        "published_precision": "minute", "published_on": DT, "updated_at": NOON - timedelta(minutes=1),
        "updated_precision": "minute", "title": f"The board hears story {number}", "text": text, "text_from": "model",
        "authors": ["Ada Penn"], "images": [f"https://paper.example/{number}.jpg"], "language": "en",
        "language_score": 0.99, "media_type": "text/html", "word_count": len(text.split()), "sentence_count": 3,
        "paragraph_count": 2, "char_count": len(text), "readability_score": 60.0, "readability_formula": "flesch",
        "keywords": [{"term": "harbour board", "score": 0.5, "start": text.index("harbour board"),
                      "end": text.index("harbour board") + 13}],
        "topics": [], "tone": 0.2, "summary": [], "dates": [], "amounts": [],
        "tone_parts": {"positive_count": 1, "negative_count": 0, "positive_sum": 1.0, "negative_sum": 0.0, "terms": []},
        "embedding": [1.0] + [0.0] * 383,
        **dict.fromkeys(statuses, "done"),
    }  # fmt: skip


def entities_of(row: dict[str, Any]) -> Iterable[dict[str, Any]]:
    places = {"geoname_id": 2693678, "country": "SE", "latitude": 55.71, "longitude": 13.19, "place_score": 0.9}
    for index, (name, kind, where) in enumerate((("Ada Penn", "person", {}), ("Lund", "place", places))):
        start = row["text"].index(name)
        mention = {"text": name, "start": start, "end": start + len(name)}
        yield {
            "item_id": row["item_id"], "entity_index": index, "article_id": row["article_id"], "kind": kind,
            "name": name, "mentions": [mention], "mention_count": 1, "salience_score": 0.5, **where,
        }  # fmt: skip


def quote_of(row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"]

    def at(prefix: str, words: str) -> dict[str, Any]:
        start = text.index(words)
        return {f"{prefix}start": start, f"{prefix}end": start + len(words)}

    return {
        "item_id": row["item_id"], "quote_index": 0, "article_id": row["article_id"], "kind": "direct",
        "text": "The pier is safe,", **at("", "The pier is safe,"), "speaker": "Ada Penn", **at("speaker_", "Ada Penn"),
        "speaker_name": "Ada Penn", "entity_index": 0, "verb": "said", **at("verb_", "said"), "quote_score": 0.9,
        "speaker_score": 0.9,
    }  # fmt: skip


def clean_day() -> Tables:
    """Twenty articles, the last of which repeats another's text; two duplicates; two rejected items."""
    articles = [article(number) for number in range(COUNT)]
    for name in ("text", "content_sha256", "word_count", "char_count", "keywords"):
        articles[-1][name] = articles[0][name]
    articles[-1] |= {"duplicate_of": articles[0]["item_id"], "duplicate_kind": "same_text"}

    def other(number: int, **values: Any) -> dict[str, Any]:
        delivery = f"other{number}"
        known = {"delivery_id": delivery, "item_id": item_id(delivery, 0), "item_index": 0, "raw_sha256": "00"}
        return {"source": "paper", "language": "en", "received_at": NOON, **known, **values}

    kept = {"kept_item_id": articles[1]["item_id"], "article_id": IDS[1], "duplicate_kind": "same_url_same_text"}
    duplicates = [other(number, **kept, url="https://paper.example/1") for number in range(2)]
    why = {
        "stage": "clean",
        "reason": "no_text",
        "detail": "a list of links",
        "excerpt": "Home",
        "table_name": "articles",
        "row_index": -1,
        "stage_version": "1",
        "fingerprint": fingerprint("clean", "no_text", None, "paper", "1"),
    }
    rejected = [other(number, **why) for number in range(2, 4)]
    enrichers = [{"enricher": "counts", "done_count": COUNT, "skipped_count": 0, "failed_count": 0}]
    coverage = {
        "source": "paper", "language": "en", "received_count": COUNT + 4, "published_count": COUNT,
        "duplicate_count": 2, "rejected_count": 2, "completeness": enrichers, "enrichment_failed_count": 0,
        "verdict": "closed",
    }  # fmt: skip
    ids = [row["item_id"] for row in (*articles, *duplicates, *rejected)]
    return {
        "articles": rows_of(ARTICLES, articles),
        "entities": rows_of(ENTITIES, [row for each in articles for row in entities_of(each)]),
        "quotes": rows_of(QUOTES, [quote_of(each) for each in articles]),
        "duplicates": rows_of(DUPLICATES, duplicates),
        "rejected": rows_of(REJECTED, rejected),
        "coverage": rows_of(COVERAGE, [coverage]),
        "measures": rows_of(MEASURES, [USUAL]),
        "ledger": pa.table({"item_id": ids, "place_count": pa.array([1] * len(ids), pa.int32())}),
    }


def rows_of(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, pa.schema([field.with_nullable(True) for field in table.schema]))


def changed(table: str, count: int = COUNT, **values: Any) -> Change:
    """Return a change that gives columns of the first rows other values, or the result of a function of the row."""

    def change(tables: Tables) -> None:
        rows = tables[table].to_pylist()
        for row in rows[:count]:
            row |= {name: value(row) if callable(value) else value for name, value in values.items()}
        tables[table] = pa.Table.from_pylist(rows, tables[table].schema)

    return change


def emptied(table: str) -> Change:
    def change(tables: Tables) -> None:
        tables[table] = tables[table].schema.empty_table()

    return change


def doubled(table: str, **values: Any) -> Change:
    """Return a change that adds the first row once more, with other values."""

    def change(tables: Tables) -> None:
        rows = tables[table].to_pylist()
        tables[table] = pa.Table.from_pylist([*rows, {**rows[0], **values}], tables[table].schema)

    return change


def broken(change: Change) -> Tables:
    """Return the clean day after a change."""
    tables = dict(clean_day())
    change(tables)
    return tables
