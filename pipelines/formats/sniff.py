"""What the first bytes of a payload tell, and what its name or media type claims where they leave it open.

The shape goes by the bytes: JSON by `{"` or `[{`; binary; markup by `<`; else plain. So a page named .txt is a page.
What would be plain and is claimed to be JSON has the shape of JSON: it may be damaged.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipelines.text.decode import is_mostly_utf8
from pipelines.text.encodings import guess_encoding

Claim = Literal["html", "text", "lines", "json", "xml", "warc"]
Shape = Literal["json", "markup", "plain", "binary"]

LOOKED_AT = 4096
# Compressed data has some 11 % of these bytes (28 of 256), text of any 8-bit or multi-byte encoding none; dirty pages
# have one here and there.
CONTROL = bytes(b for b in range(32) if b not in b"\t\n\x0b\x0c\r\x1b\x1a")
MAX_CONTROL_SHARE = 0.03
# Those whose first kilobytes may be printable.
BINARY_MAGIC = (b"%PDF-", b"{\\rtf", b"BZh", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xfd7zXZ")
BOMS = {  # the longer mark first, as it begins like the shorter
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip

WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
NARROW = re.compile(rb'\s*(?:\{\s*"|\[\s*[{"\[]|<[!?a-zA-Z][ -~])')  # JSON or markup of one byte a character
MIN_ASCII_SHARE = 0.02  # spaces, digits, line ends: Chinese news has some 5 %

PACKED = (".gz", ".gzip", ".zst", ".zstd")
SUFFIXES: dict[str, Claim] = {
    "html": "html", "htm": "html", "xhtml": "html",
    "txt": "text", "text": "text",
    "jsonl": "lines", "ndjson": "lines",
    "xml": "xml", "rss": "xml", "atom": "xml", "rdf": "xml",
    "json": "json",
    "warc": "warc",
}  # fmt: skip
MEDIA_TYPES: dict[str, Claim] = {
    "text/html": "html", "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/json": "json",
    "application/x-ndjson": "lines", "application/jsonl": "lines", "application/x-jsonlines": "lines",
    "application/xml": "xml", "text/xml": "xml",
    "application/warc": "warc",
}  # fmt: skip
FAMILIES: dict[str, Claim] = {"json": "json", "xml": "xml"}  # what ends in +json or +xml

PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
ROOT = re.compile(r"<(?:!doctype\s+|(?:[\w.-]+:)?)([\w.-]+)", re.IGNORECASE)
# Warnings and remarks that a script on the server printed before its feed.
LATE_FEED = re.compile(
    r"(?=<|(?:PHP )?(?:Warning|Notice|Deprecated)\b)(?!<html|<!doctype html|<\?xml)[^\0]{1,4000}?"
    r"(?P<feed><\?xml[^>]*\?>(?:\s|<!--.*?-->|<\?.*?\?>)*+<(?:rss|feed|rdf:rdf)\b)",
    re.IGNORECASE | re.DOTALL,
)
# Elements with which the inside of a page begins; a drawing may stand before it.
FRAGMENTS = frozenset(
    (
        "body", "main", "article", "section", "header", "div", "p", "h1", "h2", "h3", "span", "ul", "ol", "figure",
        "blockquote", "table", "br", "hr", "em", "strong", "b", "i", "a", "img",
    )
)  # fmt: skip
BLOCK = re.compile(r"</(?:p|div|article|section|h[1-3]|li|blockquote)\s*>", re.IGNORECASE)
MAX_BEFORE = 8_000  # characters in which such a feed is looked for
JSON = re.compile(r'\{\s*["}]|\[\s*[{\]]')


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known about a payload before it is read."""

    start: str  # its first bytes, decoded, without white space before them
    shape: Shape
    root: str  # the name of the first element, in lower case; empty where there is no markup
    claim: Claim | None  # what its name says, or else its media type


class MediaType(NamedTuple):
    """A media type without its parameters, and the charset among them."""

    plain: str
    charset: str | None


def collect_clues(head: bytes, name: str | None, media_type: str | None) -> Clues:
    """Return what is known about the payload that begins with `head`."""
    start = _decode(head).lstrip()
    start = cut_before_feed(start)
    claim = _read_claim(name, media_type)
    shape: Shape = "plain"
    if JSON.match(start):
        shape = "json"
    elif is_binary(head):
        shape = "binary"
    elif start.startswith("<"):
        shape = "markup"
    elif claim in {"json", "lines"}:
        shape = "json"
    return Clues(start, shape, _find_root(start) if shape == "markup" else "", claim)


