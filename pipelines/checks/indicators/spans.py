"""Comparison of spans with the texts that they refer to, many at once."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]
NO_WORDS = pa.nulls(0, pa.large_string())
TEXTS = 5_000  # compared at once: at four bytes per character some 60 MB


class _Spans(NamedTuple):
    """Spans of one nested field: the row of each, its offsets, and its words where the field has them."""

    rows: Array
    starts: pa.Array
    ends: pa.Array
    words: pa.Array | None


def count_broken_spans(texts: pa.ChunkedArray, *columns: pa.ChunkedArray, owners: Array | None = None) -> Array:
    """Count, for each row, the spans in its columns, at any depth, that differ from its text.

    A span is a struct with `start` and `end`, and with `text` or `term` where it has words. `owners` are the positions
    of the rows' texts in `texts`, -1 for none; without `owners`, rows and texts are in the same order.
    """
    row_count = len(columns[0])
    counts = np.zeros(row_count, np.int64)
    fields = [field for column in columns for field in _find_spans(column.combine_chunks(), np.arange(row_count))]
    for has_words in (True, False):
        some = [field for field in fields if (field.words is not None) is has_words]
        if not some:
            continue
        rows = np.concatenate([field.rows for field in some])
        starts = pa.concat_arrays([field.starts.cast(pa.int64()) for field in some])
        ends = pa.concat_arrays([field.ends.cast(pa.int64()) for field in some])
        words = pa.concat_arrays(
            [field.words.cast(pa.large_string()) for field in some if field.words is not None] or [NO_WORDS]
        )
        wrong = find_mismatches(
            texts, rows if owners is None else owners[rows], starts, ends, words if has_words else None
        )
        counts += np.bincount(rows[wrong], minlength=row_count)
    return counts


def find_mismatches(
    texts: pa.ChunkedArray, owners: Array, starts: pa.Array, ends: pa.Array, words: pa.Array | None
) -> Array:
    """Return, for each span, whether text[start:end] of its owner differs from its words.

    `owners` are positions in `texts`, -1 for a span without a text. A span that is null throughout is right. Without
    `words`, a span only has to lie within its text.
    """
    null = np.asarray(pc.and_(pc.is_null(starts), pc.is_null(ends)))
    if words is not None:
        null &= np.asarray(pc.is_null(words))
    start, end = (np.asarray(pc.fill_null(each, -1).cast(pa.int64())) for each in (starts, ends))
    wrong = np.ones(len(owners), bool)
    order = np.argsort(owners, kind="stable")
    ordered = owners[order]
    for first in range(0, len(texts), TEXTS):
        low, high = np.searchsorted(ordered, [first, first + TEXTS])
        if low == high:
            continue
        mine = order[low:high]
        points, lengths = _decode_points(texts.slice(first, TEXTS).to_pylist())
        begins = np.concatenate([[0], np.cumsum(lengths)])
        owner = owners[mine] - first
        right = (start[mine] >= 0) & (start[mine] <= end[mine]) & (end[mine] <= lengths[owner])
        if words is not None:
            word_points, sizes = _decode_points(words.take(pa.array(mine)).to_pylist())
            right &= (end[mine] - start[mine] == sizes) & (sizes > 0)
            at = np.concatenate([[0], np.cumsum(sizes)])[:-1]
            right[right] = _compare_runs(
                points, (begins[owner] + start[mine])[right], word_points, at[right], sizes[right]
            )
        wrong[mine] = ~right
    differs: Array = wrong & ~null
    return differs


def _compare_runs(points: Array, starts: Array, other_points: Array, other_starts: Array, sizes: Array) -> Array:
    """Return, for each run of `sizes` points, whether it is the same in both arrays, from its start in each."""
    if not len(sizes):
        return np.zeros(0, bool)
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
    same = points[np.repeat(starts, sizes) + within] == other_points[np.repeat(other_starts, sizes) + within]
    return np.logical_and.reduceat(same, ends - sizes)


def _decode_points(texts: Sequence[str | None]) -> tuple[Array, Array]:
    """Return (the code points of all texts, one after the other, the length of each text)."""
    joined = "".join(text for text in texts if text).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(joined, np.uint32), np.fromiter((len(text or "") for text in texts), np.int64, len(texts))


def _find_spans(values: pa.Array, owners: Array) -> Iterator[_Spans]:
    """Yield the spans in nested values; `owners` are the rows of the values."""
    if pa.types.is_list(values.type):
        yield from _find_spans(pc.list_flatten(values), owners[np.asarray(pc.list_parent_indices(values))])
    elif pa.types.is_struct(values.type):
        names = [field.name for field in values.type]
        if {"start", "end"} <= set(names):
            word = next((name for name in ("text", "term") if name in names), None)
            words = pc.struct_field(values, word) if word else None
            yield _Spans(owners, pc.struct_field(values, "start"), pc.struct_field(values, "end"), words)
        for name in names:
            yield from _find_spans(pc.struct_field(values, name), owners)
