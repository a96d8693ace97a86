"""Feeds (RSS 0.9x, 1.0, 2.0, Atom): each entry with content is an item.

Read with lxml and not with feedparser, which took 1.2 s and 25 MB for 200 kB of nothing but `<item>`, growing with the
size, where libxml2 takes 0.4 s for 10 MB. No DTD is loaded, no entity of a feed's own expanded, nothing fetched.
"""

import html
import io
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from pipelines.formats import sniff
from pipelines.formats.document import Document, Refused, convert_to_utc, reject
from pipelines.formats.layers import read_at_most
from pipelines.formats.page import read_page
from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT

# libxml2 holds up to 55 bytes for each byte of a hostile feed (nothing but attributes: 530 MB for 9.5 MB, measured).
MAX_FEED_BYTES = 5_000_000
# The vocabularies read, by namespace, and by prefix where a feed forgot to declare it. Not media: and itunes:, whose
# titles and contents are those of pictures and podcasts.
VOCABULARIES = frozenset(
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/modules/content/",
        "content",
        "http://purl.org/dc/elements/1.1/",
        "dc",
    }
)
CONTENT = ("encoded", "content", "description", "summary")  # the longest form first, as publishers fill them
DATES = ("pubdate", "published", "issued", "date", "updated")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Only encodings of the web: Python has others by name (punycode) whose decoders take a time that grows as the square.
DECLARED = re.compile(
    rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']"""
    rb"""((?:utf-8|us-ascii|iso-|latin|windows-|cp|koi8|gb|big5|euc|shift|mac|tis)[a-z0-9_-]{0,20})["']""",
    re.IGNORECASE,
)
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # characters that XML forbids
HTML_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)([A-Za-z][A-Za-z0-9]{1,31};)")
ENTRY_EDGE = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)\b")
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|\w+);")
IN_PARENTHESES = re.compile(r"[^()@]*@[^()@]*\(([^()]+)\)")  # RSS: editor@example.org (Jo Smith)


def read_feed(stream: io.BufferedReader) -> Iterator[Document]:
    """The entries in the order of the feed. One without content is rejected, and so is one that is cut off."""
    data = read_at_most(stream, MAX_FEED_BYTES)
    text = _text(data)
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    root = etree.fromstring(text.encode(), parser)
    if root is None:
        raise Refused("broken", "feed: no markup that could be read", data)
    language = _language(root.get(LANG)) or next(
        (_language(e.text) for e in root.iter("{*}language") if _name(e) and e.text), None
    )
    entries = (e for e in root.iter("{*}item", "{*}entry") if _name(e) in {"item", "entry"})
    fault = next((e for e in parser.error_log if e.level >= etree.ErrorLevels.ERROR), None)
    if fault is None:
        yield from (_document(entry, language) for entry in entries)
        return
    edges = ENTRY_EDGE.findall(text)
    whole = edges.count("") - (edges[-1:] == [""])  # where the last edge opens an entry, that one is cut off
    yield from (_document(entry, language) for entry in islice(entries, whole))
    raise Refused("broken", f"feed: line {fault.line}: {fault.message}", data)


def _text(data: bytes) -> str:
    """Decoded by byte order mark or declaration; HTML's named characters, which XML does not know, as themselves."""
    declared = DECLARED.match(data)
    encoding = sniff.find_bom(data) or (declared[1].decode() if declared else "utf-8")
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    known = HTML_ENTITY.sub(_character, text)
    return NO_XML.sub(" ", known.removeprefix("\ufeff").lstrip())


def _character(entity: re.Match[str]) -> str:
    return html.escape(html5[entity[1]]) if entity[1] in html5 else entity[0]


def _name(element: Any) -> str:
    """The element's name in lower case, where its vocabulary is one that is read; else empty."""
    namespace, _, name = element.tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if not namespace and ":" in name:
        namespace, _, name = name.partition(":")
    return name.lower() if namespace in VOCABULARIES else ""


def _document(entry: Any, language: str | None) -> Document:
    fields: dict[str, list[Any]] = {}
    for child in entry.iterchildren(etree.Element):
        fields.setdefault(_name(child), []).append(child)
    url = _url(fields)
    title = next((t for t in map(_plain, fields.get("title", ())) if t), None)
    content, is_html = next((c for name in CONTENT for c in map(_content, fields.get(name, ())) if c[0]), ("", False))
    if not content:
        return reject("not_an_article", "an entry without content", (title or "").encode(), url)
    return read_page(
        content.encode(),
        "text/html" if is_html else "text/plain",
        charset="utf-8",
        url=url,
        title=title,
        authors=_authors(fields),
        published_at=next((m for name in DATES for m in map(_moment, fields.get(name, ())) if m), None),
        language=_language(entry.get(LANG)) or language,
    )


def _content(element: Any) -> tuple[str, bool]:
    """What an entry says, and whether that is HTML: markup may lie in it escaped, or as elements of its own."""
    if next(element.iterchildren(etree.Element), None) is not None:
        inner = [html.escape(element.text or "", quote=False)]
        inner += [etree.tostring(child, method="html", encoding="unicode") for child in element]
        return "".join(inner).strip(), True
    text = _plain(element)
    said = element.get("type", "").lower()
    return text, said in {"html", "xhtml", "text/html"} or (said != "text" and bool(MARKUP.search(text)))


def _plain(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _url(fields: dict[str, list[Any]]) -> str | None:
    """The first address of the entry itself: a link, or RSS's guid, which is one unless it says otherwise."""
    links = [e.get("href") or _plain(e) for e in fields.get("link", ()) if e.get("rel", "alternate") == "alternate"]
    guids = [_plain(e) for e in fields.get("guid", ()) if e.get("isPermaLink", "true") == "true"]
    return next((link for link in map(str.strip, links + guids) if _is_web(link)), None)


def _is_web(link: str) -> bool:
    try:
        return urlsplit(link).scheme in {"http", "https"}
    except ValueError:
        return False


def _authors(fields: dict[str, list[Any]]) -> tuple[str, ...]:
    elements = [name for e in fields.get("author", ()) for name in e.iterchildren("{*}name") or [e]]
    elements += [e for e in fields.get("author", ()) if not len(e)] + fields.get("creator", [])
    names = [_plain(element)[:MAX_SENT_TEXT] for element in elements[:MAX_SENT_AUTHORS]]
    people = [found[1].strip() if (found := IN_PARENTHESES.match(name)) else name for name in names]
    return tuple(dict.fromkeys(person for person in people if person))


def _moment(element: Any) -> datetime | None:
    """RFC 822 as in RSS or ISO 8601 as in Atom; without a zone, and where it is no date, None."""
    text = _plain(element)[:100]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, OverflowError, IndexError):
            continue
        return convert_to_utc(moment) if moment.tzinfo is not None else None
    return None


def _language(value: str | None) -> str | None:
    code = (value or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else None
