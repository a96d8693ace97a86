"""Defects of what enrichment says of an article in `articles`: counts, tone, keywords and the like."""

import random
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Change,
    Put,
    Row,
    Tables,
    changed,
    changed_of,
    changed_some,
    left,
    of_items,
    other,
    recounted,
    shifted,
    some_of,
    where,
)

_Listed = Callable[[list[Row]], list[Row]]


def keyword_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Keywords lie one character behind where they stand."""
    return _lists(tables, rate, rng, "keywords", lambda keywords: [shifted(each, 1) for each in keywords])


def summary_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Sentences of the summary lie one character behind where they stand."""
    return _lists(tables, rate, rng, "summary", lambda summary: [shifted(each, 1) for each in summary])


def amount_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Amounts lie one character behind where they stand."""
    return _lists(tables, rate, rng, "amounts", lambda amounts: [shifted(each, 1) for each in amounts])


def link_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Links lie three characters behind the words that carry them; the words are not kept, so only words show it."""
    return _lists(tables, rate, rng, "links", lambda links: [shifted(each, 3) for each in links])


def word_counts_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """`word_count` is that of another text."""
    counts = tables["articles"]["word_count"].to_pylist()
    return changed_some(
        tables, "articles", rate, rng, lambda row: {"word_count": other(rng, counts, row["word_count"])}
    )


def char_counts_in_bytes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """`char_count` counts bytes; the same where all is ASCII."""
    articles = tables["articles"]
    return changed_of(
        tables,
        "articles",
        where(pc.invert(pc.string_is_ascii(articles["text"]))),
        rate,
        rng,
        lambda row: {"char_count": len(row["text"].encode())},
    )


def counts_of_nothing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Counts are 0 where there is a text."""
    nothing = dict.fromkeys(("word_count", "sentence_count", "paragraph_count"), 0)
    return changed_some(tables, "articles", rate, rng, lambda _: nothing)


def sentences_uncut(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Each text counts as one sentence."""
    return changed_some(tables, "articles", rate, rng, lambda _: {"sentence_count": 1})


