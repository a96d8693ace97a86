"""The metadata that a page gives: title, lead, authors, dates, section, address, pictures, kind and rights."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from types import MappingProxyType
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import normalize_address
from pipelines.cleaning.cleaned import ArticleType
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
_LANGUAGE_METAS = ("og:locale", "content-language", "dc.language")
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
    article_type: ArticleType | None = None
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
    latest: date | None = None,
) -> Metadata:
    """Return everything that the page's head, JSON-LD and markup say; the tree is left as it was.

    `url` is where the page came from, `headers` are those of HTTP by name in lower case, `text_chars` the characters of
    the article's text, and `link_share` (0-1) the part of the page's text in links; these two only tell its kind.
    `latest` is the last day that can be one of publication.
    """
    nodes, metas = read_nodes(tree), read_metas(tree)
    canonical, canonical_from = _read_canonical(tree, metas, url)
    addresses = {address for address in (canonical, normalize_address(url or "")) if address}
    page = Page(tree, url or canonical, metas, nodes, find_article_node(nodes, addresses), latest)
    title, title_from, heading = read_title(page)
    near = cache(partial(find_nearby_lines, heading))  # asked for by few pages: the head of most says who and when
    authors, authors_from = read_authors(page, near)
    published, published_from = read_published(page, near)
    updated, updated_from = read_updated(page, published)
    section, section_from = _read_section(page)
    lead, lead_from = _read_lead(page, title)
    language, language_from = _read_language(page)
    images, images_from = _read_images(page)
    rights = read_rights(page.metas, headers, nodes, page.article, page.url)
    kind = read_kind(page.article, nodes, page.metas, page.url, section, rights.is_paywalled, text_chars, link_share)
    found_in = {
        "title": title_from, "lead": lead_from, "authors": authors_from, "section": section_from,
        "published_at": published_from, "updated_at": updated_from, "canonical_url": canonical_from,
        "language": language_from, "images": images_from, "article_type": kind.found_in if kind else None,
        "robots": rights.robots_from,
        "is_tdm_reserved": rights.tdm_reserved_from, "tdm_policy_url": rights.tdm_policy_from,
        "is_paywalled": rights.paywalled_from,
    }  # fmt: skip
    return Metadata(
        title=title, lead=lead, authors=authors, section=section, published=published, updated=updated,
        canonical_url=canonical, language=language, images=images, article_type=kind.name if kind else None,
        article_type_score=kind.score if kind else None,
        robots=rights.robots, is_tdm_reserved=rights.is_tdm_reserved, tdm_policy_url=rights.tdm_policy_url,
        is_paywalled=rights.is_paywalled, found_in={name: place for name, place in found_in.items() if place},
    )  # fmt: skip


class _Found(NamedTuple):
    """A value, and where on the page it was found; None where it was not."""

    value: str | None = None
    found_in: str | None = None


class _FoundImages(NamedTuple):
    urls: tuple[str, ...]
    found_in: str | None


def _read_section(page: Page) -> _Found:
    candidates = [_Found(name, "json-ld") for name in read_names(page.article.get("articleSection"))]
    candidates += [_Found(content, "meta") for content in page.first(_SECTION_METAS)]
    for name, place in candidates:
        section = join_lines((name or "")[:MAX_TITLE])
        if 0 < len(section) <= MAX_SECTION and not section.startswith("http"):
            return _Found(section, place)
    return _Found()


def _read_lead(page: Page, title: str | None) -> _Found:
    """Return the summary that the page gives of its article; not the title again."""
    candidates = [_Found(content, "meta") for content in page.first(_LEAD_METAS)]
    candidates += [_Found(name, "json-ld") for name in read_names(page.article.get("description"))]
    for text, place in candidates:
        lead = join_lines((text or "")[: 2 * MAX_LEAD])
        if MIN_LEAD <= len(lead) <= MAX_LEAD and fold_name(lead) != fold_name(title or ""):
            return _Found(lead, place)
    return _Found()


def _read_language(page: Page) -> _Found:
    candidates = [_Found(name, "json-ld") for name in read_names(page.article.get("inLanguage"), "alternateName")]
    candidates += [_Found(page.tree.get("lang") or page.tree.get("xml:lang"), "page")]
    candidates += [_Found(content, "meta") for content in page.first(_LANGUAGE_METAS)]
    for written, place in candidates:
        if tag := _LANGUAGE.fullmatch((written or "").strip()[:40]):
            return _Found(tag[1].lower(), place)
    return _Found()


def _read_images(page: Page) -> _FoundImages:
    """Return the addresses of the pictures that the head names, the first of them the main one."""
    written = [content for name in _IMAGE_METAS for content in page.metas.get(name, ())]
    by_meta = tuple(dict.fromkeys(filter(None, (normalize_address(address, page.url) for address in written))))
    described = read_names(page.article.get("image"), "url")
    both = (*by_meta, *filter(None, (normalize_address(address, page.url) for address in described)))
    place = ("meta" if by_meta else "json-ld") if both else None
    return _FoundImages(tuple(dict.fromkeys(both))[:MAX_IMAGES], place)


def _read_canonical(tree: HtmlElement, metas: Mapping[str, Sequence[str]], url: str | None) -> _Found:
    for element in tree.iter("link"):
        is_canonical = "canonical" in (element.get("rel") or "").lower().split()
        if is_canonical and (address := normalize_address(element.get("href"), url)):
            return _Found(address, "link")
    for written in metas.get("og:url", ())[:1]:
        if address := normalize_address(written, url):
            return _Found(address, "meta")
    return _Found()
