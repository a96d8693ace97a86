"""JSON documents, arrays and lines."""

import base64
import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.formats import MAX_ITEM_BYTES, Document, unpack
from pipelines.formats.json import BETWEEN
from pipelines.messages import CLOUDEVENTS
from pipelines.tables.ids import hash_id

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ENVELOPE = {"specversion": "1.0", "id": "1", "source": "https://feeds.example.org", "type": "article"}


def documents(payload: bytes, name: str | None = "a.json", media_type: str | None = None) -> list[Document]:
    return list(unpack(io.BytesIO(payload), name, media_type))


def bodies_or_reasons(found: list[Document]) -> list[bytes | str]:
    return [document.reason or document.body for document in found]


def test_an_article_in_a_cloudevents_envelope_is_a_document_with_all_its_sender_says() -> None:
    [document] = documents((EXAMPLES / "cloudevent-html.json").read_bytes(), None, CLOUDEVENTS)
    assert document.body.startswith(b"<!doctype html>")
    assert document == Document(
        body=document.body,
        media_type="text/html",
        charset="utf-8",
        url="https://www.example.com/2026/01/31/harbour-bridge-reopens",
        source="example.com",
        event_id=hash_id("event", "https://crawler.example.org/news", "7d0e3c1e-5f7b-4a58-9a3a-6d4c8a2f1b10"),
        title="Harbour bridge reopens after two years",
        authors=("Jo Smith", "Ana Ruiz"),
        published_at=datetime(2026, 1, 31, 6, 30, tzinfo=UTC),
        published_precision="second",
        language="en",
    )


def test_the_same_envelope_is_read_from_a_file() -> None:
    example = (EXAMPLES / "cloudevent-html.json").read_bytes()
    assert documents(example, "a.json") == documents(example, None, CLOUDEVENTS)


def test_a_bare_article_names_a_source_only_where_its_sender_does() -> None:
    assert documents(b'{"text": "a", "source": "www.TAZ.de"}')[0].source == "taz.de"
    assert documents(b'{"text": "a", "url": "https://taz.de/1"}')[0].source is None


def test_what_its_sender_says_in_an_unreadable_form_is_named_and_costs_nothing_else() -> None:
    [document] = documents(b'{"text": "a", "html": "", "language": "en-GB", "published_at": "soon", "authors": null}')
    assert (document.body, document.language, document.left_out) == (b"a", "en", ("published_at",))


def test_each_event_of_a_batch_is_an_item_and_a_bad_one_is_rejected_alone() -> None:
    events = [{**ENVELOPE, "data": {"text": "a"}}, {**ENVELOPE, "data": {}}, 7, {**ENVELOPE, "data": "b"}]
    batch = documents(json.dumps(events).encode(), None, CLOUDEVENTS)
    assert bodies_or_reasons(batch) == [b"a", "not_an_article", "not_a_message", b"b"]


def test_an_event_in_binary_mode_is_read_with_the_attributes_of_its_message() -> None:
    attributes = json.dumps(
        {f"ce_{name}": str(value) for name, value in ENVELOPE.items()} | {"content-type": "text/html"}
    )
    [document] = unpack(io.BytesIO(b"<!doctype html><p>a"), None, CLOUDEVENTS, attributes)
    assert (document.media_type, document.reason) == ("text/html", None)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_body_that_is_still_compressed_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    article = {"html_base64": base64.b64encode(pack(b"<!doctype html><p>a")).decode()}
    assert bodies_or_reasons(documents(json.dumps(article).encode())) == [b"<!doctype html><p>a"]


def test_the_bytes_of_base64_and_the_charset_of_its_header_are_kept() -> None:
    article = {"html_base64": base64.b64encode(b"<p>\xcf").decode(), "headers": {"Content-Type": "x; charset=cp1251"}}
    assert documents(json.dumps(article).encode()) == [
        Document(body=b"<p>\xcf", media_type="text/html", charset="cp1251")
    ]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{}", "not_an_article"),
        (b'"an article"', "not_an_article"),
        (b'{"html_base64": "%%"}', "broken"),
        (b'{"html_base64": "JVBERi0xLjc="}', "unknown_type"),
        (b'{"text": " "}', "empty"),
        (b'{"text": "a"', "broken"),
        (b'{"text": ' + b"[" * 100_000, "too_deep"),
        (b"[" * 100_000, "broken"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (json.dumps({**ENVELOPE, "data": {}}).encode(), "not_an_article"),
        (json.dumps({**ENVELOPE, "id": None}).encode(), "not_a_message"),
        (b"[]", "empty"),
        ((EXAMPLES / "s3-notification.json").read_bytes(), "not_an_article"),
    ],
)
def test_what_is_no_article_says_why(payload: Any, reason: str) -> None:
    assert bodies_or_reasons(documents(payload)) == [reason]


