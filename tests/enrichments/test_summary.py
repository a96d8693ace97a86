"""A summary is made of the article's own sentences, in its order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.rows import are_spans_exact
from pipelines.enrichments.summary import MAX_SENTENCES, summarise

ARTICLE = (
    "The harbour council voted on Monday to rebuild the old lighthouse after the storm. "
    "It had rained for days. "
    "The lighthouse, which the storm damaged in January, guided ships into the harbour for a century. "
    "Nobody was hurt, and some residents made tea for one another in the evening. "
    "The council expects the rebuilt lighthouse to open next spring, the mayor said. "
    "A cat was found in the market."
)
WORDS = st.sampled_from(["harbour", "The", "storm.", "A", "\n\n", "他来了。", "council!", "it", "“", "3.5"])
TEXTS = st.text(max_size=300) | st.lists(WORDS, max_size=150).map(" ".join)


def said(text: str, title: str | None = None, language: str | None = "en") -> list[str]:
    found = summarise(text, title, language)
    assert isinstance(found, list), found
    return [sentence["text"] for sentence in found]


def test_the_sentences_that_the_article_comes_back_to_are_taken_in_its_order() -> None:
    assert said(ARTICLE, "Lighthouse to be rebuilt") == [
        "The harbour council voted on Monday to rebuild the old lighthouse after the storm.",
        "The lighthouse, which the storm damaged in January, guided ships into the harbour for a century.",
        "The council expects the rebuilt lighthouse to open next spring, the mayor said.",
    ]


def test_the_headline_has_a_say() -> None:
    assert "A cat was found in the market by a boy." in said(ARTICLE[:-1] + " by a boy.", "Cat found in market")


def test_a_sentence_is_not_taken_twice() -> None:
    first = ARTICLE.split(". ", maxsplit=1)[0] + ". "
    assert said(first + ARTICLE)[1] != said(first + ARTICLE)[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("One sentence is here. Another one is there.", "fewer than 5 sentences"),
        ("No. Yes. No. Yes. No. Yes.", "no sentence fits"),
        ("", "fewer than 5 sentences"),
    ],
)
def test_what_has_no_sentences_to_choose_from_is_skipped_with_the_reason(text: str, why: str) -> None:
    assert summarise(text, None, "en") == why


def test_a_language_without_a_list_of_stop_words_is_summarised_too() -> None:
    text = "Rada miasta zdecydowała w poniedziałek odbudować starą latarnię morską po burzy. " * 6
    assert len(said(text, None, "pl")) == MAX_SENTENCES


@settings(deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([None, "en", "zh", "pl"]))
def test_every_sentence_stands_in_the_text_where_it_says(text: str, title: str, language: str | None) -> None:
    found = summarise(text, title, language)
    if isinstance(found, list):
        assert are_spans_exact(text, found)
        starts = [sentence["start"] for sentence in found]
        assert starts == sorted(set(starts))
        assert 0 < len(found) <= MAX_SENTENCES
        assert all(0 <= sentence["score"] <= 1 for sentence in found)
