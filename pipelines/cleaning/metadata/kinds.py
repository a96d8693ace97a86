"""The kind of article that a page is, as far as it says so itself; unsure pages have no kind."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.cleaning.addresses import get_path
from pipelines.cleaning.cleaned import ArticleType
from pipelines.cleaning.metadata.jsonld import Node, read_types
from pipelines.cleaning.text import count_letters

STUB = 800
TIMES_LONGER = 10  # than the text that a page shows is one in its data, where it shows but the beginning
INDEX_TEXT = 1_000  # characters; a list of teasers has less in one run
INDEX_LINKS = 0.6  # share of the page's characters that are in links

# Confidences are set by hand, in steps: there is no gold for kinds. A type of schema.org that means one thing, and one
# that sites give to much else; a section or a step of the address that is called so; what only fits.
SAID, TYPED, NAMED, FITS, WEAK = 0.95, 0.9, 0.8, 0.6, 0.5
_SCHEMA: Mapping[str, ArticleType] = {
    "LiveBlogPosting": "live",
    "OpinionNewsArticle": "opinion",
    "NewsArticle": "news",
    "ReportageNewsArticle": "news",
    "AnalysisNewsArticle": "news",
    "BackgroundNewsArticle": "news",
    "ReviewNewsArticle": "opinion",
}
_LISTS = frozenset(["CollectionPage", "SearchResultsPage"])
# Sections as papers call them in addresses, whole steps only.
_WORDS: Mapping[ArticleType, str] = {
    "opinion": "opinion opinions opinioni opinie opinia opiniones opiniao commentary commentisfree comment columnists "
    "columnist columns op-ed oped editorial editorials viewpoint kommentar kommentare kommentarer meinung debatt debat "
    "tribunes tribune gnomes mneniya mneniia mnenie publicystyka",
    "live": "live liveblog live-blog live-updates liveticker en-direct directo ao-vivo livestory newsblog",
    "press_release": "press-release press-releases pressrelease pressreleases news-releases news-release "
    "pressemitteilung pressemitteilungen communique-de-presse communiques comunicado comunicati-stampa pressmeddelande",
    "index": "tag tags category categories search",
}
_KIND_OF_WORD = {word: kind for kind, words in _WORDS.items() for word in words.split()}
# How wires and press offices begin a release.
_RELEASE = re.compile(
    r"/PRNewswire\b[^/]{0,40}/|\((?:BUSINESS WIRE|GLOBE NEWSWIRE)\)|^FOR IMMEDIATE RELEASE\b", re.MULTILINE
)
_SEPARATOR = re.compile(r"[\s_]+")


class Kind(NamedTuple):
    """A kind of page, with how sure that is and what tells it."""

    name: ArticleType
    score: float
    """0-1."""
    found_in: str
    """`json-ld`, `meta`, `section`, `url` or `page`."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as the rules ask about it."""

    article: Node
    nodes: Sequence[Node]
    url: str | None
    section: str | None
    is_paywalled: bool | None
    text_chars: int | None
    link_share: float | None
    is_article: bool
    """Whether the page calls itself one."""
    schema_kinds: Sequence[ArticleType]
    """Of the article's types in JSON-LD."""
    steps: Sequence[str]
    """Of the address's path."""


def read_kind(
    article: Node,
    nodes: Sequence[Node],
    metas: Mapping[str, Sequence[str]],
    url: str | None,
    section: str | None = None,
    is_paywalled: bool | None = None,
    text_chars: int | None = None,
    link_share: float | None = None,
) -> Kind | None:
    """Return the kind of a page by the first rule that tells one; None where none does.

    `text_chars` is the size of the page's prose (cleaning.text.count_letters), `link_share` (0-1) the part of its text
    in links.
    """
    types = read_types(article)
    og_type = next(iter(metas.get("og:type", ())), "").lower()
    page = _Page(
        article=article,
        nodes=nodes,
        url=url,
        section=section,
        is_paywalled=is_paywalled,
        text_chars=text_chars,
        link_share=link_share,
        is_article=bool(article and _LISTS.isdisjoint(types)) or og_type == "article",
        schema_kinds=[_SCHEMA[name] for name in types if name in _SCHEMA],
        steps=[step for step in get_path(url).lower().split("/") if step],
    )
    return next((kind for rule in _RULES if (kind := rule(page))), None)


def _find_stub(page: _Page) -> Kind | None:
    is_short = page.text_chars is not None and page.text_chars < STUB
    return Kind("stub", WEAK, "json-ld") if page.is_paywalled and is_short else None


def _find_special_type(page: _Page) -> Kind | None:
    special = next((name for name in page.schema_kinds if name != "news"), None)
    return Kind(special, SAID, "json-ld") if special else None


def _find_named_section(page: _Page) -> Kind | None:
    name = _find_name([_SEPARATOR.sub("-", (page.section or "").lower())], page)
    return Kind(name, NAMED, "section") if name else None


def _find_named_step(page: _Page) -> Kind | None:
    name = _find_name(page.steps[:-1], page)  # the last step is the article's own
    return Kind(name, NAMED if page.is_article else FITS, "url") if name else None


def _find_name(words: Sequence[str], page: _Page) -> ArticleType | None:
    """Return the first kind that one of these words names; an article is no index whatever its section is called."""
    kinds = (_KIND_OF_WORD.get(word) for word in words)
    return next((kind for kind in kinds if kind and (kind != "index" or not page.is_article)), None)


def _find_news_type(page: _Page) -> Kind | None:
    return Kind("news", TYPED, "json-ld") if page.schema_kinds else None


def _find_list_type(page: _Page) -> Kind | None:
    is_list = not page.is_article and any(name in _LISTS for node in page.nodes for name in read_types(node))
    return Kind("index", NAMED, "json-ld") if is_list else None


def _find_front_page(page: _Page) -> Kind | None:
    is_front = not page.is_article and page.url and not page.steps and "?" not in page.url
    return Kind("index", NAMED, "url") if is_front else None


def _find_page_of_links(page: _Page) -> Kind | None:
    is_linked = page.link_share is not None and page.link_share > INDEX_LINKS
    is_list = not page.is_article and is_linked and (page.text_chars or 0) < INDEX_TEXT
    return Kind("index", FITS, "page") if is_list else None


def _find_article(page: _Page) -> Kind | None:
    if not page.is_article:
        return None
    return Kind("news", FITS, "json-ld") if page.article else Kind("news", WEAK, "meta")


# The first rule that tells a kind decides.
_RULES: tuple[Callable[[_Page], Kind | None], ...] = (
    _find_stub,
    _find_special_type,
    _find_named_section,
    _find_named_step,
    _find_news_type,
    _find_list_type,
    _find_front_page,
    _find_page_of_links,
    _find_article,
)


def find_kind_in_text(
    text: str, opening: str, article_type: str | None, is_paywalled: bool | None, hidden: int = 0
) -> Kind | None:
    """Return the kind of a page by its article's text and the lines that it opens with, where these tell more.

    `article_type` is the kind that the page itself gives, `hidden` how long a text is that it does not show.
    """
    if text and count_letters(text) < STUB and hidden >= TIMES_LONGER * count_letters(text):
        return Kind("stub", WEAK, "page")
    if is_paywalled and text and count_letters(text) < STUB:
        return Kind("stub", WEAK, "page")
    if article_type in (None, "news") and _RELEASE.search(opening):
        return Kind("press_release", NAMED, "page")
    return None
