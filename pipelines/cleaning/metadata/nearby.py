"""The lines of text around a headline, where byline and date stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.text import join_lines

BEFORE, AFTER = 8, 40  # lines around the headline in which byline and date are looked for
PROSE = 200  # characters; the second such line behind the headline is the article's text

_SILENT = frozenset(
    ["script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form", "select", "button", "iframe"]
)


class NearbyLine(NamedTuple):
    """A piece of text, and the element that holds it."""

    text: str
    element: HtmlElement


@dataclass(frozen=True, slots=True)
class Nearby:
    """Lines around a heading with the element of each, the nearest first."""

    behind: tuple[NearbyLine, ...] = ()
    before: tuple[NearbyLine, ...] = ()

    @property
    def lines(self) -> tuple[NearbyLine, ...]:
        return (*self.behind, *self.before)


def find_nearby_lines(heading: HtmlElement | None) -> Nearby:
    """Return the lines of text around a heading; up to the article's prose behind it, and a few before."""
    behind: list[NearbyLine] = []
    prose_lines = 0
    for text, element in _iterate_pieces_behind(heading):
        if line := join_lines(text[: 2 * PROSE]):
            prose_lines += len(line) >= PROSE
            if prose_lines > 1 or len(behind) >= AFTER:
                break
            behind.append(NearbyLine(line, element))
    before: list[NearbyLine] = []
    node = heading
    while node is not None and len(before) < BEFORE:
        for sibling in node.itersiblings(preceding=True):
            pieces = ((join_lines(text[: 2 * PROSE]), holder) for text, holder in split_pieces(sibling))
            lines = [NearbyLine(line, holder) for line, holder in pieces if line]
            before.extend(reversed(lines[-BEFORE:]))
            if len(before) >= BEFORE:
                break
        node = node.getparent()
    return Nearby(tuple(behind), tuple(before[:BEFORE]))


def _iterate_pieces_behind(element: HtmlElement | None) -> Iterator[NearbyLine]:
    """Yield the text behind an element in document order, each piece with the element that holds it."""
    node = element
    while node is not None:
        parent = node.getparent()
        if node.tail and parent is not None:
            yield NearbyLine(node.tail, parent)
        for sibling in node.itersiblings():
            yield from split_pieces(sibling)
            if sibling.tail and parent is not None:
                yield NearbyLine(sibling.tail, parent)
        node = parent


def split_pieces(root: HtmlElement, is_box: bool = False) -> Iterator[NearbyLine]:
    """Yield the pieces of text in an element, furniture left out; not the element itself where it `is_box`."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _SILENT and not (is_box and element is root):
                walk.skip_subtree()
            elif element.text:
                yield NearbyLine(element.text, element)
        elif element.tail and element is not root:
            yield NearbyLine(element.tail, element.getparent())
