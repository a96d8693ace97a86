"""What shows only beside another table: rows that point nowhere, counts that do not add up, numbers with a gap."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks.indicators.spans import count_broken_spans, find_mismatches
from pipelines.tables.ids import item_id

Array = np.ndarray[Any, Any]
Indicators = dict[str, pa.Array | pa.ChunkedArray | Array]
STREAMED = 5_000  # rows that are Python objects at once
ENDS = ("done", "skipped", "failed")
PLACES = {"articles": "published_count", "duplicates": "duplicate_count", "rejected": "rejected_count"}


def derive_entity_indicators(entities: pa.Table, articles: pa.Table, rejected: pa.Table) -> Indicators:
    owner = match_rows(entities["item_id"], articles["item_id"])
    located = [pc.is_valid(entities[name]) for name in ("latitude", "longitude")]
    # The fullest form may hold the short one in brackets, which the text has beside it: "the Harbour Board (HB)".
    pairs = zip(entities["name"].to_pylist(), entities["mentions"].to_pylist(), strict=True)
    is_named = [any(each["text"] and each["text"] in (name or "") for each in its or ()) for name, its in pairs]
    is_agreed, is_disputed = compare_with_majority(
        entities, "geoname_id", ("country", "admin1", "latitude", "longitude")
    )
    return {
        **_article_signs(entities, articles, owner, "entities_status"),
        "is_index_gapless": _gapless(entities, "entity_index", rejected, "entities"),
        "broken_span_count": count_broken_spans(articles["text"], entities["mentions"], owners=owner),
        "mention_difference": pc.subtract(
            entities["mention_count"], pc.fill_null(pc.list_value_length(entities["mentions"]), 0)
        ),
        "is_named_in_text": pa.array(is_named, pa.bool_()),
        "is_name_told": pc.match_substring_regex(pc.fill_null(entities["name"], ""), r"\pL.*[\pL\d]|\p{Han}"),
        "is_place_whole": pc.and_(pc.equal(*located), pc.equal(located[0], pc.is_valid(entities["geoname_id"]))),
        "is_place_a_place": pc.or_(pc.is_null(entities["geoname_id"]), pc.equal(entities["kind"], "place")),
        "is_place_scored": pc.equal(pc.is_valid(entities["place_score"]), pc.is_valid(entities["geoname_id"])),
        "is_country_told": pc.if_else(pc.is_valid(entities["geoname_id"]), pc.is_valid(entities["country"]), None),
        "is_at_null_island": pc.fill_null(
            pc.and_(pc.less(pc.abs(entities["latitude"]), 0.01), pc.less(pc.abs(entities["longitude"]), 0.01)), False
        ),
        "is_place_agreed": is_agreed,
        "is_place_disputed": is_disputed,
        "is_kind_usual": compare_with_majority(entities, "name", ("kind",))[0],
        "is_name_lower": pc.match_substring_regex(entities["name"], r"^\p{Ll}"),
        "name_length": pc.utf8_length(entities["name"]),
        "name_word_count": pc.count_substring_regex(entities["name"], r"\S+"),
        "is_country_near": _near_country(entities),
    }


def derive_quote_indicators(quotes: pa.Table, articles: pa.Table, entities: pa.Table, rejected: pa.Table) -> Indicators:
    owner = match_rows(quotes["item_id"], articles["item_id"])

    def wrong(words: str, start: str, end: str) -> Array:
        columns = (quotes[name].combine_chunks() for name in (start, end, words))
        return find_mismatches(articles["text"], owner, *columns)

    pointing = join_rows(quotes, "item_id", "entity_index")
    entity = match_rows(pointing, join_rows(entities, "item_id", "entity_index"))
    has_entity = pc.is_valid(quotes["entity_index"])
    named = entities["name"].take(pa.array(entity, pa.int64(), mask=entity < 0))
    return {
        **_article_signs(quotes, articles, owner, "quotes_status"),
        "is_index_gapless": _gapless(quotes, "quote_index", rejected, "quotes"),
        "is_text_there": ~wrong("text", "start", "end"),
        "is_speaker_there": ~wrong("speaker", "speaker_start", "speaker_end"),
        "is_verb_there": ~wrong("verb", "verb_start", "verb_end"),
        "is_entity_there": pc.or_(pc.invert(has_entity), pa.array(entity >= 0)),
        "is_entity_the_speaker": pc.fill_null(
            pc.if_else(has_entity, pc.equal(named, quotes["speaker_name"]), pc.is_null(quotes["speaker_name"])), False
        ),
        "quote_length": pc.utf8_length(quotes["text"]),
        "speaker_length": pc.utf8_length(quotes["speaker"]),
        "speaker_distance": pc.abs(pc.subtract(quotes["speaker_start"], quotes["start"])),
        "quote_place": _place_in(quotes["start"], articles["char_count"], owner),
        "said": pc.utf8_slice_codeunits(quotes["text"], 0, 100),
    }


def derive_duplicate_indicators(duplicates: pa.Table, articles: pa.Table) -> Indicators:
    kept = match_rows(duplicates["kept_item_id"], articles["item_id"])
    at = pa.array(kept, pa.int64(), mask=kept < 0)
    same_url = pc.equal(duplicates["duplicate_kind"], "same_url_same_text")
    return {
        "is_kept_there": kept >= 0,
        "is_kept_another": pc.not_equal(duplicates["kept_item_id"], duplicates["item_id"]),
        "is_kept_the_article": pc.or_(
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
    """Of any table of items: whether the id is that of its delivery and place."""
    known = zip(*(items[name].to_pylist() for name in ("item_id", "delivery_id", "item_index")), strict=True)
    return {"is_own_id": np.fromiter((i == item_id(d or "", n or 0) for i, d, n in known), bool, items.num_rows)}


def compare_coverage(coverage: pa.Table, tables: dict[str, pa.Table]) -> pa.Table:
    """Coverage with how far its counts are from what the tables hold; a group that it lacks is a row without counts."""
    keys = ["source", "language"]
    table = coverage
    for name, told in PLACES.items():
        items = tables[name]
        if "table_name" in items.column_names:
            items = items.filter(pc.equal(items["table_name"], "articles"))
        language = pc.fill_null(items["language"], "und")
        counted = pa.table({"source": items["source"], "language": language, "n": language})
        counted = counted.group_by(keys).aggregate([("n", "count")]).rename_columns([*keys, f"found_{told}"])
        table = table.drop_columns([c for c in table.column_names if pa.types.is_nested(table.schema.field(c).type)])
        table = table.join(counted, keys, join_type="full outer")
    table = table.sort_by([(key, "ascending") for key in keys])
    found = [pc.fill_null(table[f"found_{told}"], 0) for told in PLACES.values()]
    differences = [
        pc.abs(pc.subtract(pc.fill_null(table[told], 0), counted))
        for told, counted in zip(PLACES.values(), found, strict=True)
    ]
    total = pc.add(pc.add(table["published_count"], table["duplicate_count"]), table["rejected_count"])
    table = table.append_column("sum_difference", pc.subtract(table["received_count"], total))
    return table.append_column("found_difference", pc.add(pc.add(differences[0], differences[1]), differences[2]))


def compare_completeness(coverage: pa.Table, articles: pa.Table) -> pa.Table:
    """(source, language) → how far the counts of enrichers are from the articles published, from the failures, and from
    what the articles say of each enricher."""
    said = _statuses_said(articles)
    wrong, failed, unlike = [], [], []
    names = ["source", "language", "published_count", "completeness", "enrichment_failed_count"]
    for row in coverage.select(names).to_pylist():
        parts = row["completeness"] or []
        sums = [sum(part[f"{end}_count"] or 0 for end in ENDS) for part in parts]
        wrong.append(sum(abs(found - (row["published_count"] or 0)) for found in sums))
        failed.append(sum(part["failed_count"] or 0 for part in parts) - (row["enrichment_failed_count"] or 0))
        group = (row["source"], row["language"])
        counts = [(part[f"{end}_count"] or 0, said[*group, part["enricher"], end]) for part in parts for end in ENDS]
        unlike.append(sum(abs(told - found) for told, found in counts))
    known = {
        "completeness_difference": pa.array(wrong, pa.int64()),
        "failed_difference": pa.array(failed, pa.int64()),
        "status_difference": pa.array(unlike, pa.int64()),
    }
    return pa.table({**{name: coverage[name] for name in ("source", "language")}, **known})


def _statuses_said(articles: pa.Table) -> Counter[tuple[str, ...]]:
    """(source, language, enricher, how it ended) → articles that say so."""
    found: Counter[tuple[str, ...]] = Counter()
    language = pc.fill_null(articles["language"], "und")
    for name in [name for name in articles.column_names if name.endswith("_status")]:
        ends = pc.list_element(pc.split_pattern(pc.fill_null(articles[name], ""), ":", max_splits=1), 0)
        told = pa.table({"source": articles["source"], "language": language, "end": ends, "n": ends})
        for row in told.group_by(["source", "language", "end"]).aggregate([("n", "count")]).to_pylist():
            found[row["source"], row["language"], name.removesuffix("_status"), row["end"]] += row["n_count"]
    return found


def stream_rows(table: pa.Table, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows, as Python objects for a piece of the table at a time: of a whole day they take ten times its memory."""
    for batch in table.select(list(names)).to_batches(max_chunksize=STREAMED):
        yield from batch.to_pylist()


