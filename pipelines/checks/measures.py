"""The judged tables of a day and the measures of the days before → measures: what the day is like, and how unlike them.

Robust statistics, since the days before have accidents of their own: medians, and median distances from them. Counts
and shares are judged on scales on which chance spreads them alike (Anscombe 1948), so that a source with five articles
a day is not alarming with three.
"""

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.column_measures import compute_column_shares
from pipelines.tables.measures import ALL, MEASURES, VALUE

Array = np.ndarray[Any, Any]
MIN_DAYS = 7  # before that a median and a spread say little
WEEKDAY_DAYS = 14  # from which a weekday has been seen twice
WEEKDAY_PRIOR = 2  # as many days of the same weekday weigh as much as all other days
MIN_VALUES = 10  # of which a mean is taken: with fewer its error is not known
SHORT_WORDS = 100
LATE_DAYS = 2.0
# What days differ by though nothing is wrong, on the scales below: a tenth of a count of 100, a share of 1 % by 0.1.
MIN_SPREAD = {"count": 1.0, "share": 0.01, "mean": 0.02}

OF_WHOLE_DAYS = ("source_share", f"{VALUE}articles.received_hour=")  # hang on who has sent already
VALUES = (VALUE, "language_share=")  # measures of which a day has one for each value that it knows
# Share of a day's articles → whether a row counts, and None where it is not asked of the row.
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
    """One measure of one source. `noise` is what chance does to it, on the scale it is judged on."""

    measure: str
    source: str
    kind: str
    value: float | None
    row_count: int
    noise: float | None = None


def compute_measures(judged: Mapping[str, pa.Table], dt: date, history: Mapping[date, pa.Table]) -> pa.Table:
    """MEASURES of a day: of its judged tables, beside the MEASURES of days before it.

    Of a day that is still open counts, and what hangs on who has sent already, are not compared.
    """
    days = sorted(history)
    before = {day: _with_keys(history[day]) for day in days}
    seen = list(_seen(judged))
    seen = sorted([*seen, *_silent(seen, before.values())], key=lambda each: (each.measure, each.source))
    keys = pa.array([f"{each.measure}\0{each.source}" for each in seen], pa.string())
    kinds = np.array([each.kind for each in seen], dtype=object)
    values, row_counts, noises = (
        np.array([getattr(each, name) for each in seen], float) for name in ("value", "row_count", "noise")
    )
    families = np.array([_family(each.measure) for each in seen], dtype=object)
    scaled_before, noise_before = np.full((2, len(seen), len(days)), np.nan)
    for n, day in enumerate(days):
        at = np.asarray(pc.fill_null(pc.index_in(keys, value_set=before[day]["key"].combine_chunks()), -1))
        is_there = at >= 0
        its = [_numbers(before[day][name])[at[is_there]] for name in ("value", "row_count", "noise")]
        scaled_before[is_there, n] = _scaled(kinds[is_there], its[0], its[1])
        noise_before[is_there, n] = np.nan_to_num(its[2])
        # A value that a column did not have on that day had a share of none; a day of older code may lack the column.
        told = {_family(name) for name in before[day]["measure"].to_pylist() if name.startswith(VALUES)}
        none = ~is_there & np.isin(families, list(told))
        scaled_before[none, n] = _scaled(kinds[none], np.zeros(none.sum()), row_counts[none])
        noise_before[none, n] = noises[none]
    expected, deviation = _compared(kinds, values, row_counts, noises, dt, days, scaled_before, noise_before)
    if pc.any(pc.equal(judged["coverage"]["verdict"], "open")).as_py():
        deviation[[each.kind == "count" or each.measure.startswith(OF_WHOLE_DAYS) for each in seen]] = np.nan
    columns = {
        **{
            name: [getattr(each, name) for each in seen]
            for name in ("measure", "source", "kind", "value", "row_count", "noise")
        },
        "expected": pa.array(expected, from_pandas=True),
        "deviation": pa.array(deviation, from_pandas=True),
        "day_count": np.isfinite(scaled_before).sum(axis=1),
    }
    return pa.table(columns, MEASURES.schema)


