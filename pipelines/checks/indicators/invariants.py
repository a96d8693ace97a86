"""Indicators of invariants: statements of docs/tables.md about a row that can be checked.

Ids are derived as documented, lists are in the documented order, and columns that describe one another agree. A row
that breaks an invariant is a defect in our code.
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
MARKS = frozenset("\"'“”„‟«»‹›「」『』‘’‚—–")  # quotation marks and dashes that quotations begin with
OPENING, CLOSING = frozenset('"“„«'), frozenset('"”“»')
LISTS = ("keywords", "topics", "summary", "links", "dates", "amounts", "authors")
SCALARS = ("source", "url", "raw_sha256", "item_index", "article_id", "dateline", "text")
FINGERPRINTED = ("stage", "reason", "rule", "source", "stage_version")
IN_TEXT_ORDER = ("summary", "links", "dates", "amounts")
ABSOLUTE = ("http://", "https://", "mailto:", "tel:")
DATE_LENGTHS = {"day": 10, "month": 7, "year": 4}
# Symbols and words of exactly one unit: a dollar may be that of several countries.
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
HASH = re.compile(r"[0-9a-f]{32}")
FIRST_LEVEL = re.compile(r"medtop:\d\d000000")


def derive_article_invariants(articles: pa.Table) -> Indicators:
    """Derive the invariants of single rows from the columns of ARTICLES."""
    published, precision = articles["published_at"], articles["published_precision"]
    is_exact = pc.or_(pc.equal(precision, "minute"), pc.equal(precision, "second"))  # null where nothing is known
    is_midnight = pc.equal(pc.add(pc.add(pc.hour(published), pc.minute(published)), pc.second(published)), 0)
    return {
        **_apply_rules(stream_rows(articles, (*LISTS, *SCALARS)), ARTICLE_RULES),
        "is_precision_kept": pc.and_(
            pc.or_(is_exact, is_midnight),
            pc.or_(pc.not_equal(precision, "minute"), pc.equal(pc.second(published), 0)),
        ),
        "is_midnight": pc.and_(is_exact, is_midnight),
    }


def compare_article_invariants(articles: pa.Table) -> Indicators:
    """Derive the invariants that hold between the rows of a day, from plain columns of ARTICLES."""
    formulas = compare_with_majority(articles, "language", ("readability_formula",))
    return {
        "is_revision_in_order": _is_in_order(articles, "article_id", "revision", "received_at"),
        "is_revision_changed": _is_revision_changed(articles),
        "is_duplicate_later": _is_later(articles, articles["duplicate_of"]),
        "is_formula_of_language": pc.or_(pa.array(formulas.is_agreed), pc.is_null(articles["readability_formula"])),
        "is_policy_of_other_source": pc.fill_null(
            find_used_more_elsewhere(articles["tdm_policy_url"], articles["source"]), False
        ),
        "is_canonical_of_other_article": _is_canonical_of_other_article(articles),
    }


def derive_entity_invariants(entities: pa.Table) -> Indicators:
    """Derive whether mentions are in order, and whether names of one entity were merged."""
    keys = list(zip(*(entities[name].to_pylist() for name in ("item_id", "kind", "name")), strict=True))
    counts = Counter(keys)
    surnames = {(item, kind, name.split()[-1]) for item, kind, name in keys if kind == "person" and " " in name.strip()}
    return {
        **_apply_rules(
            stream_rows(entities, ("mentions",)),
            {"is_mentions_in_order": lambda row: _is_in_text_order(row["mentions"])},
        ),
        "is_named_once": np.array([counts[key] == 1 for key in keys], bool),
        "is_part_of_another": np.array([key in surnames for key in keys], bool),
    }


def derive_quote_invariants(quotes: pa.Table, articles: pa.Table, entities: pa.Table) -> Indicators:
    """Derive whether marks, order and spans of a quote are those of its kind."""
    owner = match_rows(quotes["item_id"], articles["item_id"])
    at = pa.array(owner, pa.int64(), mask=owner < 0)
    # The text of each quote's article is joined to it, for a piece of the quotes at a time.
    pieces = (
        quotes.slice(n, STREAMED).append_column("article_text", articles["text"].take(at.slice(n, STREAMED)))
        for n in range(0, quotes.num_rows, STREAMED)
    )
    names = [*(name for name in quotes.column_names if name not in ("item_id", "article_id")), "article_text"]
    speakers = match_rows(join_rows(quotes, "item_id", "entity_index"), join_rows(entities, "item_id", "entity_index"))
    return {
        **_apply_rules((row for piece in pieces for row in stream_rows(piece, names)), QUOTE_RULES),
        "is_quote_in_order": _is_in_order(quotes, "item_id", "quote_index", "start", is_strict=True),
        "verb_word_count": pc.count_substring_regex(quotes["verb"], r"\S+"),
        "speaker_kind": entities["kind"].take(pa.array(speakers, pa.int64(), mask=speakers < 0)),
    }


def derive_duplicate_invariants(duplicates: pa.Table, articles: pa.Table) -> Indicators:
    """Derive whether an event that was sent again has the same bytes."""
    kept = match_rows(duplicates["kept_item_id"], articles["item_id"])
    at = pa.array(kept, pa.int64(), mask=kept < 0)
    same = pc.equal(articles["raw_sha256"].take(at), duplicates["raw_sha256"])
    return {
        "is_resent_same": pc.or_(pc.not_equal(duplicates["duplicate_kind"], "resent_event"), pc.fill_null(same, True))
    }


def derive_rejected_invariants(rejected: pa.Table, articles: pa.Table) -> Indicators:
    """Derive whether fingerprints are valid, and whether rows that are not items belong to a published article."""
    is_item = pc.equal(rejected["table_name"], "articles")
    return {
        **_apply_rules(
            stream_rows(rejected, (*FINGERPRINTED, "fingerprint")), {"is_fingerprint_valid": _is_fingerprint_valid}
        ),
        "is_item_published": pc.or_(is_item, pa.array(match_rows(rejected["item_id"], articles["item_id"]) >= 0)),
    }


def derive_item_invariants(tables: Mapping[str, pa.Table]) -> dict[str, Indicators]:
    """Derive, for each table of items, whether its items were planned and are numbered without a gap."""
    names = ("articles", "duplicates", "rejected")
    items = {name: tables[name] for name in names}
    rejected = items["rejected"].select(["delivery_id", "item_index", "table_name"])
    items["rejected"] = rejected.filter(pc.equal(rejected["table_name"], "articles"))
    indices = pa.concat_tables([table.select(["delivery_id", "item_index"]) for table in items.values()])
    groups = indices.group_by("delivery_id").aggregate([("item_index", "max"), ("item_index", "count")])
    is_gapless = pc.equal(pc.add(groups["item_index_max"], 1), groups["item_index_count"])
    of_delivery = {
        name: match_rows(table["delivery_id"], groups["delivery_id"]) for name, table in tables.items() if name in names
    }
    # The ledger of a release is kept only until the release is live.
    planned = tables["ledger"]["item_id"] if "ledger" in tables else None
    return {
        name: {
            "is_planned": pa.nulls(len(at), pa.bool_())
            if planned is None
            else match_rows(tables[name]["item_id"], planned) >= 0,
            "is_delivery_gapless": pc.fill_null(is_gapless.take(pa.array(at, pa.int64(), mask=at < 0)), False),
        }
        for name, at in of_delivery.items()
    }


def _apply_rules(rows: Iterable[Row], rules: Mapping[str, Callable[[Row], Any]]) -> Indicators:
    """Apply each rule to each row, in one pass."""
    columns: dict[str, list[Any]] = {name: [] for name in rules}
    for row in rows:
        for name, rule in rules.items():
            columns[name].append(rule(row))
    kinds = {name: pa.bool_() if name.startswith("is_") else pa.float64() for name in rules}
    return {name: pa.array(values, kinds[name]) for name, values in columns.items()}


def _is_article_id_valid(row: Row) -> bool:
    """Return whether an id follows from its row; without a URL it may be from a feed's guid, which no column has."""
    if row["url"] is None:
        return bool(HASH.fullmatch(row["article_id"] or ""))
    expected = article_id(row["source"] or "", row["url"], row["raw_sha256"] or "", row["item_index"] or 0)
    return bool(row["article_id"] == expected)


