"""Indicators of whether columns of an article, or articles of a source, agree where they describe the same thing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.references import Indicators, find_used_more_elsewhere, stream_rows
from pipelines.enrichments.tone import ROOM

Array = np.ndarray[Any, Any]
HOST = r"^https?://(?:www\.)?(?P<host>[^/:?#\s]+)"
NO_PATH = r"^https?://[^/?#\s]+/?(?:index\.\w+)?$"
TAIL = re.compile(r"\s[|–—·»:-]\s([^|–—·»:]{2,60})$")  # the part of a headline after its last bar or dash
WORD = re.compile(r"\w{4,}")
YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]\d)")
DAYS_OF_YEAR = 365.25
AT_ONCE = 2 / 86_400  # days: two seconds
# Words that scale a number, in the languages whose amounts are read, and the scales that they may mean.
SCALES = {
    re.compile(rf"(?i)(?<![^\W\d_])(?:{words})(?!\w)"): scale
    for words, scale in {
        "k|thousand|tausend|mil|mille|тыс\\w*": 1e3,
        "m|mn|mln|mio|mill?i?[oó]n\\w*|млн|миллион\\w*": 1e6,
        "b|bn|mrd|mil millones|milliard\\w*|billions?|млрд|миллиард\\w*": 1e9,
        "bio|billion\\w*|tn|trn|trillion\\w*|трлн|триллион\\w*": 1e12,
    }.items()
}
PER_SOURCE = ("author", "image", "caption")  # usually not shared by two sources
LISTS = ("keywords", "topics", "summary", "dates", "amounts", "parts", "removed", "robots")


def derive_agreement_indicators(articles: pa.Table) -> Indicators:
    """Derive the indicators of single rows from the columns of ARTICLES."""
    published, received = articles["published_at"], articles["received_at"]
    ahead = pc.divide(pc.cast(pc.microseconds_between(received, published), pa.float64(), safe=False), 86_400e6)
    firsts = {f"first_{name}": _get_first(articles[f"{name}s"]) for name in PER_SOURCE}
    return {
        "title_word_share": _share_title_words(articles),
        "is_title_the_site": _is_site_name(articles),
        "is_lead_title": pc.equal(articles["lead"], articles["title"]),
        "is_canonical_home": pc.match_substring_regex(articles["canonical_url"], NO_PATH),
        "is_host_canonical": pc.equal(_get_host(articles["url"]), _get_host(articles["canonical_url"])),
        "is_published_at_receipt": pc.less(pc.abs(ahead), AT_ONCE),
        "is_published_after_receipt": pc.greater(ahead, AT_ONCE),
        "is_published_years_ago": pc.less(pc.abs(_measure_beside_years(ahead)), 1.0),
        "is_updated_published": pc.equal(published, articles["updated_at"]),
        "is_on_the_hour": pc.equal(pc.add(pc.minute(published), pc.second(published)), 0),
        "tone_difference": _compare_tone(articles),
        "misread_date_count": _count_wrong(articles, "dates", _is_year_lost),
        "misread_amount_count": _count_wrong(articles, "amounts", _is_amount_lost),
        **{f"{name.removesuffix('s')}_count": pc.list_value_length(articles[name]) for name in LISTS},
        **{f"is_{name}_empty": pc.equal(pc.list_value_length(articles[name]), 0) for name in LISTS},
        **firsts,
        "first_keyword": _get_first(articles["keywords"], "term"),
        "first_topic": _get_first(articles["topics"], "topic"),
        "first_link": _get_first(articles["links"], "url"),
        "first_summary": _get_first(articles["summary"], "text"),
    }


def compare_sources(articles: pa.Table) -> Indicators:
    """Derive whether the articles of a source agree, and differ from those of others, from the narrow rows of a day.

    Beside plain columns of ARTICLES these have `first_author` and so on, as above.
    """
    titles = _compare_titles(articles)
    sources = articles["source"]
    return {
        "title_tail_count": titles.tail_counts,
        "is_title_repeated": titles.is_repeated,
        "is_host_of_other_source": find_used_more_elsewhere(_get_host(articles["url"]), sources),
        **{f"{name}_source_count": _count_sources(sources, articles[f"first_{name}"]) for name in PER_SOURCE},
    }


def _measure_beside_years(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return how many days a time is away from one, two or more whole years before; null within half a year."""
    years = pc.round(pc.divide(days, -DAYS_OF_YEAR))
    return pc.if_else(pc.greater_equal(years, 1), pc.add(days, pc.multiply(years, DAYS_OF_YEAR)), None)


