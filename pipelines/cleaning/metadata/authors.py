"""The names of the people who wrote an article, without the rest of their bylines."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.cleaning.metadata.head import Page
from pipelines.cleaning.metadata.jsonld import read_names, read_types
from pipelines.cleaning.metadata.name_words import INTRODUCTION
from pipelines.cleaning.metadata.names import (
    MAX_LINE,
    MAX_NAME,
    Site,
    has_capitals,
    is_organisation,
    is_paper,
    split_names,
)
from pipelines.cleaning.metadata.nearby import Nearby, NearbyLine, split_pieces
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_TITLE

MAX_AUTHORS = 20

_ONLY_BY = re.compile(rf"(?:{INTRODUCTION.pattern})", re.IGNORECASE)
_JOINT = re.compile(r"[,&;|、]|,?\s*(?:and|und|et|y|e|i|и|og|och|en|ve|dan)", re.IGNORECASE)
# Elements beside a name that say something else of its bearer.
_BESIDE = re.compile(
    r"(?:^|[\W_])(?:role|job|position|occupation|designation|bio|description|date|time|social|share|follow|credit|"
    r"affiliation|location|avatar|count|read|comment)",
    re.IGNORECASE,
)
_MARKED = (
    "//*[@itemprop='author' or @rel='author' or contains(concat(' ',@rel,' '),' author ') or contains(@class,'author')"
    " or contains(@class,'Author') or contains(@class,'byline') or contains(@class,'Byline')"
    " or contains(@href,'/author') or contains(@data-testid,'author')]"
    "[not(ancestor-or-self::*[self::aside or self::nav or self::footer or contains(@class,'comment')"
    " or contains(@class,'related') or contains(@class,'recommend') or contains(@class,'sidebar')])]"
)
_WRITERS_PAGE = re.compile(
    r"/(?:authors?|people|person|staff|users?|profiles?|contributors?|by|writers?|autor(?:en|es)?|auteurs?|autori|"
    r"producers|reporters?|journalists?|redaktion)/",
    re.IGNORECASE,
)
MAX_MARKED = 12

_AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "byl")
_LIBRARY_METAS = ("citation_author", "dc.creator", "dcterms.creator")  # one author each, often as `Last, First`
_NO_ORGANISATION = re.compile(r"https?:|www\.|[<>{}@]|\d{3}", re.IGNORECASE)


class Authors(NamedTuple):
    """The authors of a page, and where on it they were found."""

    names: tuple[str, ...]
    found_in: str | None


def read_authors(page: Page, near: Callable[[], Nearby]) -> Authors:
    """Return people before organisations: a byline that is shown goes before an organisation that the head names."""
    site = Site(page)
    written = page.article.get("author")
    entries = written if isinstance(written, list) else [written]
    people = _choose_people(
        read_names([entry for entry in entries if isinstance(entry, str) or "Organization" not in read_types(entry)]),
        site,
    )
    metas = _choose_people(_iterate_meta_authors(page), site)
    if people and not set(people) < set(metas):
        return Authors(people, "json-ld")
    if metas:
        return Authors(metas, "meta")
    shown = find_names_near(near().lines)
    if people := _choose_people(shown, site):
        return Authors(people, "headline")
    marked = _list_marked_names(page.tree)
    for lines in marked:
        if people := _choose_people(lines, site):
            return Authors(people, "byline")
    told = {
        "json-ld": read_names(written),
        "meta": _iterate_meta_authors(page),
        "headline": shown,
        "byline": [*marked[0]] if marked else [],
    }
    return _choose_organisation(told)


def _iterate_meta_authors(page: Page) -> Iterator[str]:
    for key in (*_AUTHOR_METAS, *_LIBRARY_METAS):
        yield from page.metas.get(key, ())


def _choose_people(candidates: Iterable[str], site: Site) -> tuple[str, ...]:
    """Return the people in these strings; there is none in one that is the site's name as a whole."""
    names = split_names(line for line in candidates if not site.has_name(line) or not is_organisation(line))
    people = [name for name in names if not is_organisation(name)]
    others = [name for name in people if not site.has_name(name)]
    # A person may have a site of their own.
    return tuple(others or [name for name in people if 2 <= len(name.split()) <= 3])[:MAX_AUTHORS]