def test_a_message_of_the_queue_that_is_none_says_so() -> None:
    assert bodies_or_reasons(documents(b"hello", None, CLOUDEVENTS)) == ["not_a_message"]


def test_a_notification_is_word_of_an_article_and_none_itself() -> None:
    notification = (EXAMPLES / "s3-notification.json").read_bytes()
    assert bodies_or_reasons(documents(notification, None, CLOUDEVENTS)) == ["not_an_article"]


def test_a_bad_element_of_an_array_does_not_take_the_others_with_it() -> None:
    payload = b'[{"text": "a, [b"}, {"text": }, 7, , {"text": "c\\"]"}]'
    assert bodies_or_reasons(documents(payload)) == [b"a, [b", "broken", "not_an_article", "empty", b'c"]']


def test_an_array_that_is_cut_off_keeps_the_elements_before() -> None:
    assert bodies_or_reasons(documents(b'[{"text": "a"}, {"text": "b"')) == [b"a", "broken"]


def test_what_stands_after_an_array_is_not_dropped_in_silence() -> None:
    assert bodies_or_reasons(documents(b'[{"text": "a"}] x {"text": "b"}]')) == [b"a", "broken", b"b", "broken"]


ARTICLES = [{"text": "a", "title": "x {1}"}, {"text": "b", "authors": ["[", "Jo"]}]
WRITTEN = [json.dumps(article) for article in ARTICLES]
SPREAD = [json.dumps(article, indent=2) for article in ARTICLES]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
@pytest.mark.parametrize(
    "payload",
    [
        "\n".join(SPREAD),
        "".join(WRITTEN),
        ",\n".join(WRITTEN) + ",\n",
        "".join(f"\x1e{line}\n" for line in WRITTEN),
        "\n".join(f"\ufeff{line}" for line in WRITTEN),
        "\n\n".join(WRITTEN),
        f"[{WRITTEN[0]}]\n[{WRITTEN[1]}]",
        f"[\n{WRITTEN[0]},\n{WRITTEN[1]},\n]",
        f"{WRITTEN[0]}\n{WRITTEN[1]}\r\n\0",
    ],
)
def test_values_that_follow_each_other_are_an_item_each(payload: str, name: str) -> None:
    assert bodies_or_reasons(documents(payload.encode(), name)) == [b"a", b"b"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("payload", ["\n".join(WRITTEN) + "\n", f"[{','.join(WRITTEN)}]", "\n".join(SPREAD)])
def test_every_shape_of_json_is_read_in_characters_of_two_and_four_bytes(payload: str, encoding: str) -> None:
    assert bodies_or_reasons(documents(payload.encode(encoding), "a.jsonl")) == [b"a", b"b"]


@pytest.mark.parametrize("wrap", ['{"status": "ok", "articles": %s}', '{"response": {"total": 2, "results": %s}}'])
def test_a_list_of_articles_in_an_object_is_unpacked(wrap: str) -> None:
    assert bodies_or_reasons(documents((wrap % json.dumps(ARTICLES)).encode())) == [b"a", b"b"]


def test_an_article_with_a_member_named_like_such_a_list_stays_one() -> None:
    assert bodies_or_reasons(documents(b'{"text": "a", "items": [{"text": "b"}]}')) == [b"a"]


def test_lines_are_known_by_content_where_the_name_does_not_tell() -> None:
    payload = b'{"text": "a"}\n{"text": "b"}\n'
    assert bodies_or_reasons(documents(payload, "export.json")) == [b"a", b"b"]


def test_an_object_over_many_lines_is_one_document() -> None:
    assert bodies_or_reasons(documents(json.dumps({"text": "a", "headers": {}}, indent=1).encode(), None)) == [b"a"]


def test_a_json_document_in_utf_16_is_read() -> None:
    assert bodies_or_reasons(documents('{"text": "é"}'.encode("utf-16"))) == ["é".encode()]


def test_a_line_that_is_too_long_is_one_item_and_the_next_are_still_read() -> None:
    payload = b'{"text": "' + b"a" * (MAX_ITEM_BYTES + 5) + b'"}\n{"text": "b"}'
    found = documents(payload, "a.jsonl")
    assert bodies_or_reasons(found) == ["too_large", b"b"]
    assert len(found[0].body) == 2000


LINE = st.one_of(
    st.builds(lambda text: json.dumps({"text": text}).encode(), st.text(min_size=1)),
    st.binary(max_size=30).map(lambda junk: junk.replace(b"\n", b"")),
    st.just(b"  "),
)


@given(st.lists(LINE, max_size=20))
def test_jsonl_has_at_least_as_many_items_as_lines_that_are_not_blank(lines: list[Any]) -> None:
    payload = b'{"text": "first"}\n' + b"\n".join(lines)
    assert len(documents(payload, "a.jsonl")) >= 1 + sum(bool(line.strip(BETWEEN)) for line in lines)


@given(st.lists(st.dictionaries(st.text(), st.text()) | st.text() | st.integers() | st.none(), min_size=1))
def test_an_array_has_as_many_items_as_elements(elements: list[Any]) -> None:
    assert len(documents(json.dumps(elements, ensure_ascii=False).encode())) == len(elements)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16-le", "utf-8-sig"])
def test_json_in_another_encoding_is_read(encoding: str) -> None:
    line = json.dumps({"text": "Паром опоздал, и никто не знал почему."}, ensure_ascii=False)
    assert [document.body.decode() for document in documents(f"{line}\n{line}".encode(encoding))] == [
        "Паром опоздал, и никто не знал почему."
    ] * 2


@pytest.mark.parametrize("fault", ["a\tb", "a\\'b", "a\\xb"])
def test_a_string_with_a_fault_that_other_writers_make_is_read(fault: str) -> None:
    [document] = documents(f'{{"text": "{fault}"}}'.encode())
    assert document.reason is None


@pytest.mark.parametrize("between", [";\n", "\u2028", "\n\x1a\n"])
def test_ends_of_statements_and_of_files_are_no_items(between: str) -> None:
    assert bodies_or_reasons(documents(f'{{"text": "a"}}{between}{{"text": "b"}}'.encode())) == [b"a", b"b"]


@pytest.mark.parametrize(
    "answer",
    [
        {"hits": {"total": 1, "hits": [{"_source": {"content": "Rain."}}]}},
        {"value": [{"content": "Rain."}]},
        {"data": {"news": {"edges": [{"node": {"content": "Rain."}}]}}},
        {"data": [{"type": "node--news", "attributes": {"body": {"value": "Rain."}}}]},
        {"rss": {"channel": {"title": "x", "item": [{"description": "x", "content": "Rain."}]}}},
    ],
)
def test_the_articles_in_the_answers_of_stores_and_apis_are_found(answer: dict[str, Any]) -> None:
    assert bodies_or_reasons(documents(json.dumps(answer).encode())) == [b"Rain."]


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("callback(", ");"),
        ("var news = ", ";"),
        (")]}',\n", ""),
        ("// export of Monday\n", ""),
        ("# export\n", ""),
        ("14\n", ""),
    ],
)
def test_what_wraps_values_is_no_item(before: str, behind: str) -> None:
    assert bodies_or_reasons(documents(f'{before}[{{"text": "a"}}]{behind}'.encode())) == [b"a"]


def test_what_is_to_be_done_with_a_line_is_no_item() -> None:
    lines = b'{"index": {"_id": "1"}}\n{"text": "a"}\n{"create": {"_id": "2"}}\n{"text": "b"}\n'
    assert bodies_or_reasons(documents(lines, "a.ndjson")) == [b"a", b"b"]


def test_a_stray_zero_does_not_make_lines_of_utf_16() -> None:
    assert bodies_or_reasons(documents(b'{"text": "first"}\n\x01\x00\x00 ', "a.jsonl")) == [b"first", "broken"]
