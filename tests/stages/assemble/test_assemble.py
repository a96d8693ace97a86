"""A day's tables: each item in exactly one, whatever order and batches it came in."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.stages.assemble import Day, assemble_day
from pipelines.tables.items import ITEMS, REASONS
from pipelines.tables.parquet import encode_parquet

MORNING = datetime(2026, 3, 2, 6, tzinfo=UTC)
SCHEMA = pa.schema([*ITEMS.schema, *(field for enricher in ENRICHERS for field in enricher.schema)])
PLACES = ("articles", "duplicates", "rejected")
VERSIONS = {"clean": "c" * 16, "enrich": "e" * 16, "validate": "v" * 16, "assemble": "a" * 16}
COUNTS = {"word_count": 2, "sentence_count": 1, "paragraph_count": 1, "char_count": 9}


def item(name: str, minute: int = 0, text: str | None = "one text", **changed: Any) -> dict[str, Any]:
    """An item that is an article with this text, or, without one, a rejected item."""
    told = (
        {"reason": "no_text"}
        if text is None
        else {"text": text, "content_sha256": text.encode().hex().rjust(64, "0"), **COUNTS}
    )
    return {
        "item_id": name, "article_id": f"article of {name}", "source": "paper.example", "language": "en",
        "received_at": MORNING + timedelta(minutes=minute), "delivery_id": f"delivery of {name}", "raw_sha256": "00",
        "item_index": 0, **told, **changed,
    }  # fmt: skip


def assembled(
    *items: dict[str, Any],
    expected: list[str] | None = None,
    is_open: bool = False,
    profiles: dict[str, str] | None = None,
) -> Day:
    table = pa.Table.from_pylist(list(items), SCHEMA)
    ids = [i["item_id"] for i in items] if expected is None else expected
    return assemble_day(table, ids, is_open, VERSIONS, profiles or {})


def rows(day: Day, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in day.tables[table].to_pylist()]


def some_items() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Days on which addresses, texts, events and times meet in every way."""
    one = st.builds(
        lambda minute, text, article, event, source, language, words: {
            "minute": minute, "text": text, "article_id": article, "event_id": event, "source": source,
            "language": language, "words": words,
        },
        st.integers(0, 3), st.sampled_from([None, "text a", "text b", "text c"]), st.sampled_from(["x", "y", "z"]),
        st.sampled_from([None, None, "e1", "e2"]), st.sampled_from(["p.example", "q.example"]),
        st.sampled_from([None, "en", "de"]), st.sampled_from([2, 2, 2, 0, None, 1_000_000]),
    )  # fmt: skip

    def named(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            item(f"i{number:02}", its.pop("minute"), its.pop("text"), word_count=its.pop("words"), **its)
            for number, its in enumerate(dict(its) for its in found)
        ]

    return st.lists(one, max_size=14).map(named)


@given(some_items())
def test_every_item_is_in_exactly_one_table(items: list[dict[str, Any]]) -> None:
    day = assembled(*items)
    places = [row[0] for table in PLACES for row in rows(day, table, "item_id")]
    assert sorted(places) == sorted(i["item_id"] for i in items)
    assert day.ledger["place_count"].to_pylist() == [1] * len(items)


@pytest.mark.slow
@given(some_items(), st.randoms(use_true_random=False), st.lists(st.integers(0, 14), max_size=4))
def test_order_and_batches_leave_no_trace(items: list[dict[str, Any]], random: Any, cuts: list[int]) -> None:
    mixed = random.sample(items, len(items))
    ends = sorted({0, *(min(cut, len(mixed)) for cut in cuts), len(mixed)})
    pieces = [pa.Table.from_pylist(mixed[a:b], SCHEMA) for a, b in pairwise(ends)]
    parts = pa.concat_tables([SCHEMA.empty_table(), *pieces])
    split = assemble_day(parts, [i["item_id"] for i in mixed], False, VERSIONS)
    whole = assembled(*items)
    assert {n: encode_parquet(t) for n, t in split.tables.items()} == {
        n: encode_parquet(t) for n, t in whole.tables.items()
    }
    assert sorted(map(str, split.ledger.to_pylist())) == sorted(map(str, whole.ledger.to_pylist()))


