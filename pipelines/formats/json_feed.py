"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1): each entry with content is an item."""

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from pipelines.formats.document import MAX_FEED_BYTES, Document, Refused, reject
from pipelines.formats.entry import read_entry
from pipelines.formats.entry_text import read_title
from pipelines.formats.json import read_item, read_utf8, split_elements, split_members, split_values
from pipelines.formats.sniff import Clues

VERSION = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/')  # PHP writes \/ for /

FEED_MEMBERS = ("authors", "author", "language", "feed_url", "home_page_url", "title")


def is_json_feed(clues: Clues) -> bool:
    """Tell whether this is an object with the version that every JSON Feed has."""
    return clues.shape == "json" and clues.start.startswith("{") and VERSION.search(clues.start) is not None


def read_json_feed(stream: io.BufferedReader) -> Iterator[Document]:
    """Yield the entries in the order of the feed. One without content is rejected, and so is one that is cut off.

    A feed may follow another.
    """
    for number, data in enumerate(split_values(read_utf8(stream, MAX_FEED_BYTES))):
        if number and VERSION.search(data.decode("utf-8", "replace")) is None:
            raise Refused("broken", "something stands after the feed", data)
        yield from _read_feed(data)


def _read_feed(data: bytes) -> Iterator[Document]:
    members = split_members(data)
    feed = {name: members.parse(name) for name in FEED_MEMBERS}
    for entry in split_elements(members.values.get("items", b"[]")):
        yield read_item(entry, partial(_read_entry, feed=feed))
    if members.fault is not None:
        raise members.fault


def _read_entry(entry: Any, data: bytes, feed: dict[str, Any]) -> Document:
    if not isinstance(entry, dict):
        return reject("not_an_article", "an entry that is no object", data)
    html, entry_id = _text(entry, "content_html"), _text(entry, "id")
    return read_entry(
        html or _text(entry, "content_text") or _text(entry, "summary"),
        is_html=bool(html),
        title=read_title(_text(entry, "title")),
        links=[_text(entry, "url"), entry_id if entry_id.startswith("http") else "", _text(entry, "external_url")],
        authors=_list_authors(entry) or _list_authors(feed),
        dates=[_text(entry, name) or _number(entry, name) for name in ("date_published", "date_modified")],
        languages=[_text(entry, "language"), _text(feed, "language")],
        base=_text(feed, "home_page_url") or _text(feed, "feed_url"),
        ids=(
            _text(feed, "feed_url") or _text(feed, "home_page_url") or _text(feed, "title"),
            entry_id or _number(entry, "id"),
        ),
    )


def _list_authors(fields: dict[str, Any]) -> list[str]:
    people = fields.get("authors") or [fields.get("author")]  # version 1.0 has one author
    if not isinstance(people, list):
        return []
    return [person if isinstance(person, str) else _text(person, "name") for person in people if person]


def _text(fields: Any, name: str) -> str:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _number(fields: dict[str, Any], name: str) -> str:
    """Return a number as text: ids should be strings, and are not everywhere."""
    value = fields.get(name)
    return str(value) if type(value) is int else ""