def _compared(
    kinds: Array,
    values: Array,
    row_counts: Array,
    noises: Array,
    dt: date,
    days: Sequence[date],
    before: Array,
    noise_before: Array,
) -> tuple[Array, Array]:
    """(what was to be expected, how many standard deviations above it the value is), NaN where it is not known."""
    if len(days) < MIN_DAYS:
        return np.full(len(kinds), np.nan), np.full(len(kinds), np.nan)
    weekdays = np.array([day.weekday() for day in days])
    centres = {weekday: _centre(before, weekdays == weekday) for weekday in {*weekdays.tolist(), dt.weekday()}}
    distances = np.abs(before - np.stack([centres[weekday] for weekday in weekdays], axis=1))
    # 1.4826 makes the median distance of normal values their standard deviation.
    spread = 1.4826 * _median(distances)
    usual_noise = _median(noise_before)
    between = np.maximum(spread**2 - usual_noise**2, 0.0)
    # Of ten values that happen to be alike the error seems to be nothing; the days before know better.
    noise = np.where(kinds == "mean", np.fmax(noises, usual_noise), noises)
    day_count = np.isfinite(before).sum(axis=1)
    least = np.array([MIN_SPREAD[kind] for kind in kinds])
    error = np.sqrt(least**2 + (between + noise**2) * (1 + 2 / np.maximum(day_count, 1)))
    scaled = centres[dt.weekday()]
    expected = _unscaled(kinds, scaled)
    surprise = np.where(
        kinds == "share",
        _surprise(values, expected, row_counts) * noises,
        _scaled(kinds, values, row_counts) - scaled,
    )
    known = day_count >= MIN_DAYS
    return np.where(known, expected, np.nan), np.where(known, surprise / error, np.nan)


def _surprise(share: Array, usual: Array, whole: Array) -> Array:
    """The signed root of the binomial deviance: standard deviations above what is usual, right for rare things too."""
    usual = np.clip(usual, 1e-6, 1 - 1e-6)
    parts = ((share, usual), (1 - share, 1 - usual))
    deviance = 2 * whole * sum(seen * np.log(np.where(seen > 0, seen / expected, 1.0)) for seen, expected in parts)
    found: Array = np.sign(share - usual) * np.sqrt(np.maximum(deviance, 0.0))
    return found


def _centre(before: Array, is_same: Array) -> Array:
    """The median of the days, drawn towards that of the same weekday as far as there are any."""
    overall = _median(before)
    same = np.isfinite(before[:, is_same]).sum(axis=1)
    weight = np.where(np.isfinite(before).sum(axis=1) < WEEKDAY_DAYS, 0.0, same / (same + WEEKDAY_PRIOR))
    return overall + np.where(same > 0, weight * (_median(before[:, is_same]) - overall), 0.0)


def _median(values: Array) -> Array:
    """Of each row what is known; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of rows where nothing is
        found: Array = np.nanmedian(values, axis=1)
    return found


def _silent(seen: Sequence[Measure], before: Iterable[pa.Table]) -> Iterator[Measure]:
    """What was there on a day before and is not today: sources without an article, values that no row has."""
    of_day = [each for each in seen if each.source == ALL and each.measure.startswith(VALUES)]
    wholes = {_family(each.measure): each.row_count for each in of_day}
    known = {(each.measure, each.source) for each in seen}
    for table in before:
        gone = table.filter(pc.and_(pc.greater(table["value"], 0), pc.equal(table["measure"], "articles")))
        told = table.filter(
            pc.and_(
                pc.equal(table["source"], ALL), pc.match_substring_regex(table["measure"], f"^(?:{'|'.join(VALUES)})")
            )
        )
        for row in pa.concat_tables([gone, told]).select(["measure", "source"]).to_pylist():
            key = (row["measure"], row["source"])
            whole = wholes.get(_family(row["measure"]), 0)
            if key in known:
                continue
            known.add(key)
            if row["measure"] == "articles":
                yield _count(*key, 0)
            elif whole:
                yield _share(*key, 0, whole)


def _family(measure: str) -> str:
    """What the shares of a column's values have in common."""
    return measure.partition("=")[0]


def _with_keys(table: pa.Table) -> pa.Table:
    """With what a row is found by."""
    return table.append_column("key", pc.binary_join_element_wise(table["measure"], table["source"], "\0"))


