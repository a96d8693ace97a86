"""An entry of a feed, whatever the feed is written in: what is missing or malformed beside its content is left out."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import urlsplit

from pipelines.formats.document import Document, convert_to_utc, reject
from pipelines.formats.page import read_page
from pipelines.tables.ids import hash_id
from pipelines.text.limits import MAX_SENT_AUTHORS, MAX_SENT_TEXT

URI = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)


def read_entry(
    content: str,
    *,
    is_html: bool,
    title: str | None,
    links: Iterable[str],
    authors: Iterable[str],
    dates: Iterable[str],
    languages: Iterable[str | None],
    ids: tuple[str | None, str | None] = (None, None),
) -> Document:
    """Return an entry as an article candidate; without content it is rejected.

    Of `links`, `dates` and `languages` the first that is one counts, so the entry's own come before those of the feed.
    `ids` are what the feed and the entry in it call themselves; they name an entry without a link.
    """
    url = next(filter(_is_web_address, map(str.strip, links)), None)
    if not content:
        return reject("not_an_article", "an entry without content", (title or "").encode(), url)
    names = (name[:MAX_SENT_TEXT] for name in islice(authors, MAX_SENT_AUTHORS))
    return read_page(
        content.encode(),
        "text/html" if is_html else "text/plain",
        charset="utf-8",
        url=url,
        entry_id=_derive_entry_id(*ids) if url is None else None,
        title=title or None,
        authors=tuple(dict.fromkeys(filter(None, names))),
        published_at=next(filter(None, map(_read_moment, dates)), None),
        language=next(filter(None, map(_read_language, languages)), None),
    )


def _derive_entry_id(feed: str | None, entry: str | None) -> str | None:
    """Hash the id of an entry; one that is no URI is told apart from that of other feeds by what the feed is called."""
    if not entry:
        return None
    return hash_id("entry", None if URI.match(entry) else feed, entry)


def _is_web_address(link: str) -> bool:
    try:
        return urlsplit(link).scheme in {"http", "https"}
    except ValueError:
        return False


def _read_moment(written: str) -> datetime | None:
    """Read a date as in RSS (RFC 822) or as in Atom and JSON Feed (ISO 8601); None without a zone."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(written[:100])
        except (ValueError, OverflowError, IndexError):
            continue
        return convert_to_utc(moment) if moment.tzinfo is not None else None
    return None


def _read_language(written: str | None) -> str | None:
    code = (written or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else None
