"""What a page says about itself: title, lead, authors, dates, section, address, pictures, kind and rights."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from types import MappingProxyType

from lxml import etree
from lxml.html import HtmlElement

from pipelines.cleaning.addresses import MAX_URL, host_of, normal_address
from pipelines.cleaning.authors import marked_names, names_near, single_names
from pipelines.cleaning.dates import MAX_WRITTEN, Moment, date_in_url, date_in_words, date_on_page, parse_date
from pipelines.cleaning.jsonld import Node, article_of, kinds, names, nodes_of
from pipelines.cleaning.kinds import read_kind
from pipelines.cleaning.rights import read_rights
from pipelines.cleaning.text import one_line

MAX_TITLE = 500  # characters; longer is no title
MAX_LEAD = 1_000
MIN_LEAD = 20
MAX_SECTION = 60
MAX_IMAGES = 10
MAX_METAS = 20  # contents kept of one name
SAME_TITLE = 0.4  # share of the shorter title's words that two have where they name one article; .34 to .45 are alike
MOST = 0.8  # share of a heading's letters
# What stands behind a bar is the section, the site or the columnist, where so much stands before it.
HEAD_WORDS, HEAD_LETTERS = 4, 12
DATE_LINE = 40  # characters of a line that is a date and little else
MAX_LINES = 5_000
BEFORE, AFTER = 8, 40  # lines around the headline in which byline and date are looked for
PROSE = 200  # characters; the second such line behind the headline is the article's text

_DATE_METAS = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time", "publish-date",
    "publish_date", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date", "citation_publication_date",
    "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "date",
)  # fmt: skip
_UPDATE_METAS = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "dc.date.modified",
                 "last-modified", "lastmod")  # fmt: skip
_AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "byl")
_LIBRARY_METAS = ("citation_author", "dc.creator", "dcterms.creator")  # one author each, often as `Last, First`
_SECTION_METAS = ("article:section", "section", "parsely-section", "sailthru.section", "dc.subject.section")
_LEAD_METAS = ("og:description", "description", "twitter:description")
_IMAGE_METAS = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_TITLE_BREAK = re.compile(r"\s+(?:[|\-–—·•»:~/]|\|\|)\s+|\s*\|\s*|\s*::\s*")
_INVERTED = re.compile(r"([^\s,]+(?: [^\s,]+)?), ([^,]+)")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,4}", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Words for `updated` in the languages of _MONTHS; what follows is not the day of publication.
_UPDATED = re.compile(
    r"updat|modif|last reviewed|edited|aktualis|aktualiz|geändert|mis à jour|actualiz|atualiz|aggiornat|bijgewerkt|"
    r"uppdater|oppdater|opdater|päivitetty|обновл|оновл|изменен|ενημ|güncel|frissít|更新",
    re.IGNORECASE,
)
_SILENT = frozenset(
    ["script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form", "select", "button", "iframe"]
)
Line = tuple[str, HtmlElement]  # a piece of text, and the element that holds it
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


@dataclass(frozen=True, slots=True)
class _Page:
    """What is read once and asked for often."""

    tree: HtmlElement
    url: str | None
    metas: Mapping[str, Sequence[str]]
    nodes: Sequence[Node]
    article: Node

    def first(self, meta_names: Iterable[str]) -> Iterator[str]:
        return (self.metas[name][0] for name in meta_names if name in self.metas)


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
    nodes = nodes_of(tree)
    page = _Page(tree, url, _metas(tree), nodes, article_of(nodes))
    canonical, canonical_from = _canonical(page)
    if url is None and canonical:
        page = _Page(tree, canonical, page.metas, nodes, page.article)
    title, title_from, heading = _title(page)
    near = cache(partial(_lines_near, heading))  # asked for by few pages: the head of most says who and when
    authors, authors_from = _authors(page, near)
    published, published_from = _published(page, near)
    updated, updated_from = _updated(page, published)
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


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    """Contents of each named <meta>, names in lower case."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = one_line(element.get("content", "")[:MAX_URL])
        if name and content and len(several := found.setdefault(name.strip().lower(), [])) < MAX_METAS:
            several.append(content)
    return found


