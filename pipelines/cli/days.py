"""Commands about days: `run`, `status` and `check`."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from pipelines.cli.common import day_option, describe_queues, open_store, read_clock, show


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
        raise typer.BadParameter(f"--to {last} is before --dt {day}; name the first day with --dt, the last with --to")
    if last > (today := read_clock().date()):
        raise typer.BadParameter(f"{last} has not begun; the last day that can be built is today, {today} (UTC)")
    from pipelines.flow import run_day_with_replans
    from pipelines.rejects.surge import accept_surge
    from pipelines.releases.plans import read_plan
    from pipelines.releases.swap import read_head
    from pipelines.tables.published import PUBLISHED

    store = open_store()
    while day <= last:
        for fingerprint in accept or ():
            accept_surge(store, day, fingerprint, read_clock())
        release = run_day_with_replans(store, day, read_clock)
        head, _ = read_head(store, str(day))
        counts = {name: table.row_count for name, table in head.objects.items()} if head else {}
        empty = "" if read_plan(store, str(day), release).deliveries else "nothing has arrived, an empty day is live: "
        rows = ", ".join(f"{counts[t.name]} {t.name}" for t in reversed(PUBLISHED))
        show(f"{day} release {release}: {empty}{rows}")
        day += timedelta(days=1)


def show_status() -> None:
    """Show each day: the live release, and whether it is stale (newer input waits, or it was open when planned)."""
    from pipelines.intake.ingest import read_last_pass
    from pipelines.intake.landing import count_service_messages
    from pipelines.releases.days import list_days_with_input, list_stale_days
    from pipelines.releases.swap import read_head

    store = open_store()
    for queue in describe_queues():
        show(f"queue {queue.name}: {queue.words}")
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

    store = open_store()
    show(f"store: bucket {store.bucket} exists, without versioning")
    queues = describe_queues()
    for queue in queues:
        show(f"queue {queue.name}: {queue.words}")
    if not queues:
        show("queue: COPYDESK_QUEUE is not set, so articles arrive through the inbox alone")
    published = list_published_days(store)
    broken = [line for day in published for line in find_broken_invariants(store, day)]
    for line in broken:
        show(line)
    for day in list_days_with_input(store):
        if day not in published:
            show(f"{day}: not published yet")
    if broken or not all(queue.is_fine for queue in queues):
        raise typer.Exit(1)
    show(f"{len(published)} published days: every item is in exactly one place, one object per table and day")
