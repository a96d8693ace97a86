"""The swap: whole days only, the old one kept in the archive, losers told so."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

import pytest

from pipelines.errors import LostRace, Missing
from pipelines.paths import archive_prefix, head_key, object_key, staging_key
from pipelines.releases.heads import Head, Object, build_next_head, number_parts
from pipelines.releases.swap import list_kept_keys, read_head, roll_forward, settled_head, swap
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.published import PUBLISHED
from tests.snapshots import empty

pytestmark = pytest.mark.services

DAY = "2026-03-02"
NAMES = [table.name for table in PUBLISHED]
PARTS = {"articles": 12, "rejected": 2}  # of a release of several parts; other tables have one


def stage(store: Store, release: str, content: str) -> tuple[Head | None, str | None, Head]:
    """Stage a release whose tables, or all their parts, have this content: (what is live, its ETag, the head to be).

    Content in capitals is that of a release of several parts.
    """
    live, etag = read_head(store, DAY)
    serial = live.serial + 1 if live else 1
    staged = {}
    for name in NAMES:
        count = PARTS.get(name, 1) if content.isupper() else 1
        keys = [staging_key(name, release, serial, part) for part in number_parts(range(count))]
        for key in keys:
            store.put(key, content.encode())
        staged[name] = [Object(key=key, sha256=content, row_count=1, byte_count=len(content)) for key in keys]
    return live, etag, build_next_head(live, DAY, release, serial, staged)


def publish(store: Store, release: str, content: str) -> Head:
    live, etag, new = stage(store, release, content)
    swap(store, live, etag, new)
    head, _ = read_head(store, DAY)
    assert head is not None
    return head


def published(store: Store) -> dict[str, bytes]:
    return {entry.key: store.get(entry.key) for entry in store.list_objects("tables/")}


def live_objects(head: Head, content: str) -> dict[str, bytes]:
    return {key: content.encode() for name in NAMES for key in head.list_keys(name)}


def test_a_first_release_is_what_its_head_names(store: Store) -> None:
    head = publish(store, "r1", "one")
    assert (head.release_id, head.serial, head.is_swapping, head.replaced) == ("r1", 1, False, {})
    assert published(store) == live_objects(head, "one")
    assert list(store.list_objects("staging/")) == []


def test_another_release_takes_its_place_and_the_old_one_is_archived(store: Store) -> None:
    publish(store, "r1", "one")
    head = publish(store, "r2", "two")
    assert published(store) == live_objects(head, "two")
    assert {e.key: store.get(e.key) for e in store.list_objects("archive/")} == {
        f"archive/dt={DAY}/r1/{name}.parquet": b"one" for name in NAMES
    }


def test_parts_take_the_place_of_a_whole_and_are_archived_like_it(store: Store) -> None:
    publish(store, "r1", "one")
    of_parts = publish(store, "r2", "TWO")
    assert published(store) == live_objects(of_parts, "TWO")
    assert {name: len(of_parts.list_keys(name)) for name in PARTS} == PARTS
    head = publish(store, "r3", "three")
    assert published(store) == live_objects(head, "three")
    archived = list_kept_keys(store, archive_prefix(DAY, "r2"))
    assert {name: len(keys) for name, keys in archived.items()} == {name: PARTS.get(name, 1) for name in NAMES}
    assert [key.rpartition("-")[2] for key in archived["articles"]] == [f"{part}.parquet" for part in range(12)]


def test_a_swap_that_was_left_between_two_parts_is_rolled_forward(store: Store) -> None:
    publish(store, "r1", "ONE")
    _, etag, new = stage(store, "r2", "TWO")
    store.put(head_key(DAY), new.model_dump_json().encode(), if_match=etag)
    store.copy(staging_key("rejected", "r2", 2, 0), new.list_keys("rejected")[0])
    head, _ = settled_head(store, DAY)
    assert head is not None
    assert published(store) == live_objects(head, "TWO")


class Crashed(BaseException):
    """The process ends here."""


def crash() -> None:
    raise Crashed


def run_with(store: Store, at: int, work: Callable[[], object], what: Callable[[], object]) -> bool:
    """Run work that does something else before its call number `at` to the store; False if it made fewer calls."""
    calls = 0

    def count_call(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            what()

    store.client.meta.events.register("before-send.s3", count_call)
    try:
        work()
    finally:
        store.client.meta.events.unregister("before-send.s3", count_call)
    return calls >= at


def swap_interrupted(store: Store, what: Callable[[], object], error: type[BaseException]) -> Iterator[int]:
    """Swap r1 for r2 again and again, with something else before each of the calls in turn; give the call's number."""
    for at in count(1):
        empty(store)
        publish(store, "r1", "ONE")
        live, etag, new = stage(store, "r2", "TWO")
        with suppress(error):
            if not run_with(store, at, partial(swap, store, live, etag, new), what):
                assert at > 60
                return
        yield at


