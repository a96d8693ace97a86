"""The judged tables of a day and the measures of the days before → measures: what the day is like, and how unlike them.

Robust statistics, since the days before have accidents of their own: medians, and median distances from them. Counts
and shares are judged on scales on which chance spreads them alike (Anscombe 1948), so that a source with five articles
a day is not alarming with three.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.measures import ALL, MEASURES

Array = np.ndarray[Any, Any]
MIN_DAYS = 7  # before that a median and a spread say little
WEEKDAY_DAYS = 14  # from which a weekday has been seen twice
WEEKDAY_PRIOR = 2  # as many days of the same weekday weigh as much as all other days
MIN_VALUES = 10  # of which a mean is taken: with fewer its error is not known
SHORT_WORDS = 100
LATE_DAYS = 2.0
# What days differ by though nothing is wrong, on the scales below: a tenth of a count of 100, a share of 1 % by 0.2.
MIN_SPREAD = {"count": 1.0, "share": 0.02, "mean": 0.02}

Found = Mapping[str, Array]
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
class Seen:
    """One measure of one source: its value, on the scale it is judged on too, and what chance does to that."""

    kind: str
    value: float | None
    row_count: int
    scaled: float | None
    noise: float | None


def measured(judged: Mapping[str, pa.Table], dt: date, history: Mapping[date, pa.Table]) -> pa.Table:
    """MEASURES of a day: of its judged tables, beside the MEASURES of days before it."""
    before: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    noises: dict[tuple[str, str], list[float]] = defaultdict(list)
    for day, table in history.items():
        for row in table.select(["measure", "source", "kind", "value", "row_count", "noise"]).to_pylist():
            scaled = _scaled(row["kind"], row["value"], row["row_count"])
            if scaled is not None:
                before[row["measure"], row["source"]][day] = scaled
                noises[row["measure"], row["source"]].append(row["noise"] or 0.0)
    seen = dict(_seen(judged))
    silent = {key: _count(0) for key in before if key[0] == "articles" and key not in seen}
    rows = []
    for (measure, source), its in sorted({**seen, **silent}.items()):
        days = before.get((measure, source), {})
        expected, deviation = _compared(its, dt, days, noises.get((measure, source), []))
        rows.append(
            {
                "measure": measure,
                "source": source,
                "kind": its.kind,
                "value": its.value,
                "row_count": its.row_count,
                "noise": its.noise,
                "expected": expected,
                "deviation": deviation,
                "day_count": len(days),
            }
        )
    return pa.Table.from_pylist(rows, MEASURES.schema)


def _compared(
    its: Seen, dt: date, days: Mapping[date, float], noises: list[float]
) -> tuple[float | None, float | None]:
    """(what was to be expected, how many standard deviations above it the value is)."""
    if len(days) < MIN_DAYS:
        return None, None
    centres = {weekday: _centre(days, weekday) for weekday in {day.weekday() for day in (*days, dt)}}
    distances = [abs(value - centres[day.weekday()]) for day, value in days.items()]
    # 1.4826 makes the median distance of normal values their standard deviation.
    spread = 1.4826 * float(np.median(distances))
    usual_noise = float(np.median(noises))
    between = max(spread**2 - usual_noise**2, 0.0)
    expected = centres[dt.weekday()]
    if its.scaled is None or its.noise is None:
        return _unscaled(its.kind, expected), None
    # Of ten values that happen to be alike the error seems to be nothing; the days before know better.
    noise = max(its.noise, usual_noise) if its.kind == "mean" else its.noise
    variance = MIN_SPREAD[its.kind] ** 2 + (between + noise**2) * (1 + 2 / len(days))
    usual = _unscaled(its.kind, expected)
    if its.kind == "share" and its.value is not None:
        return usual, _surprise(its.value, usual, its.row_count) * its.noise / float(np.sqrt(variance))
    return usual, float((its.scaled - expected) / np.sqrt(variance))


def _surprise(share: float, usual: float, whole: int) -> float:
    """The signed root of the binomial deviance: standard deviations above what is usual, right for rare things too."""
    usual = min(max(usual, 1e-6), 1 - 1e-6)
    parts = ((share, usual), (1 - share, 1 - usual))
    deviance = 2 * whole * sum(seen * np.log(seen / expected) for seen, expected in parts if seen > 0)
    return float(np.sign(share - usual) * np.sqrt(max(deviance, 0.0)))


def _centre(days: Mapping[date, float], weekday: int) -> float:
    """The median of the days, drawn towards that of the same weekday as far as there are any."""
    overall = float(np.median(list(days.values())))
    same = [value for day, value in days.items() if day.weekday() == weekday]
    if len(days) < WEEKDAY_DAYS or not same:
        return overall
    weight = len(same) / (len(same) + WEEKDAY_PRIOR)
    return overall + weight * (float(np.median(same)) - overall)


def _seen(judged: Mapping[str, pa.Table]) -> Iterator[tuple[tuple[str, str], Seen]]:
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
        shares[f"language_share:{language}"] = (languages == language).astype(float)
    for source, mine in groups.items():
        yield ("articles", source), _count(int(mine.sum()))
        if source != ALL:
            yield ("source_share", source), _share(int(mine.sum()), len(mine))
        for name, values in shares.items():
            known = values[mine & ~np.isnan(values)]
            yield (name, source), _share(int(known.sum()), len(known))
        for name, values in means.items():
            yield (name, source), _mean(values[mine & np.isfinite(values)])
    yield from _coverage(judged["coverage"])


def _coverage(coverage: pa.Table) -> Iterator[tuple[tuple[str, str], Seen]]:
    """What share of what was received was rejected, or a duplicate."""
    names = ("received_count", "rejected_count", "duplicate_count")
    totals: dict[str, Array] = defaultdict(lambda: np.zeros(len(names), np.int64))
    for row in coverage.select(["source", *names]).to_pylist():
        for source in (ALL, row["source"]):
            totals[source] += [row[name] or 0 for name in names]
    for source, (received, rejected, duplicates) in sorted(totals.items()):
        yield ("rejected_share", source), _share(int(rejected), int(received))
        yield ("duplicate_share", source), _share(int(duplicates), int(received))


def _count(value: int) -> Seen:
    return Seen("count", float(value), value, _scaled("count", value, value), 1.0)


def _share(part: int, whole: int) -> Seen:
    if part > whole or not whole:  # tables that do not add up are for other checks
        return Seen("share", None, whole, None, None)
    return Seen("share", part / whole, whole, _scaled("share", part / whole, whole), float(1 / np.sqrt(whole + 0.5)))


def _mean(values: Array) -> Seen:
    if len(values) < MIN_VALUES:
        return Seen("mean", None, len(values), None, None)
    # The mean without the tails, and the error that goes with it: one odd text is no drift.
    low, high = np.quantile(values, [0.05, 0.95])
    clipped = np.clip(values, low, high)
    value = float(clipped.mean())
    return Seen("mean", value, len(values), value, float(clipped.std(ddof=1) / np.sqrt(len(values))))


def _scaled(kind: str, value: float | None, whole: int) -> float | None:
    if value is None:
        return None
    if kind == "count":
        return float(2 * np.sqrt(value + 0.375))
    if kind == "share":
        return float(2 * np.arcsin(np.sqrt((value * whole + 0.375) / (whole + 0.75))))
    return value


def _unscaled(kind: str, scaled: float) -> float:
    if kind == "count":
        return max(0.0, float((scaled / 2) ** 2 - 0.375))
    return float(np.sin(scaled / 2) ** 2) if kind == "share" else scaled


def _numbers(values: Any) -> Array:
    """NaN for what is not known."""
    return np.asarray(pc.cast(values, pa.float64()).fill_null(np.nan), dtype=float)
