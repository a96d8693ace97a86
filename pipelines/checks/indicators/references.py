"""Indicators from several tables: references to missing rows, counts that do not add up, gaps in numbering."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.spans import count_broken_spans, find_mismatches
from pipelines.tables.ids import item_id

Array = np.ndarray[Any, Any]
Indicators = dict[str, pa.Array | pa.ChunkedArray | Array]
STREAMED = 5_000  # rows turned into Python objects at once
STATUSES = ("done", "skipped", "failed")
COUNT_COLUMNS = {"articles": "published_count", "duplicates": "duplicate_count", "rejected": "rejected_count"}


def derive_entity_indicators(entities: pa.Table, articles: pa.Table, rejected: pa.Table) -> Indicators:
    """Derive whether entities fit their articles and their mentions."""
    owner = match_rows(entities["item_id"], articles["item_id"])
    located = [pc.is_valid(entities[name]) for name in ("latitude", "longitude")]
    # The fullest form may include the short one in brackets, as in "the Harbour Board (HB)".
    pairs = zip(entities["name"].to_pylist(), entities["mentions"].to_pylist(), strict=True)
    is_named = [
        any(mention["text"] and mention["text"] in (name or "") for mention in mentions or ())
        for name, mentions in pairs
    ]
    return {
        **_derive_article_references(entities, articles, owner, "entities_status"),
        "is_index_gapless": _is_gapless(entities, "entity_index", rejected, "entities"),
        "broken_span_count": count_broken_spans(articles["text"], entities["mentions"], owners=owner),
        "mention_difference": pc.subtract(
            entities["mention_count"], pc.fill_null(pc.list_value_length(entities["mentions"]), 0)
        ),
        "is_named_in_text": pa.array(is_named, pa.bool_()),
        "is_name_readable": pc.match_substring_regex(pc.fill_null(entities["name"], ""), r"\pL.*[\pL\d]|\p{Han}"),
        "is_place_complete": pc.and_(pc.equal(*located), pc.equal(located[0], pc.is_valid(entities["geoname_id"]))),
        "is_place_kind_valid": pc.or_(pc.is_null(entities["geoname_id"]), pc.equal(entities["kind"], "place")),
        "is_place_scored": pc.equal(pc.is_valid(entities["place_score"]), pc.is_valid(entities["geoname_id"])),
        "is_country_known": pc.if_else(pc.is_valid(entities["geoname_id"]), pc.is_valid(entities["country"]), None),
        "is_at_null_island": pc.fill_null(
            pc.and_(pc.less(pc.abs(entities["latitude"]), 0.01), pc.less(pc.abs(entities["longitude"]), 0.01)), False
        ),
        "is_name_lower": pc.match_substring_regex(entities["name"], r"^\p{Ll}"),
        "name_length": pc.utf8_length(entities["name"]),
        "name_word_count": pc.count_substring_regex(entities["name"], r"\S+"),
    }


def compare_entities(entities: pa.Table) -> Indicators:
    """Derive whether the entities of a day agree with one another, from plain columns of ENTITIES."""
    places = compare_with_majority(entities, "geoname_id", ("country", "admin1", "latitude", "longitude"))
    return {
        "is_place_agreed": places.is_agreed,
        "is_place_disputed": places.is_disputed,
        "is_kind_usual": compare_with_majority(entities, "name", ("kind",)).is_agreed,
        "is_country_near": _is_near_country(entities),
    }


def derive_quote_indicators(quotes: pa.Table, articles: pa.Table, entities: pa.Table, rejected: pa.Table) -> Indicators:
    """Derive whether quotes fit their articles and entities."""
    owner = match_rows(quotes["item_id"], articles["item_id"])

    def differs(words: str, start: str, end: str) -> Array:
        columns = (quotes[name].combine_chunks() for name in (start, end, words))
        return find_mismatches(articles["text"], owner, *columns)

    entity_keys = join_rows(quotes, "item_id", "entity_index")
    entity = match_rows(entity_keys, join_rows(entities, "item_id", "entity_index"))
    has_entity = pc.is_valid(quotes["entity_index"])
    entity_name = entities["name"].take(pa.array(entity, pa.int64(), mask=entity < 0))
    return {
        **_derive_article_references(quotes, articles, owner, "quotes_status"),
        "is_index_gapless": _is_gapless(quotes, "quote_index", rejected, "quotes"),
        "is_text_there": ~differs("text", "start", "end"),
        "is_speaker_there": ~differs("speaker", "speaker_start", "speaker_end"),
        "is_verb_there": ~differs("verb", "verb_start", "verb_end"),
        "is_entity_there": pc.or_(pc.invert(has_entity), pa.array(entity >= 0)),
        "is_speaker_name_valid": pc.fill_null(
            pc.if_else(has_entity, pc.equal(entity_name, quotes["speaker_name"]), pc.is_null(quotes["speaker_name"])),
            False,
        ),
        "quote_length": pc.utf8_length(quotes["text"]),
        "speaker_length": pc.utf8_length(quotes["speaker"]),
        "speaker_distance": pc.abs(pc.subtract(quotes["speaker_start"], quotes["start"])),
        "quote_place": _measure_position(quotes["start"], articles["char_count"], owner),
        "quote_opening": pc.utf8_slice_codeunits(quotes["text"], 0, 100),
    }


def derive_duplicate_indicators(duplicates: pa.Table, articles: pa.Table) -> Indicators:
    """Derive whether the item that is kept instead of a duplicate fits it."""
    kept = match_rows(duplicates["kept_item_id"], articles["item_id"])
    at = pa.array(kept, pa.int64(), mask=kept < 0)
    same_url = pc.equal(duplicates["duplicate_kind"], "same_url_same_text")
    return {
        "is_kept_there": kept >= 0,
        "is_kept_other_item": pc.not_equal(duplicates["kept_item_id"], duplicates["item_id"]),
        "is_kept_same_article": pc.or_(
            pc.invert(pc.fill_null(same_url, False)),
            pc.fill_null(pc.equal(articles["article_id"].take(at), duplicates["article_id"]), True),
        ),
        "is_kept_earlier": pc.fill_null(
            pc.less_equal(articles["received_at"].take(at), duplicates["received_at"]), True
        ),
        "hours_to_kept": pc.divide(
            pc.seconds_between(articles["received_at"].take(at), duplicates["received_at"]).cast(pa.float64()), 3_600
        ),
        "is_source_kept": pc.fill_null(pc.equal(articles["source"].take(at), duplicates["source"]), True),
    }


def derive_item_indicators(items: pa.Table) -> Indicators:
    """Derive, for any table of items, whether the item id is that of the delivery and position."""
    rows = zip(*(items[name].to_pylist() for name in ("item_id", "delivery_id", "item_index")), strict=True)
    return {"is_own_id": np.fromiter((i == item_id(d or "", n or 0) for i, d, n in rows), bool, items.num_rows)}


def compare_coverage(coverage: pa.Table, tables: dict[str, pa.Table]) -> pa.Table:
    """Add to coverage the differences between its counts and the tables; a missing group is a row without counts."""
    keys = ["source", "language"]
    table = coverage
    for name, count_column in COUNT_COLUMNS.items():
        items = tables[name]
        if "table_name" in items.column_names:
            items = items.select(["source", "language", "table_name"])
            items = items.filter(pc.equal(items["table_name"], "articles"))
        language = pc.fill_null(items["language"], "und")
        counted = pa.table({"source": items["source"], "language": language, "n": language})
        counted = counted.group_by(keys).aggregate([("n", "count")]).rename_columns([*keys, f"found_{count_column}"])
        table = table.drop_columns([c for c in table.column_names if pa.types.is_nested(table.schema.field(c).type)])
        table = table.join(counted, keys, join_type="full outer")
    table = table.sort_by([(key, "ascending") for key in keys])
    differences = [
        pc.abs(pc.subtract(pc.fill_null(table[count_column], 0), pc.fill_null(table[f"found_{count_column}"], 0)))
        for count_column in COUNT_COLUMNS.values()
    ]
    total = pc.add(pc.add(table["published_count"], table["duplicate_count"]), table["rejected_count"])
    table = table.append_column("sum_difference", pc.subtract(table["received_count"], total))
    return table.append_column("found_difference", pc.add(pc.add(differences[0], differences[1]), differences[2]))


def compare_completeness(coverage: pa.Table, articles: pa.Table) -> pa.Table:
    """Compare the counts of enrichers in coverage with its other counts, and with the statuses in `articles`.

    Returns a row of differences per source and language.
    """
    status_counts = _count_statuses(articles)
    completeness, failed, statuses = [], [], []
    names = ["source", "language", "published_count", "completeness", "enrichment_failed_count"]
    for row in coverage.select(names).to_pylist():
        parts = row["completeness"] or []
        sums = [sum(part[f"{status}_count"] or 0 for status in STATUSES) for part in parts]
        completeness.append(sum(abs(total - (row["published_count"] or 0)) for total in sums))
        failed.append(sum(part["failed_count"] or 0 for part in parts) - (row["enrichment_failed_count"] or 0))
        group = (row["source"], row["language"])
        pairs = [
            (part[f"{status}_count"] or 0, status_counts[*group, part["enricher"], status])
            for part in parts
            for status in STATUSES
        ]
        statuses.append(sum(abs(in_coverage - in_articles) for in_coverage, in_articles in pairs))
    differences = {
        "completeness_difference": pa.array(completeness, pa.int64()),
        "failed_difference": pa.array(failed, pa.int64()),
        "status_difference": pa.array(statuses, pa.int64()),
    }
    return pa.table({**{name: coverage[name] for name in ("source", "language")}, **differences})


def _count_statuses(articles: pa.Table) -> Counter[tuple[str, ...]]:
    """Count the articles of each (source, language, enricher, status)."""
    counts: Counter[tuple[str, ...]] = Counter()
    language = pc.fill_null(articles["language"], "und")
    for name in [name for name in articles.column_names if name.endswith("_status")]:
        statuses = pc.list_element(pc.split_pattern(pc.fill_null(articles[name], ""), ":", max_splits=1), 0)
        rows = pa.table({"source": articles["source"], "language": language, "status": statuses, "n": statuses})
        for row in rows.group_by(["source", "language", "status"]).aggregate([("n", "count")]).to_pylist():
            counts[row["source"], row["language"], name.removesuffix("_status"), row["status"]] += row["n_count"]
    return counts


def stream_rows(table: pa.Table, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows as Python objects, a piece of the table at a time: as objects a day takes ten times its memory."""
    for batch in table.select(list(names)).to_batches(max_chunksize=STREAMED):
        yield from batch.to_pylist()


