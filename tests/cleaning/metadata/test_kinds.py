"""What a page says of itself in, the kind of article out."""

from typing import Any

import pytest

from pipelines.cleaning.metadata.kinds import read_kind
from pipelines.tables.items import ARTICLE_TYPES


def _kind(kind: str | None = None, metas: Any = None, url: str = "https://example.org/city/bridge", **more: Any) -> Any:
    article = {"@type": kind} if kind else {}
    found = read_kind(article, [article], metas or {}, url, **more)
    assert found is None or (found[0] in ARTICLE_TYPES and 0 < found[1] <= 1)
    return found and (found[0], found[2])


@pytest.mark.parametrize(
    ("schema", "kind"),
    [("NewsArticle", "news"), ("OpinionNewsArticle", "opinion"), ("LiveBlogPosting", "live"), ("BlogPosting", "news")],
)
def test_the_type_in_json_ld_decides(schema: str, kind: str) -> None:
    assert _kind(schema) == (kind, "json-ld")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://example.org/opinion/2024/bridge", "opinion"),
        ("https://example.org/sport/live/bridge", "live"),
        ("https://example.org/press-releases/bridge", "press_release"),
    ],
)
def test_a_step_of_the_address_names_the_kind_also_where_json_ld_only_says_news(url: str, kind: str) -> None:
    assert _kind("NewsArticle", url=url) == (kind, "url")


def test_the_last_step_of_an_address_is_the_article_and_names_nothing() -> None:
    assert _kind("NewsArticle", url="https://example.org/opinion") == ("news", "json-ld")


def test_a_section_names_the_kind() -> None:
    assert _kind("NewsArticle", section="Press Release") == ("press_release", "section")


def test_a_paywalled_page_with_little_text_is_a_stub_and_one_with_much_is_not() -> None:
    assert _kind("NewsArticle", is_paywalled=True, text_chars=300) == ("stub", "json-ld")
    assert _kind("NewsArticle", is_paywalled=True, text_chars=9_000) == ("news", "json-ld")
    assert _kind("NewsArticle", is_paywalled=False, text_chars=300) == ("news", "json-ld")


def test_a_page_of_links_is_an_index_unless_it_calls_itself_an_article() -> None:
    assert _kind(text_chars=200, link_share=0.9) == ("index", "page")
    assert _kind(metas={"og:type": ["article"]}, text_chars=200, link_share=0.9) == ("news", "meta")
    assert _kind("CollectionPage") == ("index", "json-ld")
    assert _kind(url="https://example.org/") == ("index", "url")


def test_a_page_that_says_nothing_has_no_kind() -> None:
    assert _kind() is None
