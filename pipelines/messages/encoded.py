"""Base64 as the tools of the world write it."""

import base64
import re

DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
PYTHON_BYTES = re.compile(r"b(['\"])(.*)\1", re.DOTALL)  # what str() makes of bytes
BREAK = re.compile(r"\s+|\\[rn]")  # line breaks too that were escaped once too often
PADDED = re.compile(r"[^=]+=*")


def decode_base64(written: str) -> bytes:
    """Decode base64: wrapped or not, padded or not, with either alphabet, as a data URL. Raises ValueError."""
    plain = DATA_URL.sub("", written.strip().removeprefix("\ufeff"), count=1)
    if as_bytes := PYTHON_BYTES.fullmatch(plain):
        plain = as_bytes[2]
    plain = BREAK.sub("", plain).replace("-", "+").replace("_", "/")
    # Pieces that were encoded one by one are each padded.
    return b"".join(_decode_piece(piece.rstrip("=")) for piece in PADDED.findall(plain))


def _decode_piece(piece: str) -> bytes:
    return base64.b64decode(piece + "=" * (-len(piece) % 4), validate=True)
