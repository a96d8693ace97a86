"""When an article was published and changed, from wherever its page says so."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from lxml.html import HtmlElement

from pipelines.cleaning.dates import (
    MAX_WRITTEN,
    Moment,
    find_date_in_url,
    find_date_in_words,
    find_date_on_page,
    parse_date,
)
from pipelines.cleaning.labels import Label
from pipelines.cleaning.metadata.head import Page, read_element_text
from pipelines.cleaning.metadata.jsonld import read_types
from pipelines.cleaning.metadata.nearby import PROSE, Line, Nearby, split_pieces
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
_TOLD = frozenset(["json-ld", "meta", "microdata"])
# Words for `updated` in the languages of MONTHS_IN_DATES; what follows is not the day of publication.
_UPDATED = re.compile(
    r"updat|modif|last reviewed|edited|aktualis|aktualiz|geändert|mis à jour|actualiz|atualiz|aggiornat|bijgewerkt|"
    r"uppdater|oppdater|opdater|päivitetty|обновл|оновл|изменен|ενημ|güncel|frissít|更新",
    re.IGNORECASE,
)


def read_published(page: Page, near: Callable[[], Nearby]) -> tuple[Moment | None, str | None]:
    for moment, place in _dates(page, near):
        if moment is None:
            continue
        shown = _date_near(_shown(near()), page.is_month_first) if place in _TOLD else None
        if shown is not None and shown.day < _earliest_day(moment):
            return shown, "headline"
        return moment, place
    return None, None


def find_date_in_lines(lines: Sequence[Label]) -> Moment | None:
    """The day that a short line names which is removed before the second paragraph of a plain text; one that is said to
    be of a change only where there is no other. On dumps made from wcxb_dev (dev) that finds a day on 44 % of those
    whose page has one, and 91 % of what it finds is right."""
    return _first_published(_told_above(lines))


def _told_above(lines: Sequence[Label]) -> Iterator[tuple[str, Moment | None]]:
    """Removed lines before the second paragraph, each with the day that it names; others as empty ones."""
    paragraphs = 0
    for line in lines:
        paragraphs += line.is_kept and (line.label == "body" or len(line.text) >= PROSE)
        if paragraphs > 1:
            return
        is_told = not line.is_kept and line.label not in ("headline", "caption") and len(line.text) <= BYLINE
        yield (line.text, find_date_in_words(line.text)) if is_told else ("", None)


def _first_published(told: Iterable[tuple[str, Moment | None]]) -> Moment | None:
    """The first day of lines with the day that each names; one that is said to be of a change only without another."""
    changed = None
    before = ""
    for line, moment in told:
        if moment is not None:
            if not _UPDATED.search(line) and not _UPDATED.search(before):
                return moment
            changed = changed or moment
        before = line if moment is None and len(line) <= MAX_WRITTEN else ""  # a label of the date to come
    return changed


def _earliest_day(moment: Moment) -> date:
    """The first calendar day that this moment is anywhere on Earth, unless the publisher's own zone is told."""
    is_local = moment.precision == "day" or moment.zone not in (None, "+00:00")
    return moment.day if is_local else (moment.at - WESTERNMOST).date()


def _shown(near: Nearby) -> list[Line]:
    """Dates, bylines and the like right behind the headline, no prose that speaks of another day."""
    return [(line, element) for line, element in near.behind[:SHOWN_LINES] if len(line) <= DATE_LINE]


def _dates(page: Page, near: Callable[[], Nearby]) -> Iterator[tuple[Moment | None, str]]:
    """Each way of saying when an article was published, the surest first."""
    is_month_first = page.is_month_first
    for key in ("datePublished", "dateCreated"):
        yield _parsed(page.article.get(key), is_month_first), "json-ld"
    for content in page.first(_DATE_METAS):
        yield parse_date(content, is_month_first), "meta"
    for element in page.tree.xpath("(//*[@itemprop='datePublished'])[position() <= 3]"):
        yield _moment_of(element, is_month_first), "microdata"
    shown, addressed = _date_near(near().lines, is_month_first), find_date_in_url(page.url or "")
    if addressed is not None and (shown is None or shown.day != addressed.day):
        yield addressed, "url"
    yield shown, "headline"  # with the hour, where it is there
    for node in page.nodes:
        if any(kind.endswith("Page") for kind in read_types(node)):
            yield _parsed(node.get("datePublished"), is_month_first), "json-ld"
    for element in page.tree.xpath("//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]")[:1]:
        yield parse_date(element.get("datetime"), is_month_first), "time"
    if page.tree.body is not None:
        short = (
            (line, e) for text, e in split_pieces(page.tree.body) if len(line := join_lines(text[:PROSE])) <= DATE_LINE
        )
        yield _date_near(tuple(islice(short, MAX_LINES)), is_month_first), "page"
    yield find_date_on_page(page.tree, page.url), "page"


def _date_near(near: Sequence[Line], is_month_first: bool | None) -> Moment | None:
    """The first day named around the headline; one that is said to be of a change only where there is no other."""
    return _first_published((line, _named(line, element, is_month_first)) for line, element in near)


def _named(line: str, element: HtmlElement, is_month_first: bool | None) -> Moment | None:
    holder = next((e for e in (element, element.getparent()) if e is not None and e.tag == "time"), None)
    moment = parse_date(holder.get("datetime") or "", is_month_first) if holder is not None else None
    return moment or (find_date_in_words(line, is_month_first) if len(line) <= MAX_WRITTEN else None)


def _moment_of(element: HtmlElement, is_month_first: bool | None) -> Moment | None:
    inner = element.find(".//time")
    written = (element.get("content"), element.get("datetime"), inner.get("datetime") if inner is not None else None)
    return next((m for w in (*written, read_element_text(element)) if w and (m := parse_date(w, is_month_first))), None)


def read_updated(page: Page, published: Moment | None) -> tuple[Moment | None, str | None]:
    """When the page says that the article was changed; nothing where that is before it was published."""
    first = page.is_month_first
    said = (
        (_parsed(page.article.get("dateModified"), first), "json-ld"),
        *((parse_date(content, first), "meta") for content in page.first(_UPDATE_METAS)),
        *(
            (_moment_of(e, first), "microdata")
            for e in page.tree.xpath("(//*[@itemprop='dateModified'])[position() <= 3]")
        ),
    )
    for moment, place in said:
        if moment is not None and (published is None or (moment.at >= published.at or moment.day > published.day)):
            return moment, place
    return None, None


def _parsed(written: object, is_month_first: bool | None) -> Moment | None:
    return parse_date(written, is_month_first) if isinstance(written, str) else None
