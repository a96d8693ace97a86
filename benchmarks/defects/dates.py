"""Defects of times: of publication and of change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, FIRST, SECOND, THIRD, Among, Kind, change, change_source
from benchmarks.defects.tables import Day, Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUILT = datetime(2021, 6, 1, 12, tzinfo=UTC)  # when some template was built
MIDNIGHT: dict[str, Any] = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
ZONES = {"+00:00": "GMT", "+01:00": "CET", "+03:00": "MSK"}
PUBLISHED = ("published_at", "published_precision", "published_from", "published_zone", "published_on")


def _publish(
    name: str,
    meaning: str,
    when: Callable[[Row, Day], datetime],
    among: Among = "published_at",
    sets: tuple[int, ...] = FIRST,
) -> Kind:
    """Return a kind that changes the time of publication, and its day with it."""

    def new(row: Row, day: Day) -> Row:
        at = when(row, day)
        return {"published_at": at, "published_on": at.date()}

    return change("articles", name, meaning, new, among, sets)


def _is_day_a_month(articles: pa.Table) -> Any:
    day, month = pc.day(articles["published_at"]), pc.month(articles["published_at"])
    return pc.and_(pc.less_equal(day, 12), pc.not_equal(day, month))


def _is_morning(articles: pa.Table) -> Any:
    return pc.and_(pc.less(pc.hour(articles["published_at"]), 12), _is_exact(articles))


def _is_exact(articles: pa.Table) -> Any:
    return pc.not_equal(articles["published_precision"], "day")


def _add_offset(row: Row) -> Row:
    hours, minutes = (int(n) for n in row["published_zone"][1:].split(":"))
    by = 2 * timedelta(hours=hours, minutes=minutes) * (-1 if row["published_zone"][0] == "-" else 1)
    at = row["published_at"] + by
    return {"published_at": at, "published_on": at.date(), "updated_at": row["updated_at"] and row["updated_at"] + by}


def _publish_by_address(row: Row) -> Row:
    midnight = row["received_at"].replace(**MIDNIGHT)
    values = (midnight, "day", "url", None, midnight.date())
    return dict(zip(PUBLISHED, values, strict=True))


KINDS = (
    _publish("published_at_epoch", "Articles were published on 1 January 1970.", lambda _row, _day: EPOCH),
    _publish("published_in_future", "Articles are published weeks or months after they were received.",
             lambda row, day: row["received_at"] + timedelta(days=day.rng.randint(20, 300))),
    _publish("day_and_month_swapped", "Day and month of publication are swapped where the day may be a month.",
             lambda row, _: row["published_at"].replace(day=row["published_at"].month, month=row["published_at"].day),
             _is_day_a_month),
    _publish("published_all_at_once", "All articles have the time at which the template was built.",
             lambda _row, _day: BUILT),
    _publish("published_when_received", "The time of the download is mistaken for that of publication.",
             lambda row, _: row["received_at"]),
    _publish("published_a_year_ago", "The site writes no year, and last year was guessed.",
             lambda row, _: row["published_at"] - timedelta(days=365), sets=BOTH),
    change("articles", "published_on_another_day", "`published_on` is not the day of `published_at`.",
           lambda row, _: {"published_on": row["published_on"] + timedelta(days=1)}, "published_at", BOTH),
    change("articles", "updated_before_published", "The time of change is a day before publication.",
           lambda row, _: {"updated_at": row["published_at"] - timedelta(days=1), "updated_precision": "second"},
           "published_at", BOTH),
    change_source("template_loses_dates", "One source has a new template: no time of publication is found.",
                  dict.fromkeys((*PUBLISHED, "updated_at", "updated_precision"))),
    change("articles", "hours_of_publication_lost", "Only the day of publication is read, and called exact.",
           lambda row, _: {"published_at": row["published_at"].replace(**MIDNIGHT)},
           lambda articles: pc.equal(articles["published_precision"], "second"), SECOND),
    change("articles", "mornings_taken_for_evenings", "Times in the morning are read as those of the evening.",
           lambda row, _: {"published_at": row["published_at"] + timedelta(hours=12)}, _is_morning, SECOND),
    change("articles", "zones_as_names", "The zone is a name, not an offset.",
           lambda row, _: {"published_zone": ZONES.get(row["published_zone"], "UTC")}, "published_zone", SECOND),
    change("articles", "published_by_the_address",
           "The page's time of publication is no longer found: it is the day in its address.",
           lambda row, _: _publish_by_address(row), "published_at", SECOND),
    change("articles", "published_unknown", "The time of publication was not found.",
           lambda row, _: {**dict.fromkeys(PUBLISHED),
                           "found_in": [each for each in row["found_in"] if each["field"] != "published_at"]},
           "published_at", THIRD),
    change("articles", "offsets_added_to_times", "The offset from UTC is added to the local time, not subtracted.",
           lambda row, _: _add_offset(row),
           lambda articles: pc.and_(pc.not_equal(articles["published_zone"], "+00:00"), _is_exact(articles)), BOTH),
)  # fmt: skip
