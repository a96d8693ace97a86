"""Feeds in XML (RSS 0.9x, 1.0, 2.0, Atom): each entry with content is an item.

Read with lxml and not with feedparser, which took 1.2 s and 25 MB for 200 kB of nothing but `<item>`, growing with the
size, where libxml2 takes 0.4 s for 10 MB. No DTD is loaded, no entity of a feed's own expanded, nothing fetched.
"""

import html
import io
import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urljoin

from lxml import etree

from pipelines.formats import sniff
from pipelines.formats.document import MAX_FEED_BYTES, Document, Refused
from pipelines.formats.entry import read_entry
from pipelines.formats.entry_text import read_title
from pipelines.formats.layers import read_at_most
from pipelines.formats.sniff import Clues
from pipelines.messages.encoded import decode_base64
from pipelines.text.decode import decode_and_mend
from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT

ROOTS = frozenset({"rss", "feed", "rdf"})
# The vocabularies read, by namespace, and by prefix where a feed forgot to declare it. Not media: and itunes:, whose
# titles and contents are those of pictures and podcasts.
VOCABULARIES = frozenset(
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "https://www.w3.org/2005/Atom",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/RSS2",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://cyber.law.harvard.edu/rss/rss.html",
        "http://purl.org/rss/1.0/modules/content/",
        "content",
        "http://purl.org/dc/elements/1.1/",
        "dc",
        "http://purl.org/dc/terms/",
        "dcterms",
        "http://news.yandex.ru",
        "https://news.yandex.ru",
        "yandex",
        "http://turbo.yandex.ru",
        "turbo",
        "http://rssnamespace.org/feedburner/ext/1.0",
        "feedburner",
    }
)
# The longest form first, as publishers fill them.
CONTENT = ("encoded", "full-text", "content", "description", "summary")
DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
IDS = ("guid", "id")
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
TAG_URI = re.compile(r"tag:([a-z0-9.-]+\.[a-z]{2,}),\d{4}", re.IGNORECASE)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # characters that XML forbids
# What is no markup although it begins as some, and what it may stand in: CDATA and comments, where all is text.
STRAY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)"
    r"([A-Za-z][A-Za-z0-9]{0,31};)?|<(?![^\W\d]|[/!?])",
    re.DOTALL,
)
HTML_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|LT;|GT;|AMP;|QUOT;)([A-Za-z][A-Za-z0-9]{1,31};)")
CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
END = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
# Markup that a publisher did not escape: as elements of the feed it has to be closed and quoted as XML is, and is not.
HOLDER = re.compile(r"<(/?)(description|content:encoded|content|summary|title)(?=[\s>])[^<>]*>")
ELEMENT = re.compile("<[a-zA-Z]")
NAMESPACE = etree.ErrorDomains.NAMESPACE
HTML_RELATIONS = ("alternate", "http://www.iana.org/assignments/relation/alternate", "")
ENTRY_EDGE = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)\b", re.IGNORECASE)
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|\w+);")
MAX_TRAILER = 20_000  # characters behind a feed, of what its server prints or caches add
IN_PARENTHESES = re.compile(r"[^()@]*@[^()@]*\(([^()]+)\)")  # RSS: editor@example.org (Jo Smith)

Fields = dict[str, list[Any]]
"""Name of a child in lower case → the elements of that name."""


class Feed(NamedTuple):
    """What a feed says of all its entries."""

    languages: tuple[str | None, ...]
    base: str | None
    """The address that its links are relative to."""
    id: str | None


class Content(NamedTuple):
    """What an entry says, and whether that is HTML."""

    text: str
    is_html: bool


def is_feed(clues: Clues) -> bool:
    """Tell whether this is markup whose first element is that of a feed."""
    return clues.root in ROOTS


