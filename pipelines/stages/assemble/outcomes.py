"""The narrow columns of a day's items → the outcome of each: article, duplicate or rejected. Pure.

An item is decided by those received before it, so all of a day are decided at once: by numbers for ids, some 200 bytes
an item. Texts are not needed.
"""

from array import array
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.explosions import Explosion, Origin, count_by_origin, find_explosions
from pipelines.tables.articles import ARTICLES
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.numbers import number_values
from pipelines.tables.rejected import REJECTED

Array = np.ndarray[Any, Any]
SetAside = Mapping[str, Mapping[str, str]]  # table → id of a row, its key joined by `/` → the check that it fails
NOTHING_USUAL: Mapping[str, float] = MappingProxyType({})
TABLES = (ARTICLES.name, DUPLICATES.name, REJECTED.name)  # the outcomes, by their numbers
ARTICLE, DUPLICATE, REJECT = range(len(TABLES))
NONE = -1  # no item
KINDS = ("same_text", "resent_event", "same_url_same_text")
SAME_TEXT, RESENT_EVENT, SAME_URL = range(len(KINDS))

OUTCOMES = pa.schema(
    [
        ("outcome", pa.int8()),  # position in TABLES
        ("revision", pa.int32()),
        ("duplicate_of", pa.string()),
        ("kept_item_id", pa.string()),
        ("duplicate_kind", pa.string()),
        # Why it is rejected although it is readable: a check that it, or what it repeats, fails.
        ("check", pa.string()),
        ("unit", pa.string()),  # the delivery or source with which it is set aside as a whole
    ]
)


class _Decided(NamedTuple):
    """For each item: its outcome, revision, the item that it repeats, and in which way (a position in KINDS)."""

    outcomes: Array
    revisions: Array
    originals: Array
    kinds: Array


def sort_by_receipt(narrow: pa.Table) -> pa.Table:
    """Return the items in the order of receipt, in which they are decided, and stored in all tables."""
    order = pc.sort_indices(narrow, [("received_at", "ascending"), ("item_id", "ascending")])
    columns = (narrow[name].take(order).combine_chunks() for name in narrow.column_names)  # one at a time
    return pa.table(list(columns), schema=narrow.schema)


def decide_outcomes(
    items: pa.Table,
    set_aside: Mapping[str, str] | None = None,
    usual: Mapping[str, float] = NOTHING_USUAL,
    accepted: frozenset[str] = frozenset(),
) -> pa.Table:
    """Return OUTCOMES of items, row for row; they have the columns of narrow_items, in the order of receipt.

    The items `set_aside`, id → the check that it fails, are rejected, and so are the duplicates of an article among
    them, since they have the same text. A delivery or source that explodes is set aside as a whole: `usual` is the
    share of a source's items that is usually rejected, and the units that a person `accepted` are judged item by item.
    If so many explode that the fault is most likely ours, none is set aside; the release is to be stopped then.
    """
    numbers = _Numbers(items)
    is_rejected = np.array(pc.is_valid(items["reason"]))
    decided = numbers.decide(is_rejected)
    checks = pa.nulls(items.num_rows, pa.string())
    if set_aside:
        checks = _find_failed_checks(items, decided, is_rejected, set_aside)
        is_rejected = is_rejected | np.asarray(pc.is_valid(checks))
        decided = numbers.decide(is_rejected)
    units = pa.nulls(items.num_rows, pa.string())
    tallies = count_by_origin(items["delivery_id"], items["source"], is_rejected)
    explosions = find_explosions(tallies, usual, accepted)
    if explosions.units and not explosions.is_common:
        units = _find_units(items, explosions.units)
        decided = numbers.decide(is_rejected | np.asarray(pc.is_valid(units)))
    return _describe(items, decided, checks, units)


