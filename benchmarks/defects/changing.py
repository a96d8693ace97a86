"""How a defect is put into tables: some rows taken, changed and put back, everything else left as it was.

Coverage and ledger follow where assembly would have counted the defect.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.simulated_days import VERSIONS
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.ids import article_id, hash_id
from pipelines.tables.rejected import REJECTED, fingerprint

Tables = dict[str, pa.Table]
Row = dict[str, Any]
Change = Callable[[Row], Row]
Put = Callable[[Tables, float, random.Random], Tables]
"""Puts a defect into tables at a rate."""

PLACES = ("articles", "duplicates", "rejected")


def some(count: int, rate: float, rng: random.Random) -> list[int]:
    """About `rate` of so many rows, at least one, in order."""
    return sorted(rng.sample(range(count), min(count, max(1, round(count * rate))))) if count else []


def where(mask: pa.ChunkedArray) -> list[int]:
    """The rows where it is true."""
    found: list[int] = pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist()
    return found


def some_of(rows: Sequence[int], total: int, rate: float, rng: random.Random) -> list[int]:
    """About `rate` of `total` rows, but of these alone: fewer where there are not so many."""
    return sorted(rng.sample(rows, min(len(rows), max(1, round(total * rate)))))


def changed(table: pa.Table, rows: Sequence[int], change: Callable[[Row], Row]) -> pa.Table:
    """The table with what `change` says of each of the rows: column → new value."""
    old = table.take(pa.array(rows, pa.int64())).to_pylist()
    new = [{**row, **change(row)} for row in old]
    names = {name for before, after in zip(old, new, strict=True) for name in after if after[name] is not before[name]}
    for name in names & set(table.column_names):
        table = with_values(table, rows, name, [row[name] for row in new])
    return table


def changed_some(tables: Tables, name: str, rate: float, rng: random.Random, change: Change) -> Tables:
    """The tables with a change of about `rate` of the rows of one of them."""
    return changed_of(tables, name, range(tables[name].num_rows), rate, rng, change)


def changed_of(
    tables: Tables, name: str, rows: Sequence[int], rate: float, rng: random.Random, change: Change
) -> Tables:
    """The tables with a change of about `rate` of the rows of one of them, but among these rows alone."""
    table = tables[name]
    return {**tables, name: changed(table, some_of(rows, table.num_rows, rate, rng), change)}


def with_values(table: pa.Table, rows: Sequence[int], name: str, values: Iterable[Any]) -> pa.Table:
    """The table with these values in one column of the rows."""
    at = table.schema.get_field_index(name)
    field = table.schema.field(name)
    order = list(range(table.num_rows))
    for n, row in enumerate(rows):
        order[row] = table.num_rows + n
    both = pa.chunked_array([*table[name].chunks, pa.array(list(values), field.type)], field.type)
    return table.set_column(at, field, both.take(pa.array(order, pa.int64())))


def added(table: pa.Table, rows: Iterable[Row]) -> pa.Table:
    """The table with these rows behind it."""
    return pa.concat_tables([table, pa.Table.from_pylist(list(rows), table.schema)])


def left(table: pa.Table, rows: Iterable[int]) -> pa.Table:
    """The table without the rows."""
    gone = set(rows)
    return table.take(pa.array([row for row in range(table.num_rows) if row not in gone], pa.int64()))


def of_items(table: pa.Table, items: Iterable[str]) -> list[int]:
    """The rows of `table` that are of these items."""
    return where(pc.is_in(table["item_id"], pa.array(list(items), pa.string())))


def without(tables: Tables, rows: Sequence[int]) -> Tables:
    """The tables without these articles and what was found in them."""
    items = tables["articles"]["item_id"].take(pa.array(rows, pa.int64())).to_pylist()
    found = {name: left(tables[name], of_items(tables[name], items)) for name in ("entities", "quotes")}
    return {**tables, **found, "articles": left(tables["articles"], rows)}


def joined_by(tables: Tables, pairs: Sequence[tuple[Row, Row]], origin: Tables) -> Tables:
    """The tables with the second article of each pair, and with what `origin` has of the first one."""
    articles = added(tables["articles"], [new for _, new in pairs])
    in_order = articles.sort_by([("received_at", "ascending"), ("item_id", "ascending")])
    found = {**tables, "articles": in_order}
    ids = {old["item_id"]: {name: new[name] for name in ("item_id", "article_id")} for old, new in pairs}
    for name in ("entities", "quotes"):
        rows = origin[name].take(pa.array(of_items(origin[name], ids), pa.int64())).to_pylist()
        found[name] = added(tables[name], [{**row, **ids[row["item_id"]]} for row in rows])
    return found


def refiled(tables: Tables, rows: Sequence[int], change: Change) -> Tables:
    """The tables with another source or address of these articles, and the id that follows from it."""
    ids: dict[str, str] = {}

    def anew(row: Row) -> Row:
        told = {**row, **change(row)}
        ids[row["item_id"]] = article_id(told["source"], told["url"], row["raw_sha256"], row["item_index"])
        return {**told, "article_id": ids[row["item_id"]]}

    found = {**tables, "articles": changed(tables["articles"], rows, anew)}
    for name in ("entities", "quotes"):
        at = of_items(tables[name], ids)
        found[name] = changed(tables[name], at, lambda row: {"article_id": ids[row["item_id"]]})
    return recounted(found)


def taken_for_duplicates(tables: Tables, rows: Sequence[int], kept: Callable[[Row], str]) -> Tables:
    """The tables with these articles set aside as duplicates; `kept` says of which item."""
    new = [
        {**row, "kept_item_id": kept(row), "duplicate_kind": "same_url_same_text"}
        for row in tables["articles"].take(pa.array(rows, pa.int64())).to_pylist()
    ]
    return recounted({**without(tables, rows), "duplicates": added(tables["duplicates"], new)})


def as_rejected(row: Row, reason: str, stage: str = "clean", **told: Any) -> Row:
    """A row of `rejected` about an item, of which `row` says the rest; `told` is what else is not as usual."""
    said = {
        "rule": None, "detail": None, "excerpt": None, **row, "table_name": "articles", "row_index": -1,
        "stage": stage, "reason": reason, "stage_version": VERSIONS[stage], **told,
    }  # fmt: skip
    alike = fingerprint(stage, reason, said["rule"], row["source"], said["stage_version"])
    return {name: {**said, "fingerprint": alike}[name] for name in REJECTED.names}


def copies_marked(articles: pa.Table) -> pa.Table:
    """The articles, each with a text that another one had first marked as that, as assembly does."""
    names = ("item_id", "article_id", "content_sha256", "duplicate_of")
    first: dict[str, tuple[str, str]] = {}
    wrong: dict[int, str | None] = {}
    for row, values in enumerate(zip(*(articles[name].to_pylist() for name in names), strict=True)):
        item, article, text, marked = values
        kept, its_article = first.setdefault(text, (item, article))
        if marked != (of := kept if its_article != article else None):
            wrong[row] = of
    kinds = [of and "same_text" for of in wrong.values()]
    articles = with_values(articles, list(wrong), "duplicate_of", wrong.values())
    return with_values(articles, list(wrong), "duplicate_kind", kinds)


def unattached(tables: Tables) -> list[int]:
    """The articles that nothing else of the day hangs on: not kept for a duplicate, no copy's first, of one text."""
    articles = tables["articles"]
    times = Counter(articles["article_id"].to_pylist())
    kept = {*tables["duplicates"]["kept_item_id"].to_pylist(), *articles["duplicate_of"].to_pylist()}
    pairs = zip(*(articles[name].to_pylist() for name in ("item_id", "article_id")), strict=True)
    return [row for row, (item, article) in enumerate(pairs) if item not in kept and times[article] == 1]


