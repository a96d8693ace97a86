"""Commands about sources and what has been learnt about their pages: `learn` and `source`."""

from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.common import day_option, open_store, read_clock, show
from pipelines.errors import BadInput
from pipelines.profiles import LEARNING_DAYS


def learn_profiles(
    only: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Sources; all by default.", show_default=False)
    ] = None,
    until: Annotated[
        datetime | None,
        day_option("The last day to read; today by default."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, metavar="N", help="How many days to read.")] = LEARNING_DAYS,
) -> None:
    """Learn from raw articles how the pages of each source look, and propose profiles. Activates none of them."""
    from pipelines.profiles.proposals import list_landed_batches, propose

    today = read_clock().date()
    last = until.date() if until else today
    if last > today:
        raise typer.BadParameter(f"--until {last} has not come; today is {today} (UTC)")
    store = open_store()
    proposals = propose(store, list_landed_batches(store, last, days), only)
    for proposal in proposals:
        show(f"{proposal.source}: proposed {proposal.version}, {proposal.refusal or 'passes its checks'}")
    if not proposals and not only:
        show(f"nothing has arrived in the {days} days until {last}; try --days or another --until")
    if unknown := set(only or ()) - {proposal.source for proposal in proposals}:
        names = ", ".join(sorted(unknown))
        raise BadInput(f"nothing came from {names} in the {days} days until {last}; try --days or another --until")


def show_source(
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="The publisher, as in the column `source`.")],
    activate: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Activate this proposed profile, from the next plan on.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Use no profile, from the next plan on.")] = False,
    refused: Annotated[
        bool, typer.Option("--refused", help="With --activate: also a profile that failed its checks.")
    ] = False,
) -> None:
    """Show what has been learnt about a source, with examples, and which profile is active."""
    if activate and off:
        raise typer.BadParameter("--activate and --off exclude one another")
    if refused and not activate:
        raise typer.BadParameter("--refused goes with --activate VERSION")
    from pipelines.messages.names import derive_source_name

    if derive_source_name(name) != name:
        raise BadInput(f"{name[:100]!r} is no source; give a name as in the column `source`, such as example.com")
    from pipelines.profiles import active

    store = open_store()
    if activate:
        active.activate(store, name, activate, read_clock(), refused)
    if off:
        active.deactivate(store, name, read_clock())
    show(active.describe_source(store, name))