@given(some_items())
def test_coverage_counts_what_is_in_the_tables(items: list[dict[str, Any]]) -> None:
    day = assembled(*items)
    for table, column in zip(PLACES, ("published_count", "duplicate_count", "rejected_count"), strict=True):
        counted = Counter((source, language or "und") for source, language in rows(day, table, "source", "language"))
        assert counted == +Counter(
            {(s, n): count for s, n, count in rows(day, "coverage", "source", "language", column)}
        )
    for received, *parts in rows(
        day, "coverage", "received_count", "published_count", "duplicate_count", "rejected_count"
    ):
        assert received == sum(parts)


@given(some_items())
def test_what_is_kept_instead_of_a_duplicate_is_an_article_of_the_day(items: list[dict[str, Any]]) -> None:
    day = assembled(*items)
    published = {row[0] for row in rows(day, "articles", "item_id")}
    assert {row[0] for row in rows(day, "duplicates", "kept_item_id")} <= published
    assert {row[0] for row in rows(day, "articles", "duplicate_of")} - {None} <= published


@pytest.mark.slow
@given(some_items())
def test_the_revisions_of_an_article_count_from_one_without_a_gap(items: list[dict[str, Any]]) -> None:
    revisions: dict[str, list[int]] = {}
    for article, revision in rows(assembled(*items), "articles", "article_id", "revision"):
        revisions.setdefault(article, []).append(revision)
    assert all(found == list(range(1, len(found) + 1)) for found in revisions.values())


def entity(name: str, kind: str = "place") -> dict[str, Any]:
    mentions = [{"text": name, "start": 0, "end": len(name)}]
    return {"kind": kind, "name": name, "mentions": mentions, "mention_count": 1, "salience_score": 0.5}


def test_the_entities_of_articles_alone_are_rows_in_their_order_with_where_the_places_are() -> None:
    ulm = {"entity_index": 2, "geoname_id": 42, "country": "DE"}
    day = assembled(
        item("b", 1, entities=[entity("Jena"), entity("Ann", "person"), entity("Ulm")], places=[ulm]),
        item("a", 0, text="another text", entities=[entity("Bonn")], places=None),
        item("c", 2, text="a third text", entities=[], places=[]),
        item("d", 3, text=None, entities=[entity("Köln")]),
    )  # fmt: skip
    assert rows(day, "entities", "item_id", "entity_index", "article_id", "name", "geoname_id", "country") == [
        ("a", 0, "article of a", "Bonn", None, None),
        ("b", 0, "article of b", "Jena", None, None),
        ("b", 1, "article of b", "Ann", None, None),
        ("b", 2, "article of b", "Ulm", 42, "DE"),
    ]


def test_the_quotes_of_articles_are_rows_in_their_order() -> None:
    said = {"kind": "direct", "text": "one", "start": 0, "end": 3, "quote_score": 0.9}
    day = assembled(item("b", 1, quotes=[said, said]), item("a", 0, text="another text", quotes=[said]))
    assert rows(day, "quotes", "item_id", "quote_index", "text") == [("a", 0, "one"), ("b", 0, "one"), ("b", 1, "one")]


def test_coverage_says_on_how_many_articles_each_enricher_ran() -> None:
    day = assembled(
        item("a", 0, tone_status="done", counts_status="done"),
        item("b", 1, text="another text", tone_status="skipped: language", counts_status="done"),
        item("c", 2, text="a third text", tone_status="failed: ValueError: x", counts_status="done"),
        item("d", 3, text=None),
    )
    ((completeness, failed),) = rows(day, "coverage", "completeness", "enrichment_failed_count")
    assert [each for each in completeness if each["enricher"] in ("counts", "tone")] == [
        {"enricher": "counts", "done_count": 3, "skipped_count": 0, "failed_count": 0},
        {"enricher": "tone", "done_count": 1, "skipped_count": 1, "failed_count": 1},
    ]
    assert failed == 1


def test_the_same_text_at_the_same_address_is_a_duplicate_of_the_first() -> None:
    day = assembled(item("b", 0, article_id="x"), item("a", 1, article_id="x"))
    assert rows(day, "articles", "item_id", "revision") == [("b", 1)]
    assert rows(day, "duplicates", "item_id", "kept_item_id", "duplicate_kind") == [("a", "b", "same_url_same_text")]


