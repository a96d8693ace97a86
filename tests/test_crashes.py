"""Nothing is lost and nothing doubled, wherever ingest or publishing is killed or falls asleep."""

import io
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from pipelines import audit, flow
from pipelines.errors import LostRace
from pipelines.intake import ingest
from pipelines.releases.heads import Head
from pipelines.releases.plans import read_plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.stages.assemble.parts import PART_ITEMS
from tests.conftest import now
from tests.killing import count_calls, run_asleep, run_killed
from tests.snapshots import empty, restore, snapshot

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
    pytest.mark.usefixtures("row_rules_and_ledger"),
]

DAY = date(2026, 3, 2)
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def event(number: int, day: date = DAY) -> str:
    text = f"Story {number}. " + "The harbour board met on Monday and agreed on the plan for the new pier. " * 5
    data = {"url": f"https://paper.example/{number}", "text": text}
    envelope = {"specversion": "1.0", "id": f"e{number}", "source": "https://paper.example", "type": "t"}
    return json.dumps(envelope | {"dt": str(day), "data": data})


def hand_in(store: Store, queue: Queue, numbers: range) -> None:
    for number in numbers:
        queue.send(event(number))


def drop_files(store: Store, queue: Queue) -> None:
    for number in (1, 2):
        text = f"File {number}\n\n" + "A dropped file is an article too, if it is long enough to be one. " * 5
        store.upload(f"inbox/paper.example/{number}.txt", io.BytesIO(text.encode()), {"dt": str(DAY)})
    entity = {"bucket": {"name": store.bucket}, "object": {"key": "inbox/paper.example/1.txt"}}
    queue.send(json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": entity}]}))


# --- ingest -----------------------------------------------------------------------------------------------------


def ingest_quickly(store: Store, queue: Queue) -> None:
    ingest.LAST_LOOK_SECONDS = 0  # the stand-in for SQS has one server, which knows
    ingest.LEASE_SECONDS = 1  # so that what a killed pass had leased is back at once
    ingest.ingest(store, [queue], now)


def landed(store: Store) -> Counter[str]:
    batches = [entry.key for entry in store.list_objects("raw/") if "/blobs/" not in entry.key]
    return Counter(id for key in batches for id in store.read_table(key, ["delivery_id"])["delivery_id"].to_pylist())


def fresh_input(store: Store, queue: Queue) -> None:
    empty(store)
    queue.client.purge_queue(QueueUrl=queue.url)
    hand_in(store, queue, range(12))
    drop_files(store, queue)


def test_ingest_killed_at_any_call_loses_nothing_and_the_plan_counts_each_delivery_once(
    settings: Settings, store: Store, queue: Queue
) -> None:
    fresh_input(store, queue)
    calls = count_calls(settings, ingest_quickly)
    assert calls > 10
    for at in range(1, calls + 1):
        fresh_input(store, queue)
        run_killed(settings, ingest_quickly, at)
        time.sleep(1.1)
        ingest_quickly(store, queue)
        assert sum(queue.depth()) == 0, f"call {at}: messages are left"
        assert len(landed(store)) == 14, f"call {at}: {len(landed(store))} deliveries of 14"
        plan = read_plan(store, str(DAY), flow.plan_day(store, DAY, now()))
        assert sorted(plan.deliveries) == sorted(landed(store))
        assert Counter(id for ids in plan.batches.values() for id in ids).most_common(1)[0][1] == 1


# --- publishing -------------------------------------------------------------------------------------------------


@pytest.fixture(params=[PART_ITEMS, 4], ids=["of one part", "of parts"])
def two_releases(
    store: Store, queue: Queue, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, bytes], str]:
    """A day with a live release, and another one that is staged and checked but not published."""
    monkeypatch.setattr("pipelines.stages.assemble.parts.PART_ITEMS", request.param)
    hand_in(store, queue, range(5))
    ingest.ingest(store, [queue], now)
    flow.run_day(store, DAY, now())
    hand_in(store, queue, range(5, 8))
    ingest.ingest(store, [queue], now)
    release = flow.plan_day(store, DAY, now())
    flow.write_parts(store, DAY, release, range(1, flow.assemble(store, DAY, release)))
    flow.validate(store, DAY, release)
    return snapshot(store), release


def publish(store: Store, queue: Queue) -> None:
    """Publish what is staged; what another writer made impossible is not a failure of this one."""
    release = store.get("test/release").decode()
    try:
        flow.publish(store, DAY, release)
    except LostRace:
        return


def list_live_keys(head: Head) -> list[tuple[str, str]]:
    return [(name, key) for name in head.objects for key in head.list_keys(name)]


def assert_whole(store: Store, articles: int, context: str) -> None:
    head, _ = read_head(store, str(DAY))
    assert head is not None
    for name, key in list_live_keys(head):
        assert store.exists(key), f"{context}: {name} of the live release is gone"
    assert head.count_rows("articles") == articles, context
    assert audit.find_broken_invariants(store, DAY) == [], context
    assert list(store.list_objects("staging/")) == [], context


def test_publishing_killed_at_any_call_leaves_the_day_whole_after_one_ordinary_run(
    settings: Settings, store: Store, two_releases: tuple[dict[str, bytes], str]
) -> None:
    objects, release = two_releases
    objects["test/release"] = release.encode()
    restore(store, objects)
    calls = count_calls(settings, publish)
    assert calls > 30
    for at in range(1, calls + 1):
        restore(store, objects)
        assert run_killed(settings, publish, at)
        assert flow.run_day(store, DAY, now()) == release
        assert_whole(store, 8, f"call {at}")


def others(store: Store, queue: Queue) -> Iterator[tuple[str, int]]:
    """What another writer may do while the first one sleeps, with the articles that are live afterwards."""
    yield "publish the same", 8
    yield "publish more", 9
    yield "publish more, then the old release again", 5


def test_a_writer_that_sleeps_at_any_call_while_another_publishes_does_no_harm(
    settings: Settings, store: Store, queue: Queue, two_releases: tuple[dict[str, bytes], str]
) -> None:
    objects, release = two_releases
    objects["test/release"] = release.encode()
    restore(store, objects)
    calls = count_calls(settings, publish)
    first_raw = sorted(key for key in objects if key.startswith("raw/"))
    plans = [key for key in objects if key.startswith("raw/")]
    assert len(plans) == 2
    for number, (kind, articles) in enumerate(others(store, queue)):
        # Each call with one of the three, in turn; the thorough profile tries each with all.
        for at in range(1, calls + 1) if THOROUGH else range(1 + number, calls + 1, 3):
            restore(store, objects)

            def meanwhile(kind: str = kind) -> None:
                if kind == "publish the same":
                    flow.run_day(store, DAY, now())
                    return
                queue.send(event(8))
                ingest.ingest(store, [queue], now)
                flow.run_day(store, DAY, now())
                if kind != "publish more":
                    kept = first_batch(store, first_raw)
                    store.delete([e.key for e in store.list_objects("raw/") if e.key != kept])
                    flow.run_day(store, DAY, now())

            assert run_asleep(settings, publish, at, meanwhile) == 0
            head, _ = read_head(store, str(DAY))
            assert head is not None
            for name, key in list_live_keys(head):
                assert store.exists(key), f"{kind}, call {at}: {name} of the live release is gone"
            flow.run_day(store, DAY, now())
            assert_whole(store, articles, f"{kind}, call {at}")


def first_batch(store: Store, keys: list[str]) -> str:
    """The raw batch that the first release was made from."""
    return next(key for key in keys if store.read_table(key, ["delivery_id"]).num_rows == 5)
