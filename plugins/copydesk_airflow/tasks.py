"""The flow functions as Airflow tasks, and our errors as Airflow's. A function's name is the id of its task in the UI.

The library is imported when a task runs, not when a DAG file is parsed. Only a name travels between tasks:
"<dt>/<release id>".
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow.sdk import task
from airflow.sdk.definitions.xcom_arg import PlainXComArg
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from copydesk_airflow.assets import TABLES
from copydesk_airflow.notify import notify
from copydesk_airflow.pages import ReportLink, get_page_url

if TYPE_CHECKING:
    from pipelines.services.storage import Store

log = logging.getLogger(__name__)

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
REPORT = "Report: %s"  # the UI opens a failed task at its log and turns this into a link: people look there first


class PlanName(NamedTuple):
    """The planned release that tasks work on."""

    day: date
    release: str


@task
def ingest_pass(params: dict[str, Any] | None = None) -> dict[str, int]:
    """Run one bounded pass over queue and inbox."""
    from pipelines import settings
    from pipelines.intake.ingest import ingest
    from pipelines.services.queue import Queue

    params = params or {}
    with _open_store() as store:
        given = settings.load_settings()
        queues = [Queue(given, name) for name in (given.queue, given.dead_letter_queue) if name]
        store.check()
        done = ingest(store, queues, _now, params["at_most"], params["seconds"])
    return {"messages": done.messages, "files": done.files, "batches": len(done.batches)}


@task.short_circuit
def plan_day(partition_key: str | None = None, params: dict[str, Any] | None = None) -> str | None:
    """Plan the release that the day should have; None, which skips the rest, if it is live already."""
    from pipelines import flow

    with _open_store() as store:
        day = _get_day(partition_key, params)
        accepted = _accept(store, day, params or {})
        release = flow.plan_day(store, day, _now())
        if accepted and not flow.is_accepted(store, day, release):
            log.warning(flow.JUDGED_AFRESH, day, accepted, release)
        return None if flow.is_live(store, day, release) else f"{day}/{release}"


@task
def chunks(plan: str) -> list[int]:
    """List the chunks into which the work on the day is cut."""
    from pipelines import flow

    with _open_store() as store:
        return list(range(flow.count_chunks(store, *_parse_plan_name(plan))))


@task
def enrich_batches(plan: str, chunk: int) -> int:
    """Clean and enrich one chunk."""
    from pipelines import flow

    with _open_store_before_publish() as store:
        return flow.enrich_chunk(store, *_parse_plan_name(plan), chunk)
    return 0


@task
def assemble(plan: str) -> list[list[int]]:
    """Decide the outcome of every item, and write the first part of the tables; list the other parts, by task."""
    from pipelines import flow

    with _open_store_before_publish() as store:
        return flow.share_parts(flow.assemble(store, *_parse_plan_name(plan)))
    return []


@task
def write_parts(plan: str, parts: list[int]) -> None:
    """Write some of the other parts of the tables. A day of usual size has none, and the task is skipped."""
    from pipelines import flow

    with _open_store_before_publish() as store:
        flow.write_parts(store, *_parse_plan_name(plan), parts)


def validate(plan: Any) -> Any:
    """Check the assembled tables. A critical failure, or too many rejects, end the run here: the old day stays live.

    The task has a button to the page with the results.
    """
    validated = _validate(plan)
    assert isinstance(validated, PlainXComArg)
    validated.operator.operator_extra_links = (ReportLink(),)
    return validated


@task(task_id="validate", trigger_rule="none_failed")  # write_parts is skipped on a day of one part
def _validate(plan: str) -> None:
    from pipelines import flow

    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # or 200 lines of its own come before ours
    try:
        with _open_store_before_publish() as store:
            flow.validate(store, *_parse_plan_name(plan))
    finally:
        log.info(REPORT, get_page_url(plan, origin=True))


@task(outlets=[TABLES])
def publish(plan: str, outlet_events: Any = None) -> str:
    """Publish the day, by a swap.

    A day that another writer changed meanwhile, or that older code has planned, is planned and run again here, with
    everything that is cached.
    """
    from pipelines import flow
    from pipelines.errors import LostRace

    with _open_store() as store:
        day, release = _parse_plan_name(plan)
        try:
            flow.publish(store, day, release)
        except LostRace:
            release = flow.run_day_with_replans(store, day, _now)
        set_aside = flow.list_set_aside(store, day, release)
    _notify_set_aside("copydesk_daily", PlanName(day, release), set_aside)
    outlet_events[TABLES].add_partitions(str(day))
    return release


@task
def stale_days(partition_key: str | None = None, dag_run: Any = None) -> list[dict[str, str]]:
    """List the other days of the last week for which more has arrived, as parameters of runs; for the scheduled run."""
    from pipelines.releases.days import STALE_DAYS, list_days_with_input, list_stale_days

    if dag_run.run_type != "scheduled":
        return []
    with _open_store() as store:
        today = _now().date()
        others = [day for day in list_days_with_input(store) if day < today and str(day) != partition_key]
        stale = list_stale_days(store, others)
    recent = [day for day in stale if day >= today - timedelta(days=STALE_DAYS)]
    for day in stale:
        if day not in recent:
            log.warning("%s has more input than its live release used; run a backfill of the day to publish it", day)
    return [{"dt": str(day)} for day in recent]


@task
def propose_profiles(params: dict[str, Any] | None = None) -> list[str]:
    """Learn a profile of each source; return "<source>/<version>" for those that may be used."""
    from pipelines.profiles.proposals import list_landed_batches, propose

    params = params or {}
    with _open_store() as store:
        until = _parse_day(params["until"]) if params["until"] else _now().date()
        proposals = propose(store, list_landed_batches(store, until, params["days"]))
        return [f"{proposal.source}/{proposal.version}" for proposal in proposals if proposal.refusal is None]


@task
def activate_profiles(fit: list[str], params: dict[str, Any] | None = None) -> int:
    """Activate proposed profiles, except for sources that a person turned off; return how many are active."""
    from pipelines.profiles.active import activate_fit

    if not (params or {})["activate"]:
        log.info("nothing is activated, since the parameter activate is off")
        return 0
    with _open_store() as store:
        names = [name.partition("/") for name in fit]
        return sum(activate_fit(store, source, version, _now()) for source, _, version in names)


@task
def choose_rejects(params: dict[str, Any] | None = None) -> list[str]:
    """Begin a pass over the rejects that the form asks for; return "<redrive id>/<dt>" for each day to be done.

    Days that an earlier run did not finish come first.
    """
    from pipelines.redrive import record as redrive_record
    from pipelines.redrive import run as redrive
    from pipelines.rejects.groups import RejectFilter, require_existing
    from pipelines.releases.days import list_published_days

    params = params or {}
    since, until = (_parse_day(params[name]) if params[name] else None for name in ("since", "until"))
    names = ("fingerprints", "sources", "reasons", "stages", "items")
    with _open_store() as store:
        wanted = RejectFilter(**{name: tuple(params[name] or ()) for name in names}, since=since, until=until)
        store.check()
        passes = redrive_record.list_open_redrives(store)
        if not passes:  # or a typo would keep what was begun from being finished
            require_existing(store, wanted, list_published_days(store))
        chosen = redrive.choose_rejects(
            store, wanted, _now(), params["at_most_days"], params["at_most_items"], params["force"]
        )
        for day in chosen.days:
            log.info("%s: %d items are re-processed, the day is published again", day.dt, day.item_count)
        for line in chosen.left:
            log.warning("%s", line)
        if params["dry_run"]:
            return []
        if chosen.days:
            passes.append(redrive.begin_redrive(store, chosen, _now(), params["force"]))
        return [f"{each.id}/{day.dt}" for each in passes for day in each.days if day.after is None]


@task(outlets=[TABLES])
def redrive_day(day: str, outlet_events: Any = None) -> None:
    """Publish one day of a pass with the current code; fails if its checks or a rejection surge stop it."""
    from pipelines import flow
    from pipelines.redrive import run as redrive
    from pipelines.releases.swap import read_head

    redrive_id, _, dt = day.partition("/")
    with _open_store() as store:
        stopped = redrive.redrive_day(store, redrive_id, date.fromisoformat(dt), _now())
        if stopped:
            raise AirflowFailException(stopped)
        head, _ = read_head(store, dt)
        assert head is not None  # rejects are redriven, and so the day was published before
        live = PlanName(date.fromisoformat(dt), head.release_id)
        set_aside = flow.list_set_aside(store, *live)
    _notify_set_aside("copydesk_redrive", live, set_aside)
    outlet_events[TABLES].add_partitions(dt)


@task
def record_redrives() -> list[str]:
    """Record every pass whose days are done; fails if a day was stopped, or is not done yet."""
    from pipelines.errors import Missing
    from pipelines.paths import redrive_key
    from pipelines.redrive import record as redrive_record
    from pipelines.redrive import run as redrive

    done: list[redrive_record.Redrive] = []
    wrong: list[str] = []
    with _open_store() as store:
        for opened in redrive_record.list_open_redrives(store):
            if not opened.is_done:
                wrong.append(f"redrive {opened.id} is not finished; the next run continues it")
                continue
            with suppress(Missing):  # another process was faster
                done.append(redrive.finish_redrive(store, opened.id))
    for each in done:
        log.info("%s", redrive_record.describe_redrive(each))
        wrong += [f"{day.dt} was stopped: {day.stopped}" for day in each.days if day.stopped]
    if wrong:
        raise AirflowFailException("; ".join(wrong))
    return [redrive_key(each.id) for each in done]


def _get_day(partition_key: str | None, params: dict[str, Any] | None) -> date:
    day = partition_key or (params or {}).get("dt")
    if not day:
        raise AirflowFailException("no day was given; set the partition key, or the parameter dt, to YYYY-MM-DD")
    return _parse_day(day)


def _parse_day(written: str) -> date:
    """Parse YYYY-MM-DD. Raises AirflowFailException for anything else: no retry could mend it."""
    try:
        if DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise AirflowFailException(
        f"{written[:100]!r} is not a day; set the partition key, or the parameter, to YYYY-MM-DD"
    )


def _accept(store: "Store", day: date, params: dict[str, Any]) -> str | None:
    """Record the acceptance that the form gives; return the id of the accepted release."""
    from pipelines.releases.acceptances import accept_release

    release = params.get("accept")
    if not release:
        if params.get("take_in") or params.get("accepted_by") or params.get("accept_reason"):
            raise AirflowFailException("accept is empty; give the id of the release that you accept, from its report")
        return None
    by, reason = params.get("accepted_by") or "", params.get("accept_reason") or ""
    accept_release(store, day, release, by, reason, _now(), tuple(params.get("take_in") or ()))
    return str(release)


def _notify_set_aside(dag: str, live: PlanName, set_aside: list[str]) -> None:
    """Notify people of the deliveries and sources that a release which is live now set aside as a whole, if any."""
    if set_aside:
        day, release = live
        lines = [f"{day} is published without:", *set_aside, get_page_url(f"{day}/{release}", origin=True)]
        notify(f"{dag} set aside a part of {day}", "\n".join(lines))


def _parse_plan_name(plan: str) -> PlanName:
    day, _, release = plan.partition("/")
    return PlanName(date.fromisoformat(day), release)


@contextmanager
def _open_store() -> Iterator["Store"]:
    """Open the store, with our errors as Airflow's: permanent ones fail the task at once, others are retried."""
    from pipelines import settings
    from pipelines.errors import Permanent, Retryable
    from pipelines.services.storage import Store
    from pipelines.text.display import sanitize_lines

    try:
        yield Store(settings.load_settings())
    except Permanent as error:
        raise AirflowFailException(sanitize_lines(error)) from error
    except Retryable as error:
        raise AirflowException(sanitize_lines(error)) from error


@contextmanager
def _open_store_before_publish() -> Iterator["Store"]:
    """Open the store; if the day has to be planned again, the task ends here, and `publish` does it."""
    from pipelines.errors import LostRace

    with _open_store() as store:
        try:
            yield store
        except LostRace as lost:
            log.warning("%s (the task `publish` does that)", lost)


def _now() -> datetime:
    return datetime.now(UTC)
