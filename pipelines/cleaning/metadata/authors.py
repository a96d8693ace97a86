"""The names of the people who wrote an article, without the rest of their bylines."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile, zip_longest
from typing import NamedTuple

from pipelines.cleaning.metadata.head import Page
from pipelines.cleaning.metadata.jsonld import read_names, read_types
from pipelines.cleaning.metadata.marked_names import (
    JOINT,
    find_linked_name,
    is_line_of_names,
    is_writers_link,
    list_marked_names,
)
from pipelines.cleaning.metadata.name_words import INTRODUCTION, LIST_INTRODUCTION, SMALL
from pipelines.cleaning.metadata.names import (
    MAX_LINE,
    MAX_NAME,
    Site,
    has_capitals,
    has_clauses,
    is_desk,
    is_job_title,
    is_organisation,
    is_paper,
    split_names,
)
from pipelines.cleaning.metadata.nearby import Nearby, NearbyLine
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_TITLE

MAX_AUTHORS = 20
SIGNED_LINES = 12  # behind the headline
MAX_NAMES = 4  # words of a full name
_BETWEEN_TITLES = re.compile(r"\s*[,|•·–—]\s*|\s-\s")
_HEADINGS = frozenset(["h2", "h3", "h4"])

_AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "byl")
_LIBRARY_METAS = ("citation_author", "dc.creator", "dcterms.creator")  # one author each, often as `Last, First`
_NO_ORGANISATION = re.compile(r"https?:|www\.|[<>{}@]|\d{3}", re.IGNORECASE)


class Authors(NamedTuple):
    """The authors of a page, and where on it they were found."""

    names: tuple[str, ...]
    found_in: str | None


class Byline(NamedTuple):
    """The people of a byline; it may say instead that nobody in particular wrote the article."""

    names: tuple[str, ...]
    is_by_desk: bool = False
    """Whether it names a desk, an agency or a job."""


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
    if people := _choose_people(_iterate_names_by_address(page, entries), site):
        return Authors(people, "byline")
    byline = read_byline_near(near().lines)
    shown = byline.names or (() if byline.is_by_desk else _find_linked_names(near()) or _find_signed_name(near()))
    if people := _choose_people(shown, site):
        return Authors(people, "headline")
    marked = [] if byline.is_by_desk else _list_marked_names(page, near())
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


def _cut_introduction(line: str) -> str:
    introduction = INTRODUCTION.match(line)
    return line[introduction.end() :] if introduction else line


def _list_marked_names(page: Page, near: Nearby) -> list[list[str]]:
    """Return the names in marked elements; where the head names a desk, in those around the headline alone."""
    heads = [*read_names(page.article.get("author")), *_iterate_meta_authors(page)]
    return list_marked_names(page.tree, {line.element for line in near.lines} if any(map(is_desk, heads)) else None)


def _iterate_names_by_address(page: Page, entries: Sequence[object]) -> Iterator[str]:
    """Yield the names on links to the pages of writers whom the head gives by address alone."""
    addresses = [*page.metas.get("article:author", ()), *page.metas.get("author", ())]
    addresses += [address for entry in entries if isinstance(entry, dict) for address in read_names(entry.get("url"))]
    for address in addresses[:MAX_AUTHORS]:
        if name := find_linked_name(page.tree, address):
            yield name


def _choose_people(candidates: Iterable[str], site: Site) -> tuple[str, ...]:
    """Return the people in these strings; there is none in one that is the site's name as a whole."""
    names = split_names(
        line for line in candidates if has_clauses(line) or not site.has_name(line) or not is_organisation(line)
    )
    people = [name for name in names if not is_organisation(name)]
    others = [name for name in people if not site.has_name(name)]
    # A person may have a site of their own.
    return tuple(others or [name for name in people if 2 <= len(name.split()) <= 3])[:MAX_AUTHORS]


