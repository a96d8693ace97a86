"""When a rejection surge stops days: clean days stopped, and defects caught, on simulated weeks.

    python -m benchmarks surge

Sources have sizes by Zipf's law and shares of rejects of their own, by three causes; one in ten sends mostly lists.
Days are noisy: a share varies from day to day (beta-binomial), and one source-day in fifty is bad throughout, as when a
paper puts up a consent wall. A defect rejects a part of what every source sends, by a cause of its own or a known one.
Each day without a defect is published, and so usual for the next. This says how the rule behaves, not how news does.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from pipelines.explosions import Origin, Tally, find_explosions
from pipelines.rejects import surge
from pipelines.rejects.surge import find_surging_causes
from pipelines.shares import ALL_CAUSES, Cause, Counts, DayCounts, compute_usual_shares

CAUSES: list[Cause] = [
    Cause("clean", "no_text", None),
    Cause("clean", "index_page", None),
    Cause("enrich", "row_rule", "word_count is missing"),
]
DEFECT = Cause("clean", "failed", "ValueError")
WEEKS = 12
SEEDS = range(10, 20)  # 0 to 9 were looked at when the rule was chosen
PARTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 1.0)
Sent = DayCounts


def make_days(seed: int, sources: int, items: int) -> Iterator[Sent]:
    """Yield clean days, of (received, rejected)."""
    chance = np.random.default_rng(seed)
    sizes = items / np.arange(1, sources + 1) / np.sum(1 / np.arange(1, sources + 1))
    means = chance.beta(0.5, 12, (sources, len(CAUSES)))
    means[chance.random(sources) < 0.1, 1] = 0.9
    while True:
        received: Counter[str] = Counter()
        rejected: Counts = Counter()
        for at in range(sources):
            name = f"s{at}.example"
            received[name] = left = int(chance.poisson(sizes[at]))
            bad = chance.random() < 0.02
            for cause, mean in zip(CAUSES, means[at], strict=True):
                share = 1.0 if bad else chance.beta(20 * mean + 1e-9, 20 * (1 - mean) + 1e-9)
                count = int(chance.binomial(left, min(1.0, share)))
                rejected[cause, name] += count
                left -= count
        yield Sent(received, +rejected)


def spoil(sent: Sent, part: float, cause: Cause, seed: int) -> Sent:
    """Return the day under a defect: a part of the items that were not rejected is."""
    chance = np.random.default_rng(seed)
    received, rejected = sent
    fine = received.copy()
    for (_, source), count in rejected.items():
        fine[source] -= count
    more = {(cause, source): int(chance.binomial(count, part)) for source, count in fine.items() if count > 0}
    return Sent(received, rejected + Counter(more))


def does_stop(sent: Sent, history: Iterable[Sent]) -> bool:
    """Return whether the day is stopped, given the days before it, newest first; sources that explode are set aside."""
    received = sent.received
    shares = compute_usual_shares([with_all_causes(day) for day in history])
    totals = with_all_causes(sent).rejected
    tallies = {Origin(source, source): Tally(n, totals[ALL_CAUSES, source]) for source, n in received.items()}
    usual = {source: share for (cause, source), share in shares.items() if cause == ALL_CAUSES}
    units, is_common = find_explosions(tallies, usual)
    if is_common:
        return True
    gone = {unit.name for unit in units}
    left = Counter({source: n for source, n in received.items() if source not in gone})
    counts = Counter({key: n for key, n in totals.items() if key[1] not in gone})
    return bool(find_surging_causes(counts, left, Counter(), shares))


def with_all_causes(sent: Sent) -> Sent:
    """Return the day with the sum over all causes as one more cause."""
    counts = sent.rejected.copy()
    for (_, source), count in sent.rejected.items():
        counts[ALL_CAUSES, source] += count
    return Sent(sent.received, counts)


def main(_arguments: Sequence[str] = ()) -> int:
    """Print how many clean days are stopped, and how many defects are caught."""
    limits = f"{surge.SHARE:.0%} of the day, by all causes {surge.SHARE_OF_ALL:.0%}"
    print(f"{limits}; {len(SEEDS)} newsrooms, {WEEKS} weeks each")
    for sources, items in ((5, 200), (30, 600), (300, 5_000), (1_000, 50_000)):
        clean: Counter[str] = Counter()
        caught: Counter[tuple[str, float]] = Counter()
        for seed in SEEDS:
            history: deque[Sent] = deque(maxlen=surge.DAYS)  # newest first
            for number, sent in zip(range(7 * WEEKS), make_days(seed, sources, items), strict=False):
                if number >= 28:
                    clean["with history"] += does_stop(sent, history)
                    clean["without"] += does_stop(sent, ())
                else:
                    clean["first weeks"] += does_stop(sent, history)
                history.appendleft(sent)
            for part in PARTS:
                caught["new", part] += does_stop(spoil(sent, part, DEFECT, seed), history)
                caught["known", part] += does_stop(spoil(sent, part, CAUSES[0], seed), history)
        later = len(SEEDS) * 7 * (WEEKS - 4)
        print(f"\n{sources} sources, {items} items a day")
        print(
            f"  clean days stopped: {clean['with history']} of {later}, {clean['without']} if nothing were usual;"
            f" in the first four weeks {clean['first weeks']} of {len(SEEDS) * 28}"
        )
        for kind in ("new", "known"):
            shares = ", ".join(f"{part:.0%} {caught[kind, part]}/{len(SEEDS)}" for part in PARTS)
            print(f"  caught, by a {kind} cause: {shares}")
    return 0


if __name__ == "__main__":
    main()
