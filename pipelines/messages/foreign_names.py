"""Articles in JSON whose members have the names that news APIs, crawlers and CMSs give them."""

import re
from collections.abc import Mapping
from typing import Any

BODIES = ("html", "html_base64", "text", "text_base64")  # the names of messages.Article

# Our name → the names of others, the surest first: of NewsAPI, The Guardian, news-please, WordPress, schema.org.
NAMES: Mapping[str, tuple[str, ...]] = {
    "html": ("content_html", "contentHtml", "body_html", "bodyHtml", "HTML", "Html"),
    "html_base64": ("htmlBase64",),
    "text_base64": ("textBase64",),
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
# What holds an article: of Elasticsearch, GraphQL, JSON:API, and of those who send it within something of their own.
WRAPPERS = ("_source", "node", "attributes", "article", "document", "doc", "payload")
EITHER = ("content", "body")  # a page or a text, as they look
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")


def adopt_names(value: Any) -> Any:
    """Return an article by our names where it has no body under these, but one under another; else the value."""
    value = _unwrap(value)
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


def _unwrap(value: Any) -> Any:
    """Return the article that stores and APIs put into an object of their own, with what that says beside it."""
    for _ in range(2):
        if not isinstance(value, dict) or any(value.get(name) for name in (*BODIES, *EITHER, *NAMES["text"])):
            break
        wrapped = next((value[name] for name in WRAPPERS if isinstance(value.get(name), dict)), None)
        if wrapped is None:
            break
        value = {**{name: each for name, each in value.items() if name not in (*WRAPPERS, "id", "type")}, **wrapped}
    return value


def _read_body(value: Any) -> str | None:
    if isinstance(value, dict):  # WordPress, Drupal
        value = value.get("rendered") or value.get("processed") or value.get("value")
    return value if isinstance(value, str) else None
