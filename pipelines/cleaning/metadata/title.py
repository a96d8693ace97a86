"""The headline of a page, without the site's name."""

import re

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import get_host
from pipelines.cleaning.dates import find_date_in_words
from pipelines.cleaning.metadata.head import Page, fold_name, read_element_text
from pipelines.cleaning.metadata.jsonld import read_names
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_TITLE

SAME_TITLE = 0.4  # share of the shorter title's words that two have where they name one article; .34 to .45 are alike
MOST = 0.8  # share of a heading's letters
# What stands behind a bar is the section, the site or the columnist, where so much stands before it.
HEAD_WORDS, HEAD_LETTERS = 4, 12

_TITLE_BREAK = re.compile(r"\s+(?:[|\-–—·•»:~/]|\|\|)\s+|\s*\|\s*|\s*::\s*")
_WORD = re.compile(r"\w+")


def read_title(page: Page) -> tuple[str | None, str | None, HtmlElement | None]:
    """The headline, where it was found, and the heading that has it.

    A heading that shares words with what the head says, for that is what the reader saw; else the head's words; else
    the only heading.
    """
    headings = [(h, e) for e in page.tree.xpath("(//h1)[position() <= 5]") if (h := read_element_text(e))]
    site = {fold_name(s) for s in (*page.first(("og:site_name",)), *read_names(page.article.get("publisher"))) if s}
    host, seen = fold_name(get_host(page.url)), {h for h, _ in headings}
    heads = (
        *((name, "json-ld") for name in read_names(page.article.get("headline"))),
        *((name, "meta") for name in page.first(("og:title", "twitter:title", "citation_title"))),
        (read_element_text(page.tree.find(".//title")), "title"),
    )
    written = [
        (_without_site(t, site, host, seen), place)
        for text, place in heads
        if (t := join_lines(text[:MAX_TITLE])) and not _is_site(t, site, host)
    ]
    shown = [(h, e) for h, e in headings if not _is_site(h, site, host)]
    likeness = [max((_likeness(h, t) for t, _ in written), default=0.0) for h, _ in shown]
    is_told = any(place != "title" for _, place in written)  # <title> alone is often that of the site
    if shown and (max(likeness) >= SAME_TITLE or not is_told):
        heading, element = shown[likeness.index(max(likeness))]
        inner = next(((t, place) for t, place in written if _is_most_of(t, heading)), None)
        return (*(inner or (_without_site(heading, site, host, seen - {heading}), "heading")), element)
    if not written:
        return (headings[0][0], "heading", headings[0][1]) if headings else (None, None, None)
    # og:title before JSON-LD's headline, which is cut or written for search more often.
    title, place = next((w for w in written if w[1] == "meta"), written[0])
    alike = page.tree.xpath("(//h2 | //h3)[position() <= 20]")
    near = next((e for e in alike if _likeness(read_element_text(e), title) >= SAME_TITLE), None)
    if near is None and not shown:
        near = next(iter(page.tree.xpath("(//body//*[contains(text(), $title)])[1]", title=title)), None)
    return title, place, near if near is not None else (shown[0][1] if shown else None)


def _is_most_of(title: str, heading: str) -> bool:
    """Whether a heading is this title with counters, labels or the like around it, or with a date behind it."""
    ours, theirs = fold_name(title), fold_name(heading)
    if ours == theirs or not ours or ours not in theirs:
        return False
    is_dated = heading.startswith(title) and find_date_in_words(heading[len(title) :]) is not None
    return is_dated or len(ours) >= MOST * len(theirs)


def _is_site(title: str, site: set[str], host: str) -> bool:
    key = fold_name(title)
    return not key or key in site or key in host or host in key.split()


def _likeness(one: str, other: str) -> float:
    """Share of the words of the shorter text that the longer one has too."""
    ours, theirs = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if fold_name(one) == fold_name(other):
        return 1.0
    return 0.99 * len(ours & theirs) / max(min(len(ours), len(theirs)), 3)


def _without_site(title: str, site: set[str], host: str, headings: set[str]) -> str:
    """The title without the site's name at either end, where that is clear: the page or its address has that name, or a
    heading is the rest."""
    for mark in reversed(list(_TITLE_BREAK.finditer(title))):
        head, tail = title[: mark.start()].strip(), fold_name(title[mark.end() :])
        is_bar = "|" in mark[0] and (
            len(head.split()) >= HEAD_WORDS or (not head.isascii() and len(head) >= HEAD_LETTERS)
        )
        if head and (is_bar or head in headings or tail in site or (len(tail) > 3 and tail in host)):
            title = head
    if first := _TITLE_BREAK.search(title):
        name, rest = fold_name(title[: first.start()]), title[first.end() :].strip()
        if rest and (name in site or (len(name) > 3 and name in host) or rest in headings):
            return rest
    return title
