"""Text from outside on our pages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.display import EXCERPT, sanitize_for_display, sanitize_lines


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("safe \u202egpj.exe", "safe ⟨U+202E⟩gpj.exe"),
        ("\u2067right\u2069", "⟨U+2067⟩right⟨U+2069⟩"),
        ("nul \x00 and bell \x07", "nul ⟨U+0000⟩ and bell ⟨U+0007⟩"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half a pair \ud800", "half a pair ⟨U+D800⟩"),
        ("<script>", "<script>"),
        (None, ""),
    ],
)
def test_what_hides_or_reorders_is_shown_and_the_rest_stays(given_text: str | None, shown: str) -> None:
    assert sanitize_for_display(given_text) == shown


def test_a_long_text_is_cut_and_says_so() -> None:
    assert sanitize_for_display("a" * 10_000_000) == "a" * EXCERPT + "…"
    assert sanitize_for_display("a" * EXCERPT) == "a" * EXCERPT


def test_marks_do_not_pile_up_over_the_lines_above() -> None:
    assert sanitize_for_display("o" + "\u0301" * 200) == "o" + "\u0301" * 4


@given(st.text(), st.integers(0, 50))
def test_anything_becomes_one_bounded_line_that_can_be_encoded(text: str, at_most: int) -> None:
    shown = sanitize_for_display(text, at_most)
    assert "\n" not in shown
    assert len(shown) <= at_most + 1
    shown.encode()


def test_lines_stay_lines_and_hide_nothing() -> None:
    assert sanitize_lines("a\tb\r\n\x1b[2J┌─┐ \u202eend\n") == "a b\n⟨U+001B⟩[2J┌─┐ ⟨U+202E⟩end\n"


@given(st.text())
def test_no_text_printed_holds_a_control_character(text: str) -> None:
    shown = sanitize_lines(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in shown.replace("\n", ""))
