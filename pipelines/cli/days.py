"""Commands about days: `run`, `status` and `check`."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from pipelines.cli.common import day_option, open_services, open_store, read_clock, show


def run_days(
    dt: Annotated[datetime, day_option("The day.")],
    to: Annotated[
        datetime | None,
        day_option("The last day, to publish a range of days."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FINGERPRINT",
            help="Publish each day even though this fingerprint rejects far more than usual. Repeatable.",
        ),
    ] = None,
) -> None:
    """Build, check and publish a day, or each day of a range. Running it again is harmless."""
    day, last = dt.date(), (to or dt).date()
    if last < day:
        raise typer.BadParameter(f"--to {last} is before --dt {day}")
    from pipelines.flow import run_day
    from pipelines.rejects.surge import accept_surge
    from pipelines.releases.swap import read_head
    from pipelines.tables.published import PUBLISHED

    store = open_store()
    store.check()
    while day <= last:
        for fingerprint in accept or ():
            accept_surge(store, day, fingerprint, read_clock())
        release = run_day(store, day, read_clock())
        head, _ = read_head(store, str(day))
        counts = {name: table.row_count for name, table in head.objects.items()} if head else {}
        show(f"{day} release {release}: " + ", ".join(f"{counts[t.name]} {t.name}" for t in reversed(PUBLISHED)))
        day += timedelta(days=1)


def show_status() -> None:
    """Show each day: the live release, and whether it is stale (newer input waits, or it was open when planned)."""
    from pipelines.intake.ingest import read_last_pass
    from pipelines.intake.landing import count_service_messages
    from pipelines.releases.days import list_days_with_input, list_stale_days
    from pipelines.releases.swap import read_head

    store, queues = open_services()
    for queue in queues:
        waiting, leased = queue.depth()
        show(f"queue {queue.name}: {waiting} waiting, {leased} leased")
    show(f"last complete pass of ingest began: {read_last_pass(store) or 'never'}")
    for day in list_days_with_input(store):
        head, _ = read_head(store, str(day))
        state = f"release {head.release_id}, {head.objects['articles'].row_count} articles" if head else "not published"
        swapping = "; its swap is unfinished" if head and head.is_swapping else ""
        stale = "; stale: run it again" if list_stale_days(store, [day]) else ""
        show(f"{day}: {state}{swapping}{stale}")
    for dt, count in sorted(count_service_messages(store).items()):
        show(f"{dt}: {count} messages of services, no articles")


def check_all() -> None:
    """Check settings, store, queue and every published day. Exits with 1 if anything is wrong."""
    from pipelines.audit import find_broken_invariants
    from pipelines.releases.days import list_days_with_input, list_published_days

    store, queues = open_services()
    store.check()
    show(f"store: bucket {store.bucket} exists, without versioning")
    for queue in queues:
        queue.depth()
        show(f"queue: {queue.name} answers")
    published = list_published_days(store)
    broken = [line for day in published for line in find_broken_invariants(store, day)]
    for line in broken:
        show(line)
    for day in list_days_with_input(store):
        if day not in published:
            show(f"{day}: not published yet")
    if broken:
        raise typer.Exit(1)
    show(f"{len(published)} published days: every item is in exactly one place, one object per table and day")
