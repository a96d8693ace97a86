"""One web page → its article: text and what the page says about itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from pipelines.cleaning.addresses import normalize_address
from pipelines.cleaning.article import Article, assemble_article
from pipelines.cleaning.cleaned import Cleaned, Link
from pipelines.cleaning.decode import decode
from pipelines.cleaning.language import detect_language
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.metadata.kinds import find_kind_in_text
from pipelines.cleaning.pages.blocks import Block, split_blocks
from pipelines.cleaning.pages.bounds import MAX_HTML_BYTES, bound_tree, has_crowded_tag
from pipelines.cleaning.pages.reading import read_page, relabel_bylines
from pipelines.cleaning.profiles.profile import LEARNT, Profile, apply_profile
from pipelines.cleaning.text import count_letters, remove_unprintable

# Of a page's furniture only paragraphs are told of: its menus would be twice the size of its article.
MIN_REMOVED = 80  # characters
PROSE = 80  # letters (cleaning.text.size) from which a block that is no link is prose

BEFORE, LINE = 3, 200  # blocks before the text, and characters of each, that may say what kind it is

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# One class for all elements: lxml.html's own lookup asks Python for each element, each time it is come across.
_HTML_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def clean_html(
    body: bytes,
    charset: str | None = None,
    url: str | None = None,
    profile: Profile | None = None,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> Cleaned:
    """The article on a web page.

    `charset` is what a header said, `url` where the page came from, `headers` those of HTTP by name in lower case; all
    may be wrong. `profile` is what was learnt of the source; without one, the page is read by itself.
    """
    tree, reason = parse_page(body, charset)
    if tree is None:
        return Cleaned(reason=reason)
    found = split_blocks(tree)
    prose, link_share = _prose(found)
    metadata = read_metadata(tree, url, headers, prose, link_share)
    read = read_page(found, metadata.title) if profile is None else apply_profile(profile, found, metadata.title)
    read = relabel_bylines(read, metadata.authors)
    its = assemble_article(read, [block.is_line for block in found], MIN_REMOVED)
    is_index = metadata.article_type == "index" and not _has_prose([found[part.line] for part in its.parts])
    if is_index:
        its = replace(its, text="", parts=(), dateline=None)
    opening = found[max(its.parts[0].line - BEFORE, 0) : its.parts[0].line + 2] if its.parts else []
    kind, kind_score, kind_from = find_kind_in_text(
        its.text, "\n".join(block.text[:LINE] for block in opening), metadata.article_type, metadata.is_paywalled
    ) or (metadata.article_type, metadata.article_type_score, metadata.found_in.get("article_type"))
    is_learnt = profile is not None and any(line.reason in LEARNT for line in read)
    language, score = detect_language(its.text, metadata.language) if its.text else (None, None)
    return Cleaned(
        text=its.text or None,
        text_from=("profile" if is_learnt else "model") if its.text else None,
        parts=its.parts,
        removed=its.removed,
        captions=its.captions,
        dateline=its.dateline,
        links=_links(its, found, _base(tree, url or metadata.canonical_url)),
        images=metadata.images,
        title=metadata.title,
        lead=metadata.lead,
        authors=metadata.authors,
        section=metadata.section,
        published_at=metadata.published.at if metadata.published else None,
        published_precision=metadata.published.precision if metadata.published else None,
        published_zone=metadata.published.zone if metadata.published else None,
        updated_at=metadata.updated.at if metadata.updated else None,
        updated_precision=metadata.updated.precision if metadata.updated else None,
        canonical_url=metadata.canonical_url,
        language=language,
        language_score=score,
        article_type=kind,
        article_type_score=kind_score,
        robots=metadata.robots,
        is_tdm_reserved=metadata.is_tdm_reserved,
        tdm_policy_url=metadata.tdm_policy_url,
        is_paywalled=metadata.is_paywalled,
        found_in={**metadata.found_in, **({"article_type": kind_from} if kind_from else {})},
        reason="index_page" if is_index else None if its.text else "no_text",
    )


def _prose(found: Sequence[Block]) -> tuple[int, float]:
    """Size of the blocks that are prose by length, and the share of the page's characters in links."""
    prose = sum(count_letters(block.text) for block in found if _is_prose(block))
    return prose, sum(block.link_chars for block in found) / max(sum(len(block.text) for block in found), 1)


def _is_prose(block: Block) -> bool:
    return count_letters(block.text) >= PROSE and 2 * block.link_chars < len(block.text)


def _has_prose(kept: Sequence[Block]) -> bool:
    """Whether what is kept of a page is more than the teasers of others."""
    return any(map(_is_prose, kept))


def _base(tree: HtmlElement, url: str | None) -> str | None:
    """What links are relative to: the page's first <base> with an address, else where the page came from."""
    written = next((href for element in tree.iter("base") if (href := element.get("href"))), None)
    return normalize_address(written, url) or url


def _links(its: Article, found: Sequence[Block], base: str | None) -> tuple[Link, ...]:
    """The links in the text, with the offsets of their words; private and odd addresses are left out."""
    return tuple(
        Link(address, part.start + start, part.start + end)
        for part in its.parts
        for href, start, end in found[part.line].links
        if not href.startswith("#") and (address := normalize_address(href, base))
    )


def parse_page(body: bytes, charset: str | None = None) -> tuple[HtmlElement | None, str | None]:
    """The tree of a page, bounded; or why there is none, a word of tables.items.REASONS."""
    if len(body) > MAX_HTML_BYTES:
        return None, "too_large"
    if not body.strip():
        return None, "empty"
    decoded = decode(body, charset)
    if decoded is None:
        return None, "not_text"
    return parse(remove_unprintable(decoded))


def parse(page: str) -> tuple[HtmlElement | None, str | None]:
    """The page's tree, or why there is none. Nothing is fetched; libxml2 stops at 256 levels."""
    if declaration := _XML_DECLARATION.match(page):
        page = page[declaration.end() :]
    if has_crowded_tag(page):
        return None, "too_large"
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(_HTML_ELEMENTS)
    try:
        tree = document_fromstring(page.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return None, "too_deep"
    if tree is None:
        return None, "no_text"
    return (tree, None) if bound_tree(tree) else (None, "too_large")
