"""What the descriptions of the tables promise of a row and can be asked of it: ids are derived as told, lists stand in
the order told, and what one field says of another is so. A row that breaks a promise is our own mistake.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.references import (
    STREAMED,
    Indicators,
    compare_with_majority,
    find_used_more_elsewhere,
    join_rows,
    match_rows,
    stream_rows,
)
from pipelines.tables.ids import article_id
from pipelines.tables.rejected import fingerprint

Array = np.ndarray[Any, Any]
Row = Mapping[str, Any]
MARKS = frozenset("\"'“”„‟«»‹›「」『』‘’‚—–")  # what quotations are set in
OPENING, CLOSING = frozenset('"“„«'), frozenset('"”“»')
LISTS = ("keywords", "topics", "summary", "links", "dates", "amounts", "authors")
ONES = ("source", "url", "raw_sha256", "item_index", "article_id", "dateline", "text")
ALIKE = ("stage", "reason", "rule", "source", "stage_version")
IN_TEXT_ORDER = ("summary", "links", "dates", "amounts")
RESOLVED = ("http://", "https://", "mailto:", "tel:")
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


def check_articles(articles: pa.Table) -> Indicators:
    """Columns of ARTICLES → name of a sign → its value for each row."""
    published, precision = articles["published_at"], articles["published_precision"]
    is_midnight = pc.equal(pc.add(pc.add(pc.hour(published), pc.minute(published)), pc.second(published)), 0)
    is_agreed, _ = compare_with_majority(articles, "language", ("readability_formula",))
    return {
        **_told(stream_rows(articles, (*LISTS, *ONES)), OF_ARTICLES),
        "is_revision_in_order": _in_order(articles, "article_id", "revision", "received_at"),
        "is_revision_changed": _revised(articles),
        "is_duplicate_later": _later(articles, articles["duplicate_of"]),
        "is_precision_kept": pc.and_(
            pc.or_(pc.not_equal(precision, "day"), is_midnight),
            pc.or_(pc.not_equal(precision, "minute"), pc.equal(pc.second(published), 0)),
        ),
        "is_midnight": pc.and_(pc.not_equal(precision, "day"), is_midnight),
        "is_formula_of_language": pc.or_(pa.array(is_agreed), pc.is_null(articles["readability_formula"])),
        "is_policy_anothers": pc.fill_null(
            find_used_more_elsewhere(articles["tdm_policy_url"], articles["source"]), False
        ),
        "is_canonical_anothers": _points_at_another(articles),
    }


def check_entities(entities: pa.Table) -> Indicators:
    keys = list(zip(*(entities[name].to_pylist() for name in ("item_id", "kind", "name")), strict=True))
    counts = Counter(keys)
    surnames = {(item, kind, name.split()[-1]) for item, kind, name in keys if kind == "person" and " " in name.strip()}
    return {
        **_told(stream_rows(entities, ("mentions",)), {"is_mentions_in_order": lambda row: _rises(row["mentions"])}),
        "is_named_once": np.array([counts[key] == 1 for key in keys], bool),
        "is_part_of_another": np.array([key in surnames for key in keys], bool),
    }


def check_quotes(quotes: pa.Table, articles: pa.Table, entities: pa.Table) -> Indicators:
    owner = match_rows(quotes["item_id"], articles["item_id"])
    at = pa.array(owner, pa.int64(), mask=owner < 0)
    # The text of each quote's article stands beside it, for a piece of the quotes at a time.
    pieces = (
        quotes.slice(n, STREAMED).append_column("whole", articles["text"].take(at.slice(n, STREAMED)))
        for n in range(0, quotes.num_rows, STREAMED)
    )
    names = [*(name for name in quotes.column_names if name not in ("item_id", "article_id")), "whole"]
    speaking = match_rows(join_rows(quotes, "item_id", "entity_index"), join_rows(entities, "item_id", "entity_index"))
    return {
        **_told((row for piece in pieces for row in stream_rows(piece, names)), OF_QUOTES),
        "is_quote_in_order": _in_order(quotes, "item_id", "quote_index", "start", is_strict=True),
        "verb_word_count": pc.count_substring_regex(quotes["verb"], r"\S+"),
        "speaker_kind": entities["kind"].take(pa.array(speaking, pa.int64(), mask=speaking < 0)),
    }


def check_duplicates(duplicates: pa.Table, articles: pa.Table) -> Indicators:
    kept = match_rows(duplicates["kept_item_id"], articles["item_id"])
    at = pa.array(kept, pa.int64(), mask=kept < 0)
    same = pc.equal(articles["raw_sha256"].take(at), duplicates["raw_sha256"])
    return {
        "is_resent_same": pc.or_(pc.not_equal(duplicates["duplicate_kind"], "resent_event"), pc.fill_null(same, True))
    }


def check_rejected(rejected: pa.Table, articles: pa.Table) -> Indicators:
    is_item = pc.equal(rejected["table_name"], "articles")
    return {
        **_told(stream_rows(rejected, (*ALIKE, "fingerprint")), {"is_fingerprint_told": _is_fingerprint_told}),
        "is_item_published": pc.or_(is_item, pa.array(match_rows(rejected["item_id"], articles["item_id"]) >= 0)),
    }


def check_items(tables: Mapping[str, pa.Table]) -> dict[str, Indicators]:
    """Table of items → whether its items were planned, and stand in their deliveries without a gap."""
    names = ("articles", "duplicates", "rejected")
    items = {name: tables[name] for name in names}
    rejected = items["rejected"]
    items["rejected"] = rejected.filter(pc.equal(rejected["table_name"], "articles"))
    known = pa.concat_tables([table.select(["delivery_id", "item_index"]) for table in items.values()])
    groups = known.group_by("delivery_id").aggregate([("item_index", "max"), ("item_index", "count")])
    whole = pc.equal(pc.add(groups["item_index_max"], 1), groups["item_index_count"])
    of_delivery = {
        name: match_rows(table["delivery_id"], groups["delivery_id"]) for name, table in tables.items() if name in names
    }
    # The ledger of a release is known only until that is live.
    planned = tables["ledger"]["item_id"] if "ledger" in tables else None
    return {
        name: {
            "is_planned": pa.nulls(len(at), pa.bool_())
            if planned is None
            else match_rows(tables[name]["item_id"], planned) >= 0,
            "is_delivery_gapless": pc.fill_null(whole.take(pa.array(at, pa.int64(), mask=at < 0)), False),
        }
        for name, at in of_delivery.items()
    }


def _told(rows: Iterable[Row], rules: Mapping[str, Callable[[Row], Any]]) -> Indicators:
    """What each rule says of each row, in one pass."""
    found: dict[str, list[Any]] = {name: [] for name in rules}
    for row in rows:
        for name, rule in rules.items():
            found[name].append(rule(row))
    kinds = {name: pa.bool_() if name.startswith("is_") else pa.float64() for name in rules}
    return {name: pa.array(values, kinds[name]) for name, values in found.items()}


def _is_article_id_told(row: Row) -> bool:
    known = article_id(row["source"] or "", row["url"], row["raw_sha256"] or "", row["item_index"] or 0)
    return bool(row["article_id"] == known)


def _is_fingerprint_told(row: Row) -> bool:
    return bool(row["fingerprint"] == fingerprint(*(row[name] for name in ALIKE)))


def _rises(spans: Sequence[Row] | None) -> bool:
    return all((a["start"] or 0) < (b["start"] or 0) for a, b in pairwise(spans or ()))


def _falls(scored: Sequence[Row] | None, name: str) -> bool:
    return all((a[name] or 0) >= (b[name] or 0) for a, b in pairwise(scored or ()))


def _is_date_exact(each: Row) -> bool:
    """Whether a date is as exact as it says."""
    return each["value"] is None or len(each["value"]) == DATE_LENGTHS.get(each["precision"], 0)


def _is_unit_written(each: Row) -> bool:
    """Whether what means one unit stands there with no other."""
    units = {unit for written, unit in UNITS.items() if written.search(each["text"] or "")}
    return len(units) != 1 or each["unit"] in units


def _author_words(row: Row) -> float | None:
    words = [len((author or "").split()) for author in row["authors"] or ()]
    return sum(words) / len(words) if words else None


def _is_dateline_there(row: Row) -> bool:
    """Whether a dateline begins with its place."""
    its = row["dateline"]
    if not its or its["place"] is None or its["start"] is None:
        return True
    return bool((row["text"] or "")[its["start"] :].casefold().startswith(its["place"].casefold()))


def _is_marked_as_told(row: Row) -> bool | None:
    """Whether a mark stands right before what is a direct quote, and before no other."""
    if row["whole"] is None or row["start"] is None:
        return None
    before = row["whole"][max(0, row["start"] - 2) : row["start"]].strip()
    is_marked = bool(before) and before[-1] in MARKS
    return is_marked is bool(row["kind"] == "direct")


def _is_indirect_marked(row: Row) -> bool:
    """Whether what is said to be told in other words stands in marks, one right before it and one right behind."""
    if row["kind"] != "indirect" or not row["whole"] or not row["start"] or row["end"] is None:
        return False
    # Slices, since offsets may lie outside of the text: other checks say so.
    before, behind = (row["whole"][at : at + 1] for at in (row["start"] - 1, row["end"]))
    return before in OPENING and behind in CLOSING


def _overlap(row: Row, one: str, other: str) -> bool:
    spans = [row[f"{name}{end}"] for name in (one, other) for end in ("start", "end")]
    if None in spans:
        return False
    start, end, second, last = spans
    return bool(start < last and second < end)


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


def _revised(articles: pa.Table) -> Array:
    """Whether a revision has another text than the one before it."""
    columns = (articles[name].to_pylist() for name in ("article_id", "revision", "content_sha256"))
    rows = list(zip(*columns, strict=True))
    texts = {(article, revision): text for article, revision, text in rows}
    return np.array([texts.get((article, (revision or 0) - 1)) != text for article, revision, text in rows], bool)


def _later(articles: pa.Table, first: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether a row was received no earlier than the one it names; true where it names none that is there."""
    at = match_rows(first, articles["item_id"])
    earlier = articles["received_at"].take(pa.array(at, pa.int64(), mask=at < 0))
    return pc.fill_null(pc.greater_equal(articles["received_at"], earlier), True)


