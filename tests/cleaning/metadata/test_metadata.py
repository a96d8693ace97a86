"""A page's tree in, what it says about itself out."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring, tostring

from pipelines.cleaning.dates import Moment
from pipelines.cleaning.metadata import Metadata, read_metadata

URL = "https://news.example.org/city/bridge"
PROSE = "The new bridge over the river opened to walkers and cyclists this morning after four years of work. " * 3


def _page(head: str = "", body: str = "", article: Any = None) -> HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>' if article else ""
    return document_fromstring(f"<html><head>{head}{script}</head><body>{body}<p>{PROSE}</p></body></html>")


def _read(head: str = "", body: str = "", article: Any = None) -> Metadata:
    return read_metadata(_page(head, body, article), URL)


def _meta(**contents: str) -> str:
    return "".join(f'<meta name="{name.replace("__", ":")}" content="{text}">' for name, text in contents.items())


@pytest.mark.parametrize(
    ("head", "body", "title", "place"),
    [
        ("<title>Bridge opens | The Example</title>", "<h1>Bridge opens</h1>", "Bridge opens", "heading"),
        (_meta(og__title="Bridge opens - The Example", og__site_name="The Example"), "", "Bridge opens", "meta"),
        ("<title>Fire: a history</title>" + _meta(og__site_name="The Example"), "", "Fire: a history", "title"),
        ("<title>The Example - Bridge opens</title>" + _meta(og__site_name="The Example"), "", "Bridge opens", "title"),
        (
            "<title>(3) The Example: Bridge opens</title>" + _meta(og__site_name="The Example"),
            "",
            "Bridge opens",
            "title",
        ),
        ("<title>Bridge opens « The Example</title>" + _meta(og__site_name="The Example"), "", "Bridge opens", "title"),
        (_meta(og__title="Bridge opens", og__site_name="The Example"), "<h1>The Example</h1>", "Bridge opens", "meta"),
        (_meta(og__title="Bridge opens"), "<h1>Latest</h1><h1>Bridge opens</h1>", "Bridge opens", "heading"),
        (
            _meta(og__title="New bridge opens today"),
            "<h1>New bridge opens today (3)</h1>",
            "New bridge opens today",
            "meta",
        ),
        (_meta(og__title="Bridge opens"), "<h1>Bridge opens Posted on 3 April 2014</h1>", "Bridge opens", "meta"),
        (_meta(og__title="Nobody saw the new bridge coming | Opinion"), "", "Nobody saw the new bridge coming", "meta"),
        (_meta(og__title="Exclusive | The bridge"), "", "Exclusive | The bridge", "meta"),
        ("<title>All the news</title>", "<h1>Bridge opens</h1>", "Bridge opens", "heading"),
        ("", "<h1><i class='kicker'>Traffic</i> <b>New bridge opens</b></h1>", "New bridge opens", "heading"),
        (_meta(og__title="Bridge opens"), "<h1><i>Traffic</i> <b>Bridge opens</b></h1>", "Bridge opens", "meta"),
        (
            _meta(og__title="Traffic: bridge opens"),
            "<h1><i class='kicker'>Traffic: </i>bridge opens</h1>",
            "Traffic: bridge opens",
            "heading",
        ),
        ("", "<h1>New bridge opens <span>05.01.12 18:27</span></h1>", "New bridge opens", "heading"),
        ("", "<h1>New bridge opens 05.01.2012 18:27</h1>", "New bridge opens", "heading"),
        (
            "",
            "<h1>New bridge opens<button>Share</button><i class='sr-only'>Menu</i></h1>",
            "New bridge opens",
            "heading",
        ),
        ("", "<h1>New bridge<br>opens today</h1>", "New bridge opens today", "heading"),
        (
            _meta(og__title="New bridge opens to walkers and..."),
            "<h1>New bridge opens to walkers and cyclists</h1>",
            "New bridge opens to walkers and cyclists",
            "heading",
        ),
        (
            _meta(og__title="New bridge opens to walkers and cyclists"),
            "<h1>New bridge opens to walk…</h1>",
            "New bridge opens to walkers and cyclists",
            "meta",
        ),
        (_meta(og__title="What comes next…"), "<h1>What comes next…</h1>", "What comes next…", "heading"),
    ],
)
def test_the_title_is_the_headline_without_the_sites_name(head: str, body: str, title: str, place: str) -> None:
    metadata = _read(head, body)
    assert (metadata.title, metadata.found_in["title"]) == (title, place)


@pytest.mark.parametrize(
    ("head", "body", "author", "authors", "place"),
    [
        ("", "", {"@type": "Person", "name": "Ada Lind"}, ("Ada Lind",), "json-ld"),
        ("", "", "Ada Lind and Bo Ek", ("Ada Lind", "Bo Ek"), "json-ld"),
        ("", "", [{"name": "Ada Lind"}, {"@type": "Organization", "name": "The Example"}], ("Ada Lind",), "json-ld"),
        (_meta(author="Ada Lind, Bo Ek"), "", None, ("Ada Lind", "Bo Ek"), "meta"),
        (_meta(citation_author="Lind, Ada"), "", None, ("Ada Lind",), "meta"),
        (_meta(author="https://social.example.org/example"), "", None, (), None),
        (_meta(author="admin"), "", None, (), None),
        ("", "<p>By Ada Lind</p>", None, ("Ada Lind",), "headline"),
        ("", "<p>By</p><p>Ada Lind</p><span>and</span> <b>Bo Ek</b>", None, ("Ada Lind", "Bo Ek"), "headline"),
        ("", "<p>By signing up you accept our terms</p>", None, (), None),
        ("", "<p>Автор: Анна Линд</p>", None, ("Анна Линд",), "headline"),
        ("", "<a href='/staff/ada-lind'>Ada Lind</a>", None, ("Ada Lind",), "headline"),
        ("", f"<p>{PROSE}</p><p>{PROSE}</p><i class='byline'>Ada Lind</i>", None, ("Ada Lind",), "byline"),
        (
            "",
            "<aside><i class='author'>Ada Lind</i></aside><p class='author'>Edited on 3 April 2014</p>",
            None,
            (),
            None,
        ),
        ("", "", {"@type": "Organization", "name": "The Example"}, ("The Example",), "json-ld"),
        ("", "<p>By Ada Lind</p>", {"@type": "Organization", "name": "The Example"}, ("Ada Lind",), "headline"),
    ],
)
def test_authors_are_names_of_people_first(
    head: str, body: str, author: Any, authors: tuple[str, ...], place: str | None
) -> None:
    article = {"@type": "NewsArticle", "headline": "Bridge opens", "author": author} if author else None
    metadata = _read(head, f"<h1>Bridge opens</h1>{body}", article)
    assert (metadata.authors, metadata.found_in.get("authors")) == (authors, place)


@pytest.mark.parametrize(
    ("head", "body", "article", "day", "place"),
    [
        ("", "", {"@type": "NewsArticle", "datePublished": "2014-04-03T23:00:00-07:00"}, 3, "json-ld"),
        (_meta(article__published_time="2014-04-03T10:00:00Z"), "<p>April 5, 2014</p>", None, 3, "meta"),
        ("", "<p itemprop='datePublished'>April 3, 2014</p>", None, 3, "microdata"),
        ("", "<p>Bo Ek · April 3, 2014 · 3 min</p>", None, 3, "headline"),
        ("", "<p>Updated: April 5, 2014</p><p>April 3, 2014</p>", None, 3, "headline"),
        ("", "<p>Updated: April 5, 2014</p>", None, 5, "headline"),
        ("", "<time datetime='2014-04-03T09:00Z'>this morning</time>", None, 3, "headline"),
        ("", "<p>April 3, 2014</p>", {"@type": "WebPage", "datePublished": "2014-04-05"}, 3, "headline"),
        ("", "", {"@type": "WebPage", "datePublished": "2014-04-05"}, 5, "json-ld"),
        ("", f"<p>{PROSE}</p><p>{PROSE}</p><p>April 3, 2014</p>", None, 3, "page"),
    ],
)
def test_the_day_of_publication_is_read_from_the_surest_place(
    head: str, body: str, article: Any, day: int, place: str
) -> None:
    metadata = _read(head, f"<h1>Bridge opens</h1>{body}", article)
    assert metadata.published is not None
    assert (metadata.published.day, metadata.published_from) == (date(2014, 4, day), place)


@pytest.mark.parametrize(
    ("told", "shown", "day", "place"),
    [
        ("2014-04-21T10:00:00Z", "<p>Published</p><p>April 3, 2014</p>", date(2014, 4, 3), "headline"),
        ("2014-04-04T22:00:00Z", "<p>April 3, 2014</p>", date(2014, 4, 3), "headline"),
        ("2014-04-04T02:00:00Z", "<p>April 3, 2014</p>", date(2014, 4, 4), "json-ld"),  # the same evening in America
        ("2014-04-04T02:00:00+02:00", "<p>April 3, 2014</p>", date(2014, 4, 3), "headline"),
        ("2014-04-03", "<p>April 21, 2014</p>", date(2014, 4, 3), "json-ld"),
        ("2014-04-21", "<p>The first bridge here opened on April 3, 1999</p>", date(2014, 4, 21), "json-ld"),
        ("2014-04-21", "<p>x</p>" * 9 + "<p>April 3, 2014</p>", date(2014, 4, 21), "json-ld"),
    ],
)
def test_a_day_shown_under_the_headline_goes_before_a_later_one_in_the_head(
    told: str, shown: str, day: date, place: str
) -> None:
    article = {"@type": "NewsArticle", "headline": "Bridge opens", "datePublished": told}
    metadata = _read(body=f"<h1>Bridge opens</h1>{shown}", article=article)
    assert metadata.published is not None
    assert (metadata.published.day, metadata.published_from) == (day, place)


@pytest.mark.parametrize(
    ("language", "url", "day"),
    [
        ("en", URL, date(2014, 3, 4)),
        ("en-US", URL, date(2014, 3, 4)),
        ("en_GB", URL, date(2014, 4, 3)),
        ("en", "https://news.example.co.uk/bridge", date(2014, 4, 3)),
        ("fr", URL, date(2014, 4, 3)),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_pages_language(language: str, url: str, day: date) -> None:
    tree = _page(body="<h1>Bridge opens</h1><p>03/04/2014</p>")
    tree.set("lang", language)
    published = read_metadata(tree, url).published
    assert published is not None
    assert published.day == day


def test_the_day_in_the_address_is_taken_where_the_page_has_none() -> None:
    metadata = read_metadata(_page(), "https://news.example.org/2014/04/03/bridge")
    assert metadata.published == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")
    assert metadata.published_from == "url"


def test_the_day_in_the_address_goes_before_another_near_the_headline() -> None:
    tree = _page(body="<h1>Bridge opens</h1><p>03/04/2014</p>")
    tree.set("lang", "en")
    metadata = read_metadata(tree, "https://news.example.org/2014/april/03/bridge")
    assert metadata.published == Moment(datetime(2014, 4, 3, tzinfo=UTC), "day")


def test_the_hour_near_the_headline_is_kept_where_the_address_has_the_same_day() -> None:
    tree = _page(body="<h1>Bridge opens</h1><time datetime='2014-04-03T09:00Z'>this morning</time>")
    metadata = read_metadata(tree, "https://news.example.org/2014/04/03/bridge")
    assert metadata.published == Moment(datetime(2014, 4, 3, 9, tzinfo=UTC), "minute", "+00:00")


def test_an_update_before_publication_is_no_update() -> None:
    article = {"@type": "NewsArticle", "datePublished": "2014-04-03T10:00:00Z", "dateModified": "2014-04-04T10:00:00Z"}
    updated = _read(article=article).updated
    assert updated == Moment(datetime(2014, 4, 4, 10, tzinfo=UTC), "second", "+00:00")
    assert _read(article=article | {"dateModified": "2014-04-01T10:00:00Z"}).updated is None


def test_lead_section_language_and_images_are_read_with_their_places() -> None:
    head = _meta(description="It took four years to build.", article__section="City", og__image="/bridge.jpg?utm_id=3")
    tree = _page(head, article={"@type": "NewsArticle", "headline": "B", "image": [{"url": "//cdn.example.org/b.jpg"}]})
    tree.set("lang", "en-GB")
    metadata = read_metadata(tree, URL)
    assert (metadata.lead, metadata.section, metadata.language) == ("It took four years to build.", "City", "en")
    assert metadata.images == ("https://news.example.org/bridge.jpg", "https://cdn.example.org/b.jpg")
    assert {k: metadata.found_in[k] for k in ("lead", "section", "language", "images")} == {
        "lead": "meta", "section": "meta", "language": "page", "images": "meta",
    }  # fmt: skip


def test_a_lead_that_is_the_title_again_is_none() -> None:
    title = "The bridge over the river opens at last"
    assert _read(_meta(og__title=title, description=title)).lead is None


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://NEWS.example.org/city/bridge?utm_source=x#top", URL),
        ("/city/bridge", URL),
        ("http://localhost/city/bridge", None),
        ("javascript:alert(1)", None),
    ],
)
def test_the_canonical_address_is_normal_and_public(link: str, canonical: str | None) -> None:
    metadata = _read(f'<link rel="canonical" href="{link}">')
    assert (metadata.canonical_url, metadata.found_in.get("canonical_url")) == (
        canonical,
        "link" if canonical else None,
    )


def test_rights_and_kind_come_with_their_places() -> None:
    tree = _page(_meta(robots="noai"), article={"@type": "OpinionNewsArticle", "isAccessibleForFree": False})
    metadata = read_metadata(tree, URL, {"tdm-reservation": "1"}, text_chars=9_000)
    assert (metadata.robots, metadata.is_tdm_reserved, metadata.is_paywalled) == (("noai",), True, True)
    assert (metadata.article_type, metadata.found_in["article_type"]) == ("opinion", "json-ld")
    assert (metadata.found_in["robots"], metadata.found_in["is_tdm_reserved"]) == ("meta", "header")


def test_a_page_that_says_nothing_gives_nothing() -> None:
    assert _read() == Metadata()


def test_the_tree_is_left_as_it_was() -> None:
    tree = _page(_meta(author="Ada Lind"), "<h1>Bridge opens</h1><time datetime='2014-04-03'>x</time>")
    before = tostring(tree)
    read_metadata(tree, URL)
    assert tostring(tree) == before


NAMES = st.sampled_from(["name", "url", "@id", "@type", "@graph", "author"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(NAMES, values, max_size=3),
    max_leaves=8,
)
KEYS = ("@type", "headline", "author", "datePublished", "dateModified", "hasPart", "image", "publisher", "inLanguage")


@given(st.dictionaries(st.sampled_from(KEYS), VALUES), st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_page_says_it_is_read(article: dict[str, Any], words: str, url: str) -> None:
    said = json.dumps({"@type": "NewsArticle"} | article).replace("<", "")
    tree = document_fromstring(f'<script type="application/ld+json">{said}</script><h1>x</h1><p>x</p>')
    tree.find(".//p").text = "".join(c for c in words if c.isprintable() and not "\ud800" <= c <= "\udfff")
    metadata = read_metadata(tree, url)
    assert set(metadata.found_in) <= set(Metadata.__slots__) | {"published_at", "updated_at"}
