"""The judged tables of a day → measures of every column: what is missing, what is told often, what lies apart.

No rule can name all that may go wrong. Whatever does, in a column that nobody thought of: values go missing, many rows
tell the same, a value is told that never was, or numbers are unlike those that their source has in the same language.
Beside the days before, each shows as a share of rows that is no longer what it was.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.measures import MISSING, ODD, RARE, REPEATED, VALUE
from pipelines.tables.published import PUBLISHED

Array = np.ndarray[Any, Any]
Share = tuple[str, int, int]  # the measure, the rows that count, the rows asked
MEASURED = ("articles", "entities", "quotes", "duplicates", "rejected")
# Ends of columns that only name or number something, and of where the news are: that changes as the world does.
NOT_MEASURED = ("_id", "_sha256", "_name", "_index", "country", "admin1", "latitude", "longitude")
GROUP = 30  # rows of one source and language that say what is usual there; below that the language's rows do
RARELY = 0.05  # of a group's rows
APART = 4.0  # standard deviations of normal values
# Columns with few values, besides those of which the contract lists them all.
CATEGORIES = ("received_hour", "media_type", "published_from", "published_zone", "readability_formula")


def compute_column_shares(judged: Mapping[str, pa.Table]) -> Iterator[Share]:
    """The measures of each judged table of MEASURED that is there."""
    contract = {f"{table.name}.{column.name}": column for table in PUBLISHED for column in table.columns}
    for table in MEASURED:
        if table not in judged or not judged[table].num_rows:
            continue
        rows = judged[table]
        groups = _groups(rows, judged["articles"])
        for name in rows.column_names:
            if name.endswith(NOT_MEASURED):
                continue
            column, told = rows[name].combine_chunks(), f"{table}.{name}"
            if told in contract:  # what a sign is derived of has nulls of its own
                yield f"{MISSING}{told}", column.null_count, len(column)
            known = column.drop_null()
            is_few = name in CATEGORIES or name.endswith("_status") or (told in contract and contract[told].values)
            if is_few or pa.types.is_boolean(column.type):
                yield from ((f"{VALUE}{told}={value}", count, len(known)) for value, count in _values(known))
                yield f"{RARE}{told}", _rare(pc.fill_null(_first(column), ""), groups), len(column)
                continue
            if told in contract:
                yield f"{RARE}{told}", _rare(column.is_null(), groups), len(column)
            yield f"{REPEATED}{told}", _most(known), len(known)
            if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
                odd = _odd(_numbers(column), groups)
                yield f"{ODD}{told}", int(odd.sum()), len(known)


def _most(known: pa.Array) -> int:
    """How many rows have the value that most have."""
    return int(pc.max(pc.value_counts(known).field("counts")).as_py() or 0)


def _values(known: pa.Array) -> list[tuple[str, int]]:
    """Each value and its rows; of a status only whether it ran, not each error."""
    return sorted((pair["values"], pair["counts"]) for pair in pc.value_counts(_first(known)).to_pylist())


def _first(values: pa.Array) -> pa.Array:
    """What stands before a colon."""
    return pc.list_element(pc.split_pattern(values.cast(pa.string()), ":", max_splits=1), 0)


def _rare(values: pa.Array, groups: Array) -> int:
    """How many rows have a value that hardly any of their group has."""
    _, codes = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
    _, pairs, counts = np.unique(groups * (codes.max() + 1) + codes, return_inverse=True, return_counts=True)
    sizes = np.bincount(groups)
    return int((counts[pairs] < RARELY * sizes[groups]).sum())


def _groups(rows: pa.Table, articles: pa.Table) -> Array:
    """For each row the number of its group: its source and language where these have rows enough, or its language."""
    told = rows
    if "source" not in rows.column_names:
        told = articles.select(["source", "language"]).take(
            pa.array(pc.index_in(rows["item_id"], value_set=articles["item_id"].combine_chunks()))
        )
    language = pc.fill_null(told["language"], "und")
    both = pc.binary_join_element_wise(pc.fill_null(told["source"], ""), language, " ")
    _, fine, counts = np.unique(np.asarray(both, dtype=object).astype(str), return_inverse=True, return_counts=True)
    _, coarse = np.unique(np.asarray(language, dtype=object).astype(str), return_inverse=True)
    groups: Array = np.where(counts[fine] >= GROUP, fine, len(counts) + coarse)
    return groups


def _odd(values: Array, groups: Array) -> Array:
    """Which values lie far from the median of their group, for how much its values differ.

    Where nearly all are alike any other is odd. Counts are compared as logarithms, since they are skewed.
    """
    odd = np.zeros(len(values), bool)
    known = values[~np.isnan(values)]
    if known.size and known.min() >= 0 and not np.mod(known, 1).any():
        values = np.log1p(values)
    order = np.argsort(groups, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        its = values[rows]
        its = its[~np.isnan(its)]
        if its.size:
            low, middle, high = np.quantile(its, [0.1, 0.5, 0.9])
            distance = 1.4826 * np.median(np.abs(its - middle))  # of normal values their standard deviation, as below
            spread = max(distance, (high - low) / 2.563)
            odd[rows] = np.abs(values[rows] - middle) > APART * spread + 1e-9
    return odd


def _numbers(column: pa.Array) -> Array:
    """NaN for null and for what is not finite."""
    values = np.asarray(pc.fill_null(column.cast(pa.float64(), safe=False), np.nan), dtype=float)
    return np.where(np.isfinite(values), values, np.nan)
