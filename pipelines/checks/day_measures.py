"""The narrow tables of a day → its measures: counts, shares and means of the day as a whole and of each source."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.column_measures import compute_column_shares
from pipelines.tables.measures import ALL

Array = np.ndarray[Any, Any]
MIN_VALUES = 10  # for a mean: with fewer, its error is unknown
SHORT_WORDS = 100
LATE_DAYS = 2.0
# Share of a day's articles → whether a row counts; null where the question does not apply to the row.
SHARES: dict[str, Callable[[pa.Table], Any]] = {
    "title_missing_share": lambda rows: pc.is_null(rows["title"]),
    "language_missing_share": lambda rows: pc.is_null(rows["language"]),
    "published_missing_share": lambda rows: pc.is_null(rows["published_at"]),
    "updated_missing_share": lambda rows: pc.is_null(rows["updated_at"]),
    "canonical_missing_share": lambda rows: pc.is_null(rows["canonical_url"]),
    "section_missing_share": lambda rows: pc.is_null(rows["section"]),
    "lead_missing_share": lambda rows: pc.is_null(rows["lead"]),
    "author_missing_share": lambda rows: pc.equal(rows["author_count"], 0),
    "image_missing_share": lambda rows: pc.equal(rows["image_count"], 0),
    "caption_missing_share": lambda rows: pc.equal(rows["caption_count"], 0),
    "link_missing_share": lambda rows: pc.equal(rows["link_count"], 0),
    "entity_missing_share": lambda rows: pc.equal(rows["entity_count"], 0),
    "quote_missing_share": lambda rows: pc.equal(rows["quote_count"], 0),
    "tone_missing_share": lambda rows: pc.is_null(rows["tone"]),
    "readability_missing_share": lambda rows: pc.is_null(rows["readability_score"]),
    "short_share": lambda rows: pc.less(rows["word_count"], SHORT_WORDS),
    "open_end_share": lambda rows: pc.invert(rows["is_closed"]),
    "notice_share": lambda rows: pc.greater(rows["notice_count"], 0),
    "markup_share": lambda rows: pc.greater(rows["markup_count"], 0),
    "garbled_share": lambda rows: pc.greater(rows["garbled_count"], 0),
    "repeated_line_share": lambda rows: pc.greater(rows["repeated_line_count"], 0),
    "same_text_share": lambda rows: pc.is_valid(rows["duplicate_of"]),
    "late_share": lambda rows: pc.less(rows["published_ahead_days"], -LATE_DAYS),
    "enrichment_failed_share": lambda rows: pc.greater(rows["failed_count"], 0),
    "foreign_word_share": lambda rows: pc.less(rows["function_word_share"], 0.05),
}
# Mean over a day's articles → the value of a row; most are logarithms, since they are skewed.
MEANS: dict[str, Callable[[pa.Table], Any]] = {
    "log_words": lambda rows: pc.ln(rows["word_count"].cast(pa.float64())),
    "tone": lambda rows: rows["tone"],
    "entities": lambda rows: pc.ln(pc.add(rows["entity_count"].cast(pa.float64()), 1)),
    "quotes": lambda rows: pc.ln(pc.add(rows["quote_count"].cast(pa.float64()), 1)),
    "log_lag_days": lambda rows: pc.ln(pc.max_element_wise(pc.negate(rows["published_ahead_days"]), 0.01)),
    "words_per_sentence": lambda rows: pc.ln(
        pc.divide(rows["word_count"].cast(pa.float64()), pc.max_element_wise(rows["sentence_count"], 1))
    ),
    "title_length": lambda rows: pc.ln(pc.add(rows["title_length"].cast(pa.float64()), 1)),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of one source. `noise` is its standard deviation by chance, on the scale it is compared on."""

    measure: str
    source: str
    kind: str
    value: float | None
    row_count: int
    noise: float | None = None