def test_a_changed_text_is_the_next_revision() -> None:
    day = assembled(item("a", 0, "one text", article_id="x"), item("b", 1, "two text", article_id="x"))
    assert rows(day, "articles", "item_id", "revision") == [("a", 1), ("b", 2)]


def test_a_text_that_returns_to_an_earlier_wording_is_a_revision_and_no_duplicate() -> None:
    texts = ("one text", "two text", "one text", "one text")
    day = assembled(*(item(f"i{n}", n, text, article_id="x") for n, text in enumerate(texts)))
    assert rows(day, "articles", "item_id", "revision", "duplicate_of") == [
        ("i0", 1, None),
        ("i1", 2, None),
        ("i2", 3, None),
    ]
    assert rows(day, "duplicates", "item_id", "kept_item_id") == [("i3", "i2")]


def test_the_same_text_at_another_address_is_published_and_points_to_the_first() -> None:
    day = assembled(item("a", 0), item("b", 1), item("c", 2))
    assert rows(day, "articles", "item_id", "duplicate_of", "duplicate_kind") == [
        ("a", None, None), ("b", "a", "same_text"), ("c", "a", "same_text"),
    ]  # fmt: skip


def test_an_event_sent_again_is_a_duplicate_even_after_the_article_changed() -> None:
    day = assembled(
        item("a", 0, "one text", article_id="x", event_id="e1"),
        item("b", 1, "two text", article_id="x", event_id="e2"),
        item("c", 2, "one text", article_id="x", event_id="e1"),
    )
    assert rows(day, "articles", "item_id", "revision") == [("a", 1), ("b", 2)]
    assert rows(day, "duplicates", "item_id", "kept_item_id", "duplicate_kind") == [("c", "a", "resent_event")]


def test_an_event_that_was_rejected_at_first_may_come_again() -> None:
    day = assembled(item("a", 0, None, event_id="e1"), item("b", 1, event_id="e1"))
    assert rows(day, "articles", "item_id") == [("b",)]


def test_an_event_that_repeats_what_another_brought_leads_to_the_article() -> None:
    day = assembled(
        item("a", 0, article_id="x"),
        item("b", 1, article_id="x", event_id="e1"),
        item("c", 2, article_id="x", event_id="e1"),
    )
    assert rows(day, "duplicates", "item_id", "kept_item_id") == [("b", "a"), ("c", "a")]


def test_the_earlier_receipt_decides_and_the_id_among_equals() -> None:
    day = assembled(item("c", 0, article_id="x"), item("a", 1, article_id="x"), item("b", 0, article_id="x"))
    assert rows(day, "articles", "item_id") == [("b",)]


@pytest.mark.parametrize("words", [0, None, 200_001])
def test_an_article_that_breaks_a_row_rule_after_enrichment_is_rejected_with_the_rule(words: int | None) -> None:
    day = assembled(item("a", word_count=words))
    reason = "word_count is missing" if words is None else "word_count is out of range"
    assert rows(day, "rejected", "item_id", "stage", "reason", "detail") == [("a", "enrich", "row_rule", reason)]


@pytest.mark.parametrize("reason", [reason for reason in REASONS if reason != "row_rule"])
def test_what_cleaning_set_aside_keeps_its_reason(reason: str) -> None:
    day = assembled(item("a", 0, None, reason=reason, detail="why"))
    assert rows(day, "rejected", "item_id", "stage", "reason", "detail") == [("a", "clean", reason, "why")]


def test_a_rejected_row_names_the_rule_and_the_version_of_the_stage_that_said_no() -> None:
    day = assembled(
        item("a", word_count=0),
        item("b", 1, None),
        item("c", 2, None, reason="failed", detail="ValueError: no such page: 7"),
    )
    assert rows(day, "rejected", "stage", "rule", "stage_version") == [
        ("enrich", "word_count is out of range", "e" * 16),
        ("clean", None, "c" * 16),
        ("clean", "ValueError", "c" * 16),
    ]


