"""How many seeded defects the checks catch, and how often they raise a false alarm.

    python -m benchmarks mutations [--set SET] [--rates 0.001 0.01 0.1] [--kinds NAME …] [--write] [--check]
    python -m benchmarks mutations --clean 60 [--write]

Each kind of benchmarks/defects is put into one made-up day, at each rate, and the day is checked beside the 28 clean
days before it. A check that fails on the clean day too catches nothing. `--clean` checks so many clean days, each
beside its own 28. `--write` keeps the outcomes in results/mutations.json; `--check` ends with 1 if a defect kept there
as caught is not caught any more.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.defects import KINDS, SETS, Kind
from benchmarks.simulated_days import ARTICLES, SEED, simulate_day
from pipelines.checks.day import derive_checked
from pipelines.checks.judge import judge
from pipelines.checks.suites import read_rules
from pipelines.tables.measures import MEASURES

Tables = dict[str, pa.Table]
Failure = tuple[str, str]
"""Severity of a check that failed, and what it checks."""
Outcomes = dict[str, dict[str, str]]
"""Kind → rate → what became of the defect."""

DAY = date(2026, 3, 4)  # a Wednesday; its number may be a month, so that the two can be swapped
HISTORY = 28  # days
RATES = (0.001, 0.01, 0.1)
RESULTS = Path(__file__).parent / "results" / "mutations.json"
CRITICAL, WARNING, MISSED, ABSENT = "critical", "warning", "missed", "absent"
"""What became of a defect; absent: no row of the day could have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Score kinds of defect, or count false alarms."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, metavar="NAME")
    parser.add_argument("--rates", nargs="+", type=float, default=RATES)
    parser.add_argument("--clean", type=int, metavar="DAYS", help="count false alarms over so many clean days instead")
    parser.add_argument("--write", action="store_true", help="keep the outcomes")
    parser.add_argument("--check", action="store_true", help="compare with the outcomes that are kept")
    options = parser.parse_args(arguments)
    results = read_results()
    lost: list[str] = []
    if options.clean:
        results["clean"] = count_false_alarms(options.clean)
    else:
        kinds = SETS.get(options.set, KINDS) if options.kinds is None else {name: KINDS[name] for name in options.kinds}
        outcomes = score(list(kinds.values()), options.rates)
        lost = find_lost(results["kinds"], outcomes)
        merged = {name: results["kinds"].get(name, {}) | outcomes.get(name, {}) for name in KINDS}
        results["kinds"] = {name: by_rate for name, by_rate in merged.items() if by_rate}
    if options.write:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    for line in lost:
        print(f"caught before, and not now: {line}")
    return int(options.check and bool(lost))


def read_results() -> dict[str, Any]:
    """Return what is kept: `kinds`, kind → rate → outcome; `folded`, the same of kinds that repeated one that stayed,
    with its name; `clean`, day → the checks that failed."""
    results: dict[str, Any] = json.loads(RESULTS.read_text())
    return results


