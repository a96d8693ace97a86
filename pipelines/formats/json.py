"""JSON: one article or CloudEvents envelope, an array of them, or one on each line."""

import io
import re
from collections.abc import Callable, Generator, Iterator
from itertools import chain
from typing import Any, NamedTuple

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
from pipelines.formats.layers import CHUNK, is_packed, open_layers, read_at_most
from pipelines.formats.page import read_page
from pipelines.formats.sniff import Clues
from pipelines.messages import Article, CloudEvent, EventBatch, Unreadable
from pipelines.messages.foreign_names import EITHER, NAMES, adopt_names
from pipelines.tables.ids import hash_id
from pipelines.text.limits import MAX_ITEM_BYTES

# What decides where an element of an array ends: whole strings, brackets, commas. A string that is never closed runs to
# the end: were it given up, each quote escaped in it would be tried again, which takes the square of the time.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
# What may stand between values: RFC 7464, files joined, ends of statements and of files, U+2028.
BETWEEN = b" \t\r\n\x0b\x0c\x00,;\x1a\x1e\xef\xbb\xbf\xe2\x80\xa8"
# How APIs name the list of articles in their answer, or the object with that list in it.
LISTS = (
    "articles", "items", "results", "stories", "entries", "posts", "documents", "docs", "news", "records", "hits",
    "nodes", "edges", "value", "@graph", "item", "entry", "data", "response", "feed", "channel", "rss",
)  # fmt: skip
LIST_MEMBER = re.compile(rb'"(?:' + "|".join(LISTS).encode() + rb')"\s*:\s*[\[{]')
ARTICLE_MEMBERS = ("html", "html_base64", "text", "text_base64")
TEXT_NAMES = (*NAMES["html"], *NAMES["text"], *EITHER)
# What wraps values or stands before them: calls and variables of JavaScript, remarks, lengths.
WRAPPING = re.compile(rb"(?:(?:var|let|const)\s+)?[\w.$]{1,60}\s*[=(]|[\s;)]*|\)\]\}'?|(?://|#).*|---|\d{1,9}")
# What Elasticsearch is to do with the next line.
ACTION = re.compile(rb'\{\s*"(?:index|create)"\s*:\s*\{[^{}]{0,500}\}\s*\}')
ARRAY = re.compile(rb"[\s\x00,\x1e\xef\xbb\xbf]*+\[")
OPENING = re.compile(rb"\s*[\[{]")


class Members(NamedTuple):
    """The members of a JSON object."""

    values: dict[str, bytes]  # unparsed, by name
    fault: Refused | None  # where the object is never closed, or something stands after it

    def parse(self, name: str) -> Any:
        """Return the value of a member; None where there is none, and where it is no JSON."""
        try:
            return messages.parse_json(self.values.get(name, b"null"))
        except Unreadable:
            return None


def is_json_lines(clues: Clues) -> bool:
    """Tell whether this is one JSON object a line: by its claim, or by its first two lines."""
    if clues.shape != "json" or clues.start.startswith("["):
        return False
    first, newline, rest = clues.start.partition("\n")
    first = first.rstrip()
    has_two = bool(newline) and first.endswith("}") and rest.lstrip().startswith("{")
    is_spread = (bool(newline) and first.endswith(("{", "[", ":"))) or (
        first.endswith(",") and not first.endswith("},")
    )
    return has_two or (clues.claim == "lines" and not is_spread)


def is_json(clues: Clues) -> bool:
    """Tell whether this is JSON of any kind."""
    return clues.shape == "json"


def read_message_items(stream: io.BufferedReader, attributes: str | None = None) -> Iterator[Document]:
    """Yield the articles of a message from the queue, or why there is none."""
    data = read_at_most(stream, MAX_JSON_BYTES)
    envelope = messages.parse_json(attributes) if attributes else {}
    yield from _read_message(data, envelope)


def _read_message(data: bytes, attributes: dict[str, str]) -> Iterator[Document]:
    try:
        content = messages.read_message(data, attributes)
    except Unreadable as unreadable:
        yield reject(unreadable.reason, unreadable.detail, data)
        return
    match content:
        case CloudEvent():
            yield _read_event(content, data)
        case EventBatch():
            for event in content.events:
                yield _read_batched(event, data)
        case _:
            yield reject("not_an_article", "word of files or of a service, not an article", data)


