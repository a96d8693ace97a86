"""Payload bytes → documents. `unpack` is all that others need; `FORMATS` are the wire formats.

A format is one module with a function from a stream to documents, and a line in `FORMATS`. What is of none of them is
one article by itself, a page or a text; or it is refused.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import BinaryIO, NamedTuple

from pipelines import messages
from pipelines.formats import feed, foreign, json, json_feed, mhtml, sniff, warc
from pipelines.formats.document import (
    MAX_ITEMS,
    MAX_LAYERS,
    MAX_UNPACKED_BYTES,
    Document,
    Refused,
    reject,
)
from pipelines.formats.entry_text import unwrap_body
from pipelines.formats.layers import open_layers, peek, read_at_most, recode
from pipelines.formats.page import read_page
from pipelines.formats.sniff import Clues, collect_clues, find_old, is_fragment, read_media_type, sniff_page
from pipelines.tables.ids import hash_id
from pipelines.text.limits import MAX_ITEM_BYTES

SNIFFED = 65_536  # bytes of the body of an article, to see what it is

__all__ = ["FORMATS", "MAX_ITEMS", "MAX_ITEM_BYTES", "MAX_LAYERS", "MAX_UNPACKED_BYTES", "Document", "unpack"]


class Format(NamedTuple):
    """A wire format whose payloads hold articles: how it is known, and the reader of a payload."""

    name: str
    matches: Callable[[Clues], bool]
    read: Callable[[io.BufferedReader], Iterator[Document]]
    read_as: Callable[[io.BufferedReader, str | None], Iterator[Document]] | None = None
    """The same where the charset that the payload was sent with has a meaning."""


# The first that matches reads the payload, so what is special comes before what is general.
FORMATS = (
    Format("WARC", warc.is_warc, warc.read_warc),
    Format("MHTML", mhtml.is_mhtml, mhtml.read_mhtml),
    Format("JSON lines", json.is_json_lines, json.read_json_lines),
    Format("JSON Feed", json_feed.is_json_feed, json_feed.read_json_feed),
    Format("JSON", json.is_json, json.read_json),
    Format("RSS, Atom", feed.is_feed, feed.read_feed, feed.read_feed),
)


def unpack(
    stream: BinaryIO, name: str | None, media_type: str | None, attributes: str | None = None
) -> Iterator[Document]:
    """Yield the article candidates in a payload, in order, and what cannot be one with its reason; at least one.

    `attributes` are those of a message, as JSON, where they are the envelope of its event.

    Streams: some tens of megabytes are held, however large the payload is. The same bytes, name and media type give
    the same documents. Raises nothing for any content, only what reading the stream itself raises.
    """
    count = 0
    try:
        documents = _read_documents(stream, name, media_type, attributes)
        for document in chain.from_iterable(map(_open_body, documents)):
            if count == MAX_ITEMS:
                raise Refused("too_large", f"more than {MAX_ITEMS} items")
            count += 1
            yield document
    except Refused as refused:
        yield reject(refused.reason, refused.detail, refused.body)
        return
    if not count:
        yield reject("empty", "no item in it")


def find_format(clues: Clues) -> Format | None:
    """Return the format of a payload; None for one article by itself, and for what cannot be read."""
    return next((known for known in FORMATS if known.matches(clues)), None)


def _read_documents(
    stream: BinaryIO, name: str | None, media_type: str | None, attributes: str | None
) -> Iterator[Document]:
    layer = open_layers(stream)
    head = peek(layer)
    if not head:
        return iter(())
    if encoding := sniff.find_wide(head):
        layer = recode(layer, encoding)
        head = peek(layer)
    sent_as = read_media_type(media_type)
    if sent_as.plain == messages.CLOUDEVENTS:
        return json.read_message_items(layer, attributes)
    clues = collect_clues(head, name, media_type)
    if clues.shape == "json" and (encoding := find_old(head)):
        layer = recode(layer, encoding)
    if wire_format := find_format(clues):
        return wire_format.read_as(layer, sent_as.charset) if wire_format.read_as else wire_format.read(layer)
    page_type = sniff_page(clues)
    if page_type is None or clues.root in foreign.ROOTS:
        raise Refused("unknown_type", "neither text, JSON, a feed nor a web archive", head)
    if clues.shape == "plain" and (kind := foreign.find_foreign(clues.start, name, media_type)):
        raise Refused("unknown_type", f"{kind}, not an article", head)
    return iter([read_page(read_at_most(layer, MAX_ITEM_BYTES), page_type, charset=sent_as.charset)])


def _open_body(document: Document) -> Iterator[Document]:
    """Yield an article candidate, or what is in it where its body is a feed, a list in JSON, or a saved page."""
    if document.reason is not None:
        yield document
        return
    body = unwrap_body(document.body)
    document = document if body is document.body else replace(document, body=body)
    clues = collect_clues(document.body[:SNIFFED], None, document.media_type)
    inner = _read_inner(document, wire_format) if (wire_format := find_format(clues)) else []
    if inner and not (clues.shape == "json" and all(found.reason == "broken" for found in inner)):
        yield from inner
    elif clues.root == "html" or (clues.shape == "markup" and is_fragment(clues)):
        yield document if document.media_type == "text/html" else replace(document, media_type="text/html")
    elif sniff_page(clues) is None or clues.root in foreign.ROOTS:
        yield reject("unknown_type", "neither a page nor a text", document.body, document.url)
    elif clues.shape != "markup" and (kind := foreign.find_foreign(clues.start, None, None)):
        yield reject("unknown_type", f"{kind}, not an article", document.body, document.url)
    else:
        yield document


def _read_inner(document: Document, wire_format: Format) -> list[Document]:
    """Return what is in the body of an article; what the sender says of it holds where that says nothing itself."""
    try:
        inner = list(wire_format.read(io.BufferedReader(io.BytesIO(document.body))))
    except Refused as refused:
        inner = [reject(refused.reason, refused.detail, refused.body)]
    documents = []
    for number, found in enumerate(inner or [reject("empty", "no item in it", url=document.url)]):
        event_id = hash_id("part", document.event_id, number) if document.event_id and number else document.event_id
        url = found.url or (document.url if len(inner) == 1 else None)
        source = found.source or document.source
        documents.append(replace(found, event_id=found.event_id or event_id, source=source, url=url))
    return documents
