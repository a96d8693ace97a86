"""Web pages in, articles or reasons out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cleaning import Cleaned, clean_html
from pipelines.cleaning.profiles.profile import Evidence, Profile
from pipelines.tables.items import REASONS

SENTENCE = "The council voted on Thursday to rebuild the old bridge over the river, after years of debate in the town."
ARTICLE = "".join(f"<p>{SENTENCE} It was vote number {n}.</p>" for n in range(5))


def page(head: str = "", body: str = ARTICLE) -> bytes:
    return f"<html><head>{head}</head><body><article>{body}</article></body></html>".encode()


def test_an_article_is_its_paragraphs_without_the_menu() -> None:
    menu = b"<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
    cleaned = clean_html(page().replace(b"<article>", menu + b"<article>"))
    assert cleaned.text == "\n\n".join(f"{SENTENCE} It was vote number {n}." for n in range(5))
    assert (cleaned.language, cleaned.reason) == ("en", None)


def test_a_short_notice_is_read_though_the_extractor_leaves_it() -> None:
    assert clean_html(b"<html><body><div>Closed today</div></body></html>").text == "Closed today"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"x" * 5_000_001, "too_large"),
        (b"\x00\x01\x02\x03" * 100, "not_text"),
        (b"<html><body><script>1</script></body></html>", "no_text"),
        (b"<div>" * 300 + b"text", "too_deep"),
        (b"<p>text " * 20_001, "too_large"),
        (b"<p " + b" ".join(b"a%d=''" % n for n in range(100_000)) + b">text", "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_article_has_its_reason(body: bytes, reason: str) -> None:
    assert clean_html(body).reason == reason
    assert reason in REASONS


def test_title_author_and_date_come_from_json_ld() -> None:
    cleaned = clean_html(
        page(
            '<script type="application/ld+json">{"@graph": [{"@id": "#ada", "@type": "Person", "name": "Ada Byron"},'
            '{"@type": "NewsArticle", "headline": "A bridge &amp; town", "datePublished": "2014-04-03T10:15:00+04:00",'
            '"author": {"@id": "#ada"}}]}</script>'
        )
    )
    assert (cleaned.title, cleaned.authors) == ("A bridge & town", ("Ada Byron",))
    assert cleaned.published_at is not None
    assert cleaned.published_at.isoformat() == "2014-04-03T06:15:00+00:00"
    assert (cleaned.published_precision, cleaned.found_in["published_at"]) == ("second", "json-ld")


def test_the_name_of_the_site_is_no_part_of_the_title() -> None:
    cleaned = clean_html(
        page("<title>A bridge - The Daily Test</title><meta property=og:site_name content='The Daily Test'>")
    )
    assert cleaned.title == "A bridge"


def test_a_dash_within_a_title_stays() -> None:
    assert clean_html(page("<title>A bridge - and a river</title>")).title == "A bridge - and a river"


def test_several_authors_in_one_field_are_separate() -> None:
    cleaned = clean_html(page("<meta name=author content='By Ada Byron and Charles Babbage'>"))
    assert cleaned.authors == ("Ada Byron", "Charles Babbage")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("/a", "https://example.org/a"),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_canonical_address_is_absolute_and_of_the_web(href: str, expected: str | None) -> None:
    cleaned = clean_html(page(f"<link rel=canonical href='{href}'>"), url="https://example.org/b?c=d")
    assert cleaned.canonical_url == expected


@pytest.mark.parametrize(
    "script", ["[" * 100_000, "{", '{"@type": []}', '[{"@type": "Article", "author": {"name": {}}}]', "9" * 9_999]
)
def test_broken_json_ld_does_no_harm(script: str) -> None:
    cleaned = clean_html(page(f'<script type="application/ld+json">{script}</script>'))
    assert cleaned.text is not None
    assert cleaned.authors == ()


def test_entities_of_the_doctype_are_not_resolved() -> None:
    body = page().replace(b"<html>", b'<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><html>', 1)
    cleaned = clean_html(body.replace(b"number 0", b"number &e;"))
    assert cleaned.text is not None
    assert "number &e;" in cleaned.text


def test_the_same_page_gives_the_same_result_after_other_pages() -> None:
    first = clean_html(page("<title>One</title>"))
    for n in range(5):
        clean_html(page(f"<title>{n} January 201{n}</title>", f"<p>{n} Mai 201{n}, Straße und Brücke</p>"))
    assert clean_html(page("<title>One</title>")) == first


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda s: s.encode("utf-8", "surrogatepass"))),
    st.text(max_size=12),
)
def test_every_input_gives_text_or_a_reason(body: bytes, charset: str) -> None:
    for cleaned in (
        clean_html(body, charset, "https://example.org/"),
        clean_html(page(body=ARTICLE).replace(b"Thursday", body)),
    ):
        assert (cleaned.text is None) != (cleaned.reason is None)
        assert_clean(cleaned)


def assert_clean(cleaned: Cleaned) -> None:
    text = "".join((cleaned.text or "", cleaned.title or "", *cleaned.authors))
    text.encode()
    assert all(c == "\n" or c >= " " for c in text)


def test_a_page_of_links_without_a_paragraph_is_no_article() -> None:
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Business", "Sport", "Culture", "Tide tables"))
    cleaned = clean_html(f"<html><body><ul>{menu}</ul></body></html>".encode())
    assert (cleaned.text, cleaned.reason) == (None, "index_page")


def test_links_in_the_text_are_found_again_by_their_offsets_and_private_ones_are_left_out() -> None:
    body = (
        "<p>The council voted on <a href='/x?utm_source=a'>Thursday to rebuild</a> the old bridge over the river.</p>"
        "<p>Work is to begin in March, said <a href='http://127.0.0.1/'>the mayor</a>, and will cost four million.</p>"
    )
    cleaned = clean_html(f"<article><h1>Bridge</h1>{body * 1}</article>".encode(), None, "https://paper.example/a")
    assert cleaned.text is not None
    assert [(link.url, cleaned.text[link.start : link.end]) for link in cleaned.links] == [
        ("https://paper.example/x", "Thursday to rebuild")
    ]


def test_the_words_of_a_link_are_those_that_carry_it_and_not_the_same_ones_before() -> None:
    more = f"<p>{SENTENCE} More on what the council plans: <a href='/c'>council</a> papers of this Monday.</p>"
    cleaned = clean_html(page(body=ARTICLE + more), None, "https://paper.example/a")
    assert cleaned.text is not None
    (link,) = cleaned.links
    assert cleaned.text[: link.start].endswith("More on what the council plans: ")
    assert cleaned.text[link.start : link.end] == "council"


CHINESE = (
    "议会星期四投票决定重建河上的旧桥，此前镇上就此争论多年，市民意见不一。",
    "商人们曾要求修建隧道，但是他们的计划没有获得多数，尽管讨论了很久很久。",
    "这座桥自二零一九年起就不再对卡车开放，因为调查发现两个桥墩有裂缝。",
    "市长说，工程将持续到明年春天，期间将有渡轮运送居民过河，票价不变。",
)
ENGLISH = (
    "The council voted on Thursday to rebuild the bridge.", "Work begins in March, the mayor said.",
    "It will cost four million.", "Half of that comes from the state.", "Traders had asked for a tunnel instead.",
)  # fmt: skip


@pytest.mark.parametrize("address", ["/?p=123", "/archive/2024/1.html", "/topics/science/bridge"])
@pytest.mark.parametrize("paragraphs", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_an_article_of_short_paragraphs_is_no_index_by_its_address(paragraphs: tuple[str, ...], address: str) -> None:
    body = "<h1>Bridge</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    cleaned = clean_html(page(body=body), None, f"https://paper.example{address}")
    assert (cleaned.text, cleaned.reason) == ("\n\n".join(paragraphs), None)
    assert cleaned.article_type != "index"


@pytest.mark.parametrize("address", ["/", "/tag/bridges"])
def test_an_index_page_is_rejected_with_what_it_says_of_rights(address: str) -> None:
    teasers = "".join(f"<li><a href='/{n}'>Story number {n} of the town</a></li>" for n in range(30))
    body = page("<meta name=robots content=noai>", f"<h1>Bridges</h1><ul>{teasers}</ul>")
    cleaned = clean_html(body, None, f"https://paper.example{address}")
    assert (cleaned.text, cleaned.reason, cleaned.robots) == (None, "index_page", ("noai",))


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("https://other.example/base/", "https://other.example/base/c"),
        ("/base/", "https://paper.example/base/c"),
        ("javascript:x", "https://paper.example/c"),
    ],
)
def test_links_are_relative_to_the_base_of_the_page(base: str, link: str) -> None:
    body = ARTICLE + f"<p>{SENTENCE} More stands in the <a href='c'>papers of the council</a> of this Monday.</p>"
    cleaned = clean_html(page(f"<base href='{base}'>", body), None, "https://paper.example/a")
    assert [found.url for found in cleaned.links] == [link]


def test_a_stub_is_one_by_its_own_text_whatever_stands_beside_it() -> None:
    free = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    beside = "".join(f"<div class=related><h3>Story {n}</h3><p>{SENTENCE * 2}</p></div>" for n in range(4))
    body = page(free, f"<h1>Bridge</h1><p>{SENTENCE}</p>").replace(b"</article>", f"</article>{beside}".encode())
    assert clean_html(body, None, "https://paper.example/a/b").article_type == "stub"


@pytest.mark.parametrize("mark", ["<p>FOR IMMEDIATE RELEASE</p><p>", "<p>PORTSMOUTH, May 1, 2024 /PRNewswire/ -- "])
def test_a_press_release_is_known_by_its_marks(mark: str) -> None:
    cleaned = clean_html(page(body=f"<h1>Bridge</h1>{mark}{SENTENCE}</p>{ARTICLE}"), None, "https://paper.example/a/b")
    assert (cleaned.article_type, cleaned.found_in["article_type"]) == ("press_release", "page")


def test_a_paragraph_that_the_page_has_twice_is_no_work_of_a_profile() -> None:
    elsewhere = Profile("s", 9, 0, {("other",): Evidence(9, 0.9, 0.0)}, {})
    assert clean_html(page(body=ARTICLE * 2), profile=elsewhere).text_from == "model"
