"""Kinds of defect that a news data engineer fears, each a function that puts it into a clean day's tables.

    KINDS["titles_missing"].put(tables, 0.01, random.Random(1))

Written from docs/tables.md alone, before a check was seen. `rate` is the share of rows affected, of the table that the
defect is in: of the entities where it is one of entities, of those that are places where it is one of places. What only
some rows can have (a date, a letter outside ASCII) reaches no more than those; a defect of one source takes the source
whose share is nearest to the rate. At least one row is affected where any can be.
"""

import hashlib
from dataclasses import dataclass

from benchmarks.defects import coverage, dates, enrichment, entities, fields, items, languages, quotes, texts
from benchmarks.defects.changing import Put


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of defect; it leaves all tables but those of `touches` as they are."""

    name: str
    meaning: str
    touches: tuple[str, ...]
    is_visible: bool
    """Whether a check of a day of 2,000 articles can tell it at 1 % from a clean one: a belief from before any ran."""
    put: Put


KINDS: dict[str, Kind] = {
    put.__name__: Kind(put.__name__, (put.__doc__ or "").strip(), touches, put not in module.INVISIBLE, put)
    for module in (items, coverage, texts, languages, fields, dates, enrichment, entities, quotes)
    for put, touches in module.TOUCHES.items()
}
# Checks may be written with the one half in view; the other is for the final run alone. Which is which hangs on names.
_ORDER = sorted(KINDS, key=lambda name: hashlib.sha256(name.encode()).digest())
OPENED = {name: KINDS[name] for name in KINDS if name in _ORDER[: len(KINDS) // 2]}
UNOPENED = {name: KINDS[name] for name in KINDS if name not in OPENED}
