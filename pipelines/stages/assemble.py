"""enriched → the tables of a day: duplicates, revisions, rejected, coverage. Batches leave no trace in them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.explosions import Explosion, Origin, Tally, find_explosions
from pipelines.tables.articles import ARTICLES
from pipelines.tables.contract import Table
from pipelines.tables.coverage import COVERAGE, NO_SOURCE
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.enriched.status import DONE, FAILED, SKIPPED
from pipelines.tables.entities import ENTITIES
from pipelines.tables.items import EXCERPT, LINEAGE
from pipelines.tables.quotes import QUOTES
from pipelines.tables.rejected import REJECTED, label_rejected

# The columns that decide the outcome of an item; all others are only carried along.
DECIDING = [
    "item_id", "article_id", "event_id", "content_sha256", "received_at", "source", "language", "reason", "delivery_id",
]  # fmt: skip
LINEAGE_NAMES = [column.name for column in LINEAGE]
NO_PROFILES: Mapping[str, str] = MappingProxyType({})
NOTHING_USUAL: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Day:
    """The tables of one day, and `ledger`: for each expected item, in how many of them it is."""

    tables: dict[str, pa.Table]
    ledger: pa.Table


SetAside = Mapping[str, Mapping[str, str]]  # table → id of a row, its key joined by `/` → the check that it fails
Outcome = dict[str, Any]  # of an item: `table`, and the values that it gets there


def assemble_day(
    items: pa.Table,
    expected: Iterable[str],
    is_open: bool,
    versions: Mapping[str, str],
    profiles: Mapping[str, str] = NO_PROFILES,
    set_aside: SetAside | None = None,
    usual: Mapping[str, float] = NOTHING_USUAL,
    accepted: frozenset[str] = frozenset(),
) -> Day:
    """Put each item into exactly one of articles, duplicates and rejected, in the order of receipt.

    `items` has the columns of ITEMS and those of all enrichers; `expected` are the ids of items that must be there.
    `is_open` means that the day had not ended when it was planned. A rejected row names the code that rejected it:
    `versions` are those of the stages that reject, `profiles` those of the profiles, by source. The rows `set_aside`
    are rejected, and so are the duplicates of an article among them, since they have the same text.

    A delivery or source that explodes is set aside as a whole: `usual` is the share of a source's items that is usually
    rejected, and the units that a person `accepted` are judged item by item. If so many explode that the fault is most
    likely ours, none is set aside; the release is to be stopped then.
    """
    set_aside = set_aside or {}
    items = _apply_row_rules(items)
    # Texts are copied once, into their table: until then only the order and the deciding columns are handled.
    order = pc.sort_indices(items, [("received_at", "ascending"), ("item_id", "ascending")])
    deciding = items.select(DECIDING).take(order)
    outcomes = _decide_outcomes(deciding)
    if details := _add_duplicates(set_aside.get("articles", {}), deciding, outcomes):
        items = _reject_items(items, details)
        deciding = items.select(DECIDING).take(order)
        outcomes = _decide_outcomes(deciding)
    explosions = find_explosions(_count_by_origin(deciding), usual, accepted)
    if explosions.units and not explosions.is_common:
        items = _set_units_aside(items, explosions.units)
        deciding = items.select(DECIDING).take(order)
        outcomes = _decide_outcomes(deciding)

    def pick(table: Table, *decided: str) -> pa.Table:
        """Return the items whose outcome is this table, with the values decided for them."""
        positions = [position for position, outcome in enumerate(outcomes) if outcome["table"] == table.name]
        picked = items.take(order.take(pa.array(positions, pa.int64())))
        for name in decided:
            values = pa.array([outcomes[position].get(name) for position in positions], table.schema.field(name).type)
            picked = picked.append_column(name, values)
        return picked

    articles = pick(ARTICLES, "revision", "duplicate_of", "duplicate_kind")
    tables = {
        "articles": ARTICLES.conform(articles),
        "entities": _build_entities(articles),
        "quotes": QUOTES.conform(_explode(articles, "quotes", "quote_index")),
        "duplicates": DUPLICATES.conform(pick(DUPLICATES, "kept_item_id", "duplicate_kind")),
        "rejected": REJECTED.conform(pick(REJECTED)),
        "coverage": _build_coverage(deciding, outcomes, articles, is_open),
    }
    _reject_rows(tables, set_aside)
    tables["rejected"] = label_rejected(tables["rejected"], versions, profiles)
    return Day(tables, _build_ledger(expected, tables))


def _apply_row_rules(items: pa.Table) -> pa.Table:
    """Reject items that break a row rule of `articles`; name the stage of all rejected items."""
    items = items.append_column("published_on", pc.cast(items["published_at"], pa.date32()))
    broken = pa.array(ARTICLES.broken(items), pa.string())
    is_late = pc.and_(pc.is_null(items["reason"]), pc.is_valid(broken))  # cleaning has let it through
    is_early = pc.is_valid(items["reason"])
    stage = pc.if_else(is_early, "clean", pc.if_else(is_late, "enrich", pa.scalar(None, pa.string())))
    changed = {
        "reason": pc.if_else(is_late, "row_rule", items["reason"]),
        "detail": pc.if_else(is_late, broken, items["detail"]),
        "excerpt": pc.if_else(is_late, _excerpt(items["text"]).cast(pa.string()), items["excerpt"]),
    }
    for name, values in changed.items():
        items = items.set_column(items.schema.get_field_index(name), name, values)
    added = {
        "stage": stage,
        "table_name": pa.array(["articles"] * items.num_rows, pa.string()),
        "row_index": pa.array([-1] * items.num_rows, pa.int32()),
        "own_reason": pa.nulls(items.num_rows, pa.string()),
    }
    for name, values in added.items():
        items = items.append_column(name, values)
    return items


def _excerpt(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return how texts begin, on one line, without control characters and others that are not seen."""
    starts = pc.utf8_slice_codeunits(texts, 0, EXCERPT)
    return pc.replace_substring_regex(starts, r"[\pC\s\x{2028}\x{2029}]+", " ")


