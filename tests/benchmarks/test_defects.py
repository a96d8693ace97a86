"""Each kind of defect does what it says, to as many rows as it should, and to nothing else.

The kinds are looped over within a test: 234 kinds, each spoiling a small day once.
"""

import random
from collections import Counter
from datetime import date

import pyarrow as pa
import pytest

from benchmarks.defects import KINDS, SETS
from benchmarks.simulated_days import SEED, simulate_day
from pipelines.text.words import count_words

Tables = dict[str, pa.Table]

RATE = 0.1
EVERY = 5  # one kind in so many is tried where a test costs much
# Only some rows can have these, or a whole source has them at once: there may be fewer than the rate says, or more.
FEW = {
    "copies_unmarked", "mojibake", "replacement_characters", "question_marks", "texts_cut_at_one_length",
    "numbers_altered", "char_counts_in_bytes", "rights_lost", "paywalls_unseen", "offsets_in_bytes",
    "day_and_month_swapped", "first_paragraph_lost", "last_paragraph_lost", "source_gone", "hours_never_received",
    "feed_places_from_one", "revisions_lost", "revisions_in_reverse", "source_blocked", "enrichment_cached_by_article",
    "wire_copies_dropped", "one_section_for_a_source", "datelines_swapped", "surnames_are_other_persons",
    "titles_of_neighbours", "offsets_added_to_times", "quotes_joined_by_article",
    *(name for name in KINDS if name.startswith("template_")),
}  # fmt: skip
PLACED = {
    "coordinates_swapped", "coordinates_zero", "coordinates_missing", "countries_not_iso", "countries_unassigned",
    "countries_of_others", "places_of_namesakes", "divisions_of_other_countries", "coordinates_rounded",
}  # fmt: skip
# The rate is of articles (once of entities), and here the rows of another table are counted.
OF_OTHERS = {
    "items_in_duplicates_too", "items_in_rejected_too", "entities_of_other_articles", "entities_collapse",
    "entities_of_two_runs", "entity_places_from_one", "entities_numbered_by_salience", "openings_alone_enriched",
    "quotes_numbered_by_score", "entities_set_aside_and_kept", "quotes_lost_in_articles",
}  # fmt: skip
WITH_SPANS = (
    "text_cut_within_sentence", "html_in_text", "languages_mixed", "mojibake", "menu_before_text", "page_seams_repeat",
    "ads_between_paragraphs", "quotation_marks_lost", "numbers_lost", "accents_stripped", "quotes_with_their_marks",
    "speakers_swallow_verbs", "marks_out_of_step", "translations_for_originals", "titles_open_texts",
)  # fmt: skip
OTHER_DELIVERIES = (
    "items_never_received", "hours_never_received", "source_gone", "source_explodes", "stale_articles",
    "feed_places_from_one", "revisions_lost", "translations_for_originals", "source_blocked", "wire_copies_dropped",
    "last_of_duplicates_kept",
)  # fmt: skip


def count_rows(table: pa.Table) -> Counter[str]:
    """Count how often each row is there."""
    return Counter(map(repr, table.select([n for n in table.column_names if n != "embedding"]).to_pylist()))


@pytest.fixture(scope="module")
def day() -> Tables:
    return simulate_day(date(2026, 3, 4), SEED, 150)


@pytest.fixture(scope="module")
def rows(day: Tables) -> dict[str, Counter[str]]:
    return {name: count_rows(table) for name, table in day.items()}


@pytest.fixture(scope="module")
def spoilt(day: Tables) -> dict[str, Tables]:
    """The day with each defect."""
    return {name: kind.put(dict(day), RATE, random.Random(1)) for name, kind in KINDS.items()}


def test_sets_have_as_many_kinds_as_their_authors_wrote() -> None:
    assert {name: len(kinds) for name, kinds in SETS.items()} == {"first": 152, "second": 76, "third": 48}


def test_each_kind_is_described_in_a_sentence() -> None:
    assert [k.name for k in KINDS.values() if not k.meaning.endswith(".") or "\n" in k.meaning] == []


@pytest.mark.slow
def test_a_defect_changes_tables_that_it_touches_and_no_others(day: Tables, spoilt: dict[str, Tables]) -> None:
    for name, tables in spoilt.items():
        changed = {table for table in day if not tables[table].equals(day[table])}
        assert changed, name
        assert changed <= set(KINDS[name].touches), name
        assert {table: tables[table].schema for table in tables} == {table: day[table].schema for table in day}, name