def _title(page: _Page) -> tuple[str | None, str | None, HtmlElement | None]:
    """The headline, where it was found, and the heading that has it.

    A heading that shares words with what the head says, for that is what the reader saw; else the head's words; else
    the only heading.
    """
    headings = [(h, e) for e in page.tree.xpath("(//h1)[position() <= 5]") if (h := _element_text(e))]
    site = {_key(s) for s in (*page.first(("og:site_name",)), *names(page.article.get("publisher"))) if s}
    host, seen = _key(host_of(page.url)), {h for h, _ in headings}
    heads = (
        *((name, "json-ld") for name in names(page.article.get("headline"))),
        *((name, "meta") for name in page.first(("og:title", "twitter:title", "citation_title"))),
        (_element_text(page.tree.find(".//title")), "title"),
    )
    written = [
        (_without_site(t, site, host, seen), place)
        for text, place in heads
        if (t := one_line(text[:MAX_TITLE])) and not _is_site(t, site, host)
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
    near = next((e for e in alike if _likeness(_element_text(e), title) >= SAME_TITLE), None)
    if near is None and not shown:
        near = next(iter(page.tree.xpath("(//body//*[contains(text(), $title)])[1]", title=title)), None)
    return title, place, near if near is not None else (shown[0][1] if shown else None)


def _is_most_of(title: str, heading: str) -> bool:
    """Whether a heading is this title with counters, labels or the like around it."""
    ours, theirs = _key(title), _key(heading)
    return ours != theirs and ours in theirs and len(ours) >= MOST * len(theirs)


def _is_site(title: str, site: set[str], host: str) -> bool:
    key = _key(title)
    return not key or key in site or key in host or host in key.split()


def _likeness(one: str, other: str) -> float:
    """Share of the words of the shorter text that the longer one has too."""
    ours, theirs = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if _key(one) == _key(other):
        return 1.0
    return 0.99 * len(ours & theirs) / max(min(len(ours), len(theirs)), 3)


def _without_site(title: str, site: set[str], host: str, headings: set[str]) -> str:
    """The title without the site's name at either end, where that is clear: the page or its address has that name, or a
    heading is the rest."""
    for mark in reversed(list(_TITLE_BREAK.finditer(title))):
        head, tail = title[: mark.start()].strip(), _key(title[mark.end() :])
        is_bar = "|" in mark[0] and (
            len(head.split()) >= HEAD_WORDS or (not head.isascii() and len(head) >= HEAD_LETTERS)
        )
        if head and (is_bar or head in headings or tail in site or (len(tail) > 3 and tail in host)):
            title = head
    if first := _TITLE_BREAK.search(title):
        name, rest = _key(title[: first.start()]), title[first.end() :].strip()
        if rest and (name in site or (len(name) > 3 and name in host) or rest in headings):
            return rest
    return title


def _key(name: str) -> str:
    return re.sub(r"\W+|\.(?:com|org|net)$", "", name.casefold())


def _lines_near(heading: HtmlElement | None) -> tuple[Line, ...]:
    """Lines of text around a heading with the element of each: those behind it, then those before, nearest first."""
    found: list[Line] = []
    long = 0
    for text, element in _pieces_behind(heading):
        if line := one_line(text[: 2 * PROSE]):
            long += len(line) >= PROSE
            if long > 1 or len(found) >= AFTER:
                break
            found.append((line, element))
    before: list[Line] = []
    node = heading
    while node is not None and len(before) < BEFORE:
        for sibling in node.itersiblings(preceding=True):
            pieces = [(line, e) for text, e in _pieces(sibling) if (line := one_line(text[: 2 * PROSE]))]
            before.extend(reversed(pieces[-BEFORE:]))
            if len(before) >= BEFORE:
                break
        node = node.getparent()
    return (*found, *before[:BEFORE])


def _pieces_behind(element: HtmlElement | None) -> Iterator[Line]:
    """Text in document order behind an element, each with the element that holds it."""
    node = element
    while node is not None:
        parent = node.getparent()
        if node.tail and parent is not None:
            yield node.tail, parent
        for sibling in node.itersiblings():
            yield from _pieces(sibling)
            if sibling.tail and parent is not None:
                yield sibling.tail, parent
        node = parent


def _pieces(root: HtmlElement) -> Iterator[Line]:
    """The pieces of text in an element, furniture left out."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in _SILENT:
                walk.skip_subtree()
            elif element.text:
                yield element.text, element
        elif element.tail and element is not root:
            yield element.tail, element.getparent()


def _authors(page: _Page, near: Callable[[], Sequence[Line]]) -> tuple[tuple[str, ...], str | None]:
    """People before organisations: what is shown as a byline goes before an organisation that the head names."""
    written = page.article.get("author")
    several = written if isinstance(written, list) else []
    people = single_names(names([p for p in several if isinstance(p, str) or "Organization" not in kinds(p)]))
    metas = single_names(_meta_authors(page))
    if people and not set(people) < set(metas):
        return _without_paper(people, page), "json-ld"
    if metas:
        return _without_paper(metas, page), "meta"
    if shown := names_near(near()):
        return shown, "headline"
    if marked := marked_names(page.tree):
        return marked, "byline"
    organisations = single_names(names(written))
    return organisations, "json-ld" if organisations else None


def _meta_authors(page: _Page) -> Iterator[str]:
    for key in _AUTHOR_METAS:
        yield from page.metas.get(key, ())
    for key in _LIBRARY_METAS:
        yield from (_upright(name) for name in page.metas.get(key, ()))


def _without_paper(authors: tuple[str, ...], page: _Page) -> tuple[str, ...]:
    """The authors without the site's own name, unless nobody else is named."""
    site = {_key(name) for name in (*page.first(("og:site_name",)), *names(page.article.get("publisher")))}
    return tuple(name for name in authors if _key(name) not in site) or authors


def _upright(name: str) -> str:
    """`Last, First`, as libraries write a single author, turned round."""
    return f"{inverted[2]} {inverted[1]}" if (inverted := _INVERTED.fullmatch(name)) else name


def _published(page: _Page, near: Callable[[], Sequence[Line]]) -> tuple[Moment | None, str | None]:
    for moment, place in _dates(page, near):
        if moment is not None:
            return moment, place
    return None, None


def _dates(page: _Page, near: Callable[[], Sequence[Line]]) -> Iterator[tuple[Moment | None, str]]:
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
        short = ((line, e) for text, e in _pieces(page.tree.body) if len(line := one_line(text[:PROSE])) <= DATE_LINE)
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
    return next((m for w in (*written, _element_text(element)) if w and (m := parse_date(w))), None)


def _updated(page: _Page, published: Moment | None) -> tuple[Moment | None, str | None]:
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


def _section(page: _Page) -> tuple[str | None, str | None]:
    said = [(name, "json-ld") for name in names(page.article.get("articleSection"))]
    said += [(content, "meta") for content in page.first(_SECTION_METAS)]
    for name, place in said:
        section = one_line(name[:MAX_TITLE])
        if 0 < len(section) <= MAX_SECTION and not section.startswith("http"):
            return section, place
    return None, None


def _lead(page: _Page, title: str | None) -> tuple[str | None, str | None]:
    """The summary that the page gives of its article; not the title again."""
    said = [(content, "meta") for content in page.first(_LEAD_METAS)]
    said += [(name, "json-ld") for name in names(page.article.get("description"))]
    for text, place in said:
        lead = one_line(text[: 2 * MAX_LEAD])
        if MIN_LEAD <= len(lead) <= MAX_LEAD and _key(lead) != _key(title or ""):
            return lead, place
    return None, None


def _language(page: _Page) -> tuple[str | None, str | None]:
    said = [(name, "json-ld") for name in names(page.article.get("inLanguage"), "alternateName")]
    said += [(page.tree.get("lang") or page.tree.get("xml:lang") or "", "page")]
    said += [(content, "meta") for content in page.first(("og:locale", "content-language", "dc.language"))]
    for written, place in said:
        if found := _LANGUAGE.fullmatch(written.strip()[:40]):
            return found[1].lower(), place
    return None, None


def _images(page: _Page) -> tuple[tuple[str, ...], str | None]:
    """Addresses of the pictures that the head names, the first of them the main one."""
    said = [content for name in _IMAGE_METAS for content in page.metas.get(name, ())]
    by_meta = tuple(dict.fromkeys(filter(None, (normal_address(written, page.url) for written in said))))
    described = names(page.article.get("image"), "url")
    both = (*by_meta, *filter(None, (normal_address(written, page.url) for written in described)))
    return tuple(dict.fromkeys(both))[:MAX_IMAGES], ("meta" if by_meta else "json-ld") if both else None


def _canonical(page: _Page) -> tuple[str | None, str | None]:
    links = (e.get("href") for e in page.tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split())
    for written, place in (*((link, "link") for link in links), *((u, "meta") for u in page.first(("og:url",)))):
        if address := normal_address(written, page.url):
            return address, place
    return None, None


def _element_text(element: HtmlElement | None) -> str:
    """The first words of an element; enough for a title or a name."""
    if element is None:
        return ""
    pieces, left = [], MAX_TITLE
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(pieces[-1])
        if left <= 0:
            break
    return one_line("".join(pieces))
