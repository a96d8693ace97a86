from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.keywords import MAX_KEYWORDS, extract_keywords

ARTICLE = (
    "The central bank raised interest rates on Monday. Analysts had expected the central bank to wait. "
    "Anna Schmidt’s view is that interest rates will stay high; Anna Schmidt leads the central bank."
)
WORDS = st.sampled_from(
    [
        "bank",
        "Bank",
        "bank's",
        "the",
        "interest",
        "L'économie",
        "l’eau",
        "人民",
        "银行",
        "的",
        "İstanbul",
        "ǅ",
        "EU",
        "“a",
        "\n\n",
    ]
)
TEXTS = st.text(max_size=300) | st.lists(WORDS, max_size=100).map(" ".join)


def terms(text: str, language: str | None, title: str | None = None) -> list[str]:
    return [str(row["term"]) for row in extract_keywords(text, title, language)]


@settings(deadline=None)
@given(text=TEXTS, language=st.sampled_from([None, "en", "fr", "it", "ru", "zh", "ko", "pt"]))
def test_every_term_is_written_where_it_says_and_nowhere_before(text: Any, language: str | None) -> None:
    rows: list[dict[str, Any]] = extract_keywords(text, None, language)
    assert len(rows) <= MAX_KEYWORDS
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    for row in rows:
        assert row["term"] == text[row["start"] : row["end"]]
        assert 0 < row["score"] <= 1
    assert len({row["term"].lower() for row in rows}) == len(rows)


def test_phrases_that_return_stand_for_their_words() -> None:
    found = terms(ARTICLE, "en")
    assert {"central bank", "interest rates", "Anna Schmidt"} <= set(found)
    assert not {"central", "bank", "interest", "rates", "the", "Monday"} & set(found)


def test_a_word_of_the_title_weighs_more_and_one_only_there_is_none() -> None:
    text = "Prices rise. " * 30 + "The weather and the harvest."
    assert terms(text, "en") == ["Prices rise", "weather", "harvest"]
    assert terms(text, "en", "The harvest and locusts") == ["Prices rise", "harvest", "weather"]
    assert "locusts" not in terms(text, "en", "The harvest and locusts")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("L'économie et l’économie de la France, car l'économie souffre.", "fr", "économie"),
        ("Die Bundesregierung und die Opposition: Bundesregierung gibt nach.", "de", "Bundesregierung"),
        ("Правительство сообщило, что правительство уйдёт.", "ru", "Правительство"),
        ("人民银行宣布降息。人民银行的决定。", "zh", "人民银行"),
        ("정부 발표에 따르면 정부 예산", "ko", "정부"),
        ("Hallituksen päätös: hallituksen budjetti", None, "Hallituksen"),
    ],
)
def test_other_languages_give_something_sensible(text: str, language: str | None, expected: str) -> None:
    assert terms(text, language)[0] == expected


def test_a_text_of_function_words_has_no_keywords() -> None:
    assert extract_keywords("and the of it is", None, "en") == []


def test_alphabets_without_spaces_have_no_keywords() -> None:
    assert extract_keywords("ข่าววันนี้ ข่าววันนี้", None, "th") == []
