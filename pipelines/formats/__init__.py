"""Payload bytes → documents: html, text, json, feed, web archive, compressed or not. `unpack` is all others need.

A format is one module with a function from a stream to documents, a word in sniff.py, and a line in `_documents`.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

from pipelines import messages
from pipelines.formats import feed, json, sniff, warc
from pipelines.formats.document import (
    MAX_ITEMS,
    MAX_LAYERS,
    MAX_UNPACKED_BYTES,
    Document,
    Refused,
    reject,
)
from pipelines.formats.layers import open_layers, peek, read_at_most
from pipelines.formats.page import read_page
from pipelines.text.limits import MAX_ITEM_BYTES

__all__ = ["MAX_ITEMS", "MAX_ITEM_BYTES", "MAX_LAYERS", "MAX_UNPACKED_BYTES", "Document", "unpack"]


def unpack(stream: BinaryIO, name: str | None, media_type: str | None) -> Iterator[Document]:
    """The article candidates in a payload, in their order, and what cannot be one with the reason; at least one.

    Streams: some tens of megabytes are held, however large the payload is. The same bytes, name and media type give
    the same documents. Raises nothing for any content, only what reading the stream itself raises.
    """
    count = 0
    try:
        for document in _documents(stream, name, media_type):
            if count == MAX_ITEMS:
                raise Refused("too_large", f"more than {MAX_ITEMS} items")
            count += 1
            yield document
    except Refused as refused:
        yield reject(refused.reason, refused.detail, refused.body)
        return
    if not count:
        yield reject("empty", "no item in it")


def _documents(stream: BinaryIO, name: str | None, media_type: str | None) -> Iterator[Document]:
    layer = open_layers(stream)
    head = peek(layer)
    if not head:
        return iter(())
    plain, charset = sniff.strip_media_type(media_type)
    if plain == messages.CLOUDEVENTS:
        return json.read_message_item(layer)
    match sniff.sniff_kind(head, name, media_type):
        case "unknown":
            raise Refused("unknown_type", "neither text, JSON, a feed nor a web archive", head)
        case "warc":
            return warc.read_warc(layer)
        case "feed":
            return feed.read_feed(layer)
        case "json":
            return json.read_json(layer)
        case "lines":
            return json.read_json_lines(layer)
        case "html":
            return iter([read_page(_article_bytes(layer), "text/html", charset=charset)])
        case "text":
            return iter([read_page(_article_bytes(layer), "text/plain", charset=charset)])


def _article_bytes(layer: io.BufferedReader) -> bytes:
    return read_at_most(layer, MAX_ITEM_BYTES)
