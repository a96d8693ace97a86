"""Deliveries that must be rejected, each for a reason of its own."""

import gzip
from datetime import date
from hashlib import shake_256
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from demo.parcel import Parcel, make_event, to_json

FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
GAZETTE, DISPATCH, BOTE = "harbour-gazette.example", "alder-dispatch.example", "seeufer-bote.example"
# Far above any article, and made when it is needed: nobody wants 11 MB of it in the repository.
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


def list_broken_parcels() -> list[Parcel]:
    """Return all of them, for all days."""
    return _make_broken_messages() + _make_broken_files()


def _make_broken_messages() -> list[Parcel]:
    def make_article(day: date, source: str, slug: str, note: str, **content: object) -> Parcel:
        fetched_at = f"{day}T21:00:00Z"
        data = {"url": f"https://{source}/{day:%Y/%m/%d}/{slug}", "source": source, "fetched_at": fetched_at}
        return make_message(
            day, source, slug, note, make_event(f"broken-{slug}", source, fetched_at, str(day), data | content)
        )

    def make_message(day: date, source: str, slug: str, note: str, content: bytes) -> Parcel:
        return Parcel(day, f"broken/{day}-{slug}", content, "message", "rejected", source, note=note)

    undelivered = make_event("broken-no-data", BOTE, f"{SECOND}T21:00:00Z", str(SECOND), None)
    whole = make_event("broken-cut-off", DISPATCH, f"{FIRST}T21:00:00Z", str(FIRST), {"text": FINE_TEXT})
    bare = to_json({"headline": "Baths to open at six", "body": FINE_TEXT})
    future = make_event("broken-future", GAZETTE, f"{THIRD}T21:00:00Z", "2999-01-01", {
        "url": f"https://{GAZETTE}/2026/03/04/baths-at-six", "source": GAZETTE, "text": FINE_TEXT,
    })  # fmt: skip
    return [
        make_message(FIRST, DISPATCH, "not-json", "not JSON: cut off in the middle", whole[: len(whole) // 2]),
        make_message(SECOND, BOTE, "not-an-event", "JSON, but not a CloudEvent", bare),
        make_message(SECOND, BOTE, "no-data", "a CloudEvent without data", undelivered),
        make_message(THIRD, GAZETTE, "future-dt", "dt lies in the future", future),
        make_article(FIRST, GAZETTE, "neither-html-nor-text", "neither html nor text", title="Baths to open at six"),
        make_article(SECOND, DISPATCH, "empty-text", "the text is empty", title="Baths to open at six", text=" \n\n "),
        make_article(FIRST, GAZETTE, "only-navigation", "a page of links, without an article", html=MENU_PAGE),
    ]


def _make_broken_files() -> list[Parcel]:
    def make_file(day: date, source: str, name: str, note: str, content: bytes) -> Parcel:
        return Parcel(day, f"broken/{day}-{name}", content, "file", "rejected", source, note=note)

    packed = gzip.compress(to_json({"url": f"https://{BOTE}/baths", "text": FINE_TEXT}), mtime=0)
    return [
        make_file(FIRST, BOTE, "minutes.docx", "a file type that is not read", _make_docx()),
        make_file(SECOND, GAZETTE, "front.html", "a picture that is named .html", PNG_HEADER + _make_noise(2000)),
        make_file(THIRD, BOTE, "archive.jsonl.gz", "gzip, cut off in the middle", packed[: len(packed) // 2]),
        make_file(FIRST, DISPATCH, "empty.txt", "an empty file", b""),
        make_file(SECOND, DISPATCH, "noise.txt", "binary noise that is named .txt", _make_noise(4096)),
        make_file(THIRD, DISPATCH, "oversized.txt", "larger than a text may be", _make_oversized()),
    ]


def _make_noise(size: int) -> bytes:
    return shake_256(b"noise").digest(size)


def _make_oversized() -> bytes:
    paragraph = FINE_TEXT.encode() + b"\n\n"
    return (paragraph * (OVERSIZED_BYTES // len(paragraph) + 1))[:OVERSIZED_BYTES]


def _make_docx() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:  # ZipInfo's own date is fixed: 1980
        archive.writestr(ZipInfo("[Content_Types].xml"), "<Types/>")
        archive.writestr(ZipInfo("word/document.xml"), f"<w:document>{FINE_TEXT}</w:document>")
    return out.getvalue()
