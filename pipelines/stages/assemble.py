"""enriched → the tables of a day: duplicates, revisions, rejected, coverage. Batches leave no trace in them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.articles import ARTICLES
from pipelines.tables.contract import Table
from pipelines.tables.coverage import COVERAGE, NO_SOURCE
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.enriched.status import DONE, FAILED, SKIPPED
from pipelines.tables.entities import ENTITIES
from pipelines.tables.items import EXCERPT, LINEAGE
from pipelines.tables.quotes import QUOTES
from pipelines.tables.rejected import REJECTED, label_rejected

# What the fate of an item hangs on; everything else is only carried along.
DECIDING = ["item_id", "article_id", "event_id", "content_sha256", "received_at", "source", "language", "reason"]
LINEAGE_NAMES = [column.name for column in LINEAGE]
NO_PROFILES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Day:
    """The tables of one day, and `ledger`: for each item expected, in how many of them it stands."""

    tables: dict[str, pa.Table]
    ledger: pa.Table


SetAside = Mapping[str, Mapping[str, str]]  # table → id of a row, its key joined by `/` → what the row breaks


def assemble_day(
    items: pa.Table,
    expected: Iterable[str],
    is_open: bool,
    versions: Mapping[str, str],
    profiles: Mapping[str, str] = NO_PROFILES,
    set_aside: SetAside | None = None,
) -> Day:
    """Put each item into exactly one of articles, duplicates and rejected, in the order of receipt.

    `items` has the columns of ITEMS and those of all enrichers; `expected` are the ids that have to be found.
    `is_open` says that the day had not ended when it was planned. `versions` are those of the stages that reject,
    `profiles` those of what was learnt, by source: a rejected row names what said no. The rows `set_aside` are
    rejected; a duplicate of an article that is goes with it, since it says the same.
    """
    set_aside = set_aside or {}
    items = _enriched_checked(items)
    # Texts are copied once, into their table: until then only the order and what decides are handled.
    order = pc.sort_indices(items, [("received_at", "ascending"), ("item_id", "ascending")])
    deciding = items.select(DECIDING).take(order)
    fates = _fates(deciding)
    if aside := _with_duplicates(set_aside.get("articles", {}), deciding, fates):
        items = _set_aside(items, aside)
        deciding = items.select(DECIDING).take(order)
        fates = _fates(deciding)

    def pick(table: Table, *given: str) -> pa.Table:
        """The items whose fate is this table, with the values given to them."""
        places = [place for place, fate in enumerate(fates) if fate["table"] == table.name]
        picked = items.take(order.take(pa.array(places, pa.int64())))
        for name in given:
            values = pa.array([fates[place].get(name) for place in places], table.schema.field(name).type)
            picked = picked.append_column(name, values)
        return picked

    articles = pick(ARTICLES, "revision", "duplicate_of", "duplicate_kind")
    tables = {
        "articles": ARTICLES.conform(articles),
        "entities": _entities(articles),
        "quotes": QUOTES.conform(_listed(articles, "quotes", "quote_index")),
        "duplicates": DUPLICATES.conform(pick(DUPLICATES, "kept_item_id", "duplicate_kind")),
        "rejected": REJECTED.conform(pick(REJECTED)),
        "coverage": _coverage(deciding, fates, articles, is_open),
    }
    _move_rows(tables, set_aside)
    tables["rejected"] = label_rejected(tables["rejected"], versions, profiles)
    return Day(tables, _ledger(expected, tables))


Fate = dict[str, Any]  # `table`, and the values that the item gets there


def _enriched_checked(items: pa.Table) -> pa.Table:
    """Give readable items that break a row rule of `articles` that as their reason; name the stage of all rejected."""
    items = items.append_column("published_on", pc.cast(items["published_at"], pa.date32()))
    broken = pa.array(ARTICLES.broken(items), pa.string())
    late = pc.and_(pc.is_null(items["reason"]), pc.is_valid(broken))
    found = pc.is_valid(items["reason"])
    stage = pc.if_else(found, "clean", pc.if_else(late, "enrich", pa.scalar(None, pa.string())))
    changed = {
        "reason": pc.if_else(late, "row_rule", items["reason"]),
        "detail": pc.if_else(late, broken, items["detail"]),
        "excerpt": pc.if_else(
            late, pc.utf8_slice_codeunits(items["text"], 0, EXCERPT).cast(pa.string()), items["excerpt"]
        ),
    }
    for name, values in changed.items():
        items = items.set_column(items.schema.get_field_index(name), name, values)
    of_items = {"table_name": pa.array(["articles"] * items.num_rows, pa.string())}
    of_items["row_index"] = pa.array([-1] * items.num_rows, pa.int32())
    for name, values in {"stage": stage, **of_items}.items():
        items = items.append_column(name, values)
    return items


def _with_duplicates(aside: Mapping[str, str], items: pa.Table, fates: list[Fate]) -> dict[str, str]:
    """The items set aside and, with them, those that are kept out of `articles` because they repeat one of them."""
    repeating = {
        item_id: f"{aside[kept]}; it repeats {kept}"
        for item_id, fate in zip(items["item_id"].to_pylist(), fates, strict=True)
        if (kept := str(fate.get("kept_item_id"))) in aside
    }
    return {**aside, **repeating}


def _set_aside(items: pa.Table, aside: Mapping[str, str]) -> pa.Table:
    """Give the readable items that are set aside `check` as their reason."""
    details = pa.array([aside.get(item_id) for item_id in items["item_id"].to_pylist()], pa.string())
    late = pc.and_(pc.is_null(items["reason"]), pc.is_valid(details))
    changed = {
        "reason": "check",
        "stage": "validate",
        "detail": details,
        "excerpt": pc.utf8_slice_codeunits(items["text"], 0, EXCERPT).cast(pa.string()),
    }
    for name, values in changed.items():
        items = items.set_column(
            items.schema.get_field_index(name), items.schema.field(name), pc.if_else(late, values, items[name])
        )
    return items


def _move_rows(tables: dict[str, pa.Table], set_aside: SetAside) -> None:
    """Move rows of `entities` and `quotes` that are set aside to `rejected`. A quote forgets an entity that is gone."""
    articles = tables["articles"].select(["item_id", "source", "url", "language", "received_at", *LINEAGE_NAMES])
    for contract, index, excerpt in ((ENTITIES, "entity_index", "name"), (QUOTES, "quote_index", "text")):
        name = contract.name
        aside = set_aside.get(name, {})
        if not aside:
            continue
        table = tables[name]
        if name == "entities":
            tables["quotes"] = _without_speakers(tables["quotes"], aside)
        details = pa.array([aside.get(row_id) for row_id in contract.build_row_ids(table).to_pylist()], pa.string())
        moved = table.append_column("detail", details).filter(pc.is_valid(details))
        tables[name] = table.filter(pc.is_null(details))
        whose = pc.index_in(moved["item_id"], value_set=articles["item_id"].combine_chunks())
        rejected = articles.take(whose)
        given = {
            "stage": pa.array(["validate"] * moved.num_rows),
            "reason": pa.array(["check"] * moved.num_rows),
            "detail": moved["detail"],
            "excerpt": pc.utf8_slice_codeunits(moved[excerpt], 0, EXCERPT),
            "table_name": pa.array([name] * moved.num_rows),
            "row_index": moved[index],
        }
        for column, values in given.items():
            rejected = rejected.append_column(column, values)
        tables["rejected"] = pa.concat_tables([tables["rejected"], REJECTED.conform(rejected)])


def _without_speakers(quotes: pa.Table, entities: Mapping[str, str]) -> pa.Table:
    gone = pa.array([row_id in entities for row_id in ENTITIES.build_row_ids(quotes).to_pylist()], pa.bool_())
    for name in ("speaker_name", "entity_index"):
        field = quotes.schema.field(name)
        values = pc.if_else(gone, pa.scalar(None, field.type), quotes[name])
        quotes = quotes.set_column(quotes.schema.get_field_index(name), field, values)
    return quotes


def _fates(items: pa.Table) -> list[Fate]:
    """Where each item goes. An earlier item decides over a later one, so the order of receipt matters."""
    kept_event: dict[tuple[str, str], str] = {}  # (event, text) → the item that stands for it
    latest: dict[str, tuple[str, str, int]] = {}  # article_id → (text, item, revision) of its newest text
    first_with: dict[str, tuple[str, str]] = {}  # text → (item, article) that had it first
    fates: list[Fate] = []
    for item in items.to_pylist():
        item_id, article_id, text, event = (item[n] for n in ("item_id", "article_id", "content_sha256", "event_id"))
        if item["reason"] is not None:
            fates.append({"table": "rejected"})
            continue
        newest = latest.get(article_id)
        if event is not None and (event, text) in kept_event:
            kept, kind = kept_event[event, text], "resent_event"
            fates.append({"table": "duplicates", "kept_item_id": kept, "duplicate_kind": kind})
        elif newest is not None and newest[0] == text:
            kept = newest[1]
            fates.append({"table": "duplicates", "kept_item_id": kept, "duplicate_kind": "same_url_same_text"})
        else:
            kept = item_id
            revision = newest[2] + 1 if newest else 1
            latest[article_id] = (text, item_id, revision)
            fate: Fate = {"table": "articles", "revision": revision}
            first, its_article = first_with.setdefault(text, (item_id, article_id))
            if its_article != article_id:
                fate |= {"duplicate_of": first, "duplicate_kind": "same_text"}
            fates.append(fate)
        if event is not None:
            kept_event.setdefault((event, text), kept)
    return fates


def _entities(articles: pa.Table) -> pa.Table:
    """One row per entity of the articles, with where it is if it is a place."""
    entities = _listed(articles, "entities", "entity_index")
    places = _listed(articles, "places", "place_index").drop_columns(["article_id", "place_index"])
    order = pa.array(range(entities.num_rows), pa.int64())
    located = entities.select(["item_id", "entity_index"]).append_column("order", order)
    located = located.join(places, ["item_id", "entity_index"]).sort_by("order")
    for name in places.column_names[2:]:
        entities = entities.append_column(name, located[name])
    return ENTITIES.conform(entities)


def _listed(articles: pa.Table, column: str, index: str) -> pa.Table:
    """One row per entry of a column of lists: whose it is, its place in the list from 0, and the entry's fields."""
    lists = articles[column].combine_chunks()
    parents = pc.list_parent_indices(lists)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_pylist()
    whose = articles.select(["item_id", "article_id"]).take(parents)
    rows = whose.append_column(index, pa.array((n for count in counts for n in range(count)), pa.int32()))
    entries = pc.list_flatten(lists)
    for field, values in zip(entries.type, entries.flatten(), strict=True):
        rows = rows.append_column(field, values)
    return rows


