"""The moments at which an article was published and changed, from wherever its page says so."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from pipelines.cleaning.dates import (
    MAX_WRITTEN,
    NO_HABITS,
    DateHabits,
    Moment,
    find_date_in_url,
    find_date_in_words,
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
WEB_YEAR = 1990  # of the first web pages: an earlier day somewhere on a page is most often one that it tells of
ONE_DAY = timedelta(days=1)  # that a day may be another in another zone

_DATE_METAS = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time", "publish-date",
    "publish_date", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date", "citation_publication_date",
    "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "published-date", "publisheddate", "publication_date", "publication-date", "date",
)  # fmt: skip
# What systems of their own call it: `cms-published-date`, `article.publish_time`; a publisher is somebody.
_DATE_META = re.compile(
    r"(?:.*[.:_-])?(?:publi(?:sh|shed|cation)[._-]?(?:date|time|datetime|at|on)|(?:date|time)[._-]?publi(?:shed|cation))"
)
_UPDATE_METAS = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "dc.date.modified",
                 "last-modified", "lastmod")  # fmt: skip
# <time> of the article, and where there is none, one in a box of it. The boxes: those in which some articles have it.
_TIME_OF_ARTICLE = "//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]"
_TIME_BESIDE = "(//article | //main)//time[@datetime][not(ancestor::nav)]"
_BOXES = "(//article | //main)//*[self::aside or self::footer] | //aside//*[contains(@class, 'date')]"
MAX_BOXES = 5
# A site's own elements such as <relative-time>: what they show depends on the clock, an attribute has the moment.
_OWN_TIMES = "(//*[contains(local-name(), '-time') or contains(local-name(), 'time-')])[position() <= 3]"
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DECLARED = frozenset(["json-ld", "meta", "microdata"])
# Words for `updated` in the languages of MONTHS_IN_DATES; the day behind one is not that of publication.
_UPDATED = re.compile(
    r"updat|modif|last reviewed|edited|aktualis|aktualiz|geändert|mis à jour|actualiz|atualiz|aggiornat|bijgewerkt|"
    r"uppdater|oppdater|opdater|päivitetty|обновл|оновл|изменен|ενημ|güncel|frissít|更新",
    re.IGNORECASE,
)

# Days of other things than publication.
_OTHER_DAY = re.compile(
    r"©|\(c\)|copyright|digiti[sz]ed|digitalis|digitaliz|numérisé|scanned|archived|retrieved|accessed|last visited|"
    r"abgerufen|consulté|founded|established|expires|valid until|deadline",
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
    """Return when the article was published, by the surest way that the page says it.

    A month alone is taken where nothing on the page says a day of it.
    """
    month = FoundMoment()
    for moment, place in _iterate_dates(page, near):
        if moment is None or (month.moment is not None and not _is_same_month(moment, month.moment)):
            continue
        if moment.precision == "month":
            month = FoundMoment(moment, place) if month.moment is None else month
            continue
        shown = _find_date_near(_list_short_lines(near()), page.habits) if place in _DECLARED else None
        if shown is not None and _is_first_of_year(moment) and shown.day.year > moment.day.year:
            return FoundMoment(shown, "headline")
        if shown is not None and shown.day.year >= WEB_YEAR and shown.day < _find_earliest_day(moment):
            return FoundMoment(shown, "headline")
        return FoundMoment(moment, place)
    return month


def _is_first_of_year(moment: Moment) -> bool:
    """Return whether a moment is one that templates are written with: midnight at the beginning of a year."""
    return moment.precision == "day" and (moment.day.month, moment.day.day) == (1, 1)


def _is_same_month(one: Moment, other: Moment) -> bool:
    return (one.day.year, one.day.month) == (other.day.year, other.day.month)


def find_date_in_lines(lines: Sequence[LabelledLine], habits: DateHabits = NO_HABITS) -> Moment | None:
    """Return the day that a short line names which is removed before the second paragraph of a plain text.

    One that is said to be of a change counts only where there is no other. On dumps made from wcxb_dev (dev) that finds
    a day on 44 % of those whose page has one, and 91 % of what it finds is right.
    """
    return _choose_published(_iterate_lines_above(lines, habits))


def _iterate_lines_above(lines: Sequence[LabelledLine], habits: DateHabits) -> Iterator[_DatedLine]:
    """Yield the removed lines before the second paragraph, each with the day that it names; others as empty ones."""
    paragraphs = 0
    for line in lines:
        paragraphs += line.is_kept and (line.label == "body" or len(line.text) >= PROSE)
        if paragraphs > 1:
            return
        may_date = not line.is_kept and line.label not in ("headline", "caption") and len(line.text) <= BYLINE
        yield _DatedLine(line.text, find_date_in_words(line.text, habits)) if may_date else _DatedLine("", None)


def _choose_published(lines: Iterable[_DatedLine]) -> Moment | None:
    """Return the first day of these lines; one that is said to be of a change only without another."""
    changed = None
    before = ""
    for line, moment in lines:
        if moment is not None and not _OTHER_DAY.search(f"{before} {line}"):
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
    habits = page.habits
    for key in ("datePublished", "dateCreated"):
        yield FoundMoment(_parse_value(page.article.get(key), habits), "json-ld")
    for content in (*page.first(_DATE_METAS), *page.first(filter(_DATE_META.fullmatch, page.metas))):
        yield FoundMoment(parse_date(content, habits), "meta")
    for element in page.tree.xpath("(//*[@itemprop='datePublished'])[position() <= 3]"):
        yield FoundMoment(_read_element_date(element, habits), "microdata")
    shown, addressed = _find_date_near(near().lines, habits), find_date_in_url(page.url or "", habits)
    if addressed is not None and (shown is None or shown.day != addressed.day):
        yield FoundMoment(addressed, "url")
    yield FoundMoment(shown, "headline")  # with the hour, where it is there
    for node in page.nodes:
        if any(name.endswith("Page") for name in read_types(node)):
            yield FoundMoment(_parse_value(node.get("datePublished"), habits), "json-ld")
    yield from (FoundMoment(moment, "time") for moment in _iterate_times(page.tree, habits))
    yield from (FoundMoment(_find_date_on_page(root, habits), "page") for root in _list_roots(page.tree))


def _iterate_times(tree: HtmlElement, habits: DateHabits) -> Iterator[Moment | None]:
    for path in (_TIME_OF_ARTICLE, _TIME_BESIDE):
        for element in tree.xpath(path)[:1]:
            yield _read_time(element, read_element_text(element), habits)
    yield from (_read_own_time(element, habits) for element in tree.xpath(_OWN_TIMES))


def _read_own_time(element: HtmlElement, habits: DateHabits) -> Moment | None:
    written = next((value for value in element.attrib.values() if _ISO_TIME.match(value)), None)
    return parse_date(written, habits) if written else None


def _list_roots(tree: HtmlElement) -> list[HtmlElement]:
    """Return the page's body, then the boxes beside and below its article, which split_pieces leaves out of it."""
    return [*([tree.body] if tree.body is not None else []), *tree.xpath(_BOXES)[:MAX_BOXES]]


