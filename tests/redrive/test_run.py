"""Rejects re-processed after a fix: the fixed ones published into their days, the others still there, all once."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, NoReturn

import pyarrow as pa
import pytest

from pipelines import audit, explosions, flow
from pipelines.cleaning import Cleaned
from pipelines.cleaning.profiles.profile import Profile
from pipelines.errors import Missing, NotReady, RejectSurge, Unavailable
from pipelines.formats import Document
from pipelines.intake.ingest import ingest
from pipelines.paths import head_key
from pipelines.redrive import record as redrive_record
from pipelines.redrive import run as redrive
from pipelines.redrive.record import Redrive, RedrivenDay
from pipelines.redrive.run import ATTEMPTS
from pipelines.rejects import groups as rejects
from pipelines.rejects import surge
from pipelines.rejects.groups import RejectFilter, read_live_rejected
from pipelines.rejects.outcomes import OUTCOMES
from pipelines.releases import plans
from pipelines.releases.plans import Plan, read_plan
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.stages import clean
from pipelines.tables.articles import ARTICLES
from pipelines.tables.ids import hash_id, item_id
from tests.conftest import Beforehand, now, with_few_rules
from tests.killing import count_calls, run_killed
from tests.snapshots import restore, snapshot

pytestmark = pytest.mark.services

FIRST = date(2026, 3, 2)
ALL = RejectFilter()
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
    read = clean._clean_document

    def breaks(document: Document, url: str | None, profile: Profile | None, latest: date) -> Cleaned:
        if b"ferry" in document.body.lower():
            raise ValueError(f"no such thing as in {document.body[:20]!r}")
        return read(document, url, profile, latest)

    counted = [replace(c, between=(40, 200_000)) if c.name == "word_count" else c for c in ARTICLES.columns]
    older = {name: hash_id(version, "older")[:16] for name, version in plans.derive_versions().items()}
    with patched.context() as p:
        p.setattr(clean, "_clean_document", breaks)
        p.setattr("pipelines.stages.assemble.items.ARTICLES", replace(ARTICLES, columns=tuple(counted)))
        for module in (plans, flow, rejects, redrive):
            p.setattr(module, "derive_versions", lambda: older)
        yield


@pytest.fixture(autouse=True)
def limits_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """The days here consist of rejects, of one source: it would be set aside as a whole, or stop the day."""
    monkeypatch.setattr(explosions, "MOST", 1.0)
    monkeypatch.setattr(surge, "SHARE", 1.0)
    monkeypatch.setattr(surge, "SHARE_OF_ALL", 1.0)


@pytest.fixture
def before_the_fix(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda: older_code(monkeypatch)


def places(store: Store, day: date) -> Counter[str]:
    """How many items of a day are where; rejected ones by their reason."""
    head, _ = read_head(store, str(day))
    assert head is not None
    found: Counter[str] = Counter()
    for table, outcome in OUTCOMES.items():
        rows = store.read_tables(head.list_keys(table)).to_pylist()
        found.update(row["reason"] if table == "rejected" else outcome for row in rows)
    return found


def expected(at: int, share: float = 1) -> Counter[str]:
    found: Counter[str] = Counter({"published": 1})  # the message
    for count, *outcomes in KINDS.values():
        found[outcomes[at]] += max(1, int(count * share))
    return found


def everything(store: Store) -> dict[str, str]:
    """What is live and what is recorded: name → ETag, which is the hash of the bytes."""
    prefixes = ("tables/", "redrives/", "releases/")
    return {entry.key: entry.etag for prefix in prefixes for entry in store.list_objects(prefix)}


def kept(store: Store) -> dict[str, str]:
    """What a pass leaves behind; not the plans, which name the head that they were made against."""
    return {key: etag for key, etag in everything(store).items() if not key.startswith("releases/") or "head" in key}


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.usefixtures("few_rules")
def test_of_1000_mixed_rejects_the_fixed_ones_are_published_and_the_others_are_still_there_once(
    store: Store, queue: Queue, before_the_fix: Any
) -> None:
    days = hand_in(store, queue, 5)
    with before_the_fix():
        for day in days:
            flow.run_day(store, day, now())
            assert places(store, day) == expected(0)
    groups = rejects.group_rejects(store, days)
    assert sum(group.count for group in groups) == 1_000
    assert {(group.reason, group.count, group.is_fixable) for group in groups} == {
        ("failed", 400, True), ("row_rule", 250, True), ("no_text", 200, True), ("not_an_article", 150, True),
    }  # fmt: skip

    (done,), left = redrive.redrive_rejects(store, ALL, ASKED, at_most_days=5)

    assert left == ()
    for day in days:
        assert places(store, day) == expected(1)
        assert audit.find_broken_invariants(store, day) == []
    outcomes = Counter(item.outcome for day in done.days for item in day.items)
    assert outcomes == {"published": 575, "duplicate": 25, "rejected": 400}
    assert all(day.others == {} for day in done.days)
    after = everything(store)
    assert redrive.redrive_rejects(store, ALL, ASKED, at_most_days=5) == ([], ())
    assert everything(store) == after
    assert not any(group.is_fixable for group in rejects.group_rejects(store, days))


def redrive_all(store: Store, queue: Queue) -> None:
    with with_few_rules():
        redrive.redrive_rejects(store, ALL, ASKED)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.usefixtures("few_rules")
def test_a_pass_that_is_killed_in_the_middle_and_run_again_leaves_the_same(
    settings: Settings, store: Store, queue: Queue, before_the_fix: Any
) -> None:
    days = hand_in(store, queue, 2, share=0.05)
    with before_the_fix():
        for day in days:
            flow.run_day(store, day, now())
    before = snapshot(store)
    calls = count_calls(settings, redrive_all)
    whole = kept(store)
    assert [key for key in whole if key.startswith("redrives/open")] == []
    for share in (3, 50, *range(35, 99, 12)):
        restore(store, before)
        assert run_killed(settings, redrive_all, max(1, calls * share // 100))
        redrive_all(store, queue)
        assert kept(store) == whole, f"{share} % of {calls} calls"
        for day in days:
            assert audit.find_broken_invariants(store, day) == []
            assert places(store, day) == expected(1, share=0.05)


class PublishedDays(NamedTuple):
    """Days that the older code has published, and the bucket that holds them."""

    days: list[date]
    objects: dict[str, bytes]


def publish_days(beforehand: Beforehand, count: int) -> PublishedDays:
    """Publish so many small days by the older code."""
    store, queue = beforehand()
    days = hand_in(store, queue, count, share=0.02)
    with pytest.MonkeyPatch.context() as patched, older_code(patched), with_few_rules():
        for day in days:
            flow.run_day(store, day, now())
    return PublishedDays(days, snapshot(store))


@pytest.fixture(scope="module")
def small_day(beforehand: Beforehand) -> PublishedDays:
    return publish_days(beforehand, 1)


@pytest.fixture(scope="module")
def two_small_days(beforehand: Beforehand) -> PublishedDays:
    return publish_days(beforehand, 2)


@pytest.fixture
def one_day(small_day: PublishedDays, store: Store, few_rules: None, will_restore: None) -> date:
    """A small day that the older code has published."""
    restore(store, small_day.objects)
    return small_day.days[0]


@pytest.fixture
def two_days(two_small_days: PublishedDays, store: Store, few_rules: None, will_restore: None) -> list[date]:
    """Two small days that the older code has published."""
    restore(store, two_small_days.objects)
    return two_small_days.days


def pass_of(store: Store, wanted: RejectFilter = ALL, **bounds: Any) -> list[Redrive]:
    return redrive.redrive_rejects(store, wanted, ASKED, **bounds)[0]


def test_under_the_same_code_nothing_is_taken_up(store: Store, one_day: date, before_the_fix: Any) -> None:
    before = everything(store)
    with before_the_fix():
        assert pass_of(store) == []
        assert {group.outlook for group in rejects.group_rejects(store, [one_day])} == {"code has not changed"}
    assert everything(store) == before


def test_some_are_asked_for_and_the_record_says_that_others_of_the_day_moved_along(store: Store, one_day: date) -> None:
    (done,) = pass_of(store, RejectFilter(reasons=("row_rule",)))
    (day,) = done.days
    assert [(item.reason, item.outcome) for item in day.items] == [("row_rule", "published")]
    assert day.others == {"rejected → duplicate": 1, "rejected → published": 1}
    assert json.loads(store.get(f"redrives/{done.id}.json")) == json.loads(done.model_dump_json())


SAYING = "".join(
    f'"{said}," said Anna Berg. {LONG}' for said in ("We will build it", "It will be long", "It will be wide")
)


@pytest.mark.slow
@pytest.mark.usefixtures("few_rules")
def test_of_rejected_rows_of_one_article_each_has_its_own_outcome_and_the_article_counts_once(
    store: Store, queue: Queue, before_the_fix: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_one = {"specversion": "1.0", "id": "m", "source": "https://paper.example", "type": "t", "dt": str(FIRST)}
    queue.send(json.dumps(sent_one | {"data": {"url": "https://paper.example/pier", "text": SAYING}}))
    ingest(store, [queue], now)
    (delivery,) = read_plan(store, str(FIRST), flow.plan_day(store, FIRST, now())).deliveries
    item = item_id(delivery, 0)

    def aside(*indexes: int) -> Any:
        return lambda *_: {"quotes": {f"{item}/{n}": f"quotes.json: {n}: of nobody" for n in indexes}}

    monkeypatch.setattr(flow, "find_rows_to_set_aside", aside(0, 1, 2))
    with before_the_fix():
        flow.run_day(store, FIRST, now())
    monkeypatch.setattr(flow, "find_rows_to_set_aside", aside(1, 2))
    (done,) = pass_of(store, at_most_items=1)
    ((first, *others),) = (day.items for day in done.days)
    assert (first.key, first.outcome, first.new_fingerprint) == ((item, "quotes", 0), "published", None)
    assert [(other.row_index, other.outcome) for other in others] == [(1, "rejected"), (2, "rejected")]
    assert others[0].new_fingerprint != others[1].new_fingerprint
    assert f"3 rejects of 1 items on 1 days\n  {FIRST}: 1 published, 2 rejected" in redrive_record.describe_redrive(
        done
    )
    assert done.days[0].others == {}


def test_a_reject_that_is_one_still_is_recorded_with_what_says_no_now(store: Store, one_day: date) -> None:
    (done,) = pass_of(store, RejectFilter(reasons=("no_text",)))
    ((item,),) = (day.items for day in done.days)
    assert item.outcome == "rejected"
    (now_there,) = rejects.group_rejects(store, [one_day], RejectFilter(items=(item.item_id,)))
    assert item.new_fingerprint == now_there.fingerprint != item.fingerprint


@pytest.mark.slow
def test_days_with_more_items_than_a_pass_may_have_are_left_and_said(store: Store, two_days: list[date]) -> None:
    before = everything(store)
    left = tuple(f"{day}: 6 items are left out: a pass takes 5 items at most" for day in two_days)
    assert redrive.redrive_rejects(store, ALL, ASKED, at_most_items=5) == ([], left)
    assert everything(store) == before


@pytest.mark.slow
@pytest.mark.parametrize("bounds", [{"at_most_days": 1, "at_most_items": 100}, {"at_most_days": 7, "at_most_items": 6}])
def test_days_behind_the_bounds_are_counted_by_their_heads_and_not_read(
    store: Store, two_days: list[date], bounds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_days
    read: list[date] = []

    def read_and_note(store: Store, day: date) -> pa.Table:
        read.append(day)
        return read_live_rejected(store, day)

    monkeypatch.setattr(rejects, "READERS", 1)
    monkeypatch.setattr(rejects, "read_live_rejected", read_and_note)
    chosen = redrive.choose_rejects(store, ALL, ASKED, is_forced=False, **bounds)
    assert [day.dt for day in chosen.days] == [str(first)]
    assert read == [first]
    (left,) = chosen.left
    assert left.startswith(f"1 days from {second} on, with 6 rejects, were not read")


def test_a_day_that_finds_no_room_behind_others_is_left_for_the_next_pass(store: Store, two_days: list[date]) -> None:
    _, second = two_days
    chosen = redrive.choose_rejects(store, ALL, ASKED, 7, 11, False)
    assert len(chosen.days) == 1
    assert chosen.left == (f"{second}: 6 items are left out: a pass takes 11 items at most",)


def test_of_days_that_rejected_nothing_the_head_alone_is_read(
    store: Store, one_day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_of(store)
    head, _ = read_head(store, str(one_day))
    assert head is not None
    none = head.objects | {
        "rejected": (head.objects["rejected"][0].model_copy(update={"row_count": 0, "key": "nowhere"}),)
    }
    store.put(head_key(str(one_day)), head.model_copy(update={"objects": none}).model_dump_json().encode())
    assert redrive.choose_rejects(store, ALL, ASKED, 7, 100, False) == redrive.RedriveSelection((), ())


def stops(_: Store, plan: Plan, *__: object) -> NoReturn:
    raise RejectSurge("all of it would go", plan.release_id)


@pytest.mark.slow
def test_a_release_that_was_stopped_is_not_tried_again_but_for_force(
    store: Store, one_day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(flow, "find_causes", stops)
        (done,) = pass_of(store)
    assert [(day.stopped, day.after == day.before) for day in done.days] == [("all of it would go", True)]
    again, left = redrive.redrive_rejects(store, ALL, ASKED)
    assert again == []
    why = "already attempted with this code, and stopped: all of it would go"
    assert left == (f"{one_day}: 6 items are left out: {why}",)
    assert places(store, one_day) == expected(0, share=0.02)
    (forced,) = pass_of(store, is_forced=True)
    assert forced.days[0].stopped is None
    assert places(store, one_day) == expected(1, share=0.02)


@pytest.mark.slow
def test_what_arrived_while_a_release_was_stopped_makes_one_that_was_not_tried(
    store: Store, queue: Queue, one_day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops_while_more_arrives(_: Store, plan: Plan, *__: object) -> NoReturn:
        late = {"specversion": "1.0", "id": "late", "source": "https://other.example", "type": "t"}
        queue.send(json.dumps(late | {"dt": str(one_day), "data": sent("fine", 2000, one_day)}))
        ingest(store, [queue], now)
        stops(store, plan)

    with monkeypatch.context() as patched:
        patched.setattr(flow, "find_causes", stops_while_more_arrives)
        (done,) = pass_of(store)
    assert done.days[0].stopped == "all of it would go"
    (again,) = pass_of(store)
    assert again.days[0].stopped is None
    assert places(store, one_day) == expected(1, share=0.02) + Counter(published=1)


@pytest.mark.slow
@pytest.mark.usefixtures("few_rules")
def test_what_failed_for_a_cause_outside_is_computed_anew_by_force_alone(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    (day,) = hand_in(store, queue, 1, share=0.02)
    real = clean._clean_document

    def without_memory(document: Document, *rest: Any) -> Cleaned:
        if b"Ferry" in document.body:
            raise MemoryError
        return real(document, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(clean, "_clean_document", without_memory)
        flow.run_day(store, day, now())
    assert places(store, day)["failed"] == 2
    assert pass_of(store) == []
    (done,) = pass_of(store, is_forced=True)
    assert Counter(item.outcome for item in done.days[0].items) == {"published": 1, "duplicate": 1}
    assert places(store, day) == expected(1, share=0.02)
    assert audit.find_broken_invariants(store, day) == []


def test_what_a_pass_left_unfinished_is_finished_by_the_next_whatever_that_asks_for(
    store: Store, one_day: date
) -> None:
    chosen = redrive.choose_rejects(store, ALL, ASKED, 7, 100, False)
    begun = redrive.begin_redrive(store, chosen, ASKED, False)
    (done,) = pass_of(store, RejectFilter(sources=("nobody.example",)))
    assert done.id == begun.id
    with pytest.raises(Missing):
        redrive.finish_redrive(store, begun.id)
    assert redrive_record.list_open_redrives(store) == []
    assert places(store, one_day) == expected(1, share=0.02)


def breaks_on(day: date, error: BaseException) -> Any:
    def breaks(_: Store, plan: Plan, *__: object) -> tuple[()]:
        if plan.dt == str(day):
            raise error
        return ()

    return breaks


@pytest.mark.slow
def test_a_day_that_fails_keeps_no_other_day_from_being_done_and_is_not_tried_again_but_for_force(
    store: Store, two_days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_days
    with monkeypatch.context() as patched:
        patched.setattr(flow, "find_causes", breaks_on(first, ValueError("no such thing")))
        (done,) = pass_of(store)
    assert [(day.dt, day.stopped) for day in done.days] == [
        (str(first), "failed: ValueError: no such thing"), (str(second), None),
    ]  # fmt: skip
    assert redrive_record.list_open_redrives(store) == []
    assert places(store, first) == expected(0, share=0.02)
    assert places(store, second) == expected(1, share=0.02)
    again, (left,) = redrive.redrive_rejects(store, ALL, ASKED)
    assert again == []
    assert left.endswith("already attempted with this code, and stopped: failed: ValueError: no such thing")
    pass_of(store, is_forced=True)
    assert places(store, first) == expected(1, share=0.02)


def test_what_an_error_quotes_is_legible_in_the_record_and_in_the_log(
    store: Store, one_day: date, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(flow, "find_causes", breaks_on(one_day, ValueError("no \x1b[2J\u202e\nline")))
    (done,) = pass_of(store)
    assert done.days[0].stopped == "failed: ValueError: no ⟨U+001B⟩[2J⟨U+202E⟩ line"
    assert "in breaks" in caplog.text
    assert "\x1b[2J" not in caplog.text


@pytest.mark.slow
def test_a_day_that_may_go_well_the_next_time_is_taken_up_by_the_next_passes_so_often_and_no_oftener(
    store: Store, two_days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_days
    monkeypatch.setattr(flow, "find_causes", breaks_on(first, Unavailable("the store is away")))
    for _ in range(ATTEMPTS - 1):
        done, left = redrive.redrive_rejects(store, ALL, ASKED)
        (begun,) = redrive_record.list_open_redrives(store)
        assert done == []
        assert f"redrive {begun.id} is not finished; the next pass continues it" in left
        assert places(store, second) == expected(1, share=0.02)
    ended, *_ = pass_of(store, RejectFilter(sources=("nobody.example",)))
    assert (ended.id, ended.days[0].stopped) == (begun.id, "failed: the store is away")
    assert redrive_record.list_open_redrives(store) == []
    monkeypatch.undo()
    assert [day.stopped for done in pass_of(store) for day in done.days] == [None]


@pytest.mark.slow
def test_a_day_on_which_the_process_ends_each_time_is_given_up(
    store: Store, one_day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(flow, "find_causes", breaks_on(one_day, KeyboardInterrupt()))
        for _ in range(ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                pass_of(store)
    done, _ = pass_of(store)
    assert done.days[0].stopped == f"failed: gave up after {ATTEMPTS} attempts"
    assert places(store, one_day) == expected(1, share=0.02)  # by the pass behind it


def test_a_pass_can_be_abandoned(store: Store, one_day: date) -> None:
    chosen = redrive.choose_rejects(store, ALL, ASKED, 7, 100, False)
    begun = redrive.begin_redrive(store, chosen, ASKED, False)
    (left,) = redrive.choose_rejects(store, ALL, ASKED, 7, 100, False).left
    assert left.endswith(f"redrive {begun.id} is already processing this day")
    done = redrive.abandon_redrive(store, begun.id)
    assert [day.stopped for day in done.days] == ["abandoned"]
    assert redrive_record.list_open_redrives(store) == []
    assert places(store, one_day) == expected(0, share=0.02)
    assert redrive.choose_rejects(store, ALL, ASKED, 7, 100, False) == chosen
    with pytest.raises(Missing):
        redrive.abandon_redrive(store, begun.id)


def test_a_record_of_older_code_is_read() -> None:
    item = {"item_id": "i", "delivery_id": "d", "reason": "failed", "fingerprint": "f", "fate": "published"}
    day = RedrivenDay.model_validate({"dt": str(FIRST), "before": "r", "items": [item], "tries": 2})
    assert (day.attempts, day.items[0].outcome) == (2, "published")
    assert RedrivenDay.model_validate_json(day.model_dump_json()) == day


def test_a_pass_is_recorded_only_when_all_its_days_are_done(store: Store, one_day: date) -> None:
    begun = redrive.begin_redrive(store, redrive.choose_rejects(store, ALL, ASKED, 7, 100, False), ASKED, False)
    with pytest.raises(NotReady, match=f"is not finished: {one_day}"):
        redrive.finish_redrive(store, begun.id)
    assert [its.id for its in redrive_record.list_open_redrives(store)] == [begun.id]
