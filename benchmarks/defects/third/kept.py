"""Defects of the books: what came in and is lost, doubled, set aside wrongly or counted wrongly."""

import random
from datetime import timedelta

import pyarrow as pa

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    added,
    as_rejected,
    changed,
    changed_some,
    copies_marked,
    joined_by,
    left,
    recounted,
    some,
    some_of,
    taken_for_duplicates,
    unattached,
    without,
)
from pipelines.tables.ids import hash_id, item_id

REASONS = ("no_text", "index_page", "broken", "empty")


def articles_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles that came in are nowhere."""
    return recounted(without(tables, _unattached(tables, rate, rng)))


def refetched_articles_published(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles that were fetched again, unchanged, are published again."""
    pairs = []
    rows = _unattached(tables, rate, rng)
    for row in tables["articles"].take(pa.array(rows, pa.int64())).to_pylist():
        delivery = hash_id("fetched again", row["item_id"])
        late = row["received_at"].replace(hour=23, minute=59, second=59)
        at = min(late, row["received_at"] + timedelta(minutes=rng.randint(5, 300)))
        of = {"item_id": item_id(delivery, 0), "delivery_id": delivery, "item_index": 0, "received_at": at}
        pairs.append((row, {**row, **of, "revision": row["revision"] + 1}))
    found = joined_by(tables, pairs, tables)
    return recounted({**found, "articles": copies_marked(found["articles"])})


def articles_taken_for_duplicates_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are set aside as duplicates of others of their source that say something else."""
    rows = _unattached(tables, rate, rng)
    articles = tables["articles"].select(["item_id", "source"])
    gone = set(articles["item_id"].take(pa.array(rows, pa.int64())).to_pylist())
    of: dict[str, list[str]] = {}
    for row in articles.to_pylist():
        if row["item_id"] not in gone:
            of.setdefault(row["source"], []).append(row["item_id"])
    anywhere = [item for items in of.values() for item in items]
    return taken_for_duplicates(tables, rows, lambda row: rng.choice(of.get(row["source"], anywhere)))


def articles_rejected_as_empty_pages(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are rejected as pages without a text, of all sources alike."""
    rows = _unattached(tables, rate, rng)
    new = [
        as_rejected(row, "no_text", excerpt=row["text"][:200])
        for row in tables["articles"].take(pa.array(rows, pa.int64())).to_pylist()
    ]
    return recounted({**without(tables, rows), "rejected": added(tables["rejected"], new)})


def duplicates_of_nothing_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The item that was kept instead of a duplicate is nowhere."""
    return changed_some(
        tables, "duplicates", rate, rng, lambda row: {"kept_item_id": hash_id("nowhere", row["item_id"])}
    )


def reasons_renamed(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The reason for a rejection is another than the one its fingerprint was made of."""

    def change(row: Row) -> Row:
        return {"reason": rng.choice([reason for reason in REASONS if reason != row["reason"]])}

    return changed_some(tables, "rejected", rate, rng, change)


def coverage_of_an_earlier_run(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Coverage of a source was counted before the last of its articles came."""
    coverage, articles = tables["coverage"], tables["articles"]
    key = ("source", "language")
    counted = list(zip(*(coverage[name].to_pylist() for name in (*key, "published_count")), strict=True))
    rows = some_of([n for n, (*_, count) in enumerate(counted) if count > 1], len(counted), rate, rng)
    of: dict[tuple[str, str], list[int]] = {}
    for row, (source, language) in enumerate(zip(*(articles[name].to_pylist() for name in key), strict=True)):
        of.setdefault((source, language or "und"), []).append(row)
    late = [row for n in rows for row in of[counted[n][:2]][-max(1, counted[n][2] // 10) :]]
    earlier = recounted(without(tables, late))["coverage"].to_pylist()
    before = {(row["source"], row["language"]): row for row in earlier}
    stale = changed(coverage, rows, lambda row: before[row["source"], row["language"]])
    return {**tables, "coverage": stale}


def coverage_without_a_source(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Coverage says nothing of a source and language that the tables have."""
    coverage = tables["coverage"]
    return {**tables, "coverage": left(coverage, some(coverage.num_rows, rate, rng))}


def _unattached(tables: Tables, rate: float, rng: random.Random) -> list[int]:
    return some_of(unattached(tables), tables["articles"].num_rows, rate, rng)


_MOVED = ("articles", "entities", "quotes", "coverage", "ledger")
TOUCHES: dict[Put, tuple[str, ...]] = {
    articles_lost: _MOVED,
    refetched_articles_published: _MOVED,
    articles_taken_for_duplicates_again: ("articles", "duplicates", "entities", "quotes", "coverage"),
    articles_rejected_as_empty_pages: ("articles", "rejected", "entities", "quotes", "coverage"),
    duplicates_of_nothing_again: ("duplicates",),
    reasons_renamed: ("rejected",),
    coverage_of_an_earlier_run: ("coverage",),
    coverage_without_a_source: ("coverage",),
}
INVISIBLE: tuple[Put, ...] = ()
