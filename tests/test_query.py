"""Reading by the heads while a day is replaced."""

import duckdb
import pyarrow as pa
import pytest

from pipelines import flow, query
from pipelines.intake.ingest import ingest
from pipelines.paths import head_key
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.checks import CHECKS
from tests.conftest import Beforehand, now, with_few_rules
from tests.snapshots import restore, snapshot
from tests.test_crashes import DAY, hand_in

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("few_rules")]


@pytest.fixture(scope="module")
def three_stories(beforehand: Beforehand) -> dict[str, bytes]:
    store, queue = beforehand()
    hand_in(store, queue, range(3))
    ingest(store, [queue], now)
    with with_few_rules():
        flow.run_day(store, DAY, now())
    return snapshot(store)


@pytest.fixture
def published(store: Store, three_stories: dict[str, bytes]) -> None:
    restore(store, three_stories)


def replace(store: Store, queue: Queue) -> None:
    hand_in(store, queue, range(3, 5))
    ingest(store, [queue], now)
    flow.run_day(store, DAY, now())


@pytest.mark.usefixtures("published")
def test_a_day_replaced_while_it_is_read_is_an_error_and_never_a_mixture(
    settings: Settings, store: Store, queue: Queue
) -> None:
    before = query.connect(settings, store)
    replace(store, queue)
    with pytest.raises((duckdb.Error, OSError)) as gone:
        before.sql("SELECT count(text) FROM articles").fetchall()
    assert query.is_gone(gone.value)
    assert query.connect(settings, store).sql("SELECT count(text) FROM articles").fetchone() == (5,)


@pytest.mark.usefixtures("published")
def test_an_answer_is_asked_for_again_when_a_day_was_replaced_meanwhile(
    settings: Settings, store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = query.connect

    def replaced_once(settings: Settings, store: Store, with_attempts: bool) -> duckdb.DuckDBPyConnection:
        connection = connect(settings, store, with_attempts)
        monkeypatch.setattr(query, "connect", connect)
        replace(store, queue)
        return connection

    monkeypatch.setattr(query, "connect", replaced_once)
    assert "5" in query.run_query(settings, "SELECT count(text) FROM articles")


@pytest.mark.usefixtures("published")
def test_a_day_published_before_a_table_was_there_has_no_rows_of_it(settings: Settings, store: Store) -> None:
    head, _ = read_head(store, str(DAY))
    assert head is not None
    older = head.model_copy(update={"objects": {n: its for n, its in head.objects.items() if n != "entities"}})
    store.put(head_key(str(DAY)), older.model_dump_json().encode())
    connection = query.connect(settings, store)
    assert connection.sql("SELECT count(*) FROM entities").fetchone() == (0,)
    assert connection.sql("SELECT count(*) FROM articles").fetchone() == (3,)


@pytest.mark.usefixtures("published")
def test_a_wrong_query_is_said_once_and_not_asked_again(settings: Settings) -> None:
    with pytest.raises(duckdb.Error, match="nothing"):
        query.run_query(settings, "SELECT nothing FROM articles")


@pytest.mark.usefixtures("published")
def test_every_try_is_an_attempt_with_what_its_checks_saw(settings: Settings, store: Store, queue: Queue) -> None:
    first = read_head(store, str(DAY))[0]
    replace(store, queue)
    second = read_head(store, str(DAY))[0]
    stopped = "f" * 32
    assert first is not None
    assert second is not None
    checks = store.read_table(second.objects["checks"].key).to_pylist()
    checks[-1] |= {"severity": "critical", "is_success": False}
    store.put_table(f"attempts/dt={DAY}/{stopped}/checks.parquet", pa.Table.from_pylist(checks, CHECKS.schema))
    connection = query.connect(settings, store, with_attempts=True)
    asked = "SELECT DISTINCT dt, release_id, is_live, verdict FROM attempts"
    assert set(connection.sql(asked).fetchall()) == {
        (DAY, first.release_id, False, "passed"),
        (DAY, second.release_id, True, "passed"),
        (DAY, stopped, False, "stopped"),
    }
    failed = connection.sql("SELECT check_index FROM attempts WHERE verdict = 'stopped' AND severity = 'critical'")
    assert (checks[-1]["check_index"],) in failed.fetchall()
    assert connection.sql("SELECT count(*) FROM attempts").fetchone() == (3 * len(checks),)


@pytest.mark.usefixtures("published")
def test_attempts_of_a_day_are_read_without_those_of_others(settings: Settings, store: Store) -> None:
    store.put(f"attempts/dt=2026-02-01/{'e' * 32}/checks.parquet", b"no Parquet at all")
    connection = query.connect(settings, store, with_attempts=True)
    counted = f"SELECT count(*) > 0 FROM attempts WHERE dt = '{DAY}' AND is_live"
    assert connection.sql(counted).fetchone() == (True,)


def test_without_any_try_there_are_no_attempts(settings: Settings) -> None:
    assert "0" in query.run_query(settings, "SELECT count(*) FROM attempts")
