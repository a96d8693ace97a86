"""One web page → its article: text and what the page says about itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from pipelines.cleaning.addresses import normalize_address
from pipelines.cleaning.article import Article, assemble_article
from pipelines.cleaning.cleaned import Cleaned, Link
from pipelines.cleaning.combine import combine
from pipelines.cleaning.labels import BY_RULE, LabelledLine
from pipelines.cleaning.metadata import Metadata, read_metadata
from pipelines.cleaning.metadata.head import read_element_text
from pipelines.cleaning.metadata.jsonld import find_article_node, read_nodes
from pipelines.cleaning.metadata.kinds import find_kind_in_text
from pipelines.cleaning.pages.blocks import Block, split_blocks
from pipelines.cleaning.pages.bounds import MAX_HTML_BYTES, bound_tree, has_crowded_tag
from pipelines.cleaning.pages.data import read_data_text
from pipelines.cleaning.pages.reading import read_page, relabel_bylines
from pipelines.cleaning.pages.repair import close_divs
from pipelines.cleaning.pages.styles import mark_hidden
from pipelines.cleaning.pages.tables import find_joints
from pipelines.cleaning.profiles.profile import Profile, apply_profile
from pipelines.cleaning.standins import is_standin
from pipelines.cleaning.text import count_letters, remove_unprintable
from pipelines.text.decode import decode_document

# Of a page's furniture only paragraphs are listed: its menus would be twice the size of its article.
MIN_REMOVED = 80  # characters
PROSE = 80  # letters (cleaning.text.count_letters) from which a block that is no link is prose

MAX_HEADINGS = 2  # of a page that may say that it is none
MIN_SHOWN, MOST_SHOWN = 100, 2_000  # letters of a shown text: less is no sign of its article, more is all of it
FULLER = 2  # times as long as the shown text that the one in the page's data has to be

OPENING_BLOCKS, OPENING_CHARACTERS = 3, 200  # blocks before the text, and characters of each, that may say its kind

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# One class for all elements: lxml.html's own lookup asks Python for each element, each time it is come across.
_HTML_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class ParsedPage(NamedTuple):
    """The tree of a page, or the reason why there is none: a word of tables.items.REASONS."""

    tree: HtmlElement | None
    reason: str | None = None


def clean_html(
    body: bytes,
    charset: str | None = None,
    url: str | None = None,
    profile: Profile | None = None,
    headers: Mapping[str, str] = _NO_HEADERS,
    latest: date | None = None,
) -> Cleaned:
    """Return the article on a web page.

    `charset` is what a header said, `url` where the page came from, `headers` those of HTTP by name in lower case; all
    may be wrong. `profile` is what was learnt of the source; without one, the page is read by itself. `latest` is the
    last day that can be one of publication.
    """
    tree, reason = parse_page(body, charset)
    if tree is None:
        return Cleaned(reason=reason)
    blocks: Sequence[Block] = split_blocks(tree)
    prose, link_share = _measure_prose(blocks)
    metadata = read_metadata(tree, url, headers, prose, link_share, latest)
    lines = _label_blocks(blocks, metadata, profile)
    blocks, lines, hidden = _read_data(tree, blocks, lines)
    article = assemble_article(lines, [block.is_line for block in blocks], MIN_REMOVED, find_joints(blocks))
    is_index = metadata.article_type == "index" and not _has_prose([blocks[part.line] for part in article.parts])
    if is_index:
        article = replace(article, text="", parts=(), dateline=None)
    links = _find_links(article, blocks, _find_base(tree, url or metadata.canonical_url))
    metadata = _refine_kind(metadata, article, blocks, hidden)
    reason = "index_page" if is_index else "no_text"
    if not is_index and is_standin(metadata.title, _list_headings(tree), article.text, lines):
        article, reason, links = replace(article, text="", parts=(), dateline=None), "not_the_article", ()
    return combine(article, metadata, lines, links, reason)


def _list_headings(tree: HtmlElement) -> list[str]:
    """Return what a page calls itself: its <title> and its first headings, as written."""
    elements = [*list(tree.iter("title"))[:1], *list(tree.iter("h1", "h2"))[:MAX_HEADINGS]]
    return [heading for element in elements if (heading := read_element_text(element))]


class _Reading(NamedTuple):
    blocks: Sequence[Block]
    lines: list[LabelledLine]
    hidden: int = 0
    """Characters of the longest text in the page's data, where that is not what the page shows."""