class _Numbers:
    """The ids of items as numbers, equal where the ids are: a million strings as objects would take a gigabyte."""

    def __init__(self, items: pa.Table) -> None:
        self.articles = number_values(items["article_id"])
        self.texts = number_values(items["content_sha256"])
        events = number_values(items["event_id"])
        pairs = events * (int(self.texts.max(initial=0)) + 1) + self.texts
        self.events = np.unique(pairs, return_inverse=True)[1]  # of one event with one text
        self.events[np.asarray(pc.is_null(items["event_id"]))] = NONE

    def decide(self, is_rejected: Array) -> _Decided:
        """Decide each item. An earlier item decides over a later one, so the order of receipt matters."""
        count = len(is_rejected)
        outcomes = array("b", bytes([REJECT]) * count)
        revisions, originals, kinds = array("i", [0]) * count, array("i", [NONE]) * count, array("b", [NONE]) * count
        kept_event, latest, first_with = (
            array("i", [NONE]) * (int(numbers.max(initial=0)) + 1)
            for numbers in (self.events, self.articles, self.texts)
        )  # of an event, the item that is kept for it; of an article, that of its newest text; of a text, the first
        articles, texts, events = (array("q", each.tobytes()) for each in (self.articles, self.texts, self.events))
        for item in np.flatnonzero(~is_rejected).tolist():
            article, text, event = articles[item], texts[item], events[item]
            newest = latest[article]
            kept = item
            if event != NONE and kept_event[event] != NONE:
                outcomes[item], kinds[item], originals[item] = DUPLICATE, RESENT_EVENT, kept_event[event]
            elif newest != NONE and texts[newest] == text:
                outcomes[item], kinds[item], originals[item] = DUPLICATE, SAME_URL, newest
                kept = newest
            else:
                outcomes[item], latest[article] = ARTICLE, item
                revisions[item] = revisions[newest] + 1 if newest != NONE else 1
                first = first_with[text]
                if first == NONE:
                    first_with[text] = item
                elif articles[first] != article:
                    kinds[item], originals[item] = SAME_TEXT, first
            if event != NONE and kept_event[event] == NONE:
                kept_event[event] = kept
        return _Decided(*(np.array(each) for each in (outcomes, revisions, originals, kinds)))


def _find_failed_checks(
    items: pa.Table, decided: _Decided, is_rejected: Array, set_aside: Mapping[str, str]
) -> pa.Array:
    """Return why readable items are set aside: the check that they, or the items that they are duplicates of, fail."""
    ids, details = pa.array(set_aside, pa.string()), pa.array(set_aside.values(), pa.string())
    own = details.take(pc.index_in(items["item_id"], value_set=ids).combine_chunks())
    originals = pa.array(decided.originals, mask=decided.outcomes != DUPLICATE)
    kept_ids = items["item_id"].take(originals)
    of_kept = details.take(pc.index_in(kept_ids, value_set=ids).combine_chunks())
    repeating = pc.binary_join_element_wise(of_kept, kept_ids.combine_chunks(), "; it repeats ")
    return pc.if_else(pa.array(is_rejected), pa.scalar(None, pa.string()), pc.coalesce(repeating, own))


def _find_units(items: pa.Table, units: tuple[Explosion, ...]) -> pa.Array:
    """Return the unit that each item is set aside with, in words; of two the delivery."""
    details = {unit.unit: f"{unit.unit}: {unit.rejected} of its {unit.received} items are rejected" for unit in units}
    found = []
    for position, name in enumerate(("delivery_id", "source")):
        values = pc.unique(items[name])
        names = (Origin(value, value).units[position] for value in values.to_pylist())
        of_values = pa.array([details.get(name) for name in names], pa.string())
        found.append(of_values.take(pc.index_in(items[name], value_set=values).combine_chunks()))
    return pc.coalesce(*found)


def _describe(items: pa.Table, decided: _Decided, checks: pa.Array, units: pa.Array) -> pa.Table:
    """Return OUTCOMES: the values that items get in their tables."""
    is_article, is_duplicate = decided.outcomes == ARTICLE, decided.outcomes == DUPLICATE
    ids = items["item_id"].combine_chunks()

    def take_original(is_meant: Array) -> pa.Array:
        return ids.take(pa.array(decided.originals, mask=~is_meant | (decided.originals == NONE)))

    kinds = pa.array(KINDS).take(pa.array(decided.kinds, mask=decided.kinds == NONE))
    columns = {
        "outcome": pa.array(decided.outcomes),
        "revision": pa.array(decided.revisions, mask=~is_article),
        "duplicate_of": take_original(is_article),
        "kept_item_id": take_original(is_duplicate),
        "duplicate_kind": kinds,
        "check": checks,
        "unit": units,
    }
    return pa.table(columns, OUTCOMES)
