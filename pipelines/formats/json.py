"""JSON: one article or CloudEvents envelope, an array of them, or one on each line."""

import io
import re
from collections.abc import Iterator

from pipelines import messages
from pipelines.formats import sniff
from pipelines.formats.document import (
    EXCERPT_BYTES,
    MAX_JSON_BYTES,
    MAX_PARTS,
    Document,
    Refused,
    reject,
)
from pipelines.formats.layers import CHUNK, read_at_most
from pipelines.formats.page import read_page
from pipelines.messages import Article, Unreadable
from pipelines.tables.ids import hash_id
from pipelines.text.limits import MAX_ITEM_BYTES

# What decides where an element of an array ends: whole strings, brackets, commas. A string that is never closed runs to
# the end: were it given up, each quote escaped in it would be tried again, which takes the square of the time.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)


def read_message_item(stream: io.BufferedReader) -> Iterator[Document]:
    """A message of the queue: an article in its envelope, or why it is none."""
    body = read_at_most(stream, MAX_ITEM_BYTES)
    try:
        read = messages.read_message(body)
    except Unreadable as unreadable:
        yield reject(unreadable.reason, unreadable.detail, body)
        return
    if isinstance(read, tuple):
        yield reject("not_an_article", f"word of {len(read)} files, not an article", body)
    else:
        yield _enveloped(read, body)


def read_json(stream: io.BufferedReader) -> Iterator[Document]:
    """A JSON document: what is no array is one item, else each element is."""
    body = read_at_most(stream, MAX_JSON_BYTES)
    encoding = sniff.find_bom(body)
    if encoding is not None:
        body = body.decode(encoding, "replace").removeprefix("\ufeff").encode()
    if not body.lstrip().startswith(b"["):
        yield _item(body)
        return
    for element in _elements(body):
        yield _item(element)


def read_json_lines(stream: io.BufferedReader) -> Iterator[Document]:
    """One item a line; blank lines are none. A line longer than an item may be is refused without being held."""
    for number in range(MAX_PARTS):
        line = stream.readline(MAX_ITEM_BYTES + 1)
        if not line:
            return
        if number == 0:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > MAX_ITEM_BYTES and not line.endswith(b"\n"):
            line = line[:EXCERPT_BYTES]
            _skip_line(stream)
            yield reject("too_large", f"line {number + 1}: more than {MAX_ITEM_BYTES} bytes", line)
        elif line.strip():
            yield _item(line)
    raise Refused("too_large", f"more than {MAX_PARTS} lines")


def _skip_line(stream: io.BufferedReader) -> None:
    while (piece := stream.readline(CHUNK)) and not piece.endswith(b"\n"):
        pass


def _elements(array: bytes) -> Iterator[bytes]:
    """The bytes of each element, found without parsing, so that a bad one does not take the others with it."""
    start = array.index(b"[") + 1
    depth, end = 1, start
    for token in TOKEN.finditer(array, start):
        match token[0]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
            case b"," if depth == 1:
                yield array[start : token.start()]
                start = token.end()
        if depth == 0:
            end = token.start()
            if array[start:end].strip():
                yield array[start:end]
            break
    else:
        raise Refused("broken", "the array is never closed", array[start:])
    if after := array[end + 1 :].strip():
        raise Refused("broken", "something stands after the array", after)


def _item(data: bytes) -> Document:
    if len(data) > MAX_ITEM_BYTES:
        return reject("too_large", f"more than {MAX_ITEM_BYTES} bytes", data)
    if not data.strip():
        return reject("empty", "no bytes, or only white space")
    try:
        value = messages.parse_json(data)
    except Unreadable as unreadable:
        return reject("broken" if unreadable.reason == "not_a_message" else unreadable.reason, unreadable.detail, data)
    try:
        if isinstance(value, dict) and "specversion" in value:
            return _enveloped(messages.read_cloud_event(value), data)
        article = messages.read_article(value)
        return _article(article, messages.derive_source_name(article.source), None, data)
    except Unreadable as unreadable:
        return reject(unreadable.reason, unreadable.detail, data)


def _enveloped(event: messages.CloudEvent, data: bytes) -> Document:
    source = event.publisher if event.publisher != messages.UNKNOWN_SOURCE else None
    return _article(event.data, source, hash_id("event", event.source, event.id), data)


def _article(article: Article, source: str | None, event_id: str | None, data: bytes) -> Document:
    try:
        body = article.body
    except Unreadable as unreadable:
        return reject(unreadable.reason, unreadable.detail, data, article.url)
    return read_page(
        body,
        "text/plain" if article.text is not None else "text/html",
        charset=article.charset,
        url=article.url,
        source=source,
        event_id=event_id,
        title=article.title,
        authors=article.authors,
        published_at=article.published_at,
        language=article.language,
    )
