"""Whatever is sent ends in exactly one place: mutated messages and files through unpacking, cleaning and assembly."""

import gzip
import hashlib
import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.render import list_parcels
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.messages import CLOUDEVENTS
from pipelines.stages.assemble import assemble_day
from pipelines.stages.clean import clean_items
from pipelines.stages.enrich import enrich_items
from pipelines.tables.parquet import encode_parquet

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
SEEDS = [
    *((path.read_bytes(), None, CLOUDEVENTS) for path in sorted(EXAMPLES.glob("*.json"))),
    *((p.content, None if p.by == "message" else p.name, None) for p in list_parcels() if len(p.content) < 200_000),
]
NAMES = st.sampled_from(["a.html", "a.txt", "a.json", "a.jsonl", "a.xml", "a.warc", "a.gz", "a.zst", "a", "ü\0.\ud800"])
TYPES = st.sampled_from(
    [None, "text/html", "text/plain", "application/json", CLOUDEVENTS, "image/png", "x/y; charset=\0"]
)


@st.composite
def payloads(draw: st.DrawFn) -> tuple[bytes, str | None, str | None]:
    """Arbitrary bytes, or something real with pieces cut out, doubled, overwritten, mislabelled or compressed."""
    if draw(st.booleans()) and draw(st.booleans()):
        return draw(st.binary(max_size=300)), draw(NAMES), draw(TYPES)
    data, name, kind = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 3))):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 200))
        match draw(st.sampled_from(["cut", "double", "overwrite", "insert", "truncate"])):
            case "cut":
                data = data[:at] + data[at + length :]
            case "double":
                data = data[: at + length] + data[at:]
            case "overwrite":
                noise = draw(st.binary(max_size=8))
                data = data[:at] + noise + data[at + len(noise) :]
            case "insert":
                hostile = (b"\0", b"\xff\xfe", b"<div>" * 400, b"[" * 3_000, b'"\\ud800"', b"&x;", b"\r\n\r\n", b"{}\n")
                data = data[:at] + draw(st.sampled_from(hostile)) + data[at:]
            case _:
                data = data[:at]
    wrap = draw(st.sampled_from([None, None, None, gzip.compress, zstandard.ZstdCompressor().compress]))
    if wrap:
        data = wrap(data)
    if draw(st.integers(0, 4)) == 0:
        name, kind = draw(NAMES), draw(TYPES)
    return data, name, kind


def delivery(number: int, data: bytes, name: str | None, kind: str | None) -> dict[str, Any]:
    return {
        "delivery_id": f"d{number}",
        "received_at": datetime(2026, 3, 2, tzinfo=UTC),
        "name": name,
        "media_type": kind,
        "source": None,
        "url": None,
        "raw_sha256": hashlib.sha256(data).hexdigest(),
        "problem": None,
        "detail": None,
    }


def check_day(sent: list[tuple[bytes, str | None, str | None]]) -> None:
    deliveries = [(delivery(i, *each), io.BytesIO(each[0])) for i, each in enumerate(sent)]
    clean = pa.concat_tables(clean_items(deliveries))
    assert set(clean["delivery_id"].to_pylist()) == {row["delivery_id"] for row, _ in deliveries}
    for text, reason in zip(clean["text"].to_pylist(), clean["reason"].to_pylist(), strict=True):
        assert text or reason
    items = clean
    for enricher in ENRICHERS:
        for field, column in zip(enricher.schema, enrich_items(items, enricher).columns, strict=True):
            items = items.append_column(field, column)
    day = assemble_day(
        items, clean["item_id"].to_pylist(), False, {"clean": "c" * 16, "enrich": "e" * 16, "assemble": "a" * 16}
    )
    assert set(day.ledger["place_count"].to_pylist()) <= {1}
    assert sum(day.tables[name].num_rows for name in ("articles", "duplicates", "rejected")) == clean.num_rows
    for name, table in day.tables.items():
        assert encode_parquet(table), name
        json.dumps(table.drop_columns([f.name for f in table.schema if pa.types.is_temporal(f.type)]).to_pylist())


@pytest.mark.slow
@given(st.lists(payloads(), min_size=1, max_size=5))
def test_every_item_of_anything_sent_is_in_one_place(sent: list[tuple[bytes, str | None, str | None]]) -> None:
    check_day(sent)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=500, deadline=None)
@given(st.lists(payloads(), min_size=20, max_size=20))
def test_every_item_of_ten_thousand_things_sent_is_in_one_place(
    sent: list[tuple[bytes, str | None, str | None]],
) -> None:
    check_day(sent)


def test_the_seeds_cover_what_can_be_published_and_what_cannot() -> None:
    sent = [delivery(i, *each) for i, each in enumerate(SEEDS)]
    clean = pa.concat_tables(clean_items([(row, io.BytesIO(each[0])) for row, each in zip(sent, SEEDS, strict=True)]))
    reasons = Counter(clean["reason"].to_pylist())
    assert reasons[None] > 60
    assert len(reasons) > 5
