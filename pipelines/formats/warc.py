"""Web archives (WARC 1.0 and 1.1): each page that was fetched with status 200 is an item.

Read here and not with warcio, which repairs in silence (a record cut off, a broken content encoding), prints, and
holds header lines of any length; the format itself is a few lines. Compression of the archive is layers.py's.
"""

import io
import re
import zlib
from collections.abc import Iterator

from pipelines.formats import sniff
from pipelines.formats.document import MAX_PARTS, RIGHTS_HEADERS, Document, Refused, reject
from pipelines.formats.layers import CHUNK, GZIP_FORMAT
from pipelines.formats.page import read_page
from pipelines.formats.sniff import Clues
from pipelines.text.limits import MAX_ITEM_BYTES

MAX_HEADER_BYTES = 64 * 1024  # of one record, or of one HTTP response; servers refuse more than 8 to 64 KiB
HTML = frozenset({"text/html", "application/xhtml+xml"})

HEAD_END = re.compile(rb"\r?\n\r?\n")
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")

START = re.compile(r"WARC/\d")

Headers = dict[str, str]


def is_warc(clues: Clues) -> bool:
    """Tell whether this is a web archive: by its first bytes, or by its claim where they say nothing."""
    return START.match(clues.start) is not None or (clues.shape == "plain" and clues.claim == "warc")


def read_warc(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield an item for each response and resource record; requests, metadata and revisits are none.

    A bad page is one rejected item. Where a record itself is damaged nothing behind it can be found: Refused.
    """
    for _ in range(MAX_PARTS):
        headers = _read_record_headers(stream)
        if headers is None:
            return
        length = headers.get("content-length", "")
        if not re.fullmatch("[0-9]{1,15}", length):
            raise Refused("broken", f"a WARC record of length {length!r}")
        if headers.get("warc-type", "").lower() in {"response", "resource"}:
            yield _read_record(headers, _read_block(stream, int(length)), int(length))
        else:
            _skip(stream, int(length))
    raise Refused("too_large", f"more than {MAX_PARTS} records")


def _read_record_headers(stream: io.BufferedReader) -> Headers | None:
    first = stream.readline(MAX_HEADER_BYTES)
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


def _read_record(headers: Headers, block: bytes, length: int) -> Document:
    url = headers.get("warc-target-uri", "").removeprefix("<").removesuffix(">") or None
    media_type, charset = sniff.read_media_type(headers.get("content-type"))
    if headers.get("warc-segment-number"):
        return reject("broken", "a record in several segments", block, url)
    if headers["warc-type"].lower() == "response":
        if media_type != "application/http":
            return reject("not_an_article", f"a response of type {media_type or 'unknown'}", block, url)
        status = STATUS.match(block)
        end = HEAD_END.search(block, 0, MAX_HEADER_BYTES)
        if status is None or end is None:
            return reject("broken", "no HTTP status and header", block, url)
        http = _parse_headers(block[: end.start()])
        block, length = block[end.end() :], length - end.end()
        media_type, charset = sniff.read_media_type(http.get("content-type"))
        if status[1] != b"200" or not _is_html(media_type, block):
            detail = f"status {status[1].decode()}, type {media_type or 'unknown'}"
            return reject("not_an_article", detail, block, url)
    else:
        http = {}
        if not _is_html(media_type, block):
            return reject("not_an_article", f"type {media_type or 'unknown'}", block, url)
    if length > MAX_ITEM_BYTES:
        return reject("too_large", f"a page of {length} bytes", block, url)
    try:
        body = _decode(block, http)
    except Refused as refused:
        return reject(refused.reason, refused.detail, block, url)
    rights = tuple((name, http[name]) for name in RIGHTS_HEADERS if name in http)
    return read_page(body, "text/html", charset=charset, url=url, headers=rights)


def _is_html(media_type: str, body: bytes) -> bool:
    return media_type in HTML or (not media_type and sniff.is_page(body))


def _decode(body: bytes, http: Headers) -> bytes:
    """Take transfer and content encoding off a page, unless the crawler already did so and kept the header."""
    if "chunked" in http.get("transfer-encoding", "").lower() and CHUNK_SIZE.match(body):
        body = _join_chunks(body)
    encodings = [e.strip() for e in http.get("content-encoding", "").lower().split(",")]
    for encoding in reversed([e for e in encodings if e not in {"", "identity"}][:3]):
        if encoding in {"gzip", "x-gzip"}:
            body = _inflate(body, GZIP_FORMAT) if body.startswith(b"\x1f\x8b") else body
        elif encoding == "deflate":
            body = _inflate_any(body)
        elif not sniff.is_page(body):
            raise Refused("unknown_type", f"content-encoding {encoding}")
    return body


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