def _points_at_another(articles: pa.Table) -> Array:
    """Whether the address that a page gives itself is the one of another article of the day."""
    ids = dict(zip(articles["url"].to_pylist(), articles["article_id"].to_pylist(), strict=True))
    pairs = zip(articles["canonical_url"].to_pylist(), articles["article_id"].to_pylist(), strict=True)
    return np.array([url is not None and ids.get(url, article) != article for url, article in pairs], bool)


OF_ARTICLES: dict[str, Callable[[Row], Any]] = {
    "is_article_id_told": _is_article_id_told,
    "is_best_first": lambda row: _falls(row["keywords"], "score") and _falls(row["topics"], "topic_score"),
    "is_topic_first_level": lambda row: all(FIRST_LEVEL.fullmatch(each["topic"] or "") for each in row["topics"] or ()),
    "is_list_in_order": lambda row: all(_rises(row[name]) for name in IN_TEXT_ORDER),
    "date_difference": lambda row: sum(not _is_date_exact(each) for each in row["dates"] or ()),
    "unit_difference": lambda row: sum(not _is_unit_written(each) for each in row["amounts"] or ()),
    "odd_link_count": lambda row: sum(not (each["url"] or "").startswith(RESOLVED) for each in row["links"] or ()),
    "repeated_author_count": lambda row: len(row["authors"] or ()) - len(set(row["authors"] or ())),
    "author_word_share": _author_words,
    "is_dateline_there": _is_dateline_there,
}
OF_QUOTES: dict[str, Callable[[Row], Any]] = {
    "is_bare": lambda row: (row["text"] or " ")[0] not in OPENING,
    "is_marked_as_told": _is_marked_as_told,
    "is_indirect_marked": _is_indirect_marked,
    "is_speaker_apart": lambda row: not _overlap(row, "speaker_", "verb_") and not _overlap(row, "", "verb_"),
}
