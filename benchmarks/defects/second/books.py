"""Defects of the books that are kept beside the articles: duplicates, rejected, coverage, ledger."""

import random
from collections.abc import Sequence

import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    added,
    as_rejected,
    changed,
    changed_of,
    changed_some,
    left,
    some,
    some_of,
    taken_for_duplicates,
    where,
)
from benchmarks.defects.second.common import in_order, renamed, rows_of
from pipelines.tables.ids import hash_id

_LINEAGE = ("received_at", "delivery_id", "raw_sha256", "item_index")


def wire_copies_dropped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A text that another paper has too is set aside as a duplicate: texts alone are compared."""
    articles = tables["articles"]
    kept = {*tables["duplicates"]["kept_item_id"].to_pylist(), *articles["duplicate_of"].to_pylist()}
    copies = where(pc.is_valid(articles["duplicate_of"]))
    free = [row for row in copies if articles["item_id"][row].as_py() not in kept]
    chosen = some_of(free, articles.num_rows, rate, rng)
    return taken_for_duplicates(tables, chosen, lambda row: str(row["duplicate_of"]))


def last_of_duplicates_kept(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of items that repeat one another the last is published, and the first set aside."""
    duplicates, articles = tables["duplicates"], tables["articles"]
    at = {item: n for n, item in enumerate(articles["item_id"].to_pylist())}
    of = articles["duplicate_of"].to_pylist()
    copied = set(of)
    kept = duplicates["kept_item_id"].to_pylist()
    alone = [n for n, item in enumerate(kept) if kept.count(item) == 1 and item not in copied and of[at[item]] is None]
    rows = some_of(alone, len(kept), rate, rng)
    pairs = {}
    for row in rows_of(duplicates, rows):
        first = articles.slice(at[row["kept_item_id"]], 1).to_pylist()[0]
        pairs[row["item_id"]], pairs[row["kept_item_id"]] = first, row

    def change(row: Row) -> Row:
        return {name: pairs[row["item_id"]][name] for name in _LINEAGE}

    first_at = [at[kept[row]] for row in rows]
    lineages = {
        **tables,
        "duplicates": changed(duplicates, rows, change),
        "articles": changed(articles, first_at, change),
    }
    found = renamed(lineages, {item: row["item_id"] for item, row in pairs.items()})
    return {**found, "articles": in_order(found["articles"]), "ledger": tables["ledger"]}


def duplicate_kinds_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """An event sent again is called a page fetched again, and the other way round."""
    swap = {"resent_event": "same_url_same_text", "same_url_same_text": "resent_event"}
    return changed_some(tables, "duplicates", rate, rng, lambda row: {"duplicate_kind": swap[row["duplicate_kind"]]})


def rejected_fingerprints_differ(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Each rejected item has a fingerprint of its own, also where others were rejected alike."""
    return changed_some(
        tables, "rejected", rate, rng, lambda row: {"fingerprint": hash_id(row["item_id"], row["reason"])[:16]}
    )


def rows_of_rejected_items(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of items that were rejected a row of entities is rejected too, as if they had been published."""
    rows = rows_of(tables["rejected"], some(tables["rejected"].num_rows, rate, rng))
    told = {"table_name": "entities", "row_index": 0, "detail": "salience_score is out of range", "excerpt": None}
    return {
        **tables,
        "rejected": added(tables["rejected"], [as_rejected(row, "row_rule", "enrich", **told) for row in rows]),
    }


def quotes_set_aside(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """A rule of rows is too strict: quotes that are right are rejected."""
    rows = some(tables["quotes"].num_rows, rate, rng)
    return {**_set_aside(tables, "quotes", rows, "quote_score"), "quotes": left(tables["quotes"], rows)}


def entities_set_aside_and_kept(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities that are rejected stand among the published ones as well."""
    return _set_aside(tables, "entities", some(tables["entities"].num_rows, rate, rng), "salience_score")


def coverage_completeness_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of each enricher it is told how often it was skipped as how often it ran, and the other way round."""

    def change(row: Row) -> Row:
        ran = row["completeness"]
        swapped = [{**each, "done_count": each["skipped_count"], "skipped_count": each["done_count"]} for each in ran]
        return {"completeness": swapped}

    told = where(pc.greater(pc.list_value_length(tables["coverage"]["completeness"]), 0))
    return changed_of(tables, "coverage", told, rate, rng, change)


def coverage_open(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of some sources a day that has ended is called open."""
    return changed_some(tables, "coverage", rate, rng, lambda _: {"verdict": "open"})


def items_unplanned(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The tables hold items that the plan of the day does not know."""
    return {**tables, "ledger": left(tables["ledger"], some(tables["ledger"].num_rows, rate, rng))}


def _set_aside(tables: Tables, name: str, rows: Sequence[int], column: str) -> Tables:
    """The tables with these rows in `rejected`, for a value out of its range."""
    columns = ["item_id", "source", "url", "language", *_LINEAGE]
    items = {row["item_id"]: row for row in tables["articles"].select(columns).to_pylist()}
    index = "entity_index" if name == "entities" else "quote_index"
    new = [
        as_rejected(
            items[row["item_id"]], "row_rule", "enrich",
            table_name=name, row_index=row[index], detail=f"{column} is out of range",
        )
        for row in rows_of(tables[name], rows)
    ]  # fmt: skip
    return {**tables, "rejected": added(tables["rejected"], new)}


TOUCHES: dict[Put, tuple[str, ...]] = {
    wire_copies_dropped: ("articles", "duplicates", "coverage", "entities", "quotes"),
    last_of_duplicates_kept: ("duplicates", "articles", "entities", "quotes"),
    duplicate_kinds_swapped: ("duplicates",),
    rejected_fingerprints_differ: ("rejected",),
    rows_of_rejected_items: ("rejected",),
    quotes_set_aside: ("quotes", "rejected"),
    entities_set_aside_and_kept: ("rejected",),
    coverage_completeness_swapped: ("coverage",),
    coverage_open: ("coverage",),
    items_unplanned: ("ledger",),
}
# Nothing in the tables tells an event from a page.
INVISIBLE: tuple[Put, ...] = (duplicate_kinds_swapped,)
