"""Reports in the store: written with each attempt, linked to one another, kept up by any number of writers."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipelines import flow, query
from pipelines.errors import RejectSurge, ReleaseStopped, SurgeCause
from pipelines.intake.ingest import ingest
from pipelines.paths import REPORTS_INDEX, assembled_key, report_page_key, trends_page_key
from pipelines.releases import plans
from pipelines.releases.plans import read_plan
from pipelines.reports import attempts
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.ids import hash_id
from tests.conftest import now
from tests.reports.pages.test_release import Tags
from tests.reports.pages.test_trends import one
from tests.test_flow import DAY, send

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("few_rules")]


def html(store: Store, key: str) -> Tags:
    return Tags(store.get(key).decode())


def stopped(store: Store) -> str:
    """A release of the day as it is now, of which an item was lost."""
    release = flow.plan_day(store, DAY, now())
    flow.assemble(store, DAY, release)
    plan = read_plan(store, str(DAY), release)
    key = assembled_key("expected", release, plan.serial)
    store.put_table(key, pa.concat_tables([store.read_table(key), pa.table({"item_id": ["lost"]})]))
    with pytest.raises(ReleaseStopped, match=report_page_key(str(DAY), release)):
        flow.validate(store, DAY, release)
    return release


def test_passed_and_stopped_attempts_have_pages_that_lead_to_one_another_and_to_the_trends(
    store: Store, queue: Queue
) -> None:
    send(store, queue, 1)
    first = flow.run_day(store, DAY, now())
    send(store, queue, 2)
    second = stopped(store)
    before, after = (html(store, report_page_key(str(DAY), release)) for release in (first, second))
    assert f"{DAY}: passed its checks" in before.words
    assert f"{DAY}: stopped" in after.words
    assert f"../{second}/report.html" in before.links
    assert after.links.count(f"../{first}/report.html") == 2  # as the one before, and as the one that stays live
    trends, month = html(store, trends_page_key()), html(store, trends_page_key("2026-03"))
    assert trends.links[1] == f"../attempts/dt={DAY}/{second}/report.html"
    assert f"{DAY} ✗ stopped" in month.words
    assert f"{DAY} ✓ live" in month.words


def test_a_day_that_one_cause_stops_is_an_attempt_like_any_other(
    settings: Settings, store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, queue, 1)
    flow.run_day(store, DAY, now())
    monkeypatch.setattr(flow, "find_causes", lambda *_: (SurgeCause("all of them", 2, 3),))
    for number in range(2):
        queue.send(f"no article {number}", str(DAY))
    ingest(store, [queue], now)
    release = flow.plan_day(store, DAY, now())
    flow.assemble(store, DAY, release)
    with pytest.raises(RejectSurge):
        flow.validate(store, DAY, release)
    page = html(store, report_page_key(str(DAY), release)).words
    assert f"{DAY}: stopped" in page
    assert "expect_no_rejection_surge" in page
    assert "2 of 3 rows break it. Observed: " in page
    assert f"--accept {release}" in page
    assert "2 · " in page.partition("Rejected: 2")[2]
    assert f"{DAY} ✗ stopped" in html(store, trends_page_key("2026-03")).words
    assert html(store, trends_page_key()).links[1] == f"../attempts/dt={DAY}/{release}/report.html"
    asked = "SELECT verdict, suite, unexpected_count FROM attempts WHERE NOT is_live AND NOT is_success"
    assert query.connect(settings, store, with_attempts=True).sql(asked).fetchall() == [("stopped", "surge", 2)]


def test_a_stop_is_over_once_the_day_is_planned_as_it_is_live(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    release = flow.run_day(store, DAY, now())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flow, "find_causes", lambda *_: (SurgeCause("all of them", 2, 3),))
        patched.setattr(plans, "hash_id", lambda *parts: hash_id("other code", *parts))
        with pytest.raises(RejectSurge) as stopped:
            flow.run_day(store, DAY, now())
    assert attempts.read_stopped_attempts(store) == {str(DAY): stopped.value.release}
    assert flow.run_day(store, DAY, now()) == release
    assert attempts.read_stopped_attempts(store) == {}


def test_pages_are_html_to_whoever_fetches_them(store: Store, queue: Queue) -> None:
    send(store, queue, 1)
    release = flow.run_day(store, DAY, now())
    for key in (report_page_key(str(DAY), release), trends_page_key(), trends_page_key("2026-03")):
        assert store.open(key).media_type == "text/html; charset=utf-8"


def test_a_report_that_cannot_be_written_stops_no_day(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("a defect of the page")

    monkeypatch.setattr(attempts, "collect_report", broken)
    send(store, queue, 1)
    release = flow.run_day(store, DAY, now())
    assert flow.is_live(store, DAY, release)
    assert f"{DAY}: no report could be written of release {release}" in caplog.text


def test_days_that_are_judged_at_the_same_time_are_all_in_the_trends(store: Store) -> None:
    def judge(number: int) -> None:
        dt = str(date(2026, 3, number))
        month = attempts._change_month(store, dt, lambda month: month.with_attempt(one(f"{number:032}", dt)))
        attempts._write_trends(store, month)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(judge, range(1, 13)))
    links = [f"../attempts/dt=2026-03-{number:02}/{number:032}/report.html" for number in range(12, 0, -1)]
    assert html(store, trends_page_key("2026-03")).links[2:] == links
    index = json.loads(store.get(REPORTS_INDEX))
    assert [(month["month"], month["days"]) for month in index["months"]] == [("2026-03", 12)]
    assert set(links) <= set(html(store, trends_page_key()).links)