def find_used_more_elsewhere(values: pa.ChunkedArray, sources: pa.ChunkedArray) -> pa.Array:
    """Return whether another source of the day has a row's value in more rows; null where the row has no value."""
    pairs = list(zip(values.to_pylist(), sources.to_pylist(), strict=True))
    used = Counter(pairs)
    most: dict[Any, int] = {}
    for (value, _), count in used.items():
        most[value] = max(count, most.get(value, 0))
    return pa.array([None if value is None else most[value] > used[value, s] for value, s in pairs], pa.bool_())


def match_rows(ids: pa.ChunkedArray | pa.Array, among: pa.ChunkedArray | pa.Array) -> Array:
    """Return the position of each id among others, -1 where it is missing."""
    value_set = among.combine_chunks() if isinstance(among, pa.ChunkedArray) else among
    return np.asarray(pc.fill_null(pc.index_in(ids, value_set=value_set), -1)).astype(np.int64)


def _derive_article_references(rows: pa.Table, articles: pa.Table, owner: Array, status: str) -> Indicators:
    at = pa.array(owner, pa.int64(), mask=owner < 0)
    return {
        "is_article_there": owner >= 0,
        "is_article_same": pc.fill_null(pc.equal(articles["article_id"].take(at), rows["article_id"]), True),
        "is_article_done": pc.fill_null(pc.starts_with(articles[status].take(at), "done"), True),
    }


