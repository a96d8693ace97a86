"""When an article was published and changed, from wherever its page says so."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from pipelines.cleaning.dates import MAX_WRITTEN, Moment, date_in_url, date_in_words, date_on_page, parse_date
from pipelines.cleaning.jsonld import kinds
from pipelines.cleaning.near import PROSE, Line, pieces
from pipelines.cleaning.page import Page, element_text
from pipelines.cleaning.text import one_line

DATE_LINE = 40  # characters of a line that is a date and little else
MAX_LINES = 5_000

_DATE_METAS = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time", "publish-date",
    "publish_date", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date", "citation_publication_date",
    "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "date",
)  # fmt: skip
_UPDATE_METAS = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "dc.date.modified",
                 "last-modified", "lastmod")  # fmt: skip
# Words for `updated` in the languages of _MONTHS; what follows is not the day of publication.
_UPDATED = re.compile(
    r"updat|modif|last reviewed|edited|aktualis|aktualiz|geändert|mis à jour|actualiz|atualiz|aggiornat|bijgewerkt|"
    r"uppdater|oppdater|opdater|päivitetty|обновл|оновл|изменен|ενημ|güncel|frissít|更新",
    re.IGNORECASE,
)


def read_published(page: Page, near: Callable[[], Sequence[Line]]) -> tuple[Moment | None, str | None]:
    for moment, place in _dates(page, near):
        if moment is not None:
            return moment, place
    return None, None


def _dates(page: Page, near: Callable[[], Sequence[Line]]) -> Iterator[tuple[Moment | None, str]]:
    """Each way of saying when an article was published, the surest first."""
    for key in ("datePublished", "dateCreated"):
        yield _parsed(page.article.get(key)), "json-ld"
    for content in page.first(_DATE_METAS):
        yield parse_date(content), "meta"
    for element in page.tree.xpath("(//*[@itemprop='datePublished'])[position() <= 3]"):
        yield _moment_of(element), "microdata"
    yield _date_near(near()), "headline"
    for node in page.nodes:
        if any(kind.endswith("Page") for kind in kinds(node)):
            yield _parsed(node.get("datePublished")), "json-ld"
    if page.url:
        yield date_in_url(page.url), "url"
    for element in page.tree.xpath("//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]")[:1]:
        yield parse_date(element.get("datetime")), "time"
    if page.tree.body is not None:
        short = ((line, e) for text, e in pieces(page.tree.body) if len(line := one_line(text[:PROSE])) <= DATE_LINE)
        yield _date_near(tuple(islice(short, MAX_LINES))), "page"
    yield date_on_page(page.tree, page.url), "page"


def _date_near(near: Sequence[Line]) -> Moment | None:
    """The first day named around the headline; one that is said to be of a change only where there is no other."""
    changed = None
    before = ""
    for line, element in near:
        holder = next((e for e in (element, element.getparent()) if e is not None and e.tag == "time"), None)
        moment = parse_date(holder.get("datetime") or "") if holder is not None else None
        moment = moment or (date_in_words(line) if len(line) <= MAX_WRITTEN else None)
        if moment is not None:
            if not _UPDATED.search(line) and not _UPDATED.search(before):
                return moment
            changed = changed or moment
        before = line if moment is None and len(line) <= MAX_WRITTEN else ""  # a label of the date to come
    return changed


def _moment_of(element: HtmlElement) -> Moment | None:
    inner = element.find(".//time")
    written = (element.get("content"), element.get("datetime"), inner.get("datetime") if inner is not None else None)
    return next((m for w in (*written, element_text(element)) if w and (m := parse_date(w))), None)


def read_updated(page: Page, published: Moment | None) -> tuple[Moment | None, str | None]:
    """When the page says that the article was changed; nothing where that is before it was published."""
    said = (
        (_parsed(page.article.get("dateModified")), "json-ld"),
        *((parse_date(content), "meta") for content in page.first(_UPDATE_METAS)),
        *((_moment_of(e), "microdata") for e in page.tree.xpath("(//*[@itemprop='dateModified'])[position() <= 3]")),
    )
    for moment, place in said:
        if moment is not None and (published is None or (moment.at >= published.at or moment.day > published.day)):
            return moment, place
    return None, None


def _parsed(written: object) -> Moment | None:
    return parse_date(written) if isinstance(written, str) else None
