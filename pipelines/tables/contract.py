"""What a table promises: its rows, its key and, column by column, meaning and row rules.

Schema, row rules, documentation and the checks given to Great Expectations follow from here; nothing is written twice.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

UTC = pa.timestamp("us", tz="UTC")
ROW_ID = "row_id"  # what a row is named by where it is judged: a column beside those of the contract


@dataclass(frozen=True)
class Column:
    """One column: name, type, meaning, and the rules that each of its values must keep."""

    name: str
    type: pa.DataType
    doc: str
    required: bool = False
    values: tuple[str, ...] | None = None
    between: tuple[float, float] | None = None
    pattern: str | None = None  # must match the whole value (RE2 and Python alike)

    @property
    def field(self) -> pa.Field:
        return pa.field(self.name, self.type, nullable=not self.required)

    def rules(self) -> str:
        """The row rules in words; empty where every value is allowed."""
        said = [
            "required" if self.required else "",
            "one of " + ", ".join(f"`{value}`" for value in self.values) if self.values else "",
            f"{self.between[0]:,} to {self.between[1]:,}" if self.between else "",
            f"matches `{self.pattern}`" if self.pattern else "",
        ]
        return "; ".join(filter(None, said))

    def broken(self, values: pa.ChunkedArray) -> list[tuple[str, pa.ChunkedArray]]:
        """(reason, mask of the rows that break it) for each rule; null breaks `required` alone."""
        found = []
        if self.required:
            found.append((f"{self.name} is missing", pc.is_null(values)))
        if self.values is not None:
            known = pc.is_in(values, value_set=pa.array([*self.values, None], self.type))
            found.append((f"{self.name} is none of its values", pc.invert(known)))
        if self.between is not None:
            low, high = self.between
            outside = pc.or_(pc.less(values, low), pc.greater(values, high))
            found.append((f"{self.name} is out of range", pc.fill_null(outside, False)))
            if pa.types.is_floating(self.type):
                found.append((f"{self.name} is not a number", pc.fill_null(pc.is_nan(values), False)))
        if self.pattern is not None:
            matches = pc.match_substring_regex(values, f"^(?:{self.pattern})$")
            found.append((f"{self.name} does not match", pc.fill_null(pc.invert(matches), False)))
        return found


@dataclass(frozen=True)
class Table:
    """What one row is, the columns that tell rows apart, and the columns in their order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    notes: str = ""

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([column.field for column in self.columns])

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def broken(self, rows: pa.Table) -> list[str | None]:
        """For each row the first row rule that it breaks, in column order; None for a row that keeps all.

        Columns that `rows` does not have yet are not judged.
        """
        reasons: list[str | None] = [None] * rows.num_rows
        for column in [column for column in self.columns if column.name in rows.column_names]:
            for reason, mask in column.broken(rows[column.name]):
                for index in pc.indices_nonzero(mask).to_pylist():
                    reasons[index] = reasons[index] or reason
        return reasons

    def conform(self, rows: pa.Table) -> pa.Table:
        """The rows with exactly these columns, order and types; a column that is absent is null throughout."""
        return pa.Table.from_arrays(
            [
                rows[column.name].cast(column.type)
                if column.name in rows.column_names
                else pa.chunked_array([pa.nulls(rows.num_rows, column.type)])
                for column in self.columns
            ],
            schema=self.schema,
        )

    def row_ids(self, rows: pa.Table) -> pa.Array:
        """The name of each row: its key, joined by `/`; of a null nothing."""
        parts = [rows[name].cast(pa.string()) for name in self.key]
        joined = pc.binary_join_element_wise(*parts, "/", null_handling="replace", null_replacement="")
        return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined

    def empty(self) -> pa.Table:
        return self.schema.empty_table()

    def markdown(self) -> str:
        """The table's page in docs/tables.md."""
        lines = [f"## {self.name}", "", self.grain, ""]
        key = ", ".join(f"`{name}`" for name in self.key)
        lines += [f"Key: {key}." if self.key else "No key.", ""]
        if self.notes:
            lines += [self.notes, ""]
        lines += ["| column | type | meaning | row rules |", "| --- | --- | --- | --- |"]
        rules = [c.rules().replace("|", "\\|") for c in self.columns]  # a plain one would end the cell
        lines += [f"| `{c.name}` | {c.type} | {c.doc} | {rule} |" for c, rule in zip(self.columns, rules, strict=True)]
        return "\n".join(lines) + "\n"
