"""Commands about days: `run`, `status` and `check`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.common import day_option, describe_queues, open_store, read_clock, show

if TYPE_CHECKING:
    from pipelines.services.storage import Store

# What is to be done about a day in each state (releases.days.State).
ADVICE = {
    "settled": "",
    "open": "; open: it goes on until midnight (UTC); `copydesk run --dt {day}` publishes what has arrived so far",
    "waiting": "; waiting: it is over; `copydesk run --dt {day}` publishes it, as the daily run does for the last week",
    "stale": "; stale: more has arrived since; run it again: `copydesk run --dt {day}`, as the daily run does for the"
    " last week",
}


def run_days(
    dt: Annotated[datetime, day_option("The day.")],
    to: Annotated[
        datetime | None,
        day_option("The last day, to publish a range of days."),
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(metavar="RELEASE", help="Publish this release although it was stopped; its report has the id."),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who accepts the release.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is right as it is.")] = None,
    take_in: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UNIT",
            help='What the accepted release set aside and is to be judged item by item: "source paper.example",'
            ' "delivery 1f0e…". Repeatable.',
        ),
    ] = None,
) -> None:
    """Build, check and publish a day, or each day of a range. Running it again is harmless."""
    first, last = dt.date(), (to or dt).date()
    _refuse_wrong_days(first, last)
    if not accept and (by or reason or take_in):
        raise typer.BadParameter("--by, --reason and --take-in need --accept RELEASE: what is accepted is one release")
    if accept and last != first:
        raise typer.BadParameter("--accept is for one release, and so for one day; leave out --to")
    store = open_store()
    if accept:
        from pipelines.releases.acceptances import accept_release

        acceptance = accept_release(store, first, accept, by or "", reason or "", read_clock(), tuple(take_in or ()))
        show(f"{first} release {accept}: {acceptance}")
    from pipelines.errors import ReleaseStopped

    stopped = 0
    for day in (first + timedelta(days=after) for after in range((last - first).days + 1)):
        try:
            _run_day(store, day, accept)
        except ReleaseStopped as error:  # the other days can be published all the same
            show(f"{type(error).__name__}: {error}", err=True)
            stopped += 1
    if stopped:
        raise typer.Exit(1)


def _refuse_wrong_days(first: date, last: date) -> None:
    if last < first:
        raise typer.BadParameter(
            f"--to {last} is before --dt {first}; name the first day with --dt, the last with --to"
        )
    if last > (today := read_clock().date()):
        raise typer.BadParameter(f"{last} has not begun; the last day that can be built is today, {today} (UTC)")


def _run_day(store: "Store", day: date, accepted: str | None) -> None:
    """Build and publish a day, and show what is live then and what was set aside."""
    from pipelines.flow import JUDGED_AFRESH, is_accepted, list_set_aside, run_day_with_replans
    from pipelines.releases.plans import read_plan
    from pipelines.releases.swap import read_head
    from pipelines.tables.published import PUBLISHED

    release = run_day_with_replans(store, day, read_clock)
    if accepted and not is_accepted(store, day, release):
        show(JUDGED_AFRESH % (day, accepted, release))
    head, _ = read_head(store, str(day))
    counts = {name: head.count_rows(name) for name in head.objects} if head else {}
    empty = "" if read_plan(store, str(day), release).deliveries else "nothing has arrived, an empty day is live: "
    rows = ", ".join(f"{counts[t.name]} {t.name}" for t in reversed(PUBLISHED))
    show(f"{day} release {release}: {empty}{rows}")
    for line in list_set_aside(store, day, release):
        show(f"{day}: {line}")


def show_status() -> None:
    """Show queue, ingest, and each day: its live release, and whether it is open, waiting, stale or stopped."""
    from pipelines.flow import get_day_bounds
    from pipelines.intake.ingest import read_last_pass
    from pipelines.intake.landing import count_service_messages
    from pipelines.releases.days import describe_day, list_days_with_input, list_published_days
    from pipelines.releases.plans import find_acceptance
    from pipelines.reports.attempts import read_stopped_attempts

    store = open_store()
    for queue in describe_queues():
        show(f"queue {queue.name}: {queue.words}")
    show(f"last complete pass of ingest began: {read_last_pass(store) or 'never; run `copydesk ingest`'}")
    stopped, now = read_stopped_attempts(store), read_clock()
    for day in sorted({*list_days_with_input(store), *list_published_days(store)}):  # empty days are published too
        state, head, plan = describe_day(store, day, is_over=now >= get_day_bounds(day)[1])
        release = "not published"
        if head:
            counts = f"{head.count_rows('articles')} articles, {head.count_rows('rejected')} rejected"
            release = f"release {head.release_id}, {counts}"
        acceptance = find_acceptance(store, plan) if plan else None
        accepted = f"; {acceptance}" if acceptance else ""
        swapping = "; its swap is unfinished, the next run finishes it" if head and head.is_swapping else ""
        advice = f"; {_describe_stop(day, stopped)}" if str(day) in stopped else ADVICE[state].format(day=day)
        show(f"{day}: {release}{accepted}{swapping}{advice}")
    for dt, count in sorted(count_service_messages(store).items()):
        show(f"{dt}: {count} messages of services, no articles")


def check_all() -> None:
    """Check settings, store, queue, every published day against raw, and stopped days. Exits with 1 if anything is
    wrong."""
    from pipelines.audit import find_broken_invariants
    from pipelines.releases.days import list_days_with_input, list_published_days
    from pipelines.reports.attempts import read_stopped_attempts

    store = open_store()
    show(f"store: bucket {store.bucket} exists, without versioning")
    queues = describe_queues()
    for queue in queues:
        show(f"queue {queue.name}: {queue.words}")
    if not queues:
        show("queue: COPYDESK_QUEUE is not set, so articles arrive through the inbox alone")
    published, stopped = list_published_days(store), read_stopped_attempts(store)
    broken = [line for day in published for line in find_broken_invariants(store, day)]
    broken += [f"{day}: {_describe_stop(day, stopped)}" for day in sorted(stopped)]
    for line in broken:
        show(line)
    for day in list_days_with_input(store):
        if day not in published and str(day) not in stopped:
            show(f"{day}: not published yet; `copydesk run --dt {day}` does that")
    if broken or not all(queue.is_fine for queue in queues):
        raise typer.Exit(1)
    show(f"{len(published)} published days: every item is in exactly one place, and each table is what its head names")


def _describe_stop(day: object, stopped: Mapping[str, str]) -> str:
    release = stopped[str(day)]
    return (
        f"stopped: release {release} was not published; attempts/dt={day}/{release}/report.html in the bucket, or"
        " Copydesk in Airflow's menu, says why and what to do"
    )
