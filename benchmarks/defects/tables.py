"""Change the tables of a day: take some rows, change them and put them back, and leave everything else as it was.

Coverage and ledger follow where assembly would have counted the defect.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.simulated_days import VERSIONS
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.ids import article_id, hash_id
from pipelines.tables.rejected import REJECTED, fingerprint

Tables = dict[str, pa.Table]
Row = dict[str, Any]

OUTCOMES = ("articles", "duplicates", "rejected")  # the tables that an item may end up in
FOUND = ("entities", "quotes")  # the tables of what is found in articles
UNNAMED: Row = {"entity_index": None, "speaker_name": None}  # a quote whose speaker is no known entity
# Where the id of an item is written, and in which columns.
ITEM_COLUMNS = {
    "articles": ("item_id", "duplicate_of"), "duplicates": ("item_id", "kept_item_id"),
    **dict.fromkeys(("entities", "quotes", "rejected", "ledger"), ("item_id",)),
}  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A clean day's tables, the share of rows to spoil, and chance."""

    tables: Tables
    rate: float
    rng: random.Random

    def __getitem__(self, table: str) -> pa.Table:
        return self.tables[table]

    def pick(self, rows: Sequence[int], total: float) -> list[int]:
        """Return about `rate` of `total` rows, in order, but of `rows` alone: at least one where there is any."""
        return sorted(self.rng.sample(rows, min(len(rows), max(1, round(total * self.rate)))))

    def pick_rows(self, table: str) -> list[int]:
        """Return about `rate` of the rows of a table."""
        return self.pick(range(self[table].num_rows), self[table].num_rows)

    def pick_items_with(self, table: str) -> list[str]:
        """Return about `rate` of the day's articles, of those that have a row in `table`."""
        items: list[str] = self["articles"]["item_id"].to_pylist()
        having = set(self[table]["item_id"].to_pylist())
        rows = self.pick([row for row, item in enumerate(items) if item in having], len(items))
        return [items[row] for row in rows]

    def pick_source(self, articles: pa.Table) -> str:
        """Return the source whose share of the articles is nearest to `rate`."""
        return pick_source(articles, self.rate, self.rng)

    def pick_other(self, values: Sequence[Any], own: Any) -> Any:
        """Return one of the values that is not `own`, if there is any."""
        sample = self.rng.sample(values, min(50, len(values)))
        return next((value for value in sample if value != own), own)

    def values(self, table: str, column: str) -> list[Any]:
        """Return a column as Python has it; read once."""
        if (table, column) not in self._columns:
            self._columns[table, column] = self[table][column].to_pylist()
        return self._columns[table, column]

    @cached_property
    def _columns(self) -> dict[tuple[str, str], list[Any]]:
        return {}

    @cached_property
    def texts(self) -> dict[str, str]:
        """Item → text."""
        return dict(zip(self.values("articles", "item_id"), self.values("articles", "text"), strict=True))

    def group_by_source(self, column: str) -> dict[str, list[Any]]:
        """Return what the articles of each source have in a column, in order; without nulls."""
        pairs = zip(self.values("articles", "source"), self.values("articles", column), strict=True)
        return group((source, value) for source, value in pairs if value is not None)

    def group_by_item(self, table: str) -> dict[str, list[Row]]:
        """Return the rows of `entities` or `quotes` of each item."""
        return group((row["item_id"], row) for row in self[table].to_pylist())


def pick_source(articles: pa.Table, share: float, rng: random.Random) -> str:
    """Return the source whose share of the articles is nearest to `share`."""
    counts = Counter(articles["source"].to_pylist())
    nearest: str = min(sorted(counts), key=lambda source: (abs(counts[source] / counts.total() - share), rng.random()))
    return nearest


