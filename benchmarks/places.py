"""Places of news beside the most populous place of each name, with the interval of each difference.

    python -m benchmarks places [--part held_out]

LGL (local papers, GeoNames ids) and GeoVirus (WikiNews on epidemics, coordinates alone). Even articles are for tuning,
odd ones are `held_out`; paragraphs of one article of GeoVirus stay together. Rows are mentions that people marked and
gave a place; right is counted over all of them, so what the finder of mentions missed is wrong for both. `found`
mentions are the places of enrichments/entities.py; `gold` ones are those marked. The country is that of the
marked id, or where the gazetteer lacks it the marked one; GeoVirus marks none, so it is that of the nearest city.
Intervals draw articles.
"""

import gzip
import math
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from benchmarks.pages import ENRICHMENT, PARTS
from benchmarks.scores import draw_interval, write_gain
from pipelines.enrichments.entities import find_entities
from pipelines.enrichments.places import Mention, locate
from pipelines.enrichments.places.gazetteer import CITY, COUNTRY, fold_name, load_gazetteer

DATA = ENRICHMENT / "geo"
NEAR_KM = 161.0
Spans = list[Mention]
Locate = Callable[[str, str | None, Sequence[Sequence[Mention]]], list[dict[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class Gold:
    """A marked mention with its place; the id and country are None where not marked."""

    start: int
    end: int
    lat: float
    lon: float
    geoname_id: int | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Article:
    group: str
    """Paragraphs of the same article share it."""
    text: str
    gold: list[Gold]


def load_set(name: str, part: str) -> list[Article]:
    """Return the articles of one part: even (`dev`) or odd (`held_out`) by the order of their first appearance."""
    articles = list({"LGL": _lgl, "GeoVirus": _geovirus}[name]())
    order = {group: i for i, group in enumerate(dict.fromkeys(a.group for a in articles))}
    return [article for article in articles if order[article.group] % 2 == PARTS.index(part)]


def _lgl() -> list[Article]:
    columns, codes = load_gazetteer().columns, load_gazetteer().codes
    countries = {int(i): codes[c] for i, c in zip(columns["id"], columns["country"], strict=True)}
    articles = []
    for article in _root("lgl.xml.gz").iter("article"):
        gold = []
        for toponym in article.iter("toponym"):
            if (tag := toponym.find("gaztag")) is None:
                continue
            geoname_id = int(tag.get("geonameid", "0"))
            marked = tag.find("country")
            country = countries.get(int(marked.get("geonameid", "0"))) if marked is not None else None
            at = [_number(toponym, name) for name in ("start", "end")] + [_number(tag, name) for name in ("lat", "lon")]
            gold.append(
                Gold(int(at[0]), int(at[1]), at[2], at[3], geoname_id, countries.get(geoname_id) or country or None)
            )
        articles.append(Article(article.get("docid", ""), article.findtext("text") or "", gold))
    return articles


def _geovirus() -> list[Article]:
    articles = []
    for article in _root("GeoVirus.xml.gz").iter("article"):
        text = article.findtext("text") or ""
        gold = []
        for place in article.iter("location"):
            lat, lon = _number(place, "lat"), _number(place, "lon")
            start, end = int(_number(place, "start")) - 1, int(_number(place, "end")) - 1  # counted from one
            gold.append(Gold(start, end, lat, lon, None, _country_at(lat, lon)))
        articles.append(Article(article.findtext("source") or "", text, gold))
    return articles


def _root(name: str) -> ET.Element:
    with gzip.open(DATA / name) as file:
        return ET.parse(file).getroot()


def _number(element: ET.Element, name: str) -> float:
    return float(element.findtext(name) or "nan")


@cache
def _country_at(lat: float, lon: float) -> str:
    columns = load_gazetteer().columns
    cities = np.flatnonzero(columns["kind"] == CITY)
    north = np.radians(columns["lat"][cities] - lat)
    east = np.radians((columns["lon"][cities] - lon + 180) % 360 - 180) * math.cos(math.radians(lat))
    return str(load_gazetteer().codes[columns["country"][cities[np.argmin(north**2 + east**2)]]])


def locate_most_populous(
    _text: str, _title: str | None, mentions: Sequence[Sequence[Mention]]
) -> list[dict[str, Any] | None]:
    """Locate by the baseline: of the places called as the first mention, countries first, then the most populous."""
    columns, codes = load_gazetteer().columns, load_gazetteer().codes
    found: list[dict[str, Any] | None] = []
    for entity in mentions:
        rows, _ = load_gazetteer().find(fold_name(entity[0][0]))
        if not len(rows):
            found.append(None)
            continue
        row = max(rows.tolist(), key=lambda r: (columns["kind"][r] <= COUNTRY, columns["population"][r]))
        found.append(
            {"geoname_id": int(columns["id"][row]), "country": codes[columns["country"][row]],
             "latitude": float(columns["lat"][row]), "longitude": float(columns["lon"][row])}
        )  # fmt: skip
    return found


def find_places(articles: Sequence[Article]) -> list[Spans]:
    """Return the places that the enricher before this one finds in each article."""
    told = find_entities([(article.text, None, "en") for article in articles])
    return [
        sorted(
            ((m["text"], m["start"], m["end"]) for e in entities if e["kind"] == "place" for m in e["mentions"]),
            key=lambda mention: mention[1],
        )
        for entities in told
        if not isinstance(entities, str)
    ]


Row = tuple[bool, bool, bool, bool]
"""Located at all, and right: country, id, within 161 km."""


def score_places(articles: Sequence[Article], spans: Sequence[Spans], method: Locate) -> tuple[list[list[Row]], float]:
    """Return for each article a row for each marked mention, and the CPU seconds that `method` took."""
    found, spent = [], 0.0
    for article, mentions in zip(articles, spans, strict=True):
        entities: dict[str, Spans] = defaultdict(list)
        for mention in mentions:
            entities[fold_name(mention[0])].append(mention)
        began = time.process_time()
        places = method(article.text, None, list(entities.values()))
        spent += time.process_time() - began
        at = {
            (start, end): place
            for entity, place in zip(entities.values(), places, strict=True)
            for _, start, end in entity
        }
        found.append([_row(gold, _at(gold, at)) for gold in article.gold])
    return found, spent


def _at(gold: Gold, at: dict[tuple[int, int], dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the place of the mention that overlaps the marked one and starts nearest to it."""
    over = [span for span in at if span[0] < gold.end and gold.start < span[1]]
    return at[min(over, key=lambda span: (abs(span[0] - gold.start), span))] if over else None


def _row(gold: Gold, place: dict[str, Any] | None) -> Row:
    if place is None:
        return False, False, False, False
    near = _km(gold.lat, gold.lon, place["latitude"], place["longitude"]) <= NEAR_KM
    return True, place["country"] == gold.country, place["geoname_id"] == gold.geoname_id, near


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


def measure(part: str) -> dict[str, float]:
    """Print a line for each set, mentions and figure; return the shares that are right."""
    known = set(load_gazetteer().columns["id"].tolist())
    figures: dict[str, float] = {}
    print(f"{'set':9} {'mentions':9} {'figure':16} {'marked':>6} {'copydesk':>9} {'populous':>9}  ours against it")
    for name in ("LGL", "GeoVirus"):
        articles = load_set(name, part)
        marked: list[Spans] = [
            sorted({(a.text[g.start : g.end], g.start, g.end) for g in a.gold}, key=lambda m: m[1]) for a in articles
        ]
        for kind, spans in {"found": find_places(articles), "gold": marked}.items():
            ours, spent = score_places(articles, spans, locate)
            theirs, _ = score_places(articles, spans, locate_most_populous)
            which = [("country", 1, False), ("id", 2, False), ("161 km", 3, False)]
            if name == "LGL":
                which.append(("country, known id", 1, True))
            for figure, column, only_known in which:
                if figure == "id" and name == "GeoVirus":
                    continue
                pairs = [
                    [(o[column], t[column]) for o, t, g in zip(mine, other, a.gold, strict=True)
                     if not only_known or g.geoname_id in known]
                    for mine, other, a in zip(ours, theirs, articles, strict=True)
                ]  # fmt: skip
                grouped: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
                for article, rows in zip(articles, pairs, strict=True):
                    grouped[article.group] += rows
                count = sum(map(len, pairs))
                share, base = (sum(row[i] for rows in pairs for row in rows) / count for i in (0, 1))
                beside = write_gain(share - base, interval(list(grouped.values())))
                print(f"{name:9} {kind:9} {figure:17} {count:5} {share:9.3f} {base:9.3f}  {beside}")
                figures[f"{name} {kind}: {figure}"] = share
            located = [row for rows in ours for row in rows if row[0]]
            right = sum(row[3] for row in located) / max(1, len(located))
            print(f"{name:9} {kind:9} of {len(located)} located {right:.3f} within 161 km; "
                  f"{1000 * spent / len(articles):.2f} ms of CPU a text")  # fmt: skip
        if name == "LGL":
            ids = [g.geoname_id in known for a in articles for g in a.gold]
            print(f"{name:9} {sum(ids) / len(ids):.3f} of {len(ids)} marked ids are in the gazetteer")
    return figures


def interval(groups: Sequence[Sequence[tuple[bool, bool]]]) -> tuple[float, float]:
    """Return the interval of the difference of two shares; articles are drawn."""
    sums = [(len(rows), sum(a - b for a, b in rows)) for rows in groups]
    return draw_interval(lambda drawn: sum(gain for _, gain in drawn) / max(1, sum(count for count, _ in drawn)), sums)
