"""Written addresses in, one public form or None out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cleaning.addresses import normalize_address, sanitize_url
from pipelines.text.limits import MAX_URL


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTPS://Example.ORG:443/Bridge#top", "https://example.org/Bridge"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=y&gclid=z", "https://example.org/a?id=7"),
        ("https://example.org/%7ebridge/%c3%a9t%C3%A9", "https://example.org/~bridge/%C3%A9t%C3%A9"),
        ("https://example.org/été", "https://example.org/%C3%A9t%C3%A9"),
        ("https://bücher.example.org/", "https://xn--bcher-kva.example.org/"),
        ("https://straße.example.org/", "https://xn--strae-oqa.example.org/"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("/story/7", "https://news.example.org/story/7"),
        ("//cdn.example.org/p.jpg", "https://cdn.example.org/p.jpg"),
    ],
)
def test_an_address_has_one_form(written: str, normal: str) -> None:
    assert normalize_address(written, "https://news.example.org/start") == normal


@pytest.mark.parametrize(
    "written",
    [
        *("", "javascript:alert(1)", "data:text/html,x", "ftp://example.org/a", "mailto:a@example.org"),
        *(
            "http://localhost/a",
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://[::1]/",
            "http://169.254.169.254/latest",
        ),
        *(
            "http://intranet/a",
            "http://printer.local/",
            "http://2130706433/",
            "http://127.1/",
            "http://[::ffff:10.0.0.1]/",
        ),
        *("http://127.0.0.0x1/", "http://192.168.0x1/", "http://0x7f.1/", "http://１２７.0.0.1/"),
        *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::7f00:1]/", "http://[2001::1]/"),
        *(
            "https://user:password@example.org/",
            "https://example.org:99999/",
            "https://exa mple.org/",
            "https://[example/",
        ),
        *("https://example.org/a\nb", "https://example..org/", "https://example.org/" + "a" * MAX_URL),
    ],
)
def test_what_nobody_should_follow_is_none(written: str) -> None:
    assert normalize_address(written) is None


@given(st.one_of(st.text(), st.text().map("https://example.org/{}".format), st.text().map("http://{}/a".format)))
def test_an_address_stays_as_it_is_the_second_time(written: str) -> None:
    normal = normalize_address(written)
    assert normal is None or (normalize_address(normal) == normal and normal.isascii() and normal.startswith("http"))


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("https://paper.example/a", "https://paper.example/a"),
        (" HTTPS://Paper.example/A#b ", "HTTPS://Paper.example/A#b"),
        ("https://paper.example/a\n/b", "https://paper.example/a/b"),
        ("https://paper.example/a\x01b", "https://paper.example/a%01b"),
        ("https://paper.example/\u202egpj", "https://paper.example/%E2%80%AEgpj"),
        ("https://газета.рф/а", "https://газета.рф/а"),
        ("javascript:alert(1)", None),
        ("ftp://paper.example/a", None),
        ("file:///etc/passwd", None),
        ("//paper.example/a", None),
        ("https:///a", None),
        ("https://[::1/", None),
        ("https://ada:secret@paper.example/a@b", "https://paper.example/a@b"),
        ("https://paper.example\\@other.example/a", None),
        ("https://paper.example:99999/a", None),
        ("", None),
        (None, None),
    ],
)
def test_web_addresses_without_control_characters_are_published(written: str | None, published: str | None) -> None:
    assert sanitize_url(written) == published
