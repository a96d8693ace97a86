"""The parcels that the demo hands in, and the envelope of a message."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing the demo hands in: a message on the queue, or a file dropped in the inbox.

    A file goes with `dt` (the day) and `source` as object metadata. A message carries both inside, except a broken
    one, which may carry neither.
    """

    day: date  # the dt it is for
    name: str  # unique, e.g. "harbour-gazette/2026-03-02-ferry-strike.json"
    content: bytes  # the message body or the file's bytes
    by: Literal["message", "file"]
    expect: Literal["published", "duplicate", "rejected"]  # the outcome of its items
    source: str  # the paper's host
    items: int = 1  # how many items it is unpacked into
    rejected: int = 0  # how many of the items are rejected although `expect` says "published"
    note: str = ""  # why it is special or wrong


def make_event(identity: str, source: str, time: str, dt: str, data: object | None) -> bytes:
    """Return a CloudEvents 1.0 structured-mode message; without `data` if that is None."""
    envelope = {
        "specversion": "1.0",
        "id": identity,
        "source": f"https://{source}",
        "type": "org.copydesk.article.v1",
        "time": time,
        "dt": dt,
        "datacontenttype": "application/json",
    }
    return to_json(envelope if data is None else envelope | {"data": data})


def to_json(value: object) -> bytes:
    """Return JSON on one line, with letters as they are."""
    return json.dumps(value, ensure_ascii=False).encode()
