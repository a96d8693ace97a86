"""When made-up articles are received, published and changed."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.simulated.columns import Columns
from benchmarks.simulated.pieces import CODES, Numbers
from benchmarks.simulated.sources import SOURCES, of_source

MINUTE, DAY = 60_000_000, 86_400_000_000  # in microseconds


def compute_midnight(dt: date) -> int:
    return int(datetime(dt.year, dt.month, dt.day, tzinfo=UTC).timestamp()) * 1_000_000


def draw_received(rng: np.random.Generator, dt: date, count: int) -> Numbers:
    """Draw times, most in the morning and the late afternoon; in microseconds."""
    hour = np.where(rng.random(count) < 0.6, rng.normal(9, 2.5, count), rng.normal(16, 3, count))
    hour = np.where((hour < 0) | (hour >= 24) | (rng.random(count) < 0.15), rng.uniform(0, 24, count), hour)
    return compute_midnight(dt) + (hour * 60 * MINUTE).astype(np.int64)


def draw_times(rng: np.random.Generator, source: Numbers, languages: Numbers) -> Columns:
    """Draw how long before receipt each was published and, of some, changed; `relative_times` makes times of it."""
    count = len(source)
    lag = np.minimum(np.exp(rng.normal(np.log(25), 1.2, count)), 3 * 24 * 60)
    lag = np.where(rng.random(count) < 0.01, rng.uniform(30, 900, count) * 24 * 60, lag)  # from the archive
    ahead = np.where(languages == CODES.index("ru"), 180, 60)
    lag = np.where(of_source(source, "is_ahead").astype(bool), lag - ahead, lag)
    missing = rng.random(count) < 0.02
    precisions = np.array([("second", "minute", "day").index(s.precision) for s in SOURCES])[source]
    changed = (rng.random(count) < 0.3) & ~missing
    return {
        "published_at": pa.array((lag * MINUTE).astype(np.int64), mask=missing),
        "published_precision": pc.if_else(
            missing, None, pa.array(("second", "minute", "day")).take(pa.array(precisions))
        ),
        "published_from": pc.if_else(missing, None, pa.array([s.found_in for s in SOURCES]).take(pa.array(source))),
        "published_zone": pc.if_else(missing, None, pa.array([s.zone for s in SOURCES]).take(pa.array(source))),
        "updated_at": pa.array((lag * rng.random(count) * MINUTE).astype(np.int64), mask=~changed),
        "updated_precision": pc.if_else(changed, "second", None),
    }


def resolve_times(rows: pa.Table) -> pa.Table:
    """Turn minutes before receipt into times as exact as the source writes them."""
    stamp = pa.timestamp("us", tz="UTC")
    at = rows["received_at"].cast(pa.int64())
    exact = pc.subtract(at, rows["published_at"])
    published = exact
    for precision, unit in (("second", 1_000_000), ("minute", MINUTE), ("day", DAY)):
        floored = pc.multiply(pc.divide(exact, unit), unit)
        published = pc.if_else(pc.equal(rows["published_precision"], precision), floored, published)
    updated = pc.multiply(pc.divide(pc.subtract(at, rows["updated_at"]), 1_000_000), 1_000_000)
    updated = pc.max_element_wise(updated, published, skip_nulls=False)
    for name, values in (("published_at", published), ("updated_at", updated)):
        rows = rows.set_column(rows.schema.get_field_index(name), name, values.cast(stamp))
    return rows
