"""The demo's deliveries: each article in the form in which its paper hands it in, and the broken ones.

Pure but for reading the article and template files; the same bytes every time. Start reading at `list_parcels`.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from string import Template
from uuid import NAMESPACE_URL, uuid5

import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from demo.articles import Article, add_delay, read_articles
from demo.broken import list_broken_parcels
from demo.parcel import Parcel, make_event, to_json

__all__ = ["Parcel", "list_parcels"]

TEMPLATES = Path(__file__).parent / "templates"
NAMES = {
    "harbour-gazette": "Harbour Gazette",
    "alder-dispatch": "The Alder Valley Dispatch",
    "seeufer-bote": "Seeufer-Bote",
}
REFETCH_DELAY = timedelta(hours=3)


def list_parcels() -> list[Parcel]:
    """Return all parcels in the order of arrival: by day, first new articles, then repeats, then broken ones."""
    articles = read_articles()
    days = sorted({article.day for article in articles})
    return [
        parcel
        for day in days
        for parcel in (
            *_make_messages([a for a in articles if a.day == day and a.form == "message"], articles),
            *_make_files([a for a in articles if a.day == day and a.form != "message"], articles),
            *_make_repeats([a for a in articles if a.day == day and a.again], articles),
            *(broken for broken in list_broken_parcels() if broken.day == day),
        )
    ]


def _make_messages(chosen: Sequence[Article], articles: Sequence[Article]) -> list[Parcel]:
    return [
        Parcel(a.day, f"{_name_stem(a)}.json", render_message(a, articles), "message", "published", a.host, note=a.note)
        for a in chosen
    ]


def _make_repeats(chosen: Sequence[Article], articles: Sequence[Article]) -> list[Parcel]:
    repeats = []
    for a in chosen:
        if a.again == "resent":
            content, note = render_message(a, articles), "the same event sent again"
        else:
            content, note = render_message(a, articles, "again", REFETCH_DELAY), "fetched again, unchanged"
        repeats.append(
            Parcel(a.day, f"{_name_stem(a)}.{a.again}.json", content, "message", "duplicate", a.host, note=note)
        )
    return repeats


def _make_files(chosen: Sequence[Article], articles: Sequence[Article]) -> list[Parcel]:
    singles = [
        Parcel(
            a.day, f"{_name_stem(a)}.{a.form}", SINGLE[a.form](a, articles), "file", "published", a.host, note=a.note
        )
        for a in chosen
        if a.form in SINGLE
    ]
    bundles = []
    for paper, form in sorted({(a.paper, a.form) for a in chosen if a.form not in SINGLE}):
        members = [a for a in chosen if (a.paper, a.form) == (paper, form)]
        day, host, torn = members[0].day, members[0].host, int(form == "torn.jsonl")
        content, name = BUNDLE[form](members, articles), f"{paper}/{day}-articles.{form}"
        note = "one line is torn off, the others are good" if torn else ""
        bundles.append(Parcel(day, name, content, "file", "published", host, len(members) + torn, torn, note))
    return singles + bundles


def _name_stem(article: Article) -> str:
    return f"{article.paper}/{article.day}-{article.slug}"


# --- one article, as its paper gives it -----------------------------------------------------------------------------


def render_message(a: Article, articles: Sequence[Article], suffix: str = "", delay: timedelta = timedelta(0)) -> bytes:
    """Return the event a crawler sends after fetching the article; `suffix` and `delay` make it another fetch."""
    fetched_at = add_delay(a.fetched_at, delay)
    data: dict[str, object] = {"url": a.url, "source": a.host}
    if a.paper == "harbour-gazette":
        data |= {"html": render_page(a, articles, fetched_at), "section": a.section}
        content_type = "text/html; charset=utf-8"
    elif a.paper == "alder-dispatch":
        data |= {"text": render_text_dump(a), "title": a.title, "authors": a.authors, "published_at": a.published_at}
        content_type = "text/plain; charset=utf-8"
    else:
        data |= make_record(a)
        content_type = "application/json"
    data |= {"fetched_at": fetched_at, "headers": {"content-type": content_type}}
    identity = "-".join(filter(None, (a.paper, str(a.day), a.slug, suffix)))
    return make_event(identity, a.host, fetched_at, str(a.day), data)


def render_page(a: Article, articles: Sequence[Article], fetched_at: str) -> str:
    """Return a web page of the Harbour Gazette, with all that such pages carry besides the article."""
    json_ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": a.title,
        "datePublished": a.published_at,
        "dateModified": a.modified_at,
        "author": [{"@type": "Person", "name": author} for author in a.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": NAMES[a.paper]},
        "articleSection": a.section,
        "mainEntityOfPage": a.url,
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
    }
    caption = f"<figure><img src='/images/{a.slug}.jpg' alt=''><figcaption>{escape(a.caption)}</figcaption></figure>"
    others = [other for other in articles if (other.paper, other.day) == (a.paper, a.day) and other.url != a.url]
    values = _list_values(a) | {
        "section_path": a.section.lower(),
        "json_ld": json.dumps(json_ld, ensure_ascii=False).replace("</", "<\\/"),
        "figure": caption if a.caption else "",
        "body": _render_paragraphs(a),
        "links": _render_links(others[:4]),
    }
    head = fill_template("harbour-gazette-head.html", values)
    main = fill_template("harbour-gazette-article.html", values)
    return fill_template("harbour-gazette-site.html", values | {"head": head, "main": main, "fetched_at": fetched_at})


def render_text_dump(a: Article) -> str:
    """Return the Alder Valley Dispatch's page as plain text, its appeals for support included."""
    caption = f"{a.caption}\n\n" if a.caption else ""
    return fill_template("alder-dispatch.txt", {"title": a.title, "caption": caption, "body": a.text})


