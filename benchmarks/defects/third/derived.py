"""Defects of identity and of what is computed from a text."""

import random

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    changed,
    changed_of,
    changed_some,
    copies_marked,
    of_items,
    recounted,
    refiled,
    some,
    some_of,
    unattached,
    where,
)
from pipelines.tables.ids import hash_id

FAILING = {
    "keywords": ("keywords",),
    "summary": ("summary",),
    "dates": ("dates",),
    "amounts": ("amounts",),
    "readability": ("readability_score", "readability_formula"),
}


def hashes_of_raw_bytes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The hash of a text is that of the delivery's bytes."""
    articles = tables["articles"]
    rows = some(articles.num_rows, rate, rng)
    hashed = changed(articles, rows, lambda row: {"content_sha256": row["raw_sha256"]})
    return {**tables, "articles": copies_marked(hashed)}


def addresses_with_sessions(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Addresses carry the number of a visit, so that each fetch of an article is an article of its own."""
    rows = some_of(unattached(tables), tables["articles"].num_rows, rate, rng)
    return refiled(tables, rows, lambda row: {"url": f"{row['url']}?sid={rng.randrange(16**12):012x}"})


def article_ids_salted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The hash of an article's id is one of the process: another in every run."""
    articles = tables["articles"]
    rows = some_of(unattached(tables), articles.num_rows, rate, rng)
    salt = rng.randrange(16**12)
    items = articles["item_id"].take(pa.array(rows, pa.int64())).to_pylist()

    def change(row: Row) -> Row:
        return {"article_id": hash_id("run", salt, row["article_id"])}

    found = {name: changed(tables[name], of_items(tables[name], items), change) for name in ("entities", "quotes")}
    return {**tables, **found, "articles": changed(articles, rows, change)}


def enrichers_out_of_time(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One enricher failed on an article, and has nothing."""

    def change(row: Row) -> Row:
        name = rng.choice([name for name in FAILING if row[f"{name}_status"] == "done"])
        return {**dict.fromkeys(FAILING[name]), f"{name}_status": "failed: TimeoutError: 30 s"}

    return recounted(changed_some(tables, "articles", rate, rng, change))


def keywords_empty_though_done(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Keywords were looked for, and none are there."""
    rows = where(pc.greater(pc.list_value_length(tables["articles"]["keywords"]), 0))
    return changed_of(tables, "articles", rows, rate, rng, lambda _: {"keywords": []})


def millions_read_as_thousands(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Amounts are a thousand times too small."""
    rows = where(pc.greater(pc.list_value_length(tables["articles"]["amounts"]), 0))

    def change(row: Row) -> Row:
        return {"amounts": [{**amount, "value": amount["value"] / 1_000} for amount in row["amounts"]]}

    return changed_of(tables, "articles", rows, rate, rng, change)


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys((hashes_of_raw_bytes, keywords_empty_though_done, millions_read_as_thousands), ("articles",)),
    addresses_with_sessions: ("articles", "entities", "quotes"),
    article_ids_salted: ("articles", "entities", "quotes"),
    enrichers_out_of_time: ("articles", "coverage"),
}
INVISIBLE: tuple[Put, ...] = ()
