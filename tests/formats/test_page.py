"""HTML pages and plain text, alone in a payload."""

import io

import pytest

from pipelines.formats import MAX_ITEM_BYTES, Document, unpack
from pipelines.formats.page import read_page


def only(payload: bytes, name: str | None = None, media_type: str | None = None) -> Document:
    [document] = unpack(io.BytesIO(payload), name, media_type)
    return document


def test_a_page_is_one_document_with_its_bytes_untouched() -> None:
    page = b"<!DOCTYPE html>\r\n<html><p>caf\xe9</html>\n"
    assert only(page, "inbox/taz/a.html") == Document(body=page, media_type="text/html")


def test_a_text_is_one_document() -> None:
    assert only(b"Minister resigns.\n", "a.txt") == Document(body=b"Minister resigns.\n", media_type="text/plain")


def test_the_charset_of_the_media_type_is_kept() -> None:
    assert only(b"<p>\xcf\xf0", "a.html", 'text/html; charset="windows-1251"').charset == "windows-1251"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("text", ["The pier opens on Monday.", "Причал открыт в понедельник", "港口 星期一。\n开放"])
def test_text_in_characters_of_two_and_four_bytes_is_read_with_and_without_a_mark(encoding: str, text: str) -> None:
    document = only(text.encode(encoding), "a.txt")
    assert document.body.decode("utf-8-sig") == text
    assert (read_page(text.encode(encoding), "text/html").charset or "").removesuffix("-le") in encoding


def test_a_byte_order_mark_overrules_the_charset_that_was_said() -> None:
    assert only("Räte".encode("utf-8-sig"), "a.txt", "text/plain; charset=latin-1").charset == "utf-8"


@pytest.mark.parametrize(
    ("payload", "name", "media_type", "found"),
    [
        (b"<!doctype html><p>a", "a.txt", "text/plain", "text/html"),
        (b"\xef\xbb\xbf\n <HTML><p>a", "a.txt", None, "text/html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "a.xml", None, "text/html"),
        (b"<p>a fragment</p>", None, None, "text/html"),
        (b"<p> is how a paragraph begins in HTML", "a.txt", None, "text/plain"),
        (b"no markup at all", "a.html", None, "text/html"),
        (b"no markup at all", None, "application/octet-stream", "text/plain"),
        (b"[Update] Three dead", "a.txt", None, "text/plain"),
        (b"[Update] Three dead", None, None, "text/plain"),
    ],
)
def test_content_decides_and_what_is_said_only_where_it_does_not(
    payload: bytes, name: str | None, media_type: str | None, found: str
) -> None:
    assert only(payload, name, media_type).media_type == found


@pytest.mark.parametrize("payload", [b"", b" ", b"\n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe \x00\n\x00"])
@pytest.mark.parametrize("name", ["a.html", "a.txt", None])
def test_no_bytes_or_only_white_space_is_empty(payload: bytes, name: str | None) -> None:
    assert only(payload, name).reason == "empty"


@pytest.mark.parametrize(
    "payload",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\x06\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"BZh91AY&SY",
        b"{\\rtf1\\ansi",
        bytes(range(256)) * 20,
        b"<?xml version='1.0'?><sitemap/>",
    ],
)
def test_what_is_no_text_is_of_unknown_type_whatever_it_is_called(payload: bytes) -> None:
    refused = only(payload, "a.html", "text/html")
    assert (refused.reason, refused.media_type, refused.body) == ("unknown_type", None, payload[:2000])


def test_a_page_may_be_as_large_as_the_bound_and_not_larger() -> None:
    assert only(b"a" * MAX_ITEM_BYTES, "a.txt").reason is None
    refused = only(b"a" * (MAX_ITEM_BYTES + 1), "a.txt")
    assert (refused.reason, len(refused.body)) == ("too_large", 2000)
