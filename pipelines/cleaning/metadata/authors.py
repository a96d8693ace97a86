"""Names of the people who wrote an article, out of what bylines hold besides."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.cleaning.metadata.head import Page, fold_name
from pipelines.cleaning.metadata.jsonld import read_names, read_types
from pipelines.cleaning.metadata.nearby import Line, Nearby
from pipelines.cleaning.text import join_lines

MAX_NAME = 80  # characters of an author's name
MAX_WORDS = 6
MAX_AUTHORS = 20
MAX_LINE = 500

# What stands before the name in bylines, by language; a line that is nothing else has the name on the next.
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


def read_authors(page: Page, near: Callable[[], Nearby]) -> tuple[tuple[str, ...], str | None]:
    """People before organisations: what is shown as a byline goes before an organisation that the head names."""
    written = page.article.get("author")
    several = written if isinstance(written, list) else []
    people = split_names(read_names([p for p in several if isinstance(p, str) or "Organization" not in read_types(p)]))
    metas = split_names(_meta_authors(page))
    if people and not set(people) < set(metas):
        return _without_paper(people, page), "json-ld"
    if metas:
        return _without_paper(metas, page), "meta"
    if shown := find_names_near(near().lines):
        return shown, "headline"
    if marked := find_marked_names(page.tree):
        return marked, "byline"
    organisations = split_names(read_names(written))
    return organisations, "json-ld" if organisations else None


def _meta_authors(page: Page) -> Iterator[str]:
    for key in _AUTHOR_METAS:
        yield from page.metas.get(key, ())
    for key in _LIBRARY_METAS:
        yield from (_upright(name) for name in page.metas.get(key, ()))


def _without_paper(authors: tuple[str, ...], page: Page) -> tuple[str, ...]:
    """The authors without the site's own name, unless nobody else is named."""
    site = {fold_name(name) for name in (*page.first(("og:site_name",)), *read_names(page.article.get("publisher")))}
    return tuple(name for name in authors if fold_name(name) not in site) or authors


def _upright(name: str) -> str:
    """`Last, First`, as libraries write a single author, turned round."""
    return f"{inverted[2]} {inverted[1]}" if (inverted := _INVERTED.fullmatch(name)) else name


def split_names(candidates: Iterable[str]) -> tuple[str, ...]:
    """The names in strings that may hold several, a trade beside them, or none."""
    return tuple(dict.fromkeys(_names(candidates)))[:MAX_AUTHORS]


def find_marked_names(tree: HtmlElement) -> tuple[str, ...]:
    """The first author that elements name by class, itemprop, rel or address, with those beside it."""
    for element in tree.xpath(_MARKED)[:MAX_MARKED]:
        inner = element.xpath("(.//*[@itemprop='name' or @rel='author' or contains(@href,'/author')])[position() <= 8]")
        lines = [join_lines(e.get("content") or _text(e)) for e in inner] or [
            join_lines(element.get("content") or _text(element))
        ]
        if found := split_names(line for line in lines if _is_line_of_names(line)):
            return found
    return ()


def find_names_near(pieces: Sequence[Line]) -> tuple[str, ...]:
    """The names behind a word such as `by` in the lines around the headline, or that link to a writer's page."""
    for place, (line, _) in enumerate(pieces):
        if (by := _BY.match(line)) and len(line) <= MAX_LINE:
            rest = line[by.end() :].strip(" :\u00a0")
            several = [rest] if rest else [text for text, _ in pieces[place + 1 : place + 2]]
            if found := tuple(name for name in split_names(several) if _is_capital(name) or not rest):
                more = _more([text for text, _ in pieces[place + (1 if rest else 2) :]])
                return tuple(dict.fromkeys((*found, *more)))[:MAX_AUTHORS]
    for line, element in pieces:
        link = next((e for e in (element, element.getparent()) if e is not None and e.tag == "a"), None)
        is_writer = link is not None and _WRITERS_PAGE.search(link.get("href") or "") and " " in line
        if is_writer and _is_capital(line) and (found := split_names([line])):
            return found
    return ()


def _more(lines: Sequence[str]) -> Iterator[str]:
    """The names that follow one, each in an element of its own behind `and` or a comma."""
    for joint, line in zip(lines[: 2 * MAX_AUTHORS : 2], lines[1 : 2 * MAX_AUTHORS : 2], strict=False):
        if not _JOINT.fullmatch(joint):
            return
        yield from _names([line])


def _names(candidates: Iterable[str]) -> Iterator[str]:
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
    """A name's words begin with capitals, or in a script that has none; a sentence's do not."""
    return 0 < len(line) <= 2 * MAX_NAME and _is_capital(line)


def _is_capital(name: str) -> bool:
    words = [word for word in name.split() if word[0].isalpha()]
    return bool(words) and 2 * sum(not word[0].islower() for word in words) >= len(words)


def _text(element: HtmlElement) -> str:
    pieces, left = [], MAX_LINE
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            break
    return "".join(pieces)
