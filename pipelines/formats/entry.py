"""An entry of a feed, whatever the feed is written in: what is missing or malformed beside its content is left out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import urljoin, urlsplit

from pipelines.formats.document import Document, convert_to_utc, reject
from pipelines.formats.entry_text import remove_footer, unescape_markup
from pipelines.formats.page import read_page
from pipelines.tables.ids import hash_id
from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT

URI = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
SECONDS = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")  # since 1970, or thousandths: from 2001 to 2033
MAX_DATES, MAX_DATE = 10, 100  # of one entry, and characters of one


def read_entry(
    content: str,
    *,
    is_html: bool,
    title: str | None,
    links: Iterable[str],
    authors: Iterable[str],
    dates: Iterable[str],
    languages: Iterable[str | None],
    base: str | None = None,
    ids: tuple[str | None, str | None] = (None, None),
) -> Document:
    """Return an entry as an article candidate; without content it is rejected.

    Of `links`, `dates` and `languages` the first that is one counts, so the entry's own come before those of the feed;
    `base` is the address that links are relative to. `ids` are what the feed and the entry in it call themselves; they
    name an entry without a link, and its title and date one without an id.
    """
    url = next(filter(None, (_resolve(link, base) for link in links)), None)
    if not content:
        return reject("not_an_article", "an entry without content", (title or "").encode(), url)
    names = (name[:MAX_SENT_TEXT] for name in islice(authors, MAX_SENT_AUTHORS))
    content, is_html = unescape_markup(content, is_html)
    written = [date.strip()[:MAX_DATE] for date in islice(filter(None, dates), MAX_DATES)]
    moment = _read_moment(written[0]) if written else None
    document = read_page(
        remove_footer(content, is_html, url).encode("utf-8", "replace"),
        "text/html" if is_html else "text/plain",
        charset="utf-8",
        url=url,
        entry_id=_derive_entry_id(ids[0], ids[1] or " ".join([title or "", *written[:1]]).strip())
        if url is None
        else None,
        title=title or None,
        authors=tuple(dict.fromkeys(filter(None, names))),
        published_at=moment,
        language=next(filter(None, map(_read_language, languages)), None),
    )
    return document if moment or document.reason else replace(document, written_dates=tuple(written))


def _derive_entry_id(feed: str | None, entry: str | None) -> str | None:
    """Hash the id of an entry; one that is no URI is told apart from that of other feeds by what the feed is called."""
    if not entry:
        return None
    return hash_id("entry", None if URI.match(entry) else feed, entry)


def _resolve(link: str, base: str | None) -> str | None:
    """Return the web address that a link is; None for what is none."""
    link = link.strip()
    try:
        if link[:4].lower() == "www." or (base and _has_host_of(link, base)):
            link = f"https://{link}"
        address = urljoin(base or ("https:" if link.startswith("//") else ""), link) if link else ""
        parts = urlsplit(address)
        return address if parts.scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None


def _has_host_of(link: str, base: str) -> bool:
    """Tell whether a link begins with the site's host, without a scheme."""
    host = (urlsplit(base).hostname or "").removeprefix("www.")
    return bool(host) and link.partition("/")[0].lower() == host


def _read_moment(written: str) -> datetime | None:
    """Read a date as in RSS (RFC 822), as in Atom and JSON Feed (ISO 8601), or as seconds; None without a zone."""
    if SECONDS.fullmatch(written):
        return datetime.fromtimestamp(int(written[:10]), UTC)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(written)
        except (ValueError, OverflowError, IndexError):
            continue
        return convert_to_utc(moment) if moment.tzinfo is not None else None
    return None


def _read_language(written: str | None) -> str | None:
    code = (written or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else None