def _add_duplicates(details: Mapping[str, str], items: pa.Table, outcomes: list[Outcome]) -> dict[str, str]:
    """Return item → why it is set aside, also for the items that are duplicates of an item set aside."""
    repeating = {
        item_id: f"{details[kept]}; it repeats {kept}"
        for item_id, outcome in zip(items["item_id"].to_pylist(), outcomes, strict=True)
        if (kept := str(outcome.get("kept_item_id"))) in details
    }
    return {**details, **repeating}


def _reject_items(items: pa.Table, set_aside: Mapping[str, str]) -> pa.Table:
    """Reject the readable items that are set aside, with the reason `check`."""
    details = pa.array([set_aside.get(item_id) for item_id in items["item_id"].to_pylist()], pa.string())
    is_rejected = pc.and_(pc.is_null(items["reason"]), pc.is_valid(details))
    changed = {
        "reason": "check",
        "stage": "validate",
        "detail": details,
        "excerpt": _excerpt(items["text"]).cast(pa.string()),
    }
    for name, new_values in changed.items():
        values = pc.if_else(is_rejected, new_values, items[name])
        items = items.set_column(items.schema.get_field_index(name), items.schema.field(name), values)
    return items


def _count_by_origin(items: pa.Table) -> dict[Origin, Tally]:
    """Return how many items of each delivery and source there are, and how many of them are rejected."""
    counted = items.group_by(["delivery_id", "source"]).aggregate([([], "count_all"), ("reason", "count")])
    names = ("delivery_id", "source", "count_all", "reason_count")
    return {
        Origin(delivery, source): Tally(received, rejected)
        for delivery, source, received, rejected in zip(*(counted[name].to_pylist() for name in names), strict=True)
    }


def _set_units_aside(items: pa.Table, units: Iterable[Explosion]) -> pa.Table:
    """Reject all items of these deliveries and sources, sound ones too, with the reason `set_aside`."""
    details = {unit.unit: f"{unit.unit}: {unit.rejected} of its {unit.received} items are rejected" for unit in units}
    rows = items.select(["delivery_id", "source", "reason", "detail"]).to_pylist()
    new: list[str | None] = []
    for row in rows:
        unit = next((unit for unit in Origin(row["delivery_id"], row["source"]).units if unit in details), None)
        own = f"; this one is {row['reason']}: {row['detail'] or ''}".removesuffix(": ") if row["reason"] else ""
        new.append(details[unit] + own if unit else None)
    is_aside = pc.is_valid(pa.array(new, pa.string()))
    excerpts = pc.if_else(pc.is_null(items["reason"]), _excerpt(items["text"]).cast(pa.string()), items["excerpt"])
    changed = {
        "own_reason": pc.if_else(is_aside, items["reason"], pa.scalar(None, pa.string())),
        "reason": pc.if_else(is_aside, "set_aside", items["reason"]),
        "stage": pc.if_else(is_aside, "assemble", items["stage"]),
        "detail": pc.if_else(is_aside, pa.array(new, pa.string()), items["detail"]),
        "excerpt": pc.if_else(is_aside, excerpts, items["excerpt"]),
    }
    for name, values in changed.items():
        items = items.set_column(items.schema.get_field_index(name), items.schema.field(name), values)
    return items


