"""What a page says about itself: title, lead, authors, dates, section, address, pictures, kind and rights."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from types import MappingProxyType

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import normalize_address
from pipelines.cleaning.dates import Moment
from pipelines.cleaning.metadata.authors import read_authors
from pipelines.cleaning.metadata.head import Page, fold_name, read_metas
from pipelines.cleaning.metadata.jsonld import find_article_node, read_names, read_nodes
from pipelines.cleaning.metadata.kinds import read_kind
from pipelines.cleaning.metadata.nearby import find_nearby_lines
from pipelines.cleaning.metadata.published import read_published, read_updated
from pipelines.cleaning.metadata.rights import read_rights
from pipelines.cleaning.metadata.title import read_title
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_TITLE

MAX_LEAD = 1_000
MIN_LEAD = 20
MAX_SECTION = 60
MAX_IMAGES = 10

_SECTION_METAS = ("article:section", "section", "parsely-section", "sailthru.section", "dc.subject.section")
_LEAD_METAS = ("og:description", "description", "twitter:description")
_IMAGE_METAS = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,4}", re.IGNORECASE)
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Metadata:
    """As in Cleaned; None or () for what the page does not say."""

    title: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    published: Moment | None = None
    updated: Moment | None = None
    canonical_url: str | None = None
    language: str | None = None
    """What the page declares, ISO 639 in lower case without region; templates often declare what is not so."""
    images: tuple[str, ...] = ()
    article_type: str | None = None
    """A word of tables.items.ARTICLE_TYPES."""
    article_type_score: float | None = None
    robots: tuple[str, ...] = ()
    is_tdm_reserved: bool | None = None
    tdm_policy_url: str | None = None
    is_paywalled: bool | None = None
    found_in: Mapping[str, str] = field(default_factory=dict)
    """Field of Cleaned → `json-ld`, `meta`, `header` (of HTTP), `link`, `heading`, `title`, `microdata`, `byline`,
    `headline` (the lines around it), `time`, `page`, `section` or `url`."""

    @property
    def published_from(self) -> str | None:
        return self.found_in.get("published_at")


def read_metadata(
    tree: HtmlElement,
    url: str | None,
    headers: Mapping[str, str] = _NOTHING,
    text_chars: int | None = None,
    link_share: float | None = None,
) -> Metadata:
    """Everything that the page's head, JSON-LD and markup say; the tree is left as it was.

    `url` is where the page came from, `headers` are those of HTTP by name in lower case, `text_chars` the characters of
    the article's text, and `link_share` (0-1) the part of the page's text in links; the last two only tell its kind.
    """
    nodes, metas = read_nodes(tree), read_metas(tree)
    canonical, canonical_from = _canonical(tree, metas, url)
    addresses = {address for address in (canonical, normalize_address(url or "")) if address}
    page = Page(tree, url or canonical, metas, nodes, find_article_node(nodes, addresses))
    title, title_from, heading = read_title(page)
    near = cache(partial(find_nearby_lines, heading))  # asked for by few pages: the head of most says who and when
    authors, authors_from = read_authors(page, near)
    published, published_from = read_published(page, near)
    updated, updated_from = read_updated(page, published)
    section, section_from = _section(page)
    lead, lead_from = _lead(page, title)
    language, language_from = _language(page)
    images, images_from = _images(page)
    rights = read_rights(page.metas, headers, nodes, page.article, page.url)
    kind, score, kind_from = read_kind(
        page.article, nodes, page.metas, page.url, section, rights.is_paywalled, text_chars, link_share
    ) or (None, None, None)
    found_in = {
        "title": title_from, "lead": lead_from, "authors": authors_from, "section": section_from,
        "published_at": published_from, "updated_at": updated_from, "canonical_url": canonical_from,
        "language": language_from, "images": images_from, "article_type": kind_from, "robots": rights.robots_from,
        "is_tdm_reserved": rights.tdm_reserved_from, "tdm_policy_url": rights.tdm_policy_from,
        "is_paywalled": rights.paywalled_from,
    }  # fmt: skip
    return Metadata(
        title=title, lead=lead, authors=authors, section=section, published=published, updated=updated,
        canonical_url=canonical, language=language, images=images, article_type=kind, article_type_score=score,
        robots=rights.robots, is_tdm_reserved=rights.is_tdm_reserved, tdm_policy_url=rights.tdm_policy_url,
        is_paywalled=rights.is_paywalled, found_in={name: place for name, place in found_in.items() if place},
    )  # fmt: skip


def _section(page: Page) -> tuple[str | None, str | None]:
    said = [(name, "json-ld") for name in read_names(page.article.get("articleSection"))]
    said += [(content, "meta") for content in page.first(_SECTION_METAS)]
    for name, place in said:
        section = join_lines(name[:MAX_TITLE])
        if 0 < len(section) <= MAX_SECTION and not section.startswith("http"):
            return section, place
    return None, None


def _lead(page: Page, title: str | None) -> tuple[str | None, str | None]:
    """The summary that the page gives of its article; not the title again."""
    said = [(content, "meta") for content in page.first(_LEAD_METAS)]
    said += [(name, "json-ld") for name in read_names(page.article.get("description"))]
    for text, place in said:
        lead = join_lines(text[: 2 * MAX_LEAD])
        if MIN_LEAD <= len(lead) <= MAX_LEAD and fold_name(lead) != fold_name(title or ""):
            return lead, place
    return None, None


def _language(page: Page) -> tuple[str | None, str | None]:
    said = [(name, "json-ld") for name in read_names(page.article.get("inLanguage"), "alternateName")]
    said += [(page.tree.get("lang") or page.tree.get("xml:lang") or "", "page")]
    said += [(content, "meta") for content in page.first(("og:locale", "content-language", "dc.language"))]
    for written, place in said:
        if found := _LANGUAGE.fullmatch(written.strip()[:40]):
            return found[1].lower(), place
    return None, None


def _images(page: Page) -> tuple[tuple[str, ...], str | None]:
    """Addresses of the pictures that the head names, the first of them the main one."""
    said = [content for name in _IMAGE_METAS for content in page.metas.get(name, ())]
    by_meta = tuple(dict.fromkeys(filter(None, (normalize_address(written, page.url) for written in said))))
    described = read_names(page.article.get("image"), "url")
    both = (*by_meta, *filter(None, (normalize_address(written, page.url) for written in described)))
    return tuple(dict.fromkeys(both))[:MAX_IMAGES], ("meta" if by_meta else "json-ld") if both else None


def _canonical(tree: HtmlElement, metas: Mapping[str, Sequence[str]], url: str | None) -> tuple[str | None, str | None]:
    links = (e.get("href") for e in tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split())
    for written, place in (*((link, "link") for link in links), *((u, "meta") for u in metas.get("og:url", ())[:1])):
        if address := normalize_address(written, url):
            return address, place
    return None, None
