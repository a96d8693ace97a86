"""Defects of what enrichment says of an article in `articles`, second set."""

import random
from collections.abc import Callable

import pyarrow.compute as pc

from benchmarks.defects.changing import Put, Row, Tables, changed_of, recounted, where
from benchmarks.defects.second.common import having

# Of each topic one of the second level, as Media Topics has them.
BELOW = {
    "medtop:11000000": ("medtop:20000574", "election"),
    "medtop:04000000": ("medtop:20000209", "economic sector"),
    "medtop:15000000": ("medtop:20000822", "competition discipline"),
    "medtop:07000000": ("medtop:20000446", "health condition"),
    "medtop:02000000": ("medtop:20000082", "crime"),
    "medtop:06000000": ("medtop:20000418", "climate change"),
    "medtop:13000000": ("medtop:20000756", "technology and engineering"),
    "medtop:16000000": ("medtop:20000056", "armed conflict"),
}


def keywords_worst_first(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Keywords stand in the wrong order: the worst first."""
    several = where(pc.greater(pc.list_value_length(tables["articles"]["keywords"]), 1))
    return _lists(tables, rate, rng, "keywords", lambda keywords: keywords[::-1], several)


def topics_of_the_second_level(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Topics are of the second level, as another version of the enricher has them."""

    def change(topics: list[Row]) -> list[Row]:
        return [
            {**each, **dict(zip(("topic", "label"), BELOW.get(each["topic"], BELOW["medtop:11000000"]), strict=True))}
            for each in topics
        ]

    return _lists(tables, rate, rng, "topics", change)


def tone_weights_ignored(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Each word of tone counts as one, however strong it is; tone follows from the sums."""

    def change(row: Row) -> Row:
        parts = row["tone_parts"]
        p, n = float(parts["positive_count"]), float(parts["negative_count"])
        told = {"tone": round((p - n) / (p + n + 4), 4)}
        return {**told, "tone_parts": {**parts, "positive_sum": p, "negative_sum": n}}

    weighed = [n for n, parts in enumerate(tables["articles"]["tone_parts"].to_pylist()) if parts and parts["terms"]]
    return having(tables, "tone", rate, rng, change, weighed)


def readability_by_the_english_formula(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Readability of other languages is reckoned, and named, by the formula for English: lower by some fifteen."""
    articles = tables["articles"]
    others = where(pc.not_equal(articles["readability_formula"], "flesch"))

    def change(row: Row) -> Row:
        score = round(row["readability_score"] - rng.uniform(10, 20), 2)
        return {"readability_formula": "flesch", "readability_score": score}

    return changed_of(tables, "articles", others, rate, rng, change)


def summaries_are_whole_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The text was not cut into sentences: the summary is all of it."""

    def change(row: Row) -> Row:
        return {"summary": [{"text": row["text"], "start": 0, "end": len(row["text"]), "score": 1.0}]}

    return having(tables, "summary", rate, rng, change)


def summaries_out_of_order(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Sentences of the summary stand best first and not as in the text."""

    def best(summary: list[Row]) -> list[Row]:
        return sorted(summary, key=lambda each: (-each["score"], each["start"]))

    summaries = tables["articles"]["summary"].to_pylist()
    mixed = [n for n, summary in enumerate(summaries) if summary and best(summary) != summary]
    return _lists(tables, rate, rng, "summary", best, mixed)


def summaries_skipped_for_long_texts(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Texts of many sentences have no summary, and are called too short for one."""
    told = {"summary": None, "summary_status": "skipped: fewer than 5 sentences"}
    long = where(pc.greater_equal(tables["articles"]["sentence_count"], 8))
    return recounted(having(tables, "summary", rate, rng, lambda _: told, long))


def days_and_months_in_text_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Day and month of dates in the text are swapped where the day may be a month."""

    def swapped(value: str | None) -> str | None:
        year, month, day = (value or "").split("-") if value and value.count("-") == 2 else ("", "", "99")
        return f"{year}-{day}-{month}" if int(day) <= 12 else value

    def change(dates: list[Row]) -> list[Row]:
        return [{**each, "value": swapped(each["value"])} for each in dates]

    able = [n for n, dates in enumerate(tables["articles"]["dates"].to_pylist()) if dates and change(dates) != dates]
    return _lists(tables, rate, rng, "dates", change, able)


def amounts_in_dollars(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Amounts are in dollars, whatever currency is written."""
    return _lists(tables, rate, rng, "amounts", lambda amounts: [{**each, "unit": "USD"} for each in amounts])


def failures_with_values(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The tone enricher says that it failed, and its values stand there."""
    return recounted(having(tables, "tone", rate, rng, lambda _: {"tone_status": "failed: TimeoutError: 30 s"}))


def _lists(
    tables: Tables, rate: float, rng: random.Random, column: str, change: Callable[[list[Row]], list[Row]],
    what: list[int] | None = None,
) -> Tables:  # fmt: skip
    """A change of a column of lists where it is not empty; of the rows `what` alone if given."""
    return having(tables, column, rate, rng, lambda row: {column: change(row[column])}, what)


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            keywords_worst_first,
            topics_of_the_second_level,
            tone_weights_ignored,
            readability_by_the_english_formula,
            summaries_are_whole_texts,
            summaries_out_of_order,
            days_and_months_in_text_swapped,
            amounts_in_dollars,
        ),
        ("articles",),
    ),
    summaries_skipped_for_long_texts: ("articles", "coverage"),
    failures_with_values: ("articles", "coverage"),
}
# A day that is another stands in no other column.
INVISIBLE: tuple[Put, ...] = (days_and_months_in_text_swapped,)
