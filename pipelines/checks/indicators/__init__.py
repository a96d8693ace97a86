"""The tables of a day → what Great Expectations sees of them: their plain columns, and signs derived from the others.

A sign is a number or a truth about one row: how many spans are not what stands in the text, whether the article is
there that a quote points to. The suites in expectations/ say which values are good. Neither the body nor lists that
hold pieces of it go to Great Expectations, which is ten times slower with them.
"""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.agreement import agreement_signs
from pipelines.checks.indicators.articles import article_signs
from pipelines.checks.indicators.invariants import (
    article_promises,
    duplicate_promises,
    entity_promises,
    item_promises,
    quote_promises,
    rejected_promises,
)
from pipelines.checks.indicators.references import (
    Signs,
    completeness_signs,
    coverage_with_found,
    duplicate_signs,
    entity_signs,
    item_signs,
    quote_signs,
)
from pipelines.checks.indicators.shape import shape_signs
from pipelines.checks.indicators.texts import line_signs, text_signs
from pipelines.tables.contract import ROW_ID
from pipelines.tables.published import PUBLISHED

CONTRACTS = {table.name: table for table in PUBLISHED}


def judged(tables: Mapping[str, pa.Table], dt: date) -> dict[str, pa.Table]:
    """The tables of the day `dt`, by name and with the columns of their contracts → what is judged of each.

    Each has `row_id`, the row's key. A table that is no published one (`ledger`) is passed on as it is.
    """
    names = ("articles", "entities", "quotes", "duplicates", "rejected")
    articles, entities, quotes, duplicates, rejected = (tables[name] for name in names)
    signs: dict[str, Signs] = {
        "articles": {
            **item_signs(articles),
            **article_signs(articles, dt),
            **text_signs(articles),
            **line_signs(articles),
            **shape_signs(articles),
            **agreement_signs(articles),
            **article_promises(articles),
        },
        "entities": {**entity_signs(entities, articles, rejected), **entity_promises(entities), **_finite(entities)},
        "quotes": {
            **quote_signs(quotes, articles, entities, rejected),
            **quote_promises(quotes, articles, entities),
            **_finite(quotes),
        },
        "duplicates": {
            **item_signs(duplicates),
            **duplicate_signs(duplicates, articles),
            **duplicate_promises(duplicates, articles),
        },
        "rejected": {
            **item_signs(rejected),
            **rejected_signs(rejected, dt),
            **rejected_promises(rejected, articles),
        },
    }
    for name, more in item_promises(tables).items():
        signs[name] |= more
    found = {name: narrow(name, table, signs.get(name, {})) for name, table in tables.items() if name != "coverage"}
    coverage = coverage_with_found(tables["coverage"], dict(tables))
    coverage = coverage.join(
        completeness_signs(tables["coverage"], articles), ["source", "language"], join_type="left outer"
    )
    coverage = coverage.sort_by([("source", "ascending"), ("language", "ascending")])
    found["coverage"] = coverage.append_column(ROW_ID, CONTRACTS["coverage"].row_ids(coverage))
    return found


def rejected_signs(rejected: pa.Table, dt: date) -> Signs:
    """Whether reason and stage of a row go together, and whether it says what was wrong."""
    is_checked = pc.equal(rejected["reason"], "check")
    is_late = pc.and_(pc.equal(rejected["reason"], "row_rule"), pc.equal(rejected["stage"], "enrich"))
    stage = pc.if_else(is_checked, "validate", pc.if_else(is_late, "enrich", "clean"))
    item = pc.equal(rejected["table_name"], "articles")
    return {
        "is_stage_right": pc.fill_null(pc.equal(rejected["stage"], stage), False),
        "is_index_told": pc.fill_null(pc.equal(item, pc.less(rejected["row_index"], 0)), False),
        "is_of_day": pc.equal(pc.cast(rejected["received_at"], pa.date32()), pa.scalar(dt, pa.date32())),
        "excerpt_length": pc.utf8_length(rejected["excerpt"]),
    }


def _finite(table: pa.Table) -> Signs:
    names = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    finite = [pc.fill_null(pc.is_finite(table[name]), True) for name in names]
    whole = finite[0]
    for each in finite[1:]:
        whole = pc.and_(whole, each)
    return {"is_finite": whole}


def narrow(name: str, table: pa.Table, signs: Signs | None = None) -> pa.Table:
    """A table's plain columns, its row ids and the signs derived of it."""
    if name not in CONTRACTS:
        return table
    plain = [
        field.name
        for field in table.schema
        if not pa.types.is_nested(field.type) and not pa.types.is_large_string(field.type)
    ]
    found = table.select(plain).append_column(ROW_ID, CONTRACTS[name].row_ids(table))
    for sign, values in (signs or {}).items():
        found = found.append_column(
            sign, values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
        )
    return found
