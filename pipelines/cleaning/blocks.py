"""A page's tree → its blocks of text in reading order: what both the generic reading and a source's profile judge."""

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.text import one_line

# Elements that end a paragraph.
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html"),
        *("li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul"),
    ]
)
_SILENT = frozenset(
    ["script", "style", "noscript", "template", "iframe", "svg", "math", "select", "option", "button", "head"]
)
_DIGITS = re.compile(r"\d+")
MAX_STEP = 80  # characters of one step of a path


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text without a block boundary in it."""

    text: str
    """One line, tidied, never empty."""
    path: tuple[str, ...]
    """The elements around it from the root down, as `tag#id.class.class`, digits as 0."""
    link_chars: int
    """How many of its characters stand in links."""

    @property
    def tag(self) -> str:
        """The innermost block element."""
        return re.split("[#.]", self.path[-1], maxsplit=1)[0]


def blocks(tree: HtmlElement) -> list[Block]:
    """The blocks of a page in the order in which they stand in the source; scripts, forms' choices and the like left
    out. The tree is left as it was."""
    found: list[Block] = []
    pieces: list[str] = []
    path: list[str] = []
    linked = links = 0

    def add(piece: str | None) -> None:
        nonlocal linked
        if piece:
            pieces.append(piece)
            if links:
                linked += len(piece.strip())

    def end() -> None:
        nonlocal linked
        if pieces and (text := one_line("".join(pieces))):
            found.append(Block(text, tuple(path), min(linked, len(text))))
        pieces.clear()
        linked = 0

    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                end()
                if tag != "br":
                    path.append(_step(element))
            if tag in _SILENT:
                walk.skip_subtree()
                continue
            links += tag == "a"
            add(element.text)
        else:
            if tag in _BLOCKS:
                end()
                if tag != "br":
                    path.pop()
            links -= tag == "a"
            add(element.tail)
    end()
    return found


def _step(element: HtmlElement) -> str:
    names = element.get("id"), *(element.get("class") or "").split()
    marks = (f"{'.' if n else '#'}{name}" for n, name in enumerate(names) if name)
    return _DIGITS.sub("0", str(element.tag) + "".join(marks))[:MAX_STEP]
