"""The headline of a page, without the site's name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.cleaning.addresses import get_host
from pipelines.cleaning.dates import find_date_in_words
from pipelines.cleaning.metadata.head import Page, fold_name, read_element_text
from pipelines.cleaning.metadata.headings import HeadingText, is_made_of, read_heading
from pipelines.cleaning.metadata.jsonld import read_names
from pipelines.cleaning.text import join_lines
from pipelines.text.limits import MAX_TITLE

SAME_TITLE = 0.4  # share of the shorter title's words that two have where they name one article; .34 to .45 are alike
MOST = 0.8  # share of a heading's letters
CUT_LETTERS = 100  # of a title that is cut without a sign: search engines ask for headlines of 110
# A bar sets off the section, the site or the columnist, where so much stands before it.
HEAD_WORDS, HEAD_LETTERS = 4, 12
HEADINGS, LESSER_HEADINGS = 5, 20  # of <h1>, and of <h2> and <h3>, that are looked at

_TITLE_BREAK = re.compile(r"\s+(?:[|\-–—·•»«:~/]|\|\|)\s+|\s*\|\s*|\s*::\s*")
_LABEL = re.compile(r"(?P<name>[^:]{3,60}):\s+(?=\S)")
_COUNTER = re.compile(r"^\(\d{1,3}\+?\)\s+")  # of what is new for the reader
_WORD = re.compile(r"\w+")


class Title(NamedTuple):
    """The headline of a page; all None where it has none."""

    text: str | None = None
    found_in: str | None = None
    heading: HtmlElement | None = None
    """The element that shows it, or one near it."""


class _Heading(NamedTuple):
    text: str
    element: HtmlElement
    words: HeadingText


class _HeadTitle(NamedTuple):
    """A title that the page's head gives, without the site's name."""

    text: str
    found_in: str


@dataclass(frozen=True, slots=True)
class _Site:
    """What a site is called."""

    names: frozenset[str]
    """Folded."""
    host: str
    """Folded."""

    def has_name(self, name: str) -> bool:
        """Return whether a folded name, or piece of a title, is the site's."""
        return name in self.names or (len(name) > 3 and name in self.host)

    def is_called(self, title: str) -> bool:
        """Return whether a title is nothing but the site's name."""
        name = fold_name(title)
        return not name or name in self.names or name in self.host or self.host in name.split()


def read_title(page: Page) -> Title:
    """Return the headline, where it was found, and the heading that has it.

    A heading that shares words with what the head says, for that is what the reader saw; else the head's words; else
    the only heading.
    """
    all_headings = _list_headings(page, "(//h1)", HEADINGS)
    site = _read_site(page)
    texts = {heading.text for heading in all_headings}
    titles = _list_head_titles(page, site, texts)
    all_headings = [_keep_kicker(heading, titles) for heading in all_headings]
    headings = [heading for heading in all_headings if not site.is_called(heading.text)]
    likeness = [max((_compare(heading.text, title.text) for title in titles), default=0.0) for heading in headings]
    has_own_title = any(title.found_in != "title" for title in titles)  # <title> alone is often that of the site
    if headings and (max(likeness) >= SAME_TITLE or not has_own_title):
        heading = headings[likeness.index(max(likeness))]
        inner = next((title for title in titles if _is_within(title.text, heading)), None)
        if inner is not None:
            return _complete(Title(*inner, heading.element), [*headings, *titles])
        shown = _remove_site(heading.text, site, texts - {heading.text})
        return _complete(Title(shown, "heading", heading.element), titles)
    if not titles:
        return Title(all_headings[0].text, "heading", all_headings[0].element) if all_headings else Title()
    # og:title before JSON-LD's headline, which is cut or written for search more often.
    best = next((title for title in titles if title.found_in == "meta"), titles[0])
    title = Title(*best, _find_element_near(best.text, page, headings))
    return _complete(title, [*_list_headings(page, "(//h2)", LESSER_HEADINGS), *titles])


def _complete(title: Title, others: Sequence[_Heading | _HeadTitle]) -> Title:
    """Return a title that was cut, `The ferry is…`, as another place of the page has it to its end."""
    written = title.text or ""
    bare = written.rstrip(" .…")
    if len(bare) == len(written.rstrip(". ")) and not written.endswith(("...", "…")):
        return title
    start = fold_name(bare)
    for other in others:
        is_longer = fold_name(other.text).startswith(start) and len(fold_name(other.text)) > len(start)
        if is_longer and not other.text.endswith(("...", "…")):
            place = other.found_in if isinstance(other, _HeadTitle) else "heading"
            return title._replace(text=other.text, found_in=place)
    return title


