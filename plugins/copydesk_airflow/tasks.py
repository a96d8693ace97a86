"""Flow functions as Airflow tasks, our errors as Airflow's. The library is imported when a task runs, not by parsing.

What travels between tasks is a name: "<dt>/<release id>".
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from copydesk_airflow.assets import TABLES
from copydesk_airflow.pages import ReportLink, view_of

if TYPE_CHECKING:
    from pipelines.services.storage import Store

log = logging.getLogger(__name__)

SEEN = "What was seen: %s"  # the UI opens a failed task at its log, and makes a link of it: where people look first


@task
def ingest_pass(params: dict[str, Any] | None = None) -> dict[str, int]:
    """One bounded pass over queue and inbox."""
    from pipelines import settings
    from pipelines.intake.ingest import ingest
    from pipelines.services.queue import Queue

    params = params or {}
    with _store() as store:
        found = settings.load_settings()
        queues = [Queue(found, name) for name in (found.queue, found.dead_letter_queue) if name]
        store.check()
        done = ingest(store, queues, _now, params["at_most"], params["seconds"])
    return {"messages": done.messages, "files": done.files, "batches": len(done.batches)}


@task.short_circuit
def plan_day(partition_key: str | None = None, params: dict[str, Any] | None = None) -> str | None:
    """The release that the day should have; None, and nothing more to do, where it is live already."""
    from pipelines import flow
    from pipelines.rejects import surge

    with _store() as store:
        day = _day(partition_key, params)
        for fingerprint in (params or {}).get("accept") or ():
            surge.accept_surge(store, day, fingerprint, _now())
        release = flow.plan_day(store, day, _now())
        return None if flow.is_live(store, day, release) else f"{day}/{release}"


@task
def chunks(plan: str) -> list[int]:
    """The pieces that the day's work is cut into."""
    from pipelines import flow

    with _store() as store:
        return list(range(flow.count_chunks(store, *_named(plan))))


@task
def enrich_batches(plan: str, chunk: int) -> int:
    """Clean and enrich one piece."""
    from pipelines import flow

    with _store_before_publish() as store:
        return flow.enrich_chunk(store, *_named(plan), chunk)
    return 0


@task
def assemble(plan: str) -> None:
    """Stage the day's tables; one cause that would reject far more than usual ends the run here, the old day stays."""
    from pipelines import flow
    from pipelines.errors import RejectSurge

    with _store_before_publish() as store:
        try:
            flow.assemble(store, *_named(plan))
        except RejectSurge:
            log.info(SEEN, view_of(plan, origin=True))
            raise


def validate(plan: Any) -> Any:
    """Judge the staged tables; a critical failure ends the run here, and the old day stays. Has a button to the page
    that says what was seen."""
    judged = _judge(plan)
    judged.operator.operator_extra_links = (ReportLink(),)
    return judged


@task(task_id="validate")
def _judge(plan: str) -> None:
    from pipelines import flow

    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # or 200 lines of its own stand before ours
    try:
        with _store_before_publish() as store:
            flow.validate(store, *_named(plan))
    finally:
        log.info(SEEN, view_of(plan, origin=True))


@task(outlets=[TABLES])
def publish(plan: str, outlet_events: Any = None) -> str:
    """Swap the day in. A day that another writer changed meanwhile, or that other code had planned, is planned again,
    here, with all that is cached."""
    from pipelines import flow
    from pipelines.errors import LostRace

    with _store() as store:
        day, release = _named(plan)
        try:
            flow.publish(store, day, release)
        except LostRace:
            release = flow.run_day_with_replans(store, day, _now)
    outlet_events[TABLES].add_partitions(str(day))
    return release


@task
def stale_days(partition_key: str | None = None, dag_run: Any = None) -> list[dict[str, str]]:
    """For the scheduled run alone: parameters for runs of other days of the last week for which more arrived."""
    from pipelines.releases import days as release_days

    if dag_run.run_type != "scheduled":
        return []
    with _store() as store:
        today = _now().date()
        others = [day for day in release_days.list_days_with_input(store) if day < today and str(day) != partition_key]
        stale = release_days.list_stale_days(store, others)
    recent = [day for day in stale if day >= today - timedelta(days=release_days.STALE_DAYS)]
    for day in stale:
        if day not in recent:
            log.warning("%s has more than its live release used; a backfill of it would publish the rest", day)
    return [{"dt": str(day)} for day in recent]


@task
def propose_profiles(params: dict[str, Any] | None = None) -> list[str]:
    """Learn a profile of each source; returns "<source>/<version>" for those that are fit for use."""
    from pipelines.profiles import proposals

    params = params or {}
    with _store() as store:
        until = date.fromisoformat(params["until"]) if params["until"] else _now().date()
        proposals = proposals.propose(store, proposals.list_landed_batches(store, until, params["days"]))
        return [f"{proposal.source}/{proposal.version}" for proposal in proposals if proposal.refusal is None]