def _find_date_on_page(root: HtmlElement, habits: DateHabits) -> Moment | None:
    lines = (NearbyLine(join_lines(text[:PROSE]), element) for text, element in split_pieces(root, is_box=True))
    short = (line for line in lines if len(line.text) <= DATE_LINE)
    moment = _find_date_near(tuple(islice(short, MAX_LINES)), habits)
    return moment if moment is not None and moment.day.year >= WEB_YEAR else None


def _find_date_near(lines: Sequence[NearbyLine], habits: DateHabits) -> Moment | None:
    """Return the first day named around the headline; one that is said to be of a change only without another."""
    return _choose_published(_DatedLine(line.text, _find_date_in_line(line, habits)) for line in lines)


def _find_date_in_line(line: NearbyLine, habits: DateHabits) -> Moment | None:
    holders = (line.element, line.element.getparent())
    time = next((holder for holder in holders if holder is not None and holder.tag == "time"), None)
    if time is not None:
        return _read_time(time, line.text, habits)
    moment = find_date_in_words(line.text, habits) if len(line.text) <= MAX_WRITTEN else None
    is_likely = moment is None or moment.day.year >= WEB_YEAR or len(line.text) <= DATE_LINE
    return moment if is_likely else None


def _read_time(time: HtmlElement, words: str, habits: DateHabits) -> Moment | None:
    """Return the moment of a <time>: its attribute's, unless its words, which the reader sees, name another day."""
    told, shown = parse_date(time.get("datetime") or "", habits), find_date_in_words(words, habits)
    if told is None or shown is None:
        return told or shown
    return told if abs(told.day - shown.day) <= ONE_DAY else shown


def _read_element_date(element: HtmlElement, habits: DateHabits) -> Moment | None:
    time = element.find(".//time")
    attributes = (element.get("content"), element.get("datetime"), time.get("datetime") if time is not None else None)
    moments = (parse_date(written, habits) for written in (*attributes, read_element_text(element)) if written)
    return next(filter(None, moments), None)


def read_updated(page: Page, published: Moment | None) -> FoundMoment:
    """Return when the page says that the article was changed; nothing where that is before it was published."""
    habits = page.habits
    elements = page.tree.xpath("(//*[@itemprop='dateModified'])[position() <= 3]")
    candidates = (
        FoundMoment(_parse_value(page.article.get("dateModified"), habits), "json-ld"),
        *(FoundMoment(parse_date(content, habits), "meta") for content in page.first(_UPDATE_METAS)),
        *(FoundMoment(_read_element_date(element, habits), "microdata") for element in elements),
    )
    for moment, place in candidates:
        if moment is not None and (published is None or (moment.at >= published.at or moment.day > published.day)):
            return FoundMoment(moment, place)
    return FoundMoment()


def _parse_value(written: object, habits: DateHabits) -> Moment | None:
    if isinstance(written, list):
        written = next(iter(written), None)
    if isinstance(written, dict):  # JSON-LD's form of a value with its type
        written = written.get("@value")
    return parse_date(written, habits) if isinstance(written, str) else None