def _seen(judged: Mapping[str, pa.Table]) -> Iterator[Measure]:
    articles = judged["articles"]
    for table, name in (("entities", "entity_count"), ("quotes", "quote_count")):
        counted = judged[table].group_by("item_id").aggregate([("item_id", "count")])
        at = pc.index_in(articles["item_id"], value_set=counted["item_id"].combine_chunks())
        articles = articles.append_column(name, pc.fill_null(counted["item_id_count"].take(at), 0))
    groups = {ALL: np.ones(articles.num_rows, bool)}
    sources = np.array(articles["source"].to_pylist(), dtype=object)
    groups |= {source: sources == source for source in sorted(set(sources.tolist()))}
    shares = {name: _numbers(share(articles)) for name, share in SHARES.items()}
    means = {name: _numbers(mean(articles)) for name, mean in MEANS.items()}
    languages = np.array([language or "und" for language in articles["language"].to_pylist()], dtype=object)
    for language in sorted(set(languages.tolist())):
        shares[f"language_share={language}"] = (languages == language).astype(float)
    for source, mine in groups.items():
        yield _count("articles", source, int(mine.sum()))
        if source != ALL:
            yield _share("source_share", source, int(mine.sum()), len(mine))
        for name, values in shares.items():
            known = values[mine & ~np.isnan(values)]
            yield _share(name, source, int(known.sum()), len(known))
        for name, values in means.items():
            yield _mean(name, source, values[mine & np.isfinite(values)])
    yield from _coverage(judged["coverage"])
    for measure, part, whole in compute_column_shares({**judged, "articles": articles}):
        yield _share(measure, ALL, part, whole)


def _coverage(coverage: pa.Table) -> Iterator[Measure]:
    """What share of what was received was rejected, or a duplicate."""
    names = ("received_count", "rejected_count", "duplicate_count")
    totals: dict[str, Array] = defaultdict(lambda: np.zeros(len(names), np.int64))
    for row in coverage.select(["source", *names]).to_pylist():
        for source in (ALL, row["source"]):
            totals[source] += [row[name] or 0 for name in names]
    for source, (received, rejected, duplicates) in sorted(totals.items()):
        yield _share("rejected_share", source, int(rejected), int(received))
        yield _share("duplicate_share", source, int(duplicates), int(received))


def _count(measure: str, source: str, value: int) -> Measure:
    return Measure(measure, source, "count", float(value), value, 1.0)


def _share(measure: str, source: str, part: int, whole: int) -> Measure:
    if part > whole or not whole:  # tables that do not add up are for other checks
        return Measure(measure, source, "share", None, whole)
    return Measure(measure, source, "share", part / whole, whole, float(1 / np.sqrt(whole + 0.5)))


def _mean(measure: str, source: str, values: Array) -> Measure:
    if len(values) < MIN_VALUES:
        return Measure(measure, source, "mean", None, len(values))
    # The mean without the tails, and the error that goes with it: one odd text is no drift.
    low, high = np.quantile(values, [0.05, 0.95])
    clipped = np.clip(values, low, high)
    error = float(clipped.std(ddof=1) / np.sqrt(len(values)))
    return Measure(measure, source, "mean", float(clipped.mean()), len(values), error)


def _scaled(kinds: Array, values: Array, wholes: Array) -> Array:
    """Values on the scales on which chance spreads all alike (Anscombe 1948)."""
    counts = 2 * np.sqrt(np.maximum(values, 0) + 0.375)
    shares = 2 * np.arcsin(np.sqrt(np.clip((values * wholes + 0.375) / (wholes + 0.75), 0, 1)))
    return np.where(kinds == "count", counts, np.where(kinds == "share", shares, values))


def _unscaled(kinds: Array, scaled: Array) -> Array:
    counts = np.maximum((scaled / 2) ** 2 - 0.375, 0.0)
    return np.where(kinds == "count", counts, np.where(kinds == "share", np.sin(scaled / 2) ** 2, scaled))


def _numbers(values: Any) -> Array:
    """NaN for what is not known."""
    return np.asarray(pc.cast(values, pa.float64()).fill_null(np.nan), dtype=float)
