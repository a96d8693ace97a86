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

from lxml import etree

from pipelines.formats import sniff
from pipelines.formats.document import MAX_FEED_BYTES, Document, Refused
from pipelines.formats.entry import read_entry
from pipelines.formats.layers import read_at_most
from pipelines.formats.sniff import Clues
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
        "http://purl.org/rss/1.0/modules/content/",
        "content",
        "http://purl.org/dc/elements/1.1/",
        "dc",
    }
)
CONTENT = ("encoded", "content", "description", "summary")  # the longest form first, as publishers fill them
DATES = ("pubdate", "published", "issued", "date", "updated")
IDS = ("guid", "id")
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

Fields = dict[str, list[Any]]
"""Name of a child in lower case → the elements of that name."""


class Content(NamedTuple):
    """What an entry says, and whether that is HTML."""

    text: str
    is_html: bool


def is_feed(clues: Clues) -> bool:
    """Tell whether this is markup whose first element is that of a feed."""
    return clues.root in ROOTS


def read_feed(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield the entries in the order of the feed. One without content is rejected, and so is one that is cut off."""
    data = read_at_most(stream, MAX_FEED_BYTES)
    text = _decode(data)
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    root = etree.fromstring(text.encode(), parser)
    if root is None:
        raise Refused("broken", "feed: no markup that could be read", data)
    named = next((e.text for e in root.iter("{*}language") if _read_name(e) and e.text), None)
    languages = (root.get(LANG), named)
    feed_id = _find_feed_id(root)
    entries = (e for e in root.iter("{*}item", "{*}entry") if _read_name(e) in {"item", "entry"})
    fault = next((e for e in parser.error_log if e.level >= etree.ErrorLevels.ERROR), None)
    if fault is None:
        yield from (_read_entry(entry, languages, feed_id) for entry in entries)
        return
    edges = ENTRY_EDGE.findall(text)
    whole = edges.count("") - (edges[-1:] == [""])  # where the last edge opens an entry, that one is cut off
    yield from (_read_entry(entry, languages, feed_id) for entry in islice(entries, whole))
    raise Refused("broken", f"feed: line {fault.line}: {fault.message}", data)


def _decode(data: bytes) -> str:
    """Decode by byte order mark or declaration; HTML's named characters, which XML does not know, become themselves."""
    declared = DECLARED.match(data)
    encoding = sniff.find_bom(data) or (declared[1].decode() if declared else "utf-8")
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    expanded = HTML_ENTITY.sub(_expand_entity, text)
    return NO_XML.sub(" ", expanded.removeprefix("\ufeff").lstrip())


def _expand_entity(entity: re.Match[str]) -> str:
    return html.escape(html5[entity[1]]) if entity[1] in html5 else entity[0]


def _read_name(element: Any) -> str:
    """Return the element's name in lower case where its vocabulary is one that is read, else nothing."""
    namespace, _, name = element.tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if not namespace and ":" in name:
        namespace, _, name = name.partition(":")
    return name.lower() if namespace in VOCABULARIES else ""


def _read_entry(entry: Any, languages: tuple[str | None, ...], feed_id: str | None) -> Document:
    fields: Fields = {}
    for child in entry.iterchildren(etree.Element):
        fields.setdefault(_read_name(child), []).append(child)
    contents = (_read_content(e) for name in CONTENT for e in fields.get(name, ()))
    content = next((content for content in contents if content.text), Content("", is_html=False))
    return read_entry(
        content.text,
        is_html=content.is_html,
        title=next(filter(None, map(_read_text, fields.get("title", ()))), None),
        links=_list_links(fields),
        authors=_list_authors(fields),
        dates=(_read_text(e) for name in DATES for e in fields.get(name, ())),
        languages=(entry.get(LANG), *languages),
        ids=(feed_id, next(filter(None, (_read_text(e) for name in IDS for e in fields.get(name, ()))), None)),
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
    claim = element.get("type", "").lower()
    return Content(text, claim in {"html", "xhtml", "text/html"} or (claim != "text" and bool(MARKUP.search(text))))


def _read_text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _list_links(fields: Fields) -> list[str]:
    """Return what may be the address of the entry itself: links, and RSS's guid unless it says that it is none."""
    links = [e.get("href") or _read_text(e) for e in fields.get("link", ()) if e.get("rel", "alternate") == "alternate"]
    return links + [_read_text(e) for e in fields.get("guid", ()) if e.get("isPermaLink", "true") == "true"]


def _list_authors(fields: Fields) -> list[str]:
    elements = [name for e in fields.get("author", ()) for name in e.iterchildren("{*}name") or [e]]
    elements += [e for e in fields.get("author", ()) if not len(e)] + fields.get("creator", [])
    names = [_read_text(element)[:MAX_SENT_TEXT] for element in elements[:MAX_SENT_AUTHORS]]
    return [person[1].strip() if (person := IN_PARENTHESES.match(name)) else name for name in names]