def readability_wild(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Scores of readability are far from those of any text."""
    return _of(tables, "readability_score", rate, rng, lambda _: {"readability_score": rng.choice((-900.0, 1_500.0))})


def tone_constant(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Tone is 0 whatever the words are."""
    return _of(tables, "tone", rate, rng, lambda _: {"tone": 0.0})


def tone_not_a_number(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Tone is NaN."""
    return _of(tables, "tone", rate, rng, lambda _: {"tone": float("nan")})


def tone_turned_round(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The sign of tone is wrong; its parts are right."""
    return _of(tables, "tone", rate, rng, lambda row: {"tone": -row["tone"]})


def tone_all_negative(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Positive words are no longer known: tone and its parts are of negative ones alone."""

    def change(row: Row) -> Row:
        parts = row["tone_parts"]
        negative = parts["negative_sum"]
        terms = [term for term in parts["terms"] if term["weight"] < 0]
        told = {**parts, "positive_count": 0, "positive_sum": 0.0, "terms": terms}
        return {"tone": round(-negative / (negative + 4), 4), "tone_parts": told}

    return _of(tables, "tone", rate, rng, change)


def keywords_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Keywords, offsets included, are those of another article."""
    keywords = tables["articles"]["keywords"].to_pylist()
    return _lists(tables, rate, rng, "keywords", lambda own: other(rng, keywords, own))


def keywords_empty(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """No keywords were found, and the enricher says that it ran."""
    return _lists(tables, rate, rng, "keywords", lambda _: [])


def keywords_are_stop_words(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Keywords are the first words of the text, whatever they are."""

    def change(row: Row) -> Row:
        word = row["text"].split(" ")[0]
        return {"keywords": [{"term": word, "score": 1.0, "start": 0, "end": len(word)}]}

    return changed_some(tables, "articles", rate, rng, change)


def topics_all_one(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Every article has one topic, whatever it is about."""

    def change(row: Row) -> Row:
        return {"topics": [{**topic, "topic": "medtop:12000000", "label": "religion"} for topic in row["topics"]]}

    articles = tables["articles"]
    having = where(pc.greater(pc.list_value_length(articles["topics"]), 0))
    return {**tables, "articles": changed(articles, some_of(having, articles.num_rows, rate, rng), change)}


def summaries_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The summary, offsets included, is that of another article."""
    summaries = tables["articles"]["summary"].drop_null().to_pylist()
    return _lists(tables, rate, rng, "summary", lambda own: other(rng, summaries, own))


def years_misread(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Dates in the text mean a year that is a hundred years off."""

    def change(dates: list[Row]) -> list[Row]:
        return [{**each, "value": each["value"] and "19" + each["value"][2:]} for each in dates]

    return _lists(tables, rate, rng, "dates", change)


def amounts_a_thousandfold(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Points and commas are taken for one another: amounts are a thousand times too large."""

    def change(amounts: list[Row]) -> list[Row]:
        return [{**each, "value": each["value"] * 1_000} for each in amounts]

    return _lists(tables, rate, rng, "amounts", change)


def done_without_values(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Tone, keywords and readability say that they ran, and are null."""
    names = ("tone", "tone_parts", "keywords", "readability_score", "readability_formula")
    return _of(tables, "tone", rate, rng, lambda _: dict.fromkeys(names))


def status_unwritten(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The status of an enricher is a word that is none."""
    return changed_some(tables, "articles", rate, rng, lambda _: {"tone_status": "ok"})


def enrichers_fail(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Keywords fail."""
    told = {"keywords": None, "keywords_status": "failed: MemoryError: "}
    return recounted(changed_some(tables, "articles", rate, rng, lambda _: told))


def enrichers_skip(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities and places are skipped for a missing model in a language that has one; quotes keep their speakers."""
    articles = tables["articles"]
    rows = some_of(where(pc.equal(articles["entities_status"], "done")), articles.num_rows, rate, rng)
    items = articles["item_id"].take(pa.array(rows, pa.int64())).to_pylist()
    told = dict.fromkeys(("entities_status", "places_status"), "skipped: language model absent")
    quotes = tables["quotes"]
    nobody = {"entity_index": None, "speaker_name": None}
    return recounted(
        {
            **tables,
            "articles": changed(articles, rows, lambda _: told),
            "entities": left(tables["entities"], of_items(tables["entities"], items)),
            "quotes": changed(quotes, of_items(quotes, items), lambda _: nobody),
        }
    )


def _of(tables: Tables, column: str, rate: float, rng: random.Random, change: Change) -> Tables:
    """A change of articles that have a value there."""
    articles = tables["articles"]
    return changed_of(tables, "articles", where(pc.is_valid(articles[column])), rate, rng, change)


def _lists(tables: Tables, rate: float, rng: random.Random, column: str, change: _Listed) -> Tables:
    """A change of a column of lists, in articles where it is not empty."""
    articles = tables["articles"]
    rows = where(pc.greater(pc.list_value_length(articles[column]), 0))
    return changed_of(tables, "articles", rows, rate, rng, lambda row: {column: change(row[column])})


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            keyword_offsets_shifted,
            summary_offsets_shifted,
            amount_offsets_shifted,
            link_offsets_shifted,
            word_counts_of_others,
            char_counts_in_bytes,
            counts_of_nothing,
            sentences_uncut,
            readability_wild,
            tone_constant,
            tone_not_a_number,
            tone_turned_round,
            tone_all_negative,
            keywords_of_others,
            keywords_empty,
            keywords_are_stop_words,
            topics_all_one,
            summaries_of_others,
            years_misread,
            amounts_a_thousandfold,
            done_without_values,
            status_unwritten,
        ),
        ("articles",),
    ),
    enrichers_fail: ("articles", "coverage"),
    enrichers_skip: ("articles", "coverage", "entities", "quotes"),
}
INVISIBLE: tuple[Put, ...] = ()
