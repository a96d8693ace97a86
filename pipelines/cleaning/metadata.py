"""What a page says about itself: title, authors, date, address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.cleaning.dates import Moment, date_in_url, date_on_page, parse_date
from pipelines.cleaning.jsonld import article_of, names
from pipelines.cleaning.text import one_line

MAX_TITLE = 500  # characters; longer is no title
MAX_NAME = 80  # characters of an author's name
MAX_AUTHORS = 20
MAX_URL = 2_000

_DATE_METAS = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "publish-date",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "date",
)
_AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_TITLE_BREAK = re.compile(r"\s+[|\-–—·•»:]+\s+|\s*\|\s*")
_BYLINE = re.compile(r"^(?:by|von|par|por|di|door|av|af|от|автор|autor|author)\s*:?\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;|]|\s(?:and|und|et|y|e|i|и)\s|\s&\s)\s*", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|www\.|@|\d{3}|[<>{}\[\]]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """As in Cleaned; `published_from` is set with `published`."""

    title: str | None
    authors: tuple[str, ...]
    published: Moment | None
    published_from: str | None
    canonical_url: str | None


def read_metadata(tree: HtmlElement, url: str | None) -> Metadata:
    """Everything the page's head, JSON-LD and markup say; `url` is where it came from."""
    article, metas = article_of(tree), _metas(tree)
    canonical = _canonical(tree, metas, url)
    address = url or canonical
    published, source = _published(tree, article, metas, address)
    return Metadata(_title(tree, article, metas, address), _authors(tree, article, metas), published, source, canonical)


def _metas(tree: HtmlElement) -> dict[str, str]:
    """First content of each named <meta>, names in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = one_line(element.get("content", "")[:MAX_URL])
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _title(tree: HtmlElement, article: dict[str, Any], metas: dict[str, str], url: str | None) -> str | None:
    """The page's only <h1> first: what the reader saw, where headlines in the head may be written for search."""
    headings = [h for e in tree.xpath("(//h1)[position() <= 5]") if (h := _element_text(e))]
    site = {_key(s) for s in (metas.get("og:site_name"), *names(article.get("publisher"))) if s}
    host = _key(_host(url))
    written = (*names(article.get("headline")), metas.get("og:title"), _element_text(tree.find(".//title")))
    for candidate in (*(headings if len(headings) == 1 else ()), *written, *headings):
        title = one_line(candidate[:MAX_TITLE]) if candidate else ""
        if title and _key(title) not in site and _key(title) not in host:
            return _without_site(title, site, host, set(headings))
    return None


def _without_site(title: str, site: set[str], host: str, headings: set[str]) -> str:
    """The title without the site's name at its end, where that is clear: the page or its address has that name, or a
    heading is the rest."""
    for mark in reversed(list(_TITLE_BREAK.finditer(title))):
        head, tail = title[: mark.start()].strip(), _key(title[mark.end() :])
        if head and (head in headings or tail in site or (len(tail) > 3 and tail in host)):
            return head
    return title


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def _key(name: str) -> str:
    return re.sub(r"\W+|\.(?:com|org|net)$", "", name.casefold())


def _authors(tree: HtmlElement, article: dict[str, Any], metas: dict[str, str]) -> tuple[str, ...]:
    marked = tree.xpath("//*[@itemprop='author' or @rel='author' or contains(@class, 'author-name')]")[:5]
    for candidates in (
        names(article.get("author")),
        (metas[name] for name in _AUTHOR_METAS if name in metas),
        (_element_text(element) for element in marked),
    ):
        if found := tuple(dict.fromkeys(_single_names(candidates)))[:MAX_AUTHORS]:
            return found
    return ()


def _single_names(candidates: Iterable[str]) -> Iterator[str]:
    for candidate in candidates:
        for part in _BETWEEN_NAMES.split(_BYLINE.sub("", one_line(candidate[:MAX_TITLE]))):
            if 2 <= len(part) <= MAX_NAME and not _NO_NAME.search(part):
                yield part


def _published(
    tree: HtmlElement, article: dict[str, Any], metas: dict[str, str], url: str | None
) -> tuple[Moment | None, str | None]:
    written = article.get("datePublished")
    if isinstance(written, str) and (moment := parse_date(written)):
        return moment, "json-ld"
    for name in _DATE_METAS:
        if name in metas and (moment := parse_date(metas[name])):
            return moment, "meta"
    for element in tree.xpath("//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]")[:1]:
        if moment := parse_date(element.get("datetime")):
            return moment, "page"
    if url and (moment := date_in_url(url)):
        return moment, "url"
    moment = date_on_page(tree, url)
    return moment, "page" if moment else None


def _canonical(tree: HtmlElement, metas: dict[str, str], url: str | None) -> str | None:
    links = (e.get("href") for e in tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split())
    for candidate in (*links, metas.get("og:url")):
        if candidate and (address := _absolute(candidate.strip(), url)):
            return address
    return None


def _absolute(address: str, base: str | None) -> str | None:
    """An http(s) address with a host, or None."""
    try:
        joined = urljoin(base or "", address[:MAX_URL])
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    clean = parts.scheme in {"http", "https"} and host and len(address) <= MAX_URL and one_line(joined) == joined
    return joined if clean and " " not in joined else None


def _element_text(element: HtmlElement | None) -> str:
    """The first words of an element; enough for a title or a name."""
    if element is None:
        return ""
    pieces, left = [], MAX_TITLE
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(pieces[-1])
        if left <= 0:
            break
    return one_line("".join(pieces))
