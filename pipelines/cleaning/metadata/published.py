"""The moments at which an article was published and changed, from wherever its page says so."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.cleaning.dates import (
    MAX_WRITTEN,
    Moment,
    find_date_in_url,
    find_date_in_words,
    find_date_on_page,
    parse_date,
)
from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.metadata.head import Page, read_element_text
from pipelines.cleaning.metadata.jsonld import read_types
from pipelines.cleaning.metadata.nearby import PROSE, Nearby, NearbyLine, split_pieces
from pipelines.cleaning.text import join_lines

# Sites that move to another system date their old articles anew in the head, but not under the headline: a day shown
# right behind it that is earlier, in any zone, is the day of publication. On wcxb_dev (dev) it was 5 times of 5.
SHOWN_LINES = 8
WESTERNMOST = timedelta(hours=12)
DATE_LINE = 40  # characters of a line that is a date and little else
BYLINE = 100  # characters of a line of plain text that tells a date, with an author before it or not
MAX_LINES = 5_000

_DATE_METAS = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time", "publish-date",
    "publish_date", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date", "citation_publication_date",
    "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "date",
)  # fmt: skip
_UPDATE_METAS = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "dc.date.modified",
                 "last-modified", "lastmod")  # fmt: skip
_DECLARED = frozenset(["json-ld", "meta", "microdata"])
# Words for `updated` in the languages of MONTHS_IN_DATES; the day behind one is not that of publication.
_UPDATED = re.compile(
    r"updat|modif|last reviewed|edited|aktualis|aktualiz|geändert|mis à jour|actualiz|atualiz|aggiornat|bijgewerkt|"
    r"uppdater|oppdater|opdater|päivitetty|обновл|оновл|изменен|ενημ|güncel|frissít|更新",
    re.IGNORECASE,
)


class FoundMoment(NamedTuple):
    """A moment, and where on the page it was found; both None where it was not."""

    moment: Moment | None = None
    found_in: str | None = None


class _DatedLine(NamedTuple):
    """A line, and the moment that it names."""

    text: str
    moment: Moment | None


def read_published(page: Page, near: Callable[[], Nearby]) -> FoundMoment:
    """Return when the article was published, by the surest way that the page says it."""
    for moment, place in _iterate_dates(page, near):
        if moment is None:
            continue
        shown = _find_date_near(_list_short_lines(near()), page.is_month_first) if place in _DECLARED else None
        if shown is not None and shown.day < _find_earliest_day(moment):
            return FoundMoment(shown, "headline")
        return FoundMoment(moment, place)
    return FoundMoment()


def find_date_in_lines(lines: Sequence[LabelledLine]) -> Moment | None:
    """Return the day that a short line names which is removed before the second paragraph of a plain text.

    One that is said to be of a change counts only where there is no other. On dumps made from wcxb_dev (dev) that finds
    a day on 44 % of those whose page has one, and 91 % of what it finds is right.
    """
    return _choose_published(_iterate_lines_above(lines))


def _iterate_lines_above(lines: Sequence[LabelledLine]) -> Iterator[_DatedLine]:
    """Yield the removed lines before the second paragraph, each with the day that it names; others as empty ones."""
    paragraphs = 0
    for line in lines:
        paragraphs += line.is_kept and (line.label == "body" or len(line.text) >= PROSE)
        if paragraphs > 1:
            return
        may_date = not line.is_kept and line.label not in ("headline", "caption") and len(line.text) <= BYLINE
        yield _DatedLine(line.text, find_date_in_words(line.text)) if may_date else _DatedLine("", None)


def _choose_published(lines: Iterable[_DatedLine]) -> Moment | None:
    """Return the first day of these lines; one that is said to be of a change only without another."""
    changed = None
    before = ""
    for line, moment in lines:
        if moment is not None:
            if not _UPDATED.search(line) and not _UPDATED.search(before):
                return moment
            changed = changed or moment
        before = line if moment is None and len(line) <= MAX_WRITTEN else ""  # a label of the date to come
    return changed


def _find_earliest_day(moment: Moment) -> date:
    """Return the first calendar day that this moment is anywhere on Earth, unless the publisher's zone is known."""
    is_local = moment.precision == "day" or moment.zone not in (None, "+00:00")
    return moment.day if is_local else (moment.at - WESTERNMOST).date()


