"""Each kind of defect does what it says, to as many rows as it is told, and to nothing else."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache

import pyarrow as pa
import pytest

from benchmarks.defects import KINDS, OPENED, UNOPENED, Kind
from benchmarks.defects.third import REPEATED
from benchmarks.simulated_days import SEED, simulated_day
from pipelines.text.words import count_words

Put = Callable[[str], dict[str, pa.Table]]

RATE = 0.1
# What only some rows can have, or a whole source has at once: there may be fewer than the rate says, or some more.
FEW = {
    "copies_unmarked", "mojibake", "replacement_characters", "question_marks", "texts_cut_at_one_length",
    "numbers_altered", "char_counts_in_bytes", "rights_lost", "paywalls_unseen", "offsets_in_bytes",
    "day_and_month_swapped", "first_paragraph_lost", "last_paragraph_lost", "source_gone", "hours_never_received",
    "feed_places_from_one", "revisions_lost", "revisions_in_reverse", "source_blocked", "enrichment_cached_by_article",
    "wire_copies_dropped", "one_section_for_a_source", "datelines_swapped", "surnames_are_other_persons",
    "titles_of_neighbours", "paywalls_overlooked", "reservations_overlooked", "offsets_added_to_times",
    "utf8_taken_for_latin", "hashes_of_raw_bytes",
    "quotes_joined_by_article", *(name for name in KINDS if name.startswith("template_")),
}  # fmt: skip
PLACED = {
    "coordinates_swapped", "coordinates_zero", "coordinates_missing", "countries_not_iso", "countries_unassigned",
    "countries_of_others", "places_of_namesakes", "divisions_of_other_countries", "coordinates_rounded",
    "places_of_namesakes_again", "coordinates_swapped_again",
}  # fmt: skip
TOLD_ANEW = ("articles", "entities", "quotes")
# The rate is of articles (once of entities), and here the rows of another table are counted.
OF_OTHERS = {
    "items_in_duplicates_too", "items_in_rejected_too", "entities_of_other_articles", "entities_collapse",
    "entities_of_two_runs", "entity_places_from_one", "entities_numbered_by_salience", "openings_alone_enriched",
    "quotes_numbered_by_score", "entities_set_aside_and_kept",
    "entities_lost_in_articles", "quotes_lost_in_articles",
}  # fmt: skip


@pytest.fixture(scope="module")
def day() -> dict[str, pa.Table]:
    return simulated_day(date(2026, 3, 4), SEED, 150)


@pytest.fixture(scope="module")
def rows(day: dict[str, pa.Table]) -> dict[str, Counter[str]]:
    return {name: counted(table) for name, table in day.items()}


def counted(table: pa.Table) -> Counter[str]:
    """Each row, and how often it stands there."""
    return Counter(map(repr, table.select([n for n in table.column_names if n != "embedding"]).to_pylist()))


@pytest.fixture(scope="module")
def put(day: dict[str, pa.Table]) -> Put:
    """The day with a defect, made once."""
    return cache(lambda name: KINDS[name].put(dict(day), RATE, random.Random(1)))


def each(names: set[str] | None = None) -> pytest.MarkDecorator:
    kinds = [kind for name, kind in KINDS.items() if names is None or name in names]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.name)


def test_each_set_has_at_least_forty_kinds_of_its_own():
    assert min(len(OPENED), len(UNOPENED)) >= 40
    assert OPENED.keys() | UNOPENED.keys() == KINDS.keys()
    assert OPENED.keys().isdisjoint(UNOPENED)


def test_what_repeats_an_older_kind_is_of_the_third_set():
    assert UNOPENED.keys() >= REPEATED
    assert {name for name in UNOPENED if name.endswith("_again")} <= REPEATED


@each()
def test_each_kind_says_in_a_sentence_what_it_is(kind: Kind):
    assert kind.meaning.endswith(".")
    assert "\n" not in kind.meaning


@each()
def test_a_defect_changes_tables_that_it_touches_and_no_others(kind: Kind, day: dict[str, pa.Table], put: Put):
    spoilt = put(kind.name)
    changed = {name for name in day if not spoilt[name].equals(day[name])}
    assert changed
    assert changed <= set(kind.touches)
    assert spoilt.keys() == day.keys()


@each()
def test_a_defect_keeps_the_columns_and_their_types(kind: Kind, day: dict[str, pa.Table], put: Put):
    spoilt = put(kind.name)
    assert {name: spoilt[name].schema for name in day} == {name: day[name].schema for name in day}


@each()
def test_the_same_chance_makes_the_same_defect(kind: Kind, day: dict[str, pa.Table], put: Put):
    once, twice = put(kind.name), kind.put(dict(day), RATE, random.Random(1))
    for name in kind.touches:  # as text where tables differ: NaN is not equal to itself
        assert once[name].equals(twice[name]) or repr(once[name].to_pylist()) == repr(twice[name].to_pylist())


@each(set(KINDS) - OF_OTHERS - PLACED)
def test_a_defect_is_in_as_many_rows_as_the_rate_says(
    kind: Kind, day: dict[str, pa.Table], rows: dict[str, Counter[str]], put: Put
):
    name = kind.touches[0]
    new = counted(put(kind.name)[name])
    affected = max((new - rows[name]).total(), (rows[name] - new).total())
    wanted = max(1, round(RATE * day[name].num_rows))
    low, high = (1, 2 * wanted) if kind.name in FEW else (0.9 * wanted, wanted)
    if kind.touches == TOLD_ANEW:  # a text that is another makes or unmakes copies
        high += 2 * (day["articles"].num_rows - day["articles"]["duplicate_of"].null_count)
    assert low <= affected <= high


@each(PLACED)
def test_a_defect_of_places_is_in_as_many_of_them(
    kind: Kind, day: dict[str, pa.Table], rows: dict[str, Counter[str]], put: Put
):
    places = sum(id is not None for id in day["entities"]["geoname_id"].to_pylist())
    affected = (counted(put(kind.name)["entities"]) - rows["entities"]).total()
    assert affected == pytest.approx(RATE * places, rel=0.15)


def test_the_lowest_rate_still_reaches_a_row(day: dict[str, pa.Table]):
    spoilt = KINDS["titles_missing"].put(dict(day), 0.000_1, random.Random(1))["articles"]
    assert spoilt["title"].null_count == 1


@pytest.mark.parametrize(
    "name",
    [
        "text_cut_within_sentence", "html_in_text", "languages_mixed", "mojibake", "menu_before_text",
        "page_seams_repeat", "ads_between_paragraphs", "quotation_marks_lost", "numbers_lost", "accents_stripped",
        "quotes_with_their_marks", "speakers_swallow_verbs", "marks_out_of_step", "translations_for_originals",
        "texts_break_off", "utf8_taken_for_latin", "markup_left_in_texts", "headlines_open_texts",
        "quotes_run_on_again",
    ],
)  # fmt: skip
def test_what_is_found_in_a_spoilt_text_stands_there(name: str, put: Put):
    spoilt = put(name)
    texts = {row["item_id"]: row["text"] for row in spoilt["articles"].select(["item_id", "text"]).to_pylist()}
    spans = [(row["item_id"], m) for row in spoilt["entities"].to_pylist() for m in row["mentions"]]
    spans += [(row["item_id"], row) for row in spoilt["quotes"].to_pylist()]
    spans += [(row["item_id"], each) for row in spoilt["articles"].to_pylist() for each in row["summary"] or ()]
    assert [span for item, span in spans if texts[item][span["start"] : span["end"]] != span["text"]] == []


def test_the_counts_of_a_spoilt_text_are_its_own(put: Put):
    spoilt = put("text_is_cookie_wall")["articles"].to_pylist()
    assert all(row["word_count"] == count_words(row["text"]) for row in spoilt)


def test_lost_items_are_expected_and_stand_nowhere(day: dict[str, pa.Table], put: Put):
    ledger = put("items_lost")["ledger"]
    assert ledger["place_count"].to_pylist().count(0) == round(RATE * day["articles"].num_rows)


def test_what_never_came_in_is_not_in_the_ledger(day: dict[str, pa.Table], put: Put):
    spoilt = put("items_never_received")
    assert set(spoilt["ledger"]["place_count"].to_pylist()) == {1}
    assert spoilt["ledger"].num_rows < day["ledger"].num_rows


def test_swapped_days_are_other_days(put: Put):
    spoilt = put("day_and_month_swapped")["articles"]
    assert date(2026, 4, 3) in spoilt["published_on"].to_pylist()


@pytest.mark.parametrize(
    "name",
    [
        "items_never_received", "hours_never_received", "source_gone", "source_explodes", "stale_articles",
        "feed_places_from_one", "revisions_lost", "translations_for_originals", "source_blocked", "wire_copies_dropped",
        "last_of_duplicates_kept",
    ],
)  # fmt: skip
def test_a_day_that_lacks_or_has_other_deliveries_is_whole_in_itself(name: str, put: Put):
    spoilt = put(name)
    items = spoilt["articles"]["item_id"].to_pylist()
    named = {*spoilt["duplicates"]["kept_item_id"].to_pylist(), *spoilt["articles"]["duplicate_of"].to_pylist()}
    assert named - {None} <= set(items)
    assert len(items) == len(set(items))
    assert set(spoilt["ledger"]["place_count"].to_pylist()) == {1}
    assert {*spoilt["entities"]["item_id"].to_pylist(), *spoilt["quotes"]["item_id"].to_pylist()} <= set(items)
