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

from pipelines.checks.indicators.agreement import compare_sources, derive_agreement_indicators
from pipelines.checks.indicators.articles import compare_articles, derive_article_indicators
from pipelines.checks.indicators.invariants import (
    compare_article_invariants,
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
    compare_entities,
    derive_duplicate_indicators,
    derive_entity_indicators,
    derive_item_indicators,
    derive_quote_indicators,
)
from pipelines.checks.indicators.shape import derive_shape_indicators
from pipelines.checks.indicators.texts import (
    LINES,
    count_repeated_lines,
    derive_line_indicators,
    derive_text_indicators,
)
from pipelines.tables.contract import ROW_ID
from pipelines.tables.published import PUBLISHED

CONTRACTS = {table.name: table for table in PUBLISHED}
OF_PARTS = ("articles", "entities", "quotes", "duplicates", "rejected")  # tables that are cut into parts


def derive_indicators(tables: Mapping[str, pa.Table], dt: date) -> dict[str, pa.Table]:
    """Derive, for each table of the day `dt`, the narrow table that the checks see.

    `tables` are the day's tables by name, with the columns of their contracts. Each narrow table has `row_id`, the key
    of the row. A table without a contract (`ledger`) is passed on as it is.
    """
    return compare_day({**tables, **derive_part_indicators(tables, dt)})


def derive_part_indicators(tables: Mapping[str, pa.Table], dt: date) -> dict[str, pa.Table]:
    """Derive the narrow tables of a part of the day `dt`, with the indicators that need no other part.

    `tables` are its articles, entities, quotes, duplicates and rejected, with the columns of their contracts.
    """
    articles, entities, quotes, duplicates, rejected = (tables[name] for name in OF_PARTS)
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
        "duplicates": derive_item_indicators(duplicates),
        "rejected": {
            **derive_item_indicators(rejected),
            **derive_rejected_indicators(rejected, dt),
            **derive_rejected_invariants(rejected, articles),
        },
    }
    return {name: select_narrow(name, tables[name], indicators[name]) for name in OF_PARTS}


def compare_day(narrow: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Add the indicators that compare the rows of a whole day.

    `narrow` has the narrow tables of all its parts, `coverage` as it is stored and, where it is known, `ledger`.
    """
    articles, entities, duplicates = (narrow[name] for name in ("articles", "entities", "duplicates"))
    indicators: dict[str, Indicators] = {
        "articles": {
            **compare_articles(articles),
            **compare_article_invariants(articles),
            **compare_sources(articles),
            "repeated_line_count": count_repeated_lines(articles),
        },
        "entities": compare_entities(entities),
        "duplicates": {
            **derive_duplicate_indicators(duplicates, articles),
            **derive_duplicate_invariants(duplicates, articles),
        },
    }
    for name, invariants in derive_item_invariants(narrow).items():
        indicators.setdefault(name, {}).update(invariants)
    seen = {name: _add_columns(table, indicators.get(name, {})) for name, table in narrow.items()}
    seen["articles"] = seen["articles"].drop_columns([LINES])
    coverage = compare_coverage(narrow["coverage"], dict(narrow))
    coverage = coverage.join(
        compare_completeness(narrow["coverage"], articles), ["source", "language"], join_type="left outer"
    )
    coverage = coverage.sort_by([("source", "ascending"), ("language", "ascending")])
    seen["coverage"] = coverage.append_column(ROW_ID, CONTRACTS["coverage"].build_row_ids(coverage))
    return seen


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
    return _add_columns(narrow, indicators or {})


def _add_columns(table: pa.Table, columns: Indicators) -> pa.Table:
    for name, values in columns.items():
        column = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
        table = table.append_column(name, column)
    return table


def _are_numbers_finite(table: pa.Table) -> pa.ChunkedArray:
    names = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    return reduce(pc.and_, (pc.fill_null(pc.is_finite(table[name]), True) for name in names))
