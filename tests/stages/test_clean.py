"""Raw to items: whatever came is in the table, with text or with the reason why not."""

import base64
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.messages import CLOUDEVENTS
from pipelines.stages import clean
from pipelines.stages.clean import ROWS, clean_items
from pipelines.tables.ids import article_id, item_id
from pipelines.tables.items import EXCERPT, ITEMS
from pipelines.tables.parquet import encode_parquet

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORY = "The harbour board met on Monday and agreed on the plan for the new pier, which opens in the spring. "
PAGE = (
    '<!doctype html><html lang="en"><head><title>Pier opens | Paper</title>'
    '<meta property="og:title" content="Pier opens">'
    '<meta name="author" content="Ann Page"><meta property="article:published_time" content="2026-03-01T05:00:00Z">'
    '<link rel="canonical" href="https://paper.example/pier"></head><body><article><h1>Pier opens</h1>'
    + f"<p>{STORY * 3}</p><p>{STORY * 2}</p></article></body></html>"
)


def delivery(**changed: Any) -> dict[str, Any]:
    return {
        "delivery_id": "d1", "received_at": NOON, "channel": "inbox", "name": None, "media_type": None, "source": None,
        "url": None, "raw_sha256": "00", "problem": None, "detail": None, **changed,
    }  # fmt: skip


def items(payload: bytes, **changed: Any) -> list[dict[str, Any]]:
    tables = list(clean_items([(delivery(**changed), io.BytesIO(payload))]))
    return [row for table in tables for row in table.to_pylist()]


def event(data: dict[str, Any]) -> bytes:
    envelope = {"specversion": "1.0", "id": "1", "source": "https://paper.example", "type": "t", "data": data}
    return json.dumps(envelope).encode()


def sent(**data: Any) -> dict[str, Any]:
    (found,) = items(event(data), media_type=CLOUDEVENTS)
    return found


def test_an_entry_without_a_link_is_the_same_article_whenever_its_feed_is_polled() -> None:
    deliveries = []
    for number, entries in enumerate(([1, 2], [3, 1, 2])):
        items = [
            f"<item><guid isPermaLink='false'>{n}</guid><description>{n} {STORY * 3}</description></item>"
            for n in entries
        ]
        feed = f"<rss version='2.0'><channel><title>Paper</title>{''.join(items)}</channel></rss>"
        sent = delivery(name="a.rss", delivery_id=str(number), raw_sha256=str(number), source="paper")
        deliveries.append((sent, io.BytesIO(feed.encode())))
    [table] = clean_items(deliveries)
    ids = table["article_id"].to_pylist()
    assert (ids[:2], len(set(ids))) == (ids[3:], 3)


def test_what_the_sender_says_in_an_unreadable_form_is_told_in_found_in() -> None:
    data = {"html": PAGE, "published_at": "soon", "language": "en-GB"}
    message = {"specversion": "1.0", "id": "1", "source": "paper.example", "type": "t", "data": data}
    [table] = clean_items([(delivery(media_type=CLOUDEVENTS), io.BytesIO(json.dumps(message).encode()))])
    [row] = table.to_pylist()
    found_in = {entry["field"]: entry["found_in"] for entry in row["found_in"]}
    assert (found_in["language"], found_in["sender.published_at"]) == ("sender", "left_out")
    assert row["published_at"] == datetime(2026, 3, 1, 5, tzinfo=UTC)


def test_a_page_becomes_an_item_with_what_it_says_of_itself() -> None:
    (found,) = items(PAGE.encode(), name="inbox/paper.example/a.html", source="paper.example")
    assert "The harbour board met on Monday" in found["text"]
    assert (found["title"], found["authors"], found["language"]) == ("Pier opens", ["Ann Page"], "en")
    assert (found["published_at"], found["canonical_url"]) == (
        datetime(2026, 3, 1, 5, tzinfo=UTC),
        "https://paper.example/pier",
    )
    assert found["content_sha256"] == hashlib.sha256(found["text"].encode()).hexdigest()
    assert (found["reason"], found["excerpt"]) == (None, None)