def _list_short_lines(near: Nearby) -> list[NearbyLine]:
    """Return dates, bylines and the like right behind the headline, no prose that speaks of another day."""
    return [line for line in near.behind[:SHOWN_LINES] if len(line.text) <= DATE_LINE]


def _iterate_dates(page: Page, near: Callable[[], Nearby]) -> Iterator[FoundMoment]:
    """Yield each way of saying when an article was published, the surest first."""
    is_month_first = page.is_month_first
    for key in ("datePublished", "dateCreated"):
        yield FoundMoment(_parse_value(page.article.get(key), is_month_first), "json-ld")
    for content in page.first(_DATE_METAS):
        yield FoundMoment(parse_date(content, is_month_first), "meta")
    for element in page.tree.xpath("(//*[@itemprop='datePublished'])[position() <= 3]"):
        yield FoundMoment(_read_element_date(element, is_month_first), "microdata")
    shown, addressed = _find_date_near(near().lines, is_month_first), find_date_in_url(page.url or "")
    if addressed is not None and (shown is None or shown.day != addressed.day):
        yield FoundMoment(addressed, "url")
    yield FoundMoment(shown, "headline")  # with the hour, where it is there
    for node in page.nodes:
        if any(name.endswith("Page") for name in read_types(node)):
            yield FoundMoment(_parse_value(node.get("datePublished"), is_month_first), "json-ld")
    for element in page.tree.xpath("//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]")[:1]:
        yield FoundMoment(parse_date(element.get("datetime"), is_month_first), "time")
    if page.tree.body is not None:
        lines = (NearbyLine(join_lines(text[:PROSE]), element) for text, element in split_pieces(page.tree.body))
        short = (line for line in lines if len(line.text) <= DATE_LINE)
        yield FoundMoment(_find_date_near(tuple(islice(short, MAX_LINES)), is_month_first), "page")
    yield FoundMoment(find_date_on_page(page.tree, page.url), "page")


def _find_date_near(lines: Sequence[NearbyLine], is_month_first: bool | None) -> Moment | None:
    """Return the first day named around the headline; one that is said to be of a change only without another."""
    return _choose_published(_DatedLine(line.text, _find_date_in_line(line, is_month_first)) for line in lines)


def _find_date_in_line(line: NearbyLine, is_month_first: bool | None) -> Moment | None:
    holders = (line.element, line.element.getparent())
    time = next((holder for holder in holders if holder is not None and holder.tag == "time"), None)
    moment = parse_date(time.get("datetime") or "", is_month_first) if time is not None else None
    return moment or (find_date_in_words(line.text, is_month_first) if len(line.text) <= MAX_WRITTEN else None)


def _read_element_date(element: HtmlElement, is_month_first: bool | None) -> Moment | None:
    time = element.find(".//time")
    attributes = (element.get("content"), element.get("datetime"), time.get("datetime") if time is not None else None)
    moments = (parse_date(written, is_month_first) for written in (*attributes, read_element_text(element)) if written)
    return next(filter(None, moments), None)


def read_updated(page: Page, published: Moment | None) -> FoundMoment:
    """Return when the page says that the article was changed; nothing where that is before it was published."""
    is_month_first = page.is_month_first
    elements = page.tree.xpath("(//*[@itemprop='dateModified'])[position() <= 3]")
    candidates = (
        FoundMoment(_parse_value(page.article.get("dateModified"), is_month_first), "json-ld"),
        *(FoundMoment(parse_date(content, is_month_first), "meta") for content in page.first(_UPDATE_METAS)),
        *(FoundMoment(_read_element_date(element, is_month_first), "microdata") for element in elements),
    )
    for moment, place in candidates:
        if moment is not None and (published is None or (moment.at >= published.at or moment.day > published.day)):
            return FoundMoment(moment, place)
    return FoundMoment()


def _parse_value(written: object, is_month_first: bool | None) -> Moment | None:
    return parse_date(written, is_month_first) if isinstance(written, str) else None