def _get_host(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.struct_field(pc.extract_regex(urls, HOST), "host")


class _TitleComparison(NamedTuple):
    """For each row: how many other headlines of its source end alike, and whether another text of it has the same."""

    tail_counts: Array
    is_repeated: pa.Array


def _compare_titles(articles: pa.Table) -> _TitleComparison:
    """Compare the headlines of each source with one another."""
    rows = list(
        zip(*(articles[n].to_pylist() for n in ("source", "title", "article_id", "content_sha256")), strict=True)
    )
    ends = [(source, match[1]) if title and (match := TAIL.search(title)) else None for source, title, *_ in rows]
    counts = Counter(ends)
    tail_counts = np.array([counts[end] - 1 if end else 0 for end in ends], np.int64)
    texts = Counter((source, title) for source, title, _ in {(row[0], row[1], row[3]) for row in rows})
    others = Counter((source, title) for source, title, _ in {row[:3] for row in rows})
    is_repeated = [min(texts[row[:2]], others[row[:2]]) > 1 if row[1] else None for row in rows]
    return _TitleComparison(tail_counts, pa.array(is_repeated, pa.bool_()))


def _count_sources(sources: pa.ChunkedArray, values: pa.ChunkedArray) -> Array:
    """Count the sources that have the value of a row; 0 for null."""
    pairs = set(zip(values.to_pylist(), sources.to_pylist(), strict=True))
    counts = Counter(value for value, _ in pairs)
    return np.array([counts[value] if value is not None else 0 for value in values.to_pylist()], np.int64)


def _share_title_words(articles: pa.Table) -> Array:
    """Return the share of a headline's longer words that are in the text; NaN with fewer than three of them."""
    shares = np.full(articles.num_rows, np.nan)
    for number, row in enumerate(stream_rows(articles, ("title", "text"))):
        words = set(WORD.findall((row["title"] or "").lower()))
        if len(words) >= 3:
            # An inflected word differs at its end.
            lower = (row["text"] or "").lower()
            shares[number] = sum(word[: max(4, len(word) - 2)] in lower for word in words) / len(words)
    return shares


def _is_site_name(articles: pa.Table) -> pa.Array:
    """Return whether the headline is the name of the source."""

    def strip_marks(name: str) -> str:
        return "".join(filter(str.isalnum, name.lower()))

    pairs = zip(articles["title"].to_pylist(), articles["source"].to_pylist(), strict=True)
    return pa.array(
        [
            None if title is None else len(strip_marks(title)) >= 4 and strip_marks(title) in strip_marks(source)
            for title, source in pairs
        ],
        pa.bool_(),
    )


def _compare_tone(articles: pa.Table) -> Array:
    """Return how far the tone is from the one computed from its parts."""
    parts = articles["tone_parts"].combine_chunks()
    positive, negative = (np.asarray(pc.fill_null(parts.field(n), np.nan)) for n in ("positive_sum", "negative_sum"))
    tone = np.asarray(pc.fill_null(articles["tone"], np.nan), dtype=float)
    difference: Array = np.abs(tone - (positive - negative) / (positive + negative + ROOM))
    return difference


def _is_year_lost(mention: dict[str, Any]) -> bool:
    """Return whether a date has a written year that its value does not begin with."""
    years, value = YEAR.findall(mention["text"] or ""), mention["value"]
    return bool(years) and value is not None and not any(value.startswith(year) for year in years)


def _is_amount_lost(amount: dict[str, Any]) -> bool:
    """Return whether an amount's value is none that its digits can mean.

    A point or comma may divide thousands or begin the decimals, and words may scale the number.
    """
    text, value = amount["text"] or "", abs(amount["value"] or 0.0)
    numbers = re.findall(r"\d[\d.,]*", re.sub(r"(?<=\d)[\s'’](?=\d{3})", "", text))
    readings = {reading for number in numbers for reading in _list_readings(number.rstrip(".,"))}
    scales = [scale for words, scale in SCALES.items() if words.search(text)] or [1.0]
    is_meant = any(abs(value - reading * scale) <= 1e-6 * value for reading in readings for scale in scales)
    return bool(value and readings) and not is_meant


def _list_readings(number: str) -> Iterator[float]:
    """Yield the numbers that digits can mean: points and commas divide thousands, or the last begins the decimals."""
    plain = re.sub("[.,]", "", number)
    if all(len(group) in (2, 3) for group in re.split("[.,]", number)[1:]):
        yield float(plain)
    if len(plain) < len(number):
        *whole, decimals = re.split("[.,]", number)
        yield float(f"{''.join(whole)}.{decimals}")


def _count_wrong(articles: pa.Table, name: str, is_wrong: Callable[[dict[str, Any]], bool]) -> Array:
    """Count the wrong entries of each row's list."""
    return np.array([sum(map(is_wrong, row[name] or ())) for row in stream_rows(articles, (name,))], np.int64)


def _get_first(lists: pa.ChunkedArray, field: str | None = None) -> pa.Array:
    """Return the first entry of each list, or a field of it; null for an empty list."""
    array = lists.combine_chunks()
    counts = pc.fill_null(pc.list_value_length(array), 0)
    filled = pc.if_else(pc.greater(counts, 0), array, pa.scalar(None, array.type))
    first = pc.list_element(pc.fill_null(filled, pa.scalar([None], array.type)), 0)
    return pc.struct_field(first, field) if field else first
