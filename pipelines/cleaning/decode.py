"""Bytes → characters: which encoding a document is in."""

import codecs
import re

from charset_normalizer import from_bytes

# What declares Latin-1 (or a subset) is read as its Windows superset, as browsers do.
_SUPERSET = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Encodings of the web only. Python knows others that are costly (punycode is quadratic) or no text at all.
_KNOWN = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "cp866", "cp874", "mac-roman", "mac-cyrillic"}
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949"}
    | {f"cp125{n}" for n in range(9)}
    | {f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)

META_BYTES = 4_096  # where an encoding may be declared; browsers look at 1,024, real pages are later at times
SAMPLE_BYTES = 16_384  # what is guessed from, starting at the first byte that is not ASCII
# Shares above which a reading is given up. Real pages hold the odd broken byte, cut in the middle of a character;
# a compressed file read as any single-byte encoding is one tenth control characters. One is always forgiven.
MAX_REPLACED = 0.01
MAX_CONTROLS = 0.01

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")


def decode(body: bytes, charset: str | None = None) -> str | None:
    """The document's characters, or None where no encoding makes text of it.

    Tried in order: byte order mark, valid UTF-8, `charset` (from a header), what the page declares, UTF-8 with
    broken bytes replaced, and a guess. Valid UTF-8 comes before declarations because it is no accident: other
    encodings hardly ever form it, and pages do declare wrongly.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _readable(body[len(mark) :], encoding)
    try:
        return _textual(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    declared = _META.search(body, 0, META_BYTES)
    for name in (charset, declared[1].decode("ascii", "replace") if declared else None, "utf-8"):
        text = _readable(body, _web_encoding(name))
        if text is not None:
            return text
    return _readable(body, _guess(body))


def _web_encoding(label: str | None) -> str | None:
    """Python's name of a declared encoding, None for one that the web does not use."""
    try:
        name: str = codecs.lookup((label or "").strip(" \"'")[:40]).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSET.get(name, name)
    return name if name in _KNOWN else None


def _guess(body: bytes) -> str | None:
    first = next(re.finditer(rb"[\x80-\xff]", body), None)
    start = max(first.start() - 1_000, 0) if first else 0
    best = from_bytes(body[start : start + SAMPLE_BYTES]).best()
    return _web_encoding(best.encoding) if best else None


def _readable(body: bytes, encoding: str | None) -> str | None:
    if encoding is None:
        return None
    text = body.decode(encoding, "replace")
    return _textual(text) if text.count("\ufffd") <= 1 + MAX_REPLACED * len(text) else None


def _textual(text: str) -> str | None:
    return text if len(_CONTROLS.findall(text)) <= 1 + MAX_CONTROLS * len(text) else None
