"""Deliveries that must be refused, each for a reason of its own."""

import gzip
from datetime import date
from hashlib import shake_256
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from demo.parcel import Parcel, dump, event

FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
GAZETTE, DISPATCH, BOTE = "harbour-gazette.example", "alder-dispatch.example", "seeufer-bote.example"
# Far above any article, and made when asked for: nobody wants 11 MB of it in the repository.
OVERSIZED_BYTES = 11 * 2**20
PNG_HEADER = bytes.fromhex("89504e470d0a1a0a0000000d49484452000001900000010e0802000000")
FINE_TEXT = (
    "The swimming baths in Rope Walk will open an hour earlier from Monday, at six, so that people on the early shift "
    "can have a swim before work. The council will try it until the end of May.\n\n"
    "Forty regulars had asked for it in a letter, which reached the town hall slightly damp."
)
MENU_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Sport | Harbour Gazette</title></head>
<body>
<nav><ul>
  <li><a href="/local">Local</a></li> <li><a href="/business">Business</a></li> <li><a href="/sport">Sport</a></li>
  <li><a href="/world">World</a></li> <li><a href="/tides">Tide tables</a></li> <li><a href="/login">Sign in</a></li>
</ul></nav>
<main></main>
<footer><a href="/about">About us</a> <a href="/privacy">Privacy</a> <a href="/terms">Terms of use</a></footer>
</body>
</html>
"""


def broken_parcels() -> list[Parcel]:
    """All of them, for all days."""
    return _broken_messages() + _broken_files()


def _broken_messages() -> list[Parcel]:
    def article(day: date, source: str, slug: str, note: str, **content: object) -> Parcel:
        fetched_at = f"{day}T21:00:00Z"
        data = {"url": f"https://{source}/{day:%Y/%m/%d}/{slug}", "source": source, "fetched_at": fetched_at}
        return message(day, source, slug, note, event(f"broken-{slug}", source, fetched_at, str(day), data | content))

    def message(day: date, source: str, slug: str, note: str, content: bytes) -> Parcel:
        return Parcel(day, f"broken/{day}-{slug}", content, "message", "rejected", source, note=note)

    undelivered = event("broken-no-data", BOTE, f"{SECOND}T21:00:00Z", str(SECOND), None)
    whole = event("broken-cut-off", DISPATCH, f"{FIRST}T21:00:00Z", str(FIRST), {"text": FINE_TEXT})
    bare = dump({"headline": "Baths to open at six", "body": FINE_TEXT})
    future = event("broken-future", GAZETTE, f"{THIRD}T21:00:00Z", "2999-01-01", {
        "url": f"https://{GAZETTE}/2026/03/04/baths-at-six", "source": GAZETTE, "text": FINE_TEXT,
    })  # fmt: skip
    return [
        message(FIRST, DISPATCH, "not-json", "not JSON: cut off in the middle", whole[: len(whole) // 2]),
        message(SECOND, BOTE, "not-an-event", "JSON, but not a CloudEvent", bare),
        message(SECOND, BOTE, "no-data", "a CloudEvent without data", undelivered),
        message(THIRD, GAZETTE, "future-dt", "dt lies in the future", future),
        article(FIRST, GAZETTE, "neither-html-nor-text", "neither html nor text", title="Baths to open at six"),
        article(SECOND, DISPATCH, "empty-text", "the text is empty", title="Baths to open at six", text=" \n\n "),
        article(FIRST, GAZETTE, "only-navigation", "a page of links, without an article", html=MENU_PAGE),
    ]


def _broken_files() -> list[Parcel]:
    def file(day: date, source: str, name: str, note: str, content: bytes) -> Parcel:
        return Parcel(day, f"broken/{day}-{name}", content, "file", "rejected", source, note=note)

    packed = gzip.compress(dump({"url": f"https://{BOTE}/baths", "text": FINE_TEXT}), mtime=0)
    return [
        file(FIRST, BOTE, "minutes.docx", "a file type that is not read", _docx()),
        file(SECOND, GAZETTE, "front.html", "a picture that is named .html", PNG_HEADER + _noise(2000)),
        file(THIRD, BOTE, "archive.jsonl.gz", "gzip, cut off in the middle", packed[: len(packed) // 2]),
        file(FIRST, DISPATCH, "empty.txt", "an empty file", b""),
        file(SECOND, DISPATCH, "noise.txt", "binary noise that is named .txt", _noise(4096)),
        file(THIRD, DISPATCH, "oversized.txt", "larger than a text may be", _oversized()),
    ]


def _noise(size: int) -> bytes:
    return shake_256(b"noise").digest(size)


def _oversized() -> bytes:
    paragraph = FINE_TEXT.encode() + b"\n\n"
    return (paragraph * (OVERSIZED_BYTES // len(paragraph) + 1))[:OVERSIZED_BYTES]


def _docx() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:  # ZipInfo's own date is fixed: 1980
        archive.writestr(ZipInfo("[Content_Types].xml"), "<Types/>")
        archive.writestr(ZipInfo("word/document.xml"), f"<w:document>{FINE_TEXT}</w:document>")
    return out.getvalue()
