"""Publish the same raw data with two versions of the code, and compare every published table.

    python -m local.compare_code ../before            # another checkout, with an environment of its own
    python -m local.compare_code ../before --pages 0  # the demo's days alone

The demo is handed in to one bucket, and the pages of ../shared/data/extraction as one day more. The other checkout
ingests and publishes all of it; then this one publishes the same days over it, from the same raw bytes and beside what
the other has left in the bucket. What was live before lies in the archive: each table of each day is compared with
what is live now, row by row. Left out are the columns that name versions of the code, and the words that explain a
check: LEFT_OUT. Indicators are compared by the names that they have today (pipelines/checks/renamed.py).

Exit status 1 if anything differs.
"""

import argparse
import io
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from benchmarks.pages import DATA, SETS, load
from demo.render import list_parcels
from local.processes import say
from local.run import hand_in
from local.services import ROOT, build_bare_env, build_settings, load_secrets, start_queue, start_store
from pipelines.checks.renamed import RENAMED, rename_measure
from pipelines.paths import archive_prefix
from pipelines.releases.swap import list_kept_keys, read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings

LEFT_OUT = {"stage_version", "fingerprint", "meaning"}
PAGES_DAY = date(2026, 2, 20)


def main(arguments: list[str]) -> int:
    """Run the comparison; return 1 if a table differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, help="a checkout of the code to compare with")
    parser.add_argument("--pages", type=int, default=10_000, help="at most so many real pages of each set")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="copydesk-compare-") as name:
        folder = Path(name)
        with start_store(folder) as store_service, start_queue(folder) as queue_service:
            env = build_settings(load_secrets(folder), store_service.url, queue_service.url)
            chosen = read_settings(env)
            store, queue = Store(chosen), Queue(chosen, chosen.queue)
            days = send_all(store, queue, options.pages)
            run_copydesk(options.other.resolve(), env, "ingest")
            before = publish(options.other.resolve(), env, store, days)
            publish(ROOT, env, store, days)
            return report(store, days, before)


def send_all(store: Store, queue: Queue, page_count: int) -> list[date]:
    """Hand in the demo and the real pages; return the days that they are for."""
    for parcel in list_parcels():
        hand_in(store, queue, parcel)
    days = sorted({parcel.day for parcel in list_parcels()})
    if not page_count or not DATA.is_dir():
        say(f"no real pages: {DATA} is not there" if page_count else "no real pages")
        return days
    for name in SETS:
        for page in [*load(name, "dev"), *load(name, "held_out")][:page_count]:
            metadata = {"source": page.source or f"{name}.example", "dt": str(PAGES_DAY)}
            if page.url and page.url.isascii():
                metadata["url"] = page.url
            store.upload(f"inbox/{name}/{page.id.replace('/', '-')}.html", io.BytesIO(page.body), metadata)
    return [PAGES_DAY, *days]


def publish(checkout: Path, env: Mapping[str, str], store: Store, days: list[date]) -> dict[date, str]:
    """Publish the days with the code of a checkout; return day → release id."""
    releases = {}
    for day in days:
        run_copydesk(checkout, env, "run", "--dt", str(day))
        head, _ = read_head(store, str(day))
        if head is None:
            raise RuntimeError(f"{day} was not published by {checkout}")
        releases[day] = head.release_id
    return releases


def run_copydesk(checkout: Path, env: Mapping[str, str], *arguments: str) -> None:
    """Run the command line of a checkout. Raises CalledProcessError."""
    python = checkout / ".venv" / "bin" / "python"
    say(f"{checkout.name}: copydesk {' '.join(arguments)}")
    command: list[str | Path] = [python, "-m", "pipelines.cli", *arguments]
    subprocess.run(command, cwd=checkout, env={**build_bare_env(), **env}, check=True, stderr=subprocess.DEVNULL)


def report(store: Store, days: list[date], before: Mapping[date, str]) -> int:
    """Print how each table of each day compares; return 1 if one differs."""
    differing = 0
    for day in days:
        head, _ = read_head(store, str(day))
        assert head is not None
        is_same = head.release_id == before[day]
        replaced = {} if is_same else list_kept_keys(store, archive_prefix(day, before[day]))
        for name in head.objects:
            new = store.read_tables(head.list_keys(name))
            old = new if is_same else store.read_tables(replaced[name])
            problem = compare(use_new_names(old), use_new_names(new))
            differing += problem is not None
            say(f"{day} {name}: {problem or f'{new.num_rows} rows, equal'}")
    say("every table is equal" if not differing else f"{differing} tables differ")
    return 1 if differing else 0


def use_new_names(table: pa.Table) -> pa.Table:
    """Return a table with indicators by the names of today; `measures` has the order of names and is sorted again."""
    names = table.column_names
    if "measure" in names:
        renamed = pa.array(map(rename_measure, table["measure"].to_pylist()), pa.string())
        table = table.set_column(names.index("measure"), table.schema.field("measure"), renamed)
        table = table.sort_by([("measure", "ascending"), ("source", "ascending")])
    if "column_name" in names:
        pairs = zip(table["suite"].to_pylist(), table["column_name"].to_pylist(), strict=True)
        columns = pa.array((column and rename_columns(suite, column) for suite, column in pairs), pa.string())
        table = table.set_column(names.index("column_name"), table.schema.field("column_name"), columns)
    return table


def rename_columns(suite: str, columns: str) -> str:
    """Return the columns that a check of a suite judges ("a, b") by the names of today."""
    table = suite.partition(".")[0]
    names = (f"{table}.{name}" for name in columns.split(", "))
    return ", ".join(RENAMED.get(name, name).partition(".")[2] for name in names)


def compare(old: pa.Table, new: pa.Table) -> str | None:
    """Return what differs, in words; None if the tables are equal but for LEFT_OUT."""
    if old.schema != new.schema:
        return f"the schemas differ: {sorted(set(map(str, old.schema)) ^ set(map(str, new.schema)))}"
    if old.num_rows != new.num_rows:
        return f"{old.num_rows} rows before, {new.num_rows} now"
    for name in old.column_names:
        if name in LEFT_OUT:
            continue
        # As text: Arrow holds NaN for unequal to itself.
        pairs = enumerate(zip(map(str, old[name].to_pylist()), map(str, new[name].to_pylist()), strict=True))
        if rows := [row for row, (was, is_now) in pairs if was != is_now]:
            was, is_now = old[name][rows[0]], new[name][rows[0]]
            return f"column {name} differs in {len(rows)} rows; row {rows[0]}: {was} before, {is_now} now"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
