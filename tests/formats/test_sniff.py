"""What a payload is taken for."""

import pytest

from pipelines.formats.sniff import is_binary, sniff_kind, strip_media_type


@pytest.mark.parametrize(
    ("head", "name", "media_type", "found"),
    [
        (b"WARC/1.0\r\n", "a.txt", "text/plain", "warc"),
        (b"damaged", "a.warc.gz", None, "warc"),
        (b"<rss version='2.0'>", None, None, "feed"),
        (b"<?xml version='1.0'?>\n<!-- x --><?xml-stylesheet x?><a:feed>", None, None, "feed"),
        (b"<rdf:RDF>", None, "text/html", "feed"),
        (b"<!-- a comment --><!DOCTYPE html>", None, None, "html"),
        (b"<div>", None, "application/xhtml+xml", "html"),
        (b"<urlset>", "sitemap.xml", None, "unknown"),
        (b"damaged", None, "application/rss+xml", "unknown"),
        (b'{"text": "a"}', None, None, "json"),
        (b'{"text": "a"}', "a.txt", "text/plain", "json"),
        (b'\xef\xbb\xbf [{"text": "a"}]', "a.jsonl", None, "json"),
        (b'{"text": "a"}\r\n\r\n{"text": "b"', None, None, "lines"),
        (b'{"text": "a"}', "a.ndjson.gz", None, "lines"),
        (b"damaged", "a.jsonl", None, "lines"),
        (b"damaged", None, "application/ld+json", "json"),
        (b"{curly} words", None, None, "text"),
        (b"words", "a.md", "application/octet-stream", "text"),
    ],
)
def test_a_payload_is_what_its_first_bytes_say_and_else_what_it_is_said_to_be(head, name, media_type, found):
    assert sniff_kind(head, name, media_type) == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "gb18030", "shift_jis", "iso2022_jp", "koi8-r"])
def test_text_of_any_encoding_is_not_binary(encoding):
    text = "Дождь до воскресенья" if encoding in {"cp1251", "koi8-r"} else "日本の雨"
    assert not is_binary(text.encode(encoding))


def test_a_page_with_a_stray_zero_byte_is_not_binary():
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
def test_a_media_type_is_taken_apart(media_type, plain, charset):
    assert strip_media_type(media_type) == (plain, charset)
