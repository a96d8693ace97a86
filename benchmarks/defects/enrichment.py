"""Defects of what enrichment says about an article in `articles`: counts, tone, keywords, summary, dates, amounts."""

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, SECOND, Kind, change, change_list
from benchmarks.defects.tables import Day, Row, Tables, change_rows, drop_entities, find_rows, recount, shift_span
from benchmarks.defects.texts import has_beyond_ascii

RELIGION = {"topic": "medtop:12000000", "label": "religion"}
# For each topic one of the second level, as Media Topics has them.
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


def _shift(spans: list[Row], by: int) -> list[Row]:
    return [shift_span(each, by) for each in spans]


def _set_all(entries: list[Row], **values: object) -> list[Row]:
    return [{**each, **values} for each in entries]


def _lower_topic(topic: Row) -> Row:
    code, label = BELOW.get(topic["topic"], BELOW["medtop:11000000"])
    return {**topic, "topic": code, "label": label}


def _drop_positive(row: Row) -> Row:
    parts, negative = row["tone_parts"], row["tone_parts"]["negative_sum"]
    terms = [term for term in parts["terms"] if term["weight"] < 0]
    left = {**parts, "positive_count": 0, "positive_sum": 0.0, "terms": terms}
    return {"tone": round(-negative / (negative + 4), 4), "tone_parts": left}


def _ignore_weights(row: Row) -> Row:
    parts = row["tone_parts"]
    p, n = float(parts["positive_count"]), float(parts["negative_count"])
    return {"tone": round((p - n) / (p + n + 4), 4), "tone_parts": {**parts, "positive_sum": p, "negative_sum": n}}


def _has_weights(articles: pa.Table) -> list[bool]:
    return [bool(parts and parts["terms"]) for parts in articles["tone_parts"].to_pylist()]


def _name_first_word(row: Row) -> Row:
    word = row["text"].split(" ")[0]
    return {"keywords": [{"term": word, "score": 1.0, "start": 0, "end": len(word)}]}


def _rank_sentences(summary: list[Row]) -> list[Row]:
    return sorted(summary, key=lambda each: (-each["score"], each["start"]))


def _swap_day_and_month(dates: list[Row]) -> list[Row]:
    def swap(value: str | None) -> str | None:
        year, month, day = (value or "").split("-") if value and value.count("-") == 2 else ("", "", "99")
        return f"{year}-{day}-{month}" if int(day) <= 12 else value

    return [{**each, "value": swap(each["value"])} for each in dates]


def _skip_entities(day: Day) -> Tables:
    articles = day["articles"]
    rows = day.pick(find_rows(pc.equal(articles["entities_status"], "done")), articles.num_rows)
    skipped = dict.fromkeys(("entities_status", "places_status"), "skipped: language model absent")
    items = [day.values("articles", "item_id")[row] for row in rows]
    changed = change_rows(articles, rows, lambda _: skipped)
    return recount({**drop_entities(day.tables, items), "articles": changed})


