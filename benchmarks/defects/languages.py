"""Defects of the language that an article is tagged with, and what enrichment then makes of it."""

import random
from collections.abc import Callable

import pyarrow as pa

from benchmarks.defects.changing import Put, Row, Tables, changed, left, of_items, recounted, some

# Formulas of readability by language, as enrichment has them.
FORMULAS = {"en": "flesch", "de": "amstad", "es": "fernandez_huerta", "fr": "kandel_moles", "it": "franchina_vacca"}
SKIPPED = "skipped: language"
WITHOUT_TONE = {"tone": None, "tone_parts": None, "topics": None} | dict.fromkeys(
    ("tone_status", "topics_status", "entities_status", "places_status"), SKIPPED
)
NO_TONE = dict.fromkeys(("positive_count", "negative_count"), 0) | dict.fromkeys(("positive_sum", "negative_sum"), 0.0)
NOTHING_FOUND = {"tone": 0.0, "tone_parts": {**NO_TONE, "terms": []}, "topics": []} | dict.fromkeys(
    ("tone_status", "topics_status", "entities_status", "places_status"), "done"
)


def language_wrong(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are tagged with another of the day's languages; the text is what it was."""
    known = sorted(set(tables["articles"]["language"].drop_null().to_pylist()))
    return _tagged(tables, rate, rng, lambda own: rng.choice([code for code in known if code != own]))


def language_of_no_reader(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles are tagged with a language that none of the sources writes."""
    return _tagged(tables, rate, rng, lambda _: "la")


def language_unknown(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Articles have no language."""
    return _tagged(tables, rate, rng, lambda _: None)


def _tagged(tables: Tables, rate: float, rng: random.Random, language: Callable[[str | None], str | None]) -> Tables:
    """Other tags, and what enrichment of another language leaves out or does not find."""
    articles = tables["articles"]
    rows = some(articles.num_rows, rate, rng)
    items = articles["item_id"].take(pa.array(rows, pa.int64())).to_pylist()

    def change(row: Row) -> Row:
        tag = language(row["language"])
        score = None if tag is None else row["language_score"]
        told = NOTHING_FOUND if tag == "en" else WITHOUT_TONE
        return {"language": tag, "language_score": score, **told, **_readable(row, tag)}

    quotes, entities = tables["quotes"], tables["entities"]
    nobody = {"entity_index": None, "speaker_name": None}
    return recounted(
        {
            **tables,
            "articles": changed(articles, rows, change),
            "entities": left(entities, of_items(entities, items)),
            "quotes": changed(quotes, of_items(quotes, items), lambda _: nobody),
        }
    )


def _readable(row: Row, tag: str | None) -> Row:
    formula = FORMULAS.get(tag or "")
    if row["word_count"] < 100:
        return {}
    if formula is None:
        return {"readability_score": None, "readability_formula": None, "readability_status": SKIPPED}
    score = 50.0 if row["readability_score"] is None else row["readability_score"]
    return {"readability_score": score, "readability_formula": formula, "readability_status": "done"}


TOUCHES: dict[Put, tuple[str, ...]] = dict.fromkeys(
    (language_wrong, language_of_no_reader, language_unknown), ("articles", "coverage", "entities", "quotes")
)
INVISIBLE: tuple[Put, ...] = ()
