"""Rejects taken up again after a fix: the fixed ones published into their days, the others still there, all once."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipelines import audit, flow, plans, redrive, rejects
from pipelines.cleaning import Cleaned
from pipelines.cleaning.profile import Profile
from pipelines.errors import Missing, NotReady, Poisoned
from pipelines.fates import FATES
from pipelines.formats import Document
from pipelines.ingest import ingest
from pipelines.queue import Queue
from pipelines.redrive import Redrive
from pipelines.rejects import Filter
from pipelines.settings import Settings
from pipelines.stages import assemble, clean
from pipelines.storage import Store
from pipelines.swap import read_head
from pipelines.tables.articles import ARTICLES
from pipelines.tables.ids import hash_id
from tests.conftest import Beforehand, now, with_few_rules
from tests.killing import calls_of, killed
from tests.snapshots import restore, snapshot

pytestmark = pytest.mark.services

FIRST = date(2026, 3, 2)
ALL = Filter()
ASKED = datetime(2026, 4, 1, 9, tzinfo=UTC)
LONG = (
    "The harbour board met on Monday and agreed on the plan for the new pier, which the town has long asked for. " * 4
)
SHORT = "The harbour board met on Monday and agreed on the plan for the new pier, which the town has long asked for. "

# What is sent each day: kind → how many, and what becomes of it before and after the fix.
KINDS = {
    "fine": (20, "published", "published"),
    "ferry": (65, "failed", "published"),
    "ferry again": (5, "failed", "duplicate"),
    "ferry without text": (10, "failed", "no_text"),
    "short": (50, "row_rule", "published"),
    "no text": (40, "no_text", "no_text"),
    "no article": (30, "not_an_article", "not_an_article"),
}


def sent(kind: str, number: int, day: date) -> dict[str, Any]:
    url = f"https://paper.example/{day}/{kind.partition(' ')[0]}-{number}"
    match kind:
        case "ferry" | "ferry again":
            return {"url": url, "text": f"Ferry number {number}. {LONG}"}
        case "ferry without text":
            return {"url": f"{url}-without", "html": "<p><!-- a ferry --></p>"}
        case "short":
            return {"url": url, "text": f"Pier number {number}. {SHORT}"}
        case "no text":
            return {"url": url, "html": "<p></p>"}
        case "no article":
            return {"url": url}
    return {"url": url, "text": f"Story number {number}. {LONG}"}


def hand_in(store: Store, queue: Queue, days: int, share: float = 1) -> list[date]:
    """So many days of everything, each as a file of one source and messages of another."""
    found = [FIRST + timedelta(days=back) for back in range(days)]
    for day in found:
        stories = [sent(kind, n, day) for kind, (count, *_) in KINDS.items() for n in range(max(1, int(count * share)))]
        lines = "\n".join(json.dumps(story) for story in stories if "story" not in story)
        store.upload("inbox/paper.example/" + f"{day}.jsonl", io.BytesIO(lines.encode()), {"dt": str(day)})
        data = sent("fine", 1000, day)
        envelope = {"specversion": "1.0", "id": f"m{day}", "source": "https://other.example", "type": "t"}
        queue.send(json.dumps(envelope | {"dt": str(day), "data": data}))
    ingest(store, [queue], now)
    return found


@contextmanager
def older_code(patched: pytest.MonkeyPatch) -> Iterator[None]:
    """The code before the fix: it breaks on ferries, and wants articles to be long."""
    read = clean._cleaned

    def breaks(document: Document, url: str | None, profile: Profile | None) -> Cleaned:
        if b"ferry" in document.body.lower():
            raise ValueError(f"no such thing as in {document.body[:20]!r}")
        return read(document, url, profile)

    counted = [replace(c, between=(40, 200_000)) if c.name == "word_count" else c for c in ARTICLES.columns]
    older = {name: hash_id(version, "older")[:16] for name, version in plans.current_versions().items()}
    with patched.context() as p:
        p.setattr(clean, "_cleaned", breaks)
        p.setattr(assemble, "ARTICLES", replace(ARTICLES, columns=tuple(counted)))
        for module in (plans, flow, rejects, redrive):
            p.setattr(module, "current_versions", lambda: older)
        yield


@pytest.fixture
def before_the_fix(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda: older_code(monkeypatch)


def places(store: Store, day: date) -> Counter[str]:
    """How many items of a day are where; rejected ones by their reason."""
    head, _ = read_head(store, str(day))
    assert head is not None
    found: Counter[str] = Counter()
    for table, fate in FATES.items():
        rows = store.read_table(head.objects[table].key).to_pylist()
        found.update(row["reason"] if table == "rejected" else fate for row in rows)
    return found


def expected(at: int, share: float = 1) -> Counter[str]:
    found: Counter[str] = Counter({"published": 1})  # the message
    for count, *fates in KINDS.values():
        found[fates[at]] += max(1, int(count * share))
    return found


def everything(store: Store) -> dict[str, str]:
    """What is live and what is recorded: name → ETag, which is the hash of the bytes."""
    prefixes = ("tables/", "redrives/", "releases/")
    return {entry.key: entry.etag for prefix in prefixes for entry in store.entries(prefix)}


def kept(store: Store) -> dict[str, str]:
    """What a pass leaves behind; not the plans, which name the head that they were made against."""
    return {key: etag for key, etag in everything(store).items() if not key.startswith("releases/") or "head" in key}


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_of_1000_mixed_rejects_the_fixed_ones_are_published_and_the_others_are_still_there_once(
    store: Store, queue: Queue, before_the_fix: Any
):
    days = hand_in(store, queue, 5)
    with before_the_fix():
        for day in days:
            flow.run_day(store, day, now())
            assert places(store, day) == expected(0)
    groups = rejects.groups(store, days)
    assert sum(group.count for group in groups) == 1_000
    assert {(group.reason, group.count, group.is_mendable) for group in groups} == {
        ("failed", 400, True), ("row_rule", 250, True), ("no_text", 200, True), ("not_an_article", 150, True),
    }  # fmt: skip

    (done,), left = redrive.redrive(store, ALL, ASKED, at_most_days=5)

    assert left == ()
    for day in days:
        assert places(store, day) == expected(1)
        assert audit.broken_promises(store, day) == []
    fates = Counter(item.fate for day in done.days for item in day.items)
    assert fates == {"published": 575, "duplicate": 25, "rejected": 400}
    assert all(day.others == {} for day in done.days)
    after = everything(store)
    assert redrive.redrive(store, ALL, ASKED, at_most_days=5) == ([], ())
    assert everything(store) == after
    assert not any(group.is_mendable for group in rejects.groups(store, days))


def redrive_all(store: Store, queue: Queue) -> None:
    with with_few_rules():
        redrive.redrive(store, ALL, ASKED)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a_pass_that_is_killed_in_the_middle_and_run_again_leaves_the_same(
    settings: Settings, store: Store, queue: Queue, before_the_fix: Any
):
    days = hand_in(store, queue, 2, share=0.05)
    with before_the_fix():
        for day in days:
            flow.run_day(store, day, now())
    before = snapshot(store)
    calls = calls_of(settings, redrive_all)
    whole = kept(store)
    assert [key for key in whole if key.startswith("redrives/open")] == []
    for share in (3, 50, *range(35, 99, 12)):
        restore(store, before)
        assert killed(settings, redrive_all, max(1, calls * share // 100))
        redrive_all(store, queue)
        assert kept(store) == whole, f"{share} % of {calls} calls"
        for day in days:
            assert audit.broken_promises(store, day) == []
            assert places(store, day) == expected(1, share=0.05)


@pytest.fixture(scope="module")
def made_once(beforehand: Beforehand) -> tuple[date, dict[str, bytes]]:
    store, queue = beforehand()
    (day,) = hand_in(store, queue, 1, share=0.02)
    with pytest.MonkeyPatch.context() as patched, older_code(patched):
        flow.run_day(store, day, now())
    return day, snapshot(store)


@pytest.fixture
def one_day(made_once: tuple[date, dict[str, bytes]], store: Store, few_rules: None) -> date:
    """A small day that the older code has published."""
    day, objects = made_once
    restore(store, objects)
    return day


def pass_of(store: Store, wanted: Filter = ALL, **bounds: Any) -> list[Redrive]:
    return redrive.redrive(store, wanted, ASKED, **bounds)[0]


def test_under_the_same_code_nothing_is_taken_up(store: Store, one_day: date, before_the_fix: Any):
    before = everything(store)
    with before_the_fix():
        assert pass_of(store) == []
        assert {group.outlook for group in rejects.groups(store, [one_day])} == {"same code, same answer"}
    assert everything(store) == before


def test_some_are_asked_for_and_the_record_says_that_others_of_the_day_moved_along(store: Store, one_day: date):
    (done,) = pass_of(store, Filter(reasons=("row_rule",)))
    (day,) = done.days
    assert [(item.reason, item.fate) for item in day.items] == [("row_rule", "published")]
    assert day.others == {"rejected → duplicate": 1, "rejected → published": 1}
    assert json.loads(store.get(f"redrives/{done.id}.json")) == json.loads(done.model_dump_json())


def test_a_reject_that_is_one_still_is_recorded_with_what_says_no_now(store: Store, one_day: date):
    (done,) = pass_of(store, Filter(reasons=("no_text",)))
    ((item,),) = (day.items for day in done.days)
    assert item.fate == "rejected"
    (now_there,) = rejects.groups(store, [one_day], Filter(items=(item.item_id,)))
    assert item.new_fingerprint == now_there.fingerprint != item.fingerprint


@pytest.mark.parametrize(
    ("bounds", "why"), [({"at_most_days": 0}, "more than 0 days"), ({"at_most_items": 5}, "more than 5 items")]
)
def test_what_is_beyond_the_bounds_is_left_and_said(store: Store, one_day: date, bounds: dict[str, int], why: str):
    before = everything(store)
    assert redrive.redrive(store, ALL, ASKED, **bounds) == ([], (f"{one_day}: 6 items are left: {why}",))
    assert everything(store) == before


def test_a_release_that_was_stopped_is_not_tried_again_but_for_force(
    store: Store, one_day: date, monkeypatch: pytest.MonkeyPatch
):
    def stops(*_: Any) -> None:
        raise Poisoned("all of it would go")

    with monkeypatch.context() as patched:
        patched.setattr(flow, "stop_poisoned", stops)
        (done,) = pass_of(store)
    assert [(day.stopped, day.after == day.before) for day in done.days] == [("all of it would go", True)]
    again, left = redrive.redrive(store, ALL, ASKED)
    assert again == []
    assert left == (f"{one_day}: 6 items are left: tried before with this code, and stopped: all of it would go",)
    assert places(store, one_day) == expected(0, share=0.02)
    (forced,) = pass_of(store, is_forced=True)
    assert forced.days[0].stopped is None
    assert places(store, one_day) == expected(1, share=0.02)


@pytest.mark.usefixtures("few_rules")
def test_what_failed_for_a_cause_outside_is_computed_anew_by_force_alone(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
):
    (day,) = hand_in(store, queue, 1, share=0.02)
    real = clean._cleaned

    def without_memory(document: Document, *rest: Any) -> Cleaned:
        if b"Ferry" in document.body:
            raise MemoryError
        return real(document, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(clean, "_cleaned", without_memory)
        flow.run_day(store, day, now())
    assert places(store, day)["failed"] == 2
    assert pass_of(store) == []
    (done,) = pass_of(store, is_forced=True)
    assert Counter(item.fate for item in done.days[0].items) == {"published": 1, "duplicate": 1}
    assert places(store, day) == expected(1, share=0.02)
    assert audit.broken_promises(store, day) == []


def test_what_a_pass_left_unfinished_is_finished_by_the_next_whatever_that_asks_for(store: Store, one_day: date):
    chosen = redrive.choose(store, ALL, ASKED, 7, 100, False)
    begun = redrive.begin(store, chosen, ASKED, False)
    (done,) = pass_of(store, Filter(sources=("nobody.example",)))
    assert done.id == begun.id
    with pytest.raises(Missing):
        redrive.finish(store, begun.id)
    assert redrive.unfinished(store) == []
    assert places(store, one_day) == expected(1, share=0.02)


def test_a_pass_is_recorded_only_when_all_its_days_are_done(store: Store, one_day: date):
    begun = redrive.begin(store, redrive.choose(store, ALL, ASKED, 7, 100, False), ASKED, False)
    with pytest.raises(NotReady, match=f"not done yet: {one_day}"):
        redrive.finish(store, begun.id)
    assert [its.id for its in redrive.unfinished(store)] == [begun.id]
