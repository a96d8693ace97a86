"""The command line: the same flow as the DAGs, without Airflow."""

import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipelines import audit, flow, settings
from pipelines.errors import BadInput, CopydeskError
from pipelines.intake import ingest, sending
from pipelines.profiles import active as profiles
from pipelines.profiles import proposals
from pipelines.redrive import record as redrive_record
from pipelines.redrive import run as redrive
from pipelines.rejects import groups as rejects
from pipelines.rejects import surge
from pipelines.releases import days as release_days
from pipelines.releases import swap
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.tables.published import PUBLISHED

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)


def main() -> None:
    """Entry point: what is wrong with the work is one line and exit status 1, never a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for noisy in ("botocore", "great_expectations", "htmldate"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    try:
        app()
    except CopydeskError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from None


@app.command("send")
def send_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Articles, feeds, archives …")],
    source: Annotated[str | None, typer.Option(help="The publisher.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the article; for one file.")] = None,
    dt: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="For history: the past day.")] = None,
) -> None:
    """Hand files in: on the queue where they fit, else through the inbox."""
    if url and len(files) > 1:
        raise typer.BadParameter("--url names one article; send one file at a time")
    store, queues = _open()
    for path in files:
        sent = sending.send_file(store, queues[0] if queues else None, path, source, url, dt.date() if dt else None)
        typer.echo(f"{path}: {sent.where} {sent.name}")


@app.command("ingest")
def ingest_once(
    at_most: Annotated[int, typer.Option(help="Messages of this pass.")] = 20_000,
    seconds: Annotated[int, typer.Option(help="About how long the pass may take.")] = 600,
) -> None:
    """Land what waits on the queue and in the inbox."""
    store, queues = _open()
    store.check()
    done = ingest.ingest(store, queues, _now, at_most, seconds)
    left = "" if done.is_complete else "; there is more, run it again"
    typer.echo(f"landed {done.messages} messages and {done.files} files in {len(done.batches)} batches{left}")


@app.command()
def run(
    dt: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day.")],
    to: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day, for a range.")] = None,
    accept: Annotated[
        list[str] | None, typer.Option(metavar="FINGERPRINT", help="Publish although this explodes.")
    ] = None,
) -> None:
    """Build and publish a day, or each day of a range."""
    store, _ = _open()
    store.check()
    day, last = dt.date(), (to or dt).date()
    if last < day:
        raise typer.BadParameter(f"--to {last} is before --dt {day}")
    while day <= last:
        for fingerprint in accept or ():
            surge.accept_surge(store, day, fingerprint, _now())
        release = flow.run_day(store, day, _now())
        head, _ = swap.read_head(store, str(day))
        counts = {name: table.row_count for name, table in head.objects.items()} if head else {}
        typer.echo(f"{day} release {release}: " + ", ".join(f"{counts[t.name]} {t.name}" for t in reversed(PUBLISHED)))
        day += timedelta(days=1)


@app.command()
def query(sql: Annotated[str, typer.Argument(help="DuckDB SQL over articles, articles_latest, rejected …")]) -> None:
    """Ask the published tables."""
    import duckdb

    from pipelines.query import run_query

    try:
        answer = run_query(settings.load_settings(), sql)
    except (duckdb.Error, OSError) as error:
        raise SystemExit(f"query failed: {error}") from None
    typer.echo(answer)


@app.command()
def docs(
    dt: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day.")],
    to: Annotated[Path, typer.Option(file_okay=False, help="An empty folder, or one to be made.")],
    release: Annotated[
        str | None, typer.Argument(help="Which try; the live one by default.", show_default=False)
    ] = None,
) -> None:
    """Great Expectations' Data Docs of one release, as a folder of pages."""
    from pipelines.reports.data_docs import write

    store, _ = _open()
    typer.echo(write(store, dt.date(), release, to))


