"""Titles, authors and dates (YYYY-MM-DD) of pages by other libraries, in the environment of extractors.lock."""

from collections.abc import Mapping

from benchmarks.peers import answer, unpack_page

Page = Mapping[str, str]
Metadata = tuple[str | None, str | None, str | None]
"""Title, authors and date; None for what was not found."""


def run_trafilatura(page: Page) -> Metadata:
    """Return what trafilatura finds."""
    from trafilatura.metadata import extract_metadata

    document = extract_metadata(_decode(page), default_url=page["url"])
    return document.title, document.author, document.date


def run_htmldate(page: Page) -> Metadata:
    """Return the date that htmldate finds."""
    from htmldate import find_date

    return None, None, find_date(_decode(page), url=page["url"], original_date=True)


def run_newspaper4k(page: Page) -> Metadata:
    """Return what newspaper4k finds."""
    from newspaper import Article

    article = Article(page["url"] or "https://example.org/", fetch_images=False)
    article.download(input_html=_decode(page))
    article.parse()
    date = article.publish_date
    return article.title or None, "; ".join(article.authors) or None, date.date().isoformat() if date else None


def _decode(page: Page) -> str:
    return unpack_page(page).decode("utf-8", "replace")


if __name__ == "__main__":
    answer({"trafilatura": run_trafilatura, "htmldate": run_htmldate, "newspaper4k": run_newspaper4k})
