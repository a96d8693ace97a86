"""Re-process rejects with the current code: chosen, bounded, recorded, and never twice with the same code.

    choose → begin → redrive_day, day by day → finish

A day is published whole, by one version of the code; so re-processing some of its rejects means publishing the day
again, with all of its items: the record has the outcome of those that were asked for, and counts the others that moved.

    redrives/stopped/dt=…/<release id>          a release that its checks, a surge or an error stopped, and why

record.py keeps what a pass is going to do and what it did.

The code is deterministic, so the same code would give the same result: only rejects of other code (or of another
profile of their source) are taken, and no release that was stopped is attempted again. After a pass, everything that is
still rejected was rejected by the current version; so a pass ends, and so does running it again and again.
"""

import logging
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from traceback import format_tb

import pyarrow as pa

from pipelines import flow
from pipelines.errors import Missing, NotReady, ReleaseStopped, Retryable
from pipelines.intake.ingest import read_last_pass
from pipelines.paths import (
    archive_prefix,
    clean_key,
    enriched_prefix,
    open_redrive_key,
    redrive_key,
    stopped_key,
    stopped_prefix,
)
from pipelines.redrive import AT_MOST_DAYS, AT_MOST_ITEMS
from pipelines.redrive.record import (
    Redrive,
    RedrivenDay,
    RedrivenItem,
    list_open_redrives,
    read_open_redrive,
    record_day,
)
from pipelines.rejects.groups import CurrentVersions, RejectFilter, read_live_rejected, read_rejected_days
from pipelines.rejects.outcomes import GONE, ROWS, Outcome, RowKey, count_moves, find_rows, read_outcomes
from pipelines.releases.days import list_planned_days, read_heads
from pipelines.releases.plans import derive_versions, make_plan, read_plan
from pipelines.releases.swap import list_kept_keys, read_head, settled_head
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id
from pipelines.tables.rejected import REJECTED
from pipelines.text.display import sanitize_for_display

log = logging.getLogger(__name__)

EXPLANATION = 3_000  # characters kept of why a day was not published
COLUMNS = [*REJECTED.key, "delivery_id", "source", "stage", "reason", "stage_version", "fingerprint"]  # that are needed
TRANSIENT = (Retryable, OSError, MemoryError)  # errors that may not come back at a later attempt
ATTEMPTS = 3  # at a day of a pass, if its errors are transient; one that ends with the process counts too


@dataclass(frozen=True, slots=True)
class RedriveSelection:
    """The days that a pass would re-process, and sentences about those that it leaves out."""

    days: tuple[RedrivenDay, ...]
    left: tuple[str, ...]


def redrive_rejects(
    store: Store,
    wanted: RejectFilter,
    now: datetime,
    at_most_days: int = AT_MOST_DAYS,
    at_most_items: int = AT_MOST_ITEMS,
    is_forced: bool = False,
) -> tuple[list[Redrive], tuple[str, ...]]:
    """Finish the passes that are open, then run a whole one; return the finished passes, and sentences about the rest.

    `is_forced` also takes items that *failed* under the current code, and computes them anew: for an error that came
    from outside, as a machine without memory.
    """
    passes = [_carry_out(store, opened, now) for opened in list_open_redrives(store)]
    chosen = choose_rejects(store, wanted, now, at_most_days, at_most_items, is_forced)
    if chosen.days:
        passes.append(_carry_out(store, begin_redrive(store, chosen, now, is_forced), now))
    unfinished = [
        f"redrive {redrive.id} is not finished; the next pass continues it" for redrive in passes if not redrive.is_done
    ]
    return [redrive for redrive in passes if redrive.is_done], (*unfinished, *chosen.left)


@dataclass
class _Choice:
    """The days chosen so far for a pass with these bounds; a day is taken whole or not at all."""

    at_most_days: int
    at_most_items: int
    days: list[RedrivenDay] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    item_count: int = 0
    is_full: bool = False

    def add(self, day: RedrivenDay, obstacle: str | None) -> None:
        """Take a day, or note why it is left out."""
        has_room = self.item_count + day.item_count <= self.at_most_items
        if obstacle is None and has_room:
            self.item_count += day.item_count
            self.days.append(day)
        else:
            why = obstacle or f"a pass takes {self.at_most_items} items at most"
            self.left.append(f"{day.dt}: {day.item_count} items are left out: {why}")
        # A day that no pass has room for does not fill this one.
        is_too_late = obstacle is None and not has_room and day.item_count <= self.at_most_items
        is_at_bounds = len(self.days) >= self.at_most_days or self.item_count >= self.at_most_items
        self.is_full = is_too_late or is_at_bounds

    def leave_unread(self, days: list[date], reject_count: int) -> None:
        """Note that these days were not even read."""
        if days:
            self.left.append(
                f"{len(days)} days from {days[0]} on, with {reject_count} rejects, were not read: a pass takes"
                f" {self.at_most_days} days and {self.at_most_items} items at most"
            )


