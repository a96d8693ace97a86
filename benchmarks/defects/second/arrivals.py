"""Defects of what comes in and of how it is told apart: payloads, times of receipt, sources, texts of one address."""

import random
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

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
    of_items,
    recounted,
    refiled,
    some,
    some_of,
    source_of_about,
    taken_for_duplicates,
    unattached,
    where,
    without,
)
from benchmarks.defects.second.common import by_item, in_order, renamed, rows_of
from benchmarks.simulated_days import SEED, simulated_day
from pipelines.tables.ids import hash_id, item_id

# What an article has from its place in the world, whatever is written in it.
_OWN = (
    "item_id", "article_id", "source", "url", "canonical_url", "revision", "received_at", "published_at",
    "published_precision", "published_from", "published_zone", "published_on", "updated_at", "updated_precision",
    "images", "authors", "section", "robots", "is_tdm_reserved", "tdm_policy_url", "is_paywalled", "found_in",
    "delivery_id", "raw_sha256", "item_index",
)  # fmt: skip


def feed_places_from_one(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The items of a payload are counted from 1, and have the ids that follow from it."""
    articles = tables["articles"]
    deliveries = articles["delivery_id"].take(pa.array(some(articles.num_rows, rate, rng), pa.int64())).combine_chunks()
    found, ids = dict(tables), {}
    for name in ("articles", "duplicates", "rejected"):
        rows = where(pc.is_in(tables[name]["delivery_id"], deliveries))
        for row in rows_of(tables[name], rows):
            ids[row["item_id"]] = item_id(row["delivery_id"], row["item_index"] + 1)
        found[name] = changed(tables[name], rows, lambda row: {"item_index": row["item_index"] + 1})
    found = renamed(found, ids)
    return {**found, "articles": in_order(found["articles"])}


def deliveries_named_after_batch(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The id of the batch that a delivery landed in stands for its own."""
    batch = hash_id("batch", rng.randrange(10**9))
    return changed_some(tables, "articles", rate, rng, lambda _: {"delivery_id": batch})


def received_at_midnight(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of the time of receipt the day alone is kept."""

    def change(row: Row) -> Row:
        return {"received_at": row["received_at"].replace(hour=0, minute=0, second=0, microsecond=0)}

    found = changed_some(tables, "articles", rate, rng, change)
    return {**found, "articles": in_order(found["articles"])}


def sources_with_www(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are filed under the name of their publisher's host, beside the one by which it is known."""
    rows = some_of(unattached(tables), tables["articles"].num_rows, rate, rng)
    return refiled(tables, rows, lambda row: {"source": f"www.{row['source']}"})


def session_ids_in_addresses(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Addresses hold the crawler's session, so each visit makes another article of the page."""

    def change(row: Row) -> Row:
        return {"url": f"{row['url']};jsessionid={rng.getrandbits(128):032X}"}

    return refiled(tables, some_of(unattached(tables), tables["articles"].num_rows, rate, rng), change)


def revisions_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A text that changed is set aside as a duplicate of the first one: addresses alone are compared."""
    articles = tables["articles"]
    rows = articles.select(["item_id", "article_id", "revision"]).to_pylist()
    first = {row["article_id"]: row["item_id"] for row in rows if row["revision"] == 1}
    kept = {*tables["duplicates"]["kept_item_id"].to_pylist(), *articles["duplicate_of"].to_pylist()}
    later = [n for n, row in enumerate(rows) if row["revision"] > 1 and row["item_id"] not in kept]
    chosen = some_of(later, articles.num_rows, rate, rng)
    return taken_for_duplicates(tables, chosen, lambda row: first[row["article_id"]])


def revisions_in_reverse(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The later text of an article is called its first one, and the other way round."""
    articles = tables["articles"]
    several = articles.filter(pc.equal(articles["revision"], 2))["article_id"].to_pylist()
    chosen = some_of(range(len(several)), articles.num_rows // 2, rate, rng)
    rows = where(pc.is_in(articles["article_id"], pa.array([several[n] for n in chosen])))
    # A third text of a day keeps its number.
    return {
        **tables,
        "articles": changed(articles, rows, lambda row: {"revision": {1: 2, 2: 1}.get(row["revision"], 3)}),
    }


def translations_for_originals(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of papers in other languages the English edition of the page is fetched, at the same address."""
    articles = tables["articles"]
    elsewhere = [row for row in unattached(tables) if articles["language"][row].as_py() != "en"]
    rows = some_of(elsewhere, articles.num_rows, rate, rng)
    today: date = articles["received_at"][0].as_py().date()
    other = simulated_day(today, SEED + 2, articles.num_rows)  # English texts that are new on the day
    english = where(pc.equal(other["articles"]["language"], "en"))
    told = rows_of(other["articles"], rng.sample(english, len(rows)))
    pairs = []
    for own, row in zip(rows_of(articles, rows), told, strict=True):
        here = {name: own[name] for name in _OWN} | {"duplicate_of": None, "duplicate_kind": None}
        links = [{**link, "url": link["url"].replace(row["source"], own["source"])} for link in row["links"] or ()]
        pairs.append((row, {**row, **here, "links": links}))
    found = joined_by(without(tables, rows), pairs, other)
    return recounted({**found, "articles": copies_marked(found["articles"])})


def source_blocked(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One source answers the crawler with nothing: all that it sends is rejected as empty."""
    source = source_of_about(tables, rate, rng)
    rows = where(pc.equal(tables["articles"]["source"], source))
    fewer = without(tables, rows)
    is_its = pc.equal(tables["duplicates"]["source"], source)
    sent = rows_of(tables["articles"], rows) + tables["duplicates"].filter(is_its).to_pylist()
    new = [as_rejected({**row, "language": None}, "empty") for row in sent]
    return recounted(
        {
            **fewer,
            "articles": copies_marked(fewer["articles"]),
            "duplicates": tables["duplicates"].filter(pc.invert(is_its)),
            "rejected": added(tables["rejected"], new),
        }
    )


def enrichment_cached_by_article(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """What was found in an article's first text is said of its second one too."""
    articles = tables["articles"]
    names = articles.column_names
    found_in_text = names[names.index("word_count") : names.index("embedding")]
    later = rows_of(articles, some_of(where(pc.equal(articles["revision"], 2)), articles.num_rows, rate, rng))
    items = {row["article_id"]: row["item_id"] for row in later}
    first = {
        row["article_id"]: row
        for row in articles.filter(pc.equal(articles["revision"], 1)).to_pylist()
        if row["article_id"] in items
    }

    def change(row: Row) -> Row:
        return {name: first[row["article_id"]][name] for name in found_in_text}

    found = {**tables, "articles": changed(articles, of_items(articles, items.values()), change)}
    for name in ("entities", "quotes"):
        known = by_item(tables, name)
        of_first = [
            {**each, "item_id": item} for key, item in items.items() for each in known.get(first[key]["item_id"], ())
        ]
        found[name] = added(left(tables[name], of_items(tables[name], items.values())), of_first)
    return recounted(found)


_FOUND = ("articles", "entities", "quotes", "coverage")
TOUCHES: dict[Put, tuple[str, ...]] = {
    feed_places_from_one: ("articles", "entities", "quotes", "duplicates", "rejected", "ledger"),
    deliveries_named_after_batch: ("articles",),
    received_at_midnight: ("articles",),
    sources_with_www: _FOUND,
    session_ids_in_addresses: ("articles", "entities", "quotes"),
    revisions_lost: (*_FOUND, "duplicates"),
    revisions_in_reverse: ("articles",),
    translations_for_originals: _FOUND,
    source_blocked: (*_FOUND, "duplicates", "rejected"),
    enrichment_cached_by_article: _FOUND,
}
INVISIBLE: tuple[Put, ...] = ()
