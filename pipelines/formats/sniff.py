"""What a payload is, by its first bytes; what its name or media type says decides only where the bytes do not.

In this order: web archive (pictures may lie in one); JSON by `{"` or `[{`; binary; markup by its first element (a feed,
a page, other XML); then what was said; then text. So a page named .txt is a page, and a text named .html is left to the
page reader.
"""

import codecs
import re
from typing import Literal

Kind = Literal["warc", "feed", "html", "text", "json", "lines", "unknown"]

LOOKED_AT = 4096
# Compressed data has some 11 % of these bytes (28 of 256), text of any 8-bit or multi-byte encoding none; dirty pages
# have one here and there.
CONTROL = bytes(b for b in range(32) if b not in b"\t\n\x0b\x0c\r\x1b\x1a")
MAX_CONTROL_SHARE = 0.03
# Those whose first kilobytes may be printable.
BINARY_MAGIC = (b"%PDF-", b"{\\rtf", b"BZh", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xfd7zXZ")
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

PACKED = (".gz", ".gzip", ".zst", ".zstd")
SUFFIXES: dict[str, str] = {
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("txt", "text"), "text"),
    **dict.fromkeys(("jsonl", "ndjson"), "lines"),
    **dict.fromkeys(("xml", "rss", "atom", "rdf"), "xml"),
    "json": "json",
    "warc": "warc",
}
MEDIA_TYPES: dict[str, str] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/json": "json",
    **dict.fromkeys(("application/x-ndjson", "application/jsonl", "application/x-jsonlines"), "lines"),
    **dict.fromkeys(("application/xml", "text/xml"), "xml"),
    "application/warc": "warc",
}

PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
ROOT = re.compile(r"<(?:!doctype\s+|(?:[\w.-]+:)?)([\w.-]+)", re.IGNORECASE)
JSON = re.compile(r'\{\s*["}]|\[\s*[{\]]')
WARC = re.compile(r"WARC/\d")


def sniff_kind(head: bytes, name: str | None, media_type: str | None) -> Kind:
    """The kind of the payload that begins with `head`."""
    said = _said(name, media_type)
    start = _text(head).lstrip()
    if WARC.match(start):
        return "warc"
    if JSON.match(start):
        return _json(start, said)
    if is_binary(head):
        return "unknown"
    if start.startswith("<"):
        return _markup(start, said)
    match said:
        case "warc":
            return "warc"
        case "xml":
            return "unknown"
        case "json" | "lines":
            return _json(start, said)
    return "html" if said == "html" else "text"


def is_binary(head: bytes) -> bool:
    """Whether these are the first bytes of a picture, an office file, an archive or the like."""
    if find_bom(head) is not None:
        return False
    looked_at = head[:LOOKED_AT]
    controls = len(looked_at) - len(looked_at.translate(None, CONTROL))
    return looked_at.startswith(BINARY_MAGIC) or controls > MAX_CONTROL_SHARE * len(looked_at)


def is_page(head: bytes) -> bool:
    """Whether this begins as only an HTML page does, whatever it is called."""
    start = _text(head[:LOOKED_AT]).lstrip()
    return start.startswith("<") and _markup(start, "text") == "html"


def find_bom(head: bytes) -> str | None:
    """The encoding that a byte order mark gives."""
    return next((encoding for mark, encoding in BOMS.items() if head.startswith(mark)), None)


def strip_media_type(media_type: str | None) -> tuple[str, str | None]:
    """A media type without its parameters, and the charset among them."""
    plain, _, parameters = (media_type or "").lower().partition(";")
    _, _, charset = parameters.partition("charset=")
    return plain.strip(), charset.split(";")[0].strip("\"' \t")[:40] or None


def _text(head: bytes) -> str:
    return head.decode(find_bom(head) or "utf-8", "replace").removeprefix("\ufeff")


def _said(name: str | None, media_type: str | None) -> str | None:
    stem = (name or "").lower()
    for suffix in PACKED:
        stem = stem.removesuffix(suffix)
    plain, _ = strip_media_type(media_type)
    by_family = "json" if plain.endswith("+json") else "xml" if plain.endswith("+xml") else None
    return SUFFIXES.get(stem.rpartition(".")[2]) or MEDIA_TYPES.get(plain) or by_family


def _markup(start: str, said: str | None) -> Kind:
    prolog = PROLOG.match(start)
    root = ROOT.match(start, prolog.end() if prolog else 0)
    element = root[1].lower() if root else ""
    if element in {"rss", "feed", "rdf"}:
        return "feed"
    if element == "html":
        return "html"
    if start.startswith("<?xml") or said == "xml":
        return "unknown"
    return "text" if said == "text" else "html"


def _json(start: str, said: str | None) -> Kind:
    if start.startswith("["):
        return "json"
    if said == "lines":
        return "lines"
    first, newline, rest = start.partition("\n")
    is_lines = newline and first.rstrip().endswith("}") and rest.lstrip().startswith("{")
    return "lines" if is_lines else "json"
