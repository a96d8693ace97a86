"""Reading by the heads while a day is replaced."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines import flow, query
from pipelines.intake.ingest import ingest
from pipelines.paths import head_key
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.articles import ARTICLES
from pipelines.tables.checks import CHECKS
from pipelines.tables.ids import article_id
from tests.conftest import Beforehand, now, with_few_rules
from tests.snapshots import restore, snapshot
from tests.stages.assemble.test_assemble import assembled, item
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
    checks = store.read_tables(second.list_keys("checks")).to_pylist()
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


# --- articles_latest ---------------------------------------------------------------------------------------------


class Arrival(NamedTuple):
    """What arrived: for which day, how many days late, at which address, with which text."""

    day: int
    late: int
    minute: int
    source: str
    url: str
    text: str


ADDRESSES = (
    "https://p.example/a",
    "http://p.example/a/?utm_source=x",
    "https://amp.p.example/a",
    "https://p.example/b",
)
ARRIVALS = st.lists(
    st.builds(
        Arrival, st.integers(0, 3), st.sampled_from([0, 0, 0, 9]), st.integers(0, 2),
        st.sampled_from(["p.example", "q.example"]), st.sampled_from(ADDRESSES), st.sampled_from("abc"),
    ),
    max_size=12,
)  # fmt: skip


def read_latest(arrivals: list[Arrival]) -> list[tuple[str, str]]:
    """Assemble the days of these arrivals; return (article, text) of each row of the view."""
    first = datetime(2026, 3, 2, tzinfo=UTC)
    read = ["article_id", "item_id", "content_sha256", "received_at", "revision", "text", "dt"]
    days = [ARTICLES.empty().append_column("dt", pa.array([], pa.date32())).select(read)]
    numbered = sorted(enumerate(arrivals), key=lambda pair: pair[1].day)
    for day, rows in groupby(numbered, key=lambda pair: pair[1].day):
        items = [
            item(
                f"item{number}",
                0,
                row.text,
                source=row.source,
                url=row.url,
                article_id=article_id(row.source, row.url, "00", 0),
                received_at=first + timedelta(days=day + row.late, minutes=row.minute),
            )
            for number, row in rows
        ]
        table = assembled(*items).tables["articles"]
        dt = pa.array([date(2026, 3, 2) + timedelta(days=day)] * table.num_rows, pa.date32())
        days.append(table.append_column("dt", dt).select(read))
    connection = duckdb.connect()
    connection.register("articles", pa.concat_tables(days))
    connection.execute(query.ARTICLES_LATEST_VIEW)
    return [(str(a), str(t)) for a, t in connection.sql("SELECT article_id, text FROM articles_latest").fetchall()]


def sort_by_day(arrivals: list[Arrival]) -> list[Arrival]:
    """Put arrivals in the order in which the tables have them: by day, and by receipt within it."""
    numbered = sorted(enumerate(arrivals), key=lambda pair: (*pair[1][:3], f"item{pair[0]}"))
    return [arrival for _, arrival in numbered]


@pytest.mark.slow
@given(ARRIVALS)
@example([Arrival(day, 0, 0, "p.example", url, "a") for day in (0, 1, 2) for url in ADDRESSES])
@example([Arrival(day, 0, 0, "p.example", ADDRESSES[at], "a") for day, at in ((0, 0), (0, 3), (1, 0))])
def test_the_latest_articles_are_one_row_per_article_and_text_whatever_arrives_when(arrivals: list[Arrival]) -> None:
    newest: dict[str, str] = {}
    had: dict[tuple[str, str], int] = {}
    for at, arrival in enumerate(sort_by_day(arrivals)):
        article = article_id(arrival.source, arrival.url, "00", 0)
        newest[article] = arrival.text
        had.setdefault((article, arrival.text), at)
    expected = {
        text: min((had[article, text], article) for article, its in newest.items() if its == text)[1]
        for text in newest.values()
    }
    assert sorted(read_latest(arrivals)) == sorted((article, text) for text, article in expected.items())


def test_a_text_that_was_changed_back_is_the_newest_again() -> None:
    there_and_back = [Arrival(day, 0, 0, "p.example", ADDRESSES[day % 2], text) for day, text in enumerate("aba")]
    assert [text for _, text in read_latest(there_and_back)] == ["a"]
