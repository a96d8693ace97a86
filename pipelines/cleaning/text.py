"""Plain text → paragraphs, and the form that every text leaves cleaning in."""

import re
import unicodedata

from pipelines.cleaning.cleaned import Cleaned
from pipelines.cleaning.decode import decode
from pipelines.cleaning.language import detect_language

MAX_BYTES = 10_000_000  # a text is read in linear time; the bound is for what comes after cleaning
MANY_LINES = 5  # without blank lines, this many lines are paragraphs rather than one wrapped paragraph
TITLE_WORDS = 30
TITLE_SEARCH = 10  # paragraphs from the top among which the title is looked for
BODY_CHARACTERS = 120  # a paragraph this long is prose, no heading

_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_SPACE = re.compile(r"\s+")
# Combining marks are neither letters nor white space, so a long run of them lies in one of these.
_MARKS = re.compile(r"[^\w\s\x00-\u02ff]{31,}")
_MAX_MARKS = 30  # on one letter: the bound of Unicode's stream-safe format
_SENTENCE_END = tuple(".!?…。！？:;,")
_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,100})?(?:<!--.{0,2000}?-->\s{0,100})?"
                         rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)  # fmt: skip


def clean_text(body: bytes, charset: str | None = None) -> Cleaned:
    """The paragraphs of a plain-text document, whole, with a title where a line clearly is one."""
    if len(body) > MAX_BYTES:
        return Cleaned(reason="too_large")
    if not body.strip():
        return Cleaned(reason="empty")
    decoded = decode(body, charset)
    if decoded is None:
        return Cleaned(reason="not_text")
    paragraphs = split_paragraphs(tidy(decoded))
    if not paragraphs:
        return Cleaned(reason="no_text")
    text = "\n\n".join(paragraphs)
    language, score = detect_language(text)
    return Cleaned(text=text, title=find_title(paragraphs), language=language, language_score=score)


def looks_like_html(body: bytes) -> bool:
    """True where a document begins as a web page does, whatever it was sent as."""
    return _HTML_START.match(body) is not None


def tidy(text: str) -> str:
    """NFC with `\\n` as the only line break, without control characters (but tab) or lone surrogates."""
    return unicodedata.normalize("NFC", stream_safe(printable(text)))


def printable(text: str) -> str:
    """`text` with `\\n` as the only line break, without control characters (but tab) or lone surrogates."""
    return _UNPRINTABLE.sub("", _NEWLINE.sub("\n", text))


def stream_safe(text: str) -> str:
    """`text` with at most 30 combining marks on one letter: normalising longer runs takes quadratic time."""
    return _MARKS.sub(_bounded_marks, text)


def one_line(text: str) -> str:
    """`text` tidied, with each run of white space as one space."""
    return _SPACE.sub(" ", tidy(text)).strip()


def split_paragraphs(text: str) -> list[str]:
    """Paragraphs of a tidied text: split at blank lines, or at each line where many lines have no blank ones."""
    blocks = _BLANK_LINES.split(text.strip())
    if len(blocks) == 1 and text.count("\n") >= MANY_LINES:
        blocks = text.split("\n")
    return [paragraph for block in blocks if (paragraph := _SPACE.sub(" ", block).strip())]


def find_title(paragraphs: list[str]) -> str | None:
    """The first line near the top that is short, ends no sentence, and is followed by prose; None if unsure.

    The closing mark alone tells a heading from furniture ("Support us!"): no lists of phrases here.
    """
    for index, line in enumerate(paragraphs[:TITLE_SEARCH]):
        if len(line) > BODY_CHARACTERS:
            return None  # the article has begun
        if 3 <= len(line.split()) <= TITLE_WORDS or (len(line) >= 8 and not line.isascii()):
            following = paragraphs[index + 1 : index + 4]
            if not line.endswith(_SENTENCE_END) and any(len(p) >= BODY_CHARACTERS for p in following):
                return line
    return None


def _bounded_marks(run: re.Match[str]) -> str:
    """The run with at most 30 combining marks in a row; punctuation stays as it is."""
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
