"""The form that every text leaves cleaning in."""

import re
import unicodedata

from pipelines.text.mojibake import repair_mojibake
from pipelines.text.scripts import HANGUL, IDEOGRAPHS

_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NEWLINES = "\r\x0b\x0c\x85\u2028\u2029"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Scripts whose letters join, or part, by characters of no width; those whose words end with one; and pictures.
_JOINED = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_WITHOUT_WIDTH = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]"
)
_HIDDEN = re.compile(
    "\u00ad+(?:[ \t]*\n[ \t]*(?=[^\\W\\d_]))?|[\u034f\u2060-\u2064\u206a-\u206f\ufff9-\ufffc\ufeff]"
    f"|(?<![{_UNSPACED}])\u200b|\u200b(?![{_UNSPACED}])"
    f"|(?<![{_JOINED}])\u200c|(?<![{_JOINED}{_EMOJI}])\u200d|(?<=[{_EMOJI}])\u200d(?![{_EMOJI}])"
    "|(?<![\u1800-\u18af])\u180e|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0001\U000e0020-\U000e007f]+"
)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SPACE = re.compile(r"\s+")
# Combining marks are neither letters nor white space, so a long run of them lies in one of these.
_MARKS = re.compile(r"[^\w\s\x00-\u02ff]{31,}")
# Ideographs, kana and Hangul syllables; each stands for some three letters of an alphabet, as in block_features.
_WIDE = re.compile(f"[{IDEOGRAPHS}{HANGUL}]")
_MAX_MARKS = 30  # on one letter: the bound of Unicode's stream-safe format


def tidy_text(text: str) -> str:
    """Return the text in NFC without invisible characters, `\\n` for line breaks and tab being the only controls.

    What was decoded wrongly before it came is mended where that is unambiguous.
    """
    return unicodedata.normalize("NFC", limit_marks(remove_invisible(remove_unprintable(repair_mojibake(text)))))


def remove_invisible(text: str) -> str:
    """Return the text without soft hyphens and characters of no width, but where a script is written with them.

    Persian, the scripts of India and emoji join and part letters with them, Thai and its neighbours end words; in
    Hebrew and Arabic they order what stands beside numbers and Latin words.
    """
    if text.isascii() or not _WITHOUT_WIDTH.search(text):
        return text
    text = _HIDDEN.sub("", text)
    if _DIRECTION.search(text) and not _RIGHT_TO_LEFT.search(text):
        text = _DIRECTION.sub("", text)
    return text


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
