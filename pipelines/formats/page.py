"""HTML and plain text: the bytes of one article, whatever brought them."""

from datetime import datetime
from typing import Literal

from pipelines.formats import sniff
from pipelines.formats.document import Document, convert_to_utc, reject
from pipelines.text.limits import MAX_ITEM_BYTES, MAX_SENT_TEXT, MAX_SENT_URL

BLANK = b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf\xfe\xff"  # white space, in UTF-16 too, and byte order marks


def read_page(
    body: bytes,
    media_type: Literal["text/html", "text/plain"],
    *,
    charset: str | None = None,
    url: str | None = None,
    source: str | None = None,
    event_id: str | None = None,
    entry_id: str | None = None,
    title: str | None = None,
    authors: tuple[str, ...] = (),
    published_at: datetime | None = None,
    published_precision: str | None = None,
    language: str | None = None,
    left_out: tuple[str, ...] = (),
    written_dates: tuple[str, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> Document:
    """Return these bytes as an article candidate, with what the sender says of it; or the reason why they are none.

    What begins as a page is one, also where it is said to be text. A byte order mark overrules the `charset`.
    """
    url = url if url is not None and 0 < len(url) <= MAX_SENT_URL else None
    if not body.strip(BLANK):
        return reject("empty", "no bytes, or only white space", body, url)
    if len(body) > MAX_ITEM_BYTES:
        return reject("too_large", f"more than {MAX_ITEM_BYTES} bytes", body, url)
    if sniff.is_binary(body):
        return reject("unknown_type", f"bytes that are no text, said to be {media_type}", body, url)
    return Document(
        body=body,
        media_type="text/html" if sniff.is_page(body) else media_type,
        charset=sniff.find_bom(body) or sniff.find_wide(body) or charset,
        url=url,
        source=source,
        event_id=event_id,
        entry_id=entry_id,
        title=title[:MAX_SENT_TEXT] if title else None,
        authors=authors,
        published_at=convert_to_utc(published_at),
        published_precision=published_precision,
        language=language,
        left_out=left_out,
        written_dates=written_dates,
        headers=headers,
    )
