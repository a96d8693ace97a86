"""The articles of the demo, as written in articles/<day>/<paper>.md."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent / "articles"
# How long after an article appeared it was fetched: long enough to be on the same day for all of them.
FETCH_DELAY = timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class Article:
    """One text of one paper; README.md says what each line of its heading means."""

    day: date
    paper: str
    title: str
    paragraphs: tuple[str, ...]
    slug: str
    authors: tuple[str, ...]
    section: str
    published_at: str
    updated_at: str = ""
    language: str = "en"
    form: str = "message"
    caption: str = ""
    path: str = ""
    again: str = ""
    text_of: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        return f"{self.day}/{self.paper}/{self.slug}"

    @property
    def host(self) -> str:
        return f"{self.paper}.example"

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.path or f'{self.day:%Y/%m/%d}/{self.slug}'}"

    @property
    def modified_at(self) -> str:
        return self.updated_at or self.published_at

    @property
    def fetched_at(self) -> str:
        return add_delay(self.modified_at, FETCH_DELAY)

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def add_delay(moment: str, delay: timedelta) -> str:
    """Return an ISO time in UTC, moved by `delay`."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC) + delay:%Y-%m-%dT%H:%M:%SZ}"


def read_articles() -> tuple[Article, ...]:
    """Read all articles: by day, then paper, then as in the file. A wrong heading raises KeyError or TypeError."""
    articles = [
        _read_article(date.fromisoformat(file.parent.name), file.stem, block)
        for file in sorted(FOLDER.glob("*/*.md"))
        for block in f"\n{file.read_text(encoding='utf-8')}".split("\n# ")[1:]
    ]
    by_key = {article.key: article for article in articles}
    return tuple(
        replace(article, paragraphs=by_key[article.text_of].paragraphs) if article.text_of else article
        for article in articles
    )


def _read_article(day: date, paper: str, block: str) -> Article:
    heading, _, text = block.strip().partition("\n\n")
    title, *lines = heading.splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    return Article(
        day=day,
        paper=paper,
        title=title,
        paragraphs=tuple(text.split("\n\n")) if text else (),
        authors=tuple(fields.pop("authors").split(", ")),
        path=fields.pop("url", ""),
        **fields,
    )
