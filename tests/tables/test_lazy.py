"""A lazy table gives what the table that it was made from gives."""

import pyarrow as pa

from pipelines.tables.lazy import LazyTable
from pipelines.tables.parquet import encode_parquet

SCHEMA = pa.schema([pa.field("a", pa.int64(), nullable=False), ("b", pa.string())])
TABLE = pa.table({"a": [1, 2, 3], "b": ["x", None, "z"]}, SCHEMA)
LAZY = LazyTable([encode_parquet(TABLE.slice(0, 2)), encode_parquet(TABLE.slice(2))])


def test_a_lazy_table_reads_like_the_parts_together() -> None:
    assert (LAZY.num_rows, LAZY.column_names, LAZY.schema) == (3, ["a", "b"], TABLE.schema)
    assert LAZY["b"].to_pylist() == ["x", None, "z"]
    assert LAZY.select(["b", "a"]).equals(TABLE.select(["b", "a"]))
    assert LAZY.select(["a"]).schema.equals(SCHEMA.remove(1))  # also that it has no nulls


def test_what_is_appended_is_there_beside_the_parts_and_can_be_dropped() -> None:
    longer = LAZY.append_column("c", pa.array([True, False, True])).append_column("d", pa.chunked_array([[1.0] * 3]))
    assert longer.column_names == ["a", "b", "c", "d"]
    assert longer.select(["c", "a"]).to_pylist() == [{"c": c, "a": a} for c, a in ((True, 1), (False, 2), (True, 3))]
    assert longer.drop_columns(["a", "c"]).column_names == ["b", "d"]
    assert LAZY.column_names == ["a", "b"]
