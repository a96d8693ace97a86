"""The narrow tables of a day and the measures of the days before → the day's measures and their deviation from usual.

The statistics are robust, since the days before have accidents of their own: medians, and median distances from them.
Counts and shares are compared on scales on which chance has the same spread for all of them (Anscombe 1948), so that
three articles of a source with five a day raise no alarm.
"""

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.day_measures import Measure, build_count, build_share, measure_day, to_numbers
from pipelines.checks.renamed import rename_measure
from pipelines.shares import ALL_CAUSES, DayCounts, compute_usual_shares
from pipelines.tables.measures import ALL, MEASURES, VALUE

Array = np.ndarray[Any, Any]
MIN_DAYS = 7  # with fewer, median and spread mean little
WEEKDAY_DAYS = 14  # every weekday has been seen twice
WEEKDAY_PRIOR = 2  # this many days of the same weekday weigh as much as all other days
# Differences between days when nothing is wrong, on the scales below: 10 for a count of 100, 0.1 percentage points
# for a share of 1 %.
MIN_SPREAD = {"count": 1.0, "share": 0.01, "mean": 0.02}

OF_WHOLE_DAYS = ("source_share", f"{VALUE}articles.received_hour=")  # on an open day they depend on who has sent yet
VALUES = (VALUE, "language_share=")  # how the measures begin that a day has one of per value


class _Columns(NamedTuple):
    """The measures of a day as columns."""

    kinds: Array
    values: Array
    row_counts: Array
    noises: Array


class _History(NamedTuple):
    """The same measures on the days before, a row per measure and a column per day; NaN where a day lacks one."""

    days: Sequence[date]
    scaled: Array
    noises: Array


class _Comparison(NamedTuple):
    """For each measure, the expected value, and how many standard deviations above it the value is; NaN if unknown."""

    expected: Array
    deviation: Array


def compute_measures(seen: Mapping[str, pa.Table], dt: date, history: Mapping[date, pa.Table]) -> pa.Table:
    """Compute MEASURES of the day `dt` from its narrow tables, and compare them with the MEASURES of days before it.

    On a day that is still open, counts and everything that depends on who has sent already are not compared.
    """
    measures = list(measure_day(seen))
    measures = sorted([*measures, *_add_vanished(measures, history)], key=lambda each: (each.measure, each.source))
    today = _Columns(
        np.array([each.kind for each in measures], dtype=object),
        *(np.array([getattr(each, name) for each in measures], float) for name in ("value", "row_count", "noise")),
    )
    before = _collect_history(measures, today, history)
    expected, deviation = _compare(today, before, dt)
    if pc.any(pc.equal(seen["coverage"]["verdict"], "open")).as_py():
        is_partial = [each.kind == "count" or each.measure.startswith(OF_WHOLE_DAYS) for each in measures]
        deviation[is_partial] = np.nan
    columns = {
        **{
            name: [getattr(each, name) for each in measures]
            for name in ("measure", "source", "kind", "value", "row_count", "noise")
        },
        "expected": pa.array(expected, from_pandas=True),
        "deviation": pa.array(deviation, from_pandas=True),
        "day_count": np.isfinite(before.scaled).sum(axis=1),
    }
    return pa.table(columns, MEASURES.schema)


def compute_usual_rejected(history: Mapping[date, pa.Table]) -> dict[str, float]:
    """Compute which share of its items is usually rejected, by source, from the MEASURES of the days before."""
    days = (_count_rejected(history[day]) for day in sorted(history, reverse=True))
    return {source: share for (_, source), share in compute_usual_shares(days).items()}


def _count_rejected(measures: pa.Table) -> DayCounts:
    """Count items by source, and those that were rejected, whatever rejected them, from the MEASURES of a day."""
    is_share = pc.and_(pc.equal(measures["measure"], "rejected_share"), pc.is_valid(measures["value"]))
    rows = measures.filter(is_share).select(["source", "value", "row_count"]).to_pylist()
    return DayCounts(
        Counter({row["source"]: row["row_count"] for row in rows}),
        Counter({(ALL_CAUSES, row["source"]): round(row["value"] * row["row_count"]) for row in rows}),
    )


def _collect_history(measures: Sequence[Measure], today: _Columns, history: Mapping[date, pa.Table]) -> _History:
    """Collect, for each measure of the day, its values on the days before, in the order of days."""
    keys = pa.array([f"{each.measure}\0{each.source}" for each in measures], pa.string())
    families = np.array([_get_family(each.measure) for each in measures], dtype=object)
    days = sorted(history)
    scaled, noises = np.full((2, len(measures), len(days)), np.nan)
    for column, day in enumerate(days):
        table = history[day]
        names = pa.array(map(rename_measure, table["measure"].to_pylist()), pa.string())
        day_keys = pc.binary_join_element_wise(names, table["source"].combine_chunks(), "\0")
        at = np.asarray(pc.fill_null(pc.index_in(keys, value_set=day_keys), -1))
        has_measure = at >= 0
        value, row_count, noise = (to_numbers(table[name])[at[has_measure]] for name in ("value", "row_count", "noise"))
        scaled[has_measure, column] = _scale(today.kinds[has_measure], value, row_count)
        noises[has_measure, column] = np.nan_to_num(noise)
        # A value that a column did not have on that day had a share of 0; a day of older code may lack the column.
        day_families = {_get_family(name) for name in names.to_pylist() if name.startswith(VALUES)}
        is_zero = ~has_measure & np.isin(families, list(day_families))
        scaled[is_zero, column] = _scale(today.kinds[is_zero], np.zeros(is_zero.sum()), today.row_counts[is_zero])
        noises[is_zero, column] = today.noises[is_zero]
    return _History(days, scaled, noises)


