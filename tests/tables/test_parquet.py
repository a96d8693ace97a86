"""Tables as Parquet: the same rows are the same bytes, and what is written is read back."""

import subprocess
import sys

import pyarrow as pa

from pipelines.tables.parquet import (
    ROW_GROUP,
    count_parquet_rows,
    decode_parquet,
    encode_parquet,
    encode_parquet_pieces,
)


def test_the_same_rows_give_the_same_bytes_however_they_are_chunked() -> None:
    table = pa.table({"a": pa.chunked_array([[1, 2], [3]]), "b": ["x", None, "y"]})
    whole = table.combine_chunks()
    assert encode_parquet(table) == encode_parquet(table) == encode_parquet(whole)
    many = pa.table({"a": range(2 * ROW_GROUP + 1)})
    assert encode_parquet(many) == encode_parquet(pa.concat_tables([many[:7], many[7:]]))


def test_pieces_are_one_file_with_the_rows_of_all() -> None:
    table = pa.table({"a": range(10), "b": [f"text {n}" for n in range(10)]})
    data = encode_parquet_pieces((table[start : start + 4] for start in range(0, 10, 4)), table.schema)
    assert decode_parquet(data) == table
    assert count_parquet_rows(data) == 10


def test_reading_a_table_leaves_no_thread_behind_that_could_abort_the_process() -> None:
    code = """
import os
import pyarrow
from pipelines.tables.parquet import encode_parquet, decode_parquet
data = encode_parquet(pyarrow.table({"a": list(range(1000)), "b": [[{"c": 1}]] * 1000}))
before = len(os.listdir("/proc/self/task"))
decode_parquet(data)
print(len(os.listdir("/proc/self/task")) - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
