"""Optional fields: read in the forms in which tools write them, else left out; never a reason to lose the article."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.messages import Article, read_article
from pipelines.messages.fields import READERS

NOON = datetime(2026, 2, 27, 12, tzinfo=UTC)


def read(**fields: Any) -> Article:
    return read_article({"text": "a", **fields})


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-27T12:00:00Z", "2026-02-27 12:00:00 UTC", "2026-02-27T12:00:00", "20260227120000",
        "2026-02-27 13:00:00 +0100", "2026-02-27T13:00:00+01:00[Europe/Paris]", "Fri, 27 Feb 2026 12:00:00 GMT",
        1772193600, "1772193600000", 1772193600000000.0, [2026, 2, 27, 12, 0, 0], {"$date": "2026-02-27T12:00:00Z"},
        {"$date": {"$numberLong": "1772193600000"}}, ["2026-02-27T12:00:00Z"],
    ],
)  # fmt: skip
def test_a_date_is_read_as_tools_write_it_without_a_zone_in_utc(written: Any) -> None:
    article = read(published_at=written)
    assert (article.published_at, article.published_precision, article.left_out) == (NOON, "second", ())


@pytest.mark.parametrize("written", ["2026-02-27", "20260227", "2026-02-27T00:00:00", [2026, 2, 27]])
def test_of_a_day_alone_only_the_day_is_known(written: Any) -> None:
    article = read(published_at=written)
    assert (article.published_at, article.published_precision) == (NOON.replace(hour=0), "day")


@pytest.mark.parametrize("written", ["yesterday", "2026-02", "0001-01-01T00:00:00Z", 0, True, {"a": 1}, "9" * 5000])
def test_a_date_that_cannot_be_read_is_left_out(written: Any) -> None:
    article = read(published_at=written)
    assert (article.published_at, article.left_out) == (None, ("published_at",))


@pytest.mark.parametrize("field", sorted(READERS))
@pytest.mark.parametrize("written", [None, "", " ", [], {}, float("nan")])
def test_what_says_that_nothing_is_known_is_not_left_out(field: str, written: Any) -> None:
    article = read(**{field: written})
    assert (getattr(article, field) or None, article.left_out) == (None, ())


@pytest.mark.parametrize("field", sorted(set(READERS) - {"title", "authors"}))
def test_the_words_by_which_tools_know_nothing_are_no_values(field: str) -> None:
    assert not getattr(read(**{field: "NaN"}), field)


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("en-US", "en"), ("EN_gb", "en"), ("zh-Hans-CN", "zh"), ("eng", "en"), ("de_DE.UTF-8", "de"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"), (["es", "ca"], "es"), ({"code": "pt"}, "pt"), ("und", None),
    ],
)  # fmt: skip
def test_a_language_is_read_from_tags_locales_and_lists(written: Any, language: str | None) -> None:
    article = read(language=written)
    assert (article.language, article.left_out) == (language, ())


@pytest.mark.parametrize("written", ["English", 7, {"a": "b"}])
def test_a_language_that_cannot_be_read_is_left_out(written: Any) -> None:
    assert read(language=written).left_out == ("language",)


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Jo Smith", ("Jo Smith",)), ([None, "Jo Smith", ""], ("Jo Smith",)), ({"name": "Jo Smith"}, ("Jo Smith",)),
        ([{"name": "Jo Smith"}, {"first_name": "Ann", "last_name": "Lee"}], ("Jo Smith", "Ann Lee")),
        ("['Jo Smith', 'Ann Lee']", ("Jo Smith", "Ann Lee")), ("[anonymous]", ("[anonymous]",)),
    ],
)  # fmt: skip
def test_authors_are_read_from_strings_and_objects(written: Any, authors: tuple[str, ...]) -> None:
    article = read(authors=written)
    assert (article.authors, article.left_out) == (authors, ())


def test_of_too_many_authors_or_an_unreadable_one_the_others_are_kept() -> None:
    assert read(authors=["Jo", {"id": {"a": 1}}]).authors == ("Jo",)
    article = read(authors=["Jo"] * 200)
    assert (len(article.authors), article.left_out) == (100, ("authors",))


@pytest.mark.parametrize(
    "written",
    [
        {"Content-Type": ["text/html; charset=koi8-r"], "Age": 7, "Vary": None},
        [["Content-Type", "text/html; charset=koi8-r"]],
        [{"name": "content-type", "value": "text/html; charset=koi8-r"}],
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=koi8-r\r\n",
        ["content-type: text/html; charset=koi8-r"],
    ],
)
def test_headers_are_read_as_clients_write_them(written: Any) -> None:
    assert read(text=None, html_base64="YQ==", headers=written).charset == "koi8-r"


def test_names_and_titles_may_be_objects_or_numbers() -> None:
    article = read(source={"id": None, "name": "The Sun"}, title={"rendered": "Piers"}, url=["https://a.example"])
    assert (article.source, article.title, article.url) == ("The Sun", "Piers", "https://a.example")
    assert read(title=1984).title == "1984"


def test_of_two_bodies_the_page_counts_and_the_other_is_left_out() -> None:
    article = read(html="<p>b", text_base64="")
    assert (article.body, article.is_plain_text, article.left_out) == (b"<p>b", False, ("text",))
    assert read(html=" ", html_base64=None).body == b"a"


@given(st.sampled_from(sorted(READERS)), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["a" * 5000, 10**400]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["name", "$date", "value"]), inner),
    max_leaves=6,
))  # fmt: skip
def test_no_form_of_a_field_costs_the_article(field: str, written: Any) -> None:
    assert read(**{field: written}).body == b"a"


@pytest.mark.parametrize(
    "written",
    ["/Date(1772193600000)/", {"seconds": 1772193600, "nanos": 0}, {"_seconds": 1772193600},
     {"date": "2026-02-27 13:00:00.000000", "timezone_type": 1, "timezone": "+01:00"}],
)  # fmt: skip
def test_moments_of_other_languages_are_read(written: Any) -> None:
    assert read(published_at=written).published_at == NOON


@pytest.mark.parametrize("written", ["Fri, 27 Feb 2026 12:00:00 CET", "27 février 2026", "27.02.2026 10:00"])
def test_a_date_in_words_or_with_a_named_zone_is_handed_on_as_it_is_written(written: str) -> None:
    assert (read(published_at=written).published_at, read(published_at=written).written_date) == (None, written)


@pytest.mark.parametrize(
    "written",
    [[{"displayName": "Jo Smith"}], [{"first_name": "Jo", "lastname": "Smith"}], [{"given": "Jo", "family": "Smith"}],
     [{"name": {"first": "Jo", "last": "Smith"}}], {"0": "Jo Smith"}, {"@list": ["Jo Smith"]}, "{Jo Smith}",
     {"original": "Jo Smith", "rank": 1}, [{"Name": "Jo Smith"}]],
)  # fmt: skip
def test_people_are_read_by_whatever_names_tools_give_to_theirs(written: Any) -> None:
    article = read(authors=written)
    assert (article.authors, article.left_out) == (("Jo Smith",), ())


@pytest.mark.parametrize(
    ("written", "language"), [("iw", "he"), ("in", "id"), ("jp", None), ("ua", None), ("fil", "fil")]
)
def test_old_codes_become_new_ones_and_those_of_countries_are_no_languages(written: str, language: str | None) -> None:
    article = read(language=written)
    assert (article.language, bool(article.left_out)) == (language, language is None)


@pytest.mark.parametrize(
    "written",
    [["Content-Type", "text/html", "X", "y"], [{"key": "Content-Type", "value": "text/html"}],
     "HTTP/1.1 200 OK\r\nContent-Type: text/html", '{"Content-Type": "text/html"}',
     {"content-type": [{"key": "Content-Type", "value": "text/html"}]}, {"Content-Type": "text/html", "X": None}],
)  # fmt: skip
def test_headers_are_read_as_servers_and_functions_hand_them_on(written: Any) -> None:
    article = read(headers=written)
    assert (next(iter(article.headers.values())), article.left_out) == ("text/html", ())


@pytest.mark.parametrize("body", [{"rendered": "Rain."}, ["Rain."], {"type": "Buffer", "data": [*b"Rain."]}])
def test_a_body_is_read_as_systems_put_it_into_json(body: Any) -> None:
    assert read_article({"html": body}).body == b"Rain."


@pytest.mark.parametrize("written", ["//paper.example/1", " www.paper.example/1", "https://www.paper.example/1"])
def test_an_address_without_its_scheme_is_one(written: str) -> None:
    url = read(url=written).url
    assert url is not None
    assert url.replace("www.", "") == "https://paper.example/1"
