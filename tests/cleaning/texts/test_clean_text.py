"""Plain text in, paragraphs out, nothing lost on the way."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning import clean_text
from pipelines.cleaning.text import tidy_text

SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "sample" / "moscow-times.txt"
PROSE = (
    "The council voted on Thursday to rebuild the old bridge over the river, after years of debate in the town hall. "
    * 2
)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the handed-out data lies beside the checkout, and is not there")
def test_the_title_of_the_sample_is_found_below_the_furniture() -> None:
    cleaned = clean_text(SAMPLE.read_bytes())
    assert cleaned.title == "NATO Accuses Russia of Breaking International Commitments"
    assert (cleaned.language, cleaned.reason) == ("en", None)


def test_paragraphs_are_split_at_blank_lines_and_wrapped_lines_joined() -> None:
    assert clean_text(b"One\r\ntwo.\r\n \r\n\r\nThree\t four.").text == "One two.\n\nThree four."


def test_many_lines_without_blank_ones_are_paragraphs() -> None:
    assert clean_text(b"a\nb\nc\nd\ne\nf").text == "a\n\nb\n\nc\n\nd\n\ne\n\nf"


def test_markup_in_plain_text_stays() -> None:
    assert clean_text(b"if a < b: <b>bold</b>").text == "if a < b: <b>bold</b>"


def test_text_leaves_composed_and_without_control_characters() -> None:
    assert clean_text("Cafe\u0301 \ufeff\x07Zürich".encode()).text == "Café Zürich"


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Été".encode("cp1252"), "iso-8859-1", "Été"),
        ("Été".encode(), "iso-8859-1", "Été"),
        ("Привет, мир".encode("koi8-r"), "KOI8-R", "Привет, мир"),
        ("\ufeffПривет".encode("utf-16-le"), None, "Привет"),
        ("中文".encode("gbk"), "gb2312", "中文"),
        (b"plain", "punycode", "plain"),
    ],
)
def test_the_encoding_is_found(body: bytes, charset: str | None, text: str) -> None:
    assert clean_text(body, charset).text == text


@pytest.mark.parametrize(
    ("body", "reason"), [(b"", "empty"), (b"\x00\x01" * 50, "not_text"), (b"a" * 10_000_001, "too_large")]
)
def test_what_is_no_text_has_its_reason(body: bytes, reason: str) -> None:
    assert clean_text(body).reason == reason


def test_a_text_that_begins_with_prose_has_no_title() -> None:
    assert clean_text(f"{PROSE}\n\nA line\n\n{PROSE}".encode()).title is None


def test_short_texts_have_no_language() -> None:
    assert clean_text(b"Hello there").language is None


def test_a_million_combining_marks_take_no_time() -> None:
    began = time.process_time()
    assert len(tidy_text("a" + "\u0301\u0323" * 500_000)) <= 31
    assert time.process_time() - began < 5


@given(st.text(st.characters(codec=None)))
def test_tidied_text_is_normal_and_stays_as_it_is(text: str) -> None:
    tidied = tidy_text(text)
    tidied.encode()
    assert unicodedata.is_normalized("NFC", tidied)
    assert tidy_text(tidied) == tidied


@given(st.lists(st.text("abc déß", min_size=1).filter(str.strip), min_size=1))
def test_no_word_is_lost(paragraphs: list[str]) -> None:
    cleaned = clean_text("\n\n".join(paragraphs).encode())
    assert cleaned.text is not None
    assert cleaned.text.split() == " ".join(paragraphs).split()


def test_a_text_of_which_nothing_is_kept_says_what_was_there() -> None:
    caption = f"{PROSE[:-1]} and so it stays until the spring of next year, as far as anybody can see it from here"
    caption = f"{caption}, in a picture of the harbour by night (Evening Post/Ann Hollis)"
    cleaned = clean_text(caption.encode())
    assert (cleaned.reason, [line.text for line in cleaned.removed]) == ("no_text", [caption])
