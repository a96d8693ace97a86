"""Send articles to Copydesk: those that fit go onto the queue in an envelope, all others through the inbox."""

import base64
import hashlib
import io
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pipelines.cleaning import clean_html
from pipelines.errors import BadInput
from pipelines.formats.sniff import is_binary
from pipelines.messages import (
    CLOUDEVENTS,
    MAX_MESSAGE_BYTES,
    UNKNOWN_SOURCE,
    CloudEvent,
    EventBatch,
    Unreadable,
    derive_source_name,
    read_message,
)
from pipelines.messages.names import ADDRESS
from pipelines.messages.reading import FIRST_DAY
from pipelines.paths import INBOX
from pipelines.raw.items import unpack_items
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.tables.ids import file_delivery_id, hash_id
from pipelines.tables.items import REASONS

MAX_METADATA_URL = 1_500  # S3 takes 2 KB of metadata a file, with source and dt in it
# Files that are one article each: suffix → the field of the envelope that holds the body.
PAGES = {".html": "html_base64", ".htm": "html_base64", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a file was sent: the queue, with its MessageId, or the inbox, with its key; and the id of its delivery."""

    where: Literal["queue", "inbox"]
    name: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class _Handover:
    """A file to be sent, with what the sender says about it."""

    path: Path
    data: bytes
    source: str | None
    url: str | None
    dt: date | None

    @property
    def body_field(self) -> str | None:
        """The field of an envelope that holds the body; None for a file that is not one page."""
        return PAGES.get(self.path.suffix.lower())

    @property
    def day(self) -> str | None:
        return self.dt.isoformat() if self.dt else None


def send_file(
    store: Store, queue: Queue | None, path: Path, source: str | None, url: str | None, dt: date | None
) -> Sent:
    """Send one file: a page or an envelope goes onto the queue if it fits there, everything else into the inbox.

    The queue is notified of a file in the inbox (a claim check), so that nobody has to wait for the next sweep. A file
    that is sent again is known as the same. Raises BadInput.
    """
    handover = _Handover(path, path.read_bytes(), source, url, dt)
    message = _build_message(handover)
    if message is not None and handover.body_field is None and (source or url):
        raise BadInput(f"{path} is a message that names its own source and URL; send it without --source and --url")
    if queue is not None and message is not None and len(message.encode()) <= MAX_MESSAGE_BYTES:
        message_id = queue.send(message, handover.day)
        return Sent("queue", message_id, message_id)
    key = _upload(store, _complete(handover, message))
    if queue is not None:
        queue.send(_build_notice(store.bucket, key))
    return Sent("inbox", key, file_delivery_id(key, store.read_info(key).etag))


def find_source(path: Path, source: str | None, url: str | None) -> str | None:
    """Return the publisher of a file that is to be sent: as given, or as the page or its first record names it.

    None if nothing names it. Raises BadInput if the file cannot be read, is empty, or holds nothing that can be an
    article, and for a name or an address that cannot be used: ingest would reject it a day later.
    """
    if source and (name := derive_source_name(source)) is None:
        raise BadInput(f"{source[:100]!r} is no name of a publisher; give its host, such as example.com")
    if url and not ADDRESS.match(url):
        raise BadInput(f"{url[:100]!r} is no address of an article; give one that begins with https://")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); nothing was sent") from None
    if not data.strip():
        raise BadInput(f"{path} is empty; nothing was sent")
    stated = _read_stated_source(path, data)
    return name if source else derive_source_name(url) or stated


def find_past_day(dt: date, today: date) -> date | None:
    """Return the day that a file is to name; None for today, to which it belongs anyway. Raises BadInput for others."""
    if not FIRST_DAY <= dt <= today:
        raise BadInput(
            f"--dt {dt} is no day for articles; give one from {FIRST_DAY} to today, {today} (UTC), or leave it out:"
            " then the file counts for the day on which it is received"
        )
    return None if dt == today else dt


def _read_stated_source(path: Path, data: bytes) -> str | None:
    """Return the publisher that a file itself names. Raises BadInput if no article can be in it."""
    field = _Handover(path, data, None, None, None).body_field
    if field is not None:
        if is_binary(data):
            kind = "page" if field == "html_base64" else "text"
            raise BadInput(f"{path} is no {kind}; send pages, texts or feeds; nothing was sent")
        return derive_source_name(clean_html(data).canonical_url) if field == "html_base64" else None
    is_message = _read_as_message(data) is not None
    if is_message and not isinstance(read_message(data), CloudEvent | EventBatch):
        return None  # word of files; what is in them is not known here
    delivery = {"source": None, "url": None, "problem": None, "detail": None, "name": path.name}
    items = unpack_items({**delivery, "media_type": CLOUDEVENTS if is_message else None}, io.BytesIO(data))
    first = next(items)
    item = first if first.document.reason is None else next((i for i in items if i.document.reason is None), None)
    if item is None:
        reason = first.document.reason or ""
        raise BadInput(
            f"{path} holds no article: {reason}, {first.document.detail or REASONS[reason]}; nothing was sent"
        )
    return item.source if item.source != UNKNOWN_SOURCE else None


def ascii_metadata(value: str) -> str:
    """Percent-encode what is not ASCII in a URL or name, so that object metadata can hold it."""
    return quote(value, safe=":/?&=%+,;@!~*'()[]#$")


def _build_message(handover: _Handover) -> str | None:
    """Return the message that a file is, or can be put into; None if it has to go through the inbox."""
    field = handover.body_field
    if field is None:
        return _read_as_message(handover.data)
    article: dict[str, str] = {}
    if field == "html_base64":
        article[field] = base64.b64encode(handover.data).decode()
    else:
        try:
            article[field] = handover.data.decode()
        except UnicodeDecodeError:
            return None
    article |= {name: value for name, value in (("source", handover.source), ("url", handover.url)) if value}
    event = {
        "specversion": "1.0",
        "id": _derive_id(replace(handover, dt=None)),
        "source": handover.source or handover.url or UNKNOWN_SOURCE,
        "type": "org.copydesk.article.v1",
        **({"dt": handover.day} if handover.dt else {}),
        "datacontenttype": "application/json",
        "data": article,
    }
    return json.dumps(event, ensure_ascii=False)


def _complete(handover: _Handover, message: str | None) -> _Handover:
    """Add source and day from the envelope in the file: read only when it is unpacked, they would come too late."""
    if message is None or not isinstance(event := read_message(message), CloudEvent):
        return handover
    return replace(handover, source=handover.source or event.publisher, dt=handover.dt or event.dt)


def _upload(store: Store, handover: _Handover) -> str:
    """Put a file into the inbox, with its source, URL and day as metadata; return its key. Raises BadInput."""
    url = handover.url or ""
    if len(url) > MAX_METADATA_URL:
        raise BadInput(
            f"{handover.path}: a URL of {len(url)} characters does not fit into the metadata of a file in the inbox,"
            f" which takes {MAX_METADATA_URL}; send a shorter URL, or none"
        )
    publisher = derive_source_name(handover.source) or derive_source_name(url) or UNKNOWN_SOURCE
    key = f"{INBOX}{publisher}/{_derive_id(handover)[:16]}-{handover.path.name}"
    known = publisher if publisher != UNKNOWN_SOURCE else None
    metadata = {"source": known, "url": handover.url, "dt": handover.day}
    store.upload(
        key, io.BytesIO(handover.data), {name: ascii_metadata(value) for name, value in metadata.items() if value}
    )
    return key


def _derive_id(handover: _Handover) -> str:
    """Derive the id by which a file sent again is known: from its bytes, and what the sender says about it."""
    digest = hashlib.sha256(handover.data).hexdigest()
    return hash_id("sent", digest, handover.source, handover.url, handover.day)


def _read_as_message(data: bytes) -> str | None:
    try:
        read_message(data)
    except Unreadable:
        return None
    return data.decode()


def _build_notice(bucket: str, key: str) -> str:
    """Build the notification of a file, in the form in which S3 itself sends it."""
    entity = {"bucket": {"name": bucket}, "object": {"key": quote(key)}}
    return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": entity}]})
