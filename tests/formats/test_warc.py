"""Web archives, written by warcio and by hand."""

import gzip
import io
import zlib
from typing import Any

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.formats import MAX_ITEM_BYTES, Document, unpack

PAGE = b"<!doctype html><p>Bridge reopens</p>"


def documents(payload: bytes) -> list[Document]:
    return list(unpack(io.BytesIO(payload), "crawl.warc.gz", None))


def reasons(payload: bytes) -> list[str | None]:
    return [document.reason for document in documents(payload)]


def archive(is_compressed: bool = True, version: str = "1.0") -> bytes:
    """A crawl of three pages, with what else a crawler writes."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_compressed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    for status, media_type in [
        ("200 OK", "text/html; charset=koi8-r"),
        ("404 Not Found", "text/html"),
        ("200 OK", "image/png"),
    ]:
        headers = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
        record = writer.create_warc_record("https://example.com/1", "response", io.BytesIO(PAGE), http_headers=headers)
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.com")], is_http_request=True)
        request = writer.create_warc_record("https://example.com/1", "request", http_headers=asked)
        writer.write_request_response_pair(request, record)
    return out.getvalue()


def record(http: bytes, kind: str = "response", media_type: str = "application/http;msgtype=response") -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://example.com/1>\r\nContent-Type: {media_type}\r\n"
    )
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", *headers, "", ""]
    return record("\r\n".join(lines).encode() + body)


@pytest.mark.parametrize("is_compressed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_pages_are_items_and_other_responses_are_none(is_compressed: bool, version: str) -> None:
    found = documents(archive(is_compressed, version))
    assert found[0] == Document(body=PAGE, media_type="text/html", charset="koi8-r", url="https://example.com/1")
    assert [(d.reason, d.detail) for d in found[1:]] == [
        ("not_an_article", "a page of status 404"),
    ]


def test_a_resource_record_of_html_is_an_item() -> None:
    [document] = documents(record(PAGE, "resource", "text/html; charset=utf-8"))
    assert (document.body, document.charset) == (PAGE, "utf-8")


@pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata", "revisit", "conversion"])
def test_an_archive_without_pages_is_empty(kind: str) -> None:
    assert reasons(record(b"x: y", kind)) == ["empty"]


RAW = zlib.compressobj(wbits=-15)
CHUNKED = b"5;x=y\r\n" + PAGE[:5] + b"\r\n%x\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE, mtime=0), ["Content-Encoding: gzip"]),
        (zlib.compress(PAGE), ["content-encoding: deflate"]),
        (RAW.compress(PAGE) + RAW.flush(), ["Content-Encoding: deflate"]),
        (CHUNKED, ["Transfer-Encoding: chunked"]),
        (PAGE, ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]),
        (PAGE, ["Content-Encoding: br"]),
    ],
    ids=["gzip", "deflate", "bare deflate", "chunked", "taken off before", "brotli taken off before"],
)
def test_transfer_and_content_encoding_are_taken_off_where_they_are_still_on(body: Any, headers: list[str]) -> None:
    assert [document.body for document in documents(response(body, *headers))] == [PAGE]


@pytest.mark.parametrize(
    ("body", "header", "reason"),
    [
        (gzip.compress(PAGE, mtime=0)[:-9], "Content-Encoding: gzip", "broken"),
        (b"\x78\x9cxxxx", "Content-Encoding: deflate", "broken"),
        (CHUNKED[:-9], "Transfer-Encoding: chunked", "broken"),
        (b"\x0b\x02\x80", "Content-Encoding: br", "unknown_type"),
        (gzip.compress(b" " * (MAX_ITEM_BYTES + 1), mtime=0), "Content-Encoding: gzip", "too_large"),
        (b"a" * (MAX_ITEM_BYTES + 1), "X: y", "too_large"),
    ],
    ids=["gzip cut", "deflate damaged", "chunked cut", "brotli", "gzip bomb", "large"],
)
def test_a_bad_page_is_one_item_and_the_next_are_still_read(body: Any, header: str, reason: str) -> None:
    assert reasons(response(body, header) + response(PAGE)) == [reason, None]


@pytest.mark.parametrize(
    "payload",
    [
        response(PAGE)[:-20],
        b"WARC/1.0\r\nWARC-Type: response\r\n",
        b"WARC/1.0\r\nContent-Length: many\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: -1\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 999999999999\r\n\r\nGET",
        b"WARC/1.0\r\n" + b"x" * 1_000_000,
        b"what follows is no record",
    ],
)
def test_a_damaged_record_ends_the_archive_and_what_was_before_stays(payload: Any) -> None:
    assert reasons(response(PAGE) + payload) == [None, "broken"]


def test_a_compressed_archive_that_is_cut_off_keeps_what_was_before() -> None:
    whole = gzip.compress(response(PAGE)) + gzip.compress(response(PAGE))
    assert reasons(whole[:-20]) == [None, "broken"]


def typed(body: bytes, media_type: str, status: str = "200 OK") -> bytes:
    return record(f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n\r\n".encode() + body)


@pytest.mark.parametrize(
    "passing",
    [
        typed(b"body { margin: 0 }", "text/css"),
        typed(b"let a = 1;", "application/javascript"),
        typed(b"{}", "application/json"),
        typed(b"User-agent: *", "text/plain"),
        typed(b"moved", "text/html", "301 Moved Permanently"),
        typed(b"", "text/html", "204 No Content"),
        record(b"example.com A", media_type="text/dns"),
        record(b"\x89PNG", "resource", "image/png"),
    ],
)
def test_what_a_crawl_holds_besides_pages_is_no_item(passing: bytes) -> None:
    assert reasons(passing + response(PAGE) + passing) == [None]


@pytest.mark.parametrize(
    "page",
    [
        record(PAGE, media_type="text/html"),
        record(PAGE),
        record(b"Content-Type: text/html\r\nServer: x\r\n\r\n" + PAGE),
        typed(PAGE, "application/octet-stream"),
        response(PAGE, status="203 Non-Authoritative Information"),
    ],
)
def test_a_page_without_a_status_or_a_type_is_a_page(page: bytes) -> None:
    [document] = documents(page)
    assert (document.body, document.reason) == (PAGE, None)


def test_a_response_that_is_neither_http_nor_a_page_is_broken() -> None:
    assert reasons(record(b"nonsense")) == ["broken"]


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"\x89PNG\r\n\x1a\n", b'{"a": 1}', b"(function(){var a=1;b(a);})();\n" * 9,
     b"User-agent: *\nDisallow: /a\n",
     b"<?xml version='1.0'?><urlset></urlset>", b"<?xml version='1.0'?><rss><channel/></rss>"],
)  # fmt: skip
def test_what_a_server_calls_html_and_is_none_is_no_item(body: bytes) -> None:
    assert [document.body for document in documents(response(PAGE) + response(body))] == [PAGE]


def test_the_texts_of_an_archive_of_texts_are_items() -> None:
    [document] = documents(record(b"It rained.", "conversion", "text/plain"))
    assert (document.body, document.media_type, document.url) == (b"It rained.", "text/plain", "https://example.com/1")


def test_compression_is_taken_off_a_page_also_where_no_header_names_it() -> None:
    packed = [gzip.compress(PAGE), zstandard.compress(PAGE)]
    assert [d.body for d in documents(response(packed[0]) + response(packed[1], "Content-Encoding: zstd"))] == [
        PAGE
    ] * 2


def test_a_byte_order_mark_before_an_archive_is_passed_over() -> None:
    assert len(documents(b"\xef\xbb\xbf" + response(PAGE))) == 1
