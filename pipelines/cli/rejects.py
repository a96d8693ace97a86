"""Commands about rejected items: `rejected` and `redrive`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.common import day_option, open_store, read_clock, show
from pipelines.redrive import AT_MOST_DAYS, AT_MOST_ITEMS

if TYPE_CHECKING:
    from pipelines.rejects.groups import RejectFilter

MANY = "Can be given more than once."
Fingerprints = Annotated[
    list[str] | None,
    typer.Option(metavar="FINGERPRINT", help=f"Fingerprint of a group of rejects. {MANY}"),
]
Sources = Annotated[list[str] | None, typer.Option(metavar="SOURCE", help=f"The publisher. {MANY}")]
Reasons = Annotated[list[str] | None, typer.Option(metavar="REASON", help=f"The reason of rejection. {MANY}")]
Stages = Annotated[
    list[str] | None,
    typer.Option(metavar="STAGE", help=f"clean, enrich, validate or assemble. {MANY}"),
]
Items = Annotated[list[str] | None, typer.Option(metavar="ID", help=f"The id of one item. {MANY}")]
Since = Annotated[datetime | None, day_option("The first day.")]
Until = Annotated[datetime | None, day_option("The last day.")]


def list_rejects(
    fingerprint: Fingerprints = None,
    source: Sources = None,
    reason: Reasons = None,
    stage: Stages = None,
    item: Items = None,
    since: Since = None,
    until: Until = None,
    at_most: Annotated[int, typer.Option(min=1, metavar="N", help="How many groups to show.")] = 50,
) -> None:
    """List rejected items, grouped by the rule that rejected them, with samples. Says which groups `redrive` would
    process again, because the code has changed since."""
    from pipelines.rejects.groups import describe_group, group_rejects, require_existing
    from pipelines.releases.days import list_published_days

    wanted = _build_filter(fingerprint, source, reason, stage, item, since, until)
    store = open_store()
    days = list_published_days(store)
    require_existing(store, wanted, days)
    groups = group_rejects(store, days, wanted)
    for group in groups[:at_most]:
        show(describe_group(group))
    hidden = f", {len(groups) - at_most} of them not shown" if len(groups) > at_most else ""
    show(f"{sum(group.count for group in groups)} rejects in {len(groups)} groups{hidden}")


def redrive_rejects(
    fingerprint: Fingerprints = None,
    source: Sources = None,
    reason: Reasons = None,
    stage: Stages = None,
    item: Items = None,
    since: Since = None,
    until: Until = None,
    at_most: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many items to process at most.")
    ] = AT_MOST_ITEMS,
    days: Annotated[int, typer.Option(min=1, metavar="N", help="How many days to rebuild at most.")] = AT_MOST_DAYS,
    force: Annotated[
        bool,
        typer.Option("--force", help="Also retry items with reason `failed`, even if the code has not changed."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be processed, and stop.")] = False,
    abandon: Annotated[
        str | None,
        typer.Option(metavar="ID", help="End this unfinished redrive; days that it has not rebuilt stay as they are."),
    ] = None,
) -> None:
    """Re-process items that an older version of the code rejected. Their whole days are rebuilt and published."""
    from pipelines.redrive import run
    from pipelines.redrive.record import describe_redrive
    from pipelines.rejects.groups import require_existing
    from pipelines.releases.days import list_published_days

    wanted = _build_filter(fingerprint, source, reason, stage, item, since, until)
    if abandon and (wanted != _build_filter(None, None, None, None, None, None, None) or force or dry_run):
        raise typer.BadParameter("--abandon ends a redrive as a whole; give it without other options")
    store = open_store()
    if abandon:
        show(describe_redrive(run.abandon_redrive(store, abandon)))
        return
    require_existing(store, wanted, list_published_days(store))
    if dry_run:
        selection = run.choose_rejects(store, wanted, read_clock(), days, at_most, force)
        for day in selection.days:
            show(f"{day.dt}: {day.item_count} items would be processed again, and the whole day rebuilt")
        left = selection.left
    else:
        redrives, left = run.redrive_rejects(store, wanted, read_clock(), days, at_most, force)
        for redrive in redrives:
            show(describe_redrive(redrive))
        if not redrives:
            show("nothing to process again: no item was rejected by an older version of the code")
    for line in left:
        show(line)


def _build_filter(
    fingerprints: list[str] | None,
    sources: list[str] | None,
    reasons: list[str] | None,
    stages: list[str] | None,
    items: list[str] | None,
    since: datetime | None,
    until: datetime | None,
) -> "RejectFilter":
    from pipelines.rejects.groups import RejectFilter

    return RejectFilter(
        fingerprints=tuple(fingerprints or ()),
        sources=tuple(sources or ()),
        reasons=tuple(reasons or ()),
        stages=tuple(stages or ()),
        items=tuple(items or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
