"""One plain-text document → its article."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipelines.cleaning.article import Article, assemble_article
from pipelines.cleaning.cleaned import Cleaned
from pipelines.cleaning.combine import combine
from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.metadata import MAX_LEAD, Metadata
from pipelines.cleaning.metadata.published import find_date_in_lines
from pipelines.cleaning.profiles.profile import Profile
from pipelines.cleaning.text import tidy_text
from pipelines.cleaning.texts.bylines import read_byline_names
from pipelines.cleaning.texts.lines import MAX_LINES
from pipelines.cleaning.texts.reading import NO_HINTS, NO_REPEATS, read_lines
from pipelines.cleaning.written_dates import DateHabits
from pipelines.text.decode import decode_document
from pipelines.text.limits import MAX_ITEM_BYTES


def clean_text(
    body: bytes, charset: str | None = None, profile: Profile | None = None, latest: date | None = None
) -> Cleaned:
    """Return the article in a plain-text document; `removed` has every line that is no part of `text`.

    `charset` is what a header said, `profile` what was learnt of the source, `latest` the last day that can be
    one of publication.
    """
    text, reason = decode_document(body, charset, MAX_ITEM_BYTES)
    if text is None:
        return Cleaned(reason=reason)
    repeats, hints = (profile.repeats, profile.hints) if profile is not None else (NO_REPEATS, NO_HINTS)
    lines = read_lines(tidy_text(text), repeats, hints)
    if len(lines) > MAX_LINES:
        return Cleaned(reason="too_large")
    article = assemble_article(lines)
    cleaned = combine(article, _read_metadata(lines, article, latest) if article.text else Metadata(), lines)
    if cleaned.language:
        cleaned = replace(cleaned, found_in={**cleaned.found_in, "language": "text"})
    return cleaned


def _read_metadata(lines: Sequence[LabelledLine], article: Article, latest: date | None) -> Metadata:
    """Return what the lines of a text say about it."""
    bylines = [line.text for line in lines if line.label == "byline"]
    leads = (part for part in article.parts if part.kind == "lead" and part.end <= MAX_LEAD)
    metadata = Metadata(
        title=next((line.text for line in lines if line.label == "headline"), None),
        lead=next((article.text[part.start : part.end] for part in leads), None),
        authors=tuple(dict.fromkeys(name for byline in bylines for name in read_byline_names(byline))),
        published=find_date_in_lines(lines, DateHabits(latest=latest)),
    )
    values = {"title": metadata.title, "authors": metadata.authors, "published_at": metadata.published}
    return replace(metadata, found_in={field: "text" for field, value in values.items() if value})