def group(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """Return key → the values that come with it, in order."""
    groups: dict[str, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def find_rows(mask: Any) -> list[int]:
    """Return the rows where a mask (an Arrow array or a list) is true."""
    array = pa.array(mask, pa.bool_()) if isinstance(mask, list) else mask
    rows: list[int] = pc.indices_nonzero(pc.fill_null(array, False)).to_pylist()
    return rows


def find_rows_of_items(table: pa.Table, items: Iterable[str]) -> list[int]:
    """Return the rows of `table` that belong to these items."""
    return find_rows(pc.is_in(table["item_id"], pa.array(list(items), pa.string())))


def find_unattached(tables: Tables) -> list[int]:
    """Return the articles that nothing else of the day refers to, and that have one text only."""
    articles = tables["articles"]
    texts = Counter(articles["article_id"].to_pylist())
    kept = {*tables["duplicates"]["kept_item_id"].to_pylist(), *articles["duplicate_of"].to_pylist()}
    pairs = zip(*(articles[name].to_pylist() for name in ("item_id", "article_id")), strict=True)
    return [row for row, (item, article) in enumerate(pairs) if item not in kept and texts[article] == 1]


def take_rows(table: pa.Table, rows: Iterable[int]) -> list[Row]:
    """Return these rows as Python has them."""
    taken: list[Row] = table.take(pa.array(list(rows), pa.int64())).to_pylist()
    return taken


def change_rows(table: pa.Table, rows: Sequence[int], change: Callable[[Row], Row]) -> pa.Table:
    """Return the table with new values in these rows; `change` maps a row to column → new value."""
    old = take_rows(table, rows)
    new = [{**row, **change(row)} for row in old]
    names = {name for before, after in zip(old, new, strict=True) for name in after if after[name] is not before[name]}
    for name in names & set(table.column_names):
        table = set_values(table, rows, name, [row[name] for row in new])
    return table


def change_rows_of_items(table: pa.Table, items: Iterable[str], change: Callable[[Row], Row]) -> pa.Table:
    """Return the table with a change of all rows of these items."""
    return change_rows(table, find_rows_of_items(table, items), change)


def set_values(table: pa.Table, rows: Sequence[int], name: str, values: Iterable[Any]) -> pa.Table:
    """Return the table with these values in one column of the rows."""
    at = table.schema.get_field_index(name)
    field = table.schema.field(name)
    order = list(range(table.num_rows))
    for n, row in enumerate(rows):
        order[row] = table.num_rows + n
    both = pa.chunked_array([*table[name].chunks, pa.array(list(values), field.type)], field.type)
    return table.set_column(at, field, both.take(pa.array(order, pa.int64())))


def append_rows(table: pa.Table, rows: Iterable[Row]) -> pa.Table:
    """Return the table with these rows behind its own."""
    return pa.concat_tables([table, pa.Table.from_pylist(list(rows), table.schema)])


def drop_rows(table: pa.Table, rows: Iterable[int]) -> pa.Table:
    """Return the table without these rows."""
    gone = set(rows)
    return table.take(pa.array([row for row in range(table.num_rows) if row not in gone], pa.int64()))


def drop_articles(tables: Tables, rows: Sequence[int]) -> Tables:
    """Return the tables without these articles and without what was found in them."""
    items = tables["articles"]["item_id"].take(pa.array(rows, pa.int64())).to_pylist()
    fewer = {name: drop_rows(tables[name], find_rows_of_items(tables[name], items)) for name in FOUND}
    return {**tables, **fewer, "articles": drop_rows(tables["articles"], rows)}


def drop_entities(tables: Tables, items: Sequence[str]) -> Tables:
    """Return the tables without the entities of these items; their quotes name none."""
    entities = drop_rows(tables["entities"], find_rows_of_items(tables["entities"], items))
    quotes = change_rows_of_items(tables["quotes"], items, lambda _: UNNAMED)
    return {**tables, "entities": entities, "quotes": quotes}


def add_articles(tables: Tables, pairs: Sequence[tuple[Row, Row]], origin: Tables) -> Tables:
    """Return the tables with the second article of each pair, and with what `origin` has found in the first."""
    articles = append_rows(tables["articles"], [new for _, new in pairs])
    more = {**tables, "articles": sort_articles(articles)}
    ids = {old["item_id"]: {name: new[name] for name in ("item_id", "article_id")} for old, new in pairs}
    for name in FOUND:
        rows = take_rows(origin[name], find_rows_of_items(origin[name], ids))
        more[name] = append_rows(tables[name], [{**row, **ids[row["item_id"]]} for row in rows])
    return more


def sort_articles(articles: pa.Table) -> pa.Table:
    """Return the articles in the order in which assembly writes them."""
    return articles.sort_by([("received_at", "ascending"), ("item_id", "ascending")])


def refile_articles(tables: Tables, rows: Sequence[int], change: Callable[[Row], Row]) -> Tables:
    """Return the tables with another source or address of these articles, and the id that follows from it."""
    ids: dict[str, str] = {}

    def refile(row: Row) -> Row:
        new = {**row, **change(row)}
        ids[row["item_id"]] = article_id(new["source"], new["url"], row["raw_sha256"], row["item_index"])
        return {**new, "article_id": ids[row["item_id"]]}

    new = {**tables, "articles": change_rows(tables["articles"], rows, refile)}
    for name in FOUND:
        new[name] = change_rows_of_items(tables[name], ids, lambda row: {"article_id": ids[row["item_id"]]})
    return recount(new)


def rename_items(tables: Tables, ids: Mapping[str, str]) -> Tables:
    """Return the tables with other ids of items wherever they are written."""
    renamed = dict(tables)
    for table, columns in ITEM_COLUMNS.items():
        for column in columns:
            values = renamed[table][column].to_pylist()
            rows = [n for n, value in enumerate(values) if value in ids]
            if rows:
                renamed[table] = set_values(renamed[table], rows, column, [ids[values[n]] for n in rows])
    return renamed


def move_to_duplicates(tables: Tables, rows: Sequence[int], find_kept: Callable[[Row], str]) -> Tables:
    """Return the tables with these articles set aside as duplicates; `find_kept` returns of which item."""
    new = [
        {**row, "kept_item_id": find_kept(row), "duplicate_kind": "same_url_same_text"}
        for row in take_rows(tables["articles"], rows)
    ]
    return recount({**drop_articles(tables, rows), "duplicates": append_rows(tables["duplicates"], new)})


def build_rejected_row(row: Row, reason: str, stage: str = "clean", **unusual: Any) -> Row:
    """Return a row of `rejected` about an item, of which `row` has the rest; `unusual` is what else differs."""
    full = {
        "rule": None, "detail": None, "excerpt": None, **row, "table_name": "articles", "row_index": -1,
        "stage": stage, "reason": reason, "stage_version": VERSIONS[stage], **unusual,
    }  # fmt: skip
    full["fingerprint"] = fingerprint(stage, reason, full["rule"], row["source"], full["stage_version"])
    return {name: full.get(name) for name in REJECTED.names}


def mark_copies(articles: pa.Table) -> pa.Table:
    """Return the articles, each with a text that another one had first marked as its copy, as assembly does."""
    names = ("item_id", "article_id", "content_sha256", "duplicate_of")
    first: dict[str, tuple[str, str]] = {}
    wrong: dict[int, str | None] = {}
    for row, values in enumerate(zip(*(articles[name].to_pylist() for name in names), strict=True)):
        item, article, text, marked = values
        first_item, first_article = first.setdefault(text, (item, article))
        if marked != (right := first_item if first_article != article else None):
            wrong[row] = right
    kinds = [right and "same_text" for right in wrong.values()]
    articles = set_values(articles, list(wrong), "duplicate_of", wrong.values())
    return set_values(articles, list(wrong), "duplicate_kind", kinds)


def recount(tables: Tables) -> Tables:
    """Return the tables with ledger and coverage as assembly counts them; what the ledger expects stays expected."""
    places = Counter(dict.fromkeys(tables["ledger"]["item_id"].to_pylist(), 0))
    for name in OUTCOMES:
        places.update(tables[name]["item_id"].to_pylist())
    ledger = pa.table({"item_id": pa.array(places, pa.string()), "place_count": pa.array(places.values(), pa.int32())})
    return {**tables, "ledger": ledger, "coverage": _count_coverage(tables)}


def recount_received(tables: Tables) -> Tables:
    """Return the tables recounted as if an item that is in none of them had never been expected."""
    counted = recount(tables)
    return {**counted, "ledger": counted["ledger"].filter(pc.greater(counted["ledger"]["place_count"], 0))}


_ENDS = ("done", "skipped", "failed")  # of an enricher


def _count_coverage(tables: Tables) -> pa.Table:
    counts: Counter[tuple[str, str, str]] = Counter()
    for name in OUTCOMES:
        for source, language in zip(*(tables[name][c].to_pylist() for c in ("source", "language")), strict=True):
            counts[source, language or "und", name] += 1
    articles = tables["articles"]
    groups = list(zip(*(articles[c].to_pylist() for c in ("source", "language")), strict=True))
    statuses = [name for name in articles.column_names if name.endswith("_status")]
    ends = {
        name: Counter(
            (source, language or "und", (status or "").partition(":")[0])
            for (source, language), status in zip(groups, articles[name].to_pylist(), strict=True)
        )
        for name in statuses
    }
    known = {each["enricher"] for row in tables["coverage"]["completeness"].to_pylist() for each in row}
    rows = []
    for source, language in sorted({key[:2] for key in counts}):
        published, duplicate, rejected = (counts[source, language, name] for name in OUTCOMES)
        completeness = [
            {"enricher": enricher, **{f"{end}_count": ends[name][source, language, end] for end in _ENDS}}
            for name in statuses
            if (enricher := name.removesuffix("_status")) in known and published
        ]
        rows.append(
            {"source": source, "language": language, "received_count": published + duplicate + rejected,
             "published_count": published, "duplicate_count": duplicate, "rejected_count": rejected,
             "set_aside_count": 0, "completeness": completeness, "verdict": "closed",
             "enrichment_failed_count": sum(each["failed_count"] for each in completeness)}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, COVERAGE.schema)


def orphan_rows(day: Day, table: str, column: str = "item_id") -> Tables:
    """Return the tables with about `rate` of the rows of one given to items that do not exist."""
    rows = day.pick_rows(table)
    return {**day.tables, table: set_values(day[table], rows, column, [hash_id("nowhere", row) for row in rows])}


def shift_span(span: Row, by: int) -> Row:
    """Return the span so many characters further on."""
    return {**span, "start": span["start"] + by, "end": span["end"] + by}
