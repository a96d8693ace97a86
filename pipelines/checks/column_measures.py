"""The narrow tables of a day → measures of every column: missing, frequent, rare and odd values.

No rule can name everything that may go wrong. When something does, in a column that nobody thought of, then values go
missing, many rows have the same value, a new value appears, or numbers differ from those that their source has in the
same language. Compared with the days before, each of these is a share of rows that has changed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.tables.measures import MISSING, ODD, RARE, REPEATED, VALUE
from pipelines.tables.numbers import number_values
from pipelines.tables.published import PUBLISHED

Array = np.ndarray[Any, Any]
MEASURED = ("articles", "entities", "quotes", "duplicates", "rejected")
# Endings of columns that only name or number something, or say where the news are: that changes as the world does.
NOT_MEASURED = ("_id", "_sha256", "_name", "_index", "country", "admin1", "latitude", "longitude")
GROUP = 30  # rows of one source and language that show what is usual there; with fewer, the language's rows do
RARELY = 0.05  # of a group's rows
APART = 4.0  # standard deviations of normal values
# Columns with few values, besides those whose contract lists all values.
CATEGORIES = ("received_hour", "media_type", "published_from", "published_zone", "readability_formula")


class ColumnShare(NamedTuple):
    """A measure of a column: `row_count` of the `total` rows that the question applies to."""

    measure: str
    row_count: int
    total: int


def compute_column_shares(seen: Mapping[str, pa.Table]) -> Iterator[ColumnShare]:
    """Yield the measures of every column of the narrow tables in MEASURED."""
    contract = {f"{table.name}.{column.name}": column for table in PUBLISHED for column in table.columns}
    for table in MEASURED:
        if table not in seen or not seen[table].num_rows:
            continue
        rows = seen[table]
        groups = _number_groups(rows, seen["articles"])
        for name in rows.column_names:
            if name.endswith(NOT_MEASURED):
                continue
            column, full_name = rows[name].combine_chunks(), f"{table}.{name}"
            is_in_contract = full_name in contract
            if is_in_contract:  # an indicator is null wherever the column behind it is
                yield ColumnShare(f"{MISSING}{full_name}", column.null_count, len(column))
            known = column.drop_null()
            has_few_values = (
                name in CATEGORIES or name.endswith("_status") or (is_in_contract and contract[full_name].values)
            )
            if has_few_values or pa.types.is_boolean(column.type):
                for value, count in _count_values(known):
                    yield ColumnShare(f"{VALUE}{full_name}={value}", count, len(known))
                rare_count = _count_rare(pc.fill_null(_cut_at_colon(column), ""), groups)
                yield ColumnShare(f"{RARE}{full_name}", rare_count, len(column))
                continue
            if is_in_contract:
                yield ColumnShare(f"{RARE}{full_name}", _count_rare(column.is_null(), groups), len(column))
            yield ColumnShare(f"{REPEATED}{full_name}", _count_most_frequent(known), len(known))
            if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
                is_odd = _find_odd(_to_finite_numbers(column), groups)
                yield ColumnShare(f"{ODD}{full_name}", int(is_odd.sum()), len(known))


def _count_most_frequent(known: pa.Array) -> int:
    """Count the rows with the most frequent value."""
    return int(pc.max(pc.value_counts(known).field("counts")).as_py() or 0)


def _count_values(known: pa.Array) -> list[tuple[str, int]]:
    """Return each value with its number of rows; of a status only whether the enricher ran, not each error."""
    return sorted((pair["values"], pair["counts"]) for pair in pc.value_counts(_cut_at_colon(known)).to_pylist())


def _cut_at_colon(values: pa.Array) -> pa.Array:
    """Return the part of each value before its first colon."""
    return pc.list_element(pc.split_pattern(values.cast(pa.string()), ":", max_splits=1), 0)


def _count_rare(values: pa.Array, groups: Array) -> int:
    """Count the rows with a value that is rare in their group."""
    codes = number_values(values)
    _, pairs, counts = np.unique(groups * (codes.max() + 1) + codes, return_inverse=True, return_counts=True)
    sizes = np.bincount(groups)
    return int((counts[pairs] < RARELY * sizes[groups]).sum())


def _number_groups(rows: pa.Table, articles: pa.Table) -> Array:
    """Return the number of each row's group: its source and language where these have enough rows, or its language."""
    described = (rows if "source" in rows.column_names else articles).select(["source", "language"])
    unknown = pa.table({"source": [""], "language": ["und"]}, described.schema)  # of a row without its article
    described = pa.concat_tables([described, unknown])
    language = pc.fill_null(described["language"], "und")
    coarse = number_values(language)
    fine = number_values(pc.binary_join_element_wise(pc.fill_null(described["source"], ""), language, " "))
    owner = np.arange(rows.num_rows)
    if "source" not in rows.column_names:
        found = pc.index_in(rows["item_id"], value_set=articles["item_id"].combine_chunks())
        owner = np.asarray(pc.fill_null(found, articles.num_rows))
    fine, coarse = fine[owner], coarse[owner]
    counts = np.bincount(fine, minlength=1)
    groups: Array = np.where(counts[fine] >= GROUP, fine, len(counts) + coarse)
    return groups


def _find_odd(values: Array, groups: Array) -> Array:
    """Find the values that are far from the median of their group, given how much the values of the group differ.

    Where nearly all values are equal, any other is odd. Counts are compared as logarithms, since they are skewed.
    """
    is_odd = np.zeros(len(values), bool)
    known = values[~np.isnan(values)]
    if known.size and known.min() >= 0 and not np.mod(known, 1).any():
        values = np.log1p(values)
    order = np.argsort(groups, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        group = values[rows]
        group = group[~np.isnan(group)]
        if group.size:
            low, middle, high = np.quantile(group, [0.1, 0.5, 0.9])
            # Both estimates are the standard deviation of normal values.
            distance = 1.4826 * np.median(np.abs(group - middle))
            spread = max(distance, (high - low) / 2.563)
            is_odd[rows] = np.abs(values[rows] - middle) > APART * spread + 1e-9
    return is_odd


def _to_finite_numbers(column: pa.Array) -> Array:
    """Return a column as floats, NaN for null and for values that are not finite."""
    values = np.asarray(pc.fill_null(column.cast(pa.float64(), safe=False), np.nan), dtype=float)
    return np.where(np.isfinite(values), values, np.nan)
