"""What the descriptions of the tables promise of a row and can be asked of it: ids are derived as told, lists stand in
the order told, and what one field says of another is so. A row that breaks a promise is our own mistake.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stages.judged.references import Signs, agreed, places
from pipelines.tables.ids import article_id
from pipelines.tables.rejected import fingerprint

Array = np.ndarray[Any, Any]
Row = Mapping[str, Any]
MARKS = "\"'“”„‟«»‹›「」『』‘’‚—–"  # what quotations are set in
QUOTATION, QUOTATION_ENDS = frozenset('"“„«'), frozenset('"”“»')
DATE_LENGTHS = {"day": 10, "month": 7, "year": 4}
# What means one unit alone: a dollar may be of several lands.
UNITS = {
    re.compile(written, re.IGNORECASE): unit
    for written, unit in {
        "€|euro": "EUR",
        "£|pounds?\\b|sterling": "GBP",
        "%|per ?cent|prozent|pour cent|por ciento|процент": "%",
        "₽|рубл": "RUB",
        "₴|гривен|гривн": "UAH",
    }.items()
}
FIRST_LEVEL = re.compile(r"medtop:\d\d000000")


def article_promises(articles: pa.Table) -> Signs:
    """Columns of ARTICLES → name of a sign → its value for each row."""
    names = ["source", "url", "raw_sha256", "item_index", "article_id", "article_type", "published_precision"]
    lists = ["keywords", "topics", "summary", "links", "dates", "amounts", "authors", "found_in", "dateline"]
    rows = articles.select([*names, *lists]).to_pylist()
    published = articles["published_at"]
    is_midnight = pc.equal(pc.add(pc.add(pc.hour(published), pc.minute(published)), pc.second(published)), 0)
    precision = articles["published_precision"]
    return {
        "is_article_id_told": _each(rows, lambda row: row["article_id"] == _article_id(row)),
        "is_revision_in_order": _in_order(articles, "article_id", "revision", "received_at"),
        "is_duplicate_later": _later(articles, articles["duplicate_of"]),
        "is_precision_kept": pc.and_(
            pc.or_(pc.not_equal(precision, "day"), is_midnight),
            pc.or_(pc.not_equal(precision, "minute"), pc.equal(pc.second(published), 0)),
        ),
        "is_midnight": pc.and_(pc.not_equal(precision, "day"), is_midnight),
        "is_best_first": _each(rows, _is_best_first),
        "is_topic_first_level": _each(
            rows, lambda row: all(FIRST_LEVEL.fullmatch(each["topic"] or "") for each in row["topics"] or ())
        ),
        "is_list_in_order": _each(rows, _is_in_text_order),
        "date_difference": _each(rows, lambda row: sum(map(_is_date_wrong, row["dates"] or ()))),
        "unit_difference": _each(rows, lambda row: sum(map(_is_unit_wrong, row["amounts"] or ()))),
        "odd_link_count": _each(rows, lambda row: sum(map(_is_relative, row["links"] or ()))),
        "repeated_author_count": _each(rows, lambda row: len(row["authors"] or ()) - len(set(row["authors"] or ()))),
        "author_word_share": _each(rows, _author_words, float),
        "is_found_told": _found_told(articles, rows),
        "is_dateline_there": _datelines(articles["text"], rows),
        "is_formula_of_language": agreed(articles, "language", ("readability_formula",))[0]
        | np.asarray(pc.is_null(articles["readability_formula"])),
        "is_policy_anothers": _used_elsewhere(articles, "tdm_policy_url"),
        "is_canonical_anothers": _points_at_another(articles),
    }


def entity_promises(entities: pa.Table) -> Signs:
    rows = entities.select(["item_id", "kind", "name", "mentions"]).to_pylist()
    starts = ([each["start"] for each in row["mentions"] or ()] for row in rows)
    kinds = [(row["item_id"], row["kind"], row["name"]) for row in rows]
    counts: dict[tuple[str, str, str], int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return {
        "is_mentions_in_order": np.array([_rises(its) for its in starts], bool),
        "is_named_once": np.array([counts[kind] == 1 for kind in kinds], bool),
        "is_part_of_another": _parts_of_others(rows),
    }


def quote_promises(quotes: pa.Table, articles: pa.Table, entities: pa.Table) -> Signs:
    owner = places(quotes["item_id"], articles["item_id"])
    texts = articles["text"].to_pylist()
    rows = quotes.drop_columns(["article_id"]).to_pylist()
    kinds = dict(
        zip(
            zip(entities["item_id"].to_pylist(), entities["entity_index"].to_pylist(), strict=True),
            entities["kind"].to_pylist(),
            strict=True,
        )
    )

    def is_marked(row: Row, at: int) -> bool | None:
        if at < 0 or row["start"] is None:
            return None
        before = texts[at][: row["start"]][-2:].strip()
        return bool(before) and before[-1] in MARKS

    marked = [is_marked(row, at) for row, at in zip(rows, owner.tolist(), strict=True)]
    return {
        "is_quote_in_order": _in_order(quotes, "item_id", "quote_index", "start", is_strict=True),
        "is_bare": _each(rows, lambda row: (row["text"] or " ")[0] not in MARKS[:9]),
        "is_marked_as_told": np.array(
            [
                None if mark is None else mark == (row["kind"] == "direct")
                for mark, row in zip(marked, rows, strict=True)
            ]
        ),
        "is_indirect_marked": np.array(
            [_is_enclosed(row, texts[at]) if at >= 0 else False for row, at in zip(rows, owner.tolist(), strict=True)]
        ),
        "is_speaker_apart": _each(
            rows, lambda row: not _overlap(row, "speaker_", "verb_") and not _overlap(row, "", "verb_")
        ),
        "verb_word_count": pc.count_substring_regex(quotes["verb"], r"\S+"),
        "speaker_kind": pa.array([kinds.get((row["item_id"], row["entity_index"])) for row in rows], pa.string()),
    }


def duplicate_promises(duplicates: pa.Table, articles: pa.Table) -> Signs:
    kept = places(duplicates["kept_item_id"], articles["item_id"])
    at = pa.array(kept, pa.int64(), mask=kept < 0)
    same = pc.equal(articles["raw_sha256"].take(at), duplicates["raw_sha256"])
    return {
        "is_resent_same": pc.or_(pc.not_equal(duplicates["duplicate_kind"], "resent_event"), pc.fill_null(same, True))
    }


def rejected_promises(rejected: pa.Table, articles: pa.Table) -> Signs:
    rows = rejected.drop_columns(["excerpt"]).to_pylist()
    names = ("stage", "reason", "rule", "source", "stage_version")
    is_item = pc.equal(rejected["table_name"], "articles")
    return {
        "is_fingerprint_told": _each(
            rows, lambda row: row["fingerprint"] == fingerprint(*(row[name] for name in names))
        ),
        "is_item_published": pc.or_(is_item, pa.array(places(rejected["item_id"], articles["item_id"]) >= 0)),
    }


def item_promises(tables: Mapping[str, pa.Table]) -> dict[str, Signs]:
    """Table of items → whether its items were planned, and stand in their deliveries without a gap."""
    names = ("articles", "duplicates", "rejected")
    items = {name: tables[name] for name in names}
    rejected = items["rejected"]
    items["rejected"] = rejected.filter(pc.equal(rejected["table_name"], "articles"))
    known = pa.concat_tables([table.select(["delivery_id", "item_index"]) for table in items.values()])
    groups = known.group_by("delivery_id").aggregate([("item_index", "max"), ("item_index", "count")])
    whole = pc.equal(pc.add(groups["item_index_max"], 1), groups["item_index_count"])
    of_delivery = {
        name: places(table["delivery_id"], groups["delivery_id"]) for name, table in tables.items() if name in names
    }
    return {
        name: {
            "is_planned": places(tables[name]["item_id"], tables["ledger"]["item_id"]) >= 0,
            "is_delivery_gapless": pc.fill_null(whole.take(pa.array(at, pa.int64(), mask=at < 0)), False),
        }
        for name, at in of_delivery.items()
    }


def _each(rows: Iterable[Row], told: Callable[[Row], Any], kind: type = int) -> Array:
    found = [told(row) for row in rows]
    is_truth = bool(found) and isinstance(found[0], bool)
    return np.array(found, bool if is_truth else kind)


def _article_id(row: Row) -> str:
    return article_id(row["source"] or "", row["url"], row["raw_sha256"] or "", row["item_index"] or 0)


def _rises(values: Sequence[int | None]) -> bool:
    return all(a is not None and b is not None and a < b for a, b in pairwise(values))


def _is_best_first(row: Row) -> bool:
    scores = [[each["score"] for each in row["keywords"] or ()], [each["topic_score"] for each in row["topics"] or ()]]
    return all((a or 0) >= (b or 0) for its in scores for a, b in pairwise(its))


def _is_in_text_order(row: Row) -> bool:
    return all(_rises([each["start"] for each in row[name] or ()]) for name in ("summary", "links", "dates", "amounts"))


def _is_date_wrong(each: Row) -> bool:
    """Whether a date is as exact as it says."""
    return each["value"] is not None and len(each["value"]) != DATE_LENGTHS.get(each["precision"], 0)


def _is_unit_wrong(each: Row) -> bool:
    """Whether what means one unit stands there with another."""
    units = {unit for written, unit in UNITS.items() if written.search(each["text"] or "")}
    return len(units) == 1 and each["unit"] not in units


def _is_relative(each: Row) -> bool:
    return not (each["url"] or "").startswith(("http://", "https://", "mailto:", "tel:"))


def _author_words(row: Row) -> float:
    words = [len(author.split()) for author in row["authors"] or ()]
    return sum(words) / len(words) if words else float("nan")


def _found_told(articles: pa.Table, rows: Sequence[Row]) -> Array:
    """Whether each field of which it is said where it was found is there."""
    valid = {name: np.asarray(pc.is_valid(articles[name])) for name in articles.column_names}
    return np.array(
        [
            all(valid[each["field"]][n] for each in row["found_in"] or () if each["field"] in valid)
            for n, row in enumerate(rows)
        ],
        bool,
    )


def _datelines(texts: pa.ChunkedArray, rows: Sequence[Row]) -> Array:
    """Whether a dateline begins with its place."""

    def is_there(row: Row, text: str | None) -> bool:
        its = row["dateline"]
        if not its or its["place"] is None or its["start"] is None:
            return True
        return (text or "")[its["start"] :].casefold().startswith(its["place"].casefold())

    return np.array([is_there(row, text) for row, text in zip(rows, texts.to_pylist(), strict=True)], bool)


def _in_order(rows: pa.Table, key: str, number: str, value: str, is_strict: bool = False) -> Array:
    """Whether a row's value is not below (`is_strict`: above) that of the row before it in its group, by number."""
    table = rows.select([key, number, value]).append_column("row", pa.array(np.arange(rows.num_rows)))
    table = table.sort_by([(key, "ascending"), (number, "ascending")])
    keys, values = table[key].to_pylist(), np.asarray(table[value].cast(pa.int64()).fill_null(-1))
    same = np.array([a == b for a, b in pairwise(keys)], bool)
    rises = values[1:] > values[:-1] if is_strict else values[1:] >= values[:-1]
    found = np.ones(rows.num_rows, bool)
    found[np.asarray(table["row"])[1:][same & ~rises]] = False
    return found