@pytest.mark.slow
def test_the_same_chance_makes_the_same_defect(day: Tables, spoilt: dict[str, Tables]) -> None:
    for name, kind in list(KINDS.items())[::EVERY]:
        again = kind.put(dict(day), RATE, random.Random(1))
        for table in kind.touches:  # as text where tables differ: NaN is not equal to itself
            once = spoilt[name][table]
            assert once.equals(again[table]) or repr(once.to_pylist()) == repr(again[table].to_pylist()), name


@pytest.mark.slow
def test_a_defect_is_in_as_many_rows_as_the_rate_says(
    day: Tables, rows: dict[str, Counter[str]], spoilt: dict[str, Tables]
) -> None:
    copies = day["articles"].num_rows - day["articles"]["duplicate_of"].null_count
    for name in [name for name in KINDS if name not in OF_OTHERS | PLACED][::EVERY]:
        kind = KINDS[name]
        table = kind.touches[0]
        new = count_rows(spoilt[name][table])
        affected = max((new - rows[table]).total(), (rows[table] - new).total())
        wanted = max(1, round(RATE * day[table].num_rows))
        low, high = (1, 2 * wanted) if name in FEW else (0.9 * wanted, wanted)
        if kind.touches == ("articles", "entities", "quotes"):  # a text that is another makes or unmakes copies
            high += 2 * copies
        assert low <= affected <= high, name


def test_a_defect_of_places_is_in_as_many_of_them(
    day: Tables, rows: dict[str, Counter[str]], spoilt: dict[str, Tables]
) -> None:
    places = day["entities"].num_rows - day["entities"]["geoname_id"].null_count
    for name in PLACED:
        affected = (count_rows(spoilt[name]["entities"]) - rows["entities"]).total()
        assert affected == pytest.approx(RATE * places, rel=0.15), name


def test_the_lowest_rate_still_reaches_a_row(day: Tables) -> None:
    titles = KINDS["titles_missing"].put(dict(day), 0.000_1, random.Random(1))["articles"]["title"]
    assert titles.null_count == 1


def test_spans_found_in_a_spoilt_text_are_there(spoilt: dict[str, Tables]) -> None:
    for name in WITH_SPANS:
        tables = spoilt[name]
        texts = {row["item_id"]: row["text"] for row in tables["articles"].select(["item_id", "text"]).to_pylist()}
        spans = [(row["item_id"], m) for row in tables["entities"].to_pylist() for m in row["mentions"]]
        spans += [(row["item_id"], row) for row in tables["quotes"].to_pylist()]
        spans += [(row["item_id"], each) for row in tables["articles"].to_pylist() for each in row["summary"] or ()]
        wrong = [span for item, span in spans if texts[item][span["start"] : span["end"]] != span["text"]]
        assert wrong == [], name


def test_the_counts_of_a_spoilt_text_are_its_own(spoilt: dict[str, Tables]) -> None:
    articles = spoilt["consent_for_texts"]["articles"].to_pylist()
    assert all(row["word_count"] == count_words(row["text"]) for row in articles)


def test_lost_items_are_expected_and_in_no_table(day: Tables, spoilt: dict[str, Tables]) -> None:
    ledger = spoilt["items_lost"]["ledger"]
    assert ledger["place_count"].to_pylist().count(0) == round(RATE * day["articles"].num_rows)


def test_an_item_that_never_came_in_is_not_in_the_ledger(day: Tables, spoilt: dict[str, Tables]) -> None:
    ledger = spoilt["items_never_received"]["ledger"]
    assert set(ledger["place_count"].to_pylist()) == {1}
    assert ledger.num_rows < day["ledger"].num_rows


def test_swapped_days_are_other_days(spoilt: dict[str, Tables]) -> None:
    assert date(2026, 4, 3) in spoilt["day_and_month_swapped"]["articles"]["published_on"].to_pylist()


def test_a_day_that_lacks_or_has_other_deliveries_is_whole_in_itself(spoilt: dict[str, Tables]) -> None:
    for name in OTHER_DELIVERIES:
        tables = spoilt[name]
        items = tables["articles"]["item_id"].to_pylist()
        named = {*tables["duplicates"]["kept_item_id"].to_pylist(), *tables["articles"]["duplicate_of"].to_pylist()}
        assert named - {None} <= set(items), name
        assert len(items) == len(set(items)), name
        assert set(tables["ledger"]["place_count"].to_pylist()) == {1}, name
        assert {*tables["entities"]["item_id"].to_pylist(), *tables["quotes"]["item_id"].to_pylist()} <= set(items), (
            name
        )
