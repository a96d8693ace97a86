"""Any number of distinct articles, made by seeded edits of some hundred real pages.

The pages are those of `../shared/data/extraction` where that folder is there (of wcxb_dev the even ids alone), else
the demo's. An edited page keeps its markup; its title, its URL and about half of its longer runs of text are new.
"""

import base64
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from benchmarks.pages import DATA, SETS, load
from demo.render import list_parcels
from pipelines.messages import UNKNOWN_SOURCE, derive_source_name

SEED = 20260131
SOURCES = 23  # daniel_dev comes without addresses; it has so many papers

PAGES = "real pages" if DATA.is_dir() else "the demo's pages"

# Text between two tags, long enough to be a sentence; braces are the mark of scripts and styles.
_RUN = re.compile(rb">([^<>{}]{80,})(?=<)")
_TITLE = re.compile(rb"(<(?:title|h1)\b[^>]{0,500}>)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    """One page as it would be sent: `number` tells it from all others of the same seed."""

    number: int
    source: str
    url: str
    html: bytes


def make_articles(count: int) -> Iterator[Article]:
    """Make the first `count` articles; from the same pages, a shorter list is the beginning of a longer one."""
    pages = load_pages()
    return islice((_edit(number, *pages[number % len(pages)]) for number in range(count)), count)


def load_pages() -> list[tuple[bytes, str]]:
    """Return (body, URL) of each page that is edited, shuffled so that every stretch has pages of all kinds."""
    pages: list[tuple[bytes, str | None]] = (
        [(page.body, page.url) for name in SETS for page in load(name)] if (DATA.is_dir()) else list(_load_demo_pages())
    )
    addressed = [(body, url or f"https://paper-{at % SOURCES}.example/{at}") for at, (body, url) in enumerate(pages)]
    random.Random(SEED).shuffle(addressed)
    return addressed


def build_message(article: Article, dt: str) -> str:
    """Build the CloudEvents message that carries the article, for a past day."""
    event = {
        "specversion": "1.0",
        "id": f"benchmark-{article.number}",
        "source": f"https://{article.source}",
        "type": "org.copydesk.article.v1",
        "time": f"{dt}T12:00:00Z",
        "dt": dt,
        "datacontenttype": "application/json",
        "data": {"html_base64": base64.b64encode(article.html).decode(), "url": article.url, "source": article.source},
    }
    return json.dumps(event)


def _load_demo_pages() -> Iterator[tuple[bytes, str | None]]:
    for parcel in list_parcels():
        if parcel.by == "message" and parcel.expect == "published":
            data = json.loads(parcel.content)["data"]
            if "html" in data:
                yield data["html"].encode(), data.get("url")


def _edit(number: int, body: bytes, url: str) -> Article:
    chance = random.Random(f"{SEED} {number}")
    mark = f"No. {number} of {chance.randrange(10**6)}. ".encode()  # ASCII: right in every encoding but UTF-16
    html = _TITLE.sub(lambda tag: tag[1] + mark, body)
    html = _RUN.sub(lambda run: b">" + (mark if chance.random() < 0.5 else b"") + run[1], html)
    return Article(
        number, derive_source_name(url) or UNKNOWN_SOURCE, f"{url.partition('#')[0].rstrip('/')}-{number}", html
    )