KINDS = (
    change_list("keyword_offsets_shifted", "Keywords lie one character too far on.", "keywords",
                lambda keywords, _: _shift(keywords, 1)),
    change_list("summary_offsets_shifted", "Sentences of the summary lie one character too far on.", "summary",
                lambda summary, _: _shift(summary, 1)),
    change_list("amount_offsets_shifted", "Amounts lie one character too far on.", "amounts",
                lambda amounts, _: _shift(amounts, 1)),
    change_list("link_offsets_shifted", "Links lie three characters behind their words; only words can show it.",
                "links", lambda links, _: _shift(links, 3)),
    change("articles", "word_counts_of_others", "`word_count` is that of another text.",
           lambda row, day: {"word_count": day.pick_other(day.values("articles", "word_count"), row["word_count"])}),
    change("articles", "char_counts_in_bytes", "`char_count` counts bytes; the same where all is ASCII.",
           lambda row, _: {"char_count": len(row["text"].encode())}, has_beyond_ascii),
    change("articles", "counts_of_nothing", "Counts are 0 where there is a text.",
           {"word_count": 0, "sentence_count": 0, "paragraph_count": 0}),
    change("articles", "sentences_uncut", "Each text counts as one sentence.", {"sentence_count": 1}),
    change("articles", "readability_wild", "Scores of readability are far from those of any text.",
           lambda _, day: {"readability_score": day.rng.choice((-900.0, 1_500.0))}, "readability_score"),
    change("articles", "tone_constant", "Tone is always 0.", {"tone": 0.0}, "tone"),
    change("articles", "tone_not_a_number", "Tone is NaN.", {"tone": float("nan")}, "tone"),
    change("articles", "tone_turned_round", "The sign of tone is wrong; its parts are right.",
           lambda row, _: {"tone": -row["tone"]}, "tone"),
    change("articles", "tone_all_negative", "Positive words are unknown: tone and its parts have negative ones alone.",
           lambda row, _: _drop_positive(row), "tone"),
    change("articles", "tone_weights_ignored", "Each word of tone counts as one; tone follows from the sums.",
           lambda row, _: _ignore_weights(row),
           lambda articles: pc.and_(pc.is_valid(articles["tone"]), pa.array(_has_weights(articles))), SECOND),
    change_list("keywords_of_others", "Keywords, offsets included, are those of another article.", "keywords",
                lambda own, day: day.pick_other(day.values("articles", "keywords"), own)),
    change_list("keywords_empty", "No keywords were found, although the enricher says that it ran.", "keywords",
                lambda _own, _day: [], sets=BOTH),
    change("articles", "keywords_are_stop_words", "The keyword is the first word of the text.",
           lambda row, _: _name_first_word(row)),
    change_list("keywords_worst_first", "Keywords are in the wrong order: the worst first.", "keywords",
                lambda keywords, _: keywords[::-1],
                lambda articles: pc.greater(pc.list_value_length(articles["keywords"]), 1), SECOND),
    change_list("topics_all_one", "Every article has one topic.", "topics",
                lambda topics, _: _set_all(topics, **RELIGION)),
    change_list("topics_of_the_second_level", "Topics are of the second level, as of another version.", "topics",
                lambda topics, _: [_lower_topic(topic) for topic in topics], sets=SECOND),
    change("articles", "readability_by_the_english_formula",
           "Readability of other languages uses, and names, the formula for English: lower by some fifteen.",
           lambda row, day: {"readability_formula": "flesch",
                             "readability_score": round(row["readability_score"] - day.rng.uniform(10, 20), 2)},
           lambda articles: pc.not_equal(articles["readability_formula"], "flesch"), SECOND),
    change_list("summaries_of_others", "The summary, offsets included, is that of another article.", "summary",
                lambda own, day: day.pick_other(
                    [each for each in day.values("articles", "summary") if each is not None], own)),
    change("articles", "summaries_are_whole_texts", "The text was not cut into sentences: the summary is all of it.",
           lambda row, _: {"summary": [{"text": row["text"], "start": 0, "end": len(row["text"]), "score": 1.0}]},
           "summary", SECOND),
    change_list("summaries_out_of_order", "Sentences of the summary are in order of score, not of the text.", "summary",
                lambda summary, _: _rank_sentences(summary),
                lambda articles: [bool(each) and _rank_sentences(each) != each
                                  for each in articles["summary"].to_pylist()], SECOND),
    change("articles", "summaries_skipped_for_long_texts", "Long texts have no summary, and are called too short.",
           {"summary": None, "summary_status": "skipped: fewer than 5 sentences"},
           lambda articles: pc.and_(pc.greater(pc.list_value_length(articles["summary"]), 0),
                                    pc.greater_equal(articles["sentence_count"], 8)), SECOND, is_recounted=True),
    change_list("years_misread", "Dates in the text are a hundred years off.", "dates",
                lambda dates, _: [{**each, "value": each["value"] and "19" + each["value"][2:]} for each in dates]),
    # The swapped day is in no other column: no check can see it.
    change_list("days_and_months_in_text_swapped", "Day and month of dates in the text are swapped where possible.",
                "dates", lambda dates, _: _swap_day_and_month(dates),
                lambda articles: [bool(dates) and _swap_day_and_month(dates) != dates
                                  for dates in articles["dates"].to_pylist()], SECOND, False),
    change_list("amounts_a_thousandfold", "Points and commas are confused: amounts are a thousand times too large.",
                "amounts", lambda amounts, _: [{**each, "value": each["value"] * 1_000} for each in amounts],
                sets=BOTH),
    change_list("amounts_in_dollars", "All amounts are in dollars.", "amounts",
                lambda amounts, _: _set_all(amounts, unit="USD"), sets=SECOND),
    change("articles", "done_without_values", "Tone, keywords and readability say that they ran, and are null.",
           dict.fromkeys(("tone", "tone_parts", "keywords", "readability_score", "readability_formula")), "tone"),
    change("articles", "failures_with_values", "The tone enricher says that it failed, and its values are there.",
           {"tone_status": "failed: TimeoutError: 30 s"}, "tone", SECOND, is_recounted=True),
    change("articles", "status_unwritten", "The status of an enricher is an unknown word.", {"tone_status": "ok"}),
    change("articles", "enrichers_fail", "Keywords fail.",
           {"keywords": None, "keywords_status": "failed: MemoryError: "}, sets=BOTH, is_recounted=True),
    Kind("enrichers_skip", "Entities and places are skipped for a missing model, in a language that has one.",
         ("articles", "coverage", "entities", "quotes"), _skip_entities),
)  # fmt: skip
