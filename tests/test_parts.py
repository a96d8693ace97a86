"""A day in parts is the day in one, whatever batches it came in; and only what changes is written again."""

import hashlib
from itertools import pairwise

import pyarrow as pa
import pytest

from pipelines import audit, flow, query
from pipelines.errors import LostRace
from pipelines.paths import raw_batch_key
from pipelines.raw.batches import list_raw_batches
from pipelines.rejects.groups import group_rejects
from pipelines.releases.heads import Head
from pipelines.releases.swap import read_live_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.published import PUBLISHED
from pipelines.trace import trace
from tests.conftest import now, with_few_rules
from tests.test_flow import DAY, send, send_garbled

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("row_rules_and_ledger")]


def cut_at(monkeypatch: pytest.MonkeyPatch, items: int) -> None:
    monkeypatch.setattr("pipelines.stages.assemble.parts.PART_ITEMS", items)


def publish(store: Store) -> Head:
    flow.run_day(store, DAY, now(), is_forced=True)
    head = read_live_head(store, str(DAY))
    assert head is not None
    return head


def read_tables(store: Store, head: Head) -> dict[str, pa.Table]:
    return {table.name: store.read_tables(head.list_keys(table.name)).combine_chunks() for table in PUBLISHED}


def hash_objects(head: Head) -> dict[str, list[str]]:
    return {name: [part.sha256 for part in parts] for name, parts in head.objects.items()}


def split_batches(store: Store, sizes: tuple[int, ...]) -> None:
    """Land the same deliveries in batches of other sizes."""
    batches = list_raw_batches(store, str(DAY))
    rows = pa.concat_tables(store.read_table(batch.key) for batch in batches)
    store.delete(batch.key for batch in batches)
    ends = [*range(0, rows.num_rows, sizes[0]), rows.num_rows]
    for begin, end in pairwise(ends):
        name = hashlib.md5(f"{sizes} {begin}".encode()).hexdigest()
        store.put_table(raw_batch_key(DAY, name), rows.slice(begin, end - begin))


@pytest.fixture
def seven(store: Store, queue: Queue) -> Store:
    """Seven items: five articles, the duplicate of one, and one that is rejected."""
    send(store, queue, 1, 2, 3, 4)
    queue.send("neither an event nor a notice", dt=str(DAY))
    send(store, queue, 5, 2)
    return store


def test_a_day_in_parts_has_the_rows_of_the_whole_and_every_reader_finds_them(
    seven: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read_tables(seven, publish(seven))
    for items in (3, 1):
        cut_at(monkeypatch, items)
        head = publish(seven)
        assert {name: len(head.list_keys(name)) for name in ("articles", "rejected", "coverage")} == {
            "articles": -(-7 // items), "rejected": -(-7 // items), "coverage": 1,
        }  # fmt: skip
        assert read_tables(seven, head) == whole
        assert audit.find_broken_invariants(seven, DAY) == []
    connection = query.connect(settings, seven)
    counts = [connection.sql(f"SELECT count(*) FROM {name}").fetchone() for name in ("articles_latest", "rejected")]
    assert counts == [(5,), (1,)]
    assert [group.count for group in group_rejects(seven, [DAY])] == [1]
    item = whole["articles"]["item_id"][4].as_py()
    assert any(f"item {item}: published" in line for line in trace(seven, item))


@pytest.mark.parametrize("items", [3, 20_000])
def test_batches_leave_no_trace_in_parts(seven: Store, monkeypatch: pytest.MonkeyPatch, items: int) -> None:
    cut_at(monkeypatch, items)
    hashes = hash_objects(publish(seven))
    for sizes in ((7,), (2,), (1,)):
        split_batches(seven, sizes)
        assert hash_objects(publish(seven)) == hashes


@with_few_rules("garbled_share")
def test_only_the_parts_that_lose_rows_are_assembled_again(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, queue, *range(1, 5))
    send_garbled(store, queue)
    send(store, queue, *range(6, 8))
    whole = read_tables(store, publish(store))
    assert "check" in whole["rejected"]["reason"].to_pylist()
    cut_at(monkeypatch, 3)
    written: list[str] = []
    put_table = Store.put_table

    def record(store: Store, key: str, table: pa.Table) -> None:
        written.append(key)
        put_table(store, key, table)

    monkeypatch.setattr(Store, "put_table", record)
    assert read_tables(store, publish(store)) == whole
    again = {key.rpartition("-")[2] for key in written if "/again/" in key and "/articles" in key}
    assert len(again) == 1


def test_a_part_that_was_not_written_is_not_published_over(seven: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, 3)
    release = flow.plan_day(seven, DAY, now())
    assert flow.assemble(seven, DAY, release) == 3
    flow.write_parts(seven, DAY, release, [2])
    flow.validate(seven, DAY, release)
    with pytest.raises(LostRace):
        flow.publish(seven, DAY, release)
    assert read_live_head(seven, str(DAY)) is None


@pytest.mark.parametrize(("parts", "shares"), [(1, []), (2, [[1]]), (3, [[1], [2]])])
def test_the_first_part_is_nobody_elses_work(parts: int, shares: list[list[int]]) -> None:
    assert flow.share_parts(parts) == shares


def test_a_day_of_many_parts_has_few_tasks() -> None:
    shares = flow.share_parts(1_000)
    assert len(shares) == flow.PART_TASKS
    assert [part for share in shares for part in share] == list(range(1, 1_000))
