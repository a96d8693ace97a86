"""What the demo hands in, and the envelope of a message."""

import json
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing the demo hands in: a message on the queue, or a file dropped in the inbox.

    A file goes with `dt` (the day) and `source` as object metadata. A message carries both inside, except a broken
    one, which may carry neither.
    """

    day: date  # the dt it is for
    name: str  # unique, e.g. "harbour-gazette/2026-03-02-ferry-strike.json"
    content: bytes  # the message body or the file's bytes
    by: str  # "message" or "file"
    expect: str  # what becomes of its items: "published", "duplicate" or "rejected"
    source: str  # the paper's host
    items: int = 1  # how many items it is unpacked into
    rejected: int = 0  # how many of the items are rejected although `expect` says "published"
    note: str = ""  # what is special or wrong about it


def event(identity: str, source: str, time: str, dt: str, data: object | None) -> bytes:
    """A CloudEvents 1.0 structured-mode message; without `data` if that is None."""
    envelope = {
        "specversion": "1.0",
        "id": identity,
        "source": f"https://{source}",
        "type": "org.copydesk.article.v1",
        "time": time,
        "dt": dt,
        "datacontenttype": "application/json",
    }
    return dump(envelope if data is None else envelope | {"data": data})


def dump(value: object) -> bytes:
    """JSON on one line, with letters as they are."""
    return json.dumps(value, ensure_ascii=False).encode()