def test_items_rejected_alike_have_one_fingerprint_and_those_of_another_source_or_profile_another() -> None:
    two = (item("a", 0, None), item("b", 1, None))
    (one,) = {row[0] for row in rows(assembled(*two), "rejected", "fingerprint")}
    (of_other,) = {row[0] for row in rows(assembled(item("a", 0, None, source="q.example")), "rejected", "fingerprint")}
    (learnt,) = {row[0] for row in rows(assembled(*two, profiles={"paper.example": "p1"}), "rejected", "fingerprint")}
    assert len({one, of_other, learnt}) == 3


@pytest.mark.parametrize(("is_open", "verdict"), [(True, "open"), (False, "closed")])
def test_coverage_says_whether_the_day_had_ended(is_open: bool, verdict: str) -> None:
    assert rows(assembled(item("a"), is_open=is_open), "coverage", "verdict") == [(verdict,)]


def test_a_day_without_input_is_one_row_of_coverage() -> None:
    day = assembled()
    assert rows(day, "coverage", "source", "language", "received_count", "verdict") == [
        ("(none)", "und", 0, "no_input")
    ]
    assert [day.tables[table].num_rows for table in PLACES] == [0, 0, 0]


def test_an_item_that_is_expected_and_not_there_stands_in_the_ledger_with_no_place() -> None:
    day = assembled(item("a"), expected=["a", "lost"])
    assert day.ledger.to_pylist() == [{"item_id": "a", "place_count": 1}, {"item_id": "lost", "place_count": 0}]


def test_an_item_that_is_there_twice_stands_in_the_ledger_with_two_places() -> None:
    assert assembled(item("a"), item("a"), expected=["a"]).ledger.to_pylist() == [{"item_id": "a", "place_count": 2}]


def test_the_day_of_publication_is_the_utc_day() -> None:
    late = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    assert rows(assembled(item("a", published_at=late)), "articles", "published_on") == [(late.date(),)]


BECAUSE = "articles: expect_x(y): because"


def aside(*items: dict[str, Any], **rows_by_table: dict[str, str]) -> Day:
    table = pa.Table.from_pylist(list(items), SCHEMA)
    return assemble_day(table, [i["item_id"] for i in items], False, VERSIONS, set_aside=rows_by_table)


def test_an_article_set_aside_is_rejected_with_the_check_that_it_fails() -> None:
    day = aside(item("a"), item("b", text="two texts"), articles={"a": BECAUSE})
    assert rows(day, "articles", "item_id") == [("b",)]
    assert rows(day, "rejected", "item_id", "stage", "reason", "detail", "excerpt", "table_name", "row_index") == [
        ("a", "validate", "check", BECAUSE, "one text", "articles", -1)
    ]
    assert day.ledger["place_count"].to_pylist() == [1, 1]


def test_what_repeats_an_article_set_aside_goes_with_it() -> None:
    again = item("b", minute=1, article_id="article of a")
    day = aside(item("a"), again, articles={"a": BECAUSE})
    assert rows(day, "rejected", "item_id", "detail") == [("a", BECAUSE), ("b", f"{BECAUSE}; it repeats a")]
    assert rows(day, "duplicates", "item_id") == []


def test_an_entity_set_aside_is_rejected_while_its_article_stays() -> None:
    day = aside(item("a", entities=[entity("Lund"), entity("Oslo")]), entities={"a/0": BECAUSE})
    assert rows(day, "entities", "item_id", "entity_index", "name") == [("a", 1, "Oslo")]
    assert rows(day, "rejected", "item_id", "table_name", "row_index", "excerpt") == [("a", "entities", 0, "Lund")]
    assert rows(day, "coverage", "published_count", "rejected_count") == [(1, 0)]
    assert day.ledger["place_count"].to_pylist() == [1]


def test_a_quote_forgets_a_speaker_whose_entity_is_set_aside() -> None:
    said = {"kind": "direct", "text": "one", "start": 0, "end": 3, "speaker": "text", "quote_score": 0.5}
    named = {**said, "speaker_name": "Lund", "entity_index": 0}
    day = aside(item("a", entities=[entity("Lund")], quotes=[named]), entities={"a/0": BECAUSE})
    assert rows(day, "quotes", "speaker", "speaker_name", "entity_index") == [("text", None, None)]