def _later(articles: pa.Table, first: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether a row was received no earlier than the one it names; true where it names none that is there."""
    at = places(first, articles["item_id"])
    earlier = articles["received_at"].take(pa.array(at, pa.int64(), mask=at < 0))
    return pc.fill_null(pc.greater_equal(articles["received_at"], earlier), True)


def _used_elsewhere(articles: pa.Table, name: str) -> Array:
    """Whether another source of the day has a row's value in more rows."""
    pairs = list(zip(articles[name].to_pylist(), articles["source"].to_pylist(), strict=True))
    counts: dict[Any, dict[str, int]] = {}
    for value, source in pairs:
        its = counts.setdefault(value, {})
        its[source] = its.get(source, 0) + 1
    return np.array(
        [value is not None and max(counts[value].values()) > counts[value][source] for value, source in pairs]
    )


def _points_at_another(articles: pa.Table) -> Array:
    """Whether the address that a page gives itself is the one of another article of the day."""
    ids = dict(zip(articles["url"].to_pylist(), articles["article_id"].to_pylist(), strict=True))
    pairs = zip(articles["canonical_url"].to_pylist(), articles["article_id"].to_pylist(), strict=True)
    return np.array([url is not None and ids.get(url, article) != article for url, article in pairs], bool)


def _parts_of_others(rows: Sequence[Row]) -> Array:
    """Whether a person's name is the last word of another person's in the same article."""
    surnames = {
        (row["item_id"], row["name"].split()[-1])
        for row in rows
        if row["kind"] == "person" and len(row["name"].split()) > 1
    }
    return np.array([row["kind"] == "person" and (row["item_id"], row["name"]) in surnames for row in rows], bool)


def _is_enclosed(row: Row, text: str) -> bool:
    """Whether what is said to be told in other words stands in marks, one right before it and one right behind."""
    if row["kind"] != "indirect" or not row["start"] or row["end"] is None:
        return False
    return text[row["start"] - 1] in QUOTATION and text[row["end"] : row["end"] + 1] in QUOTATION_ENDS


def _overlap(row: Row, one: str, other: str) -> bool:
    spans = [row[f"{name}{end}"] for name in (one, other) for end in ("start", "end")]
    if None in spans:
        return False
    start, end, second, last = spans
    return bool(start < last and second < end)