def _choose_organisation(told: Mapping[str, Iterable[str]]) -> Authors:
    """Return the organisation that a page names where it names nobody else; no newspaper, agency or job title."""
    for place, candidates in told.items():
        lines = [join_lines(line[:MAX_TITLE]).strip(" ,") for line in candidates]
        names = [_cut_introduction(line) for line in lines if not is_paper(line) and not is_desk(line)]
        names = [name for name in names if 2 <= len(name) <= MAX_NAME]
        if names := [name for name in names if not _NO_ORGANISATION.search(name)]:
            return Authors(tuple(dict.fromkeys(names))[:MAX_AUTHORS], place)
    return Authors((), None)


def read_byline_near(lines: Sequence[NearbyLine]) -> Byline:
    """Return the first byline around the headline: behind a word such as `by`, on its line or on the next."""
    texts = [line.text for line in lines]
    for place, line in enumerate(texts):
        by = INTRODUCTION.match(line) if len(line) <= MAX_LINE else None
        if by is None:
            continue
        rest = line[by.end() :].strip(" :\u00a0")
        told = rest or next(iter(texts[place + 1 : place + 2]), "")
        if _is_prose(told) or not (rest or is_line_of_names(told) or " " not in told):
            continue
        is_list = LIST_INTRODUCTION.match(line) is not None
        named = split_names([line] if rest else [told])
        if names := tuple(name for name in named if _may_be_named(name, is_list) or (name == told and not is_list)):
            following = _iterate_joined_names(texts[place + (1 if rest else 2) :])
            return Byline(tuple(dict.fromkeys((*names, *following)))[:MAX_AUTHORS])
        if is_desk(told):
            return Byline((), is_by_desk=True)
    return Byline(())


def _is_prose(told: str) -> bool:
    """Return whether what stands behind a `by` goes on as a sentence: `by printing one of them`."""
    words = told.split(maxsplit=2)
    is_small = len(words) > 1 and words[0].isalpha() and words[0].islower() and words[0] not in SMALL
    return is_small and not words[1][0].isupper()


def _may_be_named(name: str, is_list: bool) -> bool:
    """Return whether a byline may name somebody so; `More from Ada` and `More from Sports` are labels of lists."""
    is_full = " " in name or not name.isascii()
    return has_capitals(name) and (not is_list or (is_full and not name.startswith(("the ", "The "))))


def _find_linked_names(near: Nearby) -> tuple[str, ...]:
    """Return the names on the first line that links to the page of a writer of that name.

    Behind the headline that is above the next one, which may be another article's.
    """
    for text, element in (*takewhile(_is_above_headings, near.behind), *near.before):
        holders = (holder for holder in (element, element.getparent()) if holder is not None)
        is_writer = " " in text and any(is_writers_link(holder, text) for holder in holders)
        if is_writer and has_capitals(text) and (names := split_names([text])):
            return names
    return ()


def _find_signed_name(near: Nearby) -> tuple[str, ...]:
    """Return the name above or before a job title close behind the headline: `Ada Lind | Senior Writer`."""
    texts = [line.text for line in near.behind[:SIGNED_LINES]]
    for line, following in zip_longest(texts, texts[1:], fillvalue=""):
        pieces = [*_BETWEEN_TITLES.split(line[:MAX_LINE]), following]
        if is_job_title(pieces[1]) and _is_full_name(pieces[0]) and (names := split_names(pieces[:1])):
            return names
    return ()


def _is_full_name(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= MAX_NAMES and all(word[0].isupper() or word in SMALL for word in words)


def _is_above_headings(line: NearbyLine) -> bool:
    return not any(holder.tag in _HEADINGS for holder in (line.element, *islice(line.element.iterancestors(), 2)))


def _iterate_joined_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names that follow one, each in an element of its own behind `and` or a comma."""
    for joint, line in zip(lines[: 2 * MAX_AUTHORS : 2], lines[1 : 2 * MAX_AUTHORS : 2], strict=False):
        if not JOINT.fullmatch(joint):
            return
        yield from split_names([line])
