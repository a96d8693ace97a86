"""Articles by the names that news APIs and crawlers give to their members."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.formats import Document, unpack

TEXT = "The ferry ran late."


def only(article: dict[str, Any]) -> Document:
    [document] = unpack(io.BytesIO(json.dumps({"articles": [article]}).encode()), "a.json", None)
    return document


@pytest.mark.parametrize(
    ("article", "body", "media_type"),
    [
        ({"content": TEXT, "publishedAt": "2026-03-02T10:00:00Z", "author": "Jo", "headline": "Late"},
         TEXT, "text/plain"),
        ({"maintext": TEXT, "date_publish": "2026-03-02 10:00:00", "authors": ["Jo"], "title": "Late"},
         TEXT, "text/plain"),
        (
            {"content": {"rendered": f"<p>{TEXT}</p>"}, "title": {"rendered": "Late"}, "date": "2026-03-02T10:00:00",
             "author": {"name": "Jo"}},
            f"<p>{TEXT}</p>", "text/html",
        ),
        (
            {"webTitle": "Late", "webPublicationDate": "2026-03-02T10:00:00Z",
             "fields": {"body": f"<p>{TEXT}</p>", "byline": "Jo"}},
            f"<p>{TEXT}</p>", "text/html",
        ),
    ],
)  # fmt: skip
def test_an_article_is_known_by_other_names(article: dict[str, Any], body: str, media_type: str) -> None:
    document = only(article)
    assert (document.body.decode(), document.media_type, document.title) == (body, media_type, "Late")
    assert (document.published_at, document.authors) == (datetime(2026, 3, 2, 10, tzinfo=UTC), ("Jo",))


def test_our_own_names_come_first() -> None:
    assert only({"text": "a", "content": "b", "headline": "c"}).title is None
    assert only({"text": "a", "content": "b"}).body == b"a"


@pytest.mark.parametrize("value", [{"id": 1}, {"content": None}, {"content": 7, "body": []}])
def test_what_has_no_body_under_any_name_is_no_article(value: dict[str, Any]) -> None:
    assert only(value).reason == "not_an_article"
