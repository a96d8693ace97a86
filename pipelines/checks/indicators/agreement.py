"""What shows where two columns of an article, or two articles, tell of the same thing: whether they agree."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.references import Indicators, find_used_more_elsewhere, stream_rows
from pipelines.enrichments.tone import ROOM

Array = np.ndarray[Any, Any]
HOST = r"^https?://(?:www\.)?(?P<host>[^/:?#\s]+)"
NO_PATH = r"^https?://[^/?#\s]+/?(?:index\.\w+)?$"
TAIL = re.compile(r"\s[|–—·»:-]\s([^|–—·»:]{2,60})$")  # what follows the last bar or dash of a headline
WORD = re.compile(r"\w{4,}")
YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]\d)")
DAYS_OF_YEAR = 365.25
AT_ONCE = 2 / 86_400  # days: two seconds
# Words that scale a number, in the languages whose amounts are read, and what they may mean.
SCALES = {
    re.compile(rf"(?i)(?<![^\W\d_])(?:{words})(?!\w)"): scale
    for words, scale in {
        "k|thousand|tausend|mil|mille|тыс\\w*": 1e3,
        "m|mn|mln|mio|mill?i?[oó]n\\w*|млн|миллион\\w*": 1e6,
        "b|bn|mrd|mil millones|milliard\\w*|billions?|млрд|миллиард\\w*": 1e9,
        "bio|billion\\w*|tn|trn|trillion\\w*|трлн|триллион\\w*": 1e12,
    }.items()
}
SHARED = ("author", "image", "caption")  # what one paper has of its own
LISTS = ("keywords", "topics", "summary", "dates", "amounts", "parts", "removed", "robots")


def derive_agreement(articles: pa.Table) -> Indicators:
    """Columns of ARTICLES → name of a sign → its value for each row."""
    published, received = articles["published_at"], articles["received_at"]
    ahead = pc.divide(pc.cast(pc.microseconds_between(received, published), pa.float64(), safe=False), 86_400e6)
    tails, is_repeated = _titles(articles)
    firsts = {f"first_{name}": _first(articles[f"{name}s"]) for name in SHARED}
    return {
        "title_word_share": _title_words(articles),
        "title_tail_count": tails,
        "is_title_repeated": is_repeated,
        "is_title_site": _is_site(articles),
        "is_lead_title": pc.equal(articles["lead"], articles["title"]),
        "is_host_anothers": find_used_more_elsewhere(_host(articles["url"]), articles["source"]),
        "is_canonical_home": pc.match_substring_regex(articles["canonical_url"], NO_PATH),
        "is_host_canonical": pc.equal(_host(articles["url"]), _host(articles["canonical_url"])),
        "is_published_at_receipt": pc.less(pc.abs(ahead), AT_ONCE),
        "is_published_after_receipt": pc.greater(ahead, AT_ONCE),
        "is_published_years_ago": pc.less(pc.abs(_beside_years(ahead)), 1.0),
        "is_updated_published": pc.equal(published, articles["updated_at"]),
        "is_on_the_hour": pc.equal(pc.add(pc.minute(published), pc.second(published)), 0),
        "tone_difference": _tone_difference(articles),
        "misread_date_count": _counted(articles, "dates", _is_year_lost),
        "misread_amount_count": _counted(articles, "amounts", _is_amount_lost),
        **{f"{name.removesuffix('s')}_count": pc.list_value_length(articles[name]) for name in LISTS},
        **{f"is_{name}_empty": pc.equal(pc.list_value_length(articles[name]), 0) for name in LISTS},
        **firsts,
        **{f"{name}_source_count": _source_counts(articles["source"], firsts[f"first_{name}"]) for name in SHARED},
        "first_keyword": _first(articles["keywords"], "term"),
        "first_topic": _first(articles["topics"], "topic"),
        "first_link": _first(articles["links"], "url"),
        "first_summary": _first(articles["summary"], "text"),
    }


def _beside_years(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """How many days a time is beside one, two or more years before; null within half a year."""
    years = pc.round(pc.divide(days, -DAYS_OF_YEAR))
    return pc.if_else(pc.greater_equal(years, 1), pc.add(days, pc.multiply(years, DAYS_OF_YEAR)), None)


def _host(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.struct_field(pc.extract_regex(urls, HOST), "host")


def _titles(articles: pa.Table) -> tuple[Array, pa.Array]:
    """How many other headlines of the source end in the same piece; whether another text of the source has the same."""
    rows = list(
        zip(*(articles[n].to_pylist() for n in ("source", "title", "article_id", "content_sha256")), strict=True)
    )
    ends = [(source, match[1]) if title and (match := TAIL.search(title)) else None for source, title, *_ in rows]
    counts = Counter(ends)
    tails = np.array([counts[end] - 1 if end else 0 for end in ends], np.int64)
    texts = Counter((source, title) for source, title, _ in {(row[0], row[1], row[3]) for row in rows})
    others = Counter((source, title) for source, title, _ in {row[:3] for row in rows})
    is_repeated = [min(texts[row[:2]], others[row[:2]]) > 1 if row[1] else None for row in rows]
    return tails, pa.array(is_repeated, pa.bool_())


def _source_counts(sources: pa.ChunkedArray, values: pa.Array) -> Array:
    """How many sources have the value of a row; 0 of null."""
    pairs = set(zip(values.to_pylist(), sources.to_pylist(), strict=True))
    counts = Counter(value for value, _ in pairs)
    return np.array([counts[value] if value is not None else 0 for value in values.to_pylist()], np.int64)


def _title_words(articles: pa.Table) -> Array:
    """Which share of a headline's longer words the text has; NaN below three of them."""
    found = np.full(articles.num_rows, np.nan)
    for place, row in enumerate(stream_rows(articles, ("title", "text"))):
        words = set(WORD.findall((row["title"] or "").lower()))
        if len(words) >= 3:
            # A word that is inflected differs in its end.
            lower = (row["text"] or "").lower()
            found[place] = sum(word[: max(4, len(word) - 2)] in lower for word in words) / len(words)
    return found