def _read_data(tree: HtmlElement, blocks: Sequence[Block], lines: list[LabelledLine]) -> _Reading:
    """Return the page with the text of its data in place of what it shows, where it shows but the beginning of it."""
    shown = [line.text for line in lines if line.is_kept]
    letters = sum(map(count_letters, shown))
    if letters >= MOST_SHOWN:
        return _Reading(blocks, lines)
    data = read_data_text(tree, find_article_node(read_nodes(tree)))
    whole = "".join("\n".join(data.paragraphs).split())
    begun = sum(count_letters(text) for text in shown if "".join(text.split()) in whole)
    is_same = letters < MIN_SHOWN or (data.is_named and 2 * begun >= letters)
    if not data.paragraphs or not is_same or sum(map(count_letters, data.paragraphs)) < FULLER * letters:
        return _Reading(blocks, lines, data.longest)
    replaced = [
        LabelledLine(line.text, "furniture", "data", BY_RULE) if line.is_kept else line for line in lines
    ]  # it comes again
    read = [
        LabelledLine(text, "body" if place else "lead", "data", BY_RULE) for place, text in enumerate(data.paragraphs)
    ]
    return _Reading([*blocks, *(Block(text, ("script",), 0) for text in data.paragraphs)], replaced + read)


def _label_blocks(blocks: Sequence[Block], metadata: Metadata, profile: Profile | None) -> list[LabelledLine]:
    title = metadata.title
    labelled = read_page(blocks, title) if profile is None else apply_profile(profile, blocks, title)
    return relabel_bylines(labelled, metadata.authors)


def _refine_kind(metadata: Metadata, article: Article, blocks: Sequence[Block], hidden: int) -> Metadata:
    """Return the metadata with the kind of page that the article's own text tells, where it tells one.

    `hidden` is the size of a text in the page's data that is not the one it shows.
    """
    first = article.parts[0].line if article.parts else 0
    opening = blocks[max(first - OPENING_BLOCKS, 0) : first + 2] if article.parts else []
    kind = find_kind_in_text(
        article.text,
        "\n".join(block.text[:OPENING_CHARACTERS] for block in opening),
        metadata.article_type,
        metadata.is_paywalled,
        hidden,
    )
    if kind is None:
        return metadata
    found_in = {**metadata.found_in, "article_type": kind.found_in}
    return replace(metadata, article_type=kind.name, article_type_score=kind.score, found_in=found_in)


class _PageProse(NamedTuple):
    letters: int
    """Of the blocks that are prose by length."""
    link_share: float
    """Of the page's characters, those in links."""


def _measure_prose(blocks: Sequence[Block]) -> _PageProse:
    letters = sum(count_letters(block.text) for block in blocks if _is_prose(block))
    characters = sum(len(block.text) for block in blocks)
    return _PageProse(letters, sum(block.link_chars for block in blocks) / max(characters, 1))


def _is_prose(block: Block) -> bool:
    return count_letters(block.text) >= PROSE and 2 * block.link_chars < len(block.text)


def _has_prose(kept: Sequence[Block]) -> bool:
    """Return whether the kept blocks of a page are more than the teasers of others."""
    return any(map(_is_prose, kept))


def _find_base(tree: HtmlElement, url: str | None) -> str | None:
    """Return the address that links are relative to: of the page's first <base> that has one, else of the page."""
    written = next((href for element in tree.iter("base") if (href := element.get("href"))), None)
    return normalize_address(written, url) or url


def _find_links(article: Article, blocks: Sequence[Block], base: str | None) -> tuple[Link, ...]:
    """Return the links in the text, with the offsets of their words; private and odd addresses are left out."""
    return tuple(
        Link(address, part.start + link.start, part.start + link.end)
        for part in article.parts
        for link in blocks[part.line].links
        if not link.href.startswith("#") and (address := normalize_address(link.href, base))
    )


def parse_page(body: bytes, charset: str | None = None) -> ParsedPage:
    """Return the tree of a page, bounded."""
    text, reason = decode_document(body, charset, MAX_HTML_BYTES)
    return ParsedPage(None, reason) if text is None else parse(remove_unprintable(text))


def parse(page: str) -> ParsedPage:
    """Return the tree of a page, bounded. Nothing is fetched; libxml2 stops at 256 levels."""
    if declaration := _XML_DECLARATION.match(page):
        page = page[declaration.end() :]
    if has_crowded_tag(page):
        return ParsedPage(None, "too_large")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(_HTML_ELEMENTS)
    try:
        tree = document_fromstring(close_divs(page).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return ParsedPage(None, "too_deep")
    if tree is None:
        return ParsedPage(None, "no_text")
    mark_hidden(tree)
    return ParsedPage(tree) if bound_tree(tree) else ParsedPage(None, "too_large")
