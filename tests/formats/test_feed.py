"""Feeds."""

import io
from datetime import UTC, datetime

import pytest

from pipelines.formats import Document, unpack

RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>News</title><language>en-US</language>
<item><title>Bridge reopens</title><media:title>A bridge</media:title><link>https://example.com/1</link>
<author>jo@example.com (Jo Smith)</author><pubDate>Sat, 31 Jan 2026 08:00:00 +0100</pubDate>
<description>In short.</description><content:encoded><![CDATA[<p>At length&nbsp;told.</p>]]></content:encoded></item>
<item><title>Rain</title><guid>https://example.com/2</guid><description>It will rain.</description></item>
<item><title>No more than a title</title><link>https://example.com/3</link></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<entry><title>Br\xc3\xbccke</title><link rel="self" href="https://example.de/self"/><link href="https://example.de/1"/>
<author><name>Jo</name></author><author><name>Ana</name></author><published>2026-01-31T07:00:00Z</published>
<summary>Kurz.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Lang.</p></div></content>
</entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="x"><title>T</title>
<link>https://example.org/1</link><description>Text.</description><dc:creator>Jo</dc:creator>
<dc:date>2026-01-31T07:00:00Z</dc:date></item></rdf:RDF>"""


def documents(payload: bytes, name: str | None = "feed.xml", media_type: str | None = None) -> list[Document]:
    return list(unpack(io.BytesIO(payload), name, media_type))


def list_ids(*numbers: int, title: str = "Gazette", guid: str = "{}") -> list[str | None]:
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid.format(n)}</guid><description>text of {n}</description></item>"
        for n in numbers
    )
    feed = f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>"
    return [document.entry_id for document in unpack(io.BytesIO(feed.encode()), "a.rss", None)]


def test_an_entry_without_a_link_has_the_same_id_at_each_poll_of_its_feed() -> None:
    assert list_ids(3, 1, 2)[1:] == list_ids(1, 2)
    assert not {*list_ids(1, 2)} & {*list_ids(1, 2, title="Herald")}
    assert list_ids(1, guid="urn:uuid:{}") == list_ids(1, guid="urn:uuid:{}", title="Herald")


def test_an_rss_item_is_a_document_with_its_longest_content() -> None:
    assert documents(RSS)[0] == Document(
        body="<p>At length\xa0told.</p>".encode(),
        media_type="text/html",
        charset="utf-8",
        url="https://example.com/1",
        title="Bridge reopens",
        authors=("Jo Smith",),
        published_at=datetime(2026, 1, 31, 7, tzinfo=UTC),
        language="en",
    )


def test_a_description_without_markup_is_text_and_a_guid_an_address() -> None:
    second = documents(RSS)[1]
    assert (second.body, second.media_type, second.url) == (b"It will rain.", "text/plain", "https://example.com/2")


def test_an_item_without_content_is_no_article() -> None:
    third = documents(RSS)[2]
    assert (third.reason, third.url, third.body) == (
        "not_an_article",
        "https://example.com/3",
        b"No more than a title",
    )


def test_an_atom_entry_is_a_document() -> None:
    [entry] = documents(ATOM)
    assert (entry.title, entry.url, entry.authors) == ("Brücke", "https://example.de/1", ("Jo", "Ana"))
    assert (entry.published_at, entry.language) == (datetime(2026, 1, 31, 7, tzinfo=UTC), "de")
    assert b"<p>Lang.</p>" in entry.body
    assert entry.media_type == "text/html"


def test_an_item_of_rss_1_0_is_a_document() -> None:
    [item] = documents(RDF)
    assert (item.body, item.authors, item.published_at) == (b"Text.", ("Jo",), datetime(2026, 1, 31, 7, tzinfo=UTC))


@pytest.mark.parametrize(("name", "media_type"), [("a.txt", "text/plain"), ("a.html", "text/html"), (None, None)])
def test_a_feed_is_one_whatever_it_is_called(name: str | None, media_type: str | None) -> None:
    assert documents(RSS, name, media_type) == documents(RSS)


@pytest.mark.parametrize("date", ["yesterday", "31 Jan 2026 08:00:00", "9999-12-31T23:00:00-14:00", ""])
def test_a_date_without_a_zone_or_none_at_all_is_left_out(date: str) -> None:
    payload = f"<rss><item><description>a</description><pubDate>{date}</pubDate></item></rss>".encode()
    assert documents(payload)[0].published_at is None


def test_what_a_date_without_a_zone_says_is_kept_for_cleaning() -> None:
    dates = "<pubDate>31 Jan 2026 08:00:00 CET</pubDate><dc:date>2026-01-31</dc:date>"
    payload = f"<rss><item><description>a</description>{dates}</item></rss>".encode()
    assert documents(payload)[0].written_dates == ("31 Jan 2026 08:00:00 CET", "2026-01-31")


@pytest.mark.parametrize(
    ("head", "item", "url"),
    [
        ("<link>https://a.example/</link>", "<link>/news/1</link>", "https://a.example/news/1"),
        ("<link>https://a.example/paper/</link>", "<link>1.html</link>", "https://a.example/paper/1.html"),
        ("", "<link>//a.example/1</link>", "https://a.example/1"),
        ("", "<link>www.a.example/1</link>", "https://www.a.example/1"),
        ("", "<guid isPermaLink='false'>https://a.example/?p=1</guid>", "https://a.example/?p=1"),
        ("", "<link>/1</link><guid isPermaLink='false'>tag:a.example,2026:1</guid>", "https://a.example/1"),
        (
            "",
            "<link>https://feedproxy.example/~r/x</link><feedburner:origLink>https://a.example/1</feedburner:origLink>",
            "https://a.example/1",
        ),
    ],
)
def test_a_relative_or_implied_address_is_made_whole(head: str, item: str, url: str) -> None:
    payload = f"<rss><channel>{head}<item><description>a</description>{item}</item></channel></rss>"
    assert documents(payload.encode())[0].url == url


def test_the_addresses_of_atom_are_relative_to_the_base_around_them() -> None:
    entry = "<entry xml:base='2026/'><link href='1'/><summary>a</summary></entry>"
    payload = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/news/'>{entry}</feed>"
    assert documents(payload.encode())[0].url == "https://a.example/news/2026/1"


@pytest.mark.parametrize("stray", ["&", "<", "&copy", "& &unknown; 5 < 6"])
def test_a_stray_character_costs_neither_itself_nor_what_follows(stray: str) -> None:
    item = f"<item><title>Food {stray} drink</title><description>&lt;p&gt;It rains.&lt;/p&gt;</description></item>"
    found = documents(f"<rss><channel>{item * 2}</channel></rss>".encode())
    assert [(d.title, d.body) for d in found] == [(f"Food {stray} drink", b"<p>It rains.</p>")] * 2


def test_an_ampersand_in_cdata_stays() -> None:
    payload = b"<rss><item><description><![CDATA[<a href='?a=1&b=2'>Food & drink</a>]]></description></item></rss>"
    assert documents(payload)[0].body == b"<a href='?a=1&b=2'>Food & drink</a>"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/relative", "https://[broken", " "])
def test_what_is_no_web_address_is_left_out(link: str) -> None:
    payload = f"<rss><item><description>a</description><link>{link}</link></item></rss>".encode()
    assert documents(payload)[0].url is None


def test_a_feed_in_another_encoding_is_read() -> None:
    payload = (
        '<?xml version="1.0" encoding="windows-1251"?><rss><item><title>Мост</title><description>Дождь</description>'
    )
    [item] = documents((payload + "</item></rss>").encode("cp1251"))
    assert (item.title, item.body) == ("Мост", "Дождь".encode())


@pytest.mark.parametrize(
    ("encoding", "header"), [("cp1251", "application/rss+xml; charset=windows-1251"), ("koi8-r", None)]
)
def test_a_feed_without_a_declaration_is_read_by_its_header_or_its_text(encoding: str, header: str | None) -> None:
    text = "Совет проголосовал за новый мост через реку."
    payload = f"<rss><item><title>Мост</title><description>{text}</description></item></rss>".encode(encoding)
    assert [(d.title, d.body.decode()) for d in documents(payload, "feed.rss", header)] == [("Мост", text)]


def test_lines_before_the_byte_order_mark_are_skipped() -> None:
    assert documents(b"\n \xef\xbb\xbf" + RSS) == documents(RSS)


def test_named_characters_of_html_are_read_and_unknown_ones_kept() -> None:
    payload = b"<rss><item><description>a&nbsp;b &LT;c&eacute; &d;</description></item></rss>"
    assert [d.reason or d.body.decode() for d in documents(payload)] == ["a\xa0b <cé &d;"]


def test_a_feed_without_entries_is_empty() -> None:
    assert [d.reason for d in documents(b"<rss><channel><title>News</title></channel></rss>")] == ["empty"]


def test_a_feed_that_is_cut_off_keeps_the_whole_entries_and_tells() -> None:
    cut = RSS[: RSS.index(b"It will") + 4]
    assert [document.reason for document in documents(cut)] == [None, "broken"]


def test_a_feed_with_a_fault_keeps_its_entries_and_tells() -> None:
    faulty = RSS.replace(b"In short.", b"Food </drink>")
    assert [document.reason for document in documents(faulty)] == [None, None, "not_an_article", "broken"]


def test_entities_of_a_feed_s_own_are_not_expanded_and_no_file_is_read() -> None:
    own = b'<!DOCTYPE rss [<!ENTITY a "expanded"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    [item] = documents(own + b"<rss><item><description>x &a; &b;</description></item></rss>")
    assert item.body == b"x &a; &b;"


def test_a_billion_laughs_stay_a_few_bytes() -> None:
    entities = b'<!ENTITY l0 "ha">' + b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
    )
    payload = b"<!DOCTYPE rss [" + entities + b"]><rss><item><description>&l9;</description></item></rss>"
    assert sum(len(document.body) for document in documents(payload)) < 5_000


def read_one(item: str, opening: str = '<rss version="2.0">', before: str = "", behind: str = "") -> Document:
    feed = f"{before}<?xml version='1.0'?>{opening}<channel><link>https://example.com/</link>{item}</channel></rss>{behind}"
    [document] = documents(feed.encode())
    return document


@pytest.mark.parametrize(
    ("before", "behind"),
    [("<!-- cached -->\n", ""), ("<br />\n<b>Warning</b>: no file in x on line 3<br />\n", ""), ("Notice: a\n", ""),
     ("", "\nWarning: late"), ("", "<script>count()</script>")],
)  # fmt: skip
def test_what_a_server_prints_around_a_feed_damages_nothing(before: str, behind: str) -> None:
    document = read_one(
        "<item><title>Rain</title><description>It rained.</description></item>", "<rss>", before, behind
    )
    assert (document.title, document.body) == ("Rain", b"It rained.")


@pytest.mark.parametrize("name", ["http://backend.userland.com/RSS2", "http://blogs.law.harvard.edu/tech/rss"])
def test_a_feed_may_be_in_one_of_the_namespaces_that_rss_never_had(name: str) -> None:
    assert read_one("<item><description>It rained.</description></item>", f'<rss xmlns="{name}">').body == b"It rained."


def test_a_feed_in_capitals_is_read() -> None:
    assert read_one("<ITEM><TITLE>Rain</TITLE><DESCRIPTION>It rained.</DESCRIPTION></ITEM>").title == "Rain"


@pytest.mark.parametrize("markup", ["<p>One<br>two</p>", "<p>One<p>two", "One<a href=https://example.com/>two</a>"])
def test_markup_that_nobody_escaped_is_whole_though_it_is_no_xml(markup: str) -> None:
    assert read_one(f"<item><description>{markup}</description></item>").body.decode() == markup


def test_a_prefix_that_nobody_declared_is_no_damage() -> None:
    assert read_one("<item><content:encoded>It rained.</content:encoded></item>").body == b"It rained."


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<link>example.com/1</link>", "https://example.com/1"),
        ("<guid>/1</guid>", "https://example.com/1"),
        ('<link rel="Alternate" href="/1"/>', "https://example.com/1"),
        ('<link rel="http://www.iana.org/assignments/relation/alternate" href="/1"/>', "https://example.com/1"),
        ('<link type="application/json" href="/1.json"/><link type="text/html" href="/1"/>', "https://example.com/1"),
        ('<link rel="self" href="/1"/>', "https://example.com/1"),
    ],
)
def test_the_address_of_an_entry_is_found_in_other_forms(link: str, url: str) -> None:
    assert read_one(f"<item>{link}<description>It rained.</description></item>").url == url


def test_characters_by_the_numbers_of_windows_are_read_and_those_that_xml_forbids_are_not() -> None:
    document = read_one(
        "<item><title>Rain&#146;s&#0;end &#x96; now</title><description>It rained.</description></item>"
    )
    assert document.title == "Rain’s end \u2013 now"


def test_content_in_base64_is_decoded_as_atom_has_it() -> None:
    entry = b'<entry><content type="image/x">PHA+UmFpbi48L3A+</content></entry>'
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom">%b</feed>' % entry
    assert [document.body for document in documents(feed)] == [b"<p>Rain.</p>"]


@pytest.mark.parametrize(
    "content",
    ["<yandex:full-text>It rained long.</yandex:full-text>", "<turbo:content>It rained long.</turbo:content>"],
)
def test_the_full_text_for_other_readers_goes_before_a_summary(content: str) -> None:
    assert read_one(f"<item><description>Rain.</description>{content}</item>").body == b"It rained long."


def test_an_entry_without_link_and_id_is_known_again_by_its_title_and_date() -> None:
    def ids(*titles: str) -> list[str | None]:
        entries = "".join(f"<item><title>{title}</title><description>text</description></item>" for title in titles)
        feed = f"<rss version='2.0'><channel><title>Gazette</title>{entries}</channel></rss>"
        return [document.entry_id for document in documents(feed.encode())]

    assert ids("New", "Rain", "Wind")[1:] == ids("Rain", "Wind")
    assert None not in ids("Rain")
