"""List the days: with input, planned, published, stale. Only reads."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Literal, NamedTuple

from pipelines.paths import RAW, RELEASES
from pipelines.raw.batches import list_raw_batches, parse_batch_id, read_deliveries
from pipelines.releases.heads import Head
from pipelines.releases.plans import READERS, Plan, read_plan
from pipelines.releases.swap import read_head
from pipelines.services.storage import Store

STALE_DAYS = 7  # how many days back the daily run publishes stale days by itself
# open: the day goes on, and its release, if any, holds what had arrived by then. waiting: it is over, and no release
# has been made of it since. stale: more has arrived since its release. settled: its release has all that arrived.
State = Literal["open", "waiting", "stale", "settled"]
DT_FOLDER = re.compile(r"dt=\d{4}-\d\d-\d\d")


class DayState(NamedTuple):
    """The state of a day, with the head and the plan of its live release; neither for one that was never published."""

    state: State
    head: Head | None = None
    plan: Plan | None = None


def list_stale_days(store: Store, days: list[date]) -> list[date]:
    """List those of these past days that have unused input, or were open when their live release was planned."""
    return [day for day in days if _is_stale(store, day)]


def describe_day(store: Store, day: date, is_over: bool) -> DayState:
    """Return the state of a day: of its live release, against what has been landed for it."""
    head, _ = read_head(store, str(day))
    if head is None:
        return DayState("waiting" if is_over else "open")
    live = read_plan(store, str(day), head.release_id)
    if live.is_open:
        return DayState("waiting" if is_over else "open", head, live)
    return DayState("stale" if _has_unused_input(store, day, live) else "settled", head, live)


def list_days_with_input(store: Store) -> list[date]:
    """List the days for which anything was ever landed."""
    return _list_days(store, RAW)


def list_planned_days(store: Store) -> list[date]:
    """List the days for which a release was ever planned."""
    return _list_days(store, RELEASES)


def list_published_days(store: Store) -> list[date]:
    """List the days that have a head."""
    return list(read_heads(store, list_planned_days(store)))


def read_heads(store: Store, days: list[date]) -> dict[date, Head]:
    """Read the heads of those of these days that have one, in their order; many are read at once."""
    with ThreadPoolExecutor(READERS) as pool:
        heads = list(pool.map(lambda day: read_head(store, str(day)).head, days))
    return {day: head for day, head in zip(days, heads, strict=True) if head is not None}


def _list_days(store: Store, prefix: str) -> list[date]:
    return [date.fromisoformat(name[3:]) for name in store.list_folders(prefix) if DT_FOLDER.fullmatch(name)]


def _is_stale(store: Store, day: date) -> bool:
    head, _ = read_head(store, str(day))
    if head is None:
        return bool(list_raw_batches(store, str(day)))
    live = read_plan(store, str(day), head.release_id)
    return live.is_open or _has_unused_input(store, day, live)


def _has_unused_input(store: Store, day: date, live: Plan) -> bool:
    # Only batches that the live release took nothing from are read: a year of days costs a listing each.
    new = [batch for batch in list_raw_batches(store, str(day)) if parse_batch_id(batch) not in live.batches]
    deliveries = read_deliveries(store, new).sha256_by_id
    return not deliveries.keys() <= live.deliveries.keys()
