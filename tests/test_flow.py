"""The life of a day through the whole flow, without Airflow."""

import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from demo.render import list_parcels
from pipelines import audit, flow
from pipelines.checks import day as checked_day
from pipelines.checks.indicators import compare_day
from pipelines.errors import LostRace, ReleaseStopped
from pipelines.intake.ingest import ingest
from pipelines.paths import assembled_key, staging_key
from pipelines.releases import days as release_days
from pipelines.releases import plans
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.tables.checks import CHECKS
from pipelines.tables.published import PUBLISHED
from tests.conftest import now, with_few_rules

pytestmark = pytest.mark.services

DAYS = sorted({parcel.day for parcel in list_parcels()})
DAY = date(2026, 3, 2)


def hand_in(store: Store, queue: Queue) -> None:
    for parcel in list_parcels():
        if parcel.by == "message":
            queue.send(parcel.content.decode("utf-8", "surrogateescape"), dt=str(parcel.day))
        else:
            metadata = {"source": parcel.source, "dt": str(parcel.day)}
            store.upload(f"inbox/{parcel.name}", io.BytesIO(parcel.content), metadata)


def send(store: Store, queue: Queue, *numbers: int) -> None:
    for number in numbers:
        text = f"Story {number}. " + "The harbour board met on Monday and agreed on the plan for the new pier. " * 5
        data = {"url": f"https://paper.example/{number}", "text": text}
        envelope = {"specversion": "1.0", "id": f"e{number}", "source": "https://paper.example", "type": "t"}
        queue.send(json.dumps(envelope | {"dt": str(DAY), "data": data}))
    ingest(store, [queue], now)


def live(store: Store, day: date, table: str) -> list[dict[str, Any]]:
    head, _ = read_head(store, str(day))
    assert head is not None
    rows: list[dict[str, Any]] = store.read_tables(head.list_keys(table)).to_pylist()
    return rows


def built(store: Store) -> str:
    """A release of the day that is staged and checked."""
    release = flow.plan_day(store, DAY, now())
    for chunk in range(flow.count_chunks(store, DAY, release)):
        flow.enrich_chunk(store, DAY, release, chunk)
    flow.assemble(store, DAY, release)
    flow.validate(store, DAY, release)
    return release


@pytest.mark.slow
def test_the_demo_is_published_whole_and_keeps_its_promises(store: Store, queue: Queue) -> None:
    hand_in(store, queue)
    done = ingest(store, [queue], now)
    assert done.is_complete
    assert {"message": done.messages, "file": done.files} == Counter(
        "message" if parcel.by == "message" else "file" for parcel in list_parcels()
    )
    assert set(DAYS) <= set(release_days.list_days_with_input(store))
    for day in DAYS:
        release = flow.run_day(store, day, now())
        assert flow.is_live(store, day, release)
        assert audit.find_broken_invariants(store, day) == []
        assert len(live(store, day, "articles")) > 0
        failed = [row for row in live(store, day, "checks") if not row["is_success"]]
        assert [row for row in failed if row["severity"] == "critical" or row["error"]] == []
    assert release_days.list_stale_days(store, DAYS) == []


def test_a_day_without_input_is_published_as_empty(store: Store, queue: Queue) -> None:
    ingest(store, [queue], now)
    flow.run_day(store, DAY, now())
    assert live(store, DAY, "articles") == live(store, DAY, "rejected") == []
    assert [row["verdict"] for row in live(store, DAY, "coverage")] == ["no_input"]
    assert audit.find_broken_invariants(store, DAY) == []