def find_lost(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the kinds, with the rate, that were caught before and are missed after."""
    return [
        f"{name} at {rate}"
        for name, outcomes in after.items()
        for rate, outcome in outcomes.items()
        if outcome == MISSED and before.get(name, {}).get(rate) in (CRITICAL, WARNING)
    ]


def find_failures(tables: Tables, history: Mapping[date, pa.Table], dt: date) -> list[Failure]:
    """Return each check that a day fails before any row is set aside; `history` has the measures of earlier days."""
    checks = judge(read_rules(), derive_checked(tables, dt, dict(history))[1]).checks
    return [
        (row["severity"], f"{row['suite']}: {row['expectation']} {row['column_name'] or ''}: {row['meaning']}")
        for row in checks.to_pylist()
        if not row["is_success"]
    ]


@lru_cache(maxsize=1)
def make_day(dt: date) -> Tables:
    """Return the clean day."""
    return simulate_day(dt, SEED, ARTICLES)


@lru_cache(maxsize=HISTORY + 1)  # in order of days none is made twice
def measure_day(dt: date) -> pa.Table:
    """Return the measures of the clean day, which later days are checked beside."""
    return derive_checked(dict(simulate_day(dt, SEED, ARTICLES)), dt, {})[0][MEASURES.name]


def measure_history(dt: date) -> dict[date, pa.Table]:
    """Return the measures of the days before a day."""
    days = [dt - timedelta(days=n) for n in range(HISTORY, 0, -1)]
    return {day: measure_day(day) for day in days}


def score(kinds: Sequence[Kind], rates: Sequence[float]) -> Outcomes:
    """Print what became of each kind at each rate, by kind and summed up; return the outcomes."""
    clean = set(find_failures(dict(make_day(DAY)), measure_history(DAY), DAY))
    for severity, check in sorted(clean):
        print(f"fails on the clean day too, so it catches nothing: {severity}: {check}")
    width = max(len(kind.name) for kind in kinds)
    print(f"{'kind':{width}}  " + "  ".join(f"{rate:>8.1%}" for rate in rates) + "  caught by, at the highest rate")
    outcomes: Outcomes = {}
    for kind in kinds:
        by_rate, by = {}, ""
        for rate in rates:
            by_rate[str(rate)], by = catch(kind, rate, clean)
        outcomes[kind.name] = by_rate
        cells = "  ".join(f"{outcome:>8}" for outcome in by_rate.values())
        note = "" if kind.is_visible else " (believed to be invisible)"
        print(f"{kind.name:{width}}  {cells}  {by}{note}", flush=True)
    for line in sum_up(kinds, outcomes):
        print(line)
    return outcomes


def catch(kind: Kind, rate: float, clean: set[Failure]) -> tuple[str, str]:
    """Return what became of the defect, and the check that caught it, with how many more did."""
    tables = make_day(DAY)
    spoilt = kind.put(dict(tables), rate, random.Random(f"{SEED} {kind.name} {rate}"))
    if all(spoilt[name].equals(tables[name]) for name in tables):
        return ABSENT, ""
    new = [failure for failure in find_failures(spoilt, measure_history(DAY), DAY) if failure not in clean]
    for severity in (CRITICAL, WARNING):
        checks = sorted(check for each, check in new if each == severity)
        if checks:
            return severity, checks[0] + (f" and {len(checks) - 1} more" if checks[1:] else "")
    return MISSED, ""


def sum_up(kinds: Sequence[Kind], outcomes: Outcomes) -> Iterator[str]:
    """Yield the shares caught, for each set that took part and each rate."""
    for name, members in SETS.items():
        chosen = [kind for kind in kinds if kind.name in members]
        for which, some in (("all kinds", chosen), ("visible kinds", [kind for kind in chosen if kind.is_visible])):
            for rate in next(iter(outcomes.values())) if some else ():
                count = Counter(outcomes[kind.name][rate] for kind in some)
                total = len(some) - count[ABSENT]
                caught = count[CRITICAL] + count[WARNING]
                yield (
                    f"{name} set, {which}, at {float(rate):.1%}: {caught} of {total} caught, "
                    f"{caught / max(1, total):.1%}; {count[CRITICAL]} by a critical check, {count[WARNING]} by a "
                    f"warning alone; {count[ABSENT]} absent"
                )


def count_false_alarms(days: int) -> dict[str, list[str]]:
    """Print the checks that fail on each of so many clean days; return them by day."""
    by_day: dict[str, list[str]] = {}
    for n in range(days):
        dt = DAY + timedelta(days=n)
        began = time.process_time()
        failures = sorted(find_failures(dict(make_day(dt)), measure_history(dt), dt))
        by_day[dt.isoformat()] = [f"{severity}: {check}" for severity, check in failures]
        for line in by_day[dt.isoformat()]:
            print(f"{dt}  {line}", flush=True)
        print(f"{dt}  {len(failures)} failed, {time.process_time() - began:.1f} s of CPU", file=sys.stderr)
    for severity in (CRITICAL, WARNING):
        alarms = [[line for line in lines if line.startswith(severity)] for lines in by_day.values()]
        print(f"{severity}: {sum(map(len, alarms))} false alarms, on {sum(map(bool, alarms))} of {days} clean days")
    return by_day


if __name__ == "__main__":
    sys.exit(main())
