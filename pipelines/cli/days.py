"""Commands about days: `run`, `status` and `check`."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from pipelines.cli.common import day_option, open_services, open_store, read_clock


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
    day, last = dt.date(), (to or dt).date()
    if last < day:
        raise typer.BadParameter(f"--to {last} is before --dt {day}")
    if not accept and (by or reason or take_in):
        raise typer.BadParameter("--by, --reason and --take-in need --accept RELEASE: what is accepted is one release")
    if accept and last != day:
        raise typer.BadParameter("--accept is for one release, and so for one day; leave out --to")
    from pipelines.flow import JUDGED_AFRESH, is_accepted, list_set_aside, run_day
    from pipelines.releases.acceptances import accept_release
    from pipelines.releases.swap import read_head
    from pipelines.tables.published import PUBLISHED

    store = open_store()
    store.check()
    while day <= last:
        if accept:
            acceptance = accept_release(store, day, accept, by or "", reason or "", read_clock(), tuple(take_in or ()))
            typer.echo(f"{day} release {accept}: {acceptance}")
        release = run_day(store, day, read_clock())
        if accept and not is_accepted(store, day, release):
            typer.echo(JUDGED_AFRESH % (day, accept, release))
        head, _ = read_head(store, str(day))
        counts = {name: table.row_count for name, table in head.objects.items()} if head else {}
        typer.echo(f"{day} release {release}: " + ", ".join(f"{counts[t.name]} {t.name}" for t in reversed(PUBLISHED)))
        for line in list_set_aside(store, day, release):
            typer.echo(f"{day}: {line}")
        day += timedelta(days=1)


def show_status() -> None:
    """Show each day: the live release, and whether it is stale (newer input waits, or it was open when planned)."""
    from pipelines.intake.ingest import read_last_pass
    from pipelines.intake.landing import count_service_messages
    from pipelines.releases.days import list_days_with_input, list_stale_days
    from pipelines.releases.plans import find_acceptance, read_plan
    from pipelines.releases.swap import read_head

    store, queues = open_services()
    for queue in queues:
        waiting, leased = queue.depth()
        typer.echo(f"queue {queue.name}: {waiting} waiting, {leased} leased")
    typer.echo(f"last complete pass of ingest began: {read_last_pass(store) or 'never'}")
    for day in list_days_with_input(store):
        head, _ = read_head(store, str(day))
        state = f"release {head.release_id}, {head.objects['articles'].row_count} articles" if head else "not published"
        acceptance = find_acceptance(store, read_plan(store, str(day), head.release_id)) if head else None
        accepted = f"; {acceptance}" if acceptance else ""
        swapping = "; its swap is unfinished" if head and head.is_swapping else ""
        stale = "; stale: run it again" if list_stale_days(store, [day]) else ""
        typer.echo(f"{day}: {state}{accepted}{swapping}{stale}")
    for dt, count in sorted(count_service_messages(store).items()):
        typer.echo(f"{dt}: {count} messages of services, no articles")


def check_all() -> None:
    """Check settings, store, queue and every published day. Exits with 1 if anything is wrong."""
    from pipelines.audit import find_broken_invariants
    from pipelines.releases.days import list_days_with_input, list_published_days

    store, queues = open_services()
    store.check()
    typer.echo(f"store: bucket {store.bucket} exists, without versioning")
    for queue in queues:
        queue.depth()
        typer.echo(f"queue: {queue.name} answers")
    published = list_published_days(store)
    broken = [line for day in published for line in find_broken_invariants(store, day)]
    for line in broken:
        typer.echo(line)
    for day in list_days_with_input(store):
        if day not in published:
            typer.echo(f"{day}: not published yet")
    if broken:
        raise typer.Exit(1)
    typer.echo(f"{len(published)} published days: every item is in exactly one place, one object per table and day")
