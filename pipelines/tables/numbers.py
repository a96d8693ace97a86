"""Numbers for values: a million strings as objects would take a gigabyte."""

from typing import Any

import numpy as np
import pyarrow as pa


def number_values(values: pa.Array | pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Give each distinct value, null among them, a number from 0, in the order in which they come first."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return np.asarray(array.dictionary_encode(null_encoding="encode").indices).astype(np.int64)
