import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.topics import (
    MAX_TERMS,
    THRESHOLD,
    THRESHOLD_OF_OTHERS,
    Curve,
    find_topics,
    load_english_lexicon,
    make_plural,
    read_lexicon,
    score_topics,
)

MATCH = (
    "The striker scored twice in the second half, and the goalkeeper kept a clean sheet. The coach praised the "
    "midfielder after the league match."
)
BANK = (
    "The central bank raised its interest rate. Shares fell on the stock exchange, and economists expect a recession."
)
WORDS = st.sampled_from(
    ["striker", "goalkeeper’s", "İstanbul", "central bank", "stock exchange", "NHS", "vaccine", "\n"]
)
TEXTS = st.text(max_size=300) | st.lists(WORDS, max_size=100).map(" ".join)


def topics_of(text: str, title: str | None = None) -> list[dict[str, Any]]:
    rows = find_topics(text, title, language="en")
    assert isinstance(rows, list)
    return rows


def labels(text: str, title: str | None = None) -> list[Any]:
    return [row["label"] for row in topics_of(text, title)]


@settings(deadline=None)
@given(text=TEXTS, title=st.none() | st.text(max_size=30))
def test_every_term_is_written_where_it_says_and_every_score_is_above_the_threshold(
    text: Any, title: str | None
) -> None:
    rows = topics_of(text, title)
    assert all(row["topic_score"] >= THRESHOLD for row in rows)
    assert all(row["topic_score"] >= THRESHOLD_OF_OTHERS for row in rows[1:])
    assert sum(row["topic_score"] for row in rows) <= 1.001  # each is rounded
    for row in rows:
        assert len(row["terms"]) <= MAX_TERMS
        assert all(text[term["start"] : term["end"]] == term["text"] for term in row["terms"])


@pytest.mark.parametrize(("text", "label"), [(MATCH, "sport"), (BANK, "economy, business and finance")])
def test_a_text_has_the_topic_whose_terms_it_uses(text: str, label: str) -> None:
    assert labels(text) == [label]


def test_the_strongest_terms_are_the_evidence() -> None:
    row = topics_of(MATCH)[0]
    assert {"striker", "goalkeeper", "clean sheet"} <= {term["text"] for term in row["terms"]}


def test_a_text_may_have_two_topics() -> None:
    text = "The hospital told nurses and surgeons of the walkout: their trade union wants a pay rise."
    assert set(labels(text)) == {"health", "labour"}


def test_the_scores_of_equal_topics_are_equal_chances() -> None:
    assert score_topics([9.0, 9.0, 0.0], Curve(2.0, 0.0)) == [0.5, 0.5, 0.0]


def test_several_rivals_lower_a_score_more_than_one() -> None:
    curve = Curve(3.0, 3.0)
    assert score_topics([20.0, 10.0, 10.0], curve)[0] < score_topics([20.0, 10.0, 0.0], curve)[0]


def test_a_topic_with_little_weight_is_a_rival_without_a_chance() -> None:
    curve = Curve(3.0, 3.0)
    assert score_topics([20.0, 5.0], curve)[1] == 0.0
    assert score_topics([20.0, 5.0], curve)[0] < score_topics([20.0, 0.0], curve)[0]


def test_a_text_without_terms_or_with_one_stray_term_has_no_topic() -> None:
    assert labels("It was said that they went there.") == labels("") == labels("They saw the chef leave.") == []


def test_a_word_of_the_title_decides_what_the_text_leaves_open() -> None:
    text = "They met the striker and the surgeon."
    assert labels(text) == []
    assert labels(text, "A surgeon, a nurse and a patient") == ["health"]


def test_the_longest_term_takes_its_words_away() -> None:
    assert labels("A video game, two video games, and gamers with a games console.") == ["science and technology"]


@pytest.mark.parametrize("language", [None, "de", "enm"])
def test_other_languages_are_skipped(language: str | None) -> None:
    assert find_topics(MATCH, None, language) == "language"


def test_all_seventeen_topics_of_the_first_level_have_terms() -> None:
    lexicon = load_english_lexicon()
    assert len({topic for topic, _ in lexicon.topics}) == 17
    assert {topic for said in lexicon.weights.values() for topic, _ in said} == set(range(17))


def test_a_lexicon_is_read_by_topic_and_weight() -> None:
    lexicon = read_lexicon("# about\n[-] nothing\n0: own goal\n[medtop:1] sport\n3: goal; key pass\n1: goal\n")
    assert lexicon.topics == (("medtop:1", "sport"),)
    assert lexicon.weights["goals"] == ((0, 3.0),)
    assert lexicon.weights["own goal"] == ()
    assert lexicon.lengths["key"] == (2,)


def test_plurals_are_the_regular_ones() -> None:
    assert [make_plural(term) for term in ("party", "day", "church", "goalless", "sports")] == [
        "parties", "days", "churches", "goallesses", "sports",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["central bank ", "a", "a-", "'s", "İ", "world ", "central", "\U0001f600 "])
def test_hostile_text_takes_seconds_at_most(pattern: str) -> None:
    started = time.process_time()
    find_topics(pattern * (1_000_000 // len(pattern)), pattern, "en")
    assert time.process_time() - started < 5
