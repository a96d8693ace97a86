"""Items and their outcomes → parts of the tables of a day. Pure.

A part is a contiguous run of a day's items in the order of receipt. Where it ends follows from the items alone, so that
neither batches nor machines leave a trace.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stages.assemble.items import apply_row_rules, excerpt, replace_columns
from pipelines.stages.assemble.outcomes import TABLES, SetAside
from pipelines.tables.articles import ARTICLES
from pipelines.tables.contract import Table
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.entities import ENTITIES
from pipelines.tables.items import LINEAGE
from pipelines.tables.quotes import QUOTES
from pipelines.tables.rejected import REJECTED, label_rejected

# A part ends at so many items, or so many bytes of their texts, whichever comes first; it has one item at least.
PART_ITEMS = 20_000
PART_BYTES = 64 << 20
LINEAGE_NAMES = [column.name for column in LINEAGE]
NO_PROFILES: Mapping[str, str] = MappingProxyType({})
NOTHING_ASIDE: SetAside = MappingProxyType({})


def cut(content_bytes: pa.ChunkedArray, at_items: int | None = None, at_bytes: int | None = None) -> list[int]:
    """Return where the parts of a day begin, and where the last one ends: positions among its items.

    `content_bytes` are the sizes of the items' texts, in the order of receipt. A day without items has one part.
    """
    at_items, at_bytes = at_items or PART_ITEMS, at_bytes or PART_BYTES
    ends = np.cumsum(np.asarray(content_bytes, dtype=np.int64))
    bounds = [0]
    while bounds[-1] < len(ends):
        begin = bounds[-1]
        before = int(ends[begin - 1]) if begin else 0
        fitting = int(np.searchsorted(ends, before + at_bytes, side="right"))
        bounds.append(min(max(fitting, begin + 1), begin + at_items, len(ends)))
    return bounds if len(bounds) > 1 else [0, 0]


def build_part(
    items: pa.Table,
    outcomes: pa.Table,
    versions: Mapping[str, str],
    profiles: Mapping[str, str] = NO_PROFILES,
    set_aside: SetAside = NOTHING_ASIDE,
) -> dict[str, pa.Table]:
    """Build the tables of a part: each item is in one of articles, duplicates and rejected.

    `items` has the columns of ITEMS and those of all enrichers, in the order of receipt; `outcomes` is OUTCOMES, row
    for row. A rejected row names the code that rejected it: `versions` are those of the stages that reject, `profiles`
    those of the profiles, by source. The rows of entities and quotes that are `set_aside` are rejected.
    """
    items = _set_units_aside(_reject_failing(apply_row_rules(items), outcomes["check"]), outcomes["unit"])

    def pick(table: Table, *decided: str) -> pa.Table:
        """Return the items whose outcome is this table, with the values decided for them."""
        positions = pc.indices_nonzero(pc.equal(outcomes["outcome"], TABLES.index(table.name)))
        picked = items.take(positions)
        for name in decided:
            picked = picked.append_column(name, outcomes[name].take(positions))
        return picked

    articles = pick(ARTICLES, "revision", "duplicate_of", "duplicate_kind")
    tables = {
        "articles": ARTICLES.conform(articles),
        "entities": _build_entities(articles),
        "quotes": QUOTES.conform(_explode(articles, "quotes", "quote_index")),
        "duplicates": DUPLICATES.conform(pick(DUPLICATES, "kept_item_id", "duplicate_kind")),
        "rejected": REJECTED.conform(pick(REJECTED)),
    }
    _reject_rows(tables, set_aside)
    tables["rejected"] = label_rejected(tables["rejected"], versions, profiles)
    return tables


def _reject_failing(items: pa.Table, checks: pa.ChunkedArray) -> pa.Table:
    """Reject the items that fail a check, with the reason `check`."""
    is_rejected = pc.is_valid(checks)
    new = {"reason": "check", "stage": "validate", "detail": checks, "excerpt": _excerpt_text(items)}
    return replace_columns(items, **{name: pc.if_else(is_rejected, new[name], items[name]) for name in new})


def _set_units_aside(items: pa.Table, units: pa.ChunkedArray) -> pa.Table:
    """Reject the items that are set aside as a whole, sound ones too, with the reason `set_aside`."""
    is_aside = pc.is_valid(units)
    own = pc.binary_join_element_wise("; this one is ", items["reason"], "")
    own = pc.if_else(
        pc.equal(pc.fill_null(items["detail"], ""), ""), own, pc.binary_join_element_wise(own, items["detail"], ": ")
    )
    details = pc.binary_join_element_wise(units, pc.fill_null(own, ""), "")
    excerpts = pc.if_else(pc.is_null(items["reason"]), _excerpt_text(items), items["excerpt"])
    nothing = pa.scalar(None, pa.string())
    return replace_columns(
        items,
        own_reason=pc.if_else(is_aside, items["reason"], nothing),
        reason=pc.if_else(is_aside, "set_aside", items["reason"]),
        stage=pc.if_else(is_aside, "assemble", items["stage"]),
        detail=pc.if_else(is_aside, details, items["detail"]),
        excerpt=pc.if_else(is_aside, excerpts, items["excerpt"]),
    )


def _excerpt_text(items: pa.Table) -> pa.ChunkedArray:
    return excerpt(items["text"]).cast(pa.string())


def _reject_rows(tables: dict[str, pa.Table], set_aside: SetAside) -> None:
    """Move the rows of `entities` and `quotes` that are set aside to `rejected`.

    A quote whose entity is rejected loses its speaker.
    """
    articles = tables["articles"].select(["item_id", "source", "url", "language", "received_at", *LINEAGE_NAMES])
    for contract, index, shown in ((ENTITIES, "entity_index", "name"), (QUOTES, "quote_index", "text")):
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
            "excerpt": excerpt(rows[shown]),
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
