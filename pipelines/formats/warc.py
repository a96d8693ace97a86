"""Web archives (WARC 1.0 and 1.1): each page that was fetched is an item, and nothing else that a crawl holds.

Read here and not with warcio, which repairs in silence (a record cut off, a broken content encoding), prints, and
holds header lines of any length; the format itself is a few lines. Compression of the archive is layers.py's.
"""

import codecs
import io
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.formats import foreign, sniff
from pipelines.formats.document import MAX_PARTS, RIGHTS_HEADERS, Document, Refused, reject
from pipelines.formats.layers import CHUNK, is_packed, open_layers, read_at_most
from pipelines.formats.page import read_page
from pipelines.formats.sniff import Clues
from pipelines.text.limits import MAX_ITEM_BYTES

MAX_HEADER_BYTES = 64 * 1024  # of one record, or of one HTTP response; servers refuse more than 8 to 64 KiB
HTML = frozenset({"text/html", "application/xhtml+xml"})

HEAD_END = re.compile(rb"\r?\n\r?\n")
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,50}:[ \t]")
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")

START = re.compile(r"WARC/\d")

# Statuses of pages: also where a proxy has changed the page (203), and where a crawler resumed it at its start (206).
FETCHED = frozenset({"200", "203", "206"})
# Statuses behind which no page is: of what goes on (1xx), has no content (204, 205), or is elsewhere (3xx).
NO_PAGE = re.compile("1..|204|205|3..")
PICTURES = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\0\0\1\0", b"wOF", b"\0\0\0", b"%PDF-")
LOOKED_AT = 65_536  # bytes of a body, to see what it is
# Types that say nothing: a page among these is known by how it begins.
UNTYPED = frozenset({"", "text/plain", "application/octet-stream", "unknown/unknown"})

Headers = dict[str, str]


class Response(NamedTuple):
    """What a server answered."""

    status: str
    headers: Headers
    media_type: str
    charset: str | None
    body: bytes


def is_warc(clues: Clues) -> bool:
    """Tell whether this is a web archive: by its first bytes, or by its claim where they say nothing."""
    return START.match(clues.start) is not None or (clues.shape == "plain" and clues.claim == "warc")


def read_warc(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield an item for each response and resource record that holds a page.

    None are requests, metadata, revisits, redirects, and what pages are made with: images, styles, scripts, data, also
    where a server calls them HTML. Of an archive of texts (WET) each text is an item. A bad page is one rejected item,
    and so is that of an error. Where a record itself is damaged nothing behind it can be
    found: Refused.
    """
    for _ in range(MAX_PARTS):
        headers = _read_record_headers(stream)
        if headers is None:
            return
        length = headers.get("content-length", "")
        if not re.fullmatch("[0-9]{1,15}", length):
            raise Refused("broken", f"a WARC record of length {length!r}")
        kind = headers.get("warc-type", "").lower()
        if kind in {"response", "resource", "conversion"}:
            block = _read_block(stream, int(length))
            document = _read_text(headers, block) if kind == "conversion" else _read_record(headers, block, int(length))
            if document is not None:
                yield document
        else:
            _skip(stream, int(length))
    raise Refused("too_large", f"more than {MAX_PARTS} records")


def _read_record_headers(stream: io.BufferedReader) -> Headers | None:
    first = stream.readline(MAX_HEADER_BYTES).removeprefix(codecs.BOM_UTF8)
    while first in {b"\r\n", b"\n"}:
        first = stream.readline(MAX_HEADER_BYTES)
    if not first:
        return None
    if not first.startswith(b"WARC/"):
        raise Refused("broken", "no WARC record where one should begin", first)
    head = bytearray(first)
    while (line := stream.readline(MAX_HEADER_BYTES)) not in {b"\r\n", b"\n"}:
        head += line
        if not line or len(head) > MAX_HEADER_BYTES:
            raise Refused("broken", "the header of a WARC record does not end", bytes(head))
    return _parse_headers(bytes(head))


def _parse_headers(head: bytes) -> Headers:
    """Parse header lines: names in lower case, of a name given twice the first. A line may go on behind a blank."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace"))
    headers: Headers = {}
    for line in unfolded.splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _read_block(stream: io.BufferedReader, length: int) -> bytes:
    """Read a record's block and return its first bytes, as many as a page may have."""
    size = min(length, MAX_ITEM_BYTES + MAX_HEADER_BYTES)
    block = stream.read(size)
    if len(block) < size:
        raise Refused("broken", f"a WARC record of {length} bytes is cut off", block)
    _skip(stream, length - size)
    return block


def _skip(stream: io.BufferedReader, length: int) -> None:
    while length:
        skipped = len(stream.read(min(length, CHUNK)))
        if not skipped:
            raise Refused("broken", f"a WARC record is cut off, {length} bytes before its end")
        length -= skipped


def _read_text(headers: Headers, block: bytes) -> Document | None:
    """Read the text of a page that a tool has made from it."""
    media_type, charset = sniff.read_media_type(headers.get("content-type"))
    is_text = media_type == "text/plain" and bool(block.strip())
    return read_page(block, "text/plain", charset=charset or "utf-8", url=_read_address(headers)) if is_text else None


