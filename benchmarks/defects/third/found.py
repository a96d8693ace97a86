"""Defects of what is found in a text: who and what it names, who says what."""

import random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Put,
    Row,
    Tables,
    added,
    changed,
    changed_of,
    changed_some,
    left,
    of_items,
    shifted,
    some,
    some_of,
    where,
)
from pipelines.enrichments.places.gazetteer import fold_name, load_gazetteer

SPANS = ("start", "speaker_start", "verb_start", "end", "speaker_end", "verb_end")


def persons_as_organisations(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Persons are taken for organisations."""
    rows = where(pc.equal(tables["entities"]["kind"], "person"))
    return changed_of(tables, "entities", rows, rate, rng, lambda _: {"kind": "organisation"})


def entities_lost_in_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of some articles no entity is there, though they were looked for."""
    items = _items(tables, "entities", rate, rng)
    unnamed = of_items(tables["quotes"], items)
    return {
        **tables,
        "entities": left(tables["entities"], of_items(tables["entities"], items)),
        "quotes": changed(tables["quotes"], unnamed, lambda _: {"speaker_name": None, "entity_index": None}),
    }


def places_of_namesakes_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Places are taken for others of the same name."""
    entities = tables["entities"]
    placed = where(pc.is_valid(entities["geoname_id"]))
    names = entities["name"].to_pylist()
    several = {name: places for name in sorted({names[row] for row in placed}) if len(places := _places(name)) > 1}

    def change(row: Row) -> Row:
        return rng.choice([place for place in several[row["name"]] if place["geoname_id"] != row["geoname_id"]])

    rows = some_of([row for row in placed if names[row] in several], len(placed), rate, rng)
    return {**tables, "entities": changed(entities, rows, change)}


def coordinates_swapped_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Latitude and longitude of places are swapped, where both may be either."""
    entities = tables["entities"]
    placed = where(pc.is_valid(entities["geoname_id"]))
    rows = where(pc.less_equal(pc.abs(entities["longitude"]), 90))
    chosen = some_of(rows, len(placed), rate, rng)
    swapped = changed(entities, chosen, lambda row: {"latitude": row["longitude"], "longitude": row["latitude"]})
    return {**tables, "entities": swapped}


def mentions_of_uncut_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Mentions stand where they were before the lines above the text were removed."""

    def change(row: Row) -> Row:
        by = rng.randint(12, 60)
        return {"mentions": [shifted(mention, by) for mention in row["mentions"]]}

    return changed_some(tables, "entities", rate, rng, change)


def quotes_given_to_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The speaker is taken for another person of the article."""
    entities = tables["entities"].filter(pc.equal(tables["entities"]["kind"], "person"))
    persons: dict[str, list[tuple[int, str]]] = {}
    for item, index, name in zip(
        *(entities[name].to_pylist() for name in ("item_id", "entity_index", "name")), strict=True
    ):
        persons.setdefault(item, []).append((index, name))
    quotes = tables["quotes"]
    items = quotes["item_id"].to_pylist()
    rows = [row for row in where(pc.is_valid(quotes["entity_index"])) if len(persons.get(items[row], ())) > 1]

    def change(row: Row) -> Row:
        index, name = rng.choice([each for each in persons[row["item_id"]] if each[0] != row["entity_index"]])
        return {"entity_index": index, "speaker_name": name}

    return changed_of(tables, "quotes", rows, rate, rng, change)


def quotes_run_on_again(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The end of a quote is not seen: what follows it, to the end of the next sentence, belongs to it."""
    quotes, articles = tables["quotes"], tables["articles"]
    rows = some(quotes.num_rows, rate, rng)
    items = set(quotes["item_id"].take(pa.array(rows, pa.int64())).to_pylist())
    of = articles.select(["item_id", "text"]).take(pa.array(of_items(articles, items), pa.int64()))
    texts = dict(zip(*(of[name].to_pylist() for name in ("item_id", "text")), strict=True))

    def change(row: Row) -> Row:
        text = texts[row["item_id"]]
        first = text.find(".", row["end"])
        second = text.find(".", first + 1)
        end = max(first, second) + 1 or len(text)
        return {"end": end, "text": text[row["start"] : end]}

    return {**tables, "quotes": changed(quotes, rows, change)}


def quotes_of_uncut_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Quotes, speakers and verbs stand where they were before the lines above the text were removed."""

    def change(row: Row) -> Row:
        by = rng.randint(12, 60)
        return {name: None if row[name] is None else row[name] + by for name in SPANS}

    return changed_some(tables, "quotes", rate, rng, change)


def quotes_lost_in_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Of some articles no quote is there, though they were looked for."""
    gone = of_items(tables["quotes"], _items(tables, "quotes", rate, rng))
    return {**tables, "quotes": left(tables["quotes"], gone)}


def quotes_found_twice(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """One quote is found by two rules: in two rows, of two kinds, with one span."""
    quotes = tables["quotes"]
    rows = some(quotes.num_rows, rate, rng)
    next_index: dict[str, int] = {}
    for item in quotes["item_id"].to_pylist():
        next_index[item] = next_index.get(item, 0) + 1
    new = []
    for row in quotes.take(pa.array(rows, pa.int64())).to_pylist():
        kind = "direct" if row["kind"] == "mixed" else "mixed"
        score = round(row["quote_score"] * rng.uniform(0.7, 1), 3)
        new.append({**row, "kind": kind, "quote_index": next_index[row["item_id"]], "quote_score": score})
        next_index[row["item_id"]] += 1
    return {**tables, "quotes": added(quotes, new)}


def _items(tables: Tables, name: str, rate: float, rng: random.Random) -> list[str]:
    """About `rate` of the articles, but of those that have rows there."""
    items = list(dict.fromkeys(tables[name]["item_id"].to_pylist()))
    return [items[n] for n in some_of(range(len(items)), tables["articles"].num_rows, rate, rng)]


def _places(name: str) -> list[dict[str, Any]]:
    gazetteer = load_gazetteer()
    columns, (rows, _) = gazetteer.columns, gazetteer.find(fold_name(name))
    return [
        {
            "geoname_id": int(columns["id"][row]),
            "country": gazetteer.codes[columns["country"][row]],
            "admin1": gazetteer.codes[columns["admin1"][row]],
            "latitude": round(float(columns["lat"][row]), 5),
            "longitude": round(float(columns["lon"][row]), 5),
        }
        for row in rows.tolist()
    ]


_ENTITIES = (persons_as_organisations, places_of_namesakes_again, coordinates_swapped_again, mentions_of_uncut_text)
_QUOTES = (
    quotes_given_to_others,
    quotes_run_on_again,
    quotes_of_uncut_text,
    quotes_lost_in_articles,
    quotes_found_twice,
)
TOUCHES: dict[Put, tuple[str, ...]] = {
    entities_lost_in_articles: ("entities", "quotes"),
    **dict.fromkeys(_ENTITIES, ("entities",)),
    **dict.fromkeys(_QUOTES, ("quotes",)),
}
INVISIBLE: tuple[Put, ...] = ()
