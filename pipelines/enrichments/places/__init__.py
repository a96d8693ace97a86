"""Find the place of GeoNames that each place entity of an article is; all entities are resolved together.

Every name has candidates (`gazetteer.py`). A candidate scores by how many people live there, by what kind of place it
is, and by its surroundings: the area written behind the name ("Paris, Texas"), the countries and divisions that the
text names, peoples and abbreviated states included (`context.py`), and the places that the other entities may be, which
support those in the same division or country and those nearby. Support is weighed by how likely each reading is and
passed around a few times (relaxation labelling: Rosenfeld, Hummel & Zucker 1976). One name means one place all over an
article, unless an entity of its own says otherwise.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.enrichments.places.context import (
    Named,
    find_abbreviated,
    find_named_areas,
    find_qualifier,
    read_area_codes,
)
from pipelines.enrichments.places.country_names import find_countries
from pipelines.enrichments.places.demonyms import REGIONS
from pipelines.enrichments.places.gazetteer import (
    ADMIN1,
    ADMIN2,
    CITY,
    CONTINENT,
    COUNTRY,
    Gazetteer,
    fold_name,
    load_gazetteer,
)
from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.russian import list_nominatives
from pipelines.enrichments.texts import get_language_code
from pipelines.tables.enriched.places import FOUND_PLACES

READS = ("text", "title", "language", "entities")

Mention = tuple[str, int, int]
Place = dict[str, Any]

# Weights as logarithms of odds: chosen one after the other on the even articles of LGL and GeoVirus
# (benchmarks/places.py), each from four to six values, twice over.
PEOPLE = 1.4  # for ten times as many people
KIND = {CONTINENT: 6.0, COUNTRY: 3.0, ADMIN1: 0.0, ADMIN2: -3.0, CITY: 0.0}
USUAL_NAME = 2.0
BEHIND = 8.0  # the area written behind the name
AREA_NAMED, COUNTRY_NAMED = 2.0, 2.0
SAME_AREA, SAME_COUNTRY, NEARBY = 4.5, 4.0, 6.0
NEAR_KM = 60.0
ROUNDS = 8
ELSEWHERE, ELSEWHERE_OF_WORDS = 6.0, 3.0
"""A place that the gazetteer lacks, so that a single candidate is no certainty: worth as much as a town of 1,000
people, and less where the name has several words. Of 3, 4.5, 6, 7.5 and 9 for all names, 6 gave the best scores (Brier)
on the even articles of LGL and GeoVirus, mentions as marked."""
SURE = 0.3
"""A reading less likely is not given: of 19 such in the even articles of LGL, mentions found, none was near."""

TOGETHER = 100
"""Names resolved together; an article with more is done in parts."""
CANDIDATES = 400
"""Candidates compared with one another at a time: bounds the work, whose square it is."""
MENTIONS = 20
"""Mentions of an entity that are looked at."""
LONGEST_NAME = 100

_LEADING = (
    "the ",
    "greater ",
    "downtown ",
    "city of ",
    "town of ",
    "village of ",
    "state of ",
    "republic of ",
    "province of ",
    "county of ",
    "county ",
    "metro ",
    "metropolitan ",
)
# Of other languages; those of English are among what leads.
_ARTICLE = re.compile(r"\A(?:l[’']|(?:la|le|les|el|los|las|der|die|das)\s)(?=\w)")
# A part of something large: a town is not called after the next one's south.
_PARTS = ("northern ", "southern ", "eastern ", "western ", "north ", "south ", "east ", "west ",
            "northeast ", "northwest ", "southeast ", "southwest ", "northeastern ", "northwestern ", "southeastern ",
            "southwestern ", "central ", "upstate ", "rural ", "mainland ")  # fmt: skip
_TRAILING = (" city", " county", " area", " region", " province", " state", " district", " town", " township",
             " village", " peninsula", " metropolitan area", " prefecture", " governorate", " oblast", " parish",
             " borough", " municipality", " island", " islands")  # fmt: skip


@dataclass
class _Name:
    """One name of the article: the areas written behind it, and its candidates as rows of the gazetteer."""

    key: str
    behind: set[str] = field(default_factory=set)
    mentions: int = 0
    rows: NDArray[Any] = field(default_factory=lambda: np.zeros(0, np.int64))
    is_usual: NDArray[Any] = field(default_factory=lambda: np.zeros(0, bool))
    people: NDArray[Any] = field(default_factory=lambda: np.zeros(0))


def add_places(items: pa.Table) -> pa.Table:
    """Compute the columns of FOUND_PLACES; skip where no entities were looked for."""
    return by_row(items, FOUND_PLACES, READS, _enrich_article)


def _enrich_article(
    text: str, title: str | None, language: str | None, entities: list[dict[str, Any]] | None
) -> EnricherResult:
    if entities is None:
        return "entities"
    indices = [index for index, entity in enumerate(entities) if entity["kind"] == "place"]
    mentions = [[(m["text"], m["start"], m["end"]) for m in entities[index]["mentions"]] for index in indices]
    places = zip(indices, locate(text, title, mentions, language), strict=True)
    return {"places": [{"entity_index": index, **place} for index, place in places if place is not None]}


def locate(
    text: str, title: str | None, mentions: Sequence[Sequence[Mention]], language: str | None = "en"
) -> list[Place | None]:
    """Return the place of each entity, given as its mentions (written form, start, end in `text`), or None.

    A place has `geoname_id`, `country` (ISO 3166-1 alpha-2; None for a continent), `admin1` (GeoNames code with its
    country, such as US.LA; None for countries and continents), `latitude` and `longitude` in degrees, and `place_score`
    (0-1, how likely this reading is among those of the name). None where no reading is likely enough.
    """
    gazetteer, code = load_gazetteer(), get_language_code(language)
    names: dict[tuple[str, str], _Name] = {}
    by_key: dict[str, list[_Name]] = defaultdict(list)
    entities: list[_Name | None] = []
    for entity in mentions:
        entities.append(_read_name(text, entity, names, code))
    for name in names.values():
        by_key[name.key].append(name)
    for key, same in by_key.items():
        candidates = _find_candidates(gazetteer, key, code)
        areas = set().union(*(name.behind for name in same))
        for name in same:
            name.rows, name.is_usual = candidates
            name.behind = name.behind or areas
    ordered = [names[key] for key in sorted(names) if len(names[key].rows)]
    context = find_named_areas(f"{title or ''}\n{text}")
    places: dict[int, Place | None] = {}
    for start in range(0, len(ordered), TOGETHER):
        part = ordered[start : start + TOGETHER]
        for name, place in zip(part, _resolve(gazetteer, part, context), strict=True):
            places[id(name)] = place
    by_entity = [places.get(id(name)) if name else None for name in entities]
    return [dict(place) if place else None for place in by_entity]


def _read_name(
    text: str, entity: Sequence[Mention], names: dict[tuple[str, str], _Name], language: str
) -> _Name | None:
    """Return the name of an entity: its first mention that the gazetteer may know, and the areas behind any."""
    key, behind = "", set()
    for written, _, end in entity[:MENTIONS]:
        head, _, tail = written[:LONGEST_NAME].partition(",")
        if tail:
            behind.update(read_area_codes(tail))
        elif 0 <= end <= len(text):
            behind.update(find_qualifier(text, end))
        state = find_abbreviated(head.strip())
        key = key or (f"={state}" if state else _find_known_form(head.strip(), language, bool(behind)))
    if not key:
        return None
    name = names.setdefault((key, " ".join(sorted(behind))), _Name(key, behind))
    name.mentions += len(entity)
    return name


def is_known(written: str, language: str | None) -> bool:
    """Tell whether a name is one of the gazetteer as it is, without words for a part or kind."""
    return len(_find_candidates(load_gazetteer(), fold_name(written), get_language_code(language))[0]) > 0


def _find_known_form(written: str, language: str, is_qualified: bool) -> str:
    """Return the folded form of a name that the gazetteer has: as it is, or without words for a part or kind.

    A town has the name of a region only where an area is written behind it: `Earth, Texas`.
    """
    gazetteer, key = load_gazetteer(), fold_name(_ARTICLE.sub("", written))
    if written.isupper() and len(written) <= 3 and not _is_area(gazetteer, key, language):
        return ""  # an abbreviation is no town
    forms = _list_forms(key, language)
    if not is_qualified and _is_region(key, language):
        return ""
    if language == "ru" and (country := next((form for form in forms if find_countries(form, language)), "")):
        return country  # before a city of one of the forms: Кита is Quito, and Китае China
    for form in forms:
        if len(_find_candidates(gazetteer, form, language)[0]):
            return form
    part = next((word for word in _PARTS if key.startswith(word)), "")
    return key.removeprefix(part) if part and _is_area(gazetteer, key.removeprefix(part), language) else ""


def _is_region(key: str, language: str) -> bool:
    forms = {key, key.removeprefix("the ")}
    return not REGIONS.isdisjoint(forms.union(map(fold_name, list_nominatives(key))) if language == "ru" else forms)


def _is_area(gazetteer: Gazetteer, key: str, language: str) -> bool:
    rows, _ = _find_candidates(gazetteer, key, language)
    return bool(np.isin(gazetteer.columns["kind"][rows], (COUNTRY, ADMIN1)).any())


def _list_forms(key: str, language: str) -> list[str]:
    forms = [key]
    if key.endswith("s") and len(key) > 4:
        forms.append(key[:-1])  # Georgia's, folded
    for form in list(forms):
        forms += [form.removeprefix(word) for word in _LEADING if form.startswith(word)]
    for form in list(forms):
        forms += [form.removesuffix(word) for word in _TRAILING if form.endswith(word)]
    if language == "ru":
        forms += [fold_name(form) for form in list_nominatives(key)]
    return [form for form in forms if len(form) > 1]


def _find_candidates(gazetteer: Gazetteer, key: str, language: str) -> tuple[NDArray[Any], NDArray[Any]]:
    columns = gazetteer.columns
    if key.startswith("="):
        number = gazetteer.codes.index(key[1:])
        rows = np.flatnonzero((columns["admin1"] == number) & (columns["kind"] == ADMIN1))
        return rows, np.ones(len(rows), bool)
    rows, is_usual = gazetteer.find(key)
    countries = np.array(find_countries(key, language), np.int64)
    others = ~np.isin(rows, countries)
    return np.concatenate([countries, rows[others]]), np.concatenate([np.ones(len(countries), bool), is_usual[others]])


def _resolve(gazetteer: Gazetteer, names: list[_Name], context: Named) -> list[Place | None]:
    """Return the best reading of each of some names."""
    if not names:
        return []
    columns = gazetteer.columns
    most = max(2, CANDIDATES // len(names))
    rows_by_name, scores_by_name = [], []
    for name in names:
        scores = _score_alone(gazetteer, name, context)
        best = np.argsort(-scores, kind="stable")[:most]
        rows_by_name.append(name.rows[best])
        scores_by_name.append(scores[best])
    rows, alone = np.concatenate(rows_by_name), np.concatenate(scores_by_name)
    owner = np.repeat(np.arange(len(names)), [len(part) for part in rows_by_name])
    weights = _weigh_support(columns, rows, np.array([name.key for name in names])[owner])
    elsewhere = np.array([ELSEWHERE_OF_WORDS if " " in name.key else ELSEWHERE for name in names])
    likely = _normalise(alone, owner, elsewhere)
    for _ in range(ROUNDS):
        score = alone
        for weight, beside in weights:
            support = beside @ likely
            score = score + weight * support / (1 + support)
        likely = _normalise(score, owner, elsewhere)
    return [_describe_place(gazetteer, rows[owner == n], likely[owner == n]) for n in range(len(names))]


def _score_alone(gazetteer: Gazetteer, name: _Name, context: Named) -> NDArray[Any]:
    """Score how well each candidate fits the name and the areas that the text names, other entities aside."""
    columns, rows = gazetteer.columns, name.rows
    scores: NDArray[Any] = PEOPLE * np.log10(columns["population"][rows].astype(float) + 1)
    scores += np.array([KIND[kind] for kind in range(5)])[columns["kind"][rows]]
    scores += USUAL_NAME * name.is_usual
    for at, row in enumerate(rows.tolist()):
        area, country = gazetteer.codes[columns["admin1"][row]], gazetteer.codes[columns["country"][row]]
        is_inside = columns["kind"][row] > ADMIN1
        if name.behind and (country in name.behind or (is_inside and area in name.behind)):
            scores[at] += BEHIND
        scores[at] += COUNTRY_NAMED * _saturate(context[country] if country else 0)
        if is_inside:
            scores[at] += AREA_NAMED * _saturate(context[area])
    return scores


def _saturate(count: int) -> float:
    return count / (count + 1)


def _weigh_support(columns: dict[str, NDArray[Any]], rows: NDArray[Any], keys: NDArray[Any]) -> list[tuple[float, Any]]:
    """Return how much each candidate supports each other, by weight; never one of the same name."""
    others = keys[:, None] != keys[None, :]
    country, area, kind = columns["country"][rows], columns["admin1"][rows], columns["kind"][rows]
    inside, placed = kind >= ADMIN1, kind >= ADMIN2
    same_country = (country[:, None] == country[None, :]) & others
    same_area = (area[:, None] == area[None, :]) & others & inside[:, None] & inside[None, :]
    lat, lon = np.radians(columns["lat"][rows].astype(float)), np.radians(columns["lon"][rows].astype(float))
    points = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    km = 6371.0 * np.arccos(np.clip(points @ points.T, -1, 1))
    near = np.exp(-km / NEAR_KM) * (others & placed[:, None] & placed[None, :])
    return [(SAME_COUNTRY, same_country.astype(float)), (SAME_AREA, same_area.astype(float)), (NEARBY, near)]


def _normalise(scores: NDArray[Any], owner: NDArray[Any], elsewhere: NDArray[Any]) -> NDArray[Any]:
    """Return the softmax of the scores within each owner, beside a place that the gazetteer lacks."""
    top = elsewhere.copy()
    np.maximum.at(top, owner, scores)
    odds = np.exp(scores - top[owner])
    shares: NDArray[Any] = odds / (np.bincount(owner, odds) + np.exp(elsewhere - top))[owner]
    return shares


def _describe_place(gazetteer: Gazetteer, rows: NDArray[Any], likely: NDArray[Any]) -> Place | None:
    best = int(np.argmax(likely))
    if likely[best] < SURE:
        return None
    columns, row = gazetteer.columns, int(rows[best])
    kind = int(columns["kind"][row])
    return {
        "geoname_id": int(columns["id"][row]),
        "country": gazetteer.codes[columns["country"][row]] or None,
        "admin1": gazetteer.codes[columns["admin1"][row]] if kind >= ADMIN1 else None,
        "latitude": round(float(columns["lat"][row]), 5),
        "longitude": round(float(columns["lon"][row]), 5),
        "place_score": round(float(likely[best]), 3),
    }