def _compare(today: _Columns, before: _History, dt: date) -> _Comparison:
    """Compare the measures of a day with the days before it; nothing is known with fewer than MIN_DAYS."""
    kinds, values, row_counts, noises = today
    if len(before.days) < MIN_DAYS:
        return _Comparison(np.full(len(kinds), np.nan), np.full(len(kinds), np.nan))
    weekdays = np.array([day.weekday() for day in before.days])
    centres = {
        weekday: _compute_centre(before.scaled, weekdays == weekday) for weekday in {*weekdays.tolist(), dt.weekday()}
    }
    distances = np.abs(before.scaled - np.stack([centres[weekday] for weekday in weekdays], axis=1))
    # 1.4826 makes the median distance of normal values their standard deviation.
    spread = 1.4826 * _compute_median(distances)
    usual_noise = _compute_median(before.noises)
    between = np.maximum(spread**2 - usual_noise**2, 0.0)
    # The error of ten values that happen to be equal seems to be 0; the days before know better.
    noise = np.where(kinds == "mean", np.fmax(noises, usual_noise), noises)
    day_count = np.isfinite(before.scaled).sum(axis=1)
    least = np.array([MIN_SPREAD[kind] for kind in kinds])
    error = np.sqrt(least**2 + (between + noise**2) * (1 + 2 / np.maximum(day_count, 1)))
    centre = centres[dt.weekday()]
    expected = _unscale(kinds, centre)
    surprise = np.where(
        kinds == "share",
        _compute_surprise(values, expected, row_counts) * noises,
        _scale(kinds, values, row_counts) - centre,
    )
    is_known = day_count >= MIN_DAYS
    return _Comparison(np.where(is_known, expected, np.nan), np.where(is_known, surprise / error, np.nan))


def _compute_surprise(shares: Array, usual: Array, row_counts: Array) -> Array:
    """Return the signed root of the binomial deviance: standard deviations above usual, also right for rare events."""
    usual = np.clip(usual, 1e-6, 1 - 1e-6)
    pairs = ((shares, usual), (1 - shares, 1 - usual))
    deviance = (
        2 * row_counts * sum(share * np.log(np.where(share > 0, share / expected, 1.0)) for share, expected in pairs)
    )
    surprise: Array = np.sign(shares - usual) * np.sqrt(np.maximum(deviance, 0.0))
    return surprise


def _compute_centre(before: Array, is_same: Array) -> Array:
    """Return the median of the days, moved towards that of the same weekday: the more such days, the further."""
    overall = _compute_median(before)
    same = np.isfinite(before[:, is_same]).sum(axis=1)
    weight = np.where(np.isfinite(before).sum(axis=1) < WEEKDAY_DAYS, 0.0, same / (same + WEEKDAY_PRIOR))
    return overall + np.where(same > 0, weight * (_compute_median(before[:, is_same]) - overall), 0.0)


def _compute_median(values: Array) -> Array:
    """Return the median of the known values of each row; NaN where none is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # for rows without a known value
        median: Array = np.nanmedian(values, axis=1)
    return median


def _add_vanished(measures: Sequence[Measure], history: Mapping[date, pa.Table]) -> Iterator[Measure]:
    """Yield a measure of 0 for each source with articles, and each value, that a day before had and this one lacks."""
    values_of_day = [each for each in measures if each.source == ALL and each.measure.startswith(VALUES)]
    row_counts = {_get_family(each.measure): each.row_count for each in values_of_day}
    known = {(each.measure, each.source) for each in measures}
    for day in sorted(history):
        table = history[day]
        sources = table.filter(pc.and_(pc.greater(table["value"], 0), pc.equal(table["measure"], "articles")))
        values = table.filter(
            pc.and_(
                pc.equal(table["source"], ALL), pc.match_substring_regex(table["measure"], f"^(?:{'|'.join(VALUES)})")
            )
        )
        for row in pa.concat_tables([sources, values]).select(["measure", "source"]).to_pylist():
            key = (row["measure"], row["source"])
            row_count = row_counts.get(_get_family(row["measure"]), 0)
            if key in known:
                continue
            known.add(key)
            if row["measure"] == "articles":
                yield build_count(*key, 0)
            elif row_count:
                yield build_share(*key, 0, row_count)


def _get_family(measure: str) -> str:
    """Return the part of the name that the shares of all values of a column have in common."""
    return measure.partition("=")[0]


def _scale(kinds: Array, values: Array, row_counts: Array) -> Array:
    """Transform values to the scales on which chance has the same spread for all (Anscombe 1948)."""
    counts = 2 * np.sqrt(np.maximum(values, 0) + 0.375)
    shares = 2 * np.arcsin(np.sqrt(np.clip((values * row_counts + 0.375) / (row_counts + 0.75), 0, 1)))
    return np.where(kinds == "count", counts, np.where(kinds == "share", shares, values))


def _unscale(kinds: Array, scaled: Array) -> Array:
    """Transform values back from the scales of `_scale`."""
    counts = np.maximum((scaled / 2) ** 2 - 0.375, 0.0)
    return np.where(kinds == "count", counts, np.where(kinds == "share", np.sin(scaled / 2) ** 2, scaled))