def _reject_rows(tables: dict[str, pa.Table], set_aside: SetAside) -> None:
    """Move the rows of `entities` and `quotes` that are set aside to `rejected`.

    A quote whose entity is rejected loses its speaker.
    """
    articles = tables["articles"].select(["item_id", "source", "url", "language", "received_at", *LINEAGE_NAMES])
    for contract, index, excerpt in ((ENTITIES, "entity_index", "name"), (QUOTES, "quote_index", "text")):
        name = contract.name
        reasons = set_aside.get(name, {})
        if not reasons:
            continue
        table = tables[name]
        if name == "entities":
            tables["quotes"] = _clear_speakers(tables["quotes"], reasons)
        details = pa.array([reasons.get(row_id) for row_id in contract.build_row_ids(table).to_pylist()], pa.string())
        rows = table.append_column("detail", details).filter(pc.is_valid(details))
        tables[name] = table.filter(pc.is_null(details))
        rejected = articles.take(pc.index_in(rows["item_id"], value_set=articles["item_id"].combine_chunks()))
        added = {
            "stage": pa.array(["validate"] * rows.num_rows),
            "reason": pa.array(["check"] * rows.num_rows),
            "detail": rows["detail"],
            "excerpt": _excerpt(rows[excerpt]),
            "table_name": pa.array([name] * rows.num_rows),
            "row_index": rows[index],
            "own_reason": pa.nulls(rows.num_rows, pa.string()),
        }
        for column, values in added.items():
            rejected = rejected.append_column(column, values)
        tables["rejected"] = pa.concat_tables([tables["rejected"], REJECTED.conform(rejected)])


def _clear_speakers(quotes: pa.Table, entities: Mapping[str, str]) -> pa.Table:
    """Return the quotes without speakers that are among these entities."""
    is_gone = pa.array([row_id in entities for row_id in ENTITIES.build_row_ids(quotes).to_pylist()], pa.bool_())
    for name in ("speaker_name", "entity_index"):
        field = quotes.schema.field(name)
        values = pc.if_else(is_gone, pa.scalar(None, field.type), quotes[name])
        quotes = quotes.set_column(quotes.schema.get_field_index(name), field, values)
    return quotes


def _decide_outcomes(items: pa.Table) -> list[Outcome]:
    """Return the outcome of each item. An earlier item decides over a later one, so the order of receipt matters."""
    kept_event: dict[tuple[str, str], str] = {}  # (event, text) → the item that is kept for it
    latest: dict[str, tuple[str, str, int]] = {}  # article_id → (text, item, revision) of its newest text
    first_with: dict[str, tuple[str, str]] = {}  # text → (item, article) that had it first
    outcomes: list[Outcome] = []
    for item in items.to_pylist():
        item_id, article_id, text, event = (item[n] for n in ("item_id", "article_id", "content_sha256", "event_id"))
        if item["reason"] is not None:
            outcomes.append({"table": "rejected"})
            continue
        newest = latest.get(article_id)
        if event is not None and (event, text) in kept_event:
            kept, kind = kept_event[event, text], "resent_event"
            outcomes.append({"table": "duplicates", "kept_item_id": kept, "duplicate_kind": kind})
        elif newest is not None and newest[0] == text:
            kept = newest[1]
            outcomes.append({"table": "duplicates", "kept_item_id": kept, "duplicate_kind": "same_url_same_text"})
        else:
            kept = item_id
            revision = newest[2] + 1 if newest else 1
            latest[article_id] = (text, item_id, revision)
            outcome: Outcome = {"table": "articles", "revision": revision}
            first_item, first_article = first_with.setdefault(text, (item_id, article_id))
            if first_article != article_id:
                outcome |= {"duplicate_of": first_item, "duplicate_kind": "same_text"}
            outcomes.append(outcome)
        if event is not None:
            kept_event.setdefault((event, text), kept)
    return outcomes


