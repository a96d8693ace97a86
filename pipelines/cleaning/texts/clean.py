"""One plain-text document → its article."""

from pipelines.cleaning.article import assemble_article
from pipelines.cleaning.cleaned import Cleaned
from pipelines.cleaning.decode import decode
from pipelines.cleaning.language import detect_language
from pipelines.cleaning.metadata import MAX_LEAD
from pipelines.cleaning.metadata.published import find_date_in_lines
from pipelines.cleaning.profiles.profile import LEARNT, Profile
from pipelines.cleaning.text import tidy_text
from pipelines.cleaning.texts.bylines import read_byline_names
from pipelines.cleaning.texts.lines import MAX_LINES
from pipelines.cleaning.texts.reading import NO_HINTS, NO_REPEATS, read_lines
from pipelines.text.limits import MAX_ITEM_BYTES


def clean_text(body: bytes, charset: str | None = None, profile: Profile | None = None) -> Cleaned:
    """The article in a plain-text document; `removed` has every line that is no part of `text`.

    `charset` is what a header said, `profile` what was learnt of the source.
    """
    if len(body) > MAX_ITEM_BYTES:
        return Cleaned(reason="too_large")
    if not body.strip():
        return Cleaned(reason="empty")
    decoded = decode(body, charset)
    if decoded is None:
        return Cleaned(reason="not_text")
    learnt = (profile.repeats, profile.hints) if profile is not None else (NO_REPEATS, NO_HINTS)
    lines = read_lines(tidy_text(decoded), *learnt)
    if len(lines) > MAX_LINES:
        return Cleaned(reason="too_large")
    found = assemble_article(lines)
    if not found.text:
        return Cleaned(removed=found.removed, captions=found.captions, reason="no_text")
    title = next((line.text for line in lines if line.label == "headline"), None)
    authors = tuple(
        dict.fromkeys(name for line in lines if line.label == "byline" for name in read_byline_names(line.text))
    )
    published = find_date_in_lines(lines)
    language, score = detect_language(found.text)
    told = {"title": title, "authors": authors, "published_at": published, "language": language}
    return Cleaned(
        text=found.text,
        text_from="profile" if profile is not None and any(line.reason in LEARNT for line in lines) else "model",
        parts=found.parts,
        removed=found.removed,
        captions=found.captions,
        dateline=found.dateline,
        title=title,
        lead=next((found.text[p.start : p.end] for p in found.parts if p.kind == "lead" and p.end <= MAX_LEAD), None),
        authors=authors,
        published_at=published.at if published else None,
        published_precision=published.precision if published else None,
        published_zone=published.zone if published else None,
        language=language,
        language_score=score,
        found_in={field: "text" for field, value in told.items() if value},
    )
