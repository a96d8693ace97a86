"""The lines of text around a headline, where byline and date stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.text import join_lines

BEFORE, AFTER = 8, 40  # lines around the headline in which byline and date are looked for
PROSE = 200  # characters; the second such line behind the headline is the article's text

_SILENT = frozenset(
    ["script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form", "select", "button", "iframe"]
)
Line = tuple[str, HtmlElement]  # a piece of text, and the element that holds it


@dataclass(frozen=True, slots=True)
class Nearby:
    """Lines around a heading with the element of each, the nearest first."""

    behind: tuple[Line, ...] = ()
    before: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.behind, *self.before)


def find_nearby_lines(heading: HtmlElement | None) -> Nearby:
    """Lines of text around a heading; up to the article's prose behind it, and a few before."""
    found: list[Line] = []
    long = 0
    for text, element in _pieces_behind(heading):
        if line := join_lines(text[: 2 * PROSE]):
            long += len(line) >= PROSE
            if long > 1 or len(found) >= AFTER:
                break
            found.append((line, element))
    before: list[Line] = []
    node = heading
    while node is not None and len(before) < BEFORE:
        for sibling in node.itersiblings(preceding=True):
            lines = [(line, e) for text, e in split_pieces(sibling) if (line := join_lines(text[: 2 * PROSE]))]
            before.extend(reversed(lines[-BEFORE:]))
            if len(before) >= BEFORE:
                break
        node = node.getparent()
    return Nearby(tuple(found), tuple(before[:BEFORE]))


def _pieces_behind(element: HtmlElement | None) -> Iterator[Line]:
    """Text in document order behind an element, each with the element that holds it."""
    node = element
    while node is not None:
        parent = node.getparent()
        if node.tail and parent is not None:
            yield node.tail, parent
        for sibling in node.itersiblings():
            yield from split_pieces(sibling)
            if sibling.tail and parent is not None:
                yield sibling.tail, parent
        node = parent


def split_pieces(root: HtmlElement) -> Iterator[Line]:
    """The pieces of text in an element, furniture left out."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _SILENT:
                walk.skip_subtree()
            elif element.text:
                yield element.text, element
        elif element.tail and element is not root:
            yield element.tail, element.getparent()
