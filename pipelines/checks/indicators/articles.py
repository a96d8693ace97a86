"""Indicators from the columns of articles other than their text: dates, statuses, spans, relations."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.references import Indicators, match_rows
from pipelines.checks.indicators.spans import count_broken_spans

Array = np.ndarray[Any, Any]
SPANS = ("keywords", "topics", "tone_parts", "summary", "dates", "amounts", "parts", "links", "dateline")
# Enricher → the columns that it fills whenever its status is `done`.
FILLED = {
    "counts": ("word_count", "sentence_count", "paragraph_count", "char_count"),
    "readability": ("readability_score", "readability_formula"),
    "keywords": ("keywords",),
    "topics": ("topics",),
    "tone": ("tone", "tone_parts"),
    "summary": ("summary",),
    "dates": ("dates",),
    "amounts": ("amounts",),
    "embedding": ("embedding",),
}
STATUS = "_status"
# Dates that programs write when they have none.
NO_DATES = tuple(date.fromisoformat(d) for d in ("0001-01-01", "1899-12-30", "1900-01-01", "1970-01-01", "1980-01-01"))
DAY_SECONDS = 86_400
MINUTE = 60_000_000  # microseconds
OLD_DAYS = 2  # articles this old that share their minute of publication have it from a template
UNSURE = 0.6


def _is_time_exact(precision: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whether a precision tells more than the day."""
    return pc.is_in(precision, value_set=pa.array(["minute", "second"]))


def derive_article_indicators(articles: pa.Table, dt: date) -> Indicators:
    """Derive indicators from the columns of ARTICLES of the day `dt`, with one value per row."""
    published, received, updated = (articles[n] for n in ("published_at", "received_at", "updated_at"))
    has_time = pc.and_(pc.is_valid(published), _is_time_exact(articles["published_precision"]))
    at_midnight = pc.equal(pc.add(pc.multiply(pc.hour(published), 60), pc.minute(published)), 0)
    authors = pc.list_flatten(articles["authors"])
    odd = pc.match_substring_regex(
        authors, r"(?i)https?:|@|www\.|\d{3}|[<>{}|]|^[^\pL]*$|.{80}|^(?:null|none|n/a|nan|undefined|unknown)$"
    )
    ahead = _count_days(published, received)
    minute = pc.if_else(
        pc.and_(has_time, pc.invert(pc.fill_null(at_midnight, True))),
        pc.divide(pc.cast(pc.floor_temporal(published, unit="minute"), pa.int64()), MINUTE),
        None,
    )
    return {
        **_count_statuses(articles),
        "is_of_day": pc.equal(pc.cast(received, pa.date32()), pa.scalar(dt, pa.date32())),
        "received_hour": pc.strftime(received, "%H"),
        "published_ahead_days": ahead,
        "updated_after_days": _count_days(updated, published),
        "updated_ahead_days": _count_days(updated, received),
        "published_year": pc.year(published),
        "no_date_count": pc.cast(
            pc.is_in(pc.cast(published, pa.date32()), value_set=pa.array(NO_DATES, pa.date32())), pa.int8()
        ),
        "published_minute": minute,
        "old_published_minute": pc.if_else(pc.less(ahead, -OLD_DAYS), minute, None),
        "is_published_on_valid": _is_same(articles["published_on"], pc.cast(published, pa.date32())),
        "is_precision_valid": pc.equal(pc.is_valid(published), pc.is_valid(articles["published_precision"])),
        "title_length": pc.utf8_length(articles["title"]),
        "has_title_letters": pc.fill_null(
            pc.match_substring_regex(articles["title"], r"\pL{2}|\p{Han}|\p{Hangul}"), True
        ),
        "is_title_trimmed": pc.equal(pc.utf8_trim_whitespace(articles["title"]), articles["title"]),
        "title_in_text_count": _count_title_in_text(articles),
        "odd_author_count": _count_marked(articles["authors"], odd),
        "is_url_web": _is_web(articles["url"]),
        "is_canonical_web": _is_web(articles["canonical_url"]),
        "is_language_unsure": pc.less(articles["language_score"], UNSURE),
        "is_language_score_valid": pc.or_(pc.is_valid(articles["language"]), pc.is_null(articles["language_score"])),
        "not_finite_count": _count_not_finite(articles),
        "embedding_norm": _compute_norm(articles["embedding"]),
        **{
            f"{name}_count": pc.fill_null(pc.list_value_length(articles[f"{name}s"]), 0)
            for name in ("author", "image", "caption", "link")
        },
        "broken_span_count": count_broken_spans(articles["text"], *(articles[name] for name in SPANS)),
        "uncovered_count": _count_uncovered(articles),
        "odd_image_count": _count_marked(articles["images"], pc.invert(_is_web(pc.list_flatten(articles["images"])))),
    }


def _count_uncovered(articles: pa.Table) -> Any:
    """Count the characters of a text outside its parts and the one or two of white space between them.

    The count is below 0 where parts overlap, and null without parts.
    """
    parts = articles["parts"].combine_chunks()
    counts = np.asarray(pc.fill_null(pc.list_value_length(parts), 0))
    flat = pc.list_flatten(parts)
    lengths = np.asarray(pc.subtract(flat.field("end"), flat.field("start")), dtype=np.int64)
    covered = np.bincount(np.asarray(pc.list_parent_indices(parts)), lengths, minlength=len(counts))
    between = np.asarray(pc.utf8_length(articles["text"]), dtype=np.int64) - covered.astype(np.int64)
    gaps = counts - 1
    return pa.array(between - np.clip(between, gaps, 2 * gaps), mask=counts == 0)