def recounted(tables: Tables) -> Tables:
    """The ledger and coverage as assembly counts them; what the ledger expects stays expected."""
    places = Counter(dict.fromkeys(tables["ledger"]["item_id"].to_pylist(), 0))
    for name in PLACES:
        places.update(tables[name]["item_id"].to_pylist())
    ledger = pa.table({"item_id": pa.array(places, pa.string()), "place_count": pa.array(places.values(), pa.int32())})
    return {**tables, "ledger": ledger, "coverage": _coverage(tables)}


def forgotten(tables: Tables) -> Tables:
    """As `recounted`, but as if what stands nowhere had never been expected."""
    found = recounted(tables)
    return {**found, "ledger": found["ledger"].filter(pc.greater(found["ledger"]["place_count"], 0))}


_ENDS = ("done", "skipped", "failed")


def _coverage(tables: Tables) -> pa.Table:
    counts: Counter[tuple[str, str, str]] = Counter()
    for name in PLACES:
        for source, language in zip(*(tables[name][c].to_pylist() for c in ("source", "language")), strict=True):
            counts[source, language or "und", name] += 1
    articles = tables["articles"]
    whose = list(zip(*(articles[c].to_pylist() for c in ("source", "language")), strict=True))
    enrichers = [name for name in articles.column_names if name.endswith("_status")]
    ends = {
        name: Counter(
            (source, language or "und", (said or "").partition(":")[0])
            for (source, language), said in zip(whose, articles[name].to_pylist(), strict=True)
        )
        for name in enrichers
    }
    known = {each["enricher"] for row in tables["coverage"]["completeness"].to_pylist() for each in row}
    rows = []
    for source, language in sorted({key[:2] for key in counts}):
        published, duplicate, rejected = (counts[source, language, name] for name in PLACES)
        completeness = [
            {"enricher": enricher, **{f"{end}_count": ends[name][source, language, end] for end in _ENDS}}
            for name in enrichers
            if (enricher := name.removesuffix("_status")) in known and published
        ]
        rows.append(
            {"source": source, "language": language, "received_count": published + duplicate + rejected,
             "published_count": published, "duplicate_count": duplicate, "rejected_count": rejected,
             "completeness": completeness, "verdict": "closed",
             "enrichment_failed_count": sum(each["failed_count"] for each in completeness)}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, COVERAGE.schema)


def source_of_about(tables: Tables, rate: float, rng: random.Random) -> str:
    """The source whose share of the articles is nearest to `rate`."""
    counts = Counter(tables["articles"]["source"].to_pylist())
    total = sum(counts.values())
    nearest: str = min(sorted(counts), key=lambda source: (abs(counts[source] / total - rate), rng.random()))
    return nearest


def orphaned(table: pa.Table, rate: float, rng: random.Random) -> pa.Table:
    """The table with about `rate` of its rows given to items that are nowhere."""
    rows = some(table.num_rows, rate, rng)
    return with_values(table, rows, "item_id", [hash_id("nowhere", row) for row in rows])


def other(rng: random.Random, values: Sequence[Any], own: Any) -> Any:
    """One of the values that is another, if there is any."""
    return next((value for value in rng.sample(values, min(50, len(values))) if value != own), own)


def shifted(span: Row, by: int) -> Row:
    """The span so many characters further on."""
    return {**span, "start": span["start"] + by, "end": span["end"] + by}
