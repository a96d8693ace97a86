"""Commands that bring articles in: `send` and `ingest`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import day_option, open_services, read_clock, show


def send_files(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, metavar="FILE", help="Pages, plain texts, feeds, archives …"),
    ],
    source: Annotated[str | None, typer.Option(metavar="NAME", help="The publisher.")] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="The address of the article. Only with a single file.")
    ] = None,
    dt: Annotated[
        datetime | None,
        day_option("The past day that the files belong to, for history."),
    ] = None,
) -> None:
    """Send files: as messages on the queue, or through the inbox where they are too large for a message."""
    if url and len(files) > 1:
        raise typer.BadParameter("--url is the address of one article; send one file at a time")
    from pipelines.intake.sending import send_file

    store, queues = open_services()
    for path in files:
        sent = send_file(store, queues[0] if queues else None, path, source, url, dt.date() if dt else None)
        show(f"{path}: {sent.where} {sent.name}")


def ingest_once(
    at_most: Annotated[int, typer.Option(metavar="N", help="Stop after this many messages.")] = 20_000,
    seconds: Annotated[int, typer.Option(metavar="N", help="Stop after about this many seconds.")] = 600,
) -> None:
    """Land the messages on the queue and the files in the inbox as raw batches."""
    from pipelines.intake.ingest import ingest

    store, queues = open_services()
    store.check()
    landed = ingest(store, queues, read_clock, at_most, seconds)
    rest = "" if landed.is_complete else "; more is waiting, run it again"
    service = f" ({landed.service_messages} of services)" if landed.service_messages else ""
    show(f"landed {landed.messages} messages{service} and {landed.files} files in {len(landed.batches)} batches{rest}")