def choose_rejects(
    store: Store, wanted: RejectFilter, now: datetime, at_most_days: int, at_most_items: int, is_forced: bool
) -> RedriveSelection:
    """Choose the rejects of a pass, the earliest days first. Only reads.

    Days after the one at which the pass is full are not read: how many rejects they have is known from their heads.
    """
    current = CurrentVersions(store)
    busy = {day.dt: redrive.id for redrive in list_open_redrives(store) for day in redrive.days}
    heads = read_heads(store, wanted.select_days(list_planned_days(store)))
    counts = {day: head.count_rows("rejected") for day, head in heads.items()}
    days = [day for day, count in counts.items() if count]
    choice = _Choice(at_most_days, at_most_items)
    for place, (day, rejected) in enumerate(read_rejected_days(store, days), 1):
        items = _select_items(wanted.select_rows(rejected), current, is_forced)
        if not items:
            continue
        candidate = RedrivenDay(dt=str(day), before=heads[day].release_id, items=items)
        choice.add(candidate, _find_obstacle(store, day, now, is_forced, busy.get(str(day))))
        if choice.is_full:
            choice.leave_unread(days[place:], sum(counts[day] for day in days[place:]))
            break
    return RedriveSelection(tuple(choice.days), tuple(choice.left))


def begin_redrive(store: Store, chosen: RedriveSelection, now: datetime, is_forced: bool) -> Redrive:
    """Record what a pass is going to do, before it does any of it."""
    versions = derive_versions()
    rejects = [f"{day.dt} {day.before} {tuple(item.key)}" for day in chosen.days for item in day.items]
    code = [f"{name} {version}" for name, version in sorted(versions.items())]
    redrive_id = hash_id("redrive", now.isoformat(), int(is_forced), *code, *rejects)[:16]
    redrive = Redrive(id=redrive_id, asked_at=now, versions=versions, is_forced=is_forced, days=chosen.days)
    store.put(open_redrive_key(redrive_id), redrive.model_dump_json(indent=1).encode())
    return redrive


def redrive_day(store: Store, redrive_id: str, dt: date, now: datetime) -> str | None:
    """Publish one day of an open pass with the current code; return why it was stopped or failed, if it was.

    A day that is done already is left alone. Raises Retryable for errors that may succeed on a later attempt, until
    ATTEMPTS are used up; and Missing if the pass is finished.
    """
    redrive = read_open_redrive(store, redrive_id)
    day = next(day for day in redrive.days if day.dt == str(dt))
    if day.after is not None:
        return day.stopped
    if day.attempts < ATTEMPTS:
        day = day.model_copy(update={"attempts": day.attempts + 1})
        record_day(store, redrive_id, day)
        day = _attempt_day(store, day, now, redrive.is_forced)
    else:
        day = _give_up(day, f"failed: gave up after {ATTEMPTS} attempts")
    with suppress(Missing):  # another process has finished the pass meanwhile, by what is live
        record_day(store, redrive_id, day)
    return day.stopped


def finish_redrive(store: Store, redrive_id: str) -> Redrive:
    """Record the outcome of each item, by what is live now; then the pass is no longer open.

    Raises NotReady if a day of it is not done yet, and Missing if it is finished already.
    """
    redrive = read_open_redrive(store, redrive_id)
    if waiting := [day.dt for day in redrive.days if day.after is None]:
        raise NotReady(f"redrive {redrive_id} is not finished: {', '.join(waiting)}; the next pass continues it")
    done = redrive.model_copy(update={"days": tuple(_add_outcomes(store, day) for day in redrive.days)})
    store.put(redrive_key(done.id), done.model_dump_json(indent=1).encode())
    store.delete([open_redrive_key(done.id)])
    return done


def abandon_redrive(store: Store, redrive_id: str) -> Redrive:
    """End an open pass; its days that are not done stay as they are. Raises Missing if it is finished already."""
    for day in read_open_redrive(store, redrive_id).days:
        if day.after is None:
            record_day(store, redrive_id, _give_up(day, "abandoned"))
    return finish_redrive(store, redrive_id)


def _carry_out(store: Store, redrive: Redrive, now: datetime) -> Redrive:
    """Attempt each day of a pass that is not done, once; the pass stays open if one of them may succeed later."""
    try:
        for day in redrive.days:
            try:
                redrive_day(store, redrive.id, date.fromisoformat(day.dt), now)
            except TRANSIENT as error:
                log.warning(
                    "redrive %s: %s is left for the next pass: %s",
                    redrive.id,
                    day.dt,
                    sanitize_for_display(error, EXPLANATION),
                )
        with suppress(NotReady):
            return finish_redrive(store, redrive.id)
        return read_open_redrive(store, redrive.id)
    except Missing:
        if store.exists(open_redrive_key(redrive.id)):
            raise
        return Redrive.model_validate_json(store.get(redrive_key(redrive.id)))  # another process was faster


