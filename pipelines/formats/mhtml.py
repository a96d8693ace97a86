"""MHTML (RFC 2557): a page as browsers save it with all that it is made of; the page is an item."""

import io
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32

from pipelines.formats.document import MAX_JSON_BYTES, Document, Refused
from pipelines.formats.layers import read_at_most
from pipelines.formats.page import read_page
from pipelines.formats.sniff import Clues
from pipelines.formats.warc import HTML

HEADER = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,50}:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
RELATED = re.compile(r"^Content-Type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)

# Python's parser compares each line with the boundaries of all parts around it, and takes the square of the time for
# the parameters of one header. Browsers write two levels, and lines of 76 characters.
MULTIPART = re.compile(rb"^Content-Type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
MAX_MULTIPARTS = 20
MAX_LINES = 2_000_000
MAX_HEADER = 10_000  # characters of one line of a header


class _ShortHeaders(Compat32):
    """Cuts what is too long for a header."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_HEADER]


SHORT_HEADERS = _ShortHeaders()


def is_mhtml(clues: Clues) -> bool:
    """Tell whether this begins with the header of parts that belong together, as a saved page does."""
    header = HEADER.match(clues.start) if clues.shape == "plain" else None
    return header is not None and RELATED.search(header[0]) is not None


def read_mhtml(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield the page: the part that is named as the one saved, else the first that is HTML. Frames in it are none."""
    data = read_at_most(stream, MAX_JSON_BYTES)
    if data.count(b"\n") > MAX_LINES:
        raise Refused("too_large", f"more than {MAX_LINES} lines", data)
    if sum(1 for _ in MULTIPART.finditer(data)) > MAX_MULTIPARTS:
        raise Refused("too_deep", "parts within parts", data)
    try:
        saved = message_from_bytes(data, policy=SHORT_HEADERS)
        pages = [part for part in saved.walk() if part.get_content_type() in HTML]
    except RecursionError as error:
        raise Refused("too_deep", "parts within parts", data) from error
    address = _read_header(saved, "snapshot-content-location")
    page = next((page for page in pages if address and _read_header(page, "content-location") == address), None)
    if page is None and not pages:
        raise Refused("not_an_article", "a saved page without its HTML", data)
    page = page or pages[0]
    body = page.get_payload(decode=True)
    yield read_page(
        body if isinstance(body, bytes) else b"",
        "text/html",
        charset=page.get_content_charset(),
        url=address or _read_header(page, "content-location"),
    )


def _read_header(part: Message, name: str) -> str | None:
    value = re.sub(r"\s+", "", str(part.get(name, "")))
    return value if value.startswith(("http://", "https://")) else None