@pytest.mark.slow
def test_a_swap_of_parts_that_crashes_at_any_call_leaves_one_of_the_two_whole(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARTS, "articles", 3)
    other = Store(settings)  # of the process that finds the day so
    for at in swap_interrupted(store, crash, Crashed):
        head, _ = settled_head(other, DAY)
        assert head is not None
        assert not head.is_swapping
        assert published(other) == live_objects(head, {"r1": "ONE", "r2": "TWO"}[head.release_id]), f"call {at}"


@pytest.mark.slow
@pytest.mark.parametrize("then", ["three", "THREE"])
def test_a_swap_of_parts_that_sleeps_at_any_call_while_another_publishes_does_no_harm(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setitem(PARTS, "articles", 3)
    other = Store(settings)

    def publish_other() -> None:
        settled_head(other, DAY)
        publish(other, "r3", then)

    for at in swap_interrupted(store, publish_other, LostRace):
        head, _ = settled_head(other, DAY)
        assert head is not None
        assert published(other) == live_objects(head, then), f"call {at}"


def test_the_same_bytes_change_only_the_head(store: Store) -> None:
    publish(store, "r1", "one")
    before = list(store.list_objects("tables/"))
    head = publish(store, "r2", "one")
    assert list(store.list_objects("tables/")) == before
    assert (head.release_id, head.serial, head.is_swapping) == ("r2", 2, False)
    assert list(store.list_objects("staging/")) == []


def test_a_release_may_become_live_again(store: Store) -> None:
    for release, content in (("r1", "one"), ("r2", "two"), ("r1", "one")):
        head = publish(store, release, content)
    assert (head.release_id, head.serial) == ("r1", 3)
    assert published(store) == live_objects(head, "one")


def test_who_planned_against_an_older_head_loses_before_anything_is_touched(store: Store) -> None:
    publish(store, "r1", "one")
    live, etag, late = stage(store, "r3", "three")
    head = publish(store, "r2", "two")
    with pytest.raises(LostRace):
        swap(store, live, etag, late)
    assert published(store) == live_objects(head, "two")


def test_of_two_first_releases_one_loses(store: Store) -> None:
    live, etag, late = stage(store, "r2", "two")
    head = publish(store, "r1", "one")
    with pytest.raises(LostRace):
        swap(store, live, etag, late)
    assert published(store) == live_objects(head, "one")


def test_an_unfinished_swap_is_rolled_forward_by_whoever_meets_it(store: Store) -> None:
    publish(store, "r1", "one")
    _, etag, new = stage(store, "r2", "two")
    store.put(head_key(DAY), new.model_dump_json().encode(), if_match=etag)
    first = PUBLISHED[0].name
    store.copy(staging_key(first, "r2", 2), new.list_keys(first)[0])  # it came so far
    head, _ = settled_head(store, DAY)
    assert head is not None
    assert (head.release_id, head.is_swapping) == ("r2", False)
    assert published(store) == live_objects(head, "two")


def test_a_release_of_before_a_table_was_there_is_rolled_forward_and_replaced(store: Store) -> None:
    live, etag, new = stage(store, "r1", "one")
    older = new.model_copy(update={"objects": {n: o for n, o in new.objects.items() if n != "entities"}})
    swap(store, live, etag, older)
    assert set(published(store)) == {key for name in older.objects for key in older.list_keys(name)}
    head = publish(store, "r2", "two")
    assert published(store) == live_objects(head, "two")


def test_a_writer_that_wakes_after_the_fence_does_nothing(store: Store) -> None:
    publish(store, "r1", "one")
    live, etag, new = stage(store, "r2", "two")
    swap(store, live, etag, new)
    head = publish(store, "r3", "three")
    roll_forward(store, new, "an ETag of long ago")
    assert published(store) == live_objects(head, "three")
    assert read_head(store, DAY)[0] == head


def test_a_swap_that_nobody_can_finish_is_said_and_not_tried_for_ever(store: Store) -> None:
    publish(store, "r1", "one")
    _, etag, new = stage(store, "r2", "two")
    store.put(head_key(DAY), new.model_dump_json().encode(), if_match=etag)
    store.delete([entry.key for entry in store.list_objects("staging/")])
    with pytest.raises(Missing, match="r2 is unfinished"):
        settled_head(store, DAY)


def test_what_older_publications_left_is_cleared_and_what_is_newer_stays(store: Store) -> None:
    publish(store, "r1", "one")
    older, newer = object_key("articles", DAY, "r0", 0), object_key("articles", DAY, "r9", 9)
    for key in (older, newer, f"tables/articles/dt={DAY}/left.tmp"):
        store.put(key, b"stray")
    head = publish(store, "r2", "two")
    assert published(store) == live_objects(head, "two") | {newer: b"stray"}


def test_other_days_are_not_touched(store: Store) -> None:
    other = object_key("articles", "2026-03-20", "r0", 0)
    store.put(other, b"other")
    publish(store, "r1", "one")
    publish(store, "r2", "two")
    assert store.get(other) == b"other"


def test_a_day_that_was_never_published_has_no_head(store: Store) -> None:
    assert read_head(store, DAY) == settled_head(store, DAY) == (None, None)
