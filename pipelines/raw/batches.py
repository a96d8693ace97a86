"""Read what has landed: the raw batches of a day, their deliveries, and the sources of their items."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, NamedTuple, cast

import pyarrow as pa

from pipelines.errors import Missing
from pipelines.paths import batch_sources_key, blobs_prefix, raw_batch_key, raw_prefix
from pipelines.raw.items import unpack_items
from pipelines.services.storage import ObjectInfo, Store
from pipelines.versions import stage_version


class LandedDeliveries(NamedTuple):
    """The deliveries in raw batches."""

    sha256_by_id: dict[str, str]  # delivery id → SHA-256 of its bytes, sorted by id
    batch_by_id: dict[str, str]  # delivery id → the batch to take it from


def list_raw_batches(store: Store, dt: str) -> list[ObjectInfo]:
    """List the batches that landed for a day."""
    return [batch for batch in store.list_objects(raw_prefix(dt)) if not batch.key.startswith(blobs_prefix(dt))]


def parse_batch_id(batch: ObjectInfo) -> str:
    """Return the batch id in a raw object's name."""
    return batch.key.rpartition("/")[2].removesuffix(".parquet")


def read_deliveries(store: Store, batches: list[ObjectInfo]) -> LandedDeliveries:
    """Read which deliveries are in raw batches; a delivery in several batches is taken from the first by id."""
    deliveries: dict[str, str] = {}
    taken_from: dict[str, str] = {}
    with ThreadPoolExecutor(8) as pool:
        tables = pool.map(lambda batch: store.read_table(batch.key, ["delivery_id", "raw_sha256"]), batches)
        for batch, rows in zip(map(parse_batch_id, batches), tables, strict=True):
            for delivery_id, sha256 in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
                if delivery_id not in taken_from or batch < taken_from[delivery_id]:
                    taken_from[delivery_id], deliveries[delivery_id] = batch, sha256
    return LandedDeliveries(dict(sorted(deliveries.items())), taken_from)


def read_payloads(store: Store, dt: str, batch: str) -> Iterator[tuple[dict[str, Any], BinaryIO]]:
    """Yield each delivery of a batch, with its payload as a stream."""
    raw = store.read_table(raw_batch_key(dt, batch))
    narrow = raw.drop_columns(["payload"]).to_pylist()
    for delivery, payload in zip(narrow, raw["payload"], strict=True):
        yield delivery, _open_payload(store, delivery["blob"], payload)


def read_batch_sources(store: Store, dt: str, batch: str) -> list[str]:
    """List the sources that have items in a batch, sorted; cached until the code that unpacks payloads changes."""
    key = batch_sources_key(batch, stage_version(__name__))
    try:
        return [str(source) for source in json.loads(store.get(key))]
    except Missing:
        sources = {
            item.source
            for delivery, payload in read_payloads(store, dt, batch)
            for item in unpack_items(delivery, payload)
        }
        store.put(key, json.dumps(sorted(sources)).encode())
        return sorted(sources)


def _open_payload(store: Store, blob: str | None, payload: pa.Scalar) -> BinaryIO:
    if blob is not None:
        return cast(BinaryIO, io.BufferedReader(store.open(blob).stream, 1 << 20))
    return io.BytesIO(payload.as_py() or b"")
