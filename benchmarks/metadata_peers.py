"""Titles, authors and dates by other libraries, in the environment of extractors.lock: knows nothing of copydesk.

One JSON object a line on standard input with `html` (base64) and `url`; answers each with a line: peer → title, authors
and date (YYYY-MM-DD), each null where it found none.
"""

import base64
import json
import logging
import sys
from collections.abc import Callable

Answer = tuple[str | None, str | None, str | None]


def trafilatura(html: str, url: str | None) -> Answer:
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(html, default_url=url)
    return found.title, found.author, found.date


def htmldate(html: str, url: str | None) -> Answer:
    from htmldate import find_date

    return None, None, find_date(html, url=url, original_date=True)


def newspaper4k(html: str, url: str | None) -> Answer:
    from newspaper import Article

    article = Article(url or "https://example.org/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    date = article.publish_date
    return article.title or None, "; ".join(article.authors) or None, date.date().isoformat() if date else None


PEERS: tuple[Callable[[str, str | None], Answer], ...] = (trafilatura, htmldate, newspaper4k)


def main() -> None:
    """Answer page by page."""
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        page = json.loads(line)
        html = base64.b64decode(page["html"]).decode("utf-8", "replace")
        answers: dict[str, Answer] = {}
        for peer in PEERS:
            try:
                answers[peer.__name__] = peer(html, page["url"])
            except Exception:  # noqa: BLE001  a page that a library cannot take has nothing
                answers[peer.__name__] = (None, None, None)
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
