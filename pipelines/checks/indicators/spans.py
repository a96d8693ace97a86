"""Whether what a row says of a text is what stands there: spans compared with the text, many at once."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]
NO_WORDS = pa.nulls(0, pa.large_string())
TEXTS = 5_000  # compared at once: at four bytes a character some 60 MB


def count_broken_spans(texts: pa.ChunkedArray, *columns: pa.ChunkedArray, owners: Array | None = None) -> Array:
    """For each row how many of the spans in its columns, at any depth, are not what stands in its text.

    A span is a struct with `start` and `end`, and `text` or `term` where it says what stands there. `owners` are the
    places of the rows' texts in `texts`, -1 for none; without them row and text are in the same place.
    """
    rows = len(columns[0])
    found = np.zeros(rows, np.int64)
    spans = [span for column in columns for span in _spans(column.combine_chunks(), np.arange(rows))]
    for is_worded in (True, False):
        some = [span for span in spans if (span[3] is not None) is is_worded]
        if not some:
            continue
        row = np.concatenate([span[0] for span in some])
        starts = pa.concat_arrays([span[1].cast(pa.int64()) for span in some])
        ends = pa.concat_arrays([span[2].cast(pa.int64()) for span in some])
        words = pa.concat_arrays(
            [span[3].cast(pa.large_string()) for span in some if span[3] is not None] or [NO_WORDS]
        )
        wrong = find_mismatches(
            texts, row if owners is None else owners[row], starts, ends, words if is_worded else None
        )
        found += np.bincount(row[wrong], minlength=rows)
    return found


def find_mismatches(
    texts: pa.ChunkedArray, owners: Array, starts: pa.Array, ends: pa.Array, words: pa.Array | None
) -> Array:
    """For each span whether text[start:end] of its owner is something else than its words.

    `owners` are places in `texts`, -1 for a span without a text. A span that is null throughout is right. Without
    `words` a span only has to lie within its text.
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
        points, lengths = _points(texts.slice(first, TEXTS).to_pylist())
        begins = np.concatenate([[0], np.cumsum(lengths)])
        owner = owners[mine] - first
        right = (start[mine] >= 0) & (start[mine] <= end[mine]) & (end[mine] <= lengths[owner])
        if words is not None:
            said, sizes = _points(words.take(pa.array(mine)).to_pylist())
            right &= (end[mine] - start[mine] == sizes) & (sizes > 0)
            at = np.concatenate([[0], np.cumsum(sizes)])[:-1]
            right[right] = _equal(points, (begins[owner] + start[mine])[right], said, at[right], sizes[right])
        wrong[mine] = ~right
    found: Array = wrong & ~null
    return found


def _equal(one: Array, ones: Array, other: Array, others: Array, sizes: Array) -> Array:
    """For each run of `sizes` points whether it is the same in both, beginning at `ones` and at `others`."""
    if not len(sizes):
        return np.zeros(0, bool)
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
    same = one[np.repeat(ones, sizes) + within] == other[np.repeat(others, sizes) + within]
    return np.logical_and.reduceat(same, ends - sizes)


def _points(texts: Sequence[str | None]) -> tuple[Array, Array]:
    """The code points of texts, one after the other, and the length of each."""
    joined = "".join(text for text in texts if text).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(joined, np.uint32), np.fromiter((len(text or "") for text in texts), np.int64, len(texts))


def _spans(values: pa.Array, owners: Array) -> Iterator[tuple[Array, pa.Array, pa.Array, pa.Array | None]]:
    """(owners, starts, ends, words) of the spans in nested values."""
    if pa.types.is_list(values.type):
        yield from _spans(pc.list_flatten(values), owners[np.asarray(pc.list_parent_indices(values))])
    elif pa.types.is_struct(values.type):
        names = [field.name for field in values.type]
        if {"start", "end"} <= set(names):
            word = next((name for name in ("text", "term") if name in names), None)
            words = pc.struct_field(values, word) if word else None
            yield owners, pc.struct_field(values, "start"), pc.struct_field(values, "end"), words
        for name in names:
            yield from _spans(pc.struct_field(values, name), owners)
