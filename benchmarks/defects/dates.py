"""Defects of times: of publication and of change."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    changed_of,
    where,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUILT = datetime(2021, 6, 1, 12, tzinfo=UTC)  # when some template was built
When = Callable[[Row], datetime]


def published_at_epoch(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles were published on 1 January 1970."""
    return _dated(tables, rate, rng, lambda _: EPOCH)


def published_in_future(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are published some weeks or months after they were received."""
    return _dated(tables, rate, rng, lambda row: row["received_at"] + timedelta(days=rng.randint(20, 300)))


def day_and_month_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Day and month of publication are swapped where the day may be a month."""

    def swap(row: Row) -> datetime:
        at: datetime = row["published_at"]
        return at.replace(day=at.month, month=at.day)

    articles = tables["articles"]
    day, month = pc.day(articles["published_at"]), pc.month(articles["published_at"])
    rows = where(pc.and_(pc.less_equal(day, 12), pc.not_equal(day, month)))
    return changed_of(tables, "articles", rows, rate, rng, lambda row: _published(swap(row)))


def published_all_at_once(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles have the time of publication of the template: the same for all."""
    return _dated(tables, rate, rng, lambda _: BUILT)


def published_when_received(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The time of the download is taken for that of publication."""
    return _dated(tables, rate, rng, lambda row: row["received_at"])


def published_years_ago(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A year in the page's foot is taken for that of publication."""
    return _dated(tables, rate, rng, lambda row: row["published_at"] - timedelta(days=365 * rng.randint(3, 12)))


def zones_ignored(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Times of publication are some hours early, as if another zone had been written."""
    return _dated(tables, rate, rng, lambda row: row["published_at"] - timedelta(hours=rng.choice((1, 2, 5))))


def published_on_another_day(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """`published_on` is not the day of `published_at`."""

    def change(row: Row) -> Row:
        return {"published_on": row["published_on"] + timedelta(days=1)}

    return changed_of(tables, "articles", _published_rows(tables), rate, rng, change)


def updated_before_published(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The time of change is a day before publication."""

    def change(row: Row) -> Row:
        return {"updated_at": row["published_at"] - timedelta(days=1), "updated_precision": "second"}

    return changed_of(tables, "articles", _published_rows(tables), rate, rng, change)


def _published(at: datetime) -> Row:
    return {"published_at": at, "published_on": at.date()}


def _published_rows(tables: Tables) -> list[int]:
    return where(pc.is_valid(tables["articles"]["published_at"]))


def _dated(tables: Tables, rate: float, rng: random.Random, when: When) -> Tables:
    return changed_of(tables, "articles", _published_rows(tables), rate, rng, lambda row: _published(when(row)))


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            published_at_epoch,
            published_in_future,
            day_and_month_swapped,
            published_all_at_once,
            published_when_received,
            published_years_ago,
            zones_ignored,
            published_on_another_day,
            updated_before_published,
        ),
        ("articles",),
    ),
}
INVISIBLE: tuple[Put, ...] = (zones_ignored,)