@pytest.mark.usefixtures("few_rules")
def test_a_critical_failure_keeps_the_old_day_and_what_was_seen(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    old = flow.run_day(store, DAY, now())
    send(store, queue, 2)
    release = flow.plan_day(store, DAY, now())
    flow.assemble(store, DAY, release)
    plan = plans.read_plan(store, str(DAY), release)
    key = assembled_key("expected", release, plan.serial)
    store.put_table(key, pa.concat_tables([store.read_table(key), pa.table({"item_id": ["lost"]})]))
    with pytest.raises(ReleaseStopped, match="place_count"):
        flow.validate(store, DAY, release)
    assert flow.is_live(store, DAY, old)
    assert {entry.key.rpartition("/")[2] for entry in store.list_objects(f"attempts/dt={DAY}/{release}/")} == {
        "checks.parquet", "coverage.parquet", "failing.parquet", "rejected.parquet", "report.html", "report.json",
    }  # fmt: skip


@pytest.mark.usefixtures("few_rules")
def test_what_failed_its_checks_is_not_published_whoever_asks_for_it(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    release = flow.plan_day(store, DAY, now())
    flow.assemble(store, DAY, release)
    flow.validate(store, DAY, release)
    key = staging_key("checks", release, 1)
    checks = store.read_table(key).to_pylist()
    checks[0] |= {"is_success": False, "severity": "critical"}
    store.put_table(key, pa.Table.from_pylist(checks, CHECKS.schema))
    with pytest.raises(ReleaseStopped):
        flow.publish(store, DAY, release)
    assert read_head(store, str(DAY)) == (None, None)


def deploy(monkeypatch: pytest.MonkeyPatch, part: str = "suites") -> None:
    """Let a part of the code be another from now on."""
    versions = plans.derive_versions()
    for module in (plans, flow):
        monkeypatch.setattr(module, "derive_versions", lambda: versions | {part: "of another day"})


@pytest.mark.parametrize("step", range(3), ids=["enrich_chunk", "assemble", "validate"])
def test_a_plan_is_carried_out_only_by_the_code_that_made_it(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    send(store, queue, 1)
    release = flow.plan_day(store, DAY, now())
    steps: list[Callable[[], object]] = [
        lambda: flow.enrich_chunk(store, DAY, release, 0),
        lambda: flow.assemble(store, DAY, release),
        lambda: flow.validate(store, DAY, release),
    ]
    for done in steps[:step]:
        done()
    before = list(store.list_objects(""))
    deploy(monkeypatch)
    with pytest.raises(LostRace, match="planned by another version of the code"):
        steps[step]()
    assert list(store.list_objects("")) == before


@pytest.mark.usefixtures("few_rules")
def test_what_is_staged_and_judged_is_published_although_other_code_came(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, queue, 1)
    release = built(store)
    deploy(monkeypatch)
    flow.publish(store, DAY, release)
    assert flow.is_live(store, DAY, release)


@with_few_rules("is_text_hash_valid")
def test_what_other_code_had_stopped_is_to_be_planned_again(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, queue, 1)
    with monkeypatch.context() as patched:
        tell_wrong(patched, 0)
        with pytest.raises(ReleaseStopped):
            built(store)
    (release,) = {entry.key.split("/")[2] for entry in store.list_objects(f"attempts/dt={DAY}/")}
    with pytest.raises(ReleaseStopped):
        flow.publish(store, DAY, release)
    deploy(monkeypatch)
    with pytest.raises(LostRace):
        flow.publish(store, DAY, release)


@pytest.mark.usefixtures("few_rules")
def test_what_is_cached_is_not_computed_again(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    flow.run_day(store, DAY, now())
    derived = [entry for prefix in ("clean/", "enriched/") for entry in store.list_objects(prefix)]
    send(store, queue, 2)
    flow.run_day(store, DAY, now())
    assert set(derived) < {entry for prefix in ("clean/", "enriched/") for entry in store.list_objects(prefix)}


@pytest.mark.usefixtures("few_rules")
def test_what_is_derived_may_be_deleted_at_any_time(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    release = flow.plan_day(store, DAY, now())
    flow.enrich_chunk(store, DAY, release, 0)
    store.delete([entry.key for prefix in ("clean/", "enriched/") for entry in store.list_objects(prefix)])
    assert flow.run_day(store, DAY, now()) == release
    assert audit.find_broken_invariants(store, DAY) == []


@pytest.mark.usefixtures("few_rules")
def test_a_loser_whose_work_is_contained_in_what_is_live_ends_well(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    early = built(store)
    send(store, queue, 2)
    later = flow.run_day(store, DAY, now())
    flow.publish(store, DAY, early)
    assert flow.is_live(store, DAY, later)
    assert list(store.list_objects("staging/")) == []


@pytest.mark.usefixtures("few_rules")
def test_a_loser_whose_work_is_not_contained_has_to_plan_again(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    early = built(store)
    store.delete([entry.key for entry in store.list_objects("raw/")])
    send(store, queue, 2)
    later = flow.run_day(store, DAY, now())
    with pytest.raises(LostRace):
        flow.publish(store, DAY, early)
    assert flow.is_live(store, DAY, later)


@pytest.mark.usefixtures("few_rules")
def test_publishing_twice_is_publishing_once(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    release = built(store)
    flow.publish(store, DAY, release)
    before = list(store.list_objects("tables/"))
    flow.publish(store, DAY, release)
    assert list(store.list_objects("tables/")) == before


@pytest.mark.slow
@pytest.mark.usefixtures("few_rules")
def test_of_two_runs_of_a_day_the_slower_one_ends_well_too(store: Store, queue: Queue) -> None:
    hand_in(store, queue)
    ingest(store, [queue], now)
    release = flow.plan_day(store, DAYS[0], now())
    flow.assemble(store, DAYS[0], release)
    assert flow.run_day(store, DAYS[0], now()) == release  # the faster one
    flow.validate(store, DAYS[0], release)
    flow.publish(store, DAYS[0], release)
    assert audit.find_broken_invariants(store, DAYS[0]) == []
    assert list(store.list_objects("staging/")) == []


def send_garbled(store: Store, queue: Queue) -> None:
    text = (
        "Story 9. The mayor of M\ufffdnchen said the br\ufffdcke \ufffdis safe\ufffd and that it was f\ufffdr us all. "
        * 4
    )
    envelope = {"specversion": "1.0", "id": "e9", "source": "https://paper.example", "type": "t"}
    data = {"url": "https://paper.example/9", "text": text}
    queue.send(json.dumps(envelope | {"dt": str(DAY), "data": data}))
    ingest(store, [queue], now)


@with_few_rules("garbled_share")
def test_a_row_that_fails_a_check_is_rejected_and_the_rest_is_published(
    store: Store, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    send(store, queue, 1, 2)
    send_garbled(store, queue)
    release = flow.run_day(store, DAY, now())
    (rejected,) = live(store, DAY, "rejected")
    assert (rejected["stage"], rejected["reason"], rejected["table_name"]) == ("validate", "check", "articles")
    assert "garbled_share" in rejected["detail"]
    assert len(live(store, DAY, "articles")) == 2
    (check,) = [row for row in live(store, DAY, "checks") if row["set_aside_count"]]
    assert (check["is_success"], check["set_aside_count"], check["failing_ids"]) == (True, 1, [rejected["item_id"]])
    assert f"{DAY}: 1 rows set aside by {rejected['detail']}" in caplog.text
    failing = store.read_table(f"attempts/dt={DAY}/{release}/failing.parquet").to_pylist()
    assert rejected["item_id"] in {row["row_id"] for row in failing}
    assert audit.find_broken_invariants(store, DAY) == []


@pytest.mark.slow
@with_few_rules("garbled_share")
def test_judging_again_stages_the_same_bytes_also_where_rows_were_set_aside(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    send_garbled(store, queue)
    release = built(store)
    tables = [table.name for table in PUBLISHED]
    before = {name: store.get(staging_key(name, release, 1)) for name in tables}
    flow.assemble(store, DAY, release)
    flow.validate(store, DAY, release)
    assert {name: store.get(staging_key(name, release, 1)) for name in tables} == before


def tell_wrong(monkeypatch: pytest.MonkeyPatch, *rows: int) -> None:
    """Let these articles of any day, by their place, have another text than they say."""

    def wrong(narrow: dict[str, pa.Table]) -> dict[str, pa.Table]:
        seen = compare_day(narrow)
        told = pa.array([place not in rows for place in range(seen["articles"].num_rows)])
        articles = seen["articles"].drop_columns(["is_text_hash_valid"]).append_column("is_text_hash_valid", told)
        return {**seen, "articles": articles}

    monkeypatch.setattr(checked_day, "compare_day", wrong)


@with_few_rules("is_text_hash_valid")
def test_a_check_that_every_row_fails_replaces_no_good_day_by_an_empty_one(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, queue, 1, 2, 3, 4)
    old = flow.run_day(store, DAY, now())
    send(store, queue, 5)
    tell_wrong(monkeypatch, *range(5))
    with pytest.raises(ReleaseStopped, match="is_text_hash_valid"):
        flow.run_day(store, DAY, now())
    assert flow.is_live(store, DAY, old)
    assert len(live(store, DAY, "articles")) == 4


@with_few_rules("is_text_hash_valid")
def test_a_row_that_fails_when_others_are_set_aside_already_stops_the_day(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, queue, *range(5))
    tell_wrong(monkeypatch, 0)  # of the five, and then of the four that are left
    release = flow.plan_day(store, DAY, now())
    flow.assemble(store, DAY, release)
    with pytest.raises(ReleaseStopped, match="is_text_hash_valid"):
        flow.validate(store, DAY, release)
    kept = {name: store.read_table(f"attempts/dt={DAY}/{release}/{name}.parquet") for name in ("checks", "rejected")}
    assert kept["rejected"].num_rows == 1
    (check,) = (row for row in kept["checks"].to_pylist() if row["column_name"] == "is_text_hash_valid")
    assert (check["severity"], check["is_success"], check["unexpected_count"]) == ("critical", False, 1)


@pytest.mark.usefixtures("few_rules")
def test_measures_of_days_before_are_pinned_and_part_of_what_a_release_is(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    ingest(store, [queue], now)
    alone = flow.plan_day(store, DAY, now())
    flow.run_day(store, DAY - timedelta(days=1), now())
    beside = flow.plan_day(store, DAY, now())
    assert alone != beside
    assert list(plans.read_plan(store, str(DAY), beside).history) == [str(DAY - timedelta(days=1))]
    assert flow.is_live(store, DAY, flow.run_day(store, DAY, now()))