def _attempt_day(store: Store, redriven: RedrivenDay, now: datetime, is_forced: bool) -> RedrivenDay:
    """Publish a day, and return it as it is after this attempt. Raises Retryable, except on the last attempt.

    A failure is remembered like a stopped release: the code is deterministic, and other days go on without this one.
    """
    day, attempted = date.fromisoformat(redriven.dt), None
    try:
        # If more arrives before the day is really planned, this release can never come up again.
        attempted = _derive_release_id(store, day, now)
        if is_forced:
            _delete_cached(store, day, redriven, now)
        release = flow.run_day_with_replans(store, day, lambda: now, is_forced)
        return redriven.model_copy(update={"after": release, "attempts": 0})
    except ReleaseStopped as stopped:
        attempted, why = stopped.release, str(stopped)
    except TRANSIENT as error:
        if redriven.attempts < ATTEMPTS:
            raise
        attempted, why = None, f"failed: {error}"
    except Exception as error:  # noqa: BLE001  whatever it is, the other days go on
        why = f"failed: {type(error).__name__}: {error}"
        # Not log.exception: it would write the text of the error as it is.
        trace = "".join(format_tb(error.__traceback__))
        log.warning("%s: %s\n%s", redriven.dt, sanitize_for_display(why, EXPLANATION), trace)
    why = sanitize_for_display(why, EXPLANATION)  # it may quote text from outside
    if attempted is not None:
        store.put(stopped_key(day, attempted), why.encode())
    return _give_up(redriven, why)


def _give_up(day: RedrivenDay, why: str) -> RedrivenDay:
    """Mark a day as done without being published."""
    return day.model_copy(update={"after": day.before, "stopped": why, "attempts": 0})


def _select_items(rejected: pa.Table, current: CurrentVersions, is_forced: bool) -> tuple[RedrivenItem, ...]:
    """Return the rejects that the current code may decide otherwise, and by force those that failed."""
    return tuple(
        RedrivenItem.model_validate(row)
        for row in rejected.select(COLUMNS).to_pylist()
        if current.is_fixable(row) or (is_forced and row["reason"] == "failed")
    )


def _find_obstacle(store: Store, day: date, now: datetime, is_forced: bool, busy_with: str | None) -> str | None:
    """Return why a day cannot be re-processed now; None if it can. `busy_with` is the open pass that it is part of."""
    if busy_with:
        return f"redrive {busy_with} is already processing this day"
    end = flow.get_day_bounds(day)[1]
    ingested = read_last_pass(store)
    if now >= end and (ingested is None or ingested < end):
        return "the day has ended, but ingest has not run since; run it first"
    stopped = {entry.key for entry in store.list_objects(stopped_prefix(day))}
    if stopped and not is_forced and (key := stopped_key(day, _derive_release_id(store, day, now))) in stopped:
        return f"already attempted with this code, and stopped: {store.get(key).decode()}"
    return None


def _derive_release_id(store: Store, day: date, now: datetime) -> str:
    """Return the id of the release that the day would have now."""
    head, etag = read_head(store, str(day))
    return make_plan(store, str(day), now < flow.get_day_bounds(day)[1], head, etag).release_id


def _delete_cached(store: Store, day: date, redriven: RedrivenDay, now: datetime) -> None:
    """Delete the cached results of the batches with these items, so that they are computed anew."""
    plan = read_plan(store, str(day), flow.plan_day(store, day, now))
    deliveries = {item.delivery_id for item in redriven.items}
    for batch in (batch for batch, ids in plan.batches.items() if not deliveries.isdisjoint(ids)):
        store.delete([clean_key(batch, plan.version("clean", batch))])
        store.delete(entry.key for entry in store.list_objects(enriched_prefix(batch)))


def _add_outcomes(store: Store, day: RedrivenDay) -> RedrivenDay:
    """Add the outcomes of the day's items, and how many others moved."""
    if day.stopped is not None:
        return day
    head, _ = settled_head(store, day.dt)
    assert head is not None
    keys = {name: head.list_keys(name) for name in head.objects}
    after = read_outcomes(store, keys)
    rows = find_rows(store, keys, {item.table_name for item in day.items} & ROWS.keys())
    rejected = read_live_rejected(store, date.fromisoformat(day.dt)).select([*REJECTED.key, "fingerprint"]).to_pylist()
    fingerprints = {RowKey(row["item_id"], row["table_name"], row["row_index"]): row["fingerprint"] for row in rejected}
    items = tuple(_add_outcome(item, after, rows, fingerprints) for item in day.items)
    asked_for = {item.item_id for item in day.items if item.table_name == "articles"}
    others: dict[str, int] = {}
    with suppress(Missing):  # the archive of what was live before may have been deleted
        before = read_outcomes(store, list_kept_keys(store, archive_prefix(day.dt, day.before)))
        others = count_moves(before, after, asked_for)
    return day.model_copy(update={"items": items, "others": others})


def _add_outcome(
    reject: RedrivenItem, of_items: Mapping[str, Outcome], rows: Container[RowKey], fingerprints: Mapping[RowKey, str]
) -> RedrivenItem:
    """Add the outcome of a reject. A row shares the outcome of its item, unless the item is published."""
    outcome, key = of_items.get(reject.item_id, GONE), RowKey(reject.item_id, "articles", -1)
    if reject.table_name in ROWS and outcome == "published":
        key = reject.key
        if key in fingerprints:
            outcome = "rejected"
        elif key not in rows:
            outcome = GONE
    return reject.model_copy(update={"outcome": outcome, "new_fingerprint": fingerprints.get(key)})
