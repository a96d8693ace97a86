"""The store: conditional writes, whole reads, and what is wrong said in our words."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from pipelines.errors import BadStore, LostRace, Missing, Unavailable
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.conftest import now

pytestmark = pytest.mark.services


def test_what_is_put_is_what_is_read(store: Store) -> None:
    etag = store.put("a", b"\0one")
    assert store.get_with_etag("a") == (b"\0one", etag)


def test_reading_what_is_not_there_is_missing(store: Store) -> None:
    for read in (store.get, store.open, store.read_table):
        with pytest.raises(Missing):
            read("absent")
    with pytest.raises(Missing):
        store.read_table("absent", ["a"])
    assert not store.exists("absent")


def test_a_write_meant_for_nothing_loses_where_something_is(store: Store) -> None:
    store.put("a", b"one", if_absent=True)
    with pytest.raises(LostRace):
        store.put("a", b"two", if_absent=True)
    assert store.get("a") == b"one"


def test_a_write_meant_for_one_content_loses_on_another(store: Store) -> None:
    first = store.put("a", b"one")
    second = store.put("a", b"two", if_match=first)
    with pytest.raises(LostRace):
        store.put("a", b"three", if_match=first)
    assert store.get_with_etag("a") == (b"two", second)


def test_a_write_meant_for_a_content_loses_where_nothing_is(store: Store) -> None:
    with pytest.raises((LostRace, Missing)):
        store.put("absent", b"two", if_match="0" * 32)
    assert not store.exists("absent")


def test_of_many_writers_one_wins(store: Store) -> None:
    won: list[int] = []

    def write(number: int) -> None:
        try:
            store.put("a", str(number).encode(), if_absent=True)
        except LostRace:
            return
        won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.get("a")] == [str(number).encode() for number in won]


def test_copying_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.copy("absent", "b")
    assert not store.exists("b")


def test_copying_what_was_replaced_loses(store: Store) -> None:
    etag = store.put("a", b"one")
    store.put("a", b"two")
    with pytest.raises(LostRace):
        store.copy("a", "b", if_match=etag)
    assert not store.exists("b")


def test_deleting_what_is_gone_does_not_matter(store: Store) -> None:
    store.put("a", b"one")
    store.delete(["a", "absent", "a"])
    assert list(store.list_objects("")) == []


def test_a_file_that_was_replaced_since_it_was_listed_stays(store: Store) -> None:
    store.put("a", b"one")
    (listed,) = store.list_objects("a")
    store.put("a", b"two")
    store.delete_if_unchanged(listed)
    assert store.get("a") == b"two"
    (listed,) = store.list_objects("a")
    store.delete_if_unchanged(listed)
    assert not store.exists("a")


def test_a_listing_shows_everything_in_the_order_of_keys(store: Store) -> None:
    for key in ("x/b", "x/a", "y", "x/a/ü 1+2"):
        store.put(key, b"one")
    listed = list(store.list_objects("x/"))
    assert [entry.key for entry in listed] == ["x/a", "x/a/ü 1+2", "x/b"]
    assert {entry.size for entry in listed} == {3}
    assert all(abs(entry.modified_at - now()) < timedelta(minutes=1) for entry in listed)
    assert store.list_folders("x/") == ["a"]


@pytest.mark.slow
def test_a_listing_goes_beyond_one_page(store: Store) -> None:
    keys = [f"many/{number:04}" for number in range(1_005)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put(key, b""), keys))
    assert [entry.key for entry in store.list_objects("many/")] == keys
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.delete([key]), keys))


def test_an_upload_keeps_what_is_said_of_it(store: Store) -> None:
    store.upload("a", io.BytesIO(b"one"), {"source": "paper", "dt": "2026-03-02"})
    opened = store.open("a")
    assert (opened.stream.read(), opened.size, opened.metadata) == (b"one", 3, {"source": "paper", "dt": "2026-03-02"})
    assert opened.modified_at.tzinfo is not None


def test_a_table_keeps_its_schema_and_any_of_its_columns_can_be_read_alone(store: Store) -> None:
    schema = pa.schema(
        [pa.field("a", pa.int32(), nullable=False), ("b", pa.large_string()), ("c", pa.timestamp("us", tz="UTC"))]
    )
    rows = {
        "a": range(50_000),
        "b": [f"text {n}" for n in range(50_000)],
        "c": [datetime(2026, 3, 2, tzinfo=UTC)] * 50_000,
    }
    table = pa.table(rows, schema=schema)
    store.put_table("t", table)
    assert store.read_table("t") == table
    alone = store.read_table("t", ["c", "a"])
    assert sorted(alone.column_names) == ["a", "c"]
    assert alone.select(["a", "c"]) == table.select(["a", "c"])


def test_a_bucket_that_keeps_old_versions_is_refused(store: Store, service_env: dict[str, str]) -> None:
    store.check()
    other = Store(read_settings(service_env | {"COPYDESK_BUCKET": "versioned"}))
    other.client.create_bucket(Bucket="versioned")
    enabled = {"Status": "Enabled"}
    other.client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration=enabled)  # type: ignore[arg-type]
    with pytest.raises(BadStore, match="versioning"):
        other.check()
    other.client.delete_bucket(Bucket="versioned")


@pytest.mark.parametrize(
    "wrong",
    [
        {"COPYDESK_SECRET_ACCESS_KEY": "wrong"},
        {"COPYDESK_ACCESS_KEY_ID": "wrong"},
        {"COPYDESK_BUCKET": "no-such-bucket"},
    ],
)
def test_what_the_store_refuses_is_a_bad_store(service_env: dict[str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(BadStore):
        Store(read_settings(service_env | wrong)).check()


def test_a_store_that_does_not_answer_is_unavailable(service_env: dict[str, str]) -> None:
    with pytest.raises(Unavailable):
        Store(read_settings(service_env | {"COPYDESK_S3_ENDPOINT": "http://127.0.0.1:9"})).get("a")


@pytest.mark.parametrize("minutes", [-20, 20, -2880, 2880])
def test_a_clock_that_is_wrong_is_no_wrong_key(store: Store, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    wrong = datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: wrong)
    with pytest.raises(Unavailable, match="clocks"):
        store.get("a")
