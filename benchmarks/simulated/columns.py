"""Columns of lists and words from arrays of numbers."""

from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.simulated.pieces import Numbers, load_pieces
from benchmarks.simulated.texts import Texts

Columns = dict[str, Any]

ON_LANGUAGE = ("done", "skipped: language")


def build_lists(owner: Numbers, count: int, fields: Columns, missing: Numbers | None = None) -> pa.ListArray:
    """Build for each of `count` rows the list of its entries, which come with their row's number in order."""
    offsets = pa.array(np.searchsorted(owner, np.arange(count + 1)).astype(np.int32))
    values = pa.StructArray.from_arrays([pa.array(values) for values in fields.values()], list(fields))
    return pa.ListArray.from_arrays(offsets, values, mask=None if missing is None else pa.array(missing))


def rank_in_group(groups: Numbers) -> Numbers:
    """Return the place of each entry within its group, from 0; `groups` is in order."""
    if not len(groups):
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.diff(groups, prepend=groups[0] - 1))
    return np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))


def choose_status(skipped: Numbers, words: tuple[str, ...] = ON_LANGUAGE) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(skipped.astype(np.int8)))


def choose_names(values: tuple[str | None, ...], numbers: Numbers) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(numbers))


def locate_pieces(texts: Texts, flat: Numbers) -> Columns:
    """Return the text of these cells, and where it is."""
    start, end = texts.span(flat)
    return {"text": load_pieces().texts.take(pa.array(texts.cells.ravel()[flat])), "start": start, "end": end}
