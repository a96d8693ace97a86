"""Defects of where entities lie: coordinates, countries, divisions, namesakes. Rates are of entities with a place."""

from functools import cache, partial
from typing import Any

import pyarrow.compute as pc

from benchmarks.defects.kinds import BOTH, FIRST, SECOND, change
from benchmarks.defects.tables import Day, Row
from benchmarks.simulated.pieces import read_place
from pipelines.enrichments.places.gazetteer import fold_name, load_gazetteer

# Names of countries instead of codes of two letters, and codes of three.
NAMES = {"DE": "Germany", "GB": "UK", "FR": "FRA", "US": "us", "IT": "Italy"}
BERLIN = {"geoname_id": 2_950_159, "country": "DE", "latitude": 52.52, "longitude": 13.41, "place_score": 0.9}


@cache
def _find_namesake(name: str) -> Row | None:
    """Return the second most populous place of the name."""
    gazetteer = load_gazetteer()
    rows, _ = gazetteer.find(fold_name(name))
    ranked = sorted(rows.tolist(), key=lambda row: -int(gazetteer.columns["population"][row]))
    return read_place(ranked[1]) if len(ranked) > 1 else None


def _pick_country(row: Row, day: Day) -> Any:
    countries = [country for country in day.values("entities", "country") if country is not None]
    return day.pick_other(countries, row["country"])


def _pick_division(row: Row, day: Day) -> str:
    pairs = zip(day.values("entities", "country"), day.values("entities", "admin1"), strict=True)
    known = sorted({(country, admin1) for country, admin1 in pairs if admin1 is not None})
    return str(day.rng.choice([admin1 for country, admin1 in known if country != row["country"]]))


_change = partial(change, "entities", share_of="geoname_id")
KINDS = (
    _change("coordinates_swapped", "Latitude and longitude are swapped.",
            lambda row, _: {"latitude": row["longitude"], "longitude": row["latitude"]}, "geoname_id", BOTH),
    _change("coordinates_zero", "Places lie at 0, 0, off the coast of Ghana.",
            {"latitude": 0.0, "longitude": 0.0}, "geoname_id"),
    _change("coordinates_missing", "Places have an id and a country, and no coordinates.",
            {"latitude": None, "longitude": None}, "geoname_id"),
    _change("coordinates_rounded", "Coordinates are whole degrees.",
            lambda row, _: {name: float(round(row[name])) for name in ("latitude", "longitude")}, "admin1", SECOND),
    _change("countries_not_iso", "Countries are names, or codes of three letters.",
            lambda row, _: {"country": NAMES.get(row["country"], f"{row['country']}X")}, "geoname_id"),
    _change("countries_unassigned", "Countries are two letters that no country has.", {"country": "XX"}, "geoname_id"),
    _change("countries_of_others", "The country is that of another place; id and coordinates are right.",
            lambda row, day: {"country": _pick_country(row, day)}, "geoname_id"),
    _change("divisions_of_other_countries", "The first-level division is one of another country.",
            lambda row, day: {"admin1": _pick_division(row, day)}, "admin1", SECOND),
    _change("places_of_namesakes", "Places are mistaken for lesser ones of the same name: all values fit together.",
            lambda row, _: _find_namesake(row["name"]) or {}, "geoname_id", BOTH, False),
    change("entities", "persons_with_coordinates", "Persons are given a place.",
           BERLIN, lambda entities: pc.equal(entities["kind"], "person"), FIRST),
)  # fmt: skip
