"""Rejects by what said no: counted, with samples, filtered; also those of days that older code published."""

from datetime import date, timedelta
from typing import Any

import pytest

from demo.parcel import make_event
from pipelines import flow
from pipelines.intake.ingest import ingest
from pipelines.rejects import groups as rejects
from pipelines.rejects.groups import (
    SAMPLES,
    RejectFilter,
    RejectGroup,
    Sample,
    describe_group,
    group_rejects,
    read_live_rejected,
)
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.conftest import now, with_few_rules

pytestmark = pytest.mark.services

DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def store(service_env: dict[str, str]) -> Store:
    """A bucket of its own, for tests that look."""
    found = Store(read_settings(service_env | {"COPYDESK_BUCKET": "rejects"}))
    found.client.create_bucket(Bucket="rejects")
    return found


@pytest.fixture(scope="module")
def queue(service_env: dict[str, str]) -> Queue:
    everything = Queue(read_settings(service_env), service_env["COPYDESK_QUEUE"])
    everything.client.create_queue(QueueName="rejects")
    return Queue(read_settings(service_env), "rejects")


@pytest.fixture(scope="module")
def two_days(store: Store, queue: Queue) -> list[date]:
    """Two days of empty pages: 4 and 1 of one paper, 1 and 0 of another; and a message with a wrong day, of today."""
    sent = [("p.example", DAY, 4), ("p.example", NEXT, 1), ("q.example", DAY, 1)]
    for source, day, count in sent:
        for n in range(count):
            data = {"url": f"https://{source}/{n}", "html": f"<p><!-- page {n} --></p>"}
            queue.send(make_event(f"{source}{day}{n}", source, f"{day}T09:00:00Z", str(day), data).decode(), str(day))
    queue.send("a message", "tomorrow")
    ingest(store, [queue], now)
    days = [DAY, NEXT, now().date()]
    with with_few_rules():
        for day in days:
            flow.run_day(store, day, now())
    return days


def counts(store: Store, days: list[date], **wanted: Any) -> list[tuple[str, int, int]]:
    return [
        (group.source, group.count, len(group.days)) for group in group_rejects(store, days, RejectFilter(**wanted))
    ]


@pytest.mark.slow
def test_what_was_rejected_alike_is_one_group_over_all_days(store: Store, two_days: list[date]) -> None:
    assert counts(store, two_days[:2]) == [("p.example", 5, 2), ("q.example", 1, 1)]


def test_a_group_shows_some_of_its_items(store: Store, two_days: list[date]) -> None:
    first = group_rejects(store, two_days)[0]
    assert len(first.samples) == SAMPLES
    assert all("<!-- page" in (sample.excerpt or "") for sample in first.samples)
    assert f"{DAY} to {NEXT}, 2 days; code has not changed" in describe_group(first)


def test_filters_are_met_all_at_once(store: Store, two_days: list[date]) -> None:
    assert counts(store, two_days, sources=("p.example",), until=DAY) == [("p.example", 4, 1)]
    assert counts(store, two_days, since=NEXT, reasons=("no_text",)) == [("p.example", 1, 1)]
    assert counts(store, two_days, stages=("enrich",)) == []
    first, other = group_rejects(store, two_days[:2])
    assert counts(store, two_days, fingerprints=(other.fingerprint,)) == [("q.example", 1, 1)]
    assert counts(store, two_days, items=(first.samples[0].item_id,)) == [("p.example", 1, 1)]
    assert counts(store, two_days, items=(first.samples[0].item_id,), sources=("q.example",)) == []


def test_what_was_found_at_landing_has_to_be_sent_again(store: Store, two_days: list[date]) -> None:
    (group,) = group_rejects(store, two_days, RejectFilter(reasons=("invalid_dt",)))
    assert (group.outlook, group.is_fixable) == ("has to be sent again", False)


def test_a_profile_that_is_learnt_later_may_see_its_source_otherwise(
    store: Store, two_days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejects, "read_active_versions", lambda _: {"p.example": "learnt"})
    monkeypatch.setattr(rejects, "select_readable_versions", lambda _, versions: versions)
    fixable = {group.source: group.is_fixable for group in group_rejects(store, two_days[:2])}
    assert fixable == {"p.example": True, "q.example": False}


def test_a_day_of_code_that_gave_no_fingerprints_and_rejected_items_alone_is_labelled_from_its_plan(
    store: Store, two_days: list[date]
) -> None:
    before = read_live_rejected(store, DAY)
    head, _ = read_head(store, str(DAY))
    assert head is not None
    key = head.list_keys("rejected")[0]
    store.put_table(key, before.drop_columns(["rule", "stage_version", "fingerprint", "table_name", "row_index"]))
    try:
        assert read_live_rejected(store, DAY).equals(before)
    finally:
        store.put_table(key, before)


def test_a_day_that_is_not_live_has_no_rejects(store: Store) -> None:
    assert group_rejects(store, [date(2026, 1, 1)]) == []


def test_hostile_text_is_shown_on_its_own_line_and_moves_nothing_else() -> None:
    group = RejectGroup("f", "clean", "failed", "Error\x1b[2J", "p.exa\u202emple", "v", True)
    group.days["2026-03-02"] += 1
    group.samples.append(Sample("2026-03-02", "1f0e", "no \x1b[31mhead\u202e", "<p>\nf00d  999  bank.example  clean"))
    assert describe_group(group).splitlines() == [
        "f       1  p.exa⟨U+202E⟩mple  clean failed: Error⟨U+001B⟩[2J",
        "  2026-03-02; code has changed since",
        "  2026-03-02 1f0e no ⟨U+001B⟩[31mhead⟨U+202E⟩ | <p> f00d  999  bank.example  clean",
    ]


def test_a_group_of_one_day_names_that_day() -> None:
    group = RejectGroup("f", "clean", "failed", "ValueError", "p.example", "v", True)
    group.days["2026-03-02"] += 2
    assert (
        describe_group(group) == "f       2  p.example  clean failed: ValueError\n  2026-03-02; code has changed since"
    )
