"""A page's tree → its blocks of text in reading order, which the generic reading and a source's profile label."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.text import join_lines

# Elements that end a paragraph.
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td"),
        *("tfoot", "th", "thead", "tr", "ul"),
    ]
)
# Elements whose text is not shown, is a choice in a form, or replaces what cannot be played.
_SILENT = frozenset(
    [
        *("script", "style", "noscript", "template", "iframe", "svg", "math", "select", "option", "button", "head"),
        *("textarea", "datalist", "video", "audio", "canvas"),
    ]
)
_LINK, _BOLD, _ITALIC = range(3)
_STYLE_OF = {"a": _LINK, "b": _BOLD, "strong": _BOLD, "i": _ITALIC, "em": _ITALIC, "cite": _ITALIC}
_DIGITS = re.compile(r"\d+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAX_LINKS = 100  # of one block
MAX_STEP = 80  # characters of one step of a path
_NEW_PARAGRAPH = 2  # line breaks that make one; every other block boundary counts as so many


class BlockLink(NamedTuple):
    """A link in a block: the address as written, and the characters of the block's text that carry it."""

    href: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text without a block boundary in it."""

    text: str
    """One line, tidied, never empty."""
    path: tuple[str, ...]
    """The elements around it from the root down, as `tag#id.itemprop.role.class.class`, digits of names as 0."""
    link_chars: int
    """How many of its characters stand in links."""
    nodes: tuple[int, ...] = ()
    """Which elements those of `path` are: numbers in document order, equal where two blocks share the element."""
    bold_chars: int = 0
    """How many of its characters are set bold."""
    italic_chars: int = 0
    """How many of its characters are set in italics."""
    is_line: bool = False
    """Whether a single <br> is all that stands between it and the block before."""
    is_hidden: bool = False
    """Whether an element around it says that it is not shown, or not read out."""
    is_unseen: bool = False
    """Whether one says that it is not shown, by `hidden` or by its own style."""
    links: tuple[BlockLink, ...] = ()
    """In their order."""

    @property
    def tag(self) -> str:
        """The innermost block element."""
        return get_tag(self.path[-1])


def split_blocks(tree: HtmlElement) -> list[Block]:
    """Return the blocks of a page in the order of the source.

    Scripts, the choices of forms and the like are left out. The tree is left as it was.
    """
    reader = _Reader()
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            reader.leave(element)
        elif element.tag in _SILENT:
            reader.number += 1
            walk.skip_subtree()
        else:
            reader.enter(element)
    reader.end(0)
    return reader.blocks


@lru_cache(maxsize=20_000)
def get_tag(step: str) -> str:
    """Return the element's name in a step of a path."""
    return re.split("[#.]", step, maxsplit=1)[0]


def _make_style_counts() -> list[int]:
    return [0, 0, 0]


class _Visibility(NamedTuple):
    """Whether an element of the path, or one around it, is hidden, and unseen."""

    is_hidden: bool = False
    is_unseen: bool = False


class _PieceLink(NamedTuple):
    """A link, and the pieces of a block from and before which its words stand."""

    href: str
    first: int
    last: int


