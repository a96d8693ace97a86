"""Defects of `entities`, second set: what belongs together, where it is named, where it lies."""

import random

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.defects.changing import (
    Change,
    Put,
    Row,
    Tables,
    added,
    changed,
    changed_some,
    left,
    of_items,
    some,
    some_of,
    where,
    with_values,
)
from benchmarks.defects.second.common import by_item, changed_of_items, items_with, rows_of

OPENING = 500  # characters


def entities_of_two_runs(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """An article's entities stand there from two runs, those of the second numbered behind those of the first."""
    known = by_item(tables, "entities")
    again = [
        {**row, "entity_index": row["entity_index"] + len(known[item])}
        for item in items_with(tables, "entities", rate, rng)
        for row in known[item]
    ]
    return {**tables, "entities": added(tables["entities"], again)}


def surnames_are_other_persons(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Where a person is named without the first name it is taken for another one."""
    entities = tables["entities"]
    both = [
        n
        for n, row in enumerate(entities.select(["kind", "name", "mentions"]).to_pylist())
        if row["kind"] == "person" and len({m["text"] for m in row["mentions"]} | {row["name"]}) > 1
    ]
    rows = some_of(both, entities.num_rows, rate, rng)
    last = {item: len(own) for item, own in by_item(tables, "entities").items()}
    new = []
    for row in rows_of(entities, rows):
        short = [mention for mention in row["mentions"] if mention["text"] != row["name"]]
        told = {"name": short[0]["text"], "mentions": short, "mention_count": len(short)}
        salience = round(row["salience_score"] / 2, 4)
        new.append({**row, **told, "entity_index": last[row["item_id"]], "salience_score": salience})
        last[row["item_id"]] += 1

    def change(row: Row) -> Row:
        full = [mention for mention in row["mentions"] if mention["text"] == row["name"]] or row["mentions"][:1]
        return {"mentions": full, "mention_count": len(full)}

    return {**tables, "entities": added(changed(entities, rows, change), new)}


def entity_places_from_one(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """An article's entities are numbered from 1; quotes name them by these numbers."""
    items = items_with(tables, "entities", rate, rng)

    def change(row: Row) -> Row:
        return {"entity_index": None if row["entity_index"] is None else row["entity_index"] + 1}

    return {**tables, **{name: changed_of_items(tables, name, items, change) for name in ("entities", "quotes")}}


def entities_numbered_by_salience(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities were sorted by salience and numbered anew; quotes have the numbers of before."""
    known = by_item(tables, "entities")
    items = items_with(tables, "entities", rate, rng)
    number = {
        (item, row["entity_index"]): n
        for item in items
        for n, row in enumerate(sorted(known[item], key=lambda row: -row["salience_score"]))
    }

    def change(row: Row) -> Row:
        return {"entity_index": number[row["item_id"], row["entity_index"]]}

    return {**tables, "entities": changed_of_items(tables, "entities", items, change)}


def mentions_doubled(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Each mention stands there twice, and counts twice."""

    def change(row: Row) -> Row:
        twice = [mention for mention in row["mentions"] for _ in range(2)]
        return {"mentions": twice, "mention_count": len(twice)}

    return changed_some(tables, "entities", rate, rng, change)


def salience_turned_round(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Salience is high where it should be low."""
    return changed_some(
        tables, "entities", rate, rng, lambda row: {"salience_score": round(1 - row["salience_score"], 4)}
    )


def divisions_of_other_countries(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The first-level division is one of another country."""
    pairs = sorted(
        {
            (row["country"], row["admin1"])
            for row in tables["entities"].select(["country", "admin1"]).to_pylist()
            if row["admin1"] is not None
        }
    )

    def change(row: Row) -> Row:
        return {"admin1": rng.choice([admin1 for country, admin1 in pairs if country != row["country"]])}

    return _placed(tables, rate, rng, change)


def coordinates_rounded(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Coordinates are whole degrees."""

    def change(row: Row) -> Row:
        return {name: float(round(row[name])) for name in ("latitude", "longitude")}

    return _placed(tables, rate, rng, change)


def openings_alone_enriched(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities and quotes are looked for in the first 500 characters alone."""
    items = items_with(tables, "entities", rate, rng)
    entities, quotes = tables["entities"], tables["quotes"]
    of_entities, of_quotes = of_items(entities, items), of_items(quotes, items)

    def shown(row: Row) -> list[Row]:
        return [mention for mention in row["mentions"] if mention["end"] <= OPENING]

    early = {n: shown(row) for n, row in zip(of_entities, rows_of(entities, of_entities), strict=True)}
    # Entities are numbered by where they are first named, so those that stay keep their numbers.
    kept = [n for n, mentions in early.items() if mentions]
    entities = with_values(entities, kept, "mentions", [early[n] for n in kept])
    entities = with_values(entities, kept, "mention_count", [len(early[n]) for n in kept])
    ends = ("end", "speaker_end", "verb_end")
    late = [
        n
        for n, row in zip(of_quotes, rows_of(quotes, of_quotes), strict=True)
        if max(row[end] or 0 for end in ends) > OPENING
    ]
    return {**tables, "entities": left(entities, {*early} - {*kept}), "quotes": left(quotes, late)}


def entities_joined_by_place(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The article's id was joined by the place of the row: it is that of another article."""
    articles = tables["articles"]["article_id"].to_pylist()
    entities = tables["entities"]
    rows = some(entities.num_rows, rate, rng)
    own = entities["article_id"].take(pa.array(rows, pa.int64())).to_pylist()
    wrong = [
        next(a for a in articles[n % len(articles) :] + articles if a != id) for n, id in zip(rows, own, strict=True)
    ]
    return {**tables, "entities": with_values(entities, rows, "article_id", wrong)}


def _placed(tables: Tables, rate: float, rng: random.Random, change: Change) -> Tables:
    """A change of places that have a division; `rate` is of those that lie anywhere."""
    entities = tables["entities"]
    lying = pc.sum(pc.is_valid(entities["geoname_id"])).as_py()
    rows = some_of(where(pc.is_valid(entities["admin1"])), lying, rate, rng)
    return {**tables, "entities": changed(entities, rows, change)}


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            entities_of_two_runs,
            surnames_are_other_persons,
            entities_numbered_by_salience,
            mentions_doubled,
            salience_turned_round,
            divisions_of_other_countries,
            coordinates_rounded,
            entities_joined_by_place,
        ),
        ("entities",),
    ),
    entity_places_from_one: ("entities", "quotes"),
    openings_alone_enriched: ("entities", "quotes"),
}
# How much an article is about something, and where else it is named, is a matter of the text alone.
INVISIBLE: tuple[Put, ...] = (salience_turned_round, openings_alone_enriched)
