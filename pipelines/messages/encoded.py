"""Bytes as the tools of the world write them into text: in base64, or as a list of numbers."""

import base64
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
PYTHON_BYTES = re.compile(r"b(['\"])(.*)\1", re.DOTALL)  # what str() makes of bytes
BREAK = re.compile(r"\s+|\\[rn]")  # line breaks too that were escaped once too often
ARMOUR = re.compile(r"-----(?:BEGIN|END)[^-\r\n]*-----")  # of PEM
HEX = re.compile(r"(?:[0-9a-f]{2}){50,}|(?:[0-9A-F]{2}){50,}")  # too long to be in base64 by accident
PADDED = re.compile(r"[^=]+=*")
TWICE = re.compile(rb"\s*(?:[A-Za-z0-9+/]{60,100}\r?\n)*[A-Za-z0-9+/\r\n]{200,}={0,2}\s*")
TEXT_START = (b"<", b"\xef\xbb\xbf", b"\x1f\x8b")


def decode_base64(written: str) -> bytes:
    """Decode base64: wrapped or not, padded or not, with either alphabet, as a data URL, or twice. Raises ValueError.

    A page that was not encoded at all is returned as it is.
    """
    plain = written.strip("\0 \t\r\n\ufeff")
    if plain.startswith("<"):
        return plain.encode("utf-8", "surrogatepass")
    decoded = _decode(plain)
    if not TWICE.fullmatch(decoded):
        return decoded
    try:
        inner = _decode(decoded.decode())
    except ValueError:
        return decoded
    return inner if inner.lstrip().startswith(TEXT_START) else decoded


def read_bytes(value: Any) -> bytes | None:
    """Return the bytes in a JSON value that is no string, as Node, MongoDB and Java write them; else None."""
    match value:
        case {"type": "Buffer", "data": list(numbers)} | list(numbers) if numbers:
            is_bytes = all(type(number) is int and -128 <= number < 256 for number in numbers)
            return bytes(number % 256 for number in numbers) if is_bytes else None
        case {"$binary": {"base64": str(encoded)}} | {"$binary": str(encoded)}:
            return decode_base64(encoded)
        case _:
            return None


def _decode(written: str) -> bytes:
    plain = DATA_URL.sub("", written, count=1)
    if as_bytes := PYTHON_BYTES.fullmatch(plain):
        plain = as_bytes[2]
    if HEX.fullmatch(plain):
        return bytes.fromhex(plain)
    plain = unquote(ARMOUR.sub("", plain).strip("\"' \r\n"))
    if " " in plain and "\n" not in plain and not _is_wrapped(plain.split(" ")):
        plain = plain.replace(" ", "+")  # a form took each plus for a space
    plain = BREAK.sub("", plain).replace("-", "+").replace("_", "/")
    # Pieces that were encoded one by one are each padded.
    return b"".join(_decode_piece(piece.rstrip("=")) for piece in PADDED.findall(plain))


def _is_wrapped(pieces: Sequence[str]) -> bool:
    """Tell whether these are lines of the same length, but the last, or have breaks beside the spaces."""
    return len({len(piece) for piece in pieces[:-1]}) == 1 or any(
        piece != piece.strip() or not piece for piece in pieces
    )


def _decode_piece(piece: str) -> bytes:
    return base64.b64decode(piece + "=" * (-len(piece) % 4), validate=True)