def _read_address(headers: Headers) -> str | None:
    return headers.get("warc-target-uri", "").removeprefix("<").removesuffix(">") or None


def _read_record(headers: Headers, block: bytes, length: int) -> Document | None:
    url = _read_address(headers)
    response = _read_response(headers, block)
    start = len(block) - len(response.body)
    block, length = response.body, length - start
    if not response.status and not sniff.is_page(block):
        return reject("broken", "no HTTP status and header", block, url)
    if not _is_html(response.media_type, block) or NO_PAGE.fullmatch(response.status):
        return None
    if headers.get("warc-segment-number"):
        return reject("broken", "a record in several segments", block, url)
    if response.status and response.status not in FETCHED:
        return reject("not_an_article", f"a page of status {response.status}", block, url)
    if length > MAX_ITEM_BYTES:
        return reject("too_large", f"a page of {length} bytes", block, url)
    try:
        body = _decode(block, response.headers)
    except Refused as refused:
        return reject(refused.reason, refused.detail, block, url)
    if _is_requisite(body):
        return None
    rights = tuple((name, response.headers[name]) for name in RIGHTS_HEADERS if name in response.headers)
    return read_page(body, "text/html", charset=response.charset, url=url, headers=rights)


def _read_response(headers: Headers, block: bytes) -> Response:
    """Take the status and header of HTTP off a record; one without them is the page itself."""
    media_type, charset = sniff.read_media_type(headers.get("content-type"))
    end = HEAD_END.search(block, 0, MAX_HEADER_BYTES)
    status = STATUS.match(block)
    is_http = media_type == "application/http" or (not media_type and status is not None)
    if not is_http or end is None or not (status or HEADER.match(block)):
        return Response("" if is_http else "200", {}, "" if is_http else media_type, charset, block)
    # Some tools write the header without the line of the status, which _parse_headers passes over.
    http = _parse_headers((b"" if status else b"\r\n") + block[: end.start()])
    media_type, charset = sniff.read_media_type(http.get("content-type"))
    return Response(status[1].decode() if status else "200", http, media_type, charset, block[end.end() :])


def _is_html(media_type: str, body: bytes) -> bool:
    return media_type.partition(",")[0].strip() in HTML or (media_type in UNTYPED and sniff.is_page(body))


def _is_requisite(body: bytes) -> bool:
    """Tell whether what a server calls HTML is none: nothing at all, a picture, data, a script, a feed, a list."""
    clues = sniff.collect_clues(body[:LOOKED_AT], None, None)
    if clues.shape == "markup":
        return clues.root != "html" and not sniff.is_fragment(clues) and clues.start.startswith("<?xml")
    is_data = clues.shape == "json" or body.startswith(PICTURES) or not body.strip()
    return is_data or (clues.shape == "plain" and foreign.find_foreign(clues.start, None, None) is not None)


def _decode(body: bytes, http: Headers) -> bytes:
    """Take transfer and content encoding off a page, unless the crawler already did so and kept the header."""
    if "chunked" in http.get("transfer-encoding", "").lower() and CHUNK_SIZE.match(body):
        body = _join_chunks(body)
    encodings = [e.strip() for e in http.get("content-encoding", "").lower().split(",")]
    for encoding in reversed([e for e in encodings if e not in {"", "identity"}][:3]):
        if encoding == "deflate":
            body = _inflate_any(body)
        elif is_packed(body):
            body = read_at_most(open_layers(io.BytesIO(body)), MAX_ITEM_BYTES)
        elif encoding in {"gzip", "x-gzip", "zstd"}:
            continue  # the crawler has done so
        elif not sniff.is_page(body):
            raise Refused("unknown_type", f"content-encoding {encoding}")
    return read_at_most(open_layers(io.BytesIO(body)), MAX_ITEM_BYTES) if is_packed(body) else body


def _join_chunks(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while size := CHUNK_SIZE.match(body, at):
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        part = body[size.end() : size.end() + length]
        if len(part) < length:
            break
        parts.append(part)
        at = size.end() + length
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    raise Refused("broken", "the chunked transfer is cut off")


def _inflate_any(body: bytes) -> bytes:
    """Inflate by either reading of `deflate`, as both are in use: zlib's, and the bare one."""
    if sniff.is_page(body):
        return body
    try:
        return _inflate(body, zlib.MAX_WBITS)
    except Refused as refused:
        if refused.reason != "broken":
            raise
        return _inflate(body, -zlib.MAX_WBITS)


def _inflate(body: bytes, window_bits: int) -> bytes:
    unpacker = zlib.decompressobj(window_bits)
    try:
        unpacked = unpacker.decompress(body, MAX_ITEM_BYTES + 1)
    except zlib.error as error:
        raise Refused("broken", f"content encoding: {error}") from error
    if len(unpacked) > MAX_ITEM_BYTES:
        raise Refused("too_large", f"a page of more than {MAX_ITEM_BYTES} bytes unpacked")
    if not unpacker.eof:
        raise Refused("broken", "content encoding: cut off")
    return unpacked
