"""JSON Feed: one item an entry."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.formats import Document, unpack
from pipelines.formats.document import MAX_FEED_BYTES

VERSION = "https://jsonfeed.org/version/1.1"
ENTRY = {
    "id": "gazette-1",
    "url": "https://gazette.example/ferry",
    "external_url": "https://elsewhere.example/ferry",
    "title": "Ferry sails again",
    "content_html": "<p>The first ferry since May sailed at six.</p>",
    "content_text": "The first ferry since May sailed at six.",
    "date_published": "2026-01-31T08:00:00+01:00",
    "authors": [{"name": "Jo Smith"}, {"name": "Ana Ruiz", "url": "https://gazette.example/ana"}],
    "language": "en-GB",
}


def feed(*entries: Any, **members: Any) -> bytes:
    return json.dumps({"version": VERSION, "title": "Gazette", **members, "items": list(entries)}).encode()


def documents(payload: bytes, name: str | None = "feed.json", media_type: str | None = None) -> list[Document]:
    return list(unpack(io.BytesIO(payload), name, media_type))


def bodies_or_reasons(payload: bytes) -> list[bytes | str]:
    return [document.reason or document.body for document in documents(payload)]


def test_an_entry_is_a_document_with_all_that_it_tells() -> None:
    assert documents(feed(ENTRY)) == [
        Document(
            body=b"<p>The first ferry since May sailed at six.</p>",
            media_type="text/html",
            charset="utf-8",
            url="https://gazette.example/ferry",
            title="Ferry sails again",
            authors=("Jo Smith", "Ana Ruiz"),
            published_at=datetime(2026, 1, 31, 7, tzinfo=UTC),
            language="en",
        )
    ]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", None), ("a.xml", "application/rss+xml"), (None, "application/feed+json"), (None, None)],
)
def test_a_feed_is_known_by_its_version_whatever_it_is_called(name: str | None, media_type: str | None) -> None:
    assert documents(feed(ENTRY), name, media_type) == documents(feed(ENTRY))


@pytest.mark.parametrize("version", [VERSION, "https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1"])
@pytest.mark.parametrize("indent", [None, 2])
def test_every_version_is_read_however_it_is_laid_out(version: str, indent: int | None) -> None:
    payload = json.dumps({"version": version, "items": [ENTRY, ENTRY]}, indent=indent)
    assert len(documents(payload.encode())) == 2
    assert documents(payload.replace("/", "\\/").encode()) == documents(payload.encode())


def test_an_article_that_quotes_a_feed_is_no_feed() -> None:
    article = {"text": 'A feed is {"version": "https://jsonfeed.org/version/1.1", "items": []}'}
    assert bodies_or_reasons(json.dumps(article).encode()) == [article["text"].encode()]


def test_entries_are_those_of_the_feed_itself_and_not_of_an_extension() -> None:
    extension = {"items": [{"content_text": "not an entry"}], "text": '"items": ['}
    assert bodies_or_reasons(feed({"content_text": "Rain."}, _shop=extension)) == [b"Rain."]


def test_text_is_taken_where_there_is_no_html_and_the_summary_where_there_is_neither() -> None:
    entries = ({"content_html": " ", "content_text": "Long.", "summary": "S."}, {"content_text": "", "summary": "S."})
    found = documents(feed(*entries))
    assert [(document.body, document.media_type) for document in found] == [
        (b"Long.", "text/plain"),
        (b"S.", "text/plain"),
    ]


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ({"url": "https://a.example/1", "id": "https://b.example"}, "https://a.example/1"),
        ({"url": "/1", "id": "https://b.example/1", "external_url": "https://c.example"}, "https://b.example/1"),
        ({"id": 7, "external_url": "https://c.example/1"}, "https://c.example/1"),
        ({"url": "javascript:alert(1)", "id": "tag:1"}, None),
    ],
)
def test_the_address_is_the_entrys_own_or_that_of_the_page_it_points_to(links: dict[str, Any], url: str | None) -> None:
    assert documents(feed({"content_text": "a", **links}))[0].url == url


@pytest.mark.parametrize(
    ("of_entry", "of_feed", "authors"),
    [
        ({}, {"authors": [{"name": "Desk"}]}, ("Desk",)),
        ({}, {"author": {"name": "Desk"}}, ("Desk",)),
        ({"author": {"name": "Jo"}}, {"author": {"name": "Desk"}}, ("Jo",)),
        ({"authors": [{"url": "https://a.example"}, {"name": 3}, "Jo", None]}, {}, ("Jo",)),
        ({"authors": "Jo"}, {"authors": 7}, ()),
        ({"authors": [{"name": "Jo"}, {"name": " Jo "}]}, {}, ("Jo",)),
    ],
)
def test_authors_are_those_of_the_entry_or_else_of_the_feed(
    of_entry: dict[str, Any], of_feed: dict[str, Any], authors: tuple[str] | tuple[()]
) -> None:
    assert documents(feed({"content_text": "a", **of_entry}, **of_feed))[0].authors == authors


def test_the_language_is_that_of_the_entry_or_else_of_the_feed_wherever_that_stands() -> None:
    payload = feed({"content_text": "a", "language": "fr"}, {"content_text": "b"}, {"content_text": "c", "language": 1})
    behind = payload.removesuffix(b"}") + b', "language": "de-AT"}'
    assert [document.language for document in documents(behind)] == ["fr", "de", "de"]


@pytest.mark.parametrize("date", ["yesterday", "2026-01-31T08:00:00", "9999-12-31T23:00:00-14:00", "", 7, None])
def test_a_date_without_a_zone_or_none_at_all_is_left_out(date: str | int | None) -> None:
    assert documents(feed({"content_text": "a", "date_published": date}))[0].published_at is None


def test_an_entry_that_says_only_when_it_changed_has_that_date() -> None:
    entry = {"content_text": "a", "date_modified": "2026-01-31T07:00:00Z"}
    assert documents(feed(entry))[0].published_at == datetime(2026, 1, 31, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "detail"),
    [
        ({"title": "No more than a title", "url": "https://a.example/1"}, "an entry without content"),
        ({"content_html": ["<p>"], "content_text": None}, "an entry without content"),
        ("an entry", "an entry that is no object"),
        (None, "an entry that is no object"),
    ],
)
def test_an_entry_that_is_no_article_says_why_and_the_others_are_kept(entry: Any, detail: str) -> None:
    found = documents(feed({"content_text": "a"}, entry, {"content_text": "b"}))
    assert [(document.body, document.reason, document.detail) for document in (found[0], found[2])] == [
        (b"a", None, None),
        (b"b", None, None),
    ]
    assert (found[1].reason, found[1].detail) == ("not_an_article", detail)


def test_an_entry_that_is_no_json_does_not_take_the_others_with_it() -> None:
    payload = feed({"content_text": "a"}, "here", {"content_text": "b"}).replace(b'"here"', b'{"content_text": }')
    assert bodies_or_reasons(payload) == [b"a", "broken", b"b"]


def test_a_feed_that_is_cut_off_keeps_the_whole_entries_and_tells() -> None:
    payload = feed({"content_text": "first"}, {"content_text": "second"}, language="de")
    for end in range(payload.index(b"second"), len(payload) - 1):
        found = documents(payload[:end])
        assert (found[0].body, found[0].language, found[-1].reason) == (b"first", "de", "broken")


def test_what_stands_after_a_feed_is_not_dropped_in_silence() -> None:
    assert bodies_or_reasons(feed({"content_text": "a"}) + b' {"text": "b"}') == [b"a", "broken"]


@pytest.mark.parametrize("items", ["", ', "items": []', ', "items": [ ]'])
def test_a_feed_without_entries_is_empty(items: str) -> None:
    assert bodies_or_reasons(f'{{"version": "{VERSION}"{items}}}'.encode()) == ["empty"]


@pytest.mark.parametrize("items", ["7", "null", '"a"', '{"a": 1}'])
def test_entries_that_are_no_list_are_told(items: str) -> None:
    assert bodies_or_reasons(f'{{"version": "{VERSION}", "items": {items}}}'.encode()) == ["broken"]


def test_a_feed_in_utf_16_is_read() -> None:
    payload = json.dumps({"version": VERSION, "items": [{"content_text": "é"}]}, ensure_ascii=False)
    assert bodies_or_reasons(payload.encode("utf-16")) == ["é".encode()]


def test_a_feed_that_is_too_large_is_refused() -> None:
    assert bodies_or_reasons(feed({"content_text": "a" * MAX_FEED_BYTES})) == ["too_large"]


ANYTHING: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        7,
        "",
        "words",
        "2026-01-31",
        "https://a.example",
        "https://[b",
        [],
        {},
        [{"name": "Jo"}, 7],
        {"name": []},
        [[]],
    ]
)
MEMBERS = st.sampled_from([*ENTRY, "summary", "author", "date_modified"])


@given(st.lists(st.dictionaries(MEMBERS, ANYTHING) | ANYTHING, min_size=1, max_size=5), ANYTHING, ANYTHING)
def test_a_feed_has_as_many_items_as_entries_whatever_they_hold(
    entries: list[Any], authors: Any, language: Any
) -> None:
    assert len(documents(feed(*entries, authors=authors, language=language))) == len(entries)


def test_authors_may_be_names_alone_and_dates_numbers() -> None:
    [document] = documents(feed({"content_text": "Rain.", "authors": ["Ada Lind"], "date_published": 1772193600}))
    assert (document.authors, document.published_at) == (("Ada Lind",), datetime(2026, 2, 27, 12, tzinfo=UTC))


@pytest.mark.parametrize("between", ["\n", ""])
def test_feeds_that_follow_each_other_are_read_one_after_the_other(between: str) -> None:
    both = between.join(feed({"content_text": text}).decode() for text in ("Rain.", "Wind."))
    assert bodies_or_reasons(both.encode()) == [b"Rain.", b"Wind."]
