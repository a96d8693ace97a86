"""Ids are frozen: history is named by these values."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tables.ids import article_id, file_delivery_id, hash_id, item_id, url_v1, url_v2

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too
PARTS = st.lists(st.one_of(st.none(), ANY_TEXT), max_size=5)
URL_PIECES = st.sampled_from([
    "http://", "https://", "HTTP://", "//", "a", "example.org", "bücher.example", "Ⅷ", "xn--a", ".", "..", ":", ":80",
    ":443", ":8080", "@", "u:p@", "/", "?", "#", "&", "=", "+", "%", "%4", "%41", "%2f", "%E0", "%C3%A4", "ä", " ",
    "\t", "\n", "\0", "\x1f", "\u2028", "\ud800", "[::1]", "[", "]", ";", "utm_source=x", "utm%5Fid=1", "a=2", "A",
    "\\",
])  # fmt: skip
URLS = st.one_of(ANY_TEXT, st.lists(URL_PIECES, max_size=12).map("".join), st.lists(URL_PIECES).map("http://h".join))


def test_ids_have_their_frozen_values() -> None:
    assert hash_id() == "cae66941d9efbd404e4d88758ea67670"
    assert hash_id("a", 1, None, "") == "38dc981da691f7e8dcfa4ed769625879"
    assert item_id("m-1", 0) == "9204ad1469fbd93d255e125d22eab464"
    assert file_delivery_id("inbox/a.html", "0f") == "b610a8125224a49c483fefad0450b256"
    assert article_id("paper", "https://paper.example/1", "00", 0) == "1470c7c28d4f95b98f0e015aa2917307"
    assert article_id("paper", None, "00", 0) == "60659e5d274a6c18a0ce5d2397c14a5f"


def test_an_etag_names_the_same_delivery_with_and_without_its_quotes() -> None:
    assert file_delivery_id("inbox/a", '"0f"') == file_delivery_id("inbox/a", "0f")


@given(PARTS, PARTS)
def test_different_parts_have_different_hashes(some: list[str | None], others: list[str | None]) -> None:
    assert (hash_id(*some) == hash_id(*others)) == (some == others)


@pytest.mark.parametrize(
    ("some", "others"),
    [(("ab", "c"), ("a", "bc")), ((None,), ("",)), ((), (None,)), (("-",), (None,)), (("1:a",), ("a",))],
)
def test_no_boundary_between_parts_can_be_forged(some: tuple[str | None, ...], others: tuple[str | None, ...]) -> None:
    assert hash_id(*some) != hash_id(*others)


def test_a_number_is_named_as_its_digits() -> None:
    assert hash_id(12) == hash_id("12")


def test_an_article_is_named_by_its_address_and_not_by_its_bytes() -> None:
    address = "https://paper.example/1"
    assert article_id("paper", address, "00", 0) == article_id("paper", address + "/?utm_source=x#top", "ff", 7)
    assert article_id("paper", address, "00", 0) != article_id("other", address, "00", 0)


def test_an_article_without_an_address_is_named_by_its_bytes_and_place() -> None:
    named = {article_id("paper", None, sha256, index) for sha256 in ("00", "ff") for index in (0, 1)}
    assert len(named) == 4


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Example.ORG", "https://example.org"),
        ("https://example.org./a", "https://example.org/a"),
        (" https://example.org/a\n", "https://example.org/a"),
        ("http://user:pass@example.org/a", "https://example.org/a"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://[2001:DB8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/a//b", "https://example.org/a//b"),
        ("https://example.org/A", "https://example.org/A"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&utm_medium=y&fbclid=z", "https://example.org/a"),
        ("https://example.org/a?UTM_Source=x&utm%5Fid=y", "https://example.org/a"),
        ("https://example.org/a?id=1&gclid=2", "https://example.org/a?id=1"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?b=2&b=1", "https://example.org/a?b=1&b=2"),
        ("https://example.org/a?&&b", "https://example.org/a?b="),
        ("https://example.org/?q=a+b%20c", "https://example.org?q=a+b+c"),
        ("https://example.org/?q=a%2Bb", "https://example.org?q=a%2Bb"),
        ("https://example.org/?q=a%26b=c", "https://example.org?q=a%26b%3Dc"),
        ("https://example.org/%7euser/%2f", "https://example.org/~user/%2F"),
        ("https://example.org/über", "https://example.org/%C3%BCber"),
        ("https://example.org/%c3%bcber", "https://example.org/%C3%BCber"),
        ("https://example.org/(a)", "https://example.org/%28a%29"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example"),
        ("http://почта.рф/а", "https://xn--80a1acny.xn--p1ai/%D0%B0"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
    ],
)
def test_an_address_has_one_spelling(url: str, normal: str) -> None:
    assert url_v1(url) == normal


@pytest.mark.parametrize(
    "other", ["mailto:a@example.org", "//example.org/a", "example.org/a", "/a", "urn:x:1", "", "ftp://example.org/a",
              "http://", "http://./a", "http://a b/c", "http://[::1/", "http://example.org:port/", "http://h:99999/"]
)  # fmt: skip
def test_a_string_that_is_not_a_web_address_stays_as_it_is(other: str) -> None:
    assert url_v1(f" {other} ") == other


def test_bytes_of_another_encoding_than_utf_8_still_tell_pages_apart() -> None:
    assert url_v1("https://example.org/?q=%E0") != url_v1("https://example.org/?q=%E1")
    assert url_v1("https://example.org/%E0") != url_v1("https://example.org/%E1")


@given(URLS)
def test_any_string_has_a_form_that_is_its_own(url: str) -> None:
    assert url_v1(url_v1(url)) == url_v1(url)
    assert url_v1(url) == url_v1(f"  {url}\n") or not url.strip()
    assert len(hashlib.sha256(url_v1(url).encode("utf-8", "surrogatepass")).hexdigest()) == 64


@pytest.mark.parametrize(
    "variant",
    [
        *(
            "?at_medium=RSS&at_campaign=rss",
            "?srnd=home",
            "?from=groupmessage&isappinstalled=0",
            "?share=facebook",
            "?erid=2vf&roistat=1",
            "?CMP=share",
            "?xtor=RSS-1",
            "?ocid=x&smid=y",
            "?ref=rss",
            "?pk_campaign=a#top",
        ),
        *(
            "?pk_campaign=a#top",
            "?PHPSESSID=1",
            ";jsessionid=1A2B",
            "?sid=0123456789abcdef0123456789abcdef",
            "?amp",
            "?amp=1",
            "?outputType=amp",
        ),
        *(
            "?amp",
            "?amp=1",
            "?outputType=amp",
            "/amp",
            "/amp/",
            ".amp",
            "#amp_tf=x",
            "#:~:text=pier",
            "#",
            "#/",
            "#!/",
            "#comments",
            "#/media/picture",
        ),
    ],
)
def test_campaigns_sessions_and_amp_variants_are_the_same_article(variant: str) -> None:
    address = "https://paper.example/2026/pier"
    assert article_id("paper", address + variant, "00", 0) == article_id("paper", address, "00", 0)


@pytest.mark.parametrize(
    "other",
    [
        *("https://paper.example/amp/2026/pier", "https://www.google.com/amp/s/paper.example/2026/pier"),
        *(
            "https://paper-example.cdn.ampproject.org/c/s/paper.example/amp/2026/pier",
            "http://paper.example/2026/pier/amp",
        ),
    ],
)
def test_an_amp_page_is_the_article_wherever_it_is_kept(other: str) -> None:
    assert url_v2(other) == "https://paper.example/2026/pier"
    assert url_v2("https://amp.paper.example/pier") == url_v2("https://www.paper.example/pier")


def test_routes_behind_a_hash_are_different_articles() -> None:
    routes = ["#!/story/1", "#!/story/2", "#/story/1", "#!story", ""]
    assert len({article_id("paper", f"https://paper.example/{route}", "00", 0) for route in routes}) == len(routes)
    assert url_v2("https://paper.example/#/story/1/?utm_source=x") == "https://paper.example#/story/1"


@pytest.mark.parametrize(
    "url", ["https://paper.example/amp", "https://paper.example/tag/amps/1", "https://paper.example/?ref=12&sid=7&mod=news",
            "https://paper.example/a?source=wire&page=2", "urn:x:1", "mailto:a@paper.example", "https://h:99999/#/a"]
)  # fmt: skip
def test_an_address_without_such_marks_keeps_its_id(url: str) -> None:
    assert url_v2(url) == url_v1(url)


@given(URLS)
def test_the_second_form_of_any_string_is_its_own(url: str) -> None:
    assert url_v2(url_v2(url)) == url_v2(url)