def read_feed(stream: io.BufferedReader, charset: str | None = None) -> Iterator[Document]:
    """Yield the entries in the order of the feed. One without content is rejected, and so is one that is cut off.

    `charset` is what the feed was sent with.
    """
    data = read_at_most(stream, MAX_FEED_BYTES)
    text = _decode(data, charset)
    root, fault = _parse(text)
    if fault is not None:
        escaped = _escape_markup(text)
        again, other_fault = _parse(escaped) if escaped != text else (None, fault)
        if again is not None and other_fault is None:
            root, fault = again, None
    if root is None:
        raise Refused("broken", "feed: no markup that could be read", data)
    named = next((e.text for e in root.iter("{*}language") if _read_name(e) and e.text), None)
    feed = Feed((root.get(LANG), named), _find_base(root), _find_feed_id(root))
    entries = (e for e in root.iter(etree.Element) if _read_name(e) in {"item", "entry"})
    if fault is None:
        yield from (_read_entry(entry, feed) for entry in entries)
        return
    edges = ENTRY_EDGE.findall(text)
    whole = edges.count("") - (edges[-1:] == [""])  # where the last edge opens an entry, that one is cut off
    yield from (_read_entry(entry, feed) for entry in islice(entries, whole))
    raise Refused("broken", f"feed: line {fault.line}: {fault.message}", data)


def _parse(text: str) -> tuple[Any, Any]:
    """Return the root of a feed, None where there is none, and the first fault in it; an unknown prefix is none."""
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    errors = (e for e in parser.error_log if e.level >= etree.ErrorLevels.ERROR)
    return root, next((e for e in errors if e.domain != NAMESPACE), None)


def _escape_markup(text: str) -> str:
    """Return a feed with the markup in its titles and contents as text, where it stands as elements of the feed."""
    parts: list[str] = []
    end, opened = 0, None
    for tag in HOLDER.finditer(text):
        if not tag[1]:
            opened = tag if opened is None or opened[2] != tag[2] else opened
        elif opened is not None and opened[2] == tag[2]:
            inner = text[opened.end() : tag.start()]
            if ELEMENT.search(inner) and "<![CDATA[" not in inner and "]]>" not in inner:
                parts += [text[end : opened.end()], "<![CDATA[", inner, "]]>"]
                end = tag.start()
            opened = None
    return "".join([*parts, text[end:]])


def _decode(data: bytes, charset: str | None) -> str:
    """Decode a feed. Stray & and < become escapes, and HTML's named characters, which XML does not know, themselves."""
    text = decode_and_mend(data, sniff.find_bom(data) or charset)
    text = data.decode("utf-8", "replace") if text is None else text
    text = sniff.cut_before_feed(text.lstrip("\ufeff \t\r\n"))
    end = next((end.end() for end in END.finditer(text, max(len(text) - MAX_TRAILER, 0))), len(text))
    return NO_XML.sub(" ", STRAY.sub(_escape_stray, CHARACTER.sub(_mend_character, text[:end])))


def _mend_character(escape: re.Match[str]) -> str:
    """Return the character that a number means: of Windows below 160, and a space for what XML forbids."""
    code = int(escape[1], 16) if escape[1] else int(escape[2])
    if 0x80 <= code < 0xA0:
        return html.unescape(escape[0])
    return " " if code > 0x10FFFF or NO_XML.match(chr(code)) else escape[0]


def _escape_stray(stray: re.Match[str]) -> str:
    written, name = stray[0], stray[1]
    if written.startswith("<!["):
        return HTML_ENTITY.sub(lambda entity: html5.get(entity[1], entity[0]), written)
    if written.startswith("<!"):
        return written
    if name:
        return html.escape(html5[name]) if name in html5 else f"&amp;{name}"
    return "&amp;" if written == "&" else "&lt;"


def _find_base(root: Any) -> str | None:
    """Return the address that the links of a feed are relative to: the site's, else the feed's own."""
    channel = next((e for e in root.iter("{*}channel") if _read_name(e) == "channel"), root)
    links = [e for e in channel.iterchildren("{*}link") if _read_name(e) == "link"]
    links.sort(key=lambda link: link.get("rel", "alternate") != "alternate")
    written = (root.base, *(link.get("href") or _read_text(link) for link in links))
    return next((link for link in written if link and link.startswith(("https://", "http://"))), None)


def _read_name(element: Any) -> str:
    """Return the element's name in lower case where its vocabulary is one that is read, else nothing."""
    namespace, _, name = element.tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if not namespace and ":" in name:
        namespace, _, name = name.partition(":")
    return name.lower() if namespace in VOCABULARIES else ""


