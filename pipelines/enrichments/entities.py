"""The persons, organisations and places that a text names, each with all its mentions and its weight in the text.

A model marks names line by line (models.py), they are cut as people write them (spans.py), and names of the same entity
are put together over the article (coreference.py). English was measured, French and Russian were only looked at. In a
text of German, Spanish, French or Russian without a model the names of countries alone are found (places).
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipelines.enrichments.coreference import Entity, group_mentions, pick_fullest, settle_kinds
from pipelines.enrichments.models import MODELS, Mark, MarkedName, load_model
from pipelines.enrichments.places import country_mentions, is_known, locate
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.spans import NameSpan, tidy_names
from pipelines.enrichments.texts import get_language_code
from pipelines.tables.enriched.entities import FOUND_ENTITIES
from pipelines.tables.enriched.status import DONE
from pipelines.text.limits import MAX_CHARACTERS

READS = ("text", "title", "language")

ArticleText = tuple[str, str | None, str | None]
"""Text, title and language."""

COUNTRIES_ALONE = "names of countries alone"
"""The remark of the status where a language has country names, but no model that is installed."""

MAX_LINE = 2_000  # characters that the model reads at once; longer paragraphs are cut between words
# Addresses and debris, and halves of characters. The model reads spaces in their place, so that no offset moves:
# the tokenizer's time grows with the square of a word's length.
_UNREADABLE = re.compile(r"[^\s]{60,}|[\ud800-\udfff]|[^\S\n ]")
_LINE = re.compile(rf"[^\n]{{1,{MAX_LINE}}}(?=\s|$)|[^\n]{{1,{MAX_LINE}}}")

# Salience: where a name first stands, how often it stands, and whether the headline has it. Chosen, not measured.
POSITION_WEIGHT, COUNT_WEIGHT, HEADLINE_WEIGHT = 0.4, 0.4, 0.2
POSITION_FADE = 1_000  # characters after which the position of the first mention is worth 1/e


def add_entities(items: pa.Table) -> pa.Table:
    """Compute the columns of FOUND_ENTITIES; skip other languages. Raises BadSetting, as find_entities."""
    return by_row(items, FOUND_ENTITIES, READS, _enrich_article)


def _enrich_article(*article: str | None) -> EnricherResult:
    text, title, language = article
    entities = _list_entities(text or "", title, language)
    if isinstance(entities, str):
        return entities
    return {"entities": entities, "entities_status": DONE if has_model(language) else f"{DONE}: {COUNTRIES_ALONE}"}


def has_model(language: str | None) -> bool:
    """Tell whether names of all kinds are found in a language, and not those of countries alone."""
    code = get_language_code(language)
    return code in MODELS and load_model(code) is not None


def find_entities(articles: Sequence[ArticleText]) -> list[list[dict[str, Any]] | str]:
    """Return the entities of each article, in order of first mention, or the reason why it was skipped.

    An entity is a dict: `kind` (person, organisation, place, or other, which is an event), `name` (the fullest form
    in the text), `mentions` (dicts of text, start, end in characters, in order), `mention_count`, and
    `salience_score` (0-1) = 0.4 · exp(-first character / 1,000) + 0.4 · mentions / those of the entity with most + 0.2
    if the title contains a form of it. Reasons: `language`, a language without a model and without names
    of countries; `language model absent`, one whose package is not installed and that has no names of countries. Each
    article is looked at alone, its first 100,000 characters. Raises BadSetting where a model's package is not the one
    that was measured.
    """
    return [_list_entities(text, title, language) for text, title, language in articles]


def _list_entities(text: str, title: str | None, language: str | None) -> list[dict[str, Any]] | str:
    code = get_language_code(language)
    text = text[:MAX_CHARACTERS]
    mark = load_model(code) if code in MODELS else None
    if mark is not None:
        spans = settle_kinds(text, tidy_names(text, _mark_lines(text, mark)))
    elif code in country_mentions.LANGUAGES:
        spans = [NameSpan(start, end, "place") for start, end in country_mentions.find_country_mentions(text, code)]
    else:
        return "language model absent" if code in MODELS else "language"
    entities = _merge_places(text, title, code, group_mentions(text, spans, code))
    most = max((len(entity.mentions) for entity in entities), default=0)
    return [_describe(text, title or "", entity, most) for entity in entities]


def _merge_places(text: str, title: str | None, language: str, entities: list[Entity]) -> list[Entity]:
    """Merge the entities that are one place of GeoNames: US, U.S. and the United States."""
    places = [entity for entity in entities if entity.kind == "place"]
    mentions = [[(text[span.start : span.end], span.start, span.end) for span in entity.mentions] for entity in places]
    same: dict[int, list[Entity]] = defaultdict(list)
    for entity, place in zip(places, locate(text, title, mentions, language), strict=True):
        if place:
            same[place["geoname_id"]].append(entity)
    merged = [entity for entity in entities if entity.kind != "place"]
    grouped = {id(entity) for several in same.values() for entity in several}
    merged += [entity for entity in places if id(entity) not in grouped]
    merged += [_join_places(text, several, language) for several in same.values()]
    return sorted(merged, key=lambda entity: entity.mentions[0])


def _join_places(text: str, several: Sequence[Entity], language: str) -> Entity:
    """Return one entity, called by the fullest of its names that means all of the place: Iraq, not northern Iraq."""
    if len(several) == 1:
        return several[0]
    mentions = sorted(span for entity in several for span in entity.mentions)
    whole = [span for span in mentions if is_known(text[span.start : span.end].removeprefix("The "), language)]
    return Entity(pick_fullest(text, whole or mentions, language), "place", mentions)


def _mark_lines(text: str, mark: Mark) -> Iterator[MarkedName]:
    """Yield what the model marks in each line, with offsets into the text."""
    readable = _UNREADABLE.sub(lambda match: " " * len(match[0]), text)
    lines = [match for match in _LINE.finditer(readable) if not match[0].isspace()]
    for line, marked in zip(lines, mark([line[0] for line in lines]), strict=True):
        for start, end, label in marked:
            yield MarkedName(line.start() + start, line.start() + end, label)


def _describe(text: str, title: str, entity: Entity, most: int) -> dict[str, Any]:
    mentions = entity.mentions
    position = math.exp(-mentions[0].start / POSITION_FADE)
    salience = POSITION_WEIGHT * position + COUNT_WEIGHT * len(mentions) / most
    if _in_title(title, {text[span.start : span.end] for span in mentions}):
        salience += HEADLINE_WEIGHT
    return {
        "kind": entity.kind,
        "name": entity.name,
        "mentions": [_describe_mention(text, span) for span in mentions],
        "mention_count": len(mentions),
        "salience_score": round(salience, 4),
    }


def _describe_mention(text: str, span: NameSpan) -> dict[str, Any]:
    return {"text": text[span.start : span.end], "start": span.start, "end": span.end}


def _in_title(title: str, forms: set[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", title) for form in forms if form in title)