def cut_before_feed(text: str) -> str:
    """Return the text of a feed without what its server printed before it; any other text as it is."""
    late = LATE_FEED.match(text, 0, MAX_BEFORE)
    return text[late.start("feed") :] if late else text


def sniff_page(clues: Clues) -> Literal["text/html", "text/plain"] | None:
    """Return the type of a payload that is one article by itself; None for what is no text, and for unknown XML."""
    if clues.shape == "binary":
        return None
    if clues.root == "html":
        return "text/html"
    if clues.start.startswith("<?xml") or clues.claim == "xml":
        return None
    if clues.claim == "text":
        return "text/plain"
    return "text/html" if clues.shape == "markup" or clues.claim == "html" else "text/plain"


def is_fragment(clues: Clues) -> bool:
    """Tell whether markup begins as the inside of a page does, with elements of HTML alone."""
    is_known = clues.root in FRAGMENTS or clues.root == "svg"
    return is_known and BLOCK.search(clues.start) is not None


def is_binary(head: bytes) -> bool:
    """Tell whether these are the first bytes of a picture, an office file, an archive or the like."""
    if find_bom(head) is not None or find_wide(head) is not None:
        return False
    looked_at = head[:LOOKED_AT]
    controls = len(looked_at) - len(looked_at.translate(None, CONTROL))
    return looked_at.startswith(BINARY_MAGIC) or controls > MAX_CONTROL_SHARE * len(looked_at)


def is_page(head: bytes) -> bool:
    """Tell whether this begins as only an HTML page does, whatever it is called."""
    start = _decode(head[:LOOKED_AT]).lstrip()
    return start.startswith("<") and _find_root(start) == "html"


def find_bom(head: bytes) -> str | None:
    """Return the encoding that a byte order mark gives."""
    return next((encoding for mark, encoding in BOMS.items() if head.startswith(mark)), None)


def find_wide(head: bytes) -> str | None:
    """Return the encoding of text whose characters have two or four bytes each: by its mark, or by its zeros."""
    if (marked := find_bom(head)) is not None:
        return marked if marked != "utf-8" else None
    looked_at = head[: LOOKED_AT - LOOKED_AT % 4]
    if b"\0" not in looked_at or looked_at.startswith(BINARY_MAGIC) or NARROW.match(looked_at):
        return None
    return next((encoding for encoding in WIDE if _is_text_in(looked_at, encoding)), None)


def find_old(head: bytes) -> str | None:
    """Return the encoding of text that is not in UTF-8; None for UTF-8, also where a few bytes are bad."""
    try:
        codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(head)  # whose last character may be cut off
    except UnicodeDecodeError:
        return None if is_mostly_utf8(head) else guess_encoding(head)
    return None


def _is_text_in(head: bytes, encoding: str) -> bool:
    """Tell whether bytes are nothing but written characters in an encoding, with ASCII (so, zeros) among them."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    is_written = all(c in "\t\n\r\x0c" or unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs"} for c in text)
    ascii_count = sum(c.isascii() for c in text)
    return is_written and "\ufffd" not in text and ascii_count > MIN_ASCII_SHARE * len(text)


def read_media_type(media_type: str | None) -> MediaType:
    """Take a media type apart; all of it in lower case."""
    plain, _, parameters = (media_type or "").lower().partition(";")
    _, _, charset = parameters.partition("charset=")
    return MediaType(plain.strip(), charset.split(";")[0].strip("\"' \t")[:40] or None)


def _decode(head: bytes) -> str:
    text = head.decode(find_bom(head) or find_wide(head) or "utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n")  # servers' scripts print lines before the mark


def _read_claim(name: str | None, media_type: str | None) -> Claim | None:
    stem = (name or "").lower()
    for suffix in PACKED:
        stem = stem.removesuffix(suffix)
    plain = read_media_type(media_type).plain
    by_family = FAMILIES.get(plain.rpartition("+")[2]) if "+" in plain else None
    return SUFFIXES.get(stem.rpartition(".")[2]) or MEDIA_TYPES.get(plain) or by_family


def _find_root(start: str) -> str:
    """Return the name of the first element of markup, in lower case; that of a doctype counts."""
    prolog = PROLOG.match(start)
    root = ROOT.match(start, prolog.end() if prolog else 0)
    return root[1].lower() if root else ""
