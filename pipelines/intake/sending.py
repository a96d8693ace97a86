"""Handing articles in: one that fits goes onto the queue in an envelope, everything else through the inbox."""

import base64
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from pipelines.errors import BadInput
from pipelines.messages import (
    MAX_MESSAGE_BYTES,
    UNKNOWN_SOURCE,
    CloudEvent,
    Unreadable,
    derive_source_name,
    read_message,
)
from pipelines.paths import INBOX
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id

MAX_METADATA_URL = 1_500  # S3 takes 2 KB of metadata a file, with source and dt in it
PAGES = {".html": "html_base64", ".htm": "html_base64", ".txt": "text"}  # files that are one article each


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a file: "queue" with the MessageId, or "inbox" with the key."""

    where: str
    name: str


def send_file(
    store: Store, queue: Queue | None, path: Path, source: str | None, url: str | None, dt: date | None
) -> Sent:
    """Hand in one file. An article of one page, or an envelope, goes onto the queue if it fits there.

    Other files, and those that are too large, go into the inbox; the queue then gets word of them (a claim check), so
    that nobody has to wait for the next sweep. The same file sent again is known as the same. Raises BadInput.
    """
    data = path.read_bytes()
    message = _envelope(path, data, source, url, dt)
    if message is not None and path.suffix.lower() not in PAGES and (source or url):
        raise BadInput(f"{path} is a message already, and says itself what its source and URL are")
    if queue is not None and message is not None and len(message.encode()) <= MAX_MESSAGE_BYTES:
        return Sent("queue", queue.send(message, dt.isoformat() if dt else None))
    if message is not None and isinstance(event := read_message(message), CloudEvent):
        source, dt = source or event.publisher, dt or event.dt  # read inside, they would come too late for its day
    name = derive_source_name(source) or derive_source_name(url) or UNKNOWN_SOURCE
    key = f"{INBOX}{name}/{_identity(data, source, url, dt)[:16]}-{path.name}"
    metadata = {"source": name if name != UNKNOWN_SOURCE else None, "url": url, "dt": dt.isoformat() if dt else None}
    if len(url or "") > MAX_METADATA_URL:
        raise BadInput(f"{path}: a URL of {len(url or '')} characters does not fit beside a file in the store")
    store.upload(key, io.BytesIO(data), {k: ascii_metadata(v) for k, v in metadata.items() if v})
    if queue is not None:
        queue.send(_notice(store.bucket, key))
    return Sent("inbox", key)


def ascii_metadata(value: str) -> str:
    """A URL or name as object metadata can hold it: what is not ASCII is percent-encoded."""
    return quote(value, safe=":/?&=%+,;@!~*'()[]#$")


def _envelope(path: Path, data: bytes, source: str | None, url: str | None, dt: date | None) -> str | None:
    """The message that a file is or can be put into; None for one that has to go through the inbox."""
    body = PAGES.get(path.suffix.lower())
    if body is None:
        return _as_message(data)
    article: dict[str, str] = {}
    if body == "html_base64":
        article[body] = base64.b64encode(data).decode()
    else:
        try:
            article[body] = data.decode()
        except UnicodeDecodeError:
            return None
    article |= {name: value for name, value in (("source", source), ("url", url)) if value}
    event = {
        "specversion": "1.0",
        "id": _identity(data, source, url, None),
        "source": source or url or UNKNOWN_SOURCE,
        "type": "org.copydesk.article.v1",
        **({"dt": dt.isoformat()} if dt else {}),
        "datacontenttype": "application/json",
        "data": article,
    }
    return json.dumps(event, ensure_ascii=False)


def _identity(data: bytes, source: str | None, url: str | None, dt: date | None) -> str:
    """What makes a file handed in the same one: its bytes, and what is said of it."""
    return hash_id("sent", hashlib.sha256(data).hexdigest(), source, url, str(dt) if dt else None)


def _as_message(data: bytes) -> str | None:
    try:
        read_message(data)
    except Unreadable:
        return None
    return data.decode()


def _notice(bucket: str, key: str) -> str:
    """Word of a file in the form in which S3 itself would give it."""
    entity = {"bucket": {"name": bucket}, "object": {"key": quote(key)}}
    return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": entity}]})
