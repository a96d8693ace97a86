"""Bytes as a stream of bounded size: compression taken off, and long things read without being held.

Compression is known by its first bytes, never by a name. Several gzip members or zstd frames one after the other are
one stream (web archives are written so); anything else behind the last one is damage, and is reported.
"""

import codecs
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import zstandard

from pipelines.formats.document import MAX_LAYERS, MAX_PARTS, MAX_UNPACKED_BYTES, Refused

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK = 64 * 1024
HEAD = 1024 * 1024  # what can be peeked at: enough for the first line of nearly every JSONL file
# A zstd block of 4 bytes can unpack to 128 KiB, and the library gives all that a piece unpacks to: at most 8 MiB.
ZSTD_PIECE = 256
GZIP_PIECE = 4096  # small, as what is left of it is copied at the end of each member
ZSTD_WINDOW = 64 * 1024**2  # zstd's own decoder refuses more than 128 MiB; levels up to 19 need 8 MiB

GZIP_FORMAT = 16 + zlib.MAX_WBITS  # with the header and checksum of gzip
GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"


class Chunks(io.RawIOBase):
    """A file made of the chunks that an iterator gives; what the iterator raises comes after the bytes before it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self._error: Refused | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view):
            if not self._rest and not self._fill():
                break
            piece = self._rest[: len(view) - filled]
            view[filled : filled + len(piece)] = piece
            self._rest = self._rest[len(piece) :]
            filled += len(piece)
        if not filled and self._error is not None:
            raise self._error
        return filled

    def _fill(self) -> bool:
        if self._error is None:
            try:
                self._rest = memoryview(next(self._chunks, b""))
            except Refused as refused:
                self._error = refused
        return bool(self._rest)


def is_packed(head: bytes) -> bool:
    """Tell whether these are the first bytes of something compressed with gzip or zstd."""
    return head.startswith((GZIP, ZSTD))


def open_layers(stream: BinaryIO) -> io.BufferedReader:
    """Return the stream without its compression. Reading may raise Refused: broken, too_large or too_deep."""
    layer = _buffer(_read_chunks(stream))
    for _ in range(MAX_LAYERS):
        unpacked = _unpack_layer(layer)
        if unpacked is None:
            return layer
        layer = _buffer(unpacked)
    if _unpack_layer(layer) is not None:
        raise Refused("too_deep", f"compressed more than {MAX_LAYERS} times", peek(layer))
    return layer


def recode(layer: io.BufferedReader, encoding: str) -> io.BufferedReader:
    """Return a stream of text in UTF-8, with its byte order mark: that overrules what the text says of itself."""
    return _buffer(_recode_chunks(layer, encoding))


def _recode_chunks(layer: io.BufferedReader, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield codecs.BOM_UTF8
    while piece := layer.read1(CHUNK):
        if text := decoder.decode(piece).removeprefix("\ufeff"):
            yield text.encode("utf-8", "replace")
    if rest := decoder.decode(b"", final=True):
        yield rest.encode("utf-8", "replace")


def peek(stream: io.BufferedReader) -> bytes:
    """Return the first bytes of a stream of which nothing was read yet: all, or as much as HEAD. May raise Refused."""
    return stream.peek(HEAD)[:HEAD]


def read_at_most(stream: io.BufferedReader, limit: int) -> bytes:
    """Return the rest of the stream. Raises Refused, with its beginning, for more than `limit` bytes and for damage."""
    parts: list[bytes] = []
    size = 0
    try:
        while part := stream.read1(CHUNK):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise Refused("too_large", f"more than {limit} bytes")
    except Refused as refused:
        raise Refused(refused.reason, refused.detail, b"".join(parts[:1])) from refused
    return b"".join(parts)


def _buffer(chunks: Iterator[bytes]) -> io.BufferedReader:
    return io.BufferedReader(Chunks(_limit_size(chunks)), HEAD)


def _limit_size(chunks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_UNPACKED_BYTES:
            raise Refused("too_large", f"more than {MAX_UNPACKED_BYTES} bytes unpacked")
        yield chunk


def _unpack_layer(layer: io.BufferedReader) -> Iterator[bytes] | None:
    magic = peek(layer)[:4]
    if magic.startswith(GZIP):
        return _gunzip(layer)
    if magic == ZSTD or (magic[1:] == b"\x2a\x4d\x18" and 0x50 <= magic[0] <= 0x5F):  # a frame, or one to be skipped
        return _decompress_zstd(layer)
    return None


def _read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _gunzip(layer: io.BufferedReader) -> Iterator[bytes]:
    member, begun, rest = zlib.decompressobj(GZIP_FORMAT), False, b""
    members = 0
    while piece := rest or layer.read1(GZIP_PIECE):
        if not begun:
            piece = piece.lstrip(b"\0")  # padding, as block devices need it
        try:
            unpacked = member.decompress(piece, CHUNK) if piece else b""
        except zlib.error as error:
            raise Refused("broken", f"gzip: {error}") from error
        begun, rest = begun or bool(piece), member.unconsumed_tail
        if member.eof:
            rest, begun, members = member.unused_data, False, _count_member(members)
            member = zlib.decompressobj(GZIP_FORMAT)
        if unpacked:
            yield unpacked
    if begun:
        raise Refused("broken", "gzip: the last member is cut off")


def _decompress_zstd(layer: io.BufferedReader) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    frame, begun, rest = decompressor.decompressobj(), False, b""
    frames = 0
    while piece := rest or layer.read1(ZSTD_PIECE):
        try:
            unpacked = frame.decompress(piece)
        except zstandard.ZstdError as error:
            raise Refused("broken", f"zstd: {error}") from error
        begun, rest = True, b""
        if frame.eof:
            rest, begun, frames = frame.unused_data, False, _count_member(frames)
            frame = decompressor.decompressobj()
        if unpacked:
            yield unpacked
    if begun:
        raise Refused("broken", "zstd: the last frame is cut off")


def _count_member(members: int) -> int:
    """Return one more; refuse where there are so many that they can only be there to take time."""
    if members == MAX_PARTS:
        raise Refused("too_large", f"more than {MAX_PARTS} compressed members")
    return members + 1
