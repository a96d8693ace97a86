"""A rejection surge stops the day with a clear message; what is usual, small or accepted does not."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from pipelines import audit, flow
from pipelines.cleaning import Cleaned
from pipelines.errors import BadInput, RejectSurge
from pipelines.formats import Document
from pipelines.intake.ingest import ingest
from pipelines.paths import head_key, object_key, plan_key
from pipelines.rejects import surge
from pipelines.rejects.surge import find_surges
from pipelines.releases import plans
from pipelines.releases.heads import Head, Object
from pipelines.releases.plans import Plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.stages import clean
from pipelines.stages.assemble import Day
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.ids import hash_id
from pipelines.tables.rejected import REJECTED, fingerprint, label_rejected
from tests.conftest import Beforehand, now
from tests.redrive.test_run import LONG
from tests.snapshots import restore, snapshot

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("few_rules")]

TODAY = date(2026, 3, 30)
VERSIONS = dict.fromkeys(("clean", "assemble", "validate", "suites"), "0" * 16)

LOOKED_AT = ("item_id", "source", "stage", "reason", "rule", "fingerprint", "received_count")

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
        }
        for source, (_, rejected) in sent.items()
        for n in range(rejected)
    ]
    schema = pa.schema([REJECTED.schema.field(name) for name in ("item_id", "source", "stage", "reason", "detail")])
    rejected = label_rejected(pa.Table.from_pylist(rows, schema), plans.derive_rejecting_versions(VERSIONS), {})
    coverage = [{"source": source, "received_count": received} for source, (received, _) in sent.items()]
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
        objects = {}
        for name, table in day_of(sent, day=day).tables.items():
            key = object_key(name, str(day), "r", 1)
            store.put_table(key, table.select([n for n in LOOKED_AT if n in table.column_names]))
            objects[name] = Object(key=key, sha256="", row_count=table.num_rows, byte_count=0)
        head = Head(dt=str(day), serial=1, release_id="r", is_swapping=False, objects=objects, replaced={})
        store.put(head_key(str(day)), head.model_dump_json().encode())


def before(days: int) -> list[date]:
    return [TODAY - timedelta(days=back) for back in range(1, days + 1)]


def surging(store: Store, sent: Sent) -> list[tuple[str, int, int]]:
    return [(e.reason, e.count, e.usual_count) for e in find_surges(store, plan_of(), day_of(sent))]


def test_a_cause_that_takes_a_fifth_of_the_day_is_a_surge(store: Store) -> None:
    assert surging(store, {"p.example": (1000, 200)}) == [("no_text", 200, 0)]
    assert surging(store, {"p.example": (1000, 199)}) == []


def test_a_defect_that_hits_many_sources_a_little_each_is_a_surge(store: Store) -> None:
    assert surging(store, {f"p{n}.example": (10, 3) for n in range(100)}) == [("no_text", 300, 0)]


def test_a_small_day_may_be_rejected_whole(store: Store) -> None:
    assert surging(store, {"p.example": (99, 99)}) == []


def test_one_bad_small_source_stops_no_day(store: Store) -> None:
    assert surging(store, {"large.example": (5000, 0), "small.example": (300, 300)}) == []


def test_what_a_source_has_always_sent_is_usual(store: Store) -> None:
    always = {"p.example": (600, 0), "lists.example": (400, 390)}
    live(store, before(5), always)
    assert surging(store, always) == []
    assert surging(store, {"p.example": (600, 300), "lists.example": (400, 390)}) == [("no_text", 690, 390)]


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
    assert find_surges(store, plan_of(), today) == []


def test_what_an_open_day_rejected_bit_by_bit_is_a_surge_all_the_same(store: Store) -> None:
    live(store, [TODAY], {"p.example": (1000, 190)}, is_open=True)
    assert surging(store, {"p.example": (1200, 380)}) == [("no_text", 380, 0)]


def test_causes_are_told_apart_by_the_rule(store: Store) -> None:
    broken = day_of({"p.example": (1000, 300)}, "row_rule", "title is missing")
    assert [(e.reason, e.rule) for e in find_surges(store, plan_of(), broken)] == [("row_rule", "title is missing")]


def test_hostile_text_is_legible_in_the_message_and_in_the_record(store: Store) -> None:
    broken = day_of({"p\u202e.example": (1000, 300)}, "row_rule", "title\x1b[2J\nis missing")
    (found,) = find_surges(store, plan_of(), broken)
    for text in (str(found), json.dumps(asdict(found), ensure_ascii=False)):
        assert "title⟨U+001B⟩[2J is missing" in text
        assert "p⟨U+202E⟩.example" in text
        assert text.isprintable()
    assert found.fingerprint == fingerprint("clean", "row_rule", "title\x1b[2J\nis missing", None, "0" * 16)


# --- in the life of a day ----------------------------------------------------------------------------------------


def hand_in(store: Store, queue: Queue, numbers: range) -> None:
    lines = "\n".join(json.dumps({"url": f"https://p.example/{n}", "text": f"Story {n}. {LONG}"}) for n in numbers)
    store.client.put_object(
        Bucket=store.bucket, Key=f"inbox/p.example/{numbers}.jsonl", Body=lines, Metadata={"dt": str(TODAY)}
    )
    ingest(store, [queue], now)


def breaks(document: Document, *_: Any) -> Cleaned:
    raise ValueError(f"cannot read {document.body[:10]!r}")


@pytest.fixture(scope="module")
def one_story_and_a_dozen(beforehand: Beforehand) -> dict[str, bytes]:
    """A day with a live release of one story; then a dozen came."""
    store, queue = beforehand()
    hand_in(store, queue, range(1))
    flow.run_day(store, TODAY, now())
    hand_in(store, queue, range(1, 13))
    return snapshot(store)


@pytest.fixture
def stopped(store: Store, one_story_and_a_dozen: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> str:
    """The code breaks on the dozen. What is said."""
    monkeypatch.setattr(surge, "FLOOR", 10)
    restore(store, one_story_and_a_dozen)
    monkeypatch.setattr(clean, "_clean_document", breaks)
    with pytest.raises(RejectSurge) as raised:
        flow.run_day(store, TODAY, now())
    return str(raised.value)


def articles(store: Store) -> int:
    head, _ = read_head(store, str(TODAY))
    assert head is not None
    return head.objects["articles"].row_count


def test_the_message_names_what_how_much_where_an_example_and_what_to_do(store: Store, stopped: str) -> None:
    assert "failed: ValueError (fingerprint " in stopped
    assert "would reject 12 of 13 items (92%; usually 0), most of them from p.example (12 of 13)" in stopped
    assert "ValueError: cannot read" in stopped
    assert f"`copydesk run --dt {TODAY} --accept " in stopped


def test_the_old_day_stays_live_and_what_was_seen_is_kept(store: Store, stopped: str) -> None:
    assert articles(store) == 1
    assert list(store.list_objects("staging/")) == []
    kept = {entry.key.rpartition("/")[2]: entry.key for entry in store.list_objects(f"attempts/dt={TODAY}/")}
    assert {"surges.json", "rejected.parquet", "coverage.parquet"} <= set(kept)
    (seen,) = json.loads(store.get(kept["surges.json"]))
    assert (seen["rule"], seen["count"]) == ("ValueError", 12)


def test_a_person_may_accept_it_for_the_day_and_that_is_recorded(store: Store, stopped: str) -> None:
    fingerprint = stopped.partition("--accept ")[2][:16]
    surge.accept_surge(store, TODAY, fingerprint, now())
    recorded = store.get(f"accepted/dt={TODAY}/{fingerprint}.json")
    flow.run_day(store, TODAY, now())
    assert articles(store) == 1
    assert audit.find_broken_invariants(store, TODAY) == []
    surge.accept_surge(store, TODAY, fingerprint, now())
    assert store.get(f"accepted/dt={TODAY}/{fingerprint}.json") == recorded


@pytest.mark.parametrize("given", ["", "../../head", "0123456789abcdeF"])
def test_what_is_no_fingerprint_cannot_be_accepted(store: Store, given: str) -> None:
    with pytest.raises(BadInput):
        surge.accept_surge(store, TODAY, given, now())


def test_what_is_accepted_is_one_cause_alone(store: Store, stopped: str) -> None:
    surge.accept_surge(store, TODAY, "0" * 16, now())
    with pytest.raises(RejectSurge):
        flow.run_day(store, TODAY, now())


@pytest.mark.slow
def test_code_that_works_again_publishes_the_day(store: Store, stopped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    store.delete([entry.key for prefix in ("clean/", "enriched/") for entry in store.list_objects(prefix)])
    flow.run_day(store, TODAY, now())
    assert articles(store) == 13
