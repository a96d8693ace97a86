"""The language of made-up texts: short, mixed, declared, in many scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.language import detect_language, guess_language

ENGLISH = (
    "The council will decide on Tuesday whether the old bridge may stay open to lorries during the winter months. "
)
GERMAN = "Der Stadtrat entscheidet am Dienstag, ob die alte Brücke im Winter für Lastwagen geöffnet bleiben darf. "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The council meets tomorrow evening", "en"),
        ("Der Stadtrat tagt morgen Abend", "de"),
        ("Zastupitelé se sejdou příští středu večer", "cs"),
        ("Совет соберётся завтра вечером", "ru"),
        ("Міська рада збереться завтра ввечері", "uk"),
        ("Το συμβούλιο συνεδριάζει αύριο", "el"),
        ("市議会は明日の夜に開かれます", "ja"),
        ("시의회는 내일 저녁에 열립니다", "ko"),
        ("המועצה תתכנס מחר בערב", "he"),
        ("საბჭო ხვალ საღამოს შეიკრიბება", "ka"),
        ("สภาเมืองจะประชุมพรุ่งนี้เย็น", "th"),
    ],
)
def test_a_short_sentence_is_told_in_many_scripts(text: str, code: str) -> None:
    assert detect_language(text)[0] == code


@pytest.mark.parametrize("text", ["", "12 345 – 67", "Hello", "?!…"])
def test_too_few_letters_are_no_language(text: str) -> None:
    assert detect_language(text) == (None, None)


@pytest.mark.parametrize("text", [ENGLISH * 4 + GERMAN * 2, GERMAN * 2 + ENGLISH * 4])
def test_of_two_languages_the_larger_one_is_named_with_a_lower_score(text: str) -> None:
    code, score = detect_language(text)
    alone = detect_language(ENGLISH * 6)[1]
    assert code == "en"
    assert score is not None
    assert alone is not None
    assert 0.5 <= score < 0.9 < alone


def test_a_few_words_that_leave_doubt_are_looked_at_again_between_spaces() -> None:
    assert guess_language("House prices fall")[0] == "en"


def test_a_long_text_is_read_to_its_end() -> None:
    assert detect_language(GERMAN * 8 + ENGLISH * 100)[0] == "en"


@pytest.mark.parametrize("declared", ["de", "DE-AT", "xx", "", "english", "no"])
def test_a_declared_language_does_not_overrule_a_clear_text(declared: str) -> None:
    assert detect_language(ENGLISH * 3, declared)[0] == "en"


def test_a_declared_language_decides_a_doubtful_text() -> None:
    doubtful = "Kommunen har et kontor"
    assert detect_language(doubtful, "da")[0] == "da"
    assert detect_language(doubtful, "nb")[0] == "no"


@given(st.text(max_size=3_000), st.none() | st.text(max_size=12))
def test_any_text_gets_a_two_letter_code_with_a_score_or_neither(text: str, declared: str | None) -> None:
    code, score = detect_language(text, declared)
    assert (code is None) == (score is None)
    assert code is None or len(code) == 2
    assert score is None or 0.5 <= score <= 1
