"""What a payload is taken for."""

import pytest

from pipelines.formats import find_format
from pipelines.formats.sniff import collect_clues, is_binary, read_media_type, sniff_page


@pytest.mark.parametrize(
    ("head", "name", "media_type", "found"),
    [
        (b"WARC/1.0\r\n", "a.txt", "text/plain", "WARC"),
        (b"damaged", "a.warc.gz", None, "WARC"),
        (b"<rss version='2.0'>", None, None, "RSS, Atom"),
        (b"<?xml version='1.0'?>\n<!-- x --><?xml-stylesheet x?><a:feed>", None, None, "RSS, Atom"),
        (b"<rdf:RDF>", None, "text/html", "RSS, Atom"),
        (b"<!-- a comment --><!DOCTYPE html>", None, None, "text/html"),
        (b"<div>", None, "application/xhtml+xml", "text/html"),
        (b"<urlset>", "sitemap.xml", None, None),
        (b"damaged", None, "application/rss+xml", None),
        (b'{"text": "a"}', None, None, "JSON"),
        (b'{"text": "a"}', "a.txt", "text/plain", "JSON"),
        (b'\xef\xbb\xbf [{"text": "a"}]', "a.jsonl", None, "JSON"),
        (b'{"text": "a"}\r\n\r\n{"text": "b"', None, None, "JSON lines"),
        (b'{"text": "a"}', "a.ndjson.gz", None, "JSON lines"),
        (b"damaged", "a.jsonl", None, "JSON lines"),
        (b"damaged", None, "application/ld+json", "JSON"),
        (b"{curly} words", None, None, "text/plain"),
        (b"words", "a.md", "application/octet-stream", "text/plain"),
    ],
)
def test_a_payload_is_what_its_first_bytes_say_and_else_what_it_is_said_to_be(
    head: bytes, name: str | None, media_type: str | None, found: str | None
) -> None:
    clues = collect_clues(head, name, media_type)
    wire_format = find_format(clues)
    assert (wire_format.name if wire_format else sniff_page(clues)) == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "gb18030", "shift_jis", "iso2022_jp", "koi8-r"])
def test_text_of_any_encoding_is_not_binary(encoding: str) -> None:
    text = "Дождь до воскресенья" if encoding in {"cp1251", "koi8-r"} else "日本の雨"
    assert not is_binary(text.encode(encoding))


def test_a_page_with_a_stray_zero_byte_is_not_binary() -> None:
    assert not is_binary(b"<html><p>The minister\0 resigned on Monday evening.</p>")


@pytest.mark.parametrize(
    ("media_type", "plain", "charset"),
    [
        (None, "", None),
        ("Text/HTML", "text/html", None),
        ('text/html; a=b; Charset="UTF-8"; c', "text/html", "utf-8"),
        ("text/html; charset=", "text/html", None),
    ],
)
def test_a_media_type_is_taken_apart(media_type: str | None, plain: str, charset: str | None) -> None:
    assert read_media_type(media_type) == (plain, charset)