def _is_site(articles: pa.Table) -> pa.Array:
    """Whether the headline is what the source is called."""

    def plain(name: str) -> str:
        return "".join(filter(str.isalnum, name.lower()))

    pairs = zip(articles["title"].to_pylist(), articles["source"].to_pylist(), strict=True)
    return pa.array(
        [
            None if title is None else len(plain(title)) >= 4 and plain(title) in plain(source)
            for title, source in pairs
        ],
        pa.bool_(),
    )


def _tone_difference(articles: pa.Table) -> Array:
    """How far the tone is from what its parts give."""
    parts = articles["tone_parts"].combine_chunks()
    good, bad = (np.asarray(pc.fill_null(parts.field(n), np.nan)) for n in ("positive_sum", "negative_sum"))
    tone = np.asarray(pc.fill_null(articles["tone"], np.nan), dtype=float)
    found: Array = np.abs(tone - (good - bad) / (good + bad + ROOM))
    return found


def _is_year_lost(each: dict[str, Any]) -> bool:
    """Whether a year that is written out is not in what the date was taken for."""
    years = YEAR.findall(each["text"] or "")
    return bool(years) and each["value"] is not None and not any(each["value"].startswith(year) for year in years)


def _is_amount_lost(each: dict[str, Any]) -> bool:
    """Whether the value is none that the digits can mean: points and commas may be either, words may scale them."""
    text, value = each["text"] or "", abs(each["value"] or 0.0)
    numbers = re.findall(r"\d[\d.,]*", re.sub(r"(?<=\d)[\s'’](?=\d{3})", "", text))
    readings = {reading for number in numbers for reading in _readings(number.rstrip(".,"))}
    scales = [scale for words, scale in SCALES.items() if words.search(text)] or [1.0]
    is_meant = any(abs(value - reading * scale) <= 1e-6 * value for reading in readings for scale in scales)
    return bool(value and readings) and not is_meant


def _readings(number: str) -> Iterator[float]:
    """What digits with points and commas can mean: as dividers of thousands, or the last of them of decimals."""
    plain = re.sub("[.,]", "", number)
    if all(len(group) in (2, 3) for group in re.split("[.,]", number)[1:]):
        yield float(plain)
    if len(plain) < len(number):
        *whole, decimals = re.split("[.,]", number)
        yield float(f"{''.join(whole)}.{decimals}")


def _counted(articles: pa.Table, name: str, is_wrong: Callable[[dict[str, Any]], bool]) -> Array:
    """In how many entries of each list something is wrong."""
    return np.array([sum(map(is_wrong, row[name] or ())) for row in stream_rows(articles, (name,))], np.int64)


def _first(lists: pa.ChunkedArray, field: str | None = None) -> pa.Array:
    """The first of each list, or a field of it; null of an empty one."""
    array = lists.combine_chunks()
    counts = pc.fill_null(pc.list_value_length(array), 0)
    filled = pc.if_else(pc.greater(counts, 0), array, pa.scalar(None, array.type))
    first = pc.list_element(pc.fill_null(filled, pa.scalar([None], array.type)), 0)
    return pc.struct_field(first, field) if field else first
