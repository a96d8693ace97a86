"""Defects of `entities`: references, mentions, kinds, places."""

import random
from functools import cache

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
    orphaned,
    other,
    shifted,
    some,
    some_of,
    where,
    with_values,
)
from pipelines.enrichments.places.gazetteer import fold_name, load_gazetteer

# Names of countries instead of codes of two letters, and codes of three.
NAMES = {"DE": "Germany", "GB": "UK", "FR": "FRA", "US": "us", "IT": "Italy"}


def entities_of_nothing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities are of an item that is nowhere."""
    return {**tables, "entities": orphaned(tables["entities"], rate, rng)}


def entities_of_other_articles(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """All entities of some articles are given to the article after it, and the other way round."""
    items = tables["articles"]["item_id"].to_pylist()
    rows = some(len(items), rate, rng)
    swap = {items[row]: items[row - 1] for row in rows}
    swap |= {other: item for item, other in list(swap.items()) if other not in swap}
    entities = tables["entities"]
    at = of_items(entities, swap)
    whose = [swap[item] for item in entities["item_id"].take(pa.array(at, pa.int64())).to_pylist()]
    return {**tables, "entities": with_values(entities, at, "item_id", whose)}


def entities_doubled(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities stand there twice."""
    entities = tables["entities"]
    rows = pa.array(some(entities.num_rows, rate, rng), pa.int64())
    return {**tables, "entities": pa.concat_tables([entities, entities.take(rows)])}


def entities_collapse(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """No entity is found in articles that have some, and the enricher says that it ran."""
    entities, quotes = tables["entities"], tables["quotes"]
    having = set(entities["item_id"].to_pylist())
    items = some_of(
        [row for row, item in enumerate(tables["articles"]["item_id"].to_pylist()) if item in having],
        tables["articles"].num_rows,
        rate,
        rng,
    )
    gone = tables["articles"]["item_id"].take(pa.array(items, pa.int64())).to_pylist()
    nobody = {"entity_index": None, "speaker_name": None}
    return {
        **tables,
        "entities": left(entities, of_items(entities, gone)),
        "quotes": changed(quotes, of_items(quotes, gone), lambda _: nobody),
    }


def entity_offsets_shifted(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Mentions lie one to five characters behind where they stand."""

    def change(row: Row) -> Row:
        return {"mentions": [shifted(mention, rng.randint(1, 5)) for mention in row["mentions"]]}

    return changed_some(tables, "entities", rate, rng, change)


def offsets_behind_the_text(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Mentions lie behind the end of the text: those of a longer one."""

    def change(row: Row) -> Row:
        return {"mentions": [shifted(mention, 50_000) for mention in row["mentions"]]}

    return changed_some(tables, "entities", rate, rng, change)


def scores_above_one(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Salience is a percentage."""
    return changed_some(tables, "entities", rate, rng, lambda row: {"salience_score": row["salience_score"] * 100 + 1})


def entity_kinds_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Persons are called organisations, and the other way round; places stay places."""
    swap = {"person": "organisation", "organisation": "person"}
    entities = tables["entities"]
    rows = where(pc.is_in(entities["kind"], pa.array(list(swap))))
    return changed_of(tables, "entities", rows, rate, rng, lambda row: {"kind": swap[row["kind"]]})


def names_cut(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Names of entities lose their last two letters; their mentions are whole."""
    return changed_some(tables, "entities", rate, rng, lambda row: {"name": row["name"][:-2]})


def names_of_furniture(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities are words of the site."""
    return changed_some(tables, "entities", rate, rng, lambda _: {"name": "Privacy Policy", "kind": "organisation"})


def mention_counts_wrong(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """`mention_count` is not the number of mentions."""
    return changed_some(tables, "entities", rate, rng, lambda row: {"mention_count": row["mention_count"] + 1})


def mentions_lost(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Entities do not say where they are named."""
    return changed_some(tables, "entities", rate, rng, lambda _: {"mentions": []})


def salience_constant(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Salience is the same for all entities."""
    return changed_some(tables, "entities", rate, rng, lambda _: {"salience_score": 0.5})


def coordinates_swapped(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Latitude is longitude and the other way round."""
    return _placed(tables, rate, rng, lambda row: {"latitude": row["longitude"], "longitude": row["latitude"]})


def coordinates_zero(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Places lie at 0, 0, off the coast of Ghana."""
    return _placed(tables, rate, rng, lambda _: {"latitude": 0.0, "longitude": 0.0})


def coordinates_missing(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Places have an id and a country, and no coordinates."""
    return _placed(tables, rate, rng, lambda _: {"latitude": None, "longitude": None})


def countries_not_iso(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Countries are names, or codes of three letters."""
    return _placed(tables, rate, rng, lambda row: {"country": NAMES.get(row["country"], f"{row['country']}X")})


def countries_unassigned(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Countries are two letters that are no country's."""
    return _placed(tables, rate, rng, lambda _: {"country": "XX"})


def countries_of_others(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """The country is that of another place; id and coordinates are right."""
    countries = tables["entities"]["country"].drop_null().to_pylist()
    return _placed(tables, rate, rng, lambda row: {"country": other(rng, countries, row["country"])})


def places_of_namesakes(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Places are taken for lesser ones of the same name: id, country and coordinates fit together."""

    def change(row: Row) -> Row:
        return _namesake(row["name"]) or {}

    return _placed(tables, rate, rng, change)


def persons_with_coordinates(tables: Tables, rate: float, rng: random.Random) -> Tables:
    """Persons are given a place."""
    entities = tables["entities"]
    place = {"geoname_id": 2_950_159, "country": "DE", "latitude": 52.52, "longitude": 13.41, "place_score": 0.9}
    return changed_of(tables, "entities", where(pc.equal(entities["kind"], "person")), rate, rng, lambda _: place)


@cache
def _namesake(name: str) -> Row | None:
    """Of the places so named the one with most people but one."""
    gazetteer = load_gazetteer()
    columns = gazetteer.columns
    rows, _ = gazetteer.find(fold_name(name))
    ranked = sorted(rows.tolist(), key=lambda row: -int(columns["population"][row]))
    if len(ranked) < 2:
        return None
    row = ranked[1]
    return {
        "geoname_id": int(columns["id"][row]),
        "country": gazetteer.codes[columns["country"][row]],
        "admin1": gazetteer.codes[columns["admin1"][row]],
        "latitude": round(float(columns["lat"][row]), 5),
        "longitude": round(float(columns["lon"][row]), 5),
    }


def _placed(tables: Tables, rate: float, rng: random.Random, change: Change) -> Tables:
    """A change of entities that have a place; `rate` is of those."""
    entities = tables["entities"]
    placed = where(pc.is_valid(entities["geoname_id"]))
    return {**tables, "entities": changed(entities, some_of(placed, len(placed), rate, rng), change)}


TOUCHES: dict[Put, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            entities_of_nothing,
            entities_of_other_articles,
            entities_doubled,
            entity_offsets_shifted,
            offsets_behind_the_text,
            scores_above_one,
            entity_kinds_swapped,
            names_cut,
            names_of_furniture,
            mention_counts_wrong,
            mentions_lost,
            salience_constant,
            coordinates_swapped,
            coordinates_zero,
            coordinates_missing,
            countries_not_iso,
            countries_unassigned,
            countries_of_others,
            places_of_namesakes,
            persons_with_coordinates,
        ),
        ("entities",),
    ),
    entities_collapse: ("entities", "quotes"),
}
INVISIBLE: tuple[Put, ...] = (entity_kinds_swapped, places_of_namesakes)
