"""The DAGs in real Airflow, from messages on the queue to what consumers read, by every door that starts a day."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError

import pytest

from demo.render import list_parcels
from local.processes import measure_own_cpu
from local.run import describe_undrained, hand_in, wait
from pipelines import audit
from tests.airflow.browser import CHROMIUM, fill_in_backfill, logged_in
from tests.airflow.running import (
    DAILY,
    DOWNSTREAM,
    ENDED,
    INGEST,
    STOPPED_DAY,
    Run,
    Running,
    StoppedRun,
    article_url,
    eventually,
)
from tests.conftest import now

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(1_200)]

DAYS = [str(day) for day in sorted({parcel.day for parcel in list_parcels()})]
FIRST, SECOND, LAST = DAYS
RECENT = str(now().date() - timedelta(days=3))  # a day of the last week that nobody asks for
WOKEN = "2026-02-01"  # a day that is landed and never published
BY_PARAMETER = "2026-02-02"  # a day that is published by nothing but a run with the parameter dt


@pytest.fixture(scope="module")
def ingested(running: Running) -> list[Run]:
    """The demo is handed in and landed; the runs of copydesk_ingest that there were then."""
    since = now()
    for parcel in list_parcels():
        hand_in(running.store, running.queue, parcel)
    running.send("late", RECENT)
    wait(
        "the demo to be ingested",
        lambda: describe_undrained(running.store, running.queue, since),
        120,
        measure_own_cpu,
    )
    return running.runs(INGEST)


@pytest.fixture(scope="module")
def published(running: Running, ingested: list[Run]) -> list[Run]:
    """The demo's days, by a backfill over REST; its runs."""
    return _backfilled(running, lambda: running.api.start_backfill(DAILY, FIRST, LAST))


@dataclass(frozen=True)
class Seen:
    """What consumers see of the demo's days, and how often the DAG downstream ran for each day."""

    release: dict[str, str]
    urls: dict[str, set[str]]
    downstream: Counter[str]


class RunsByHand(NamedTuple):
    """The runs by their way to say which day, and what consumers saw before them."""

    runs: dict[str, Run]
    before: Seen


@pytest.fixture(scope="module")
def by_hand(running: Running, published: list[Run]) -> RunsByHand:
    """Runs by hand, side by side: one for each way to say which day, one that does not say, one with nothing to do.

    And what consumers saw before them.
    """
    eventually("the DAG downstream", lambda: set(downstream(running)) >= set(DAYS))
    before = seen(running)
    running.land("by-key", SECOND)
    running.land("by-parameter", BY_PARAMETER)
    started = {
        "key": running.trigger(SECOND),
        "parameter": running.trigger(dt=BY_PARAMETER),
        "neither": running.trigger(),
        "nothing new": running.trigger(FIRST),
    }
    runs = {name: running.ended(run_id) for name, run_id in started.items()}
    told = before.downstream + Counter([SECOND, BY_PARAMETER])
    eventually("the DAG downstream", lambda: downstream(running) == told)
    return RunsByHand(runs, before)


def seen(running: Running) -> Seen:
    return Seen(
        {day: running.head(day).release_id for day in DAYS},
        {day: running.urls(day) for day in DAYS},
        downstream(running),
    )


def downstream(running: Running) -> Counter[str]:
    """How often the DAG downstream has run for each of the days that these tests ask for."""
    keys = [run["partition_key"] for run in running.runs(DOWNSTREAM) if run["state"] == "success"]
    return Counter(key for key in keys if key in (*DAYS, BY_PARAMETER))


def _backfilled(running: Running, start: Callable[[], object]) -> list[Run]:
    """The runs of a backfill over the demo's days, once all have ended."""
    eventually("earlier backfills to end", lambda: not running.is_backfilling(), 90)
    known = {run["dag_run_id"] for run in running.runs(DAILY)}
    start()
    mine = [r for r in running.runs(DAILY) if r["run_type"] == "backfill" and r["dag_run_id"] not in known]
    return [running.ended(run["dag_run_id"], 240) for run in mine]


def _is_kept(running: Running, day: str) -> None:
    assert audit.find_broken_invariants(running.store, date.fromisoformat(day)) == []


def _holds(running: Running, runs: list[Run], before: Seen, name: str) -> None:
    """Each of the days has been published again with its own new article, and told to those downstream once."""
    assert [run["state"] for run in runs] == ["success"] * 3
    assert sorted(run["partition_key"] for run in runs) == DAYS
    once_more = before.downstream + Counter(DAYS)
    eventually("the DAG downstream", lambda: downstream(running) == once_more)
    after = seen(running)
    for day in DAYS:
        _is_kept(running, day)
        assert after.release[day] != before.release[day]
        assert after.urls[day] - before.urls[day] == {article_url(name, day)}
        assert before.urls[day] <= after.urls[day]


def test_ingest_lands_all_that_was_handed_in(running: Running, ingested: list[Run]) -> None:
    assert "failed" not in {run["state"] for run in ingested}
    assert running.queue.depth() == (0, 0)
    landed = sum(
        len(running.store.read_table(e.key)) for e in running.store.list_objects("raw/") if "/blobs/" not in e.key
    )
    assert landed == len(list_parcels()) + 1


def test_messages_wake_ingest_before_its_schedule_does(running: Running, ingested: list[Run]) -> None:
    def woken() -> list[Run]:
        return [run for run in running.runs(INGEST) if run["run_type"] == "asset_triggered"]

    eventually("wake-ups by the demo to be over", lambda: all(run["state"] in ENDED for run in running.runs(INGEST)))
    before = len(woken())
    running.land("wake", WOKEN)
    eventually("a wake-up", lambda: len(woken()) > before, 30)


