"""The words of a heading, without the kicker, date, button or hidden label that stands in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.dates import find_date_in_words
from pipelines.cleaning.metadata.head import fold_name
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_TITLE

DATE_WORDS = 2  # beside the numbers of a date: the weekday and the month
MIN_LETTERS = 4  # of what is left of a heading; less is no headline

_SILENT = frozenset(
    ["script", "style", "noscript", "template", "svg", "button", "select", "form", "iframe", "time", "sup"]
)
_BREAKS = frozenset(["br", "div", "p", "li", "h1", "h2", "h3", "h4", "section", "header", "td"])
_FURNITURE = re.compile(
    r"(?:^|[\W_])(?:kicker|eyebrow|overline|topline|roofline|supertitle|pretitle|dachzeile|spitzmarke|surtitre|antetitulo|"
    r"chapeu|occhiello|flag|badge|label|tag|category|rubric|rubrik|section-name|premium|paid|plus-icon|icon|date|dt|"
    r"datetime|timestamp|pubdate|time|byline|author|share|social|tools?|counter|count|comments?|rating|bookmark|follow|"
    r"sr-only|visually-?hidden|screen-reader(?:-text)?|hidden|permalink|anchor|edit-?link)(?:$|[\W_])",
    re.IGNORECASE,
)
_LABELS = re.compile(r"\b(?:posted|published|updated|last|on|at|am|pm|uhr|de|of)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\W*\d{1,4}\s?[./:-]\s?\d{1,2}[\W\d]*")
_DATE_END = re.compile(
    r"[\s|,–—-]+\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2}),?\s+(?:\d{1,2}:\d{2})$"
    r"|[\s|,–—-]+\d{4}-\d{2}-\d{2}(?:[T\s]\d{1,2}:\d{2}\S*)?$"
)


class HeadingText(NamedTuple):
    """What a heading says: its headline, all of it, and the pieces that stand in elements of their own."""

    text: str
    whole: str
    pieces: tuple[str, ...]


def read_heading(element: HtmlElement) -> HeadingText:
    """Return the words of a heading; all of them where nothing would be left."""
    pieces = [*_iterate_pieces(element)]
    whole = join_lines("".join(piece.text for piece in pieces)[:MAX_TITLE])
    plain = [piece.text for piece in pieces if not piece.is_furniture and not _is_date(piece.text)]
    text = _DATE_END.sub("", join_lines("".join(plain)[:MAX_TITLE]))
    if len(fold_name(text)) < MIN_LETTERS:
        text = whole
    return HeadingText(text, whole, tuple(filter(None, (join_lines(piece.text) for piece in pieces))))


def is_made_of(title: str, heading: HeadingText) -> bool:
    """Return whether a title is some of a heading's pieces in a row, others before or behind it."""
    folded = [fold_name(piece) for piece in heading.pieces[:10]]
    sought = fold_name(title)
    spans = ((start, end) for start in range(len(folded)) for end in range(start + 1, len(folded) + 1))
    return any("".join(folded[start:end]) == sought for start, end in spans if end - start < len(folded))


class _Piece(NamedTuple):
    text: str
    is_furniture: bool


def _iterate_pieces(heading: HtmlElement) -> Iterator[_Piece]:
    """Yield the pieces of text in a heading, each with whether its element is furniture."""
    furniture: list[HtmlElement] = []
    for event, element in etree.iterwalk(heading, events=("start", "end", "comment", "pi")):
        if event == "start":
            if element is not heading and (element.tag in _SILENT or _is_furniture(element)):
                furniture.append(element)
            if element is not heading and element.tag in _BREAKS:
                yield _Piece(" ", False)
            if element.text:
                yield _Piece(element.text, bool(furniture))
            continue
        if furniture and element is furniture[-1]:
            furniture.pop()
        if element is not heading:
            if event == "end" and element.tag in _BREAKS:
                yield _Piece(" ", False)
            if element.tail:
                yield _Piece(element.tail, bool(furniture))


def _is_furniture(element: HtmlElement) -> bool:
    return bool(_FURNITURE.search(element.get("class") or "")) or element.get("hidden") is not None


def _is_date(piece: str) -> bool:
    """Return whether a piece is a date or a time and little else."""
    line = join_lines(piece)
    if not line or not any(character.isdigit() for character in line):
        return False
    words = _LABELS.sub(" ", line).split()
    is_short = sum(any(c.isalpha() for c in word) for word in words) <= DATE_WORDS
    return bool(_NUMBERS.fullmatch(line)) or (is_short and find_date_in_words(line) is not None)
