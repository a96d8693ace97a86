"""Names of countries by language, which GeoNames' files lack: CLDR's, and those of news beside them.

Built and described by `training/country_names.py`. A name counts in texts of its language alone: `Island` is a country
in German, and `Maurice` one in French. In Russian it counts in all its cases.
"""

from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np

from pipelines.enrichments.places.gazetteer import CITY, COUNTRY, fold_name, load_gazetteer
from pipelines.enrichments.russian import fold_case

PATH = Path(__file__).with_name("country_names.tsv")


def find_countries(key: str, language: str) -> tuple[int, ...]:
    """Return the rows in the gazetteer of the countries that a folded name means in a language."""
    return _load_names(language).get(_fold_cases(key, language), ())


@cache
def _load_names(language: str) -> dict[str, tuple[int, ...]]:
    """Return the rows of each name of the language; a city of that very name with more people keeps it."""
    gazetteer = load_gazetteer()
    columns = gazetteer.columns
    rows = {
        gazetteer.codes[columns["country"][row]]: row for row in np.flatnonzero(columns["kind"] == COUNTRY).tolist()
    }
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
                found[_fold_cases(key, language)].append(rows[code])
    return {name: tuple(sorted(set(places))) for name, places in found.items()}


def _fold_cases(key: str, language: str) -> str:
    return " ".join(map(fold_case, key.split())) if language == "ru" else key