def find_used_more_elsewhere(values: pa.ChunkedArray, sources: pa.ChunkedArray) -> pa.Array:
    """Whether another source of the day has a row's value in more rows; null where it has none."""
    pairs = list(zip(values.to_pylist(), sources.to_pylist(), strict=True))
    used = Counter(pairs)
    most: dict[Any, int] = {}
    for (value, _), count in used.items():
        most[value] = max(count, most.get(value, 0))
    return pa.array([None if value is None else most[value] > used[value, s] for value, s in pairs], pa.bool_())


def match_rows(ids: pa.ChunkedArray | pa.Array, among: pa.ChunkedArray | pa.Array) -> Array:
    """For each id its place among others, -1 where it is not there."""
    value_set = among.combine_chunks() if isinstance(among, pa.ChunkedArray) else among
    return np.asarray(pc.fill_null(pc.index_in(ids, value_set=value_set), -1)).astype(np.int64)


def _article_signs(rows: pa.Table, articles: pa.Table, owner: Array, status: str) -> Indicators:
    at = pa.array(owner, pa.int64(), mask=owner < 0)
    return {
        "is_article_there": owner >= 0,
        "is_article_same": pc.fill_null(pc.equal(articles["article_id"].take(at), rows["article_id"]), True),
        "is_article_done": pc.fill_null(pc.equal(articles[status].take(at), "done"), True),
    }