def _completeness(articles: pa.Table) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
    """(source, language) → how often each enricher was done, skipped, failed."""
    whose = list(zip(articles["source"].to_pylist(), _languages(articles), strict=True))
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for name in [name for name in articles.column_names if name.endswith("_status")]:
        ends = [(status or "").partition(":")[0] for status in articles[name].to_pylist()]
        counts = Counter(zip(whose, ends, strict=True))
        for group in sorted(set(whose)):
            row = {f"{end}_count": counts[group, end] for end in (DONE, SKIPPED, FAILED)}
            found[group].append({"enricher": name.removesuffix("_status"), **row})
    return found


def _languages(items: pa.Table) -> list[str]:
    return [language or "und" for language in items["language"].to_pylist()]


def _coverage(items: pa.Table, fates: list[Fate], articles: pa.Table, is_open: bool) -> pa.Table:
    counts: Counter[tuple[str, str, str]] = Counter()
    for source, language, fate in zip(items["source"].to_pylist(), _languages(items), fates, strict=True):
        counts[source, language, fate["table"]] += 1
    completeness = _completeness(articles)
    verdict = "open" if is_open else "closed" if fates else "no_input"
    rows = [
        {
            "source": source,
            "language": language,
            "received_count": sum(counts[source, language, table] for table in ("articles", "duplicates", "rejected")),
            "published_count": counts[source, language, "articles"],
            "duplicate_count": counts[source, language, "duplicates"],
            "rejected_count": counts[source, language, "rejected"],
            "completeness": completeness[source, language],
            "enrichment_failed_count": sum(each["failed_count"] for each in completeness[source, language]),
            "verdict": verdict,
        }
        for source, language in sorted({key[:2] for key in counts} or {(NO_SOURCE, "und")})
    ]
    return pa.Table.from_pylist(rows, COVERAGE.schema)


def _ledger(expected: Iterable[str], tables: dict[str, pa.Table]) -> pa.Table:
    """One row per item that is expected or found, with the number of places it stands in: it has to be 1."""
    places = Counter(dict.fromkeys(expected, 0))
    for name in ("articles", "duplicates", "rejected"):
        table = tables[name]
        if name == "rejected":  # also rows of other tables, whose items are published
            table = table.filter(pc.equal(table["table_name"], "articles"))
        places.update(table["item_id"].to_pylist())
    return pa.table({"item_id": pa.array(places, pa.string()), "place_count": pa.array(places.values(), pa.int32())})
