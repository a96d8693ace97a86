"""raw → clean: payloads unpacked into items; each item readable, or with the reason why not. Drops nothing."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, BinaryIO

import pyarrow as pa

from pipelines.cleaning import Cleaned, clean_html, clean_text
from pipelines.cleaning.profiles.profile import Profile
from pipelines.formats import Document
from pipelines.raw.items import Delivery, Item, unpack_items
from pipelines.tables.ids import article_id, item_id
from pipelines.tables.items import EXCERPT, ITEMS

ROWS = 500  # rows of one table: a file of any number of articles is cleaned in flat memory

NO_PROFILES: Mapping[str, Profile] = MappingProxyType({})

Row = dict[str, Any]  # one row of tables.items.ITEMS


def clean_items(
    deliveries: Iterable[tuple[Delivery, BinaryIO]], profiles: Mapping[str, Profile] = NO_PROFILES
) -> Iterator[pa.Table]:
    """The items of deliveries, in their order, as tables of up to 500 rows of ITEMS; at least one table.

    Each delivery comes with its payload as a stream; `profiles` has what was learnt of sources, by name. A row has
    `text`, or a `reason`; row rules are applied.
    """
    rows: list[Row] = []
    for delivery, payload in deliveries:
        for item in unpack_items(delivery, payload):
            rows.append(_row(delivery, item, profiles.get(item.source)))
            if len(rows) == ROWS:
                yield _checked(rows)
                rows = []
    yield _checked(rows)


def _row(delivery: Delivery, item: Item, profile: Profile | None) -> Row:
    document = item.document
    detail = document.detail
    try:
        read = Cleaned(reason=document.reason) if document.reason else _cleaned(document, item.url, profile)
    except Exception as error:  # noqa: BLE001  a defect of ours must not keep a day of other articles from its readers
        read, detail = Cleaned(reason="failed"), _readable(f"{type(error).__name__}: {error}")[:EXCERPT]
    cleaned = _told(read, document)
    row: Row = {
        "item_id": item_id(delivery["delivery_id"], item.index),
        "article_id": article_id(item.source, item.url, delivery["raw_sha256"], item.index),
        "event_id": document.event_id,
        "source": item.source,
        "url": item.url,
        "received_at": delivery["received_at"],
        "media_type": document.media_type,
        "detail": detail,
        "delivery_id": delivery["delivery_id"],
        "raw_sha256": delivery["raw_sha256"],
        "item_index": item.index,
        **asdict(cleaned),
        "published_from": cleaned.found_in.get("published_at"),
        "found_in": [{"field": field, "found_in": place} for field, place in sorted(cleaned.found_in.items())],
    }
    if cleaned.text is not None:
        row["content_sha256"] = hashlib.sha256(cleaned.text.encode()).hexdigest()
    if cleaned.reason is not None:
        row["excerpt"] = _readable(document.body[: 4 * EXCERPT].decode("utf-8", "replace"))[:EXCERPT]
    return row


def _cleaned(document: Document, url: str | None, profile: Profile | None) -> Cleaned:
    if document.media_type == "text/html":
        return clean_html(document.body, document.charset, url, profile, dict(document.headers))
    return clean_text(document.body, document.charset, profile)


def _told(cleaned: Cleaned, document: Document) -> Cleaned:
    """What the sender says of an article goes before what the page says."""
    told: dict[str, Any] = {}
    if document.title:
        told["title"] = _readable(document.title)
    if document.authors:
        told["authors"] = tuple(_readable(author) for author in document.authors)
    if document.published_at:
        told["published_at"] = document.published_at
    if document.language:
        told["language"] = document.language
    found_in = {**cleaned.found_in, **dict.fromkeys(told, "sender")}
    if document.published_at:
        told |= {"published_precision": "second", "published_zone": None}
    if document.language:
        told["language_score"] = None
    return replace(cleaned, **told, found_in=found_in)


def _readable(text: str) -> str:
    """Without what no table can hold or show: control characters and lone surrogates."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.encode("utf-8", "replace").decode().split())


def _checked(rows: list[Row]) -> pa.Table:
    """Rows as a table, those that break a row rule with that as their reason."""
    table = pa.Table.from_pylist(rows, ITEMS.schema)
    broken = ITEMS.broken(table)
    if not any(broken):
        return table
    for row, rule in zip(rows, broken, strict=True):
        if rule is not None and row["reason"] is None:
            excerpt = _readable((row["text"] or "")[: 4 * EXCERPT])[:EXCERPT]
            row |= {"reason": "row_rule", "detail": rule, "excerpt": excerpt, "text": None, "content_sha256": None}
    return pa.Table.from_pylist(rows, ITEMS.schema)