def _place_in(starts: pa.ChunkedArray, lengths: pa.ChunkedArray, owner: Array) -> pa.ChunkedArray:
    """How far into its text something stands, from 0 to 1."""
    whole = lengths.take(pa.array(owner, pa.int64(), mask=owner < 0)).cast(pa.float64())
    return pc.divide(starts.cast(pa.float64()), whole)


def _gapless(rows: pa.Table, index: str, rejected: pa.Table, table: str) -> pa.ChunkedArray:
    """Whether the indices of an item are 0, 1, 2 and so on, with those of its rows that were set aside."""
    aside = rejected.filter(pc.equal(rejected["table_name"], table)).select(["item_id", "row_index"])
    known = pa.concat_tables(
        [rows.select(["item_id", index]), aside.rename_columns(["item_id", index])], promote_options="permissive"
    )
    groups = known.group_by("item_id").aggregate([(index, "max"), (index, "count_distinct"), (index, "count")])
    count = groups[f"{index}_count"]
    whole = pc.and_(
        pc.equal(pc.add(groups[f"{index}_max"], 1), count), pc.equal(groups[f"{index}_count_distinct"], count)
    )
    at = match_rows(rows["item_id"], groups["item_id"])
    return pc.fill_null(whole.take(pa.array(at, pa.int64(), mask=at < 0)), False)


def compare_with_majority(rows: pa.Table, key: str, told: tuple[str, ...]) -> tuple[Array, Array]:
    """(Whether a row tells of its key what most rows do, whether as many rows tell something else of it)."""
    names = [key, *told]
    strings = [pc.fill_null(rows[name].cast(pa.string()), "") for name in names]
    said = pa.table({"key": strings[0], "said": pc.binary_join_element_wise(*strings, "/")})
    counts = said.append_column("rows", said["said"]).group_by(["key", "said"]).aggregate([("rows", "count")])
    most = counts.group_by("key").aggregate([("rows_count", "max")])
    counts = counts.append_column("most", most["rows_count_max"].take(pa.array(match_rows(counts["key"], most["key"]))))
    leading = counts.filter(pc.equal(counts["rows_count"], counts["most"]))
    ties = leading.group_by("key").aggregate([("said", "count")])
    keyless = np.asarray(pc.is_null(rows[key]))
    leads = match_rows(said["said"], leading["said"]) >= 0
    tied = np.asarray(ties["said_count"])[match_rows(said["key"], ties["key"])] > 1
    return keyless | leads, ~keyless & tied


def _near_country(entities: pa.Table) -> Array:
    """Whether a place lies where the other places of its country do: within 40 degrees of their median, or in one of
    the countries that span more (Canada, Russia, the United States, and those with lands overseas)."""
    wide = {"CA", "RU", "US", "FR", "GB", "NL", "DK", "NO", "ES", "PT", "CL", "EC", "AU", "NZ", "BR", "CN", "KI", "UM"}
    near = np.ones(entities.num_rows, bool)
    country = np.array(entities["country"].to_pylist(), dtype=object)
    latitude, longitude = (
        np.asarray(entities[n].cast(pa.float64()).fill_null(np.nan)) for n in ("latitude", "longitude")
    )
    for code in {c for c in country.tolist() if c} - wide:
        mine = (country == code) & ~np.isnan(latitude) & ~np.isnan(longitude)
        if mine.sum() >= 5:
            away = np.abs(latitude[mine] - np.median(latitude[mine]))
            aside = np.abs(longitude[mine] - np.median(longitude[mine]))
            near[mine] = (away <= 40) & (np.minimum(aside, 360 - aside) <= 40)
    return near


def join_rows(rows: pa.Table, *names: str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(rows[name].cast(pa.string()) for name in names), "/")