def test_an_items_ids_come_from_its_delivery_and_its_address() -> None:
    (found,) = items(
        PAGE.encode(), name="a.html", source="paper.example", url="https://paper.example/pier?utm_source=x"
    )
    assert found["item_id"] == item_id("d1", 0)
    assert found["article_id"] == article_id("paper.example", "https://paper.example/pier", "00", 0)
    assert (found["delivery_id"], found["raw_sha256"], found["item_index"]) == ("d1", "00", 0)


def test_a_defect_of_ours_sets_one_document_aside_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RecursionError("too deep for us")

    monkeypatch.setattr(clean, "clean_html", breaks)
    page = sent(url="https://paper.example/a", html=PAGE)
    assert (page["text"], page["reason"], page["detail"]) == (None, "failed", "RecursionError: too deep for us")
    assert sent(url="https://paper.example/b", text=STORY * 3)["reason"] is None


def test_what_the_server_says_of_rights_counts() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: noai\r\nTDM-Reservation: 1\r\n\r\n"
    block = head + PAGE.encode()
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/a\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(block), block)
    )
    (found,) = items(record, name="a.warc")
    assert (found["robots"], found["is_tdm_reserved"]) == (["noai"], True)


def test_every_field_says_where_it_was_found() -> None:
    (found,) = items(PAGE.encode(), name="inbox/paper.example/a.html", source="paper.example")
    places = {row["field"]: row["found_in"] for row in found["found_in"]}
    assert (places["authors"], places["published_at"], places["canonical_url"]) == ("meta", "meta", "link")
    told = sent(url="https://paper.example/a", html=PAGE, title="As the sender has it")
    assert {row["field"]: row["found_in"] for row in told["found_in"]}["title"] == "sender"


def test_the_parts_of_a_text_are_substrings_of_it_in_order() -> None:
    (found,) = items(PAGE.encode())
    assert [part["kind"] for part in found["parts"]] == ["lead", "body"]
    assert "\n\n".join(found["text"][part["start"] : part["end"]] for part in found["parts"]) == found["text"]


def test_a_plain_text_can_be_put_together_again_from_what_was_kept_and_what_was_removed() -> None:
    lines = ["Log in", "Pier opens in the spring", f"PORT EXAMPLE — {STORY}{STORY}", STORY * 3, "Read more", "Share"]
    (found,) = items("\n\n".join(lines).encode(), name="a.txt")
    kept = {part["line"]: found["text"][part["start"] : part["end"]] for part in found["parts"]}
    removed = {row["line"]: row["text"] for row in found["removed"]}
    assert [{**kept, **removed}[line] for line in range(len(lines))] == [" ".join(line.split()) for line in lines]
    assert removed.keys() >= {0, 1}
    assert found["dateline"]["place"] == "PORT EXAMPLE"


def test_what_the_sender_says_goes_before_what_the_page_says() -> None:
    found = sent(
        html=PAGE, title="Sent title", authors=["Bo Sent"], published_at="2026-02-28T01:00:00+01:00", language="de",
        source="Other.example",
    )  # fmt: skip
    assert (found["title"], found["authors"], found["language"]) == ("Sent title", ["Bo Sent"], "de")
    assert (found["published_at"], found["published_precision"], found["published_from"]) == (
        datetime(2026, 2, 28, tzinfo=UTC),
        "second",
        "sender",
    )
    assert (found["source"], found["language_score"]) == ("other.example", None)


def test_what_the_sender_leaves_open_the_page_answers() -> None:
    found = sent(html=PAGE, title="Sent title")
    assert (found["title"], found["authors"], found["source"]) == ("Sent title", ["Ann Page"], "paper.example")


def test_a_file_that_nobody_names_a_source_for_has_the_unknown_one() -> None:
    assert [found["source"] for found in items(STORY.encode(), name="a.txt")] == ["unknown"]