def _is_fingerprint_valid(row: Row) -> bool:
    return bool(row["fingerprint"] == fingerprint(*(row[name] for name in FINGERPRINTED)))


def _is_in_text_order(spans: Sequence[Row] | None) -> bool:
    return all((a["start"] or 0) < (b["start"] or 0) for a, b in pairwise(spans or ()))


def _is_best_first(scored: Sequence[Row] | None, name: str) -> bool:
    return all((a[name] or 0) >= (b[name] or 0) for a, b in pairwise(scored or ()))


def _is_date_exact(mention: Row) -> bool:
    """Return whether the value of a date has the length of its precision."""
    return mention["value"] is None or len(mention["value"]) == DATE_LENGTHS.get(mention["precision"], 0)


def _is_unit_written(amount: Row) -> bool:
    """Return whether an amount has the unit of its text, where the text names exactly one of UNITS."""
    units = {unit for written, unit in UNITS.items() if written.search(amount["text"] or "")}
    return len(units) != 1 or amount["unit"] in units


def _compute_author_words(row: Row) -> float | None:
    """Return the mean number of words of the authors' names."""
    counts = [len((author or "").split()) for author in row["authors"] or ()]
    return sum(counts) / len(counts) if counts else None


def _is_dateline_there(row: Row) -> bool:
    """Return whether the text has the place of the dateline at the offset of the dateline."""
    dateline = row["dateline"]
    if not dateline or dateline["place"] is None or dateline["start"] is None:
        return True
    return bool((row["text"] or "")[dateline["start"] :].casefold().startswith(dateline["place"].casefold()))


