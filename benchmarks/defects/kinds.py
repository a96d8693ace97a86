"""A kind of defect, and the two shapes that most kinds have: change some rows, or rewrite some texts."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.retelling import retell
from benchmarks.defects.tables import Day, Row, Tables, change_rows, find_rows, recount

Put = Callable[[Day], Tables]
New = Row | Callable[[Row, Day], Row]
"""New values of a row: the same for each, or computed from the row."""
Among = str | Callable[[pa.Table], Any]
"""Which rows may be spoilt: those with a value (or a list that is not empty) in a column, or those where a mask is
true."""
RETOLD = ("articles", "entities", "quotes")
FIRST, SECOND, THIRD = (1,), (2,), (3,)
BOTH = (1, 3)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of defect; it leaves all tables but those of `touches` as they are."""

    name: str
    meaning: str
    touches: tuple[str, ...]
    spoil: Put
    sets: tuple[int, ...] = FIRST
    """The sets that it belongs to; to several where a later kind that repeated it was folded into it."""
    is_visible: bool = True
    """Whether a check of a day of 2,000 articles can tell it at 1 % from a clean one: a belief from before any ran."""

    def put(self, tables: Tables, rate: float, rng: random.Random) -> Tables:
        """Return the tables with the defect in about `rate` of the rows."""
        return self.spoil(Day(tables, rate, rng))


def find_among(table: pa.Table, among: Among | None) -> Sequence[int]:
    """Return the rows that may be spoilt."""
    if among is None:
        return range(table.num_rows)
    if not isinstance(among, str):
        return find_rows(among(table))
    values = table[among]
    is_list = pa.types.is_list(values.type)
    return find_rows(pc.greater(pc.list_value_length(values), 0) if is_list else pc.is_valid(values))


def change(
    table: str,
    name: str,
    meaning: str,
    new: New,
    among: Among | None = None,
    sets: tuple[int, ...] = FIRST,
    is_visible: bool = True,
    share_of: Among | None = None,
    is_recounted: bool = False,
) -> Kind:
    """Return a kind that changes rows of one table; the rate is of all its rows, or of those of `share_of`."""

    def spoil(day: Day) -> Tables:
        rows = day.pick(find_among(day[table], among), len(find_among(day[table], share_of)))
        tables = {**day.tables, table: change_rows(day[table], rows, lambda row: _renew(row, day, new))}
        return recount(tables) if is_recounted else tables

    return Kind(name, meaning, (table, "coverage") if is_recounted else (table,), spoil, sets, is_visible)


def change_list(
    name: str,
    meaning: str,
    column: str,
    new: Callable[[list[Row], Day], Any],
    among: Among | None = None,
    sets: tuple[int, ...] = FIRST,
    is_visible: bool = True,
) -> Kind:
    """Return a kind that changes a column of lists in articles where the list is not empty."""
    return change(
        "articles", name, meaning, lambda row, day: {column: new(row[column], day)}, among or column, sets, is_visible
    )


def change_source(
    name: str, meaning: str, new: New, sets: tuple[int, ...] = FIRST, is_visible: bool = True, having: str | None = None
) -> Kind:
    """Return a kind that changes all articles of one source, of those where some have a value in `having`."""

    def spoil(day: Day) -> Tables:
        articles = day["articles"]
        source = day.pick_source(articles if having is None else articles.take(pa.array(find_among(articles, having))))
        rows = find_rows(pc.equal(articles["source"], source))
        return {**day.tables, "articles": change_rows(articles, rows, lambda row: _renew(row, day, new))}

    return Kind(name, meaning, ("articles",), spoil, sets, is_visible)


def rewrite(
    name: str,
    meaning: str,
    text: Callable[[Row, Day], str],
    among: Among | None = None,
    sets: tuple[int, ...] = FIRST,
    is_visible: bool = True,
) -> Kind:
    """Return a kind that rewrites texts of articles; what is found in them follows."""

    def spoil(day: Day) -> Tables:
        articles = day["articles"]
        rows = day.pick(find_among(articles, among), articles.num_rows)
        return retell(day.tables, rows, lambda row: text(row, day))

    return Kind(name, meaning, RETOLD, spoil, sets, is_visible)


def rewrite_source(name: str, meaning: str, text: Callable[[Row], str]) -> Kind:
    """Return a kind that rewrites all texts of one source."""

    def spoil(day: Day) -> Tables:
        articles = day["articles"]
        return retell(day.tables, find_rows(pc.equal(articles["source"], day.pick_source(articles))), text)

    return Kind(name, meaning, RETOLD, spoil)


def _renew(row: Row, day: Day, new: New) -> Row:
    return new(row, day) if callable(new) else new
