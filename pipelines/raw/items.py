"""Unpack payloads into items, each with its publisher and its URL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from pipelines.formats import Document, unpack
from pipelines.messages import UNKNOWN_SOURCE, derive_source_name

PROBLEM_BYTES = 500  # of a payload that landing found to be no article: enough to show what it was

Delivery = Mapping[str, Any]  # one row of tables.raw.RAW


@dataclass(frozen=True, slots=True)
class Item:
    """One article candidate of a delivery."""

    index: int
    """Its place in the payload, from 0."""
    document: Document
    source: str
    """The publisher: as the document names it, else the delivery, else by the address."""
    url: str | None


def unpack_items(delivery: Delivery, payload: BinaryIO) -> Iterator[Item]:
    """Yield the items of a delivery in the order of its payload; at least one."""
    for index, document in enumerate(_read_documents(delivery, payload)):
        named = delivery["source"] if delivery["source"] != UNKNOWN_SOURCE else None  # a file's folder in the inbox
        source, url = document.source or named, document.url
        if index == 0 and delivery["url"] and not url:  # the sender's address of a file is that of its one page
            url = delivery["url"]
        yield Item(index, document, source or derive_source_name(url) or UNKNOWN_SOURCE, url)


def _read_documents(delivery: Delivery, payload: BinaryIO) -> Iterator[Document]:
    if delivery["problem"]:
        yield Document(body=payload.read(PROBLEM_BYTES), reason=delivery["problem"], detail=delivery["detail"])
    else:
        attributes = delivery.get("attributes")  # batches of older code have none
        yield from unpack(payload, delivery["name"], delivery["media_type"], attributes)
