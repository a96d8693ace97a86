"""The contract of a table: its rows, its key and, for each column, its meaning and row rules.

Schema, row rules, documentation and the checks given to Great Expectations follow from here; nothing is written twice.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

UTC = pa.timestamp("us", tz="UTC")
ROW_ID = "row_id"  # the column that checks name a row by; it is in no contract


class BrokenRule(NamedTuple):
    """A row rule of a column, and the rows that break it."""

    reason: str
    mask: pa.ChunkedArray


@dataclass(frozen=True)
class Column:
    """One column: its name, type and meaning, and the rules for each of its values."""

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

    def describe_rules(self) -> str:
        """Describe the row rules in words; empty where every value is allowed."""
        rules = [
            "required" if self.required else "",
            "one of " + ", ".join(f"`{value}`" for value in self.values) if self.values else "",
            f"{self.between[0]:,} to {self.between[1]:,}" if self.between else "",
            f"matches `{self.pattern}`" if self.pattern else "",
        ]
        return "; ".join(filter(None, rules))

    def broken(self, values: pa.ChunkedArray) -> list[BrokenRule]:
        """Return each row rule with the rows that break it, which may be none; a null breaks only `required`."""
        rules = []
        if self.required:
            rules.append(BrokenRule(f"{self.name} is missing", pc.is_null(values)))
        if self.values is not None:
            known = pc.is_in(values, value_set=pa.array([*self.values, None], self.type))
            rules.append(BrokenRule(f"{self.name} is none of its values", pc.invert(known)))
        if self.between is not None:
            low, high = self.between
            outside = pc.or_(pc.less(values, low), pc.greater(values, high))
            rules.append(BrokenRule(f"{self.name} is out of range", pc.fill_null(outside, False)))
            if pa.types.is_floating(self.type):
                is_nan = pc.fill_null(pc.is_nan(values), False)
                rules.append(BrokenRule(f"{self.name} is not a number", is_nan))
        if self.pattern is not None:
            matches = pc.match_substring_regex(values, f"^(?:{self.pattern})$")
            differs = pc.fill_null(pc.invert(matches), False)
            rules.append(BrokenRule(f"{self.name} does not match", differs))
        return rules


@dataclass(frozen=True)
class Table:
    """One table: what a row is (`grain`), the columns of its key, and all columns in their order."""

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
        """Return, for each row, the first row rule that it breaks, in column order; None for a row that breaks none.

        Columns that `rows` does not have yet are not checked.
        """
        reasons: list[str | None] = [None] * rows.num_rows
        for column in [column for column in self.columns if column.name in rows.column_names]:
            for reason, mask in column.broken(rows[column.name]):
                for index in pc.indices_nonzero(mask).to_pylist():
                    reasons[index] = reasons[index] or reason
        return reasons

    def conform(self, rows: pa.Table) -> pa.Table:
        """Return the rows with exactly these columns, in this order and of these types; a missing one becomes null."""
        return pa.Table.from_arrays(
            [
                rows[column.name].cast(column.type)
                if column.name in rows.column_names
                else pa.chunked_array([pa.nulls(rows.num_rows, column.type)])
                for column in self.columns
            ],
            schema=self.schema,
        )

    def build_row_ids(self, rows: pa.Table) -> pa.Array:
        """Join the key of each row by `/`, a null as an empty string."""
        parts = [rows[name].cast(pa.string()) for name in self.key]
        joined = pc.binary_join_element_wise(*parts, "/", null_handling="replace", null_replacement="")
        return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined

    def empty(self) -> pa.Table:
        """Return the table without rows."""
        return self.schema.empty_table()

    def to_markdown(self) -> str:
        """Return the section of the table in docs/tables.md."""
        lines = [f"## {self.name}", "", self.grain, ""]
        key = ", ".join(f"`{name}`" for name in self.key)
        lines += [f"Key: {key}." if self.key else "No key.", ""]
        if self.notes:
            lines += [self.notes, ""]
        lines += ["| column | type | meaning | row rules |", "| --- | --- | --- | --- |"]
        rules = [c.describe_rules().replace("|", "\\|") for c in self.columns]  # a plain one would end the cell
        lines += [f"| `{c.name}` | {c.type} | {c.doc} | {rule} |" for c, rule in zip(self.columns, rules, strict=True)]
        return "\n".join(lines) + "\n"
