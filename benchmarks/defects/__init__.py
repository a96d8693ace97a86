"""Kinds of defect that a news data engineer fears, each a function that puts it into a clean day's tables.

    KINDS["titles_missing"].put(tables, 0.01, random.Random(1))

Two sets are OPENED: the first was written from docs/tables.md alone, before a check was seen, the second later, by
somebody who knew docs/tables.md and the first set but no check; checks have been improved with both in view. The third
set (UNOPENED) was drawn from docs/tables.md alone, without sight of checks or of the older kinds (but for six of dates,
shown for their form, and some names), and is for the final run.

`rate` is the share of rows affected, of the table that the defect is in: of the entities where it is one of entities,
of those that are places where it is one of places. What only some rows can have (a date, a letter outside ASCII)
reaches no more than those; a defect of one source takes the source whose share is nearest to the rate. At least one
row is affected where any can be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from benchmarks.defects import coverage, dates, enrichment, entities, fields, items, languages, quotes, texts
from benchmarks.defects.changing import Put
from benchmarks.defects.second import arrivals, bodies, books, enriched, named, pages, said
from benchmarks.defects.third import cleaned, derived, found, kept
from benchmarks.defects.third import fields as told


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of defect; it leaves all tables but those of `touches` as they are."""

    name: str
    meaning: str
    touches: tuple[str, ...]
    is_visible: bool
    """Whether a check of a day of 2,000 articles can tell it at 1 % from a clean one: a belief from before any ran."""
    put: Put


def _kinds(modules: Iterable[ModuleType]) -> dict[str, Kind]:
    return {
        put.__name__: Kind(put.__name__, (put.__doc__ or "").strip(), touches, put not in module.INVISIBLE, put)
        for module in modules
        for put, touches in module.TOUCHES.items()
    }


_FIRST = _kinds((items, coverage, texts, languages, fields, dates, enrichment, entities, quotes))
_SECOND = _kinds((arrivals, books, bodies, pages, enriched, named, said))
OPENED = _FIRST | _SECOND
UNOPENED = _kinds((cleaned, told, derived, found, kept))
KINDS = OPENED | UNOPENED
