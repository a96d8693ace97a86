"""The result of cleaning one document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipelines.cleaning.labels import Label

ArticleType = Literal["news", "opinion", "live", "press_release", "stub", "index"]  # tables.items.ARTICLE_TYPES


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of `text`."""

    kind: Label
    """One of cleaning.labels.KEPT."""
    line: int
    """Its place among the lines of the document, kept and removed, from 0."""
    start: int
    """In characters of `text`, the first of the paragraph."""
    end: int
    """Behind its last."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that is not in `text`."""

    line: int
    text: str
    label: Label
    """What it is taken for."""
    reason: str
    """What decided: `model`; `repeats`, `wrapper`, `hints`: what other documents of the source taught; or the name of a
    rule: `twice`, the same paragraph further up; `data`, the text that the page carries for its scripts; those of
    pages.furniture, pages.enclosed and phrases."""
    score: float
    """How sure it is that the line does not belong to the text, as in LabelledLine, 0-1."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where an article was written, as its text opens with it; offsets in characters of `text`."""

    place: str | None
    agency: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the text leads to, and which words of `text` carry it."""

    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One document: its readable text and what it says about itself, or the reason why it is no article.

    A document has either `text` or a `reason` (a word of tables.items.REASONS). What the page says about itself
    (title, authors, dates, address) may be there in both cases; None or () stands for not known.
    """

    text: str | None = None
    """Paragraphs, with a blank line, a line's end or a space between them as they stood: NFC, without control
    characters (but newline) or lone surrogates."""
    text_from: str | None = None
    """How text was told from furniture: a word of tables.items.TEXT_FROM."""
    parts: tuple[Part, ...] = ()
    removed: tuple[Removed, ...] = ()
    captions: tuple[str, ...] = ()
    dateline: Dateline | None = None
    links: tuple[Link, ...] = ()
    images: tuple[str, ...] = ()
    title: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    published_at: datetime | None = None
    """In UTC; a time without a zone is taken as UTC, and a day, or month, is its first midnight."""
    published_precision: str | None = None
    """`month`, `day`, `minute` or `second`."""
    published_zone: str | None = None
    """The offset from UTC as it was written, `+02:00`."""
    updated_at: datetime | None = None
    updated_precision: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    """ISO 639-1."""
    language_score: float | None = None
    """0–1, set together with `language` unless a sender or the page named it."""
    article_type: ArticleType | None = None
    article_type_score: float | None = None
    robots: tuple[str, ...] = ()
    is_tdm_reserved: bool | None = None
    tdm_policy_url: str | None = None
    is_paywalled: bool | None = None
    found_in: Mapping[str, str] = field(default_factory=dict)
    """Field → where on the page it was found: `json-ld`, `meta`, `page`, `url`, …"""
    reason: str | None = None
