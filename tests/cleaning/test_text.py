"""The form that every text leaves cleaning in."""

import pytest

from pipelines.cleaning.text import join_lines, tidy_text


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("Ge\u00admeinde\u00adrat", "Gemeinderat"),
        ("Ge\u00ad\nmeinderat", "Gemeinderat"),
        ("for\u200bever a\u2060nd\ufeff ever", "forever and ever"),
        ("Auf\u200clage", "Auflage"),
        ("joined\u200d here", "joined here"),
        ("left\u200e to \u202aright\u202c", "left to right"),
        ("hidden\U000e0041\U000e0042 words", "hidden words"),
    ],
)
def test_invisible_characters_leave_the_text(written: str, tidied: str) -> None:
    assert tidy_text(written) == tidied


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cشود و خانه\u200cها",  # Persian
        "क\u094d\u200dष और क\u094d\u200cष",  # Hindi
        "ශ\u0dca\u200dරී ලංකා",  # Sinhala
        "ന\u0d4d\u200d",  # Malayalam
        "ภาษา\u200bไทย",
        "ភាសា\u200bខ្មែរ",
        "👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥",
        "\U0001f3f4\U000e0067\U000e0062\U000e007f",
        "המחיר \u200e-5\u200f שקל",
    ],
)
def test_they_stay_where_the_script_is_written_with_them(text: str) -> None:
    assert tidy_text(text) == text


def test_a_line_is_mended_where_it_was_decoded_wrongly() -> None:
    assert join_lines("the mayorâ€™s  cafÃ©") == "the mayor’s café"


@pytest.mark.parametrize("sign", ["\u034f", "\u061c", "\ufffc"])
def test_signs_that_join_or_stand_for_something_leave_a_word_whole(sign: str) -> None:
    assert tidy_text(f"Gemein{sign}derat") == "Gemeinderat"
