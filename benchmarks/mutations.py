"""How many seeded defects the checks catch, and how often they cry wolf.

    python -m benchmarks.mutations [--set opened|unopened] [--rates 0.001 0.01 0.1] [--kinds NAME …] [--write] [--check]
    python -m benchmarks.mutations --clean 60 [--write]

Each kind of benchmarks/defects is put into one made-up day, at each rate, and the day is judged beside the 28 clean
days before it. What fails on the clean day too does not count as having caught anything. `--clean` judges so many clean
days, each beside its own 28. `--write` keeps what was found in results/mutations.json; `--check` ends with 1 where
something kept there as caught is not caught any more.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.defects import KINDS, OPENED, UNOPENED, Kind
from benchmarks.judging import measures, verdicts
from benchmarks.simulated_days import ARTICLES, SEED, simulated_day

Tables = dict[str, pa.Table]

DAY = date(2026, 3, 4)  # a Wednesday; its number may be a month, so that the two can be swapped
HISTORY = 28  # days
RATES = (0.001, 0.01, 0.1)
RESULTS = Path(__file__).parent / "results" / "mutations.json"
SETS = {"opened": OPENED, "unopened": UNOPENED}
CRITICAL, WARNING, MISSED, ABSENT = "critical", "warning", "missed", "absent"
"""What became of a defect; absent: no row of the day could have it."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, metavar="NAME")
    parser.add_argument("--rates", nargs="+", type=float, default=RATES)
    parser.add_argument("--clean", type=int, metavar="DAYS", help="count false alarms over so many clean days instead")
    parser.add_argument("--write", action="store_true", help="keep what was found")
    parser.add_argument("--check", action="store_true", help="compare with what was found before")
    args = parser.parse_args()
    results = kept()
    if args.clean:
        results["clean"] = false_alarms(args.clean)
        lost = []
    else:
        kinds = SETS.get(args.set, KINDS) if args.kinds is None else {name: KINDS[name] for name in args.kinds}
        found = score(list(kinds.values()), args.rates)
        lost = missed_now(results["kinds"], found)
        results["kinds"] = {
            name: results["kinds"].get(name, {}) | found.get(name, {})
            for name in KINDS
            if name in results["kinds"] or name in found
        }
    if args.write:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    for line in lost:
        print(f"caught before, and not now: {line}")
    return int(args.check and bool(lost))


def kept() -> dict[str, Any]:
    """What was found before: `kinds`, kind → rate → outcome, and `clean`, day → what failed."""
    found: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"kinds": {}, "clean": {}}
    return found


def missed_now(before: Mapping[str, Mapping[str, str]], found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The kinds, with the rate, that were caught before and are missed now."""
    caught = (CRITICAL, WARNING)
    return [
        f"{name} at {rate}"
        for name, outcomes in found.items()
        for rate, said in outcomes.items()
        if said == MISSED and before.get(name, {}).get(rate) in caught
    ]


@lru_cache(maxsize=1)
def day(dt: date) -> Tables:
    """The clean day."""
    return simulated_day(dt, SEED, ARTICLES)


@lru_cache(maxsize=HISTORY + 1)  # in order of days none is made twice
def remembered(dt: date) -> pa.Table:
    """The measures of the clean day."""
    return measures(dict(simulated_day(dt, SEED, ARTICLES)), dt)


def before(dt: date) -> dict[date, pa.Table]:
    """The measures of the days before it."""
    days = [dt - timedelta(days=n) for n in range(HISTORY, 0, -1)]
    return {each: remembered(each) for each in days}


def score(kinds: Sequence[Kind], rates: Sequence[float]) -> dict[str, dict[str, str]]:
    """Print what became of each kind at each rate, by kind and summed up; returns kind → rate → outcome."""
    clean = set(verdicts(dict(day(DAY)), before(DAY), DAY))
    for severity, what in sorted(clean):
        print(f"fails on the clean day too, so it catches nothing: {severity}: {what}")
    width = max(len(kind.name) for kind in kinds)
    print(f"{'kind':{width}}  " + "  ".join(f"{rate:>8.1%}" for rate in rates) + "  caught by, at the highest rate")
    found: dict[str, dict[str, str]] = {}
    for kind in kinds:
        outcomes, by = {}, ""
        for rate in rates:
            outcomes[str(rate)], by = outcome(kind, rate, clean)
        found[kind.name] = outcomes
        note = "" if kind.is_visible else " (held to be invisible)"
        print(
            f"{kind.name:{width}}  " + "  ".join(f"{said:>8}" for said in outcomes.values()) + f"  {by}{note}",
            flush=True,
        )
    for line in summary(kinds, found):
        print(line)
    return found


def outcome(kind: Kind, rate: float, clean: set[tuple[str, str]]) -> tuple[str, str]:
    """What became of the defect, and the check that saw it, with how many more did."""
    tables = day(DAY)
    spoilt = kind.put(dict(tables), rate, random.Random(f"{SEED} {kind.name} {rate}"))
    if all(spoilt[name].equals(tables[name]) for name in tables):
        return ABSENT, ""
    new = [found for found in verdicts(spoilt, before(DAY), DAY) if found not in clean]
    for severity in (CRITICAL, WARNING):
        by = sorted(what for said, what in new if said == severity)
        if by:
            return severity, by[0] + (f" and {len(by) - 1} more" if by[1:] else "")
    return MISSED, ""


def summary(kinds: Sequence[Kind], found: dict[str, dict[str, str]]) -> Iterable[str]:
    """Shares caught, for each set that took part and each rate."""
    for name, members in SETS.items():
        for which, chosen in (
            ("all kinds", [kind for kind in kinds if kind.name in members]),
            ("those held to be visible", [kind for kind in kinds if kind.name in members and kind.is_visible]),
        ):
            for rate in next(iter(found.values())) if chosen else ():
                said = Counter(found[kind.name][rate] for kind in chosen)
                total = len(chosen) - said[ABSENT]
                caught = said[CRITICAL] + said[WARNING]
                yield (
                    f"{name}, {which}, at {float(rate):.1%}: {caught} of {total} caught, {caught / max(1, total):.1%}; "
                    f"{said[CRITICAL]} by a critical, {said[WARNING]} by a warning alone; {said[ABSENT]} absent"
                )


def false_alarms(days: int) -> dict[str, list[str]]:
    """Print what failed on each of so many clean days, and on how many something did; returns day → what."""
    found: dict[str, list[str]] = {}
    for n in range(days):
        dt = DAY + timedelta(days=n)
        began = time.process_time()
        failed = sorted(verdicts(dict(day(dt)), before(dt), dt))
        found[dt.isoformat()] = [f"{severity}: {what}" for severity, what in failed]
        for line in found[dt.isoformat()]:
            print(f"{dt}  {line}", flush=True)
        print(f"{dt}  {len(failed)} failed, {time.process_time() - began:.1f} s of CPU", file=sys.stderr)
    for severity in (CRITICAL, WARNING):
        wrong = [[line for line in lines if line.startswith(severity)] for lines in found.values()]
        print(f"{severity}: {sum(map(len, wrong))} false alarms, on {sum(map(bool, wrong))} of {days} clean days")
    return found


if __name__ == "__main__":
    sys.exit(main())