def _choose_organisation(told: Mapping[str, Iterable[str]]) -> Authors:
    """Return the organisation that a page names where it names nobody else; no newspaper, agency or job title."""
    for place, candidates in told.items():
        lines = [join_lines(line[:MAX_TITLE]).strip(" ,") for line in candidates]
        names = [line for line in lines if 2 <= len(line) <= MAX_NAME and not is_paper(line)]
        if names := [name for name in names if not _NO_ORGANISATION.search(name)]:
            return Authors(tuple(dict.fromkeys(names))[:MAX_AUTHORS], place)
    return Authors((), None)


def _list_marked_names(tree: HtmlElement) -> list[list[str]]:
    """Return the lines of each element that class, itemprop, rel or address mark as an author's."""
    marked = []
    for element in tree.xpath(_MARKED)[:MAX_MARKED]:
        inner = element.xpath("(.//*[@itemprop='name' or @rel='author' or contains(@href,'/author')])[position() <= 8]")
        if lines := [name for holder in inner or [element] for name in _list_marked_lines(holder)]:
            marked.append(lines)
    return marked


def _list_marked_lines(element: HtmlElement) -> list[str]:
    """Return the pieces of an element that hold names: the first one, and those that `and` or a comma joins to it.

    What stands in an element of its own beside a name is its bearer's job, or a date.
    """
    if content := element.get("content"):
        return [content]
    lines: list[str] = []
    is_next = True
    for text, holder in split_pieces(element, is_box=True):
        piece = join_lines(text[:MAX_LINE])
        if not piece or (holder is not element and _BESIDE.search(holder.get("class") or "")):
            continue
        if _JOINT.fullmatch(piece) or _ONLY_BY.fullmatch(piece):
            is_next = True
        elif (is_next or _is_writers_link(holder)) and is_line_of_names(piece) and split_names([piece]):
            lines.append(piece)
            is_next = piece.endswith((",", "&", " and", " und", " et", " y"))
        elif lines and _JOINT.match(piece) and is_line_of_names(piece):  # `and Bo Ek` in the text behind a link
            lines.append(_JOINT.sub("", piece, count=1))
    return lines


def _is_writers_link(element: HtmlElement) -> bool:
    return element.tag == "a" and bool(_WRITERS_PAGE.search(element.get("href") or ""))


def find_names_near(lines: Sequence[NearbyLine]) -> tuple[str, ...]:
    """Return the names behind a word such as `by` in the lines around the headline, or that link to a writer's page."""
    return _find_names_behind_by([line.text for line in lines]) or _find_linked_names(lines)


def _find_names_behind_by(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the first byline: on the line of its `by`, or on the next, and on those that go on."""
    for place, line in enumerate(lines):
        by = INTRODUCTION.match(line) if len(line) <= MAX_LINE else None
        if by is None:
            continue
        rest = line[by.end() :].strip(" :\u00a0")
        named = split_names([line] if rest else lines[place + 1 : place + 2])
        names = tuple(name for name in named if not rest or has_capitals(name))
        if names:
            following = _iterate_joined_names(lines[place + (1 if rest else 2) :])
            return tuple(dict.fromkeys((*names, *following)))[:MAX_AUTHORS]
    return ()


def _find_linked_names(lines: Sequence[NearbyLine]) -> tuple[str, ...]:
    """Return the names on the first line that links to a writer's page."""
    for text, element in lines:
        link = next(
            (holder for holder in (element, element.getparent()) if holder is not None and holder.tag == "a"), None
        )
        is_writer = link is not None and _is_writers_link(link) and " " in text
        if is_writer and has_capitals(text) and (names := split_names([text])):
            return names
    return ()


def _iterate_joined_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names that follow one, each in an element of its own behind `and` or a comma."""
    for joint, line in zip(lines[: 2 * MAX_AUTHORS : 2], lines[1 : 2 * MAX_AUTHORS : 2], strict=False):
        if not _JOINT.fullmatch(joint):
            return
        yield from split_names([line])


def is_line_of_names(line: str) -> bool:
    """Return whether a line's words begin with capitals, or are in a script that has none; a sentence's are not."""
    return 0 < len(line) <= 2 * MAX_NAME and has_capitals(line)