@dataclass(slots=True)
class _Reader:
    """The part of a page that has been read so far."""

    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """Of the block that is being read."""
    path: list[str] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    number: int = 0
    styles: list[int] = field(default_factory=_make_style_counts)
    """How many open elements set text as a link, bold and italic."""
    styled: list[int] = field(default_factory=_make_style_counts)
    """Characters of the block in each of these."""
    hidden: list[_Visibility] = field(default_factory=list)
    """Of each element of the path."""
    gap: int = _NEW_PARAGRAPH
    href: str | None = None
    """Of the link that is open."""
    link_from: int = 0
    """The piece that it begins with."""
    links: list[_PieceLink] = field(default_factory=list)
    """Of the block that is being read."""

    def enter(self, element: HtmlElement) -> None:
        """Read an element's own text, after what it begins."""
        self.number += 1
        tag = element.tag
        if tag in _BLOCKS:
            self.open(element, tag)
        elif tag in _STYLE_OF:
            self.styles[_STYLE_OF[tag]] += 1
            if tag == "a":
                self.open_link(element.get("href"))
        if element.text:
            self.add(element.text)

    def leave(self, element: HtmlElement) -> None:
        """Read the text behind an element, after what it ends."""
        tag = element.tag
        if tag in _BLOCKS:
            self.close(tag)
        elif tag in _STYLE_OF:
            self.styles[_STYLE_OF[tag]] -= 1
            if tag == "a":
                self.open_link(None)
        if element.tail:
            self.add(element.tail)

    def open(self, element: HtmlElement, tag: str) -> None:
        """Begin a block element, or a new line at a <br>."""
        if tag == "br":
            self.end(1)
            return
        self.end(_NEW_PARAGRAPH)
        self.path.append(_write_step(tag, element.get("id"), *map(element.get, ("itemprop", "role", "class"))))
        self.nodes.append(self.number)
        around = self.hidden[-1] if self.hidden else _Visibility()
        is_unseen = around.is_unseen or _is_unseen(element)
        is_hidden = around.is_hidden or is_unseen or element.get("aria-hidden") == "true"
        self.hidden.append(_Visibility(is_hidden, is_unseen))

    def close(self, tag: str) -> None:
        """End a block element; a <br> holds nothing."""
        if tag != "br":
            self.end(_NEW_PARAGRAPH)
            self.path.pop()
            self.nodes.pop()
            self.hidden.pop()

    def open_link(self, href: str | None) -> None:
        """Begin a link, or none, where another may end; a link may go on over several blocks."""
        self.end_link()
        self.href, self.link_from = href, len(self.pieces)

    def end_link(self) -> None:
        """Note which pieces of this block the open link has."""
        if self.href and self.link_from < len(self.pieces) and len(self.links) < MAX_LINKS:
            self.links.append(_PieceLink(self.href, self.link_from, len(self.pieces)))

    def add(self, piece: str) -> None:
        """Go on with the block."""
        if self.pieces or not piece.isspace():
            self.pieces.append(piece)
            for style, count in enumerate(self.styles):
                if count:
                    self.styled[style] += len(piece.strip())

    def end(self, step: int) -> None:
        """End the block, if one was begun; `step` is how much the boundary counts."""
        if self.pieces:
            self.end_link()
            if text := join_lines("".join(self.pieces)):
                link, bold, italic = (min(count, len(text)) for count in self.styled)
                self.blocks.append(
                    Block(
                        text, tuple(self.path), link, tuple(self.nodes), bold, italic,
                        self.gap < _NEW_PARAGRAPH, *(self.hidden[-1] if self.hidden else _Visibility()),
                        _place_links(self.links, self.pieces, text) if self.links else (),
                    )
                )  # fmt: skip
                self.gap = 0
            self.pieces.clear()
            self.links.clear()
            self.link_from = 0
            self.styled = _make_style_counts()
        self.gap += step


def _place_links(links: list[_PieceLink], pieces: list[str], text: str) -> tuple[BlockLink, ...]:
    """Return links by the characters of `text` instead of by the pieces that it was made of."""
    placed: list[BlockLink] = []
    end, done, is_apart = 0, 0, False
    for href, first, last in links:
        for piece_range in (slice(done, first), slice(first, last)):
            written = "".join(pieces[piece_range])
            words = join_lines(written)
            is_apart = is_apart or written[:1].isspace()
            start = end + (is_apart and end > 0)
            if words:
                end, is_apart = start + len(words), written[-1].isspace()
        done = last
        if not words:
            continue
        if text[start:end] != words:  # marks were joined, or left out, where two pieces meet
            start = text.find(words, max(start - 1, placed[-1].end if placed else 0))
            end = start + len(words)
        if start < 0:
            break
        placed.append(BlockLink(href, start, end))
    return tuple(placed)


def _is_unseen(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)


@lru_cache(maxsize=10_000)
def _write_step(tag: str, id: str | None, *names: str | None) -> str:
    identity = f"#{id.strip()}" if id and id.strip() else ""
    marks = "".join(f".{name}" for written in names for name in (written or "").split())
    return (tag + _DIGITS.sub("0", identity + marks))[:MAX_STEP]  # the tag keeps its own: <h1> is not <h2>