@task
def activate_profiles(fit: list[str], params: dict[str, Any] | None = None) -> int:
    """Take proposed profiles into use, but for sources that a person turned off; returns how many are in use."""
    from pipelines.profiles import active as profiles

    if not (params or {})["activate"]:
        log.info("nothing is activated: the run was told so")
        return 0
    with _store() as store:
        return sum(profiles.activate_fit(store, *name.split("/"), _now()) for name in fit)


@task
def choose_rejects(params: dict[str, Any] | None = None) -> list[str]:
    """Begin a pass over the rejects that the form asks for; returns "<redrive id>/<dt>" for each day to be done.

    Days that an earlier run left undone come first.
    """
    from pipelines.redrive import record as redrive_record
    from pipelines.redrive import run as redrive
    from pipelines.rejects.groups import RejectFilter

    params = params or {}
    since, until = (date.fromisoformat(params[name]) if params[name] else None for name in ("since", "until"))
    names = ("fingerprints", "sources", "reasons", "stages", "items")
    wanted = RejectFilter(**{name: tuple(params[name] or ()) for name in names}, since=since, until=until)
    with _store() as store:
        store.check()
        begun = redrive_record.list_open_redrives(store)
        chosen = redrive.choose_rejects(
            store, wanted, _now(), params["at_most_days"], params["at_most_items"], params["force"]
        )
        for day in chosen.days:
            log.info("%s: %d items are taken up, the day is published again", day.dt, day.item_count)
        for line in chosen.left:
            log.warning("%s", line)
        if params["dry_run"]:
            return []
        if chosen.days:
            begun.append(redrive.begin_redrive(store, chosen, _now(), params["force"]))
        return [f"{its.id}/{day.dt}" for its in begun for day in its.days if day.after is None]


@task(outlets=[TABLES])
def redrive_day(day: str, outlet_events: Any = None) -> None:
    """Publish one day of a pass by the current code; fails where its checks, or poison, stopped it."""
    from pipelines.redrive import run as redrive

    identity, _, dt = day.partition("/")
    with _store() as store:
        stopped = redrive.redrive_day(store, identity, date.fromisoformat(dt), _now())
    if stopped:
        raise AirflowFailException(stopped)
    outlet_events[TABLES].add_partitions(dt)


@task
def record_redrives() -> list[str]:
    """Record every pass whose days are done; fails where a day was stopped, or is not done yet."""
    from pipelines.errors import Missing
    from pipelines.paths import redrive_key
    from pipelines.redrive import record as redrive_record
    from pipelines.redrive import run as redrive

    done: list[redrive_record.Redrive] = []
    wrong: list[str] = []
    with _store() as store:
        begun = redrive_record.list_open_redrives(store)
        for its in [its for its in begun if its.is_done]:
            with suppress(Missing):  # another process was faster
                done.append(redrive.finish_redrive(store, its.id))
        wrong += [f"redrive {its.id} is not done yet; the next run takes it up" for its in begun if not its.is_done]
    for each in done:
        log.info("%s", redrive_record.describe_redrive(each))
        wrong += [f"{day.dt} was stopped: {day.stopped}" for day in each.days if day.stopped]
    if wrong:
        raise AirflowFailException("; ".join(wrong))
    return [redrive_key(each.id) for each in done]


def _day(partition_key: str | None, params: dict[str, Any] | None) -> date:
    given = partition_key or (params or {}).get("dt")
    if not given:
        raise AirflowFailException("which day? give the run a partition key, or the parameter dt, as YYYY-MM-DD")
    return date.fromisoformat(given)


def _named(plan: str) -> tuple[date, str]:
    day, _, release = plan.partition("/")
    return date.fromisoformat(day), release


@contextmanager
def _store() -> Iterator["Store"]:
    """The store, with our errors as Airflow's: what will fail again fails at once, the rest is retried."""
    from pipelines import settings
    from pipelines.errors import Permanent, Retryable
    from pipelines.services.storage import Store

    try:
        yield Store(settings.load_settings())
    except Permanent as error:
        raise AirflowFailException(str(error)) from error
    except Retryable as error:
        raise AirflowException(str(error)) from error


@contextmanager
def _store_before_publish() -> Iterator["Store"]:
    """The store; where the day has to be planned again the task ends here, and `publish` begins anew."""
    from pipelines.errors import LostRace

    with _store() as store:
        try:
            yield store
        except LostRace as lost:
            log.warning("%s (`publish` does)", lost)


def _now() -> datetime:
    return datetime.now(UTC)