def test_a_file_without_a_source_has_the_host_of_its_address() -> None:
    (found,) = items(STORY.encode(), name="a.txt", url="https://www.Paper.example/1")
    assert found["source"] == "paper.example"


def test_the_address_of_a_file_is_that_of_its_first_article_alone() -> None:
    lines = b"\n".join(json.dumps({"text": STORY}).encode() for _ in range(2))
    assert [i["url"] for i in items(lines, name="a.jsonl", url="https://p.example/1")] == ["https://p.example/1", None]


def test_a_problem_seen_at_landing_is_the_reason_and_the_bytes_are_not_read() -> None:
    (found,) = items(PAGE.encode(), problem="invalid_dt", detail="9999-01-01 is no past day")
    assert (found["reason"], found["detail"], found["text"]) == ("invalid_dt", "9999-01-01 is no past day", None)
    assert found["excerpt"] == PAGE[:EXCERPT].strip()


def test_a_row_rule_that_is_broken_is_the_reason() -> None:
    (found,) = items(PAGE.encode(), name="a.html", source="Not A Source")
    assert (found["reason"], found["detail"]) == ("row_rule", "source does not match")
    assert (found["text"], found["content_sha256"]) == (None, None)
    assert "The harbour board met" in found["excerpt"]
    assert len(found["excerpt"]) <= EXCERPT


def test_an_excerpt_is_bounded_and_one_line() -> None:
    (found,) = items(b"\0\1\xff" * 5_000 + b"\n" * 9)
    assert found["reason"] == "unknown_type"
    assert len(found["excerpt"]) <= EXCERPT
    assert found["excerpt"].isprintable()


@pytest.mark.parametrize("title", ["a\0b", "a\ud800b", "a\nb", "a\u2028b", "\x1b[31mab"])
def test_hostile_characters_reach_parquet_as_something_harmless(title: str) -> None:
    found = list(
        clean_items(
            [(delivery(source="p"), io.BytesIO(PAGE.replace("Pier opens", title).encode("utf-8", "surrogatepass")))]
        )
    )
    (row,) = pq.read_table(pa.BufferReader(encode_parquet(found[0]))).to_pylist()
    assert row["title"] is None or row["title"].isprintable()
    assert row["text"] or row["reason"]


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.json", "a.jsonl", "a.xml", "a.warc.gz", None])
@given(payload=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.just(STORY.encode() * 2)))
def test_any_bytes_end_as_items_with_text_or_a_reason(name: str | None, payload: bytes) -> None:
    found = items(payload, name=name)
    assert found
    for index, row in enumerate(found):
        assert (row["text"] is None) != (row["reason"] is None)
        assert row["item_id"] == item_id("d1", index)
        assert len(row["excerpt"] or "") <= EXCERPT
        assert (row["content_sha256"] is None) == (row["text"] is None)


@given(st.text(max_size=50), st.text(max_size=50), st.binary(max_size=60))
def test_any_envelope_ends_as_one_item(title: str, url: str, page: bytes) -> None:
    data = {"html_base64": base64.b64encode(page).decode(), "title": title, "url": url}
    (found,) = items(event(data), media_type=CLOUDEVENTS)
    assert (found["text"] is None) != (found["reason"] is None)


def test_many_items_come_in_tables_of_bounded_size() -> None:
    lines = b"\n".join(json.dumps({"text": f"{n} {STORY}"}).encode() for n in range(ROWS + 1))
    tables = list(clean_items([(delivery(name="a.jsonl.gz"), io.BytesIO(gzip.compress(lines)))]))
    assert [table.num_rows for table in tables] == [ROWS, 1]
    assert {table.schema for table in tables} == {ITEMS.schema}


def test_no_deliveries_are_an_empty_table() -> None:
    assert [table.num_rows for table in clean_items([])] == [0]


def test_deliveries_keep_their_order() -> None:
    some = [(delivery(delivery_id=name), io.BytesIO(STORY.encode())) for name in ("d2", "d1", "d3")]
    (table,) = clean_items(some)
    assert table["delivery_id"].to_pylist() == ["d2", "d1", "d3"]
