from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.sentences import split_sentences
from pipelines.text.words import WORD

PARTS = st.sampled_from(["Dr. ", "left. ", "“Go!” ", "\n\n", "。", "他来了", " ", "3.5", "a", "?)", "\u0301", "…"])
TEXTS = st.text(max_size=300) | st.lists(PARTS, max_size=80).map("".join)


def written(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


def test_sentences_are_told_with_where_they_are() -> None:
    text = "Dr. Smith came to St. Louis. “He left,” she said.\n\nIt rained."
    assert written(text) == ["Dr. Smith came to St. Louis.", "“He left,” she said.", "It rained."]


@pytest.mark.parametrize("text", ["", " \n\n ", "... !!! ???"])
def test_what_has_no_word_is_no_sentence(text: str) -> None:
    assert written(text) == []


@settings(deadline=None)
@given(TEXTS, st.sampled_from([None, "en", "de", "zh", "th", "xx"]))
def test_sentences_follow_one_another_and_hold_every_word(text: str, language: str | None) -> None:
    spans = list(split_sentences(text, language))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join(WORD.findall(" ".join(text[a:b] for a, b in spans))) == "".join(WORD.findall(text))
