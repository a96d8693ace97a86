"""The tables of a day → the tables that Great Expectations sees: their plain columns, and indicators.

An indicator is a number or a boolean about one row: how many of its spans differ from the text, whether the article of
a quote exists. The suites in expectations/ say which values are good. Neither the body nor lists that hold pieces of it
go to Great Expectations, which is ten times slower with them.
"""

from collections.abc import Mapping
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.agreement import derive_agreement_indicators
from pipelines.checks.indicators.articles import derive_article_indicators
from pipelines.checks.indicators.invariants import (
    derive_article_invariants,
    derive_duplicate_invariants,
    derive_entity_invariants,
    derive_item_invariants,
    derive_quote_invariants,
    derive_rejected_invariants,
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
from pipelines.checks.indicators.shape import derive_shape_indicators
from pipelines.checks.indicators.texts import derive_line_indicators, derive_text_indicators
from pipelines.tables.contract import ROW_ID
from pipelines.tables.published import PUBLISHED

CONTRACTS = {table.name: table for table in PUBLISHED}


def derive_indicators(tables: Mapping[str, pa.Table], dt: date) -> dict[str, pa.Table]:
    """Derive, for each table of the day `dt`, the narrow table that the checks see.

    `tables` are the day's tables by name, with the columns of their contracts. Each narrow table has `row_id`, the key
    of the row. A table without a contract (`ledger`) is passed on as it is.
    """
    names = ("articles", "entities", "quotes", "duplicates", "rejected")
    articles, entities, quotes, duplicates, rejected = (tables[name] for name in names)
    indicators: dict[str, Indicators] = {
        "articles": {
            **derive_item_indicators(articles),
            **derive_article_indicators(articles, dt),
            **derive_text_indicators(articles),
            **derive_line_indicators(articles),
            **derive_shape_indicators(articles),
            **derive_agreement_indicators(articles),
            **derive_article_invariants(articles),
        },
        "entities": {
            **derive_entity_indicators(entities, articles, rejected),
            **derive_entity_invariants(entities),
            "is_finite": _are_numbers_finite(entities),
        },
        "quotes": {
            **derive_quote_indicators(quotes, articles, entities, rejected),
            **derive_quote_invariants(quotes, articles, entities),
            "is_finite": _are_numbers_finite(quotes),
        },
        "duplicates": {
            **derive_item_indicators(duplicates),
            **derive_duplicate_indicators(duplicates, articles),
            **derive_duplicate_invariants(duplicates, articles),
        },
        "rejected": {
            **derive_item_indicators(rejected),
            **derive_rejected_indicators(rejected, dt),
            **derive_rejected_invariants(rejected, articles),
        },
    }
    for name, invariants in derive_item_invariants(tables).items():
        indicators[name] |= invariants
    narrow = {
        name: select_narrow(name, table, indicators.get(name, {}))
        for name, table in tables.items()
        if name != "coverage"
    }
    coverage = compare_coverage(tables["coverage"], dict(tables))
    coverage = coverage.join(
        compare_completeness(tables["coverage"], articles), ["source", "language"], join_type="left outer"
    )
    coverage = coverage.sort_by([("source", "ascending"), ("language", "ascending")])
    return {**narrow, "coverage": coverage.append_column(ROW_ID, CONTRACTS["coverage"].build_row_ids(coverage))}


def derive_rejected_indicators(rejected: pa.Table, dt: date) -> Indicators:
    """Derive whether stage and row index of a rejected row are possible for its reason and table."""
    is_checked = pc.equal(rejected["reason"], "check")
    is_late = pc.and_(pc.equal(rejected["reason"], "row_rule"), pc.equal(rejected["stage"], "enrich"))
    stage = pc.if_else(is_checked, "validate", pc.if_else(is_late, "enrich", "clean"))
    stage = pc.if_else(pc.equal(rejected["reason"], "set_aside"), "assemble", stage)
    is_item = pc.equal(rejected["table_name"], "articles")
    return {
        "is_stage_valid": pc.fill_null(pc.equal(rejected["stage"], stage), False),
        "is_row_index_valid": pc.fill_null(pc.equal(is_item, pc.less(rejected["row_index"], 0)), False),
        "is_of_day": pc.equal(pc.cast(rejected["received_at"], pa.date32()), pa.scalar(dt, pa.date32())),
        "excerpt_length": pc.utf8_length(rejected["excerpt"]),
    }


def select_narrow(name: str, table: pa.Table, indicators: Indicators | None = None) -> pa.Table:
    """Select a table's plain columns, and add its row ids and indicators."""
    if name not in CONTRACTS:
        return table
    plain = [
        field.name
        for field in table.schema
        if not pa.types.is_nested(field.type) and not pa.types.is_large_string(field.type)
    ]
    narrow = table.select(plain).append_column(ROW_ID, CONTRACTS[name].build_row_ids(table))
    for indicator, values in (indicators or {}).items():
        column = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
        narrow = narrow.append_column(indicator, column)
    return narrow


def _are_numbers_finite(table: pa.Table) -> pa.ChunkedArray:
    names = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    return reduce(pc.and_, (pc.fill_null(pc.is_finite(table[name]), True) for name in names))