def _read_batched(event: Any, data: bytes) -> Document:
    try:
        return _read_event(messages.read_cloud_event(event), data)
    except Unreadable as unreadable:
        return reject(unreadable.reason, unreadable.detail, data)


def read_json(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield one item a value, of an array and of a list in an object one an element. Values may follow each other."""
    data = read_utf8(stream, MAX_JSON_BYTES)
    end = 0
    while end < len(data):
        if opening := ARRAY.match(data, end):
            end = yield from _read_array(data, opening.end())
            continue
        value, end = find_value(data, end)
        if not WRAPPING.fullmatch(value):
            yield from _read_value(value)


def _read_value(value: bytes) -> Iterator[Document]:
    """Yield the article that a value is, or those in its list of articles; nothing for a word on the next value."""
    if ACTION.fullmatch(value):
        return
    if elements := find_list(value):
        yield from (read_item(element, _read_article_or_event) for element in split_elements(elements))
    elif value:
        yield read_item(value, _read_article_or_event)


def _read_array(data: bytes, start: int) -> Generator[Document, None, int]:
    """Yield each element behind an opening bracket as an item; return where the closing one is past."""
    elements = _scan_elements(data, start, "array")
    while True:
        try:
            element = next(elements)
        except StopIteration as stopped:
            return int(stopped.value)
        yield from _read_value(element) if find_list(element) else [read_item(element, _read_article_or_event)]


def read_json_lines(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield one item a line; blank lines are none. A line longer than an item may be is refused without being held."""
    for number in range(MAX_PARTS):
        line = stream.readline(MAX_ITEM_BYTES + 1)
        if not line:
            return
        if len(line) > MAX_ITEM_BYTES and not line.endswith(b"\n"):
            line = line[:EXCERPT_BYTES]
            _skip_line(stream)
            yield reject("too_large", f"line {number + 1}: more than {MAX_ITEM_BYTES} bytes", line)
        else:
            yield from chain.from_iterable(map(_read_value, split_values(line)))
    raise Refused("too_large", f"more than {MAX_PARTS} lines")


def read_utf8(stream: io.BufferedReader, limit: int) -> bytes:
    """Return the rest of a stream, in UTF-8 also where a byte order mark says UTF-16. Raises Refused above `limit`."""
    data = read_at_most(stream, limit)
    encoding = sniff.find_bom(data)
    return data.decode(encoding, "replace").removeprefix("\ufeff").encode() if encoding is not None else data


def split_values(data: bytes) -> Iterator[bytes]:
    """Yield the bytes of each array or object, one after the other, and of what is between them; none for nothing."""
    end = 0
    while end < len(data):
        value, end = find_value(data, end)
        if value:
            yield value


def find_value(data: bytes, start: int) -> tuple[bytes, int]:
    """Return the first array or object from `start` on, or what stands before it, and where that ends.

    It is found without parsing. What is never closed goes to the end.
    """
    depth = 0
    for token in TOKEN.finditer(data, start):
        match token[0]:
            case b"[" | b"{":
                if depth == 0 and (between := data[start : token.start()].strip(BETWEEN)):
                    return between, token.start()
                start = start if depth else token.start()
                depth += 1
            case b"]" | b"}" if depth:
                depth -= 1
                if depth == 0:
                    return data[start : token.end()], token.end()
    return data[start:].strip(BETWEEN), len(data)


def find_list(data: bytes) -> bytes | None:
    """Return the list of articles that an answer of an API wraps in an object; None where there is no such list."""
    if not LIST_MEMBER.search(data):
        return None
    for _ in range(4):  # The Guardian: {"response": {"results": […]}}; GraphQL: {"data": {"news": {"edges": […]}}}
        members = split_members(data).values
        if {*ARTICLE_MEMBERS, "specversion"} & members.keys() or _has_text(members):
            return None
        lists = [members[name].strip() for name in LISTS if name in members]
        inner = [value for value in lists if value.startswith(b"{")]
        if found := next((value for value in lists if value.startswith(b"[")), None):
            return found
        if not inner:
            return None
        data = inner[0]
    return None


def _has_text(members: dict[str, bytes]) -> bool:
    """Tell whether an object has an article's text itself, under one of the names of others."""
    return any(members.get(name, b"").lstrip().startswith(b'"') for name in TEXT_NAMES)


def split_elements(data: bytes) -> Generator[bytes, None, None]:
    """Yield the bytes of each element of an array, or of each member of an object.

    They are found without parsing, so that a bad one does not take the others with it. Raises Refused where the last
    bracket is missing, with the bytes of the element that is cut off, and where something stands after it.
    """
    opening = OPENING.match(data)
    if opening is None:
        raise Refused("broken", "neither an array nor an object", data)
    whole = "array" if opening[0].endswith(b"[") else "object"
    end = yield from _scan_elements(data, opening.end(), whole)
    if after := data[end:].strip():
        raise Refused("broken", f"something stands after the {whole}", after)


def _scan_elements(data: bytes, start: int, whole: str) -> Generator[bytes, None, int]:
    """Yield the elements behind an opening bracket; return where the closing one is past."""
    depth = 1
    for token in TOKEN.finditer(data, start):
        match token[0]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
            case b"," if depth == 1:
                yield data[start : token.start()]
                start = token.end()
        if depth == 0:
            if data[start : token.start()].strip():
                yield data[start : token.start()]
            return token.end()
    raise Refused("broken", f"the {whole} is never closed", data[start:])


def split_members(data: bytes) -> Members:
    """Return the members of an object, with the one that is cut off where it is never closed."""
    values: dict[str, bytes] = {}
    try:
        for member in split_elements(data):
            name, _, value = member.partition(b":")
            values[name.decode("utf-8", "replace").strip().strip('"')] = value
    except Refused as refused:
        name, _, value = refused.body.partition(b":")
        values.setdefault(name.decode("utf-8", "replace").strip().strip('"'), value)
        return Members(values, refused)
    return Members(values, None)


def read_item(data: bytes, read_value: Callable[[Any, bytes], Document]) -> Document:
    """Parse one item and return what `read_value` makes of it; or the reason why that cannot be, also if it raises."""
    if len(data) > MAX_ITEM_BYTES:
        return reject("too_large", f"more than {MAX_ITEM_BYTES} bytes", data)
    if not data.strip():
        return reject("empty", "no bytes, or only white space")
    try:
        value = messages.parse_json(data)
    except Unreadable as unreadable:
        return reject("broken" if unreadable.reason == "not_a_message" else unreadable.reason, unreadable.detail, data)
    try:
        return read_value(value, data)
    except Unreadable as unreadable:
        return reject(unreadable.reason, unreadable.detail, data)


def _skip_line(stream: io.BufferedReader) -> None:
    while (piece := stream.readline(CHUNK)) and not piece.endswith(b"\n"):
        pass


def _read_article_or_event(value: Any, data: bytes) -> Document:
    if isinstance(value, dict) and "specversion" in value:
        return _read_event(messages.read_cloud_event(value), data)
    article = messages.read_article(adopt_names(value))
    return _read_article(article, messages.derive_source_name(article.source), None, data)


def _read_event(event: CloudEvent, data: bytes) -> Document:
    source = event.publisher if event.publisher != messages.UNKNOWN_SOURCE else None
    return _read_article(event.data, source, hash_id("event", event.source, event.id), data)


def _read_article(article: Article, source: str | None, event_id: str | None, data: bytes) -> Document:
    try:
        body = _unpack_body(article)
    except (Unreadable, Refused) as fault:
        return reject(fault.reason, fault.detail, data, article.url)
    return read_page(
        body,
        "text/plain" if article.is_plain_text else "text/html",
        charset=article.charset,
        url=article.url,
        source=source,
        event_id=event_id,
        title=article.title,
        authors=article.authors,
        published_at=article.published_at,
        published_precision=article.published_precision,
        language=article.language,
        left_out=article.left_out,
        written_dates=(article.written_date,) if article.written_date else (),
    )


def _unpack_body(article: Article) -> bytes:
    """Return the body without the compression that the server or the sender put around it."""
    body = article.body
    return read_at_most(open_layers(io.BytesIO(body)), MAX_ITEM_BYTES) if is_packed(body) else body