def _keep_kicker(heading: _Heading, titles: Sequence[_HeadTitle]) -> _Heading:
    """Return a heading with all its pieces where the head has them in its title too."""
    whole = fold_name(heading.words.whole)
    is_told = any(whole in fold_name(title.text) for title in titles if title.found_in != "title")
    return heading._replace(text=heading.words.whole) if is_told else heading


def _list_headings(page: Page, path: str, most: int) -> list[_Heading]:
    elements = page.tree.xpath(f"{path}[position() <= {most}]")
    headings = ((read_heading(element), element) for element in elements)
    return [_Heading(words.text, element, words) for words, element in headings if words.text]


def _read_site(page: Page) -> _Site:
    names = (*page.first(("og:site_name",)), *read_names(page.article.get("publisher")))
    return _Site(frozenset(fold_name(name) for name in names if name), fold_name(get_host(page.url)))


def _list_head_titles(page: Page, site: _Site, headings: set[str]) -> list[_HeadTitle]:
    """Return the titles that the head gives, but for those that are only the site's name."""
    return [
        _HeadTitle(_remove_site(title, site, headings), place)
        for written, place in _iterate_head_titles(page)
        if (title := _COUNTER.sub("", join_lines(written[:MAX_TITLE]), count=1)) and not site.is_called(title)
    ]


def _iterate_head_titles(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each title as written, and where."""
    yield from ((name, "json-ld") for name in read_names(page.article.get("headline")))
    yield from ((name, "meta") for name in page.first(("og:title", "twitter:title", "citation_title")))
    yield read_element_text(page.tree.find(".//title")), "title"


def _find_element_near(title: str, page: Page, headings: Sequence[_Heading]) -> HtmlElement | None:
    """Return the element that shows a title of the head, or failing that the first heading."""
    lesser = page.tree.xpath(f"(//h2 | //h3)[position() <= {LESSER_HEADINGS}]")
    alike = next((element for element in lesser if _compare(read_element_text(element), title) >= SAME_TITLE), None)
    if alike is not None:
        return alike
    if headings:
        return headings[0].element
    return next(iter(page.tree.xpath("(//body//*[contains(text(), $title)])[1]", title=title)), None)


def _is_within(title: str, heading: _Heading) -> bool:
    """Return whether a heading is this title with other things around it: a kicker, counters, labels, a date."""
    if _is_cut(title, heading):
        return False
    if fold_name(title) != fold_name(heading.text) and is_made_of(title, heading.words):
        return True
    return _is_most_of(title, heading.text)


def _is_cut(title: str, heading: _Heading) -> bool:
    """Return whether a title ends within what one piece of a heading says: with dots, in a word, or far behind."""
    bare = title.rstrip(" .…")
    if not any(piece.startswith(bare) and len(piece) > len(bare) for piece in heading.words.pieces):
        return False
    is_in_word = heading.text.startswith(bare) and heading.text[len(bare) : len(bare) + 1].isalnum()
    return title.endswith(("...", "…")) or len(bare) >= CUT_LETTERS or (is_in_word and bare[-1:].isalnum())


def _is_most_of(title: str, heading: str) -> bool:
    """Return whether a heading is this title with counters, labels or the like around it, or with a date behind it."""
    folded_title, folded_heading = fold_name(title), fold_name(heading)
    if folded_title == folded_heading or not folded_title or folded_title not in folded_heading:
        return False
    is_dated = heading.startswith(title) and find_date_in_words(heading[len(title) :]) is not None
    return is_dated or len(folded_title) >= MOST * len(folded_heading)


def _compare(one: str, other: str) -> float:
    """Return the share of the words of the shorter text that the longer one has too."""
    words, other_words = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if fold_name(one) == fold_name(other):
        return 1.0
    return 0.99 * len(words & other_words) / max(min(len(words), len(other_words)), 3)


def _remove_site(title: str, site: _Site, headings: set[str]) -> str:
    """Return the title without the site's name at either end, where that is clear.

    It is clear where the page or its address has that name, or a heading is the rest.
    """
    for mark in reversed(list(_TITLE_BREAK.finditer(title))):
        head, tail = title[: mark.start()].strip(), fold_name(title[mark.end() :])
        is_long = len(head.split()) >= HEAD_WORDS or (not head.isascii() and len(head) >= HEAD_LETTERS)
        if head and (("|" in mark[0] and is_long) or head in headings or site.has_name(tail)):
            title = head
    if (label := _LABEL.match(title)) and site.has_name(fold_name(label["name"])):
        return title[label.end() :]
    if first := _TITLE_BREAK.search(title):
        name, rest = fold_name(title[: first.start()]), title[first.end() :].strip()
        if rest and (site.has_name(name) or rest in headings):
            return rest
    return title