def _is_marked_as_kind(row: Row) -> bool | None:
    """Return whether a mark is before a direct quote, and no mark before any other quote."""
    if row["article_text"] is None or row["start"] is None:
        return None
    before = row["article_text"][max(0, row["start"] - 2) : row["start"]].strip()
    is_marked = bool(before) and before[-1] in MARKS
    return is_marked is bool(row["kind"] == "direct")


def _is_indirect_marked(row: Row) -> bool:
    """Return whether an indirect quote is between quotation marks."""
    if row["kind"] != "indirect" or not row["article_text"] or not row["start"] or row["end"] is None:
        return False
    # Slices, since offsets may be outside the text: other checks report that.
    before, after = (row["article_text"][at : at + 1] for at in (row["start"] - 1, row["end"]))
    return before in OPENING and after in CLOSING


def _overlap(row: Row, prefix: str, other_prefix: str) -> bool:
    """Return whether two spans of a row overlap, each named by the prefix of its `start` and `end`."""
    offsets = [row[f"{each}{edge}"] for each in (prefix, other_prefix) for edge in ("start", "end")]
    if None in offsets:
        return False
    start, end, other_start, other_end = offsets
    return bool(start < other_end and other_start < end)


def _is_in_order(rows: pa.Table, key: str, number: str, value: str, is_strict: bool = False) -> Array:
    """Return whether a row's value is at least (`is_strict`: above) that of the row before it.

    The row before is the one of the same `key` with the next lower `number`.
    """
    table = rows.select([key, number, value]).append_column("row", pa.array(np.arange(rows.num_rows)))
    table = table.sort_by([(key, "ascending"), (number, "ascending")])
    keys, values = table[key].to_pylist(), np.asarray(table[value].cast(pa.int64()).fill_null(-1))
    same = np.array([a == b for a, b in pairwise(keys)], bool)
    rises = values[1:] > values[:-1] if is_strict else values[1:] >= values[:-1]
    is_in_order = np.ones(rows.num_rows, bool)
    is_in_order[np.asarray(table["row"])[1:][same & ~rises]] = False
    return is_in_order


def _is_revision_changed(articles: pa.Table) -> Array:
    """Return whether a revision has a different text than the one before it."""
    columns = (articles[name].to_pylist() for name in ("article_id", "revision", "content_sha256"))
    rows = list(zip(*columns, strict=True))
    texts = {(article, revision): text for article, revision, text in rows}
    return np.array([texts.get((article, (revision or 0) - 1)) != text for article, revision, text in rows], bool)


def _is_later(articles: pa.Table, first: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whether a row was received no earlier than the row it names; true where it names no existing row."""
    at = match_rows(first, articles["item_id"])
    earlier = articles["received_at"].take(pa.array(at, pa.int64(), mask=at < 0))
    return pc.fill_null(pc.greater_equal(articles["received_at"], earlier), True)


def _is_canonical_of_other_article(articles: pa.Table) -> Array:
    """Return whether the canonical address of a row is the address of another article of the day."""
    ids = dict(zip(articles["url"].to_pylist(), articles["article_id"].to_pylist(), strict=True))
    pairs = zip(articles["canonical_url"].to_pylist(), articles["article_id"].to_pylist(), strict=True)
    return np.array([url is not None and ids.get(url, article) != article for url, article in pairs], bool)


ARTICLE_RULES: dict[str, Callable[[Row], Any]] = {
    "is_article_id_valid": _is_article_id_valid,
    "is_best_first": lambda row: (
        _is_best_first(row["keywords"], "score") and _is_best_first(row["topics"], "topic_score")
    ),
    "is_topic_first_level": lambda row: all(FIRST_LEVEL.fullmatch(each["topic"] or "") for each in row["topics"] or ()),
    "is_list_in_order": lambda row: all(_is_in_text_order(row[name]) for name in IN_TEXT_ORDER),
    "date_difference": lambda row: sum(not _is_date_exact(each) for each in row["dates"] or ()),
    "unit_difference": lambda row: sum(not _is_unit_written(each) for each in row["amounts"] or ()),
    "odd_link_count": lambda row: sum(not (each["url"] or "").startswith(ABSOLUTE) for each in row["links"] or ()),
    "repeated_author_count": lambda row: len(row["authors"] or ()) - len(set(row["authors"] or ())),
    "author_word_share": _compute_author_words,
    "is_dateline_there": _is_dateline_there,
}
QUOTE_RULES: dict[str, Callable[[Row], Any]] = {
    "is_bare": lambda row: (row["text"] or " ")[0] not in OPENING,
    "is_marked_as_kind": _is_marked_as_kind,
    "is_indirect_marked": _is_indirect_marked,
    "is_speaker_apart": lambda row: not _overlap(row, "speaker_", "verb_") and not _overlap(row, "", "verb_"),
}
