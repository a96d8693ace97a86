"""Defects of what comes in and where it ends: items lost, doubled or misfiled, ids, times of receipt, sources."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, FIRST, SECOND, THIRD, Kind, change
from benchmarks.defects.tables import (
    FOUND,
    OUTCOMES,
    Day,
    Row,
    Tables,
    add_articles,
    append_rows,
    change_rows,
    change_rows_of_items,
    drop_articles,
    drop_rows,
    find_rows,
    find_rows_of_items,
    find_unattached,
    mark_copies,
    pick_source,
    recount,
    recount_received,
    refile_articles,
    rename_items,
    sort_articles,
    take_rows,
)
from benchmarks.simulated_days import ARTICLES, SEED, simulate_day
from pipelines.tables.ids import article_id, hash_id, item_id

NO_COPY = {"duplicate_of": None, "duplicate_kind": None}
# What an article has from where it comes from, and not from its text.
ORIGIN = (
    "item_id", "article_id", "source", "url", "canonical_url", "revision", "received_at", "published_at",
    "published_precision", "published_from", "published_zone", "published_on", "updated_at", "updated_precision",
    "images", "authors", "section", "robots", "is_tdm_reserved", "tdm_policy_url", "is_paywalled", "found_in",
    "delivery_id", "raw_sha256", "item_index",
)  # fmt: skip


def pick_unattached(day: Day) -> list[int]:
    """Return about `rate` of the articles, of those that nothing else refers to."""
    return day.pick(find_unattached(day.tables), day["articles"].num_rows)


def recount_ledger(tables: Tables) -> Tables:
    """Return the tables with the ledger recounted alone: assembly counts coverage from what it decided."""
    return {**tables, "ledger": recount(tables)["ledger"]}


def _read_date(day: Day) -> date:
    today: date = day["articles"]["received_at"][0].as_py().date()
    return today


def _with_copies(tables: Tables) -> Tables:
    return {**tables, "articles": mark_copies(tables["articles"])}


def _deliver_again(row: Row) -> Row:
    return {**row, "item_id": hash_id("again", row["item_id"]), "delivery_id": hash_id("again", row["delivery_id"])}


def _lose_hours(day: Day) -> Tables:
    articles = day["articles"]
    many = max(1, round(articles.num_rows * day.rate))
    first = day.rng.randrange(articles.num_rows - many + 1)
    begin, end = articles["received_at"][first], articles["received_at"][first + many - 1]
    lost = articles["article_id"].slice(first, many)
    left = drop_articles(day.tables, find_rows(pc.is_in(articles["article_id"], lost.combine_chunks())))
    for name in ("duplicates", "rejected"):
        at = day[name]["received_at"]
        left[name] = day[name].filter(pc.invert(pc.and_(pc.greater_equal(at, begin), pc.less_equal(at, end))))
    kept = pc.is_in(left["duplicates"]["kept_item_id"], left["articles"]["item_id"].combine_chunks())
    return recount_received(_with_copies({**left, "duplicates": left["duplicates"].filter(kept)}))


def _double_items(day: Day) -> Tables:
    again = day["articles"].take(pa.array(day.pick_rows("articles"), pa.int64()))
    return recount_ledger({**day.tables, "articles": pa.concat_tables([day["articles"], again])})


def _publish_again(day: Day) -> Tables:
    rows = take_rows(day["articles"], day.pick_rows("articles"))
    return recount(add_articles(day.tables, [(row, _deliver_again(row)) for row in rows], day.tables))


def _silence_source(day: Day) -> Tables:
    source = day.pick_source(day["articles"])
    fewer = drop_articles(day.tables, find_rows(pc.equal(day["articles"]["source"], source)))
    for name in ("duplicates", "rejected"):
        fewer[name] = fewer[name].filter(pc.not_equal(fewer[name]["source"], source))
    return recount_received(_with_copies(fewer))


def _flood_from_source(day: Day) -> Tables:
    articles = day["articles"]
    source = pick_source(articles, 0.005, day.rng)
    # Texts that are new on the day: those of a day of another world.
    other = simulate_day(_read_date(day), SEED + 1, articles.num_rows)
    count = min(articles.num_rows, other["articles"].num_rows)
    pairs = []
    for row in take_rows(other["articles"], day.pick(range(count), count)):
        url = f"https://{source}/archive/{row['item_id'][:10]}"
        ids = {"source": source, "url": url, "canonical_url": url, "article_id": article_id(source, url, "", 0)}
        pairs.append((row, {**row, **ids, "revision": 1, **NO_COPY}))
    return recount(_with_copies(add_articles(day.tables, pairs, other)))


def _mistake_sources(day: Day) -> Tables:
    sources = sorted(set(day.values("articles", "source")))

    def choose(row: Row) -> Row:
        return {"source": day.rng.choice([source for source in sources if source != row["source"]])}

    return refile_articles(day.tables, pick_unattached(day), choose)


def _repeat_yesterday(day: Day) -> Tables:
    # The day before as the benchmark makes it, so that its texts and addresses are those that were seen.
    before = simulate_day(_read_date(day) - timedelta(days=1), SEED, ARTICLES)
    rows = pick_unattached(day)
    old = take_rows(before["articles"], day.rng.sample(find_unattached(before), len(rows)))
    received = [day.values("articles", "received_at")[row] for row in rows]
    pairs = [
        (row, {**_deliver_again(row), **NO_COPY, "received_at": at}) for row, at in zip(old, received, strict=True)
    ]
    left = recount_received(drop_articles(day.tables, rows))
    return recount(_with_copies(add_articles(left, pairs, before)))


def _count_places_from_one(day: Day) -> Tables:
    articles = day["articles"]
    deliveries = articles["delivery_id"].take(pa.array(day.pick_rows("articles"), pa.int64())).combine_chunks()
    tables, ids = dict(day.tables), {}
    for name in OUTCOMES:
        rows = find_rows(pc.is_in(tables[name]["delivery_id"], deliveries))
        for row in take_rows(tables[name], rows):
            ids[row["item_id"]] = item_id(row["delivery_id"], row["item_index"] + 1)
        tables[name] = change_rows(tables[name], rows, lambda row: {"item_index": row["item_index"] + 1})
    renamed = rename_items(tables, ids)
    return {**renamed, "articles": sort_articles(renamed["articles"])}


def _name_after_batch(day: Day) -> Tables:
    batch = hash_id("batch", day.rng.randrange(10**9))
    articles = change_rows(day["articles"], day.pick_rows("articles"), lambda _: {"delivery_id": batch})
    return {**day.tables, "articles": articles}


def _receive_at_midnight(day: Day) -> Tables:
    def cut(row: Row) -> Row:
        return {"received_at": row["received_at"].replace(hour=0, minute=0, second=0, microsecond=0)}

    return {**day.tables, "articles": sort_articles(change_rows(day["articles"], day.pick_rows("articles"), cut))}


def _add_session(row: Row, day: Day) -> Row:
    return {"url": f"{row['url']};jsessionid={day.rng.getrandbits(128):032X}"}


def _reverse_revisions(day: Day) -> Tables:
    articles = day["articles"]
    several = articles.filter(pc.equal(articles["revision"], 2))["article_id"].to_pylist()
    chosen = day.pick(range(len(several)), articles.num_rows // 2)
    rows = find_rows(pc.is_in(articles["article_id"], pa.array([several[n] for n in chosen])))
    # A third text of a day keeps its number.
    changed = change_rows(articles, rows, lambda row: {"revision": {1: 2, 2: 1}.get(row["revision"], 3)})
    return {**day.tables, "articles": changed}


def _translate(day: Day) -> Tables:
    articles, languages = day["articles"], day.values("articles", "language")
    rows = day.pick([row for row in find_unattached(day.tables) if languages[row] != "en"], articles.num_rows)
    other = simulate_day(_read_date(day), SEED + 2, articles.num_rows)  # English texts that are new on the day
    english = find_rows(pc.equal(other["articles"]["language"], "en"))
    translations = take_rows(other["articles"], day.rng.sample(english, len(rows)))
    pairs = []
    for own, row in zip(take_rows(articles, rows), translations, strict=True):
        links = [{**link, "url": link["url"].replace(row["source"], own["source"])} for link in row["links"] or ()]
        pairs.append((row, {**row, **{name: own[name] for name in ORIGIN}, **NO_COPY, "links": links}))
    return recount(_with_copies(add_articles(drop_articles(day.tables, rows), pairs, other)))


def _enrich_by_article(day: Day) -> Tables:
    articles = day["articles"]
    names = articles.column_names
    enriched = names[names.index("word_count") : names.index("embedding")]
    second = take_rows(articles, day.pick(find_rows(pc.equal(articles["revision"], 2)), articles.num_rows))
    items = {row["article_id"]: row["item_id"] for row in second}
    first = {
        row["article_id"]: row
        for row in articles.filter(pc.equal(articles["revision"], 1)).to_pylist()
        if row["article_id"] in items
    }

    def take_first(row: Row) -> Row:
        return {name: first[row["article_id"]][name] for name in enriched}

    tables = {**day.tables, "articles": change_rows_of_items(articles, items.values(), take_first)}
    for name in FOUND:
        known = day.group_by_item(name)
        rows = [{**row, "item_id": item} for key, item in items.items() for row in known.get(first[key]["item_id"], ())]
        left = drop_rows(day[name], find_rows_of_items(day[name], items.values()))
        tables[name] = append_rows(left, rows)
    return recount(tables)


def _salt_ids(day: Day) -> Tables:
    rows = pick_unattached(day)
    salt = day.rng.randrange(16**12)
    items = [day.values("articles", "item_id")[row] for row in rows]

    def hash_again(row: Row) -> Row:
        return {"article_id": hash_id("run", salt, row["article_id"])}

    changed = {name: change_rows_of_items(day[name], items, hash_again) for name in FOUND}
    return {**day.tables, **changed, "articles": change_rows(day["articles"], rows, hash_again)}


def _mark_as_copies(day: Day) -> Tables:
    mark = {"duplicate_of": hash_id("nowhere", day.rng.randrange(10**9)), "duplicate_kind": "same_text"}
    return {**day.tables, "articles": change_rows(day["articles"], day.pick_rows("articles"), lambda _: mark)}


def _refile(new: Any) -> Any:
    return lambda day: refile_articles(day.tables, pick_unattached(day), lambda row: new(row, day))


EVERYWHERE = ("articles", "entities", "quotes", "coverage", "ledger")
COUNTED = EVERYWHERE[:4]
KINDS = (
    Kind("items_lost", "Assembly loses articles: they are expected and in no table.", EVERYWHERE,
         lambda day: recount(drop_articles(day.tables, day.pick_rows("articles"))), BOTH),
    Kind("items_lost_behind_the_count", "Rows of articles are lost after ledger and coverage were counted.",
         ("articles", "entities", "quotes"), lambda day: drop_articles(day.tables, day.pick_rows("articles"))),
    Kind("items_never_received", "Deliveries are lost before they land, here and there: no table knows of them.",
         EVERYWHERE, lambda day: recount_received(drop_articles(day.tables, pick_unattached(day))), FIRST, False),
    Kind("hours_never_received", "The queue stops: nothing of a part of the day ever lands.",
         (*EVERYWHERE, "duplicates", "rejected"), _lose_hours, FIRST, False),
    Kind("items_doubled", "Rows of articles are repeated.", ("articles", "ledger"), _double_items),
    Kind("articles_published_again", "Pages fetched again are not seen as duplicates: the same text, another item.",
         EVERYWHERE, _publish_again, BOTH),
    change("articles", "copies_unmarked", "Texts that are at two addresses are not marked as copies.", NO_COPY,
           "duplicate_of"),
    Kind("copies_of_nothing", "Articles are marked as copies of an item that does not exist.",
         ("articles",), _mark_as_copies),
    change("articles", "revisions_wrong", "Articles seen for the first time on the day are called their second text.",
           lambda row, _: {"revision": row["revision"] + 1}),
    Kind("revisions_in_reverse", "First and second text of an article are swapped.",
         ("articles",), _reverse_revisions, SECOND),
    change("articles", "article_ids_of_others", "Articles have the article_id of another one of the day.",
           lambda _, day: {"article_id": day.rng.choice(day.values("articles", "article_id"))}),
    Kind("article_ids_salted", "The hash of an article's id is another in every run.",
         ("articles", "entities", "quotes"), _salt_ids, THIRD),
    Kind("source_gone", "One source sends nothing.", (*EVERYWHERE, "duplicates", "rejected"), _silence_source),
    Kind("source_explodes", "A small source sends as many more articles as the rate says of the day's.",
         EVERYWHERE, _flood_from_source),
    Kind("sources_mistaken", "Articles are filed under another source than their address says, with ids to fit.",
         COUNTED, _mistake_sources),
    change("articles", "sources_unnamed", "The source is a name as people write it, which no source may have.",
           lambda row, _: {"source": f"The {row['source'].title()}"}, is_recounted=True),
    Kind("sources_with_www", "Articles are filed under the host of their publisher instead of its known name.",
         COUNTED, _refile(lambda row, _: {"source": f"www.{row['source']}"}), SECOND),
    Kind("session_ids_in_addresses", "Addresses hold the crawler's session: each visit makes another article.",
         COUNTED[:3], _refile(_add_session), (2, 3)),
    Kind("stale_articles", "Articles of the day before come in again, as new deliveries, instead of today's.",
         EVERYWHERE, _repeat_yesterday),
    change("articles", "received_on_another_day", "Articles of the partition were received on the day before.",
           lambda row, _: {"received_at": row["received_at"] - timedelta(days=1)}),
    Kind("received_at_midnight", "Only the day of the time of receipt is kept.",
         ("articles",), _receive_at_midnight, SECOND),
    change("articles", "raw_hashes_of_others", "`raw_sha256` is that of other bytes.",
           lambda row, _: {"raw_sha256": row["raw_sha256"][::-1]}, None, FIRST, False),
    change("articles", "deliveries_unnamed", "Articles no longer name the delivery that brought them.",
           {"delivery_id": None}),
    Kind("deliveries_named_after_batch", "The id of the batch replaces that of the delivery.",
         ("articles",), _name_after_batch, SECOND),
    Kind("feed_places_from_one", "The items of a payload are counted from 1, and have the ids that follow.",
         ("articles", "entities", "quotes", "duplicates", "rejected", "ledger"), _count_places_from_one, SECOND),
    Kind("translations_for_originals", "The English edition of a page is fetched, at the same address.",
         COUNTED, _translate, SECOND),
    Kind("enrichment_cached_by_article", "A second text has the enrichment of the article's first one.",
         COUNTED, _enrich_by_article, SECOND),
)  # fmt: skip
