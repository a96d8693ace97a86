"""Defects of what comes in and where it is put: items lost, doubled, in two places; shares of sources."""

import random
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Row,
    Tables,
    added,
    as_rejected,
    changed,
    changed_of,
    changed_some,
    copies_marked,
    forgotten,
    joined_by,
    left,
    recounted,
    refiled,
    some,
    some_of,
    source_of_about,
    taken_for_duplicates,
    unattached,
    where,
    with_values,
    without,
)
from benchmarks.simulated_days import ARTICLES, SEED, simulated_day
from pipelines.tables.ids import article_id, hash_id


def items_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Assembly loses articles: they are expected and stand nowhere."""
    return recounted(without(tables, some(tables["articles"].num_rows, rate, rng)))


def items_lost_behind_the_count(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Rows of articles are lost after ledger and coverage were counted."""
    return without(tables, some(tables["articles"].num_rows, rate, rng))


def items_never_received(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Deliveries are lost before they land, here and there: no table has ever heard of them."""
    return forgotten(without(tables, some_of(unattached(tables), tables["articles"].num_rows, rate, rng)))


def hours_never_received(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The queue stands still: what came in during a stretch of the day never lands, nor what belongs to it."""
    articles = tables["articles"]
    many = max(1, round(articles.num_rows * rate))
    first = rng.randrange(articles.num_rows - many + 1)
    begin, end = articles["received_at"][first], articles["received_at"][first + many - 1]
    lost = articles["article_id"].slice(first, many)
    found = without(tables, where(pc.is_in(articles["article_id"], lost.combine_chunks())))
    for name in ("duplicates", "rejected"):
        at = tables[name]["received_at"]
        found[name] = tables[name].filter(pc.invert(pc.and_(pc.greater_equal(at, begin), pc.less_equal(at, end))))
    kept = pc.is_in(found["duplicates"]["kept_item_id"], found["articles"]["item_id"].combine_chunks())
    found["duplicates"] = found["duplicates"].filter(kept)
    return forgotten({**found, "articles": copies_marked(found["articles"])})


def items_doubled(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Rows of articles stand there twice."""
    articles = tables["articles"]
    rows = pa.array(some(articles.num_rows, rate, rng), pa.int64())
    return _ledger_recounted({**tables, "articles": pa.concat_tables([articles, articles.take(rows)])})


def items_in_duplicates_too(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles stand in `duplicates` as well, as repeating another one."""
    rows = tables["articles"].take(pa.array(some(tables["articles"].num_rows, rate, rng), pa.int64())).to_pylist()
    kept = tables["articles"]["item_id"].to_pylist()
    new = [{**row, "kept_item_id": rng.choice(kept), "duplicate_kind": "same_url_same_text"} for row in rows]
    return _ledger_recounted({**tables, "duplicates": added(tables["duplicates"], new)})


def items_in_rejected_too(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles stand in `rejected` as well."""
    rows = tables["articles"].take(pa.array(some(tables["articles"].num_rows, rate, rng), pa.int64())).to_pylist()
    return _ledger_recounted({**tables, "rejected": added(tables["rejected"], map(_as_rejected, rows))})


def articles_published_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Pages fetched again are not seen as duplicates: the same article and text, under another item."""
    articles = tables["articles"]
    rows = articles.take(pa.array(some(articles.num_rows, rate, rng), pa.int64())).to_pylist()
    return recounted(joined_by(tables, [(row, _another_item(row)) for row in rows], tables))


def copies_unmarked(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Texts that stand at two addresses are not marked as that."""
    articles = tables["articles"]
    return changed_of(
        tables,
        "articles",
        where(pc.is_valid(articles["duplicate_of"])),
        rate,
        rng,
        lambda _: {"duplicate_of": None, "duplicate_kind": None},
    )


def copies_of_nothing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are marked as repeating an item that is nowhere."""
    mark = {"duplicate_of": hash_id("nowhere", rng.randrange(10**9)), "duplicate_kind": "same_text"}
    return changed_some(tables, "articles", rate, rng, lambda _: mark)


def duplicates_of_nothing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Duplicates name an item as kept that is nowhere."""
    table = tables["duplicates"]
    rows = some(table.num_rows, rate, rng)
    values = [hash_id("nowhere", row) for row in rows]
    return {**tables, "duplicates": with_values(table, rows, "kept_item_id", values)}


def articles_taken_for_duplicates(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles with news in them are set aside as duplicates of others."""
    articles = tables["articles"]
    rows = some_of(unattached(tables), articles.num_rows, rate, rng)
    kept = left(articles, rows)["item_id"].to_pylist()
    return taken_for_duplicates(tables, rows, lambda _: rng.choice(kept))


def rejections_rise(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Good articles are rejected as having no text."""
    rows = some_of(unattached(tables), tables["articles"].num_rows, rate, rng)
    new = map(_as_rejected, tables["articles"].take(pa.array(rows, pa.int64())).to_pylist())
    return recounted({**without(tables, rows), "rejected": added(tables["rejected"], new)})


def rejections_unnamed(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Rejected items have no reason."""
    rows = some(tables["rejected"].num_rows, rate, rng)
    return {**tables, "rejected": with_values(tables["rejected"], rows, "reason", [None] * len(rows))}


def revisions_wrong(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles seen for the first time on the day are called their second text."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"revision": row["revision"] + 1})


def article_ids_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles have the article_id of another one of the day."""
    articles = tables["articles"]
    rows = some(articles.num_rows, rate, rng)
    others = articles["article_id"].to_pylist()
    return {**tables, "articles": changed(articles, rows, lambda _: {"article_id": rng.choice(others)})}


def source_gone(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source sends nothing."""
    source = source_of_about(tables, rate, rng)
    fewer = without(tables, where(pc.equal(tables["articles"]["source"], source)))
    kept = {
        name: fewer[name].filter(pc.not_equal(fewer[name]["source"], source)) for name in ("duplicates", "rejected")
    }
    return forgotten({**fewer, **kept, "articles": copies_marked(fewer["articles"])})


def source_explodes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A small source sends, besides its own, as many articles more as the rate says of the day's."""
    articles = tables["articles"]
    source = source_of_about(tables, 0.005, rng)
    # Texts that are new on the day: those of a day of another world.
    other = simulated_day(_today(tables), SEED + 1, articles.num_rows)
    rows = some(min(articles.num_rows, other["articles"].num_rows), rate, rng)
    pairs = []
    for row in other["articles"].take(pa.array(rows, pa.int64())).to_pylist():
        url = f"https://{source}/archive/{row['item_id'][:10]}"
        ids = {"source": source, "url": url, "canonical_url": url, "article_id": article_id(source, url, "", 0)}
        pairs.append((row, {**row, **ids, "revision": 1, "duplicate_of": None, "duplicate_kind": None}))
    found = joined_by(tables, pairs, other)
    return recounted({**found, "articles": copies_marked(found["articles"])})


def sources_mistaken(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are filed under another source than their address says, and have the id that follows from it."""
    articles = tables["articles"]
    sources = sorted(set(articles["source"].to_pylist()))

    def change(row: Row) -> Row:
        return {"source": rng.choice([source for source in sources if source != row["source"]])}

    return refiled(tables, some_of(unattached(tables), articles.num_rows, rate, rng), change)


def stale_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles of the day before come in again, as new deliveries, instead of today's."""
    articles = tables["articles"]
    # The day before as the harness makes it, so that its texts and addresses are those that were seen.
    before = simulated_day(_today(tables) - timedelta(days=1), SEED, ARTICLES)
    rows = some_of(unattached(tables), articles.num_rows, rate, rng)
    old = before["articles"].take(pa.array(rng.sample(unattached(before), len(rows)), pa.int64())).to_pylist()
    received = articles["received_at"].take(pa.array(rows, pa.int64())).to_pylist()
    own = {"duplicate_of": None, "duplicate_kind": None}
    pairs = [(row, {**_another_item(row), **own, "received_at": at}) for row, at in zip(old, received, strict=True)]
    found = joined_by(forgotten(without(tables, rows)), pairs, before)
    return recounted({**found, "articles": copies_marked(found["articles"])})


def received_on_another_day(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles of the partition were received on the day before."""
    articles = tables["articles"]
    rows = some(articles.num_rows, rate, rng)

    def change(row: Row) -> Row:
        return {"received_at": row["received_at"] - timedelta(days=1)}

    return {**tables, "articles": changed(articles, rows, change)}


def raw_hashes_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """`raw_sha256` is that of other bytes."""
    return changed_some(tables, "articles", rate, rng, lambda row: {"raw_sha256": row["raw_sha256"][::-1]})


def deliveries_unnamed(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles no longer say which delivery brought them."""
    articles = tables["articles"]
    rows = some(articles.num_rows, rate, rng)
    return {**tables, "articles": with_values(articles, rows, "delivery_id", [None] * len(rows))}


def _today(tables: Tables) -> date:
    today: date = tables["articles"]["received_at"][0].as_py().date()
    return today


def _another_item(row: Row) -> Row:
    """The row as another delivery of the same."""
    return {**row, "item_id": hash_id("again", row["item_id"]), "delivery_id": hash_id("again", row["delivery_id"])}


def _as_rejected(row: Row) -> Row:
    return as_rejected(row, "no_text", excerpt=(row["text"] or "")[:500])


def _ledger_recounted(tables: Tables) -> Tables:
    """Assembly counts places from its tables, and coverage from what it decided."""
    return {**tables, "ledger": recounted(tables)["ledger"]}


EVERYWHERE = ("articles", "entities", "quotes", "coverage", "ledger")
TOUCHES = {
    items_lost: EVERYWHERE,
    items_lost_behind_the_count: ("articles", "entities", "quotes"),
    items_never_received: EVERYWHERE,
    hours_never_received: (*EVERYWHERE, "duplicates", "rejected"),
    items_doubled: ("articles", "ledger"),
    items_in_duplicates_too: ("duplicates", "ledger"),
    items_in_rejected_too: ("rejected", "ledger"),
    articles_published_again: EVERYWHERE,
    copies_unmarked: ("articles",),
    copies_of_nothing: ("articles",),
    duplicates_of_nothing: ("duplicates",),
    articles_taken_for_duplicates: (*EVERYWHERE[:4], "duplicates"),
    rejections_rise: (*EVERYWHERE[:4], "rejected"),
    rejections_unnamed: ("rejected",),
    revisions_wrong: ("articles",),
    article_ids_of_others: ("articles",),
    source_gone: (*EVERYWHERE, "duplicates", "rejected"),
    source_explodes: EVERYWHERE,
    sources_mistaken: ("articles", "coverage", "entities", "quotes"),
    stale_articles: EVERYWHERE,
    received_on_another_day: ("articles",),
    raw_hashes_of_others: ("articles",),
    deliveries_unnamed: ("articles",),
}
INVISIBLE = (items_never_received, hours_never_received, raw_hashes_of_others)
