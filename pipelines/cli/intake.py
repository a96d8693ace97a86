"""Commands that bring articles in, and follow them: `send`, `ingest` and `trace`."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from pipelines.cli.common import day_option, open_services, open_store, read_clock, show
from pipelines.errors import BadInput

STANDARD_INPUT = Path("-")
REFUSED_SHOWN = 20  # files of a folder that cannot be sent


def send_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Pages, plain texts, feeds, archives …; a folder stands for all files in it, - for standard input.",
        ),
    ],
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="The publisher; by default as the page or record names it.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="The address of the article. Only with a single file.")
    ] = None,
    dt: Annotated[
        datetime | None,
        day_option("The past day that the files belong to, for history."),
    ] = None,
) -> None:
    """Send files: as messages on the queue, or through the inbox where they are too large for a message. All files are
    looked at before the first is sent. Prints ids that `copydesk trace` follows."""
    from pipelines.intake.sending import find_past_day, send_file

    day = find_past_day(dt.date(), read_clock().date()) if dt else None
    with _list_files(files) as names:
        if url and len(names) > 1:
            raise typer.BadParameter("--url is the address of one article; send one file at a time")
        sources = _find_sources(names, source, url)
        store, queues = open_services()
        for path, named in sources.items():
            given = source or (named if path.suffix.lower() in (".html", ".htm") and not url else None)
            sent = send_file(store, queues[0] if queues else None, path, given, url, day)
            publisher = f"source {named}" if named else "source unknown, give it with --source"
            search = f"{sent.delivery_id} --dt {day}" if day else sent.delivery_id
            show(f"{names[path]}: {sent.where} {sent.name} ({publisher}); copydesk trace {search}")


def _find_sources(paths: Iterable[Path], source: str | None, url: str | None) -> dict[Path, str | None]:
    """Return the publisher of each file. Raises BadInput with a line for each file that cannot be sent."""
    from pipelines.intake.sending import find_source

    sources: dict[Path, str | None] = {}
    refused: dict[str, None] = {}
    for path in paths:
        try:
            sources[path] = find_source(path, source, url)
        except BadInput as error:
            refused[str(error)] = None
    if refused:
        lines = list(refused)
        more = [f"and {len(lines) - REFUSED_SHOWN} more files"] if len(lines) > REFUSED_SHOWN else []
        raise BadInput("\n".join([*lines[:REFUSED_SHOWN], *more]))
    return sources


@contextmanager
def _list_files(given: list[Path]) -> Iterator[dict[Path, str]]:
    """Yield the files to send, those of folders sorted, each with the name to show.

    What can be read only once, as standard input and pipes, is saved in a file for that time.
    """
    with TemporaryDirectory() as folder:
        names: dict[Path, str] = {}
        for path in given:
            if path == STANDARD_INPUT:
                names[_save_stream(Path(folder, str(len(names))), sys.stdin.buffer.read())] = "standard input"
            elif not path.exists():
                raise typer.BadParameter(f"{path} does not exist; nothing was sent")
            elif path.is_dir():
                names |= {file: str(file) for file in _list_folder(path)}
            elif path.is_file():
                names[path] = str(path)
            else:
                names[_save_stream(Path(folder, str(len(names))), path.read_bytes())] = str(path)
        try:
            yield names
        except BadInput as error:
            message = str(error)
            for path, name in names.items():
                message = message.replace(str(path), name)
            raise BadInput(message) from None


def _list_folder(folder: Path) -> list[Path]:
    """List the files in a folder and in those below it, sorted, without hidden ones."""
    files = (file for file in folder.rglob("*") if file.is_file())
    visible = sorted(file for file in files if not any(part[0] == "." for part in file.relative_to(folder).parts))
    if not visible:
        raise typer.BadParameter(f"there are no files in the folder {folder}; name files, or another folder")
    return visible


def _save_stream(folder: Path, data: bytes) -> Path:
    """Write data into a new folder, to a file whose name says what it holds; return its path."""
    from pipelines.formats import find_format
    from pipelines.formats.sniff import LOOKED_AT, collect_clues, sniff_page

    clues = collect_clues(data[:LOOKED_AT], None, None)
    page = sniff_page(clues) if find_format(clues) is None else None
    folder.mkdir()
    path = folder / f"stdin{ {'text/html': '.html', 'text/plain': '.txt'}.get(page or '', '') }"
    path.write_bytes(data)
    return path


def ingest_once(
    at_most: Annotated[int, typer.Option(min=1, metavar="N", help="Stop after this many messages.")] = 20_000,
    seconds: Annotated[int, typer.Option(min=1, metavar="N", help="Stop after about this many seconds.")] = 600,
) -> None:
    """Land the messages on the queue and the files in the inbox as raw batches."""
    from pipelines.intake.ingest import ingest

    store, queues = open_services()
    landed = ingest(store, queues, read_clock, at_most, seconds)
    rest = "" if landed.is_complete else "; more is waiting, run it again"
    service = f" ({landed.service_messages} of services)" if landed.service_messages else ""
    show(f"landed {landed.messages} messages{service} and {landed.files} files in {len(landed.batches)} batches{rest}")


def trace_id(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="Of a delivery, as `send` prints it; or an item_id or article_id.")
    ],
    dt: Annotated[
        datetime | None,
        day_option("Search this day alone; by default all days, the newest first, which may take long."),
    ] = None,
) -> None:
    """Follow a delivery: its batch, its items, the outcome of each, and the release that holds them."""
    from pipelines.trace import trace

    show("\n".join(trace(open_store(), wanted, dt.date() if dt else None)))
