"""Flow functions as tasks: which day, which errors are retried, and what a scheduled run settles besides its day."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from copydesk_airflow import tasks
from copydesk_airflow.assets import TABLES

from demo.parcel import make_event
from pipelines import audit, flow
from pipelines.errors import RejectSurge
from pipelines.intake.ingest import ingest
from pipelines.profiles import active as profiles
from pipelines.releases.plans import Plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.conftest import Beforehand, now, with_few_rules
from tests.profiles.test_active import land as land_pages
from tests.redrive.test_run import older_code
from tests.snapshots import restore, snapshot

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("few_rules")]

DAY = date(2026, 3, 2)
BOUNDS = {"at_most": 100, "seconds": 60}


@pytest.fixture(autouse=True)
def told(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)


def land(store: Store, queue: Queue, name: str, *days: date) -> None:
    """One article more for each of these days."""
    for day in days:
        data = {"url": f"https://press.example/{name}", "text": f"On {name}: " + "nothing was decided. " * 20}
        queue.send(make_event(name, "press.example", f"{day}T09:00:00Z", str(day), data).decode(), str(day))
    ingest(store, [queue], now)


def staged(store: Store, day: date) -> str:
    """A release of the day that only has to be published, as it travels between tasks."""
    release = flow.plan_day(store, day, now())
    for chunk in range(flow.count_chunks(store, day, release)):
        flow.enrich_chunk(store, day, release, chunk)
    flow.assemble(store, day, release)
    flow.validate(store, day, release)
    return f"{day}/{release}"


def published(plan: str) -> list[str]:
    """Run the task publish; the days that it tells of."""
    days: list[str] = []
    tasks.publish.function(plan, outlet_events={TABLES: SimpleNamespace(add_partitions=days.append)})
    return days


def live_articles(store: Store) -> int:
    assert audit.find_broken_invariants(store, DAY) == []
    head, _ = read_head(store, str(DAY))
    assert head is not None
    return head.count_rows("articles")


def test_a_pass_of_ingest_lands_what_waits_and_says_how_much(store: Store, queue: Queue) -> None:
    queue.send("no article")
    assert tasks.ingest_pass.function(params=BOUNDS) == {"messages": 1, "files": 0, "batches": 1}
    assert queue.depth() == (0, 0)


def test_a_pass_of_ingest_lands_dead_letters_too(
    queue: Queue, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = f"{queue.name}-dead"
    queue.client.create_queue(QueueName=dead)
    Queue(read_settings(env), dead).send("no article")
    monkeypatch.setenv("COPYDESK_DEAD_LETTER_QUEUE", dead)
    assert tasks.ingest_pass.function(params=BOUNDS)["messages"] == 1


@pytest.mark.parametrize(("key", "params"), [("2026-03-02", {"dt": None}), (None, {"dt": "2026-03-02"})])
def test_the_day_comes_from_the_partition_key_or_else_from_the_parameter(
    store: Store, queue: Queue, key: str | None, params: dict[str, Any]
) -> None:
    ingest(store, [queue], now)
    plan = tasks.plan_day.function(partition_key=key, params=params)
    assert plan is not None
    assert plan.startswith("2026-03-02/")


def test_the_partition_key_wins_over_the_parameter(store: Store, queue: Queue) -> None:
    ingest(store, [queue], now)
    plan = tasks.plan_day.function("2026-03-02", {"dt": "2026-03-03"})
    assert plan is not None
    assert plan.startswith("2026-03-02/")


@pytest.mark.parametrize("params", [None, {}, {"dt": None}, {"dt": ""}])
def test_without_a_day_there_is_nothing_to_try_again(params: dict[str, Any] | None) -> None:
    with pytest.raises(AirflowFailException, match="no day was given; set the partition key, or the parameter dt"):
        tasks.plan_day.function(partition_key=None, params=params)


def test_a_day_that_ingest_has_to_finish_first_is_tried_again() -> None:
    with pytest.raises(AirflowException, match="ingest has not run since") as raised:
        tasks.plan_day.function(partition_key=str(DAY))
    assert not isinstance(raised.value, AirflowFailException)


def test_a_setting_that_is_missing_is_named_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COPYDESK_BUCKET")
    with pytest.raises(AirflowFailException, match="COPYDESK_BUCKET"):
        tasks.plan_day.function(partition_key=str(DAY))


@pytest.mark.slow
def test_a_day_that_is_live_already_has_no_plan_to_carry_out(store: Store, queue: Queue) -> None:
    land(store, queue, "first", DAY)
    assert published(staged(store, DAY)) == [str(DAY)]
    assert tasks.plan_day.function(partition_key=str(DAY)) is None
    land(store, queue, "second", DAY)
    assert tasks.plan_day.function(partition_key=str(DAY)) is not None


@dataclass(frozen=True)
class Both:
    """Two staged releases of a day: the later one has an article more."""

    earlier: str
    later: str
    objects: dict[str, bytes]


@pytest.fixture(scope="module")
def both(beforehand: Beforehand) -> Both:
    store, queue = beforehand()
    with with_few_rules():
        land(store, queue, "first", DAY)
        earlier = staged(store, DAY)
        land(store, queue, "second", DAY)
        return Both(earlier, staged(store, DAY), snapshot(store))


@pytest.mark.slow
def test_a_day_that_somebody_else_published_with_less_is_planned_again_and_published(store: Store, both: Both) -> None:
    restore(store, both.objects)
    theirs, ours = both.earlier, both.later
    published(theirs)
    assert published(ours) == [str(DAY)]
    assert live_articles(store) == 2


@pytest.mark.slow
def test_a_day_that_somebody_else_published_with_more_is_left_as_it_is(store: Store, both: Both) -> None:
    restore(store, both.objects)
    theirs, ours = both.later, both.earlier
    published(theirs)
    assert published(ours) == [str(DAY)]
    head, _ = read_head(store, str(DAY))
    assert head is not None
    assert f"{DAY}/{head.release_id}" == theirs
    assert live_articles(store) == 2


@pytest.mark.slow
def test_a_day_whose_code_is_replaced_on_the_way_is_planned_again_and_published(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ferry", "pier"):
        land(store, queue, name, DAY)
    with older_code(monkeypatch):
        plan = tasks.plan_day.function(partition_key=str(DAY))
        assert plan is not None
        tasks.enrich_batches.function(plan, 0)
        tasks.assemble.function(plan)
    tasks.enrich_batches.function(plan, 0)
    tasks.assemble.function(plan)
    tasks._validate.function(plan)
    assert published(plan) == [str(DAY)]
    assert live_articles(store) == 2


@pytest.mark.slow
def test_a_scheduled_run_settles_the_days_of_the_last_week_for_which_more_arrived(store: Store, queue: Queue) -> None:
    today = now().date()
    ago = {days: today - timedelta(days=days) for days in (0, 1, 2, 3, 7, 8)}
    land(store, queue, "first", *(ago[days] for days in (1, 2, 3, 7, 8)))
    queue.send("for today")
    ingest(store, [queue], now)
    for days in (1, 2):
        flow.run_day(store, ago[days], now())
    land(store, queue, "second", ago[2])
    scheduled = tasks.stale_days.function(dag_run=SimpleNamespace(run_type="scheduled"))
    # 1 is published, with nothing more; today goes on; 8 is only listed.
    assert scheduled == [{"dt": str(ago[days])} for days in (7, 3, 2)]


def test_the_night_does_not_start_its_own_day_a_second_time(store: Store, queue: Queue) -> None:
    yesterday = str(now().date() - timedelta(days=1))
    land(store, queue, "first", now().date() - timedelta(days=1))
    scheduled = SimpleNamespace(run_type="scheduled")
    assert tasks.stale_days.function(partition_key=yesterday, dag_run=scheduled) == []


@pytest.mark.parametrize("run_type", ["manual", "backfill", "asset_triggered"])
def test_no_other_run_settles_anything_but_its_own_day(store: Store, queue: Queue, run_type: str) -> None:
    land(store, queue, "first", now().date() - timedelta(days=2))
    assert tasks.stale_days.function(dag_run=SimpleNamespace(run_type=run_type)) == []


LEARN = {"until": "2026-03-02", "days": 1, "activate": True}


def learnt(store: Store, queue: Queue) -> list[str]:
    """What is fit for use of a paper with pages enough."""
    land_pages(store, queue, "paper.example", range(24))
    return tasks.propose_profiles.function(params=LEARN)


def test_what_is_fit_for_use_is_proposed_and_then_activated(store: Store, queue: Queue) -> None:
    (fit,) = learnt(store, queue)
    assert profiles.read_active_versions(store) == {}
    assert tasks.activate_profiles.function([fit], params=LEARN) == 1
    assert profiles.read_active_versions(store) == {"paper.example": fit.split("/")[1]}


def test_a_run_that_is_told_to_activates_nothing(store: Store, queue: Queue) -> None:
    assert tasks.activate_profiles.function(learnt(store, queue), params=LEARN | {"activate": False}) == 0
    assert profiles.read_active_versions(store) == {}


@pytest.mark.parametrize("is_broken", [False, True], ids=["off", "broken"])
def test_a_source_that_was_turned_off_stays_off_until_a_person_activates_it(
    store: Store, queue: Queue, is_broken: bool
) -> None:
    (fit,) = learnt(store, queue)
    profiles.deactivate(store, "paper.example", now())
    if is_broken:
        store.put("profiles/paper.example/active.json", b"{broken")
    assert tasks.activate_profiles.function([fit], params=LEARN) == 0
    assert profiles.read_active_versions(store) == {}
    source, version = fit.split("/")
    profiles.activate(store, source, version, now())
    assert tasks.activate_profiles.function([fit], params=LEARN) == 1


REDRIVE: dict[str, Any] = {
    **dict.fromkeys(("fingerprints", "sources", "reasons", "stages", "items", "since", "until")),
    "at_most_days": 7, "at_most_items": 100, "force": False, "dry_run": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def of_older_code(beforehand: Beforehand) -> dict[str, bytes]:
    """A day with one article and two rejects."""
    store, queue = beforehand()
    for name in ("ferry", "pier"):
        land(store, queue, name, DAY)
    queue.send("no article", str(DAY))
    ingest(store, [queue], now)
    with pytest.MonkeyPatch.context() as patched, older_code(patched):
        flow.run_day(store, DAY, now())
    assert live_articles(store) == 1
    return snapshot(store)


@pytest.fixture
def mended(store: Store, of_older_code: dict[str, bytes]) -> None:
    """One of the two is read by the code of now."""
    restore(store, of_older_code)


def redriven(day: str) -> list[str]:
    """Run the task redrive_day; the days that it tells of."""
    days: list[str] = []
    tasks.redrive_day.function(day, outlet_events={TABLES: SimpleNamespace(add_partitions=days.append)})
    return days


@pytest.mark.slow
@pytest.mark.usefixtures("mended")
def test_a_redrive_goes_from_the_form_to_the_record(store: Store) -> None:
    (day,) = tasks.choose_rejects.function(params=REDRIVE | {"reasons": ["failed"], "since": str(DAY)})
    assert redriven(day) == [str(DAY)]
    (record,) = tasks.record_redrives.function()
    assert live_articles(store) == 2
    (its,) = json.loads(store.get(record))["days"]
    assert [(item["reason"], item["outcome"]) for item in its["items"]] == [("failed", "published")]


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("changed", [{"dry_run": True}, {"until": "2026-03-01"}])
def test_a_redrive_that_is_to_do_nothing_begins_nothing(store: Store, changed: dict[str, Any]) -> None:
    assert tasks.choose_rejects.function(params=REDRIVE | changed) == []
    assert list(store.list_objects("redrives/")) == []
    assert tasks.record_redrives.function() == []


@pytest.mark.usefixtures("mended")
def test_a_typo_in_the_form_of_a_redrive_fails_at_once() -> None:
    with pytest.raises(AirflowFailException, match=r"'nobody\.example' is no source of these days"):
        tasks.choose_rejects.function(params=REDRIVE | {"sources": ["nobody.example"]})


@pytest.mark.usefixtures("mended")
def test_what_a_redrive_sets_aside_is_notified(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(tasks, "notify", lambda title, body: told.extend([title, body]))
    monkeypatch.setattr(flow, "list_set_aside", lambda *_: ["source q.example is set aside as a whole"])
    (day,) = tasks.choose_rejects.function(params=REDRIVE)
    redriven(day)
    assert told[0] == f"copydesk_redrive set aside a part of {DAY}"
    assert "source q.example" in told[1]


@pytest.mark.usefixtures("mended")
def test_a_day_that_is_stopped_fails_its_task_and_is_recorded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(_: Store, plan: Plan, *__: Any) -> None:
        raise RejectSurge("too much would go", plan.release_id)

    monkeypatch.setattr(flow, "find_causes", stops)
    (day,) = tasks.choose_rejects.function(params=REDRIVE)
    with pytest.raises(AirflowFailException, match="too much would go"):
        redriven(day)
    with pytest.raises(AirflowFailException, match=f"{DAY} was stopped: too much would go"):
        tasks.record_redrives.function()
    assert live_articles(store) == 1
    assert tasks.choose_rejects.function(params=REDRIVE) == []


@pytest.mark.usefixtures("mended")
def test_a_day_that_was_left_undone_is_said_and_comes_first_in_the_next_run() -> None:
    left = tasks.choose_rejects.function(params=REDRIVE)
    with pytest.raises(AirflowFailException, match="is not finished"):
        tasks.record_redrives.function()
    assert tasks.choose_rejects.function(params=REDRIVE) == left


def test_what_the_form_accepts_is_recorded_for_its_release(store: Store, queue: Queue) -> None:
    land(store, queue, "first", DAY)
    plan = staged(store, DAY)
    release = plan.partition("/")[2]
    form = {"accept": release, "accepted_by": "Ada", "accept_reason": "it is right"}
    assert tasks.plan_day.function(partition_key=str(DAY), params=form) == plan
    assert b"it is right" in store.get(f"accepted/dt={DAY}/{release}.json")


@pytest.mark.parametrize("form", [{"accepted_by": "Ada"}, {"accept": "f" * 32, "accepted_by": "Ada"}])
def test_half_an_acceptance_fails_at_once(store: Store, queue: Queue, form: dict[str, Any]) -> None:
    with pytest.raises(AirflowFailException, match=r"accept is empty|needs a name and a reason"):
        tasks.plan_day.function(partition_key=str(DAY), params=form)


@pytest.mark.parametrize("key", ["2026-3-2", "20260302", "2026-02-30", "yesterday", "2026-03-02T00:00"])
def test_a_malformed_day_fails_at_once(store: Store, queue: Queue, key: str) -> None:
    with pytest.raises(AirflowFailException, match="set the partition key"):
        tasks.plan_day.function(partition_key=key)
