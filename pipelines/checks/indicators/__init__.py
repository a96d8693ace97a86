"""The tables of a day → what Great Expectations sees of them: their plain columns, and signs derived from the others.

A sign is a number or a truth about one row: how many spans are not what stands in the text, whether the article is
there that a quote points to. The suites in expectations/ say which values are good. Neither the body nor lists that
hold pieces of it go to Great Expectations, which is ten times slower with them.
"""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.agreement import derive_agreement
from pipelines.checks.indicators.articles import derive_article_indicators
from pipelines.checks.indicators.invariants import (
    check_articles,
    check_duplicates,
    check_entities,
    check_items,
    check_quotes,
    check_rejected,
)
from pipelines.checks.indicators.references import (
    Indicators,
    compare_completeness,
    compare_coverage,
    derive_duplicate_indicators,
    derive_entity_indicators,
    derive_item_indicators,
    derive_quote_indicators,
)
from pipelines.checks.indicators.shape import derive_shape
from pipelines.checks.indicators.texts import derive_line_indicators, derive_text_indicators
from pipelines.tables.contract import ROW_ID
from pipelines.tables.published import PUBLISHED

CONTRACTS = {table.name: table for table in PUBLISHED}


def derive_indicators(tables: Mapping[str, pa.Table], dt: date) -> dict[str, pa.Table]:
    """The tables of the day `dt`, by name and with the columns of their contracts → what is judged of each.

    Each has `row_id`, the row's key. A table that is no published one (`ledger`) is passed on as it is.
    """
    names = ("articles", "entities", "quotes", "duplicates", "rejected")
    articles, entities, quotes, duplicates, rejected = (tables[name] for name in names)
    signs: dict[str, Indicators] = {
        "articles": {
            **derive_item_indicators(articles),
            **derive_article_indicators(articles, dt),
            **derive_text_indicators(articles),
            **derive_line_indicators(articles),
            **derive_shape(articles),
            **derive_agreement(articles),
            **check_articles(articles),
        },
        "entities": {
            **derive_entity_indicators(entities, articles, rejected),
            **check_entities(entities),
            **_finite(entities),
        },
        "quotes": {
            **derive_quote_indicators(quotes, articles, entities, rejected),
            **check_quotes(quotes, articles, entities),
            **_finite(quotes),
        },
        "duplicates": {
            **derive_item_indicators(duplicates),
            **derive_duplicate_indicators(duplicates, articles),
            **check_duplicates(duplicates, articles),
        },
        "rejected": {
            **derive_item_indicators(rejected),
            **derive_rejected_indicators(rejected, dt),
            **check_rejected(rejected, articles),
        },
    }
    for name, more in check_items(tables).items():
        signs[name] |= more
    found = {
        name: select_narrow(name, table, signs.get(name, {})) for name, table in tables.items() if name != "coverage"
    }
    coverage = compare_coverage(tables["coverage"], dict(tables))
    coverage = coverage.join(
        compare_completeness(tables["coverage"], articles), ["source", "language"], join_type="left outer"
    )
    coverage = coverage.sort_by([("source", "ascending"), ("language", "ascending")])
    found["coverage"] = coverage.append_column(ROW_ID, CONTRACTS["coverage"].row_ids(coverage))
    return found


def derive_rejected_indicators(rejected: pa.Table, dt: date) -> Indicators:
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


def _finite(table: pa.Table) -> Indicators:
    names = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    finite = [pc.fill_null(pc.is_finite(table[name]), True) for name in names]
    whole = finite[0]
    for each in finite[1:]:
        whole = pc.and_(whole, each)
    return {"is_finite": whole}


def select_narrow(name: str, table: pa.Table, signs: Indicators | None = None) -> pa.Table:
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
