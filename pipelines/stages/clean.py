"""raw → clean: payloads unpacked into items; each item readable, or with the reason why not. Drops nothing."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, BinaryIO

import pyarrow as pa

from pipelines.cleaning import Cleaned, clean_html, clean_text
from pipelines.formats import Document, unpack
from pipelines.messages import UNKNOWN_SOURCE, source_name
from pipelines.tables.ids import article_id, item_id
from pipelines.tables.items import ITEMS

ROWS = 500  # rows of one table: a file of any number of articles is cleaned in flat memory
EXCERPT = 500  # characters that show what was rejected; the whole of it is in raw

Delivery = Mapping[str, Any]  # one row of tables.raw.RAW
Item = dict[str, Any]  # one row of tables.items.ITEMS


def clean_items(deliveries: Iterable[tuple[Delivery, BinaryIO]]) -> Iterator[pa.Table]:
    """The items of deliveries, in their order, as tables of up to 500 rows of ITEMS; at least one table.

    Each delivery comes with its payload as a stream. A row has `text`, or a `reason`; row rules are applied.
    """
    rows: list[Item] = []
    for delivery, payload in deliveries:
        for index, document in enumerate(_documents(delivery, payload)):
            rows.append(_item(delivery, index, document))
            if len(rows) == ROWS:
                yield _checked(rows)
                rows = []
    yield _checked(rows)


def _documents(delivery: Delivery, payload: BinaryIO) -> Iterator[Document]:
    if delivery["problem"]:
        yield Document(body=payload.read(EXCERPT), reason=delivery["problem"], detail=delivery["detail"])
    else:
        yield from unpack(payload, delivery["name"], delivery["media_type"])


def _item(delivery: Delivery, index: int, document: Document) -> Item:
    source, url = document.source or delivery["source"], document.url
    if index == 0 and delivery["url"] and not url:  # the sender's address of a file is that of its one page
        url = delivery["url"]
    source = source or source_name(url) or UNKNOWN_SOURCE
    cleaned = _told(_cleaned(document, url), document)
    item: Item = {
        "item_id": item_id(delivery["delivery_id"], index),
        "article_id": article_id(source, url, delivery["raw_sha256"], index),
        "event_id": document.event_id,
        "source": source,
        "url": url,
        "received_at": delivery["received_at"],
        "media_type": document.media_type,
        "detail": document.detail,
        "delivery_id": delivery["delivery_id"],
        "raw_sha256": delivery["raw_sha256"],
        "item_index": index,
        **asdict(cleaned),
    }
    if cleaned.text is not None:
        item["content_sha256"] = hashlib.sha256(cleaned.text.encode()).hexdigest()
    if cleaned.reason is not None:
        item["excerpt"] = _readable(document.body[: 4 * EXCERPT].decode("utf-8", "replace"))[:EXCERPT]
    return item


def _cleaned(document: Document, url: str | None) -> Cleaned:
    if document.reason is not None:
        return Cleaned(reason=document.reason)
    if document.media_type == "text/html":
        return clean_html(document.body, document.charset, url)
    return clean_text(document.body, document.charset)


def _told(cleaned: Cleaned, document: Document) -> Cleaned:
    """What the sender says of an article goes before what the page says."""
    if document.title:
        cleaned = replace(cleaned, title=_readable(document.title))
    if document.authors:
        cleaned = replace(cleaned, authors=tuple(_readable(author) for author in document.authors))
    if document.published_at:
        cleaned = replace(
            cleaned, published_at=document.published_at, published_precision="second", published_from="sender"
        )
    if document.language:
        cleaned = replace(cleaned, language=document.language, language_score=None)
    return cleaned


def _readable(text: str) -> str:
    """Without what no table can hold or show: control characters and lone surrogates."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.encode("utf-8", "replace").decode().split())


def _checked(rows: list[Item]) -> pa.Table:
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
