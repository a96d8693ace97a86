"""The made-up publishers: how much each sends on which weekday, and what its pages are like."""

import random
from dataclasses import dataclass

import numpy as np

from benchmarks.simulated.pieces import Numbers

WEEKDAYS = 7


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher; shares and rates are of its items."""

    name: str
    title: str
    language: str
    weight: float
    weekdays: tuple[float, ...]  # factors from Monday on, mean 1
    length: float  # times the length of a usual article
    minor_language: str | None  # of a fiftieth of its articles
    is_feed: bool  # several items in a delivery
    precision: str
    zone: str | None
    found_in: str
    has_authors: bool
    has_datelines: bool
    is_paywalled: float
    is_tdm_reserved: bool | None
    is_ahead: bool  # writes local time without a zone, which is then taken for UTC
    rejected: float
    resent: float
    refetched: float
    revised: float


_NAMES = {
    "en": "harbour-gazette morning-ledger city-courier coast-herald valley-observer national-wire evening-post "
    "hill-tribune "
    "island-times market-watchman science-letter north-record parish-bulletin",
    "de": "nordblatt rheinbote stadtanzeiger waldkurier",
    "fr": "le-quai la-gazette-du-sud l-echo-des-vallees",
    "es": "el-faro la-voz-del-puerto",
    "ru": "severny-vestnik gorodskie-novosti",
}
_ZONES = {"en": "+00:00", "de": "+01:00", "fr": "+01:00", "es": "+01:00", "ru": "+03:00"}


def _sources() -> tuple[Source, ...]:
    chance = random.Random(11)
    named = [(name, language) for language, names in _NAMES.items() for name in names.split()]
    named.sort(
        key=lambda each: chance.random() * (0.5 if each[1] == "en" else 1.0)
    )  # more of the large ones are English
    found = []
    for rank, (name, language) in enumerate(named):
        # From about 17 % of all articles down to about .4 %.
        weight = (rank + 3) ** -1.2 * (0.3 if rank >= len(named) - 4 else 1.0)
        weekend = chance.choice((0.35, 0.6, 0.8, 0.9))
        days = [*(chance.uniform(0.95, 1.1) for _ in range(5)), weekend, weekend * chance.uniform(0.7, 1.1)]
        has_zone = chance.random() < 0.8
        found.append(
            Source(
                name=f"{name}.example",
                title=name.replace("-", " ").title(),
                language=language,
                weight=weight,
                weekdays=tuple(day * WEEKDAYS / sum(days) for day in days),
                length=chance.uniform(0.6, 1.5),
                minor_language="en" if language in ("de", "ru") else "es" if rank % 6 == 1 else None,
                is_feed=rank % 8 == 5,
                precision=chance.choice(("second", "second", "minute", "day")),
                zone=_ZONES[language] if has_zone else None,
                found_in=chance.choice(("json-ld", "json-ld", "meta", "time")),
                has_authors=rank % 7 != 3,
                has_datelines=rank % 5 == 0 and language in ("en", "de"),
                is_paywalled=chance.choice((0.0, 0.0, 0.1, 0.4)),
                is_tdm_reserved=chance.choice((None, None, True, False)),
                is_ahead=rank >= 8 and not has_zone and language != "en",
                rejected=chance.uniform(0.005, 0.04),
                resent=chance.uniform(0.0, 0.02),
                refetched=chance.uniform(0.005, 0.03),
                revised=chance.uniform(0.005, 0.03),
            )
        )
    return tuple(found)


SOURCES = _sources()


def of_source(source: Numbers, attribute: str) -> Numbers:
    """Return for each number of a source its value of an attribute, as a number."""
    return np.array([getattr(each, attribute) for each in SOURCES], float)[source]


SECTIONS = ("News", "Politics", "Business", "Sport", "Culture", "Opinion")
REJECTIONS = {
    "no_text": 0.45, "index_page": 0.3, "empty": 0.06, "broken": 0.05, "row_rule": 0.05, "unknown_type": 0.04,
    "not_text": 0.03, "too_large": 0.02,
}  # fmt: skip
