from typing import Any

import pyarrow as pa
import pytest

from pipelines.enrichments.readability import FORMULAS, MIN_WORDS, add_readability, count_syllables


def score(text: str | None, language: str | None) -> tuple[float | None, str | None]:
    row = add_readability(pa.table({"text": [text], "language": [language]})).to_pylist()[0]
    return row["readability_score"], row["readability_formula"] or row["readability_status"]


def test_the_english_score_is_flesch_by_hand() -> None:
    text = "The cat sat on the mat. " * 20  # 6 words a sentence, 1 syllable a word
    assert score(text, "en") == (round(206.835 - 1.015 * 6 - 84.6, 2), "flesch")


@pytest.mark.parametrize("language", FORMULAS)
def test_short_words_in_short_sentences_read_more_easily(language: Any) -> None:
    easy = "La la la la la. " * 40
    hard = "Administration organisation television " * 40
    easy_score, hard_score = score(easy, language)[0], score(hard, language)[0]
    assert easy_score is not None
    assert hard_score is not None
    assert easy_score > hard_score


@pytest.mark.parametrize("language", ["ru", "zh", "", None])
def test_a_language_without_a_formula_has_no_score(language: str | None) -> None:
    assert score("La la la. " * 100, language) == (None, "skipped: language")


def test_a_text_below_a_hundred_words_has_no_score() -> None:
    assert score("word " * (MIN_WORDS - 1), "en") == (None, "skipped: fewer than 100 words")
    assert score("word " * MIN_WORDS, "en")[1] == "flesch"


@pytest.mark.parametrize(
    ("word", "language", "syllables"),
    [
        ("cat", "en", 1), ("table", "en", 2), ("make", "en", 1), ("horses", "en", 2), ("jumped", "en", 1),
        ("the", "en", 1), ("BBC", "en", 1), ("Straße", "de", 2), ("Bundeskanzlerin", "de", 5),
        ("país", "es", 2), ("ciudad", "es", 2), ("caos", "es", 2), ("table", "fr", 1), ("gouvernement", "fr", 4),
        ("città", "it", 2), ("2026", "en", 1),
    ],
)  # fmt: skip
def test_syllables_are_groups_of_vowels(word: str, language: str, syllables: int) -> None:
    assert count_syllables(word, language) == syllables
