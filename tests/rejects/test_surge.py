"""A rejection surge stops the day with a clear message; what is usual, small or accepted does not."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta

import pyarrow as pa
import pytest

from pipelines.paths import head_key, object_key, plan_key
from pipelines.rejects.surge import find_surges
from pipelines.releases import plans
from pipelines.releases.heads import Head, Object
from pipelines.releases.plans import Plan
from pipelines.services.storage import Store
from pipelines.stages.assemble import Day
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.ids import hash_id
from pipelines.tables.rejected import REJECTED, label_rejected

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("few_rules")]

TODAY = date(2026, 3, 30)
VERSIONS = dict.fromkeys(("clean", "assemble", "validate", "suites"), "0" * 16)

LOOKED_AT = ("item_id", "source", "stage", "reason", "rule", "fingerprint", "received_count", "set_aside_count")

# source → (received, rejected for no text)
Sent = dict[str, tuple[int, int]]


def day_of(sent: Sent, reason: str = "no_text", detail: str | None = None, day: date = TODAY) -> Day:
    """A day as assembled, of these sources, as far as the search for surges looks at it."""
    rows = [
        {
            "item_id": hash_id(str(day), source, n),
            "source": source,
            "stage": "clean",
            "reason": reason,
            "detail": detail,
            "table_name": "articles",
        }
        for source, (_, rejected) in sent.items()
        for n in range(rejected)
    ]
    names = ("item_id", "source", "stage", "reason", "detail", "table_name")
    schema = pa.schema([REJECTED.schema.field(name) for name in names])
    rejected = label_rejected(pa.Table.from_pylist(rows, schema), plans.derive_rejecting_versions(VERSIONS), {})
    coverage = [
        {"source": source, "received_count": received, "set_aside_count": 0} for source, (received, _) in sent.items()
    ]
    received = COVERAGE.conform(pa.table({name: [row[name] for row in coverage] for name in coverage[0]}))
    return Day({"rejected": rejected, "coverage": received}, pa.table({}))


def plan_of(day: date = TODAY, is_open: bool = False) -> Plan:
    return Plan(
        dt=str(day), release_id="r", is_open=is_open, versions=VERSIONS, deliveries={}, batches={}, serial=1,
        head_etag=None,
    )  # fmt: skip


def live(store: Store, days: Iterable[date], sent: Sent, is_open: bool = False) -> None:
    """Days that are published already."""
    for day in days:
        store.put(plan_key(str(day), "r"), plan_of(day, is_open).model_dump_json().encode())
        objects: dict[str, tuple[Object, ...]] = {}
        for name, table in day_of(sent, day=day).tables.items():
            key = object_key(name, str(day), "r", 1)
            store.put_table(key, table.select([n for n in LOOKED_AT if n in table.column_names]))
            objects[name] = (Object(key=key, sha256="", row_count=table.num_rows, byte_count=0),)
        head = Head(dt=str(day), serial=1, release_id="r", is_swapping=False, objects=objects, replaced={})
        store.put(head_key(str(day)), head.model_dump_json().encode())


def before(days: int) -> list[date]:
    return [TODAY - timedelta(days=back) for back in range(1, days + 1)]


def surging(store: Store, sent: Sent) -> list[tuple[str, int, int]]:
    return [(e.reason, e.count, e.usual_count) for e in find_surges(store, plan_of(), day_of(sent).tables)]


def test_of_a_day_of_one_source_a_cause_may_take_a_seventh_for_sure(store: Store) -> None:
    assert surging(store, {"p.example": (1000, 177)}) == [("no_text", 177, 0)]
    assert surging(store, {"p.example": (1000, 176)}) == []


def test_what_one_of_several_sources_rejects_stops_no_day(store: Store) -> None:
    others = {f"p{n}.example": (20, 0) for n in range(10)}
    assert surging(store, {**others, "q.example": (900, 800)}) == []


def test_limits_hold_without_history_and_over_all_causes_together(store: Store) -> None:
    two_thirds = {f"{name}.example": (67, 47) for name in "pqr"}
    assert surging(store, two_thirds) == [("no_text", 141, 0)]


@pytest.mark.parametrize("sent", [{"p.example": (2, 2)}, {f"p{n}.example": (2, 2) for n in range(5)}])
def test_a_handful_of_rejects_stops_no_day(store: Store, sent: Sent) -> None:
    assert surging(store, sent) == []


def test_a_defect_that_hits_many_sources_a_little_each_is_a_surge(store: Store) -> None:
    assert surging(store, {f"p{n}.example": (10, 3) for n in range(100)}) == [("no_text", 300, 0)]


def test_a_small_day_may_be_rejected_whole(store: Store) -> None:
    assert surging(store, {"p.example": (99, 99)}) == []


def test_one_bad_small_source_stops_no_day(store: Store) -> None:
    assert surging(store, {"large.example": (5000, 0), "small.example": (300, 300)}) == []


def test_what_a_source_has_always_sent_is_usual(store: Store) -> None:
    always = {"p.example": (300, 0), "q.example": (300, 0), "lists.example": (400, 390)}
    live(store, before(5), always)
    assert surging(store, always) == []
    more = {"p.example": (300, 150), "q.example": (300, 30), "lists.example": (400, 390)}
    assert surging(store, more) == []  # without p.example it is 30 of 700
    assert surging(store, {**more, "q.example": (300, 200)}) == [("no_text", 740, 390)]


def test_the_usual_of_many_sources_with_few_items_each_counts_together(store: Store) -> None:
    always = {f"p{n}.example": (3, 2) for n in range(100)}
    live(store, before(3), always)
    assert surging(store, always) == []


def test_one_rejected_item_of_a_quiet_source_makes_nothing_usual(store: Store) -> None:
    live(store, before(1), {"p.example": (1, 1)})
    live(store, before(6)[1:], {"p.example": (100, 0)})
    assert surging(store, {"p.example": (1000, 900)}) == [("no_text", 900, 2)]


def test_a_day_that_was_accepted_once_is_usual_on_the_next(store: Store) -> None:
    live(store, before(1), {"p.example": (500, 450)})
    live(store, before(10)[1:], {"p.example": (500, 5)})
    assert surging(store, {"p.example": (500, 440)}) == []


def test_a_bad_day_of_the_past_excuses_nothing_once_it_is_over(store: Store) -> None:
    live(store, before(10)[1:], {"p.example": (500, 5)})
    live(store, before(2)[1:], {"p.example": (500, 450)})
    live(store, before(1), {"p.example": (500, 5)})
    assert surging(store, {"p.example": (500, 440)}) == [("no_text", 440, 50)]


def test_what_the_closed_day_has_rejected_already_is_no_surge_whatever_it_was_called(store: Store) -> None:
    sent = {"p.example": (1000, 600)}
    live(store, [TODAY], sent)
    today = day_of(sent, "failed", "ValueError: x")
    assert find_surges(store, plan_of(), today.tables) == []


def test_what_an_open_day_rejected_bit_by_bit_is_a_surge_all_the_same(store: Store) -> None:
    live(store, [TODAY], {"p.example": (1000, 190)}, is_open=True)
    assert surging(store, {"p.example": (1200, 380)}) == [("no_text", 380, 0)]


def test_causes_are_told_apart_by_the_rule(store: Store) -> None:
    broken = day_of({"p.example": (1000, 300)}, "row_rule", "title is missing")
    found = find_surges(store, plan_of(), broken.tables)
    assert [(each.reason, each.rule) for each in found] == [("row_rule", "title is missing")]


def test_hostile_text_is_legible_in_the_message_and_in_the_record(store: Store) -> None:
    broken = day_of({"p\u202e.example": (1000, 300)}, "row_rule", "title\x1b[2J\nis missing")
    (found,) = find_surges(store, plan_of(), broken.tables)
    for text in (str(found), json.dumps(asdict(found), ensure_ascii=False)):
        assert "title⟨U+001B⟩[2J is missing" in text
        assert "p⟨U+202E⟩.example" in text
        assert text.isprintable()