@app.command()
def tables(markdown: Annotated[bool, typer.Option(help="As docs/tables.md.")] = False) -> None:
    """What the tables promise."""
    if markdown:
        typer.echo(tables_markdown(), nl=False)
        return
    for table in reversed(PUBLISHED):
        typer.echo(f"{table.name}: {table.grain} Key: {', '.join(table.key)}.")
        for column in table.columns:
            typer.echo(f"  {column.name:22} {column.type!s:22} {column.doc}")


@app.command("dags")
def copy_dag_files(
    folder: Annotated[Path, typer.Argument(help="The DAGs folder of your Airflow.", file_okay=False)],
    example: Annotated[bool, typer.Option("--example", help="Also copy the example of a downstream DAG.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that differ.")] = False,
) -> None:
    """Copy Copydesk's DAGs into the DAGs folder of an Airflow that exists already."""
    from pipelines.dag_files import copy_dags

    written = copy_dags(folder, example, overwrite)
    typer.echo(f"{folder}: " + (", ".join(path.name for path in written) or "all DAG files are there already"))


@app.command()
def status() -> None:
    """The days: what is live, and what came since."""
    store, queues = _open()
    for queue in queues:
        waiting, leased = queue.depth()
        typer.echo(f"queue {queue.name}: {waiting} waiting, {leased} leased")
    typer.echo(f"last complete pass of ingest began: {ingest.read_last_pass(store) or 'never'}")
    for day in release_days.list_days_with_input(store):
        head, _ = swap.read_head(store, str(day))
        state = f"release {head.release_id}, {head.objects['articles'].row_count} articles" if head else "not published"
        swapping = "; a swap is unfinished" if head and head.is_swapping else ""
        stale = "; more came since" if release_days.list_stale_days(store, [day]) else ""
        typer.echo(f"{day}: {state}{swapping}{stale}")


@app.command()
def check() -> None:
    """See that settings, store and queue are fit for use and that every day's promise holds; exit 1 if not."""
    store, queues = _open()
    store.check()
    typer.echo(f"store: bucket {store.bucket} is there, without versioning")
    for queue in queues:
        queue.depth()
        typer.echo(f"queue: {queue.name} answers")
    published = release_days.list_published_days(store)
    broken = [line for day in published for line in audit.find_broken_invariants(store, day)]
    for line in broken:
        typer.echo(line)
    for day in release_days.list_days_with_input(store):
        if day not in published:
            typer.echo(f"{day}: not published yet")
    if broken:
        raise typer.Exit(1)
    typer.echo(f"{len(published)} published days: every item is in exactly one place, one object a table and day")


@app.command()
def learn(
    only: Annotated[list[str] | None, typer.Argument(help="Sources; all by default.", show_default=False)] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day to read; today.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days to read.")] = proposals.DAYS,
) -> None:
    """Learn from raw articles how the pages of each source look. Proposes; nothing in use changes."""
    store, _ = _open()
    last = until.date() if until else _now().date()
    proposed = proposals.propose(store, proposals.list_landed_batches(store, last, days), only)
    for proposal in proposed:
        typer.echo(f"{proposal.source}: proposed {proposal.version}, {proposal.refusal or 'fit for use'}")
    if unknown := set(only or ()) - {proposal.source for proposal in proposed}:
        raise BadInput(f"nothing came from {', '.join(sorted(unknown))} in the {days} days until {last}")


@app.command()
def source(
    name: Annotated[str, typer.Argument(help="The publisher, as in the column `source`.")],
    activate: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Use this proposed profile from now on.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Use no profile from now on.")] = False,
    refused: Annotated[bool, typer.Option("--refused", help="Activate although the figures speak against it.")] = False,
) -> None:
    """What was learnt of a source, with examples; and which of it is in use."""
    if activate and off:
        raise typer.BadParameter("--activate and --off exclude one another")
    store, _ = _open()
    if activate:
        profiles.activate(store, name, activate, _now(), refused)
    if off:
        profiles.deactivate(store, name, _now())
    typer.echo(profiles.describe_source(store, name))


