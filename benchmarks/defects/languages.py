"""Defects of the language that an article is tagged with, and what enrichment then makes of it."""

from collections.abc import Callable

from benchmarks.defects.kinds import BOTH, FIRST, Kind, Put, change
from benchmarks.defects.tables import Day, Row, Tables, change_rows, drop_entities, recount

# Formulas of readability by language, as enrichment has them.
FORMULAS = {"en": "flesch", "de": "amstad", "es": "fernandez_huerta", "fr": "kandel_moles", "it": "franchina_vacca"}
SKIPPED = "skipped: language"
STATUSES = ("tone_status", "topics_status", "entities_status", "places_status")
WITHOUT_TONE = {"tone": None, "tone_parts": None, "topics": None} | dict.fromkeys(STATUSES, SKIPPED)
NO_TONE = {"positive_count": 0, "negative_count": 0, "positive_sum": 0.0, "negative_sum": 0.0, "terms": []}
NOTHING_FOUND = {"tone": 0.0, "tone_parts": NO_TONE, "topics": []} | dict.fromkeys(STATUSES, "done")


def _tag(choose: Callable[[str | None, Day], str | None]) -> Put:
    """Return what tags articles with other languages, with what enrichment of these leaves out or does not find."""

    def spoil(day: Day) -> Tables:
        def new(row: Row) -> Row:
            tag = choose(row["language"], day)
            score = None if tag is None else row["language_score"]
            found = NOTHING_FOUND if tag == "en" else WITHOUT_TONE
            return {"language": tag, "language_score": score, **found, **_measure_readability(row, tag)}

        rows = day.pick_rows("articles")
        items = [day.values("articles", "item_id")[row] for row in rows]
        articles = change_rows(day["articles"], rows, new)
        return recount({**drop_entities(day.tables, items), "articles": articles})

    return spoil


def _measure_readability(row: Row, tag: str | None) -> Row:
    formula = FORMULAS.get(tag or "")
    if row["word_count"] < 100:
        return {}
    if formula is None:
        return {"readability_score": None, "readability_formula": None, "readability_status": SKIPPED}
    score = 50.0 if row["readability_score"] is None else row["readability_score"]
    return {"readability_score": score, "readability_formula": formula, "readability_status": "done"}


def _choose_another(own: str | None, day: Day) -> str:
    known = sorted({language for language in day.values("articles", "language") if language is not None})
    return str(day.rng.choice([language for language in known if language != own]))


_TOUCHES = ("articles", "coverage", "entities", "quotes")
KINDS = (
    Kind("language_wrong", "Articles are tagged with another of the day's languages; the text is unchanged.",
         _TOUCHES, _tag(_choose_another), BOTH),
    Kind("language_of_no_reader", "Articles are tagged with a language in which no source writes.",
         _TOUCHES, _tag(lambda _own, _day: "la"), FIRST),
    Kind("language_unknown", "Articles have no language.", _TOUCHES, _tag(lambda _own, _day: None), FIRST),
    change("articles", "language_unsure", "The detector guesses: its scores are near a half.",
           lambda _, day: {"language_score": day.rng.uniform(0.3, 0.55)}),
)  # fmt: skip