def _measure_position(starts: pa.ChunkedArray, lengths: pa.ChunkedArray, owner: Array) -> pa.ChunkedArray:
    """Return how far into its text something begins, from 0 to 1."""
    text_lengths = lengths.take(pa.array(owner, pa.int64(), mask=owner < 0)).cast(pa.float64())
    return pc.divide(starts.cast(pa.float64()), text_lengths)


def _is_gapless(rows: pa.Table, index: str, rejected: pa.Table, table: str) -> pa.ChunkedArray:
    """Return whether the indices of an item are 0, 1, 2 and so on, together with its rows that were set aside."""
    set_aside = rejected.filter(pc.equal(rejected["table_name"], table)).select(["item_id", "row_index"])
    indices = pa.concat_tables(
        [rows.select(["item_id", index]), set_aside.rename_columns(["item_id", index])], promote_options="permissive"
    )
    groups = indices.group_by("item_id").aggregate([(index, "max"), (index, "count_distinct"), (index, "count")])
    count = groups[f"{index}_count"]
    is_gapless = pc.and_(
        pc.equal(pc.add(groups[f"{index}_max"], 1), count), pc.equal(groups[f"{index}_count_distinct"], count)
    )
    at = match_rows(rows["item_id"], groups["item_id"])
    return pc.fill_null(is_gapless.take(pa.array(at, pa.int64(), mask=at < 0)), False)


