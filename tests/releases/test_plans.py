"""Plans: the same deliveries give the same release and the same bytes, however they were batched."""

import hashlib
import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import audit, flow, versions
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.errors import BadInput, Missing, NotReady
from pipelines.intake import ingest, landing
from pipelines.releases import days as release_days
from pipelines.releases import plans
from pipelines.releases.plans import STAGES, Plan, derive_rejecting_versions, derive_versions, make_plan, read_plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from tests.conftest import now

pytestmark = pytest.mark.services

DAY = date(2026, 3, 2)
AFTER = datetime(2026, 3, 3, tzinfo=UTC)


def event(number: int, day: date = DAY) -> str:
    """Two events tell of each address, and every fourth address is told of with the same text."""
    text = f"Story {number // 8}. " + "The harbour board met on Monday and agreed on the plan for the new pier. " * 5
    data = {"url": f"https://paper.example/{number // 2}", "text": text, "title": f"Title {number}"}
    envelope = {"specversion": "1.0", "id": f"e{number}", "source": "https://paper.example", "type": "t"}
    return json.dumps(envelope | {"dt": str(day), "data": data})


def land(store: Store, queue: Queue, *bodies: str) -> list[str]:
    for body in bodies:
        queue.send(body, dt=json.loads(body)["dt"] if body.startswith("{") else str(DAY))
    return list(ingest.ingest(store, [queue], now).batches)


def plan(store: Store, is_open: bool = False) -> Plan:
    head, etag = read_head(store, str(DAY))
    return make_plan(store, str(DAY), is_open, head, etag)


def hashes(store: Store) -> dict[str, str]:
    """The SHA-256 of every object published for the day."""
    keys = [entry.key for entry in store.list_objects("tables/")]
    return {key.split("/")[1]: hashlib.sha256(store.get(key)).hexdigest() for key in keys}


def split(store: Store, sizes: list[int]) -> None:
    """Lay the day's deliveries out in other batches: shuffled, and cut into pieces of these sizes."""
    batches = [entry.key for entry in store.list_objects("raw/")]
    rows = [row for key in batches for row in store.read_table(key).to_pylist()]
    random.Random(len(sizes)).shuffle(rows)
    store.delete([entry.key for entry in store.list_objects("") if not entry.key.startswith("state/")])
    for size in sizes:
        landing.land_rows(store, rows[:size])
        rows = rows[size:]
    assert rows == []


@pytest.mark.slow
@pytest.mark.usefixtures("few_rules")
def test_three_ways_of_batching_give_one_release_and_the_same_bytes(store: Store, queue: Queue) -> None:
    land(store, queue, *(event(number) for number in range(24)), event(3), "no message", json.dumps({"dt": str(DAY)}))
    seen = {}
    for sizes in ([27], [1] * 27, [7, 11, 9]):
        split(store, sizes)
        release = flow.run_day(store, DAY, now())
        seen[len(sizes)] = (release, hashes(store))
        assert audit.find_broken_invariants(store, DAY) == []
        print(f"\n{len(plan(store).batches)} batches of sizes {sizes}: release {release}")
        print("\n".join(f"  {sha256}  {table}" for table, sha256 in seen[len(sizes)][1].items()))
    assert len({str(result) for result in seen.values()}) == 1
    assert set(seen[1][1]) == {
        "articles",
        "entities",
        "quotes",
        "duplicates",
        "rejected",
        "coverage",
        "measures",
        "checks",
    }
    head, _ = read_head(store, str(DAY))
    assert head is not None
    assert {name: head.count_rows(name) for name in head.objects if name not in ("checks", "measures")} == {
        "articles": 12, "duplicates": 13, "rejected": 2, "coverage": 2, "entities": 0, "quotes": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("few_rules")
def test_a_day_run_again_is_the_same_release_and_changes_nothing(store: Store, queue: Queue) -> None:
    land(store, queue, event(1))
    release = flow.run_day(store, DAY, now())
    before = [*store.list_objects("tables/"), read_head(store, str(DAY))]
    assert flow.run_day(store, DAY, now()) == release
    assert [*store.list_objects("tables/"), read_head(store, str(DAY))] == before


def test_a_delivery_that_lies_in_two_batches_counts_once(store: Store, queue: Queue) -> None:
    land(store, queue, event(1), event(2))
    (key,) = [entry.key for entry in store.list_objects("raw/")]
    alone = plan(store).release_id
    rows = store.read_table(key)
    store.put_table(f"raw/dt={DAY}/{'0' * 32}.parquet", rows[:1])
    doubled = plan(store)
    assert doubled.release_id == alone
    assert sorted(len(ids) for ids in doubled.batches.values()) == [1, 1]
    assert sorted(id for ids in doubled.batches.values() for id in ids) == sorted(rows["delivery_id"].to_pylist())


def test_blobs_are_no_batches(store: Store, queue: Queue) -> None:
    land(store, queue, event(1))
    alone = plan(store)
    store.put(f"raw/dt={DAY}/blobs/00", b"not a table")
    assert plan(store) == alone


def test_one_delivery_more_is_another_release(store: Store, queue: Queue) -> None:
    land(store, queue, event(1))
    one = plan(store)
    land(store, queue, event(2))
    two = plan(store)
    assert one.release_id != two.release_id
    assert one.deliveries.items() < two.deliveries.items()


def test_an_open_day_is_another_release_than_the_closed_one(store: Store, queue: Queue) -> None:
    land(store, queue, event(1))
    assert plan(store, is_open=True).release_id != plan(store, is_open=False).release_id


def test_a_plan_is_read_back_as_it_was_written(store: Store, queue: Queue) -> None:
    land(store, queue, event(1))
    release = flow.plan_day(store, DAY, now())
    assert read_plan(store, str(DAY), release) == plan(store)
    with pytest.raises(Missing):
        read_plan(store, str(DAY), "0" * 32)


def test_a_day_to_come_is_not_ready(store: Store) -> None:
    with pytest.raises(BadInput, match="has not begun"):
        flow.plan_day(store, DAY, datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC))


