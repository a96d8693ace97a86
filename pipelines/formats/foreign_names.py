"""Articles in JSON whose members have the names that news APIs, crawlers and CMSs give them."""

import re
from collections.abc import Mapping
from typing import Any

BODIES = ("html", "html_base64", "text", "text_base64")  # the names of messages.Article

# Our name → the names of others, the surest first: of NewsAPI, The Guardian, news-please, WordPress, schema.org.
NAMES: Mapping[str, tuple[str, ...]] = {
    "html": ("content_html", "body_html", "bodyHtml"),
    "text": ("maintext", "content_text", "body_text", "bodyText", "full_text", "fullText", "articleBody"),
    "url": ("link", "webUrl", "web_url", "canonical_url", "canonicalUrl", "permalink"),
    "title": ("headline", "webTitle"),
    "authors": ("author", "byline", "creator"),
    "published_at": (
        "publishedAt", "published", "pubDate", "pub_date", "date_published", "datePublished", "date_publish",
        "webPublicationDate", "publish_date", "date_gmt", "date",
    ),
    "language": ("lang", "inLanguage"),
    "source": ("source_domain", "publisher", "site_name"),
}  # fmt: skip
EITHER = ("content", "body")  # a page or a text, as they look
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")


def adopt_names(value: Any) -> Any:
    """Return an article by our names where it has no body under these, but one under another; else the value."""
    if not isinstance(value, dict) or any(value.get(name) for name in BODIES):
        return value
    fields = {**(value["fields"] if isinstance(value.get("fields"), dict) else {}), **value}
    found = {
        name: next((fields[other] for other in others if fields.get(other)), None)
        for name, others in NAMES.items()
        if not value.get(name)
    }
    body = next((text for name in EITHER if (text := _read_body(fields.get(name)))), None)
    if body and not (found.get("html") or found.get("text")):
        found["html" if MARKUP.search(body) else "text"] = body
    return {**value, **{name: each for name, each in found.items() if each is not None}}


def _read_body(value: Any) -> str | None:
    if isinstance(value, dict):  # WordPress
        value = value.get("rendered")
    return value if isinstance(value, str) else None
