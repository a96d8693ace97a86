"""Made-up but realistic clean days: what comes in is invented, then put into tables as the flow does.

    simulate_day(date(2026, 3, 2), seed=1, articles=2_000)["articles"]

24 publishers in five languages, each with a share, a rhythm of the week, lengths, dates and rights of its own; shares,
rates and lengths move a little from day to day. The same arguments give the same tables; another seed gives the days of
another world. Nothing here knows what is checked.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.simulated.items import Mood, drawn
from benchmarks.simulated.sources import SOURCES
from pipelines.stages.assemble import assemble_day

SEED = 1  # of the days that benchmarks/mutations.py judges
ARTICLES = 2_000  # of a day, on average
WORDS = 350  # of a usual article
VERSIONS = {"clean": "1" * 16, "enrich": "2" * 16, "validate": "3" * 16}
CHUNK = 20_000  # articles drawn at a time: bounds the memory
SHARES = np.array([source.weight for source in SOURCES]) / sum(source.weight for source in SOURCES)


def simulate_day(dt: date, seed: int, articles: int, words: int = WORDS) -> dict[str, pa.Table]:
    """The tables of the day but `checks`, and `ledger`; `articles` is the mean over days, `words` the usual length.

    A day of up to CHUNK articles is assembled as a whole, a larger one in pieces that stand one behind the other. 2,000
    articles take half a second; 1,000,000 of 60 words 75 s and 5.4 GB (two cores shared, November 2026).
    """
    days = [
        assemble_day(items, items["item_id"].to_pylist(), False, VERSIONS)
        for items in _rounds(dt, seed, articles, words)
    ]
    tables = {name: pa.concat_tables([day.tables[name] for day in days]) for name in days[0].tables}
    tables["articles"] = _without_vectors(tables["articles"])
    if len(days) > 1:
        tables["coverage"] = _summed(tables["coverage"])
    return {**tables, "ledger": pa.concat_tables([day.ledger for day in days])}


def _rounds(dt: date, seed: int, articles: int, words: int) -> Iterator[pa.Table]:
    """What comes in, in pieces of about CHUNK articles."""
    rng = np.random.default_rng([seed, dt.toordinal()])
    expected = articles * SHARES * [source.weekdays[dt.weekday()] for source in SOURCES]
    expected = expected * np.exp(rng.normal(0, 0.04)) * np.exp(rng.normal(0, 0.1, len(SOURCES)))
    mood = Mood(dt, float(words * np.exp(rng.normal(0, 0.02))), np.exp(rng.normal(0, 0.15, len(SOURCES))))
    rounds = -(-articles // CHUNK)
    for n in range(rounds):
        yield pa.concat_tables(drawn(rng, mood, rng.poisson(expected / rounds), f"{dt} {seed} {n}"))


def _without_vectors(articles: pa.Table) -> pa.Table:
    """The same, with one stretch of memory for all vectors, which are null."""
    at = articles.schema.get_field_index("embedding")
    field = articles.schema.field(at)
    none = pa.nulls(min(CHUNK, articles.num_rows), field.type)
    pieces = [none.slice(0, min(CHUNK, articles.num_rows - n)) for n in range(0, articles.num_rows, CHUNK)]
    return articles.set_column(at, field, pa.chunked_array(pieces, field.type))


def _summed(coverage: pa.Table) -> pa.Table:
    """The coverage of pieces of a day → of the day."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in coverage.to_pylist():
        key = (row["source"], row["language"])
        found[key] = _added(found[key], row) if key in found else row
    return pa.Table.from_pylist([found[key] for key in sorted(found)], coverage.schema)


def _added(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Two rows of coverage of one source and language as one."""
    both = {name: a[name] + b[name] for name in a if name.endswith("_count")}
    ran = [row["completeness"] for row in (a, b) if row["completeness"]]
    summed = [
        {name: sum(each[name] for each in same) if name.endswith("_count") else same[0][name] for name in same[0]}
        for same in zip(*ran, strict=True)
    ]
    return {**a, **both, "completeness": summed}