def make_record(a: Article) -> dict[str, object]:
    """Return the Seeufer-Bote's article object."""
    return {
        "url": a.url,
        "title": a.title,
        "authors": a.authors,
        "published_at": a.published_at,
        "language": a.language,
        "section": a.section,
        "text": a.text,
    }


# --- several articles in one file -----------------------------------------------------------------------------------


def render_jsonl(members: Sequence[Article], _: Sequence[Article]) -> bytes:
    """Return one article object a line."""
    return b"".join(to_json(make_record(a)) + b"\n" for a in members)


def render_torn_jsonl(members: Sequence[Article], articles: Sequence[Article]) -> bytes:
    """Return the lines with one more, the second, that breaks off in the middle of a word."""
    first, *rest = render_jsonl(members, articles).splitlines(keepends=True)
    return b"".join((first, rest[0][:200].rstrip() + b"\n", *rest))


def render_rss(members: Sequence[Article], _: Sequence[Article]) -> bytes:
    """Return an RSS 2.0 feed with the full text in content:encoded, and a blog engine's closing line."""
    entries = [
        fill_template("rss-item.xml", _list_values(a) | {
            "published": _format_rfc_date(a.published_at),
            "content": escape(f"{_render_paragraphs(a)}\n<p>This story first appeared in the {NAMES[a.paper]}.</p>"),
        })
        for a in members
    ]  # fmt: skip
    return _render_feed("rss.xml", members, entries, _format_rfc_date(members[-1].fetched_at))


def render_atom(members: Sequence[Article], _: Sequence[Article]) -> bytes:
    """Return an Atom feed with the full text of each article."""
    entries = [
        fill_template("atom-entry.xml", _list_values(a) | {
            "authors": "\n".join(f"<author><name>{escape(author)}</name></author>" for author in a.authors),
            "content": escape(_render_paragraphs(a)),
        })
        for a in members
    ]  # fmt: skip
    return _render_feed("atom.xml", members, entries, members[-1].fetched_at)


def render_warc(members: Sequence[Article], articles: Sequence[Article]) -> bytes:
    """Return a WARC 1.0 file: a record on the crawl, then a response a page. Ids come from URLs, dates from fetches."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.0")

    def write(kind: str, url: str, payload: bytes, date: str, http: StatusAndHeaders | None = None) -> None:
        fixed = {"WARC-Date": date, "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, url)}>"}
        record = writer.create_warc_record(
            url, kind, BytesIO(payload), length=len(payload), http_headers=http, warc_headers_dict=fixed
        )
        writer.write_record(record)

    write("warcinfo", "", b"software: demo crawler\r\nformat: WARC File Format 1.0\r\n", members[0].fetched_at)
    for a in members:
        body = render_page(a, articles, a.fetched_at).encode()
        fields = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        write("response", a.url, body, a.fetched_at, StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1"))
    return out.getvalue()


# How an article's `form` becomes a file: one article each, or all of a paper's day with this form in one.
SINGLE: dict[str, Callable[[Article, Sequence[Article]], bytes]] = {
    "html": lambda a, articles: render_page(a, articles, a.fetched_at).encode(),
    "html.zst": lambda a, articles: zstandard.compress(render_page(a, articles, a.fetched_at).encode()),
    "txt": lambda a, _: render_text_dump(a).encode(),
    "json": lambda a, _: to_json(make_record(a)),
}
BUNDLE: dict[str, Callable[[Sequence[Article], Sequence[Article]], bytes]] = {
    "jsonl": render_jsonl,
    "jsonl.gz": lambda members, articles: gzip.compress(render_jsonl(members, articles), mtime=0),
    "torn.jsonl": render_torn_jsonl,
    "rss": render_rss,
    "atom": render_atom,
    "warc": render_warc,
}


# --- filling in -----------------------------------------------------------------------------------------------------


@cache
def _load_template(name: str) -> Template:
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def fill_template(template: str, values: dict[str, str]) -> str:
    """Fill a template with its values as they are: escape them first."""
    return _load_template(template).substitute(values)


def _list_values(a: Article) -> dict[str, str]:
    plain = {
        "title": a.title,
        "lead": a.paragraphs[0],
        "byline": " and ".join(a.authors),
        "section": a.section,
        "slug": a.slug,
        "language": a.language,
        "url": a.url,
        "published_at": a.published_at,
        "modified_at": a.modified_at,
    }
    return {name: escape(value) for name, value in plain.items()}


def _render_paragraphs(a: Article) -> str:
    return "\n".join(f"<p>{escape(paragraph, quote=False).replace(chr(10), '<br>')}</p>" for paragraph in a.paragraphs)


def _render_links(articles: Sequence[Article]) -> str:
    return "\n".join(f'<li><a href="{a.url}">{escape(a.title)}</a></li>' for a in articles)


def _render_feed(template: str, members: Sequence[Article], entries: list[str], built: str) -> bytes:
    a = members[0]
    values = {"name": NAMES[a.paper], "host": a.host, "language": a.language, "built": built}
    return fill_template(template, values | {"entries": "\n".join(entries)}).encode()


def _format_rfc_date(moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment), usegmt=False)
