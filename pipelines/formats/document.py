"""The documents that a payload is unpacked into, and the bounds that hold for all payloads."""

from dataclasses import dataclass
from datetime import UTC, datetime

# Some 40,000 pages of 100 KB. Crawlers split their archives far below that; what is larger is taken for a bomb.
MAX_UNPACKED_BYTES = 4 * 1024**3
# A source of 1,000 articles a day brings three years in one file.
MAX_ITEMS = 1_000_000
# Lines, records and compressed members looked at, empty ones too: bounds the time that a file of nothing takes.
MAX_PARTS = 10 * MAX_ITEMS
# `x.jsonl.gz` sent through a channel that compresses is two; nobody needs three.
MAX_LAYERS = 2
# A JSON array is held whole while its elements are read one by one.
MAX_JSON_BYTES = 64_000_000
# A feed is held whole. libxml2 holds up to 55 bytes for each byte of a hostile one (nothing but attributes: 530 MB for
# 9.5 MB, measured).
MAX_FEED_BYTES = 5_000_000
# What is kept of what was refused, to see what it was.
EXCERPT_BYTES = 2_000
# What a server says about the use of a page, besides what stands in it.
RIGHTS_HEADERS = ("x-robots-tag", "tdm-reservation", "tdm-policy")


@dataclass(frozen=True, slots=True)
class Document:
    """One article candidate as it lay in a payload, undecoded; or, with a `reason`, a rejected item."""

    body: bytes = b""  # where there is a reason: the first bytes of what was refused
    media_type: str | None = None  # "text/html" | "text/plain"; None with a reason
    charset: str | None = None
    url: str | None = None
    source: str | None = None  # only where the payload itself names it
    event_id: str | None = None  # hash of the CloudEvents (source, id)
    entry_id: str | None = None  # hash of what its feed calls an entry, the same at each poll
    title: str | None = None  # this and the next three: what the sender says
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_precision: str | None = None  # of `published_at`; None for one that is exact
    language: str | None = None
    left_out: tuple[str, ...] = ()  # fields of which the sender said something that could not be read
    written_dates: tuple[str, ...] = ()  # of publication as the sender wrote it, where `published_at` cannot be told
    headers: tuple[tuple[str, str], ...] = ()  # of HTTP, names in lower case: those of RIGHTS_HEADERS
    reason: str | None = None  # a word of tables.items.REASONS
    detail: str | None = None


class Refused(Exception):
    """The rest of a payload cannot be read. Raised inside this package only; `unpack` makes it the last document."""

    def __init__(self, reason: str, detail: str, body: bytes = b"") -> None:
        super().__init__(detail)
        self.reason, self.detail, self.body = reason, detail, body


def reject(reason: str, detail: str, body: bytes = b"", url: str | None = None) -> Document:
    """Return what cannot be an article: its first bytes, and why not."""
    readable = detail[:200].encode("utf-8", "replace").decode()  # names taken from JSON may hold lone surrogates
    return Document(body=body[:EXCERPT_BYTES], url=url, reason=reason, detail=readable)


def convert_to_utc(moment: datetime | None) -> datetime | None:
    """Return the same moment in UTC; None for the first and last hours of the calendar, which may have none there."""
    try:
        return moment.astimezone(UTC) if moment is not None else None
    except OverflowError:
        return None
