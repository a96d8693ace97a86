"""A table in parts, as Parquet bytes in memory: a column is decoded when it is asked for, and forgotten after.

Decoded, all that the checks see of a million articles would take gigabytes; they look at a few columns at a time.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from types import MappingProxyType

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.tables.parquet import read_parquet

NO_COLUMNS: Mapping[str, pa.ChunkedArray] = MappingProxyType({})


class LazyTable:
    """The parts of a table. It can be read like a pa.Table; what is appended stays decoded."""

    def __init__(self, parts: Sequence[bytes], appended: Mapping[str, pa.ChunkedArray] = NO_COLUMNS) -> None:
        self._parts = parts
        self._appended = appended
        self.num_rows = sum(pq.read_metadata(pa.BufferReader(part)).num_rows for part in parts)
        self._schema = pq.read_schema(pa.BufferReader(parts[0]))

    @property
    def schema(self) -> pa.Schema:
        """The schema of all columns."""
        return pa.schema([*self._schema, *(pa.field(name, values.type) for name, values in self._appended.items())])

    @property
    def column_names(self) -> list[str]:
        """The names of all columns."""
        return [*self._schema.names, *self._appended]

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        return self.select([name])[name]

    def select(self, names: Sequence[str]) -> pa.Table:
        """Decode some of the columns."""
        stored = [name for name in names if name not in self._appended]
        tables = [read_parquet(pa.BufferReader(part), stored) for part in self._parts] if stored else []
        columns = dict(zip(stored, pa.concat_tables(tables).columns, strict=True)) if stored else {}
        schema = self.schema
        values = [columns[name] if name in columns else self._appended[name] for name in names]
        return pa.table(values, pa.schema([schema.field(name) for name in names]))

    def append_column(self, name: str, values: pa.ChunkedArray | pa.Array) -> "LazyTable":
        """Return the table with one more column, which stays in memory."""
        column = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
        return self._with({**self._appended, name: column})

    def drop_columns(self, names: Sequence[str]) -> "LazyTable":
        """Return the table without some of its columns."""
        table = self._with({name: values for name, values in self._appended.items() if name not in names})
        table._schema = pa.schema([field for field in self._schema if field.name not in names])
        return table

    def _with(self, appended: Mapping[str, pa.ChunkedArray]) -> "LazyTable":
        table = copy(self)
        table._appended = appended
        return table