class MajorityComparison(NamedTuple):
    """For each row: whether it agrees with the majority of its key, and whether its key has no majority."""

    is_agreed: Array
    is_disputed: Array


def compare_with_majority(rows: pa.Table, key: str, described_by: tuple[str, ...]) -> MajorityComparison:
    """Compare how each row describes its key with how most rows of the same key describe it."""
    names = [key, *described_by]
    strings = [pc.fill_null(rows[name].cast(pa.string()), "") for name in names]
    described = pa.table({"key": strings[0], "description": pc.binary_join_element_wise(*strings, "/")})
    counts = described.append_column("rows", described["description"])
    counts = counts.group_by(["key", "description"]).aggregate([("rows", "count")])
    most = counts.group_by("key").aggregate([("rows_count", "max")])
    counts = counts.append_column("most", most["rows_count_max"].take(pa.array(match_rows(counts["key"], most["key"]))))
    leading = counts.filter(pc.equal(counts["rows_count"], counts["most"]))
    ties = leading.group_by("key").aggregate([("description", "count")])
    has_no_key = np.asarray(pc.is_null(rows[key]))
    is_leading = match_rows(described["description"], leading["description"]) >= 0
    is_tied = np.asarray(ties["description_count"])[match_rows(described["key"], ties["key"])] > 1
    return MajorityComparison(is_agreed=has_no_key | is_leading, is_disputed=~has_no_key & is_tied)


def _is_near_country(entities: pa.Table) -> Array:
    """Return whether a place is within 40 degrees of the median of its country's places.

    Always true for the countries that span more: large ones, and those with territories overseas.
    """
    wide = {"CA", "RU", "US", "FR", "GB", "NL", "DK", "NO", "ES", "PT", "CL", "EC", "AU", "NZ", "BR", "CN", "KI", "UM"}
    near = np.ones(entities.num_rows, bool)
    country = np.array(entities["country"].to_pylist(), dtype=object)
    latitude, longitude = (
        np.asarray(entities[n].cast(pa.float64()).fill_null(np.nan)) for n in ("latitude", "longitude")
    )
    for code in {c for c in country.tolist() if c} - wide:
        mine = (country == code) & ~np.isnan(latitude) & ~np.isnan(longitude)
        if mine.sum() >= 5:
            north_south = np.abs(latitude[mine] - np.median(latitude[mine]))
            east_west = np.abs(longitude[mine] - np.median(longitude[mine]))
            near[mine] = (north_south <= 40) & (np.minimum(east_west, 360 - east_west) <= 40)
    return near


def join_rows(rows: pa.Table, *names: str) -> pa.ChunkedArray:
    """Join columns of each row by `/`."""
    return pc.binary_join_element_wise(*(rows[name].cast(pa.string()) for name in names), "/")