def test_a_backfill_over_rest_publishes_each_day(running: Running, published: list[Run]) -> None:
    assert [run["state"] for run in published] == ["success"] * 3
    assert sorted(run["partition_key"] for run in published) == DAYS
    for day in DAYS:
        _is_kept(running, day)
        assert running.urls(day)


def test_the_dag_downstream_runs_once_a_published_day_with_the_day_as_its_key(
    running: Running, published: list[Run]
) -> None:
    eventually("the DAG downstream", lambda: set(downstream(running)) >= set(DAYS))
    assert downstream(running) == Counter(DAYS)


def test_the_scheduled_run_settles_a_recent_day_for_which_something_arrived(
    running: Running, published: list[Run]
) -> None:
    # Airflow makes the run for yesterday as soon as the DAG has any run at all.
    def settling() -> list[Run]:
        return [run for run in running.runs(DAILY) if run["conf"] == {"dt": RECENT}]

    eventually("the scheduled run", lambda: settling() != [], 90)
    (run,) = settling()
    assert run["run_type"] == "operator_triggered"
    assert running.ended(run["dag_run_id"])["state"] == "success"
    assert running.urls(RECENT) == {article_url("late", RECENT)}
    _is_kept(running, RECENT)


def test_a_run_by_hand_with_a_partition_key_replaces_that_day_alone(running: Running, by_hand: RunsByHand) -> None:
    runs, before = by_hand
    assert runs["key"]["state"] == "success"
    _is_kept(running, SECOND)
    after = seen(running)
    assert [day for day in DAYS if after.release[day] != before.release[day]] == [SECOND]
    assert after.urls[SECOND] - before.urls[SECOND] == {article_url("by-key", SECOND)}


def test_a_run_by_hand_may_name_the_day_by_parameter_and_is_told_downstream_all_the_same(
    running: Running, by_hand: RunsByHand
) -> None:
    runs, before = by_hand
    assert runs["parameter"]["state"] == "success"
    assert runs["parameter"]["partition_key"] is None
    assert running.urls(BY_PARAMETER) == {article_url("by-parameter", BY_PARAMETER)}
    _is_kept(running, BY_PARAMETER)
    assert downstream(running)[BY_PARAMETER] == before.downstream[BY_PARAMETER] + 1


def test_a_run_that_names_no_day_fails_at_once_with_what_to_do(running: Running, by_hand: RunsByHand) -> None:
    runs, _ = by_hand
    run_id = runs["neither"]["dag_run_id"]
    assert runs["neither"]["state"] == "failed"
    assert "set the partition key, or the parameter dt, to YYYY-MM-DD" in running.log(run_id, "plan_day")
    eventually("the notification", lambda: any(run_id in told["message"] for told in running.heard))


def test_a_run_with_nothing_new_stops_after_plan_day_with_the_same_release(
    running: Running, by_hand: RunsByHand
) -> None:
    runs, before = by_hand
    assert runs["nothing new"]["state"] == "success"
    states = running.states(runs["nothing new"]["dag_run_id"])
    assert states.pop("plan_day") == states.pop("stale_days") == "success"
    assert set(states.values()) == {"skipped"}
    assert running.head(FIRST).release_id == before.release[FIRST]
    assert downstream(running)[FIRST] == before.downstream[FIRST]


def test_what_is_no_day_is_refused_at_the_door(running: Running) -> None:
    with pytest.raises(HTTPError, match="400"):
        running.trigger("2026-3-2nd")
    with pytest.raises(HTTPError, match="400"):
        running.trigger(dt="yesterday")


def test_a_backfill_by_command_line_publishes_each_day_again(running: Running, by_hand: RunsByHand) -> None:
    before = seen(running)
    running.land("by-command", *DAYS)
    words = "--dag-id", DAILY, "--from-date", FIRST, "--to-date", LAST, "--reprocess-behavior", "completed"
    runs = _backfilled(running, lambda: running.airflow("backfill", "create", *words, "--max-active-runs", "3"))
    _holds(running, runs, before, "by-command")


def test_a_critical_failure_keeps_the_old_day_and_tells_somebody(running: Running, stopped: StoppedRun) -> None:
    states = running.states(stopped.run_id)
    assert (stopped.state, states["validate"], states["publish"]) == ("failed", "failed", "upstream_failed")
    assert "expect_table_row_count_to_be_between" in running.log(stopped.run_id, "validate")
    assert running.head(STOPPED_DAY) == stopped.live
    _is_kept(running, STOPPED_DAY)
    told = {"title": f"{DAILY} failed", "message": f"{STOPPED_DAY}: task_failure"}
    eventually("the notification", lambda: any(told.items() <= heard.items() for heard in running.heard))


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")
def test_a_backfill_from_the_form_in_airflows_ui_publishes_each_day_again(
    running: Running, by_hand: RunsByHand, tmp_path: Path
) -> None:
    before = seen(running)
    running.land("by-form", *DAYS)

    def fill_in() -> None:
        with logged_in(running.url, running.password, DAILY) as page:
            said = fill_in_backfill(page, date.fromisoformat(FIRST), date.fromisoformat(LAST), tmp_path / "form.png")
            assert "3 runs will be triggered." in said
            page.screenshot(path=tmp_path / "submitted.png")

    _holds(running, _backfilled(running, fill_in), before, "by-form")
    with logged_in(running.url, running.password, DAILY) as page:
        page.get_by_text("Created Asset Events").wait_for()
        page.screenshot(path=tmp_path / "done.png")
