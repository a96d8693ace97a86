"""Names of countries by language, which GeoNames' files lack: CLDR's, and those of news beside them.

Built and described by `training/country_names.py`. A name counts in texts of its language alone: `Island` is a country
in German, and `Maurice` one in French.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np

from pipelines.enrichments.places.gazetteer import ADMIN1, CITY, COUNTRY, fold_name, load_gazetteer

PATH = Path(__file__).with_name("country_names.tsv")


def find_countries(key: str, language: str) -> tuple[int, ...]:
    """Return the rows in the gazetteer of the countries that a folded name means in a language."""
    return _load_names(language).get(key, ())


@cache
def list_country_names(language: str) -> frozenset[str]:
    """Return the names of a language as they are written."""
    lines = (line.split("\t") for line in PATH.read_text("utf-8").splitlines())
    return frozenset(name for _, of, names in lines if of == language for name in names.split("|"))


@cache
def _load_names(language: str) -> dict[str, tuple[int, ...]]:
    """Return the rows of each name of the language; a city of that very name with more people keeps it."""
    gazetteer = load_gazetteer()
    columns = gazetteer.columns
    # The division of a country is its own code: FR, beside GB.SCT of Scotland.
    areas = np.flatnonzero((columns["kind"] == COUNTRY) | (columns["kind"] == ADMIN1)).tolist()
    rows = {gazetteer.codes[columns["admin1"][row]]: row for row in areas}
    found: dict[str, list[int]] = defaultdict(list)
    for line in PATH.read_text("utf-8").splitlines():
        code, of, names = line.split("\t")
        if of != language:
            continue
        for name in names.split("|"):
            key = fold_name(name)
            places, _ = gazetteer.find(key)
            cities = columns["population"][places[columns["kind"][places] == CITY]]
            if code in rows and (not len(cities) or cities.max() < columns["population"][rows[code]]):
                found[key].append(rows[code])
    return {name: tuple(sorted(set(places))) for name, places in found.items()}
