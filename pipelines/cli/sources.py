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

    store = open_store()
    last = until.date() if until else read_clock().date()
    proposals = propose(store, list_landed_batches(store, last, days), only)
    for proposal in proposals:
        show(f"{proposal.source}: proposed {proposal.version}, {proposal.refusal or 'passes its checks'}")
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
    from pipelines.profiles import active

    store = open_store()
    if activate:
        active.activate(store, name, activate, read_clock(), refused)
    if off:
        active.deactivate(store, name, read_clock())
    show(active.describe_source(store, name))