def test_a_closed_day_waits_for_a_pass_of_ingest_that_began_after_its_end(store: Store, queue: Queue) -> None:
    with pytest.raises(NotReady, match="ingest"):
        flow.plan_day(store, DAY, AFTER)
    ingest.ingest(store, [queue], lambda: AFTER - timedelta(seconds=1))
    with pytest.raises(NotReady, match="ingest"):
        flow.plan_day(store, DAY, AFTER + timedelta(hours=1))
    ingest.ingest(store, [queue], lambda: AFTER)
    plan = read_plan(store, str(DAY), flow.plan_day(store, DAY, AFTER))
    assert (plan.is_open, plan.deliveries) == (False, {})


def test_today_can_be_planned_at_any_time_and_is_open(store: Store) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert read_plan(store, str(DAY), flow.plan_day(store, DAY, noon)).is_open


@pytest.mark.usefixtures("few_rules")
def test_a_day_is_stale_when_more_came_than_its_release_used(store: Store, queue: Queue) -> None:
    other = DAY - timedelta(days=1)
    land(store, queue, event(1), event(2, other))
    assert {other, DAY} <= set(release_days.list_days_with_input(store))
    flow.run_day(store, DAY, now())
    assert release_days.list_stale_days(store, [other, DAY]) == [other]  # never published, though there is something
    land(store, queue, event(3))
    assert release_days.list_stale_days(store, [other, DAY]) == [other, DAY]


@pytest.mark.parametrize(
    ("changed", "rejecting"),
    [
        ("read", {"clean", "enrich", "validate", "assemble"}),
        ("clean", {"clean", "enrich", "validate", "assemble"}),
        *((enricher.name, {"enrich", "validate", "assemble"}) for enricher in ENRICHERS),
        ("assemble", {"enrich", "validate", "assemble"}),
        ("indicators", {"validate", "assemble"}),
        ("measure", set()),
        ("parquet_format", set()),
        ("validate", {"validate", "assemble"}),
        ("suites", {"validate", "assemble"}),
    ],
)
def test_a_change_of_any_stage_up_to_what_said_no_is_other_code_there(
    changed: str, rejecting: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = derive_rejecting_versions(derive_versions())
    real = versions.stage_version

    def stage_version(module: str, *earlier: str) -> str:
        return real(module, *earlier, *(["mended"] if module == STAGES.get(changed) else []))

    monkeypatch.setattr(plans, "stage_version", stage_version)
    if changed == "suites":
        monkeypatch.setattr(plans, "EXPECTATIONS", tmp_path)
    after = derive_rejecting_versions(derive_versions())
    assert {stage for stage in after if after[stage] != before[stage]} == rejecting


def test_the_versions_of_an_older_plan_are_read_as_they_were() -> None:
    now = derive_versions()
    named = {("judged" if name == "indicators" else name): version for name, version in now.items()}
    assert derive_rejecting_versions(named) == derive_rejecting_versions(now)
    oldest = {name: now[name] for name in ("clean", "assemble")}
    assert derive_rejecting_versions(oldest)["clean"] == now["clean"]
