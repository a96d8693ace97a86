"""What kind of article a page is, as far as it says so itself; unsure pages have no kind."""

import re
from collections.abc import Mapping, Sequence

from pipelines.cleaning.addresses import get_path
from pipelines.cleaning.metadata.jsonld import Node, read_types
from pipelines.cleaning.text import count_letters

STUB = 800
INDEX_TEXT = 1_000  # characters; a list of teasers has less in one run
INDEX_LINKS = 0.6  # share of the page's characters that stand in links

# Confidences are set by hand, in steps: there is no gold for kinds. A type of schema.org that means one thing, and one
# that sites give to much else; a section or a step of the address that is called so; what only fits.
SAID, TYPED, NAMED, FITS, WEAK = 0.95, 0.9, 0.8, 0.6, 0.5
_SCHEMA = {
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
_WORDS = {
    "opinion": "opinion opinions opinioni opinie opinia opiniones opiniao commentary commentisfree comment columnists "
    "columnist columns op-ed oped editorial editorials viewpoint kommentar kommentare kommentarer meinung debatt debat "
    "tribunes tribune gnomes mneniya mneniia mnenie publicystyka",
    "live": "live liveblog live-blog live-updates liveticker en-direct directo ao-vivo livestory newsblog",
    "press_release": "press-release press-releases pressrelease pressreleases news-releases news-release "
    "pressemitteilung pressemitteilungen communique-de-presse communiques comunicado comunicati-stampa pressmeddelande",
    "index": "tag tags category categories search",
}
_NAMED = {word: kind for kind, words in _WORDS.items() for word in words.split()}
# What wires and press offices put at the head of a release.
_RELEASE = re.compile(
    r"/PRNewswire\b[^/]{0,40}/|\((?:BUSINESS WIRE|GLOBE NEWSWIRE)\)|^FOR IMMEDIATE RELEASE\b", re.MULTILINE
)
_SEPARATOR = re.compile(r"[\s_]+")


def read_kind(
    article: Node,
    nodes: Sequence[Node],
    metas: Mapping[str, Sequence[str]],
    url: str | None,
    section: str | None = None,
    is_paywalled: bool | None = None,
    text_chars: int | None = None,
    link_share: float | None = None,
) -> tuple[str, float, str] | None:
    """A word of tables.items.ARTICLE_TYPES, how sure that is (0-1), and where it was found; None where nothing tells.

    `text_chars` is the size of the page's prose (cleaning.text.size), `link_share` (0-1) the part of its text in links.
    """
    if is_paywalled and text_chars is not None and text_chars < STUB:
        return "stub", WEAK, "json-ld"
    typed = [_SCHEMA[kind] for kind in read_types(article) if kind in _SCHEMA]
    special = next((kind for kind in typed if kind != "news"), None)
    if special:
        return special, SAID, "json-ld"
    og_type = next(iter(metas.get("og:type", ())), "").lower()
    steps = [step for step in get_path(url).lower().split("/") if step]
    is_article = bool(article and _LISTS.isdisjoint(read_types(article))) or og_type == "article"
    for place, words in (("section", [_SEPARATOR.sub("-", (section or "").lower())]), ("url", steps[:-1])):
        for kind in (_NAMED.get(word) for word in words):
            if kind and (kind != "index" or not is_article):
                return kind, NAMED if place == "section" or is_article else FITS, place
    if typed:
        return "news", TYPED, "json-ld"
    if not is_article:
        if any(kind in _LISTS for node in nodes for kind in read_types(node)):
            return "index", NAMED, "json-ld"
        if url and not steps and "?" not in url:
            return "index", NAMED, "url"
        if link_share is not None and link_share > INDEX_LINKS and (text_chars or 0) < INDEX_TEXT:
            return "index", FITS, "page"
        return None
    return "news", FITS if article else WEAK, "json-ld" if article else "meta"


def find_kind_in_text(
    text: str, opening: str, said: str | None, is_paywalled: bool | None
) -> tuple[str, float, str] | None:
    """As read_kind, by the article's own text and the lines that it opens with, where these tell more than `said`."""
    if is_paywalled and text and count_letters(text) < STUB:
        return "stub", WEAK, "page"
    if said in (None, "news") and _RELEASE.search(opening):
        return "press_release", NAMED, "page"
    return None
