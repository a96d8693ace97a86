"""The names of the people who wrote an article, without the rest of their bylines."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.cleaning.metadata.head import Page, fold_name
from pipelines.cleaning.metadata.jsonld import read_names, read_types
from pipelines.cleaning.metadata.nearby import Nearby, NearbyLine
from pipelines.cleaning.text import join_lines

MAX_NAME = 80  # characters of an author's name
MAX_WORDS = 6
MAX_AUTHORS = 20
MAX_LINE = 500

# Words before the name in bylines, by language; a line that is nothing else has the name on the next.
_BY = re.compile(
    r"(?:(?:written|posted|published|story|words|text|reported|reviewed|created|report)\s)?by\b|"
    r"(?:authors?|autor(?:es|in)?|auteurs?|autore|författare|автори?)\b(?=\s?:|\s?$)|"
    r"(?:von|par|por|di|door|av|af|от|przez|napisała?|escrito por|publicado por|écrit par|publié par|geschrieben von)"
    r"(?=\s|$)",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(
    r"\s*(?:[;|•·]|\s/\s|,\s*(?:and|und|et|y|e|i|и)?\s|\s(?:and|und|et|y|e|i|и|og|och|en)\s|\s&\s)\s*", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)
_JOINT = re.compile(r"[,&;|]|,?\s*(?:and|und|et|y|e|i|и|og|och|en)", re.IGNORECASE)
_NO_NAME = re.compile(r"@|\d{3}|[<>{}\[\]=!?%]|\d[:/.]\d")
_DEGREE = re.compile(r"[A-Z]{2,4}|Ph\.?D\.?|M\.?D\.?|Jr\.?|Sr\.?")  # behind a comma, after a name
_ACCOUNT = frozenset(["admin", "administrator", "webmaster", "root", "user", "guest", "anonymous", "author", "authors"])
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
_INVERTED = re.compile(r"([^\s,]+(?: [^\s,]+)?), ([^,]+)")


class Authors(NamedTuple):
    """The authors of a page, and where on it they were found."""

    names: tuple[str, ...]
    found_in: str | None


def read_authors(page: Page, near: Callable[[], Nearby]) -> Authors:
    """Return people before organisations: a byline that is shown goes before an organisation that the head names."""
    written = page.article.get("author")
    entries = written if isinstance(written, list) else []
    people = split_names(
        read_names([entry for entry in entries if isinstance(entry, str) or "Organization" not in read_types(entry)])
    )
    metas = split_names(_iterate_meta_authors(page))
    if people and not set(people) < set(metas):
        return Authors(_remove_publisher(people, page), "json-ld")
    if metas:
        return Authors(_remove_publisher(metas, page), "meta")
    if shown := find_names_near(near().lines):
        return Authors(shown, "headline")
    if marked := find_marked_names(page.tree):
        return Authors(marked, "byline")
    organisations = split_names(read_names(written))
    return Authors(organisations, "json-ld" if organisations else None)


def _iterate_meta_authors(page: Page) -> Iterator[str]:
    for key in _AUTHOR_METAS:
        yield from page.metas.get(key, ())
    for key in _LIBRARY_METAS:
        yield from (_turn_upright(name) for name in page.metas.get(key, ()))


def _remove_publisher(authors: tuple[str, ...], page: Page) -> tuple[str, ...]:
    """Return the authors without the site's own name, unless nobody else is named."""
    site = {fold_name(name) for name in (*page.first(("og:site_name",)), *read_names(page.article.get("publisher")))}
    return tuple(name for name in authors if fold_name(name) not in site) or authors


def _turn_upright(name: str) -> str:
    """Turn `Last, First` round, as libraries write a single author."""
    return f"{inverted[2]} {inverted[1]}" if (inverted := _INVERTED.fullmatch(name)) else name


def split_names(candidates: Iterable[str]) -> tuple[str, ...]:
    """Return the names in strings that may hold several, a trade beside them, or none."""
    return tuple(dict.fromkeys(_iterate_names(candidates)))[:MAX_AUTHORS]


def find_marked_names(tree: HtmlElement) -> tuple[str, ...]:
    """Return the first author that elements name by class, itemprop, rel or address, with those beside it."""
    for element in tree.xpath(_MARKED)[:MAX_MARKED]:
        inner = element.xpath("(.//*[@itemprop='name' or @rel='author' or contains(@href,'/author')])[position() <= 8]")
        lines = [join_lines(holder.get("content") or _read_text(holder)) for holder in inner or [element]]
        if names := split_names(line for line in lines if _is_line_of_names(line)):
            return names
    return ()


def find_names_near(lines: Sequence[NearbyLine]) -> tuple[str, ...]:
    """Return the names behind a word such as `by` in the lines around the headline, or that link to a writer's page."""
    return _find_names_behind_by([line.text for line in lines]) or _find_linked_names(lines)


def _find_names_behind_by(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the first byline: on the line of its `by`, or on the next, and on those that go on."""
    for place, line in enumerate(lines):
        by = _BY.match(line) if len(line) <= MAX_LINE else None
        if by is None:
            continue
        rest = line[by.end() :].strip(" :\u00a0")
        named = split_names([rest] if rest else lines[place + 1 : place + 2])
        names = tuple(name for name in named if not rest or _has_capitals(name))
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
        is_writer = link is not None and _WRITERS_PAGE.search(link.get("href") or "") and " " in text
        if is_writer and _has_capitals(text) and (names := split_names([text])):
            return names
    return ()


def _iterate_joined_names(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names that follow one, each in an element of its own behind `and` or a comma."""
    for joint, line in zip(lines[: 2 * MAX_AUTHORS : 2], lines[1 : 2 * MAX_AUTHORS : 2], strict=False):
        if not _JOINT.fullmatch(joint):
            return
        yield from _iterate_names([line])


def _iterate_names(candidates: Iterable[str]) -> Iterator[str]:
    for candidate in candidates:
        line = join_lines(candidate[:MAX_LINE])
        if _ADDRESS.search(line):
            continue
        line = line[by.end() :].strip(" :") if (by := _BY.match(line)) else line
        for place, part in enumerate(_BETWEEN_NAMES.split(line)):
            name = part.strip(" ,.:-–—") if not part.endswith((" Jr.", " Sr.")) else part
            if _is_name(name) and not (place and _DEGREE.fullmatch(name)):
                yield name


def _is_name(name: str) -> bool:
    return (
        2 <= len(name) <= MAX_NAME
        and len(name.split()) <= MAX_WORDS
        and not _NO_NAME.search(name)
        and not (" " in name and any(character.isdigit() for character in name))
        and name.casefold() not in _ACCOUNT
        and not _BY.fullmatch(name)
    )


def _is_line_of_names(line: str) -> bool:
    """Return whether a line's words begin with capitals, or are in a script that has none; a sentence's are not."""
    return 0 < len(line) <= 2 * MAX_NAME and _has_capitals(line)


def _has_capitals(name: str) -> bool:
    words = [word for word in name.split() if word[0].isalpha()]
    return bool(words) and 2 * sum(not word[0].islower() for word in words) >= len(words)


def _read_text(element: HtmlElement) -> str:
    pieces, left = [], MAX_LINE
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            break
    return "".join(pieces)
