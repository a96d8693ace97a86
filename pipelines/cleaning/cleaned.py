"""What cleaning one document gives."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One document: its readable text and what it says about itself, or the reason why it is no article.

    A document has either `text` or a `reason` (a word of tables.items.REASONS). What the page says about itself
    (title, authors, dates, address) may be there in both cases; None or () stands for not known.
    """

    text: str | None = None
    """Paragraphs joined by a blank line: NFC, without control characters (but newline) or lone surrogates."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    """In UTC; a time without a zone is taken as UTC, and a day is its midnight."""
    published_precision: str | None = None
    """`day`, `minute` or `second`."""
    published_from: str | None = None
    """Where the date was found: `json-ld`, `meta`, `url` or `page`."""
    canonical_url: str | None = None
    language: str | None = None
    """ISO 639-1."""
    language_score: float | None = None
    """0–1, set together with `language`."""
    reason: str | None = None
