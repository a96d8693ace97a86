"""Pages that a site sends in the place of an article: checks for bots, walls of consent or login, error messages."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.phrases import PHRASES, read_alternatives
from pipelines.cleaning.text import count_letters

MAX_LETTERS = 1_500  # of such a page's text
MAX_ALONE = 400  # characters of a text without a heading that says what it is
MOST = 0.7  # of a heading that such words have to be
_SET_OFF = re.compile(r"\s*[|:·»]\s+|\s+[-–—]\s+")
# `Gone`, `Conflict` and `Too Early` are titles of articles too.
_STATUS_PHRASES = "|".join(
    re.escape(status.phrase)
    for status in HTTPStatus
    if status >= 400 and " " in status.phrase and status != HTTPStatus.TOO_EARLY
)
_HEADING = re.compile(
    read_alternatives(PHRASES["standin_heading"]).replace("STATUS", _STATUS_PHRASES), re.IGNORECASE
)  # a heading or title that is this and little else
_WORDS = re.compile(read_alternatives(PHRASES["standin_words"]), re.IGNORECASE)  # in the few words of such a page


def is_standin(title: str | None, headings: Sequence[str], text: str, lines: Sequence[LabelledLine]) -> bool:
    """Return whether a page stands in for an article: hardly any text, under a heading that says so, or in such words.

    A page whose only text asks for consent is one whatever its heading.
    """
    if not text:
        return any(line.reason in ("consent", "wall") for line in lines)
    letters = count_letters(text)
    if letters > MAX_LETTERS:
        return False
    is_headed = any(map(_says_standin, (title or "", *headings)))
    has_words = _WORDS.search(text) is not None
    return (is_headed and (has_words or letters <= MAX_LETTERS // 2)) or (has_words and _says_only(text))


def _says_standin(heading: str) -> bool:
    """Return whether a heading, or a part of it that is set off, is one of such a page."""
    parts = [part.strip(" .…!?") for part in _SET_OFF.split(heading)]
    return any(
        (found := _HEADING.match(part)) and found.end() >= MOST * len(part)
        for part in (heading.strip(), *parts)
        if part
    )


def _says_only(text: str) -> bool:
    """Return whether each paragraph of a very short text is of such words."""
    paragraphs = [line for line in text.split("\n") if line]
    return len(text) <= MAX_ALONE and sum(_WORDS.search(line) is not None for line in paragraphs) * 2 >= len(paragraphs)