def measure_day(seen: Mapping[str, pa.Table]) -> Iterator[Measure]:
    """Yield every measure of the day as a whole and of each source; one column of the day is in memory at a time."""
    articles = seen["articles"]
    for table, name in (("entities", "entity_count"), ("quotes", "quote_count")):
        counts = seen[table].select(["item_id"]).group_by("item_id").aggregate([("item_id", "count")])
        at = pc.index_in(articles["item_id"], value_set=counts["item_id"].combine_chunks())
        articles = articles.append_column(name, pc.fill_null(counts["item_id_count"].take(at), 0))
    sources = _Sources(articles["source"])
    for source, count in sources.count(np.ones(articles.num_rows)):
        yield build_count("articles", source, count)
        if source != ALL:
            yield build_share("source_share", source, count, articles.num_rows)
    for name, share in SHARES.items():
        yield from _measure_shares(name, to_numbers(share(articles)), sources)
    languages = pc.fill_null(articles["language"], "und")
    for language in sorted(pc.unique(languages).to_pylist()):
        is_language = np.asarray(pc.equal(languages, language)).astype(float)
        yield from _measure_shares(f"language_share={language}", is_language, sources)
    for name, mean in MEANS.items():
        for source, values in sources.split(to_numbers(mean(articles))):
            yield _build_mean(name, source, values[np.isfinite(values)])
    yield from _measure_coverage(seen["coverage"])
    for column_share in compute_column_shares({**seen, "articles": articles}):
        yield build_share(column_share.measure, ALL, column_share.row_count, column_share.total)


def _measure_shares(measure: str, values: Array, sources: "_Sources") -> Iterator[Measure]:
    """Yield a share of each source: of the rows with a value, which is 1 where a row counts and 0 where not."""
    is_known = ~np.isnan(values)
    counts = zip(sources.count(np.where(is_known, values, 0.0)), sources.count(is_known), strict=True)
    for (source, count), (_, total) in counts:
        yield build_share(measure, source, count, total)


class _Sources:
    """The rows of each source, and those of all of them. There may be thousands of sources."""

    def __init__(self, sources: pa.ChunkedArray) -> None:
        self.names = sorted(pc.unique(sources).to_pylist())
        codes = pc.index_in(sources, value_set=pa.array(self.names, sources.type))
        self.codes = np.asarray(codes).astype(np.int64)
        self.order = np.argsort(self.codes, kind="stable")
        self.ends = np.cumsum(np.bincount(self.codes, minlength=len(self.names)))

    def count(self, weights: Array) -> Iterator[tuple[str, int]]:
        """Yield each source with the sum of its rows' weights."""
        yield ALL, int(weights.sum())
        counts = np.bincount(self.codes, weights, minlength=len(self.names))
        yield from zip(self.names, counts.astype(np.int64).tolist(), strict=True)

    def split(self, values: Array) -> Iterator[tuple[str, Array]]:
        """Yield each source with the values of its rows, in their order."""
        yield ALL, values
        pieces = np.split(values[self.order], self.ends[:-1]) if self.names else []
        yield from zip(self.names, pieces, strict=True)


def _measure_coverage(coverage: pa.Table) -> Iterator[Measure]:
    """Yield the shares of received items that were rejected, and that were duplicates.

    What is set aside as a whole does not count: it is no example of what a source usually sends.
    """
    names = ("received_count", "rejected_count", "duplicate_count", "set_aside_count")
    totals: dict[str, Array] = defaultdict(lambda: np.zeros(len(names), np.int64))
    for row in coverage.select(["source", *names]).to_pylist():
        for source in (ALL, row["source"]):
            totals[source] += [row[name] or 0 for name in names]
    for source, (received, rejected, duplicates, aside) in sorted(totals.items()):
        yield build_share("rejected_share", source, int(rejected - aside), int(received - aside))
        yield build_share("duplicate_share", source, int(duplicates), int(received - aside))


def build_count(measure: str, source: str, value: int) -> Measure:
    """Build the measure of a number of articles."""
    return Measure(measure, source, "count", float(value), value, 1.0)


def build_share(measure: str, source: str, row_count: int, total: int) -> Measure:
    """Build the measure of a share; without a value where the tables do not add up, or there are no rows."""
    if row_count > total or not total:  # other checks report tables that do not add up
        return Measure(measure, source, "share", None, total)
    return Measure(measure, source, "share", row_count / total, total, float(1 / np.sqrt(total + 0.5)))


def _build_mean(measure: str, source: str, values: Array) -> Measure:
    if len(values) < MIN_VALUES:
        return Measure(measure, source, "mean", None, len(values))
    # The mean without the tails, and the error that goes with it: one odd text is not a drift.
    low, high = np.quantile(values, [0.05, 0.95])
    clipped = np.clip(values, low, high)
    error = float(clipped.std(ddof=1) / np.sqrt(len(values)))
    return Measure(measure, source, "mean", float(clipped.mean()), len(values), error)


def to_numbers(values: Any) -> Array:
    """Return values as floats, NaN for null."""
    return np.asarray(pc.cast(values, pa.float64()).fill_null(np.nan), dtype=float)
