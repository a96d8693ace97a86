"""What reports and the view `attempts` cost after 10,000 made-up releases, in a store of its own.

python -m benchmarks reports [RELEASES]
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from local.services import build_settings, load_secrets, start_store
from pipelines import query
from pipelines.paths import REPORTS_INDEX, trends_page_key
from pipelines.reports import attempts
from pipelines.reports.pages.trends import AttemptSummary, Index, Month
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from pipelines.tables.checks import CHECKS
from pipelines.tables.parquet import encode_parquet

FIRST = date(2000, 1, 1)
CHECKS_PER_ATTEMPT = 120  # as many as a day has with the suites of November 2026


def make_attempt(number: int, chance: random.Random) -> AttemptSummary:
    """Make up an attempt at a day of its own; one in twenty is stopped."""
    stopped = chance.random() < 0.05
    return AttemptSummary(
        dt=str(FIRST + timedelta(days=number)),
        release_id=f"{number:032x}",
        verdict="stopped" if stopped else "passed",
        is_live=not stopped,
        received=chance.randrange(20_000),
        published=9_000,
        duplicate=10,
        rejected=500,
        critical=int(stopped),
        warning=3,
        failed=("articles: expect_column_values_to_not_be_null(title)",) * 3,
    )


def fill(store: Store, count: int) -> None:
    """Store what this many attempts left behind."""
    chance = random.Random(7)
    months: dict[str, list[AttemptSummary]] = {}
    for number in range(count):
        each = make_attempt(number, chance)
        months.setdefault(each.dt[:7], []).append(each)
    index = Index()
    for name, made in months.items():
        month = Month(month=name, attempts=tuple(made))
        index = index.with_month(month)
        store.put(f"reports/{name}.json", month.model_dump_json().encode())
    store.put(REPORTS_INDEX, index.model_dump_json().encode())
    row = {
        "suite": "articles",
        "expectation": "expect_x",
        "severity": "warning",
        "is_success": True,
        "meaning": "m" * 80,
    }
    checks = encode_parquet(
        pa.Table.from_pylist([{**row, "check_index": n} for n in range(CHECKS_PER_ATTEMPT)], CHECKS.schema)
    )
    keys = [f"attempts/dt={FIRST + timedelta(days=n)}/{n:032x}/checks.parquet" for n in range(count)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put(key, checks), keys))


def clock(title: str, act: Callable[[], object]) -> None:
    """Do something and print what it took."""
    began, cpu = time.monotonic(), time.process_time()
    answer = act()
    print(f"{title}: {time.monotonic() - began:.2f} s, {time.process_time() - cpu:.2f} s of CPU; {answer}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a store and print what one attempt more and the view cost."""
    count = int(next(iter(sys.argv[1:] if arguments is None else arguments), 10_000))
    with tempfile.TemporaryDirectory() as folder, start_store(Path(folder)) as service:
        where = read_settings(build_settings(load_secrets(Path(folder)), service.url, service.url))
        store = Store(where)
        clock(f"{count} attempts made up", lambda: fill(store, count))
        new = make_attempt(count, random.Random(8))

        def one_more() -> str:
            month = attempts._change_month(store, new.dt, lambda month: month.with_attempt(new))
            attempts._write_trends(store, month)
            attempts.record_live(store, new.dt, new.release_id)
            keys = (trends_page_key(), trends_page_key(new.dt[:7]), REPORTS_INDEX)
            return ", ".join(f"{key} {len(store.get(key)) // 1000} kB" for key in keys)

        def ask(sql: str) -> list[tuple[Any, ...]]:
            return query.connect(where, store, with_attempts=True).sql(sql).fetchall()

        clock("one attempt more, checked and live", one_more)
        for sql in (
            f"SELECT count(*) AS n FROM attempts WHERE dt = '{FIRST}'",
            "SELECT verdict, count(*) AS n FROM attempts GROUP BY verdict",
        ):
            clock(sql, partial(ask, sql))
    return 0


if __name__ == "__main__":
    sys.exit(main())
