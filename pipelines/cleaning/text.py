"""The form that every text leaves cleaning in."""

import re
import unicodedata

from pipelines.text.scripts import HANGUL, IDEOGRAPHS

_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NEWLINES = "\r\x0b\x0c\x85\u2028\u2029"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
# Combining marks are neither letters nor white space, so a long run of them lies in one of these.
_MARKS = re.compile(r"[^\w\s\x00-\u02ff]{31,}")
# Ideographs, kana and Hangul syllables; each stands for some three letters of an alphabet, as in block_features.
_WIDE = re.compile(f"[{IDEOGRAPHS}{HANGUL}]")
_MAX_MARKS = 30  # on one letter: the bound of Unicode's stream-safe format


def tidy_text(text: str) -> str:
    """Return the text in NFC, its only control characters `\\n` for line breaks and tab, without lone surrogates."""
    return unicodedata.normalize("NFC", limit_marks(remove_unprintable(text)))


def remove_unprintable(text: str) -> str:
    """Return the text with `\\n` as the only line break, without control characters (but tab) or lone surrogates."""
    if any(
        mark in text for mark in _NEWLINES
    ):  # most texts have none: searching for all at once takes three times as long
        text = _NEWLINE.sub("\n", text)
    return _UNPRINTABLE.sub("", text)


def limit_marks(text: str) -> str:
    """Return the text with at most 30 combining marks on one letter: normalising longer runs takes quadratic time."""
    return _MARKS.sub(_bound_marks, text)


def join_lines(text: str) -> str:
    """Return the text tidied, with each run of white space as one space."""
    if text.isascii() and not _UNPRINTABLE.search(text):  # nothing to tidy but white space
        return " ".join(text.split())
    return _SPACE.sub(" ", tidy_text(text)).strip()


def count_letters(text: str) -> int:
    """Return how much a text says, in letters of an alphabet."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def _bound_marks(run: re.Match[str]) -> str:
    """Return the run with at most 30 combining marks in a row; punctuation stays as it is."""
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