FINGERPRINTS = Annotated[list[str] | None, typer.Option("--fingerprint", help="Rejected alike; may be repeated.")]
SOURCES = Annotated[list[str] | None, typer.Option("--source", help="The publisher; may be repeated.")]
REASONS = Annotated[list[str] | None, typer.Option("--reason", help="The reason; may be repeated.")]
STAGES = Annotated[list[str] | None, typer.Option("--stage", help="Where it was set aside; may be repeated.")]
ITEMS = Annotated[list[str] | None, typer.Option("--item", help="One item's id; may be repeated.")]
SINCE = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="The first day.")]
UNTIL = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day.")]


@app.command("rejected")
def rejected_groups(
    fingerprint: FINGERPRINTS = None,
    source: SOURCES = None,
    reason: REASONS = None,
    stage: STAGES = None,
    item: ITEMS = None,
    since: SINCE = None,
    until: UNTIL = None,
    at_most: Annotated[int, typer.Option(min=1, help="Groups that are shown.")] = 50,
) -> None:
    """What the live days have set aside, by what said no, with samples; and whether other code may see it otherwise."""
    store, _ = _open()
    wanted = _filter(fingerprint, source, reason, stage, item, since, until)
    groups = rejects.group_rejects(store, release_days.list_published_days(store), wanted)
    for group in groups[:at_most]:
        typer.echo(rejects.describe_group(group))
    more = f", {len(groups) - at_most} of them not shown" if len(groups) > at_most else ""
    typer.echo(f"{sum(group.count for group in groups)} rejects in {len(groups)} groups{more}")


@app.command("redrive")
def redrive_rejects(
    fingerprint: FINGERPRINTS = None,
    source: SOURCES = None,
    reason: REASONS = None,
    stage: STAGES = None,
    item: ITEMS = None,
    since: SINCE = None,
    until: UNTIL = None,
    at_most: Annotated[int, typer.Option(min=1, help="Items of this pass.")] = redrive.AT_MOST_ITEMS,
    days: Annotated[int, typer.Option(min=1, help="Days of this pass.")] = redrive.AT_MOST_DAYS,
    force: Annotated[
        bool, typer.Option("--force", help="Items that failed too, although the code is the same.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be taken up, and stop.")] = False,
    abandon: Annotated[
        str | None, typer.Option(metavar="ID", help="End this unfinished pass; the rest of its days stays as it is.")
    ] = None,
) -> None:
    """Take rejects up again that other code had judged: their days are published by the current code, whole."""
    store, _ = _open()
    store.check()
    if abandon:
        typer.echo(redrive_record.describe_redrive(redrive.abandon_redrive(store, abandon)))
        return
    wanted = _filter(fingerprint, source, reason, stage, item, since, until)
    if dry_run:
        chosen = redrive.choose_rejects(store, wanted, _now(), days, at_most, force)
        for day in chosen.days:
            typer.echo(f"{day.dt}: {day.item_count} items would be taken up, and the day published whole")
        left = chosen.left
    else:
        done, left = redrive.redrive_rejects(store, wanted, _now(), days, at_most, force)
        for each in done:
            typer.echo(redrive_record.describe_redrive(each))
        if not done:
            typer.echo("nothing to take up: no reject that other code had judged")
    for line in left:
        typer.echo(line)


def tables_markdown() -> str:
    """docs/tables.md, from the contracts."""
    head = "# Tables\n\nGenerated by `make docs` from the contracts in pipelines/tables/; do not edit.\n\n"
    return head + "\n".join(table.markdown() for table in reversed(PUBLISHED))


def _filter(
    fingerprints: list[str] | None,
    sources: list[str] | None,
    reasons: list[str] | None,
    stages: list[str] | None,
    items: list[str] | None,
    since: datetime | None,
    until: datetime | None,
) -> rejects.RejectFilter:
    return rejects.RejectFilter(
        fingerprints=tuple(fingerprints or ()),
        sources=tuple(sources or ()),
        reasons=tuple(reasons or ()),
        stages=tuple(stages or ()),
        items=tuple(items or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )


def _open() -> tuple[Store, list[Queue]]:
    found = settings.load_settings()
    names = [name for name in (found.queue, found.dead_letter_queue) if name]
    return Store(found), [Queue(found, name) for name in names]


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