def _build_entities(articles: pa.Table) -> pa.Table:
    """Return one row per entity of the articles, with its location if it is a place."""
    entities = _explode(articles, "entities", "entity_index")
    places = _explode(articles, "places", "place_index").drop_columns(["article_id", "place_index"])
    order = pa.array(range(entities.num_rows), pa.int64())
    located = entities.select(["item_id", "entity_index"]).append_column("order", order)
    located = located.join(places, ["item_id", "entity_index"]).sort_by("order")
    for name in places.column_names[2:]:
        entities = entities.append_column(name, located[name])
    return ENTITIES.conform(entities)


def _explode(articles: pa.Table, column: str, index: str) -> pa.Table:
    """Return one row per entry of a column of lists: its article, its position in the list from 0, and its fields."""
    lists = articles[column].combine_chunks()
    parents = pc.list_parent_indices(lists)
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_pylist()
    rows = articles.select(["item_id", "article_id"]).take(parents)
    rows = rows.append_column(index, pa.array((n for length in lengths for n in range(length)), pa.int32()))
    entries = pc.list_flatten(lists)
    for field, values in zip(entries.type, entries.flatten(), strict=True):
        rows = rows.append_column(field, values)
    return rows


def _count_completeness(articles: pa.Table) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
    """Return (source, language) → how often each enricher was done, skipped and failed."""
    groups = list(zip(articles["source"].to_pylist(), _list_languages(articles), strict=True))
    completeness: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for name in [name for name in articles.column_names if name.endswith("_status")]:
        statuses = [(status or "").partition(":")[0] for status in articles[name].to_pylist()]
        counts = Counter(zip(groups, statuses, strict=True))
        for group in sorted(set(groups)):
            row = {f"{status}_count": counts[group, status] for status in (DONE, SKIPPED, FAILED)}
            completeness[group].append({"enricher": name.removesuffix("_status"), **row})
    return completeness


def _list_languages(items: pa.Table) -> list[str]:
    return [language or "und" for language in items["language"].to_pylist()]


def _build_coverage(items: pa.Table, outcomes: list[Outcome], articles: pa.Table, is_open: bool) -> pa.Table:
    """Return one row per source and language, with the number of items of each outcome."""
    counts: Counter[tuple[str, str, str]] = Counter()
    columns = (items["source"].to_pylist(), _list_languages(items), items["reason"].to_pylist())
    for source, language, reason, outcome in zip(*columns, outcomes, strict=True):
        counts[source, language, outcome["table"]] += 1
        counts[source, language, "set_aside"] += reason == "set_aside"
    completeness = _count_completeness(articles)
    verdict = "open" if is_open else "closed" if outcomes else "no_input"
    rows = [
        {
            "source": source,
            "language": language,
            "received_count": sum(counts[source, language, table] for table in ("articles", "duplicates", "rejected")),
            "published_count": counts[source, language, "articles"],
            "duplicate_count": counts[source, language, "duplicates"],
            "rejected_count": counts[source, language, "rejected"],
            "set_aside_count": counts[source, language, "set_aside"],
            "completeness": completeness[source, language],
            "enrichment_failed_count": sum(each["failed_count"] for each in completeness[source, language]),
            "verdict": verdict,
        }
        for source, language in sorted({key[:2] for key in counts} or {(NO_SOURCE, "und")})
    ]
    return pa.Table.from_pylist(rows, COVERAGE.schema)


def _build_ledger(expected: Iterable[str], tables: dict[str, pa.Table]) -> pa.Table:
    """Return one row per item that is expected or there, with the number of tables that it is in: it has to be 1."""
    counts = Counter(dict.fromkeys(expected, 0))
    for name in ("articles", "duplicates", "rejected"):
        table = tables[name]
        if name == "rejected":  # also rows of other tables, whose items are published
            table = table.filter(pc.equal(table["table_name"], "articles"))
        counts.update(table["item_id"].to_pylist())
    return pa.table({"item_id": pa.array(counts, pa.string()), "place_count": pa.array(counts.values(), pa.int32())})
