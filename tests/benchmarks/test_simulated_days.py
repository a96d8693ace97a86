"""Made-up days keep every promise of the tables: a check that fails on one of them is wrong."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.simulated_days import simulate_day
from pipelines.enrichments.counts import count_paragraphs, count_sentences
from pipelines.tables.articles import ARTICLES
from pipelines.tables.contract import Table
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.entities import ENTITIES
from pipelines.tables.ids import article_id, item_id
from pipelines.tables.quotes import QUOTES
from pipelines.tables.rejected import REJECTED
from pipelines.text.words import count_words

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 1)
TABLES = (ARTICLES, ENTITIES, QUOTES, DUPLICATES, REJECTED, COVERAGE)


@pytest.fixture(scope="module")
def day() -> dict[str, pa.Table]:
    return simulate_day(MONDAY, 1, 400)


@pytest.fixture(scope="module")
def articles(day: dict[str, pa.Table]) -> dict[str, dict[str, Any]]:
    return {row["item_id"]: row for row in day["articles"].to_pylist()}


def misplaced(spans: Iterator[tuple[str, int, int, str]]) -> list[tuple[str, str]]:
    """(what stands there, what is said to) of spans that are not where they are said to be."""
    return [(text[start:end], written) for text, start, end, written in spans if text[start:end] != written]


def counted(day: dict[str, pa.Table], *names: str) -> dict[tuple[str, ...], int]:
    """(source, language, table or status) → how many, as coverage says or as these tables have it."""
    found: Counter[tuple[str, ...]] = Counter()
    if names == ("coverage",):
        for row in day["coverage"].to_pylist():
            whose = (row["source"], row["language"])
            for name, column in (("articles", "published"), ("duplicates", "duplicate"), ("rejected", "rejected")):
                found[*whose, name] += row[f"{column}_count"]
            for ran in row["completeness"]:
                found[*whose, f"{ran['enricher']}_status"] += ran["done_count"]
        return +found
    for name in names:
        for row in day[name].to_pylist():
            whose = (row["source"], row["language"] or "und")
            found[*whose, name] += 1
            found.update(
                (*whose, column) for column, said in row.items() if column.endswith("_status") and said == "done"
            )
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_keeps_every_row_rule(day: dict[str, pa.Table], table: Table) -> None:
    assert [reason for reason in table.broken(day[table.name]) if reason] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_tables_have_the_columns_of_their_contracts_and_rows(day: dict[str, pa.Table], table: Table) -> None:
    assert day[table.name].schema == table.schema
    assert day[table.name].num_rows > 0


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_tell_rows_apart(day: dict[str, pa.Table], table: Table) -> None:
    keys = day[table.name].select(list(table.key)).to_pylist()
    assert len({tuple(key.values()) for key in keys}) == len(keys)


def test_every_item_stands_in_one_place(day: dict[str, pa.Table]) -> None:
    placed = [item for name in ("articles", "duplicates", "rejected") for item in day[name]["item_id"].to_pylist()]
    assert sorted(day["ledger"]["item_id"].to_pylist()) == sorted(placed)
    assert set(day["ledger"]["place_count"].to_pylist()) == {1}


def test_coverage_counts_what_is_in_the_tables(day: dict[str, pa.Table]) -> None:
    assert counted(day, "coverage") == counted(day, "articles", "duplicates", "rejected")


@pytest.mark.parametrize(
    ("column", "written"), [("keywords", "term"), ("summary", "text"), ("dates", "text"), ("amounts", "text")]
)
def test_what_was_found_in_a_text_stands_there(articles: dict[str, dict[str, Any]], column: str, written: str) -> None:
    spans = [
        (row["text"], each["start"], each["end"], each[written])
        for row in articles.values()
        for each in row[column] or ()
    ]
    assert spans
    assert misplaced(iter(spans)) == []


@pytest.mark.parametrize("column", ["topics", "tone_parts"])
def test_the_words_behind_topics_and_tone_stand_in_the_text(articles: dict[str, dict[str, Any]], column: str) -> None:
    spans = [
        (row["text"], term["start"], term["end"], term["text"])
        for row in articles.values()
        for each in ([row[column]] if isinstance(row[column], dict) else row[column] or ())
        for term in each["terms"]
    ]
    assert spans
    assert misplaced(iter(spans)) == []


def test_entities_are_named_where_they_are_said_to_be(
    day: dict[str, pa.Table], articles: dict[str, dict[str, Any]]
) -> None:
    rows = day["entities"].to_pylist()
    spans = (
        (articles[row["item_id"]]["text"], m["start"], m["end"], m["text"]) for row in rows for m in row["mentions"]
    )
    assert misplaced(spans) == []
    assert all(row["mention_count"] == len(row["mentions"]) for row in rows)


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [("start", "end", "text"), ("speaker_start", "speaker_end", "speaker"), ("verb_start", "verb_end", "verb")],
)
def test_quotes_stand_where_they_are_said_to(
    day: dict[str, pa.Table], articles: dict[str, dict[str, Any]], start: str, end: str, written: str
) -> None:
    rows = [row for row in day["quotes"].to_pylist() if row[start] is not None]
    assert len(rows) > 100
    assert misplaced((articles[row["item_id"]]["text"], row[start], row[end], row[written]) for row in rows) == []


def test_speakers_are_entities_of_their_article(day: dict[str, pa.Table]) -> None:
    names = {(row["item_id"], row["entity_index"]): row["name"] for row in day["entities"].to_pylist()}
    quoted = [row for row in day["quotes"].to_pylist() if row["entity_index"] is not None]
    assert quoted
    assert all(names[row["item_id"], row["entity_index"]] == row["speaker_name"] for row in quoted)


def test_entities_of_an_article_are_counted_from_0_by_first_mention(day: dict[str, pa.Table]) -> None:
    found: dict[str, list[tuple[int, int]]] = {}
    for row in day["entities"].to_pylist():
        found.setdefault(row["item_id"], []).append((row["entity_index"], row["mentions"][0]["start"]))
    assert all([index for index, _ in rows] == list(range(len(rows))) for rows in found.values())
    assert all([at for _, at in rows] == sorted(at for _, at in rows) for rows in found.values())


def test_counts_are_those_of_the_text(articles: dict[str, dict[str, Any]]) -> None:
    for row in articles.values():
        text = row["text"]
        assert (row["word_count"], row["sentence_count"], row["paragraph_count"], row["char_count"]) == (
            count_words(text), count_sentences(text, row["language"]), count_paragraphs(text), len(text),
        )  # fmt: skip


def test_ids_and_hashes_are_what_they_are_derived_from(articles: dict[str, dict[str, Any]]) -> None:
    for row in articles.values():
        assert row["content_sha256"] == hashlib.sha256(row["text"].encode()).hexdigest()
        assert row["item_id"] == item_id(row["delivery_id"], row["item_index"])
        assert row["article_id"] == article_id(row["source"], row["url"], row["raw_sha256"], row["item_index"])


def test_parts_are_the_paragraphs(articles: dict[str, dict[str, Any]]) -> None:
    for row in articles.values():
        assert [row["text"][part["start"] : part["end"]] for part in row["parts"]] == row["text"].split("\n\n")


def test_all_is_received_on_the_day(day: dict[str, pa.Table]) -> None:
    found = {
        at.date() for name in ("articles", "duplicates", "rejected") for at in day[name]["received_at"].to_pylist()
    }
    assert found == {MONDAY}


def test_a_day_has_several_languages_sources_and_kinds_of_rejection(day: dict[str, pa.Table]) -> None:
    assert len(set(day["articles"]["language"].to_pylist())) == 5
    assert len(set(day["articles"]["source"].to_pylist())) > 15
    assert len(set(day["rejected"]["reason"].to_pylist())) > 1


def test_the_same_arguments_give_the_same_day_and_others_another(day: dict[str, pa.Table]) -> None:
    again, another = simulate_day(MONDAY, 1, 400), simulate_day(MONDAY, 2, 400)
    assert all(again[name].equals(day[name]) for name in day)
    assert set(another["articles"]["item_id"].to_pylist()).isdisjoint(day["articles"]["item_id"].to_pylist())


def test_less_comes_in_on_sundays() -> None:
    assert simulate_day(SUNDAY, 1, 400)["articles"].num_rows < 0.8 * simulate_day(MONDAY, 1, 400)["articles"].num_rows
