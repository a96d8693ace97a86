"""A page's tree → its blocks of text in reading order, which the generic reading and a source's profile label."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.pages.visibility import STRUCK_TAGS, is_aside, is_unseen, is_veiled
from pipelines.cleaning.text import join_lines

# Elements that end a paragraph.
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "html", "li", "main", "marquee", "nav", "ol", "p", "pre", "section", "summary", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
# Elements whose text is not shown, is a choice in a form, or replaces what cannot be played.
_SILENT = frozenset(
    [
        *("script", "style", "noscript", "template", "iframe", "svg", "math", "select", "option", "button", "head"),
        *("textarea", "datalist", "video", "audio", "canvas"),
        *("rt", "rp", "rtc"),  # readings beside words
    ]
)
_LINK, _BOLD, _ITALIC = range(3)
_STYLE_OF = {"a": _LINK, "b": _BOLD, "strong": _BOLD, "i": _ITALIC, "em": _ITALIC, "cite": _ITALIC}
_DIGITS = re.compile(r"\d+")
MAX_EMOJI = 8  # characters
_QUOTES = {
    **dict.fromkeys(("de", "cs", "sk", "bg", "hr", "sl", "lt", "et", "is"), "„“"),
    **dict.fromkeys(("fr", "ru", "uk", "be", "es", "it", "pt", "no", "nb", "el", "hy", "fa"), "«»"),
    **dict.fromkeys(("pl", "ro", "hu"), "„”"),
    **dict.fromkeys(("sv", "fi"), "””"),
    "ja": "「」",
}
_QUOTE_MARKS = frozenset("\"“”„«»‘’'「」『』")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
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
    is_veiled: bool = False
    """Whether a class in general use, or a style that leaves it no room, takes one from view."""
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
    reader = _Reader(marks=_QUOTES.get((tree.get("lang") or "").lower()[:2], "“”"))
    walk = etree.iterwalk(tree, events=("start", "end"))
    is_skipped = False
    for event, element in walk:
        if is_skipped:  # its end follows its start at once
            reader.add_tail(element)
            is_skipped = False
        elif event == "end":
            reader.leave(element)
        elif element.tag in _SILENT or (
            element.tag not in _BLOCKS
            and is_aside(element)
            and (element.tag in STRUCK_TAGS or reader.is_within_words(element))
        ):
            reader.number += 1
            walk.skip_subtree()
            is_skipped = True
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
    """Whether an element of the path, or one around it, is hidden, unseen, and veiled."""

    is_hidden: bool = False
    is_unseen: bool = False
    is_veiled: bool = False


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
    marks: str = "“”"
    """Those that <q> stands for in the page's language."""
    quotes: list[str] = field(default_factory=list)
    """The mark that each open <q> ends with."""

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
        elif tag == "q":
            self.open_quote(element)
        elif tag == "img":
            self.add_emoji(element)
        if element.text:
            self.add(self.raise_digits(element.text) if tag == "sup" else element.text)

    def leave(self, element: HtmlElement) -> None:
        """Read the text behind an element, after what it ends."""
        tag = element.tag
        if tag in _BLOCKS:
            self.close(tag)
        elif tag in _STYLE_OF:
            self.styles[_STYLE_OF[tag]] -= 1
            if tag == "a":
                self.open_link(None)
        elif tag == "q" and self.quotes and (mark := self.quotes.pop()):
            self.add(mark)
        self.add_tail(element)

    def add_tail(self, element: HtmlElement) -> None:
        """Read the text behind an element."""
        if element.tail:
            self.add(element.tail)

    def is_within_words(self, element: HtmlElement) -> bool:
        """Return whether an element stands in a line that has other words, not alone in a block of its own."""
        return bool(self.pieces) or bool((element.tail or "").strip())

    def open_quote(self, element: HtmlElement) -> None:
        """Begin words that the page's style sheet sets in marks, unless they are written there already."""
        is_marked = (element.text or "").lstrip()[:1] in _QUOTE_MARKS or "".join(self.pieces[-1:])[-1:] in _QUOTE_MARKS
        has_marks = bool((element.text or "").strip() or len(element)) and not is_marked
        opening, closing = ("‘", "’") if any(self.quotes) else (self.marks[0], self.marks[1])
        self.quotes.append(closing if has_marks else "")
        if has_marks:
            self.add(opening)

    def raise_digits(self, text: str) -> str:
        """Return an exponent as such: `10<sup>6</sup>` is not 106."""
        is_power = "".join(self.pieces[-1:])[-1:].isdigit() and text.strip("+-−").isdecimal()
        return text.translate(_RAISED) if is_power else text

    def add_emoji(self, element: HtmlElement) -> None:
        """Read a picture that stands for a character, as social networks draw them."""
        alternative = element.get("alt", "")
        if 0 < len(alternative) <= MAX_EMOJI and not any(map(str.isalnum, alternative)) and not alternative.isascii():
            self.add(alternative)

    def open(self, element: HtmlElement, tag: str) -> None:
        """Begin a block element, or a new line at a <br>."""
        if tag == "br":
            self.end(1)
            return
        self.end(_NEW_PARAGRAPH)
        self.path.append(_write_step(tag, element.get("id"), *map(element.get, ("itemprop", "role", "class"))))
        self.nodes.append(self.number)
        around = self.hidden[-1] if self.hidden else _Visibility()
        is_out = around.is_unseen or is_unseen(element)
        is_hidden = around.is_hidden or is_out or element.get("aria-hidden") == "true"
        self.hidden.append(_Visibility(is_hidden, is_out, around.is_veiled or is_veiled(element)))

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


@lru_cache(maxsize=10_000)
def _write_step(tag: str, id: str | None, *names: str | None) -> str:
    identity = f"#{id.strip()}" if id and id.strip() else ""
    marks = "".join(f".{name}" for written in names for name in (written or "").split())
    return (tag + _DIGITS.sub("0", identity + marks))[:MAX_STEP]  # the tag keeps its own: <h1> is not <h2>
