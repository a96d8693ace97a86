"""Bytes → characters, in the encoding that a document is in."""

import codecs
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from charset_normalizer import from_bytes

from pipelines.text.encodings import guess_encoding
from pipelines.text.mojibake import repair_mojibake, repair_old_encoding

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
    "iso2022_jp": "iso2022_jp_ext",
}
# Labels of the WHATWG encoding standard (section 4.2) that Python does not know, nor after `_list_spellings`.
_LABELS = {
    "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8": "utf-8",
    "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff": "utf-16-le",
    "unicodefffe": "utf-16-be",
    "csiso88596e csiso88596i iso-8859-6-e iso-8859-6-i": "iso8859-6",
    "sun_eu_greek": "iso8859-7",
    "csiso88598e csiso88598i iso-8859-8-e iso-8859-8-i logical visual": "iso8859-8",
    "csisolatin9": "iso8859-15",
    "koi koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "csmacintosh mac": "mac-roman",
    "x-mac-ukrainian": "mac-cyrillic",
    "dos-874": "cp874",
    "csgb2312 gb_2312 gb_2312-80": "gb18030",
    "cn-big5 x-x-big5": "big5hkscs",
    "cseucpkdfmtjapanese": "euc_jp",
    "windows-31j": "cp932",
    "cseuckr csksc56011987 iso-ir-149 ks_c_5601-1989 ksc_5601": "cp949",
}
_NAME_OF = {label: name for labels, name in _LABELS.items() for label in labels.split()}
# Encodings of the web only. Python knows others that are costly (punycode is quadratic) or no text at all.
_KNOWN = frozenset(
    {
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "hz",
        "utf-7",
        "koi8-r",
        "koi8-u",
        "cp866",
        "cp874",
        "mac-roman",
        "mac-cyrillic",
        "cp850",
        "cp852",
    }
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp_ext", "cp932", "cp949"}
    | {f"cp125{n}" for n in range(9)}
    | {f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as that of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings whose bytes may be valid UTF-8 as well, with what then shows that they are meant: their shifts to another
# character set, or several ASCII characters with the NULs between them.
_SHIFT, _HZ_SHIFT = re.compile(rb"\x1b(?:\$[@B(]|\([IJ])"), re.compile(rb"~\{")
_WIDE16 = re.compile(rb"(?:[^\0]\0){4}|(?:\0[^\0]){4}")
_WIDE32 = re.compile(rb"(?:[^\0]\0{3}){2}|(?:\0{3}[^\0]){2}")
_SHIFTED = re.compile(rb"\+[A-Za-z0-9/+]{3,}-?")
MIN_SHIFTED = 8  # runs
MIN_SHIFTED_BYTES = 60  # or in fewer runs
MIN_OF_SCRIPT = 0.6  # of the characters in them
_JAPANESE = frozenset(("HIRAGANA", "KATAKANA"))
_SIGNS = {
    "utf-7": _SHIFTED,
    "iso2022_jp_ext": _SHIFT,
    "hz": _HZ_SHIFT,
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), _WIDE16),
    **dict.fromkeys(("utf-32", "utf-32-le", "utf-32-be"), _WIDE32),
}
_MARK_AFTER_SPACE = re.compile(rb"\A\s+\xef\xbb\xbf")  # scripts on the server print a line before the page
# Two characters beside <, > and their like that are bytes of no double-byte encoding, so markup can be found undecoded.
_SCRIPT = re.compile(rb"<(script|style)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(rb"<(?:/?[a-zA-Z]|![a-zA-Z])[^<>]*>")  # not CDATA, which holds text
_SCRIPT_TEXT, _TAG_TEXT = (re.compile(form.pattern.decode(), form.flags | re.UNICODE) for form in (_SCRIPT, _TAG))
_LANGUAGE = re.compile(rb"<html[^>]{0,300}?\slang\s*=\s*[\"']?\s*([a-zA-Z]{2})(?![a-zA-Z])", re.IGNORECASE)
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")  # surrogates (CESU-8: Java, MySQL)
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_BROKEN_RUN = re.compile("[\udc80-\udcff]+")
_CUT = frozenset((b"\xc2", b"\xc3", b"\xe2", b"\xf0"))  # where UTF-8 was cut in two, what most often stays behind
_META = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|\A\s*<\?xml[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)

META_BYTES = 4_096  # where an encoding may be declared; browsers look at 1,024, real pages are later at times
SAMPLE_BYTES = 16_384  # what is guessed from, starting at the first byte that is not ASCII
# Shares above which a reading is given up. Real pages hold the odd broken byte, cut in the middle of a character;
# a compressed file read as any single-byte encoding is one tenth control characters. One is always forgiven.
MAX_REPLACED = 0.01
MAX_CONTROLS = 0.01

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")


class Decoded(NamedTuple):
    """The characters of a document, or the reason why there are none: a word of tables.items.REASONS."""

    text: str | None
    reason: str | None = None


def decode_document(body: bytes, charset: str | None, max_bytes: int) -> Decoded:
    """Decode a document of a size that an article may have."""
    if len(body) > max_bytes:
        return Decoded(None, "too_large")
    if not body.strip():
        return Decoded(None, "empty")
    text = decode_and_mend(body, charset)
    return Decoded(text, None if text is not None else "not_text")


def decode_and_mend(body: bytes, charset: str | None) -> str | None:
    """Decode a document, and mend in it what had been decoded wrongly before."""
    text = decode(body, charset)
    if text is None or text.isascii():
        return text
    return repair_mojibake(repair_old_encoding(text, _strip_tags))


def _strip_tags(text: str) -> str:
    return _TAG_TEXT.sub(" ", _SCRIPT_TEXT.sub(" ", text))


def decode(body: bytes, charset: str | None = None) -> str | None:
    """Return the document's characters, or None where no encoding makes text of it.

    Tried in order: byte order mark, what is declared where the bytes bear it out though they are valid UTF-8, and UTF-8
    where the text is in it, which is no accident: other encodings hardly ever form it. What is none of these is in the
    encoding in which it is likeliest a language; `charset` (from a header) and what the page declares decide doubts
    only, for pages do declare wrongly, and most encodings give a character for each byte.
    """
    body = _MARK_AFTER_SPACE.sub(codecs.BOM_UTF8, body, count=1)
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _decode_as(encoding, body[len(mark) :])
    declared = (_find_web_encoding(charset), _find_declared(body))
    # The shifts of the last two are declarations of their own.
    for candidate in (*declared, "iso2022_jp_ext", find_shifting(body)):
        if candidate in _SIGNS and _SIGNS[candidate].search(body):
            text = _decode_as(candidate, body)
            if text is not None:
                return text
    for written in (body, _PAIR.sub(_join_surrogates, body)):
        try:
            return _refuse_controls(written.decode("utf-8"))
        except UnicodeDecodeError:
            continue
    return _decode_old(written, declared)


def find_shifting(body: bytes) -> str | None:
    """Return UTF-7 where a text of ASCII is in it: what is shifted decodes without an error, to letters of one script.

    Any text may have a plus sign. So many letters behind several of them are no accident.
    """
    if not body.isascii() or b"+" not in body:
        return None
    runs = _SHIFTED.findall(_strip_markup(body))
    if len(runs) < MIN_SHIFTED and sum(map(len, runs)) < MIN_SHIFTED_BYTES:
        return None
    try:
        return "utf-7" if _measure_script(b" ".join(runs).decode("utf-7")) >= MIN_OF_SCRIPT else None
    except UnicodeDecodeError:
        return None


def _measure_script(text: str) -> float:
    """Return the share of the letters of one script among all characters; the three of Japanese are one."""
    names = (unicodedata.name(c, " ").split(" ")[0] for c in text if c.isalpha() and not c.isascii())
    scripts = Counter("CJK" if name in _JAPANESE else name for name in names)
    return max(scripts.values(), default=0) / max(len("".join(text.split())), 1)


def _decode_old(body: bytes, declared: tuple[str | None, ...]) -> str | None:
    """Decode what is not valid UTF-8 throughout, by the text that a reader sees."""
    seen = _strip_markup(body)
    if not _HIGH.search(seen):
        seen = body
    if is_mostly_utf8(seen):
        return _refuse_controls(_mend_utf8(body))
    tag = _LANGUAGE.search(body, 0, META_BYTES)
    likeliest = guess_encoding(seen, declared, tag[1].decode().lower() if tag else None)
    for candidate in (likeliest, *declared):
        text = _decode_as(candidate, body)
        if text is not None:
            return text
    return _decode_as(_guess_unknown(seen), body)


def _strip_markup(body: bytes) -> bytes:
    """Return the bytes of a page that its reader sees: no scripts, no tags."""
    return _TAG.sub(b" ", _SCRIPT.sub(b" ", body))


def is_mostly_utf8(body: bytes) -> bool:
    """Return whether more characters are written as UTF-8 than there are bytes that it does not know."""
    whole = len(body.decode("utf-8", "ignore"))
    broken = len(body.decode("utf-8", "surrogateescape")) - whole
    return whole - len(body.translate(None, _HIGH_BYTES)) > broken


def _mend_utf8(body: bytes) -> str:
    """Decode UTF-8 in which bytes are broken: single ones are Windows' characters from another hand, if they can be."""
    return _BROKEN_RUN.sub(_mend_run, body.decode("utf-8", "surrogateescape"))


def _mend_run(run: re.Match[str]) -> str:
    written = run[0].encode("utf-8", "surrogateescape")
    return written.decode("cp1252", "replace") if len(written) == 1 and written not in _CUT else "\ufffd"


def _join_surrogates(pair: re.Match[bytes]) -> bytes:
    return pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _find_declared(body: bytes) -> str | None:
    """Return the encoding that a page declares, unless its bytes cannot be in it."""
    declaration = _META.search(body, 0, META_BYTES)
    encoding = _find_web_encoding(declaration[1].decode("ascii", "replace")) if declaration else None
    if encoding and encoding.startswith(("utf-16", "utf-32")):
        return None  # what reads as ASCII is neither
    return encoding


def _find_web_encoding(label: str | None) -> str | None:
    """Return Python's name of a declared encoding, None for one that the web does not use."""
    for spelling in _list_spellings((label or "").strip(" \"'")[:40].lower()):
        try:
            name: str = codecs.lookup(spelling).name
        except (LookupError, ValueError):
            continue
        name = _SUPERSET.get(name, name)
        return name if name in _KNOWN else None
    return None


def _list_spellings(label: str) -> tuple[str, ...]:
    """Return a label as it is, and as Python may know it."""
    plain = label.removeprefix("x-").replace("windows-", "cp")
    return _NAME_OF.get(label, label), plain, re.sub(r"^iso8859(?=\d)", "iso8859-", plain)


def _guess_unknown(seen: bytes) -> str | None:
    """Return the encoding of a language that encodings.py does not know."""
    first = _HIGH.search(seen)
    start = max(first.start() - 1_000, 0) if first else 0
    best = from_bytes(seen[start : start + SAMPLE_BYTES]).best()
    return _find_web_encoding(best.encoding) if best else None


def _decode_as(encoding: str | None, body: bytes) -> str | None:
    """Return the characters of bytes in an encoding, or None where too many are broken or no text."""
    if encoding is None:
        return None
    if encoding in ("utf-16", "utf-32"):
        encoding += "-be" if _is_big_endian(body, int(encoding[-2:]) // 8) else "-le"
    text = body.decode(encoding, "replace")
    return _refuse_controls(text) if text.count("\ufffd") <= 1 + MAX_REPLACED * len(text) else None


def _refuse_controls(text: str) -> str | None:
    """Return the text, or None where it has more control characters than a text does."""
    return text if len(_CONTROLS.findall(text)) <= 1 + MAX_CONTROLS * len(text) else None


def _is_big_endian(body: bytes, width: int) -> bool:
    """Return whether characters of so many bytes begin with NULs more often than they end so.

    On a draw the little end comes first, as browsers have it.
    """
    start = body[:SAMPLE_BYTES]
    return start[::width].count(0) > start[width - 1 :: width].count(0)
