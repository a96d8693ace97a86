"""raw → clean: payloads are unpacked into items; each gets a text, or the reason why it has none. Drops nothing."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, BinaryIO

import pyarrow as pa

from pipelines.cleaning import Cleaned, clean_html, clean_text
from pipelines.cleaning.addresses import sanitize_url
from pipelines.cleaning.dates import MIN_YEAR
from pipelines.cleaning.profiles.profile import Profile
from pipelines.cleaning.sent_authors import read_sent_authors
from pipelines.cleaning.sent_dates import parse_sent_date
from pipelines.cleaning.text import join_lines
from pipelines.formats import Document
from pipelines.raw.items import Delivery, Item, unpack_items
from pipelines.tables.ids import article_id, item_id
from pipelines.tables.items import EXCERPT, ITEMS
from pipelines.text.escapes import strip_tags, unescape_text
from pipelines.text.mojibake import count_broken, repair_old_encoding

# A date this far after the article was received is a typing error or that of an event. Magazines date an issue some
# months ahead; a history load may name an earlier day than that on which its articles appeared.
AHEAD = timedelta(days=180)
ROWS = 500  # rows of one table: a file of any number of articles is cleaned in flat memory

NO_PROFILES: Mapping[str, Profile] = MappingProxyType({})

Row = dict[str, Any]  # one row of tables.items.ITEMS


def clean_items(
    deliveries: Iterable[tuple[Delivery, BinaryIO]], profiles: Mapping[str, Profile] = NO_PROFILES
) -> Iterator[pa.Table]:
    """Yield the items of deliveries, in their order, as tables of up to 500 rows of ITEMS; at least one table.

    Each delivery comes with its payload as a stream; `profiles` are those of sources, by name. A row has a `text` or
    a `reason`, and row rules are applied.
    """
    rows: list[Row] = []
    for delivery, payload in deliveries:
        for item in unpack_items(delivery, payload):
            rows.append(_build_row(delivery, item, profiles.get(item.source)))
            if len(rows) == ROWS:
                yield _apply_row_rules(rows)
                rows = []
    yield _apply_row_rules(rows)


def _build_row(delivery: Delivery, item: Item, profile: Profile | None) -> Row:
    document = item.document
    detail = _to_one_line(document.detail) if document.detail else document.detail  # it may quote the payload
    latest = (delivery["received_at"] + AHEAD).date()
    try:
        cleaned = (
            Cleaned(reason=document.reason) if document.reason else _clean_document(document, item.url, profile, latest)
        )
    except Exception as error:  # noqa: BLE001  a defect of ours must not keep a day of other articles from its readers
        cleaned, detail = Cleaned(reason="failed"), _to_one_line(f"{type(error).__name__}: {error}")[:EXCERPT]
    cleaned = _prefer_sender(cleaned, document, latest)
    url = sanitize_url(item.url)
    if item.url and url is None:
        cleaned = replace(cleaned, found_in={**cleaned.found_in, "sender.url": "left_out"})
    entry_id = document.entry_id or item.url  # which names the article, although it is no web address
    row: Row = {
        "item_id": item_id(delivery["delivery_id"], item.index),
        "article_id": article_id(item.source, url, delivery["raw_sha256"], item.index, entry_id),
        "event_id": document.event_id,
        "source": item.source,
        "url": url,
        "received_at": delivery["received_at"],
        "media_type": document.media_type,
        "detail": detail,
        "delivery_id": delivery["delivery_id"],
        "raw_sha256": delivery["raw_sha256"],
        "item_index": item.index,
        **asdict(cleaned),
        "published_from": cleaned.found_in.get("published_at"),
        "found_in": [{"field": field, "found_in": origin} for field, origin in sorted(cleaned.found_in.items())],
    }
    if cleaned.text is not None:
        row["broken_characters"] = count_broken(f"{cleaned.title or ''}\n{cleaned.text}")
        row["content_sha256"] = hashlib.sha256(cleaned.text.encode()).hexdigest()
    if cleaned.reason is not None:
        row["excerpt"] = _to_one_line(document.body[: 4 * EXCERPT].decode("utf-8", "replace"))[:EXCERPT]
    return row


def _clean_document(document: Document, url: str | None, profile: Profile | None, latest: date) -> Cleaned:
    if document.media_type == "text/html":
        return clean_html(document.body, document.charset, url, profile, dict(document.headers), latest)
    return clean_text(document.body, document.charset, profile, latest)


def _prefer_sender(cleaned: Cleaned, document: Document, latest: date) -> Cleaned:
    """Replace values read from the page by those that the sender gave."""
    given: dict[str, Any] = {}
    if title := strip_tags(_tidy_field(document.title or "")).strip():
        given["title"] = title
    if authors := read_sent_authors(filter(None, map(_tidy_field, document.authors))):
        given["authors"] = authors
    sent = _read_sent_date(document, latest)
    if sent:
        given["published_at"] = sent["published_at"]
    if document.language:
        given["language"] = document.language
    unread = {f"sender.{name}": "left_out" for name in document.left_out}
    if sent:  # read here from what it says in words
        unread.pop("sender.published_at", None)
    elif document.published_at or document.written_dates:
        unread["sender.published_at"] = "left_out"
    found_in = {**cleaned.found_in, **dict.fromkeys(given, "sender"), **unread}
    given |= sent
    if document.language:
        given["language_score"] = None
    return replace(cleaned, **given, found_in=found_in)


def _read_sent_date(document: Document, latest: date) -> dict[str, Any]:
    """Return the columns of the date that the sender gave; none if it gave none that can be."""
    if document.published_at:
        at, precision, zone = document.published_at, document.published_precision or "second", None
    elif written := parse_sent_date(document.written_dates):
        at, precision, zone = written.at, written.precision, written.zone
    else:
        return {}
    if at.year < MIN_YEAR or at.date() > latest:
        return {}
    return {"published_at": at, "published_precision": precision, "published_zone": zone}


def _tidy_field(sent: str) -> str:
    return join_lines(unescape_text(repair_old_encoding(sent)))


def _to_one_line(text: str) -> str:
    """Return a text on one line, without characters that no table can hold: control characters, lone surrogates."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.encode("utf-8", "replace").decode().split())


def _apply_row_rules(rows: list[Row]) -> pa.Table:
    """Return the rows as a table; those that break a row rule have that as their reason."""
    table = pa.Table.from_pylist(rows, ITEMS.schema)
    broken = ITEMS.broken(table)
    if not any(broken):
        return table
    for row, rule in zip(rows, broken, strict=True):
        if rule is not None and row["reason"] is None:
            excerpt = _to_one_line((row["text"] or "")[: 4 * EXCERPT])[:EXCERPT]
            row |= {"reason": "row_rule", "detail": rule, "excerpt": excerpt, "text": None, "content_sha256": None}
    return pa.Table.from_pylist(rows, ITEMS.schema)
