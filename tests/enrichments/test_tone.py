import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.tone import MAX_TERMS, NEGATIONS, load_english_weights, measure_tone

WORDS = st.sampled_from(["good", "İstanbul", "not", "very", "terrible", "Don’t", "win", ".", "\n", "murder’s"])
TEXTS = st.text(max_size=300) | st.lists(WORDS, max_size=100).map(" ".join)


def tone_of(text: str) -> dict[str, Any]:
    tone = measure_tone(text, language="en")
    assert isinstance(tone, dict)
    return tone


def score(text: str) -> Any:
    return tone_of(text)["tone"]


def weights(text: str) -> dict[str, Any]:
    return {term["text"]: term["weight"] for term in tone_of(text)["terms"]}


@settings(deadline=None)
@given(text=TEXTS)
def test_every_term_is_written_where_it_says_and_the_score_is_within_its_bounds(text: Any) -> None:
    tone = tone_of(text)
    assert -1 <= tone["tone"] <= 1
    assert len(tone["terms"]) <= MAX_TERMS
    assert all(text[term["start"] : term["end"]] == term["text"] for term in tone["terms"])


@settings(deadline=None)
@given(text=TEXTS)
def test_the_score_follows_from_the_parts(text: Any) -> None:
    tone = tone_of(text)
    good, bad = tone["positive_sum"], tone["negative_sum"]
    assert tone["tone"] == pytest.approx((good - bad) / (good + bad + 4), abs=0.003)  # of sums with two digits


def test_good_words_are_above_zero_bad_ones_below_and_others_at_zero() -> None:
    assert score("A wonderful success.") > 0.5
    assert score("A terrible disaster.") < -0.5
    assert score("The committee meets on Monday.") == score("") == 0


def test_a_negation_turns_the_word_after_it_round_and_makes_it_weaker() -> None:
    assert weights("It was not a good day.") == {"good": round(-0.74 * load_english_weights()["good"], 2)}
    assert weights("It wasn’t good.") == weights("It was not good.")


@pytest.mark.parametrize("text", ["Not yesterday, good people.", "Not. Good.", "not one two three good"])
def test_a_negation_ends_with_its_clause_and_after_three_words(text: str) -> None:
    assert (
        load_english_weights()["good"] in weights(text).values()
        or weights(text).get("Good") == load_english_weights()["good"]
    )


def test_words_before_strengthen_and_weaken() -> None:
    plain, very, slightly = (weights(f"{before} terrible")["terrible"] for before in ("a", "very", "slightly"))
    assert very < plain < slightly < 0


def test_words_that_judge_nothing_in_news_have_no_weight() -> None:
    assert not {"shares", "united", "party", "interest", "like"} & load_english_weights().keys()


def test_negations_are_weighed_by_what_they_turn_round_alone() -> None:
    assert not {"not", "never", "without"} & load_english_weights().keys()
    assert "not" in NEGATIONS


@pytest.mark.parametrize("language", [None, "de", "enm"])
def test_other_languages_are_skipped(language: str | None) -> None:
    assert measure_tone("A wonderful success.", language) == "language"


@pytest.mark.parametrize("pattern", ["not good ", "a", "a-", "'", "İ", ".", "very "])
def test_hostile_text_takes_seconds_at_most(pattern: str) -> None:
    started = time.process_time()
    measure_tone(pattern * (1_000_000 // len(pattern)), "en")
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Judges of the Supreme Court met Joy Winner.", set()),
        ("Love Island is on. Best Buy is open.", set()),
        ("Great weather came.", {"Great"}),
        ("GREAT weather came.", {"GREAT"}),
        ("Great Weather For Sailors\n\nIt rained.", {"Great"}),
    ],
)
def test_a_word_that_is_part_of_a_name_weighs_nothing(text: str, expected: set[str]) -> None:
    assert set(weights(text)) == expected
