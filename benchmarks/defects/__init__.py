"""Kinds of defect that a news data engineer fears, by subject; each spoils a clean day's tables.

    KINDS["titles_missing"].put(tables, 0.01, random.Random(1))

They come from three sets. The first was written from docs/tables.md alone, before a check was seen; the second later,
by somebody who knew docs/tables.md and the first set but no check. The third was drawn from docs/tables.md alone,
without sight of checks or of the older kinds (but for six of dates, shown for their form, and some names), and run when
the checks were finished. Most of the third set repeated an older kind: of such a pair the one that the checks catch
less is here, in both sets, and results/mutations.json keeps under `folded` how the checks did on the other.

`rate` is the share of rows affected, of the table that the defect is in: of the entities where it is one of entities,
of those that are places where it is one of places. Where only some rows can have the defect (a date, a letter outside
ASCII), it reaches no more than those; a defect of one source takes the source whose share is nearest to the rate. At
least one row is affected where any can be.
"""

from benchmarks.defects import (
    coverage,
    dates,
    duplicates,
    enrichment,
    entities,
    items,
    languages,
    pages,
    places,
    quotes,
    rejected,
    texts,
)
from benchmarks.defects.kinds import Kind

__all__ = ["KINDS", "SETS", "Kind"]

_SUBJECTS = (
    items, duplicates, rejected, coverage, texts, languages, pages, dates, enrichment, entities, places, quotes,
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for subject in _SUBJECTS for kind in subject.KINDS}
SETS = {
    name: {kind.name: kind for kind in KINDS.values() if number in kind.sets}
    for number, name in enumerate(("first", "second", "third"), 1)
}