def _read_entry(entry: Any, feed: Feed) -> Document:
    fields: Fields = {}
    for child in entry.iterchildren(etree.Element):
        fields.setdefault(_read_name(child), []).append(child)
    contents = (_read_content(e) for name in CONTENT for e in fields.get(name, ()))
    content = next((content for content in contents if content.text), Content("", is_html=False))
    return read_entry(
        content.text,
        is_html=content.is_html,
        title=next(filter(None, map(_read_title, fields.get("title", ()))), None),
        links=_list_links(entry, fields),
        authors=_list_authors(fields),
        dates=(_read_text(e) for name in DATES for e in fields.get(name, ())),
        languages=(entry.get(LANG), *feed.languages),
        base=feed.base or _find_authority(fields),
        ids=(feed.id, next(filter(None, (_read_text(e) for name in IDS for e in fields.get(name, ()))), None)),
    )


def _find_feed_id(root: Any) -> str | None:
    """Return what a feed is called: its id, its link or its title, of the element that holds them."""
    channel = next(root.iter("{*}channel"), root)
    fields = {_read_name(child): child for child in channel.iterchildren(etree.Element) if _read_text(child)}
    return next((_read_text(fields[name]) for name in ("id", "link", "title") if name in fields), None)


def _read_content(element: Any) -> Content:
    """Read what an entry says: markup may lie in it escaped, or as elements of its own."""
    if next(element.iterchildren(etree.Element), None) is not None:
        inner = [html.escape(element.text or "", quote=False)]
        inner += [etree.tostring(child, method="html", encoding="unicode") for child in element]
        return Content("".join(inner).strip(), is_html=True)
    text = _read_text(element)
    claim = element.get("type", "").partition(";")[0].strip().lower()
    if _is_media_type_of_bytes(claim) and (decoded := _decode_content(text)):
        return Content(decoded, bool(MARKUP.search(decoded)))
    return Content(text, claim in {"html", "xhtml", "text/html"} or (claim != "text" and bool(MARKUP.search(text))))


def _is_media_type_of_bytes(claim: str) -> bool:
    """Tell whether Atom has what is of this type in base64."""
    return "/" in claim and not claim.startswith("text/") and not claim.endswith(("xml", "html"))


def _decode_content(text: str) -> str | None:
    try:
        return decode_and_mend(decode_base64(text), None)
    except ValueError:
        return None


def _read_text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _read_title(element: Any) -> str:
    return read_title(_read_text(element), is_literal=element.get("type") == "text")


def _list_links(entry: Any, fields: Fields) -> list[str]:
    """Return what may be the address of the entry itself: links, and RSS's guid unless it says that it is none.

    Where FeedBurner put its own address into the link, the publisher's stands beside it.
    """
    written = fields.get("link", [])
    alternate = [e for e in written if e.get("rel", "alternate").strip().lower() in HTML_RELATIONS]
    alternate.sort(key=lambda e: "html" not in e.get("type", "html"))
    links = [_read_text(e) for e in fields.get("origlink", ())]
    links += [_join_base(e, e.get("href") or _read_text(e)) for e in alternate]
    permanent = [e for e in fields.get("guid", ()) if e.get("isPermaLink", "true").lower() == "true"]
    links += [link for e in permanent if (link := _read_text(e)).startswith(("https://", "http://", "www.", "/"))]
    links += [_join_base(e, e.get("src", "")) for e in fields.get("content", ())]
    implied = [_read_text(e) for name in IDS for e in fields.get(name, ())] + [entry.get(ABOUT, "")]
    links += [link for link in implied if link.startswith(("https://", "http://"))]
    return links + [_join_base(e, e.get("href", "")) for e in written if e.get("rel", "").lower() == "self"]


def _join_base(element: Any, link: str) -> str:
    """Return a link as xml:base, of the element and those around it, has it."""
    try:
        return urljoin(element.base or "", link.strip()) if link.strip() else ""
    except ValueError:
        return link


def _find_authority(fields: Fields) -> str | None:
    """Return the site that the id of an entry names: tag:example.com,2026:x (RFC 4151)."""
    names = (TAG_URI.match(_read_text(e)) for name in IDS for e in fields.get(name, ()))
    return next((f"https://{name[1]}/" for name in names if name), None)


def _list_authors(fields: Fields) -> list[str]:
    elements = [name for e in fields.get("author", ()) for name in e.iterchildren("{*}name") or [e]]
    elements += [e for e in fields.get("author", ()) if not len(e)] + fields.get("creator", [])
    names = [_read_text(element)[:MAX_SENT_TEXT] for element in elements[:MAX_SENT_AUTHORS]]
    return [person[1].strip() if (person := IN_PARENTHESES.match(name)) else name for name in names]
