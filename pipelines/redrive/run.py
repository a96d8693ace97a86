"""Rejects taken up again with the current code: chosen, bounded, recorded, and never twice for nothing.

    choose → begin → redrive_day, day by day → finish

A day is published whole, by one version of the code; so re-driving some of its rejects is publishing the day again, and
all of it is judged anew: the record says what became of those that were asked for, and how many others moved along.

    redrives/stopped/dt=…/<release id>          a release that its checks, poison or an error stopped, and why

What passes have begun and done is in redrive_record.py.

The code is deterministic, so the same code would give the same answer: only rejects that other code (or another profile
of their source) had judged are taken up, and no release that was stopped is tried again. After a pass what is rejected
still was so by the current version; so a pass ends, and so does running it again and again.
"""

import logging
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from traceback import format_tb

from pipelines import flow
from pipelines.errors import Missing, NotReady, ReleaseStopped, Retryable
from pipelines.intake.ingest import read_last_pass
from pipelines.paths import (
    archived_key,
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
from pipelines.rejects.outcomes import GONE, OUTCOMES, ROWS, RowKey, count_moves, find_rows, read_outcomes
from pipelines.releases import days as release_days
from pipelines.releases.plans import derive_versions, make_plan, read_plan
from pipelines.releases.swap import read_head, settled_head
from pipelines.services.storage import Store
from pipelines.tables.ids import hash_id
from pipelines.tables.rejected import REJECTED
from pipelines.text.display import sanitize_for_display

log = logging.getLogger(__name__)

SAID = 3_000  # characters of why a day was not published that are kept
NAMES = [*REJECTED.key, "delivery_id", "source", "stage", "reason", "stage_version", "fingerprint"]  # what is looked at
PASSING = (Retryable, OSError, MemoryError)  # what may go well the next time
TRIES = 3  # of a day in a pass, where it may go well the next time; one that ends with the process counts too


@dataclass(frozen=True, slots=True)
class RedriveSelection:
    """What a pass would take up, and what it would leave, in words."""

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
    """A whole pass, after what an earlier one left unfinished; what was done, and what is left, in words.

    `is_forced` takes up items that *failed* under the current code too, and computes them anew: for an error that came
    from outside, as a machine without memory.
    """
    passes = [_carried_out(store, begun, now) for begun in list_open_redrives(store)]
    chosen = choose_rejects(store, wanted, now, at_most_days, at_most_items, is_forced)
    if chosen.days:
        passes.append(_carried_out(store, begin_redrive(store, chosen, now, is_forced), now))
    open_still = [f"redrive {its.id} is not done yet; the next pass takes it up" for its in passes if not its.is_done]
    return [its for its in passes if its.is_done], (*open_still, *chosen.left)


def choose_rejects(
    store: Store, wanted: RejectFilter, now: datetime, at_most_days: int, at_most_items: int, is_forced: bool
) -> RedriveSelection:
    """Which rejects a pass would take up, the earliest days first; a day is taken whole or not at all. Reads alone.

    Days behind the one at which the pass is full are not read: of them the heads say how much there is.
    """
    judge = CurrentVersions(store)
    at_it = {day.dt: begun.id for begun in list_open_redrives(store) for day in begun.days}
    days: list[RedrivenDay] = []
    left: list[str] = []
    item_count = 0
    unread: list[date] = []
    heads = release_days.read_heads(store, wanted.days(release_days.list_planned_days(store)))
    counts = {day: head.objects["rejected"].row_count for day, head in heads.items() if "rejected" in head.objects}
    rejecting = [day for day, count in counts.items() if count]
    for place, (day, rejected) in enumerate(read_rejected_days(store, rejecting), 1):
        rows = wanted.rows(rejected).select(NAMES).to_pylist()
        found = [row for row in rows if judge.mendable(row) or (is_forced and row["reason"] == "failed")]
        if not found:
            continue
        items = tuple(RedrivenItem.model_validate(row) for row in found)
        its = RedrivenDay(dt=str(day), before=heads[day].release_id, items=items)
        other = at_it.get(str(day))
        why = f"redrive {other} is at it" if other else _why_not(store, day, now, is_forced)
        fits = item_count + its.item_count <= at_most_items
        if why is None and fits:
            item_count += its.item_count
            days.append(its)
        else:
            left.append(f"{day}: {its.item_count} items are left: {why or f'more than {at_most_items} items'}")
        # A day that no pass has room for does not fill this one.
        is_full = why is None and not fits and its.item_count <= at_most_items
        if is_full or len(days) >= at_most_days or item_count >= at_most_items:
            unread = rejecting[place:]
            break
    if unread:
        count = sum(counts[day] for day in unread)
        bounds = f"a pass is {at_most_days} days and {at_most_items} items at most"
        left.append(f"{len(unread)} days from {unread[0]} on, with {count} rejects, were not looked at: {bounds}")
    return RedriveSelection(tuple(days), tuple(left))


def begin_redrive(store: Store, chosen: RedriveSelection, now: datetime, is_forced: bool) -> Redrive:
    """Write down what a pass is about to do, before it does any of it."""
    versions = derive_versions()
    named = [f"{day.dt} {day.before} {item.key}" for day in chosen.days for item in day.items]
    known = [f"{name} {version}" for name, version in sorted(versions.items())]
    identity = hash_id("redrive", now.isoformat(), int(is_forced), *known, *named)[:16]
    begun = Redrive(id=identity, asked_at=now, versions=versions, is_forced=is_forced, days=chosen.days)
    store.put(open_redrive_key(identity), begun.model_dump_json(indent=1).encode())
    return begun


def redrive_day(store: Store, identity: str, day: date, now: datetime) -> str | None:
    """Publish one day of an open pass by the current code; returns why it was stopped, or failed, if it did.

    A day that is done already is left. Raises Retryable for what may go well the next time, so often as TRIES allows;
    and Missing where the pass is finished.
    """
    begun = read_open_redrive(store, identity)
    its = next(its for its in begun.days if its.dt == str(day))
    if its.after is not None:
        return its.stopped
    if its.tries < TRIES:
        its = its.model_copy(update={"tries": its.tries + 1})
        record_day(store, identity, its)
        its = _tried(store, its, now, begun.is_forced)
    else:
        its = _left(its, f"failed: it was begun {TRIES} times, and came to no end")
    with suppress(Missing):  # another process has finished the pass meanwhile, by what is live
        record_day(store, identity, its)
    return its.stopped


def finish_redrive(store: Store, identity: str) -> Redrive:
    """Record what became of each item, by what is live now; then the pass is no longer open.

    Raises NotReady where a day of it is not done yet, and Missing where it is finished.
    """
    begun = read_open_redrive(store, identity)
    if waiting := [day.dt for day in begun.days if day.after is None]:
        raise NotReady(f"redrive {identity}: not done yet: {', '.join(waiting)}; the next pass takes it up")
    done = begun.model_copy(update={"days": tuple(_with_fates(store, day) for day in begun.days)})
    store.put(redrive_key(done.id), done.model_dump_json(indent=1).encode())
    store.delete([open_redrive_key(done.id)])
    return done


def abandon_redrive(store: Store, identity: str) -> Redrive:
    """End an open pass: its days that are not done stay as they are. Raises Missing where it is finished."""
    for day in read_open_redrive(store, identity).days:
        if day.after is None:
            record_day(store, identity, _left(day, "abandoned"))
    return finish_redrive(store, identity)


def _carried_out(store: Store, begun: Redrive, now: datetime) -> Redrive:
    """The pass after a try of each of its days that are not done; still open where one of them may go well later."""
    try:
        for day in begun.days:
            try:
                redrive_day(store, begun.id, date.fromisoformat(day.dt), now)
            except PASSING as error:
                log.warning(
                    "redrive %s: %s is left for the next pass: %s", begun.id, day.dt, sanitize_for_display(error, SAID)
                )
        with suppress(NotReady):
            return finish_redrive(store, begun.id)
        return read_open_redrive(store, begun.id)
    except Missing:
        if store.exists(open_redrive_key(begun.id)):
            raise
        return Redrive.model_validate_json(store.get(redrive_key(begun.id)))  # another process was faster


def _tried(store: Store, its: RedrivenDay, now: datetime, is_forced: bool) -> RedrivenDay:
    """The day after one try to publish it. Raises Retryable, but not on the last try.

    What failed is remembered as what was stopped is: the code is deterministic, and other days go on without it.
    """
    day, tried = date.fromisoformat(its.dt), None
    try:
        # Should more arrive until it is planned in earnest, this one can never come up again.
        tried = _release(store, day, now)
        if is_forced:
            _forget(store, day, its, now)
        release = flow.run_day_again(store, day, lambda: now, is_forced)
        return its.model_copy(update={"after": release, "tries": 0})
    except ReleaseStopped as stopped:
        tried, why = stopped.release, str(stopped)
    except PASSING as error:
        if its.tries < TRIES:
            raise
        tried, why = None, f"failed: {error}"
    except Exception as error:  # noqa: BLE001  whatever it is, the other days go on
        why = f"failed: {type(error).__name__}: {error}"
        # Not log.exception: it would say the error's own words as they are.
        log.warning("%s: %s\n%s", its.dt, sanitize_for_display(why, SAID), "".join(format_tb(error.__traceback__)))
    why = sanitize_for_display(why, SAID)  # it may quote what came from outside
    if tried is not None:
        store.put(stopped_key(day, tried), why.encode())
    return _left(its, why)


def _left(day: RedrivenDay, why: str) -> RedrivenDay:
    """The day, done without being published."""
    return day.model_copy(update={"after": day.before, "stopped": why, "tries": 0})


def _why_not(store: Store, day: date, now: datetime, is_forced: bool) -> str | None:
    """Why a day cannot be taken up now; None where it can."""
    end = flow.get_day_bounds(day)[1]
    ingested = read_last_pass(store)
    if now >= end and (ingested is None or ingested < end):
        return "the day has ended, but ingest has not run since"
    stopped = {entry.key for entry in store.list_objects(stopped_prefix(day))}
    if stopped and not is_forced and (key := stopped_key(day, _release(store, day, now))) in stopped:
        return f"tried before with this code, and stopped: {store.get(key).decode()}"
    return None


def _release(store: Store, day: date, now: datetime) -> str:
    """The release that the day would have now."""
    head, etag = read_head(store, str(day))
    return make_plan(store, str(day), now < flow.get_day_bounds(day)[1], head, etag).release_id


def _forget(store: Store, day: date, its: RedrivenDay, now: datetime) -> None:
    """Delete what is cached of the batches with these items, so that they are computed anew."""
    plan = read_plan(store, str(day), flow.plan_day(store, day, now))
    deliveries = {item.delivery_id for item in its.items}
    for batch in (batch for batch, ids in plan.batches.items() if not deliveries.isdisjoint(ids)):
        store.delete([clean_key(batch, plan.version("clean", batch))])
        store.delete(entry.key for entry in store.list_objects(enriched_prefix(batch)))


def _with_fates(store: Store, day: RedrivenDay) -> RedrivenDay:
    """The day with what became of its items and of the others."""
    if day.stopped is not None:
        return day
    head, _ = settled_head(store, day.dt)
    assert head is not None
    keys = {name: table.key for name, table in head.objects.items()}
    after = read_outcomes(store, keys)
    rows = find_rows(store, keys, {item.table_name for item in day.items} & ROWS.keys())
    rejected = read_live_rejected(store, date.fromisoformat(day.dt)).select([*REJECTED.key, "fingerprint"]).to_pylist()
    fingerprints = {(row["item_id"], row["table_name"], row["row_index"]): row["fingerprint"] for row in rejected}
    items = tuple(_with_fate(item, after, rows, fingerprints) for item in day.items)
    asked_for = {item.item_id for item in day.items if item.table_name == "articles"}
    others: dict[str, int] = {}
    with suppress(Missing):  # the archive of what was live before is kept for some weeks only
        before = read_outcomes(store, {name: archived_key(name, day.dt, day.before) for name in OUTCOMES})
        others = count_moves(before, after, asked_for)
    return day.model_copy(update={"items": items, "others": others})


def _with_fate(
    item: RedrivenItem, of_items: Mapping[str, str], rows: Container[RowKey], fingerprints: Mapping[RowKey, str]
) -> RedrivenItem:
    """What became of a reject. A row shares the fate of its item, but where that is published."""
    fate, key = of_items.get(item.item_id, GONE), (item.item_id, "articles", -1)
    if item.table_name in ROWS and fate == OUTCOMES["articles"]:
        key = item.key
        fate = OUTCOMES["rejected"] if key in fingerprints else fate if key in rows else GONE
    return item.model_copy(update={"fate": fate, "new_fingerprint": fingerprints.get(key)})
