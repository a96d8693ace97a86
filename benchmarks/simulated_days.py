"""Made-up but realistic clean days: what comes in is invented, then put into tables as the flow does.

    simulate_day(date(2026, 3, 2), seed=1, articles=2_000)["articles"]

24 publishers in five languages, each with a share, a rhythm of the week, lengths, dates and rights of its own; shares,
rates and lengths move a little from day to day. The same arguments give the same tables; another seed gives the days of
another world. Nothing here knows what is checked.
"""

from datetime import date

import numpy as np
import pyarrow as pa

from benchmarks.simulated.items import Mood, draw_items
from benchmarks.simulated.sources import SOURCES
from pipelines.stages.assemble import assemble_day

SEED = 1  # of the days that benchmarks/mutations.py judges
ARTICLES = 2_000  # of a day, on average
WORDS = 350  # of a usual article
VERSIONS = {"clean": "1" * 16, "enrich": "2" * 16, "validate": "3" * 16}
SHARES = np.array([source.weight for source in SOURCES]) / sum(source.weight for source in SOURCES)


def simulate_day(dt: date, seed: int, articles: int, words: int = WORDS) -> dict[str, pa.Table]:
    """Return the tables of the day but `checks`, and `ledger`.

    `articles` is the mean over days, `words` the usual length. 2,000 articles take half a second (two cores shared,
    November 2026).
    """
    rng = np.random.default_rng([seed, dt.toordinal()])
    expected = articles * SHARES * [source.weekdays[dt.weekday()] for source in SOURCES]
    expected = expected * np.exp(rng.normal(0, 0.04)) * np.exp(rng.normal(0, 0.1, len(SOURCES)))
    mood = Mood(dt, float(words * np.exp(rng.normal(0, 0.02))), np.exp(rng.normal(0, 0.15, len(SOURCES))))
    items = pa.concat_tables(draw_items(rng, mood, rng.poisson(expected), f"{dt} {seed} 0"))
    day = assemble_day(items, items["item_id"].to_pylist(), False, VERSIONS)
    return {**day.tables, "ledger": day.ledger}