def compare_articles(articles: pa.Table) -> Indicators:
    """Derive whether duplicates and revisions of a day's articles fit together."""
    original = match_rows(articles["duplicate_of"], articles["item_id"])
    at = pa.array(original, pa.int64(), mask=original < 0)
    is_duplicate = pc.is_valid(articles["duplicate_of"])
    numbers = np.arange(articles.num_rows)
    # The first row with the text of each row; later rows of other articles must be marked as its duplicates.
    first = match_rows(articles["content_sha256"], articles["content_sha256"])
    is_same_article = pc.equal(articles["article_id"], articles["article_id"].take(pa.array(first)))
    groups = (
        articles.select(["article_id", "revision"])
        .group_by("article_id")
        .aggregate([("revision", "max"), ("revision", "count_distinct"), ("revision", "count")])
    )
    is_gapless = pc.and_(
        pc.equal(groups["revision_max"], groups["revision_count"]),
        pc.equal(groups["revision_count_distinct"], groups["revision_count"]),
    )
    return {
        "is_duplicate_there": pc.or_(pc.invert(is_duplicate), pa.array(original >= 0)),
        "is_duplicate_of_other_item": pc.fill_null(pc.not_equal(articles["duplicate_of"], articles["item_id"]), True),
        "is_duplicate_same": pc.fill_null(
            pc.equal(articles["content_sha256"], articles["content_sha256"].take(at)), True
        ),
        "is_duplicate_kind_valid": pc.equal(is_duplicate, pc.is_valid(articles["duplicate_kind"])),
        "is_duplicate_marked": pc.or_(pc.or_(is_duplicate, pa.array(first == numbers)), is_same_article),
        "is_revision_gapless": is_gapless.take(pa.array(match_rows(articles["article_id"], groups["article_id"]))),
    }


def _count_statuses(articles: pa.Table) -> Indicators:
    """Count the enrichers that failed, that have no status, and whose status and values disagree."""
    rows = articles.num_rows
    failed, missing, wrong = (np.zeros(rows, np.int64) for _ in range(3))
    for column in [name for name in articles.column_names if name.endswith(STATUS)]:
        name, status = column.removesuffix(STATUS), articles[column]
        if name == "embedding" and status.null_count == rows:  # its extra is not installed
            continue
        done = np.asarray(pc.fill_null(pc.starts_with(status, "done"), False))
        failed += np.asarray(pc.fill_null(pc.starts_with(status, "failed"), False))
        missing += np.asarray(pc.is_null(status))
        for filled in FILLED.get(name, ()):
            wrong += np.asarray(pc.is_valid(articles[filled])) != done
    return {"failed_count": failed, "no_status_count": missing, "status_difference": wrong}


def _count_days(times: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return how many days each time is after the other."""
    return pc.divide(pc.seconds_between(others, times).cast(pa.float64()), DAY_SECONDS)


def _is_same(values: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whether two values are equal or both null."""
    is_both_null = pc.and_(pc.is_null(values), pc.is_null(others))
    return pc.or_(pc.fill_null(pc.equal(values, others), False), is_both_null)


def _count_marked(lists: pa.ChunkedArray, is_wrong: pa.ChunkedArray) -> Array:
    """Count the wrong entries of each list; `is_wrong` has one value per entry of all lists."""
    parents = np.asarray(pc.list_parent_indices(lists.combine_chunks()))
    return np.bincount(parents[np.asarray(pc.fill_null(is_wrong, True))], minlength=len(lists))


def _is_web(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.match_substring_regex(urls, r"^https?://[^\s/<>\"]+\.[^\s<>\"]{2,}$")


def _count_title_in_text(articles: pa.Table) -> pa.Array:
    pairs = zip(
        articles["title"].to_pylist(), pc.utf8_slice_codeunits(articles["text"], 0, 300).to_pylist(), strict=True
    )
    return pa.array(
        [int(bool(title) and len(title) >= 15 and (head or "").startswith(title)) for title, head in pairs], pa.int8()
    )


def _count_not_finite(articles: pa.Table) -> Array:
    """Count the numbers of a row that are infinite or NaN. GX would take them for null."""
    counts = np.zeros(articles.num_rows, np.int64)
    for field in articles.schema:
        if pa.types.is_floating(field.type):
            counts += np.asarray(pc.fill_null(pc.invert(pc.is_finite(articles[field.name])), False))
    return counts


def _compute_norm(embedding: pa.ChunkedArray) -> pa.Array:
    """Return the length of each vector."""
    values = embedding.combine_chunks()
    norms = np.full(len(values), np.nan)
    valid = np.asarray(pc.is_valid(values))
    if valid.any():
        vectors = np.asarray(pc.list_flatten(values.filter(pa.array(valid)))).reshape(int(valid.sum()), -1)
        norms[valid] = np.linalg.norm(np.nan_to_num(vectors), axis=1)
    return pa.array(norms, from_pandas=True)
