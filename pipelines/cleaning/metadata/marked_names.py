"""The names in elements that a page marks as an author's, and on links to writers' pages."""

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

from pipelines.cleaning.metadata.head import read_element_text
from pipelines.cleaning.metadata.name_words import INTRODUCTION
from pipelines.cleaning.metadata.names import MAX_LINE, MAX_NAME, has_capitals, split_names
from pipelines.cleaning.metadata.nearby import split_pieces
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_URL

MAX_MARKED = 12
MAX_LOOKED_AT = 500  # elements of a page, comments among them
JOINT = re.compile(r"[,&;、]|,?\s*(?:and|und|et|y|e|i|и|og|och|en|ve|dan)", re.IGNORECASE)

_ONLY_BY = re.compile(rf"(?:{INTRODUCTION.pattern})", re.IGNORECASE)
# Elements beside a name that say something else of its bearer, or of the article.
_BESIDE = re.compile(
    r"(?:^|[\W_])(?:role|job|position|occupation|designation|bio|description|date|time|social|share|follow|credit|"
    r"affiliation|location|avatar|count|read|comment|category|categories|tags?|topics?)",
    re.IGNORECASE,
)
_TOPIC_PAGE = re.compile(r"/(?:tags?|topics?|category|categories|sections?|hashtags?)/", re.IGNORECASE)
_MARKED = (
    "//*[@itemprop='author' or @rel='author' or contains(concat(' ',@rel,' '),' author ') or contains(@class,'author')"
    " or contains(@class,'Author') or contains(@class,'byline') or contains(@class,'Byline')"
    " or contains(@class,'writer') or contains(@href,'/author') or contains(@data-testid,'author')]"
    "[not(ancestor-or-self::*[self::aside or self::nav or self::footer or self::template or self::blockquote"
    " or contains(@class,'comment') or contains(@class,'related') or contains(@class,'recommend')"
    " or contains(@class,'sidebar')])]"
)
# `author` and `writer` within other words: a form to log in is marked as `authorization`; and what is counted of one.
_OTHER_WORD = re.compile(
    r"authori[sz]|authority|author[_-](?:views|count|follow|social|share)|(?:type|under|screen|copy)writer",
    re.IGNORECASE,
)
_WHOLE_PAGE = frozenset(["html", "body", "main", "article"])  # blogs mark these by who wrote the article, too
# Boxes about people that did not write the article: whom it quotes, whom it links to, whom a reader may follow.
_OTHER_PEOPLE = re.compile(
    r"pull-?quote|testimonial|bookmark|follow-?author|author-?follow|(?:^|[\s_-])nav(?:bar)?(?:$|[\s_-])",
    re.IGNORECASE,
)
_WRITERS_PAGE = re.compile(
    r"/(?:authors?|people|person|staff|users?|profiles?|contributors?|by|writers?|autor(?:en|es)?|auteurs?|autori|"
    r"producers|reporters?|journalists?|redaktion)/(?P<who>.*)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[a-z]{3,}")


def list_marked_names(tree: HtmlElement, near: Container[HtmlElement] | None = None) -> list[list[str]]:
    """Return the lines of each element that class, itemprop, rel or address mark as an author's.

    With `near`, of those that hold one of these elements.
    """
    return list(islice(_iterate_marked_lines(tree, near), MAX_MARKED))


def _iterate_marked_lines(tree: HtmlElement, near: Container[HtmlElement] | None) -> Iterator[list[str]]:
    for element in islice(filter(_is_authors, tree.xpath(_MARKED)[:MAX_LOOKED_AT]), MAX_MARKED):
        if near is not None and not any(holder in near for holder in element.iter()):
            continue
        inner = element.xpath("(.//*[@itemprop='name' or @rel='author' or contains(@href,'/author')])[position() <= 8]")
        if lines := [name for holder in inner or [element] for name in _list_marked_lines(holder)]:
            yield lines


def _is_authors(element: HtmlElement) -> bool:
    """Return whether an element is about the author: neither the whole page nor a box about other people."""
    if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").split():
        return not _is_of_others(element)
    is_marked = not _OTHER_WORD.search(element.get("class") or "")
    return is_marked and element.tag not in _WHOLE_PAGE and not _is_of_others(element)


def _is_of_others(element: HtmlElement) -> bool:
    return any(_OTHER_PEOPLE.search(box.get("class") or "") for box in (element, *element.iterancestors()))


def _list_marked_lines(element: HtmlElement) -> list[str]:
    """Return the pieces of an element that hold names: the first one, and those that `and` or a comma joins to it.

    An element of its own beside a name holds that person's job, or a date: it is no name.
    """
    if content := element.get("content"):
        return [content]
    lines: list[str] = []
    is_next = True
    for text, holder in split_pieces(element, is_box=True):
        piece = join_lines(text[:MAX_LINE])
        if not piece or (holder is not element and _says_something_else(holder)):
            continue
        if JOINT.fullmatch(piece) or _ONLY_BY.fullmatch(piece):
            is_next = True
        elif (is_next or is_writers_link(holder)) and is_line_of_names(piece) and split_names([piece]):
            lines.append(piece)
            is_next = piece.endswith((",", "&", " and", " und", " et", " y"))
        elif lines and JOINT.match(piece) and is_line_of_names(piece):  # `and Bo Ek` in the text behind a link
            lines.append(JOINT.sub("", piece, count=1))
    return lines


def _says_something_else(element: HtmlElement) -> bool:
    is_topic = element.tag == "a" and _TOPIC_PAGE.search(element.get("href") or "") is not None
    return is_topic or _BESIDE.search(element.get("class") or "") is not None


def is_writers_link(element: HtmlElement, name: str = "") -> bool:
    """Return whether an element links to a writer's page, and to that of this name if its address has one."""
    page = _WRITERS_PAGE.search((element.get("href") or "")[:MAX_URL]) if element.tag == "a" else None
    return page is not None and _may_be_of(name, page["who"])


def _may_be_of(name: str, address: str) -> bool:
    """Return whether the end of an address has a word of a name, or no words at all: `/users/sign_up` is nobody's."""
    words = _LETTERS.findall(_fold(name))
    folded = _fold(unquote(address))
    return not words or not _LETTERS.search(folded) or any(word in folded for word in words)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def find_linked_name(tree: HtmlElement, address: str) -> str | None:
    """Return the name on a link of the page to this address of a writer's page."""
    page = _WRITERS_PAGE.search(address[:MAX_URL])
    if page is None:
        return None
    links = (link for link in tree.iter("a") if (link.get("href") or "").rstrip("/").endswith(page[0].rstrip("/")))
    names = (read_element_text(link) for link in islice(links, MAX_MARKED))
    return next((name for name in names if is_line_of_names(name) and " " in name), None)


def is_line_of_names(line: str) -> bool:
    """Return whether a line's words begin with capitals, or are in a script that has none; a sentence's are not."""
    return 0 < len(line) <= 2 * MAX_NAME and has_capitals(line)
