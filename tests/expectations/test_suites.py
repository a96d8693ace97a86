"""Every batch rule lets a clean day pass and catches its defect; each is judged in one go, as GX is slow to begin."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from pipelines.checks.indicators import derive_indicators, select_narrow
from pipelines.checks.judge import judge
from pipelines.checks.suites import Suite, read_suites
from pipelines.tables.measures import ALL, MEASURES
from tests.checks.judged_day import (
    COUNT,
    DT,
    NOON,
    USUAL,
    Change,
    Tables,
    broken,
    changed,
    clean_day,
    doubled,
    emptied,
    rows_of,
)

MOJIBAKE = "Ã¼ber die BrÃ¼cke â€™ Ã¶ffnen"
COOKIES = "We use cookies to improve your experience."
PAGE = '<div class="a"><p>One</p><p>Two</p></div>'


def articles(**values: Any) -> Change:
    return changed("articles", **values)


def text(change: Any) -> Change:
    return articles(text=lambda row: change(row["text"]))


def disputed(tables: Tables) -> None:
    """Half of the places are said to be in Norway."""
    rows = tables["entities"].to_pylist()
    for row in [row for row in rows if row["kind"] == "place"][::2]:
        row["country"] = "NO"
    tables["entities"] = pa.Table.from_pylist(rows, tables["entities"].schema)


def revised(tables: Tables) -> None:
    """The second revision of an article was received before the first."""
    rows = tables["articles"].to_pylist()
    rows[1] |= {"article_id": rows[0]["article_id"], "revision": 2, "received_at": NOON - timedelta(hours=1)}
    tables["articles"] = pa.Table.from_pylist(rows, tables["articles"].schema)


def unchanged(tables: Tables) -> None:
    """The second revision of an article has the text of the first."""
    rows = tables["articles"].to_pylist()
    told = {name: rows[0][name] for name in ("article_id", "text", "content_sha256")}
    rows[1] |= {**told, "revision": 2}
    tables["articles"] = pa.Table.from_pylist(rows, tables["articles"].schema)


def repeats_later(tables: Tables) -> None:
    """The article that the last one repeats was received after it."""
    rows = tables["articles"].to_pylist()
    rows[-1]["received_at"] -= timedelta(hours=1)
    tables["articles"] = pa.Table.from_pylist(rows, tables["articles"].schema)


def surnames(tables: Tables) -> None:
    """Each person stands there once more, by the surname."""
    rows = tables["entities"].to_pylist()
    more = [{**row, "name": "Penn", "entity_index": 2} for row in rows if row["name"] == "Ada Penn"]
    tables["entities"] = pa.Table.from_pylist([*rows, *more], tables["entities"].schema)


def topic(score: float, code: str = "medtop:07000000") -> dict[str, Any]:
    return {"topic": code, "label": "health", "topic_score": score, "terms": []}


def sentence(start: int) -> dict[str, Any]:
    return {"text": "", "start": start, "end": start, "score": 0.5}


def deviating(measure: str, source: str, deviation: float, **values: Any) -> Change:
    """One measure far from what was expected."""
    row = {"measure": measure, "source": source, "deviation": deviation, "value": 0.1, "row_count": 500, **values}
    return lambda tables: tables.update(measures=rows_of(MEASURES, [{**USUAL, **row}, USUAL]))


def drifts() -> dict[tuple[str, str | None, int], Change]:
    """For each rule of measures its condition says what it judges, so the defect follows from it."""
    (suite,) = (suite for suite in read_suites() if suite["name"] == "measures")
    found: dict[tuple[str, str | None, int], Change] = {}
    deviations = (rule["kwargs"] for rule in suite["expectations"] if rule["kwargs"]["column"] == "deviation")
    for index, its in enumerate(deviations):
        told = re.findall(r"'([a-z_:=]+)'", its["row_condition"].replace("'(all)'", ""))[0]
        measure = {"_missing_share": "title_missing_share"}.get(told, told if told[-1] not in ":=" else f"{told}x")
        source = "paper" if "source != '(all)'" in its["row_condition"] else ALL
        found["measures", "deviation", index] = deviating(measure, source, 7.5)
    return found


SHIFTED = {"keywords": [{"term": "harbour board", "score": 0.5, "start": 1, "end": 14}]}
MISREAD_DATE = {"text": "2 May 2025", "start": 0, "end": 10, "value": "1925-05-02", "precision": "day"}
MISREAD_AMOUNT = {"text": "$1.50", "start": 0, "end": 5, "value": 150_000.0, "unit": "USD"}
OTHER = {"item_id": "nobody's"}

# (table, column as `checks` names it, which of several) → the defect. `None` for the column: the table as a whole.
DEFECTS: dict[tuple[str, str | None, int], Change] = {
    ("articles", None, 0): emptied("articles"),
    ("articles", "title", 0): articles(count=5, title=None),
    ("articles", "language", 0): articles(count=3, language=None),
    ("articles", "published_at", 0): articles(count=11, published_at=None),
    ("articles", "url", 0): articles(count=11, url=None),
    ("articles", "word_count", 0): articles(count=3, word_count=29),
    ("articles", "word_count", 1): articles(count=3, word_count=7),
    ("articles", "is_own_id", 0): articles(count=1, item_index=1),
    ("articles", "is_article_id_valid", 0): articles(count=1, article_id="a0"),
    ("articles", "is_planned", 0): changed("ledger", 1, item_id="nobody's"),
    ("articles", "is_delivery_gapless", 0): articles(count=1, item_index=1),
    ("articles", "is_revision_in_order", 0): revised,
    ("articles", "is_revision_changed", 0): unchanged,
    ("articles", "is_duplicate_later", 0): repeats_later,
    ("articles", "article_id, revision", 0): articles(count=2, article_id="a"),
    ("articles", "delivery_id, item_index", 0): articles(count=2, delivery_id="d"),
    ("articles", "is_revision_gapless", 0): articles(count=1, revision=2),
    ("articles", "is_of_day", 0): articles(count=1, received_at=NOON + timedelta(days=1)),
    ("articles", "content_sha256", 0): articles(count=12, content_sha256="0" * 64),
    ("articles", "content_sha256", 1): articles(count=5, content_sha256="0" * 64),
    ("articles", "title", 1): articles(count=5, title="The Paper"),
    ("articles", "canonical_url", 0): articles(count=5, canonical_url="https://paper.example/"),
    ("articles", "is_duplicate_there", 0): articles(count=1, duplicate_of="nobody"),
    ("articles", "is_duplicate_of_other_item", 0): articles(count=1, duplicate_of=lambda row: row["item_id"]),
    ("articles", "is_duplicate_same", 0): articles(
        count=2, duplicate_of=lambda _: clean_day()["articles"]["item_id"][1].as_py()
    ),
    ("articles", "is_duplicate_kind_valid", 0): articles(count=1, duplicate_kind="same_text"),
    ("articles", "is_duplicate_marked", 0): articles(duplicate_of=None),
    ("articles", "is_text_hash_valid", 0): articles(count=1, content_sha256="0" * 64),
    ("articles", "char_difference", 0): articles(count=1, char_count=9),
    ("articles", "paragraph_difference", 0): articles(count=1, paragraph_count=9),
    ("articles", "words_per_token", 0): articles(count=2, word_count=999),
    ("articles", "char_count, word_count", 0): articles(count=1, char_count=1),
    ("articles", "word_count, sentence_count", 0): articles(count=1, sentence_count=999),
    ("articles", "char_count, paragraph_count", 0): articles(count=1, paragraph_count=9999),
    ("articles", "is_trimmed", 0): text(lambda text: f"{text} "),
    ("articles", "broken_span_count", 0): articles(count=1, **SHIFTED),
    ("articles", "uncovered_count", 0): articles(count=1, parts=[{"kind": "body", "line": 0, "start": 0, "end": 9}]),
    ("articles", "garbled_share", 0): articles(count=1, text=MOJIBAKE * 3),
    ("articles", "garbled_count", 0): articles(count=2, title="Ã¼ber"),
    ("articles", "control_count", 0): articles(count=2, text="a\x00b"),
    ("articles", "markup_share", 0): articles(count=1, text=PAGE * 3),
    ("articles", "markup_count", 0): articles(count=2, text="Tom &amp; Ada"),
    ("articles", "wall_count", 0): articles(count=1, word_count=12, text=f"{COOKIES} Please enable JavaScript."),
    ("articles", "notice_count", 0): articles(count=3, text=lambda row: f"{COOKIES}\n\n{row['text']}"),
    ("articles", "doubled_line_share", 0): articles(count=3, text=lambda row: f"{row['text']}\n\n{row['text']}"),
    ("articles", "title_in_text_count", 0): articles(count=3, text=lambda row: f"{row['title']}\n\n{row['text']}"),
    ("articles", "cut_count", 0): articles(count=3, text=lambda row: f"{row['text'][:90]} …"),
    ("articles", "menu_line_count", 0): articles(
        count=3, text=lambda row: f"News\nSport\nCulture\nLog in\n\n{row['text']}"
    ),
    ("articles", "filler_count", 0): articles(count=2, text="Lorem ipsum dolor sit amet."),
    ("articles", "lost_letter_count", 0): articles(count=3, text="Das M?dchen h?rt die gr??ten Gl?cken."),
    ("articles", "joined_count", 0): articles(count=3, text="It rained.Then it stopped.He left." * 3),
    ("articles", "script_share", 0): articles(count=2, language="ru"),
    ("articles", "is_dateline_there", 0): articles(count=3, dateline={"place": "Rome", "start": 0, "end": 4}),
    ("articles", "function_word_share", 0): articles(count=2, text="Dans le port des enfants jouent. " * 40),
    ("articles", "language_score", 0): articles(count=2, language_score=0.3),
    ("articles", "is_language_score_valid", 0): articles(count=1, language=None),
    ("articles", "published_ahead_days", 0): articles(count=1, published_at=NOON + timedelta(days=2)),
    ("articles", "published_ahead_days", 1): articles(count=11, published_at=NOON - timedelta(days=8)),
    ("articles", "is_published_at_receipt", 0): articles(count=4, published_at=NOON),
    ("articles", "old_published_minute", 0): articles(count=5, published_at=NOON - timedelta(days=300)),
    ("articles", "is_published_years_ago", 0): articles(count=4, published_at=NOON - timedelta(days=365)),
    ("articles", "published_year", 0): articles(count=1, published_at=NOON.replace(year=1985)),
    ("articles", "no_date_count", 0): articles(count=1, published_at=NOON.replace(year=1970, month=1, day=1)),
    ("articles", "published_minute", 0): articles(count=7, published_at=NOON - timedelta(minutes=1)),
    ("articles", "is_published_on_valid", 0): articles(count=1, published_on=date(2026, 3, 1)),
    ("articles", "is_precision_valid", 0): articles(count=1, published_precision=None),
    ("articles", "is_precision_kept", 0): articles(count=1, published_at=NOON - timedelta(minutes=1, seconds=1)),
    ("articles", "updated_after_days", 0): articles(count=2, updated_at=NOON - timedelta(days=3)),
    ("articles", "updated_ahead_days", 0): articles(count=1, updated_at=NOON + timedelta(days=3)),
    ("articles", "title_length", 0): articles(count=2, title="ab"),
    ("articles", "title_length", 1): articles(count=4, title="Politics"),
    ("articles", "has_title_letters", 0): articles(count=1, title="----------------"),
    ("articles", "is_title_trimmed", 0): articles(count=1, title=" The board hears a story"),
    ("articles", "is_title_the_site", 0): articles(count=3, title="paper"),
    ("articles", "title_tail_count", 0): articles(count=6, title=lambda row: f"{row['title']} | The Paper"),
    ("articles", "is_title_repeated", 0): articles(count=6, title="The hour of the harbour"),
    ("articles", "odd_author_count", 0): articles(count=3, authors=["https://paper.example/ada"]),
    ("articles", "is_url_web", 0): articles(count=1, url="paper/1"),
    ("articles", "is_canonical_web", 0): articles(count=2, canonical_url="/news/1"),
    ("articles", "is_canonical_home", 0): articles(count=3, canonical_url="https://paper.example/"),
    ("articles", "is_host_of_other_source", 0): articles(count=3, source="harbour"),
    ("articles", "is_canonical_of_other_article", 0): articles(count=3, canonical_url="https://paper.example/7"),
    ("articles", "odd_link_count", 0): articles(count=3, links=[{"url": "/news/1", "start": 0, "end": 5}]),
    ("articles", "repeated_author_count", 0): articles(count=3, authors=["Ada Penn", "Ada Penn"]),
    ("articles", "odd_image_count", 0): articles(count=3, images=["data:image/gif;base64,R0"]),
    ("articles", "media_type", 0): articles(count=1, media_type="application/pdf"),
    ("articles", "status_difference", 0): articles(count=1, tone=None),
    ("articles", "tone_difference", 0): articles(count=1, tone=0.9),
    ("articles", "misread_date_count", 0): articles(count=6, dates=[MISREAD_DATE]),
    ("articles", "misread_amount_count", 0): articles(count=6, amounts=[MISREAD_AMOUNT]),
    ("articles", "is_best_first", 0): articles(count=1, topics=[topic(0.2), topic(0.9)]),
    ("articles", "is_topic_first_level", 0): articles(count=1, topics=[topic(0.9, "medtop:20000002")]),
    ("articles", "is_list_in_order", 0): articles(count=1, summary=[sentence(30), sentence(0)]),
    ("articles", "date_difference", 0): articles(count=1, dates=[MISREAD_DATE | {"value": "2025"}]),
    ("articles", "unit_difference", 0): articles(count=3, amounts=[{**MISREAD_AMOUNT, "text": "£5"}]),
    ("articles", "is_formula_of_language", 0): articles(count=1, readability_formula="kandel_moles"),
    ("articles", "no_status_count", 0): articles(count=1, quotes_status=None),
    ("articles", "failed_count", 0): articles(count=2, tone_status="failed: it broke"),
    ("articles", "not_finite_count", 0): articles(count=1, tone=float("nan")),
    ("articles", "embedding_norm", 0): articles(count=1, embedding=[0.5] + [0.0] * 383),
    ("articles", "readability_score", 0): articles(count=2, readability_score=9000.0),
    ("entities", "is_article_there", 0): changed("entities", 1, **OTHER),
    ("entities", "is_article_same", 0): changed("entities", 1, article_id="a99"),
    ("entities", "is_article_done", 0): articles(count=1, entities_status="skipped: no model"),
    ("entities", "is_index_gapless", 0): changed("entities", 1, entity_index=5),
    ("entities", "broken_span_count", 0): changed("entities", 1, mentions=[{"text": "Ada Penn", "start": 0, "end": 8}]),
    ("entities", "mention_difference", 0): changed("entities", 1, mention_count=4),
    ("entities", "is_mentions_in_order", 0): changed("entities", 1, mentions=lambda row: row["mentions"] * 2),
    ("entities", "is_named_once", 0): doubled("entities", entity_index=9),
    ("entities", "is_part_of_another", 0): surnames,
    ("entities", "is_named_in_text", 0): changed("entities", 1, name="Ida Quill"),
    ("entities", "is_name_readable", 0): changed("entities", 3, name="—"),
    ("entities", "salience_score", 0): changed("entities", 1, salience_score=0.0),
    ("entities", "is_finite", 0): changed("entities", 1, salience_score=float("inf")),
    ("entities", "is_place_complete", 0): changed("entities", 2, latitude=None),
    ("entities", "is_place_kind_valid", 0): changed("entities", 2, kind="person"),
    ("entities", "is_place_scored", 0): changed("entities", 2, place_score=None),
    ("entities", "is_place_agreed", 0): changed("entities", 2, country="NO"),
    ("entities", "is_place_disputed", 0): disputed,
    ("entities", "is_at_null_island", 0): changed("entities", 2, latitude=0.0, longitude=0.0),
    ("entities", "is_country_near", 0): changed("entities", 6, latitude=-60.0),
    ("entities", "is_country_known", 0): changed("entities", 6, country=None),
    ("quotes", "is_article_there", 0): changed("quotes", 1, **OTHER),
    ("quotes", "is_article_same", 0): changed("quotes", 1, article_id="a99"),
    ("quotes", "is_article_done", 0): articles(count=1, quotes_status="skipped: no marks"),
    ("quotes", "is_index_gapless", 0): changed("quotes", 1, quote_index=1),
    ("quotes", "item_id, start, end", 0): changed("quotes", 2, item_id="one"),
    ("quotes", "is_text_there", 0): changed("quotes", 1, text="The pier is sound,"),
    ("quotes", "is_speaker_there", 0): changed("quotes", 1, speaker_start=0),
    ("quotes", "is_verb_there", 0): changed("quotes", 1, verb="says"),
    ("quotes", "is_quote_in_order", 0): doubled("quotes", quote_index=1),
    ("quotes", "is_speaker_apart", 0): changed("quotes", 1, speaker_start=lambda row: row["verb_start"]),
    ("quotes", "is_indirect_marked", 0): changed("quotes", 1, kind="indirect"),
    ("quotes", "is_entity_there", 0): changed("quotes", 1, entity_index=7),
    ("quotes", "is_speaker_name_valid", 0): changed("quotes", 1, speaker_name="Ida Quill"),
    ("quotes", "is_finite", 0): changed("quotes", 1, quote_score=float("nan")),
    ("quotes", "quote_length", 0): changed("quotes", 4, text="T"),
    ("duplicates", "is_own_id", 0): changed("duplicates", 1, item_index=3),
    ("duplicates", "is_planned", 0): changed("ledger", COUNT + 1, item_id="nobody's"),
    ("duplicates", "is_delivery_gapless", 0): changed("duplicates", 1, item_index=3),
    ("duplicates", "is_kept_there", 0): changed("duplicates", 1, kept_item_id="nobody"),
    ("duplicates", "is_kept_other_item", 0): changed("duplicates", 1, kept_item_id=lambda row: row["item_id"]),
    ("duplicates", "is_kept_same_article", 0): changed("duplicates", 1, article_id="a2"),
    ("duplicates", "is_kept_earlier", 0): changed("duplicates", 1, received_at=NOON - timedelta(hours=1)),
    ("duplicates", "is_source_kept", 0): changed("duplicates", 1, source="other"),
    ("rejected", "reason", 0): changed("rejected", 1, reason="failed"),
    ("rejected", "is_own_id", 0): changed("rejected", 1, item_index=3),
    ("rejected", "is_planned", 0): changed("ledger", item_id="nobody's", count=COUNT + 4),
    ("rejected", "is_delivery_gapless", 0): changed("rejected", 1, item_index=3),
    ("rejected", "is_fingerprint_valid", 0): changed("rejected", 1, source="other"),
    ("rejected", "is_item_published", 0): changed("rejected", 1, table_name="quotes", row_index=0),
    ("rejected", "is_stage_valid", 0): changed("rejected", 1, stage="enrich"),
    ("rejected", "is_row_index_valid", 0): changed("rejected", 1, row_index=3),
    ("rejected", "is_of_day", 0): changed("rejected", 1, received_at=NOON - timedelta(days=1)),
    ("rejected", "excerpt_length", 0): changed("rejected", 1, excerpt="a" * 501),
    ("coverage", "verdict", 0): changed("coverage", verdict="no_input"),
    ("coverage", "verdict", 1): doubled("coverage", language="de", verdict="open"),
    ("coverage", "received_count, published_count", 0): changed("coverage", received_count=1),
    ("coverage", "sum_difference", 0): changed("coverage", rejected_count=3),
    ("coverage", "found_difference", 0): emptied("duplicates"),
    ("coverage", "completeness_difference", 0): changed("coverage", published_count=19),
    ("coverage", "status_difference", 0): articles(count=1, counts_status="skipped: too long"),
    ("coverage", "failed_difference", 0): changed("coverage", enrichment_failed_count=1),
    ("ledger", "place_count", 0): changed("ledger", 1, place_count=2),
    ("measures", "value", 0): deviating("articles", "paper", -3.9, value=0.0, expected=9.0),
    ("measures", "value", 1): deviating("rejected_share", ALL, 11.0, value=0.6),
    **drifts(),
}


def rules() -> dict[tuple[str, str | None, int], tuple[str, int]]:
    """What a rule is called here → its suite and its place there."""
    seen: Counter[tuple[str, str | None]] = Counter()
    found = {}
    for suite in read_suites():
        for index, rule in enumerate(suite["expectations"]):
            its = rule["kwargs"]
            column = its.get("column") or ", ".join(its.get("column_list", ())) or None
            column = f"{its['column_A']}, {its['column_B']}" if "column_A" in its else column
            found[suite["name"], column, seen[suite["name"], column]] = (suite["name"], index)
            seen[suite["name"], column] += 1
    return found


RULES = rules()


Checks = dict[str, list[dict[str, Any]]]


def judge_cases(cases: Sequence[tuple[Suite, pa.Table]]) -> Checks:
    """Judge each suite by the table beside it. Returns the rows of `checks` by the name of the suite."""
    verdict = judge([suite for suite, _ in cases], {suite["name"]: table for suite, table in cases})
    rows: Checks = {}
    for row in verdict.checks.to_pylist():
        rows.setdefault(row["suite"], []).append(row)
    return rows


@pytest.fixture(scope="module")
def defect_checks() -> Checks:
    """For each broken day the one check of its rule, by the name of the case."""
    by_name = {suite["name"]: suite for suite in read_suites()}
    cases: list[tuple[Suite, pa.Table]] = []
    for key, change in DEFECTS.items():
        name, index = RULES[key]
        if name == "measures":  # of which nothing else is derived, and nothing from anything else
            table = select_narrow(name, broken(change)[name])
        else:
            table = derive_indicators(broken(change), DT)[name]
        rule = by_name[name]["expectations"][index]
        cases.append(({"name": f"{name}@{name_case(key)}", "expectations": [rule]}, table))
    return judge_cases(cases)


def name_case(key: tuple[str, str | None, int]) -> str:
    return json.dumps(key).replace(".", " ")


def test_every_rule_has_a_seeded_defect_here() -> None:
    assert set(DEFECTS) == set(RULES)


def test_a_clean_day_passes_every_check() -> None:
    day = derive_indicators(clean_day(), DT)
    checks = judge_cases([(suite, day[suite["name"]]) for suite in read_suites()])
    assert sum(map(len, checks.values())) == len(RULES)
    assert [row for rows in checks.values() for row in rows if not row["is_success"]] == []


@pytest.mark.slow
@pytest.mark.parametrize("key", DEFECTS, ids=lambda key: f"{key[0]}-{key[1]}-{key[2]}")
def test_a_rule_catches_its_defect(defect_checks: Checks, key: tuple[str, str | None, int]) -> None:
    (row,) = defect_checks[f"{RULES[key][0]}@{name_case(key)}"]
    assert (row["is_success"], row["error"]) == (False, None)


def test_the_clean_day_is_large_enough_to_break_in_shares() -> None:
    assert clean_day()["articles"].num_rows == COUNT


@pytest.mark.parametrize(
    ("reason", "stage", "is_right"),
    [
        ("no_text", "clean", True),
        ("no_text", "validate", False),
        ("row_rule", "clean", True),
        ("row_rule", "enrich", True),
        ("row_rule", "validate", False),
        ("check", "validate", True),
        ("check", "clean", False),
    ],
)
def test_a_row_rule_may_be_broken_before_and_after_enrichment(reason: str, stage: str, is_right: bool) -> None:
    tables = clean_day()
    changed("rejected", 1, reason=reason, stage=stage)(tables)
    assert derive_indicators(tables, DT)["rejected"]["is_stage_valid"].to_pylist()[0] is is_right
