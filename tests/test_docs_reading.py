"""The examples in the pages for readers run as they stand, and say what the pages promise."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from demo.parcel import make_event
from pipelines import flow
from pipelines.intake.ingest import ingest
from pipelines.query import ARTICLES_LATEST_VIEW
from pipelines.releases.swap import read_head
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import read_settings
from tests.conftest import now, with_few_rules
from tests.snapshots import empty
from tests.test_flow import DAYS, hand_in

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(python|sql|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

HOST = "slow-herald.example"
FIRST = "The old bridge over the Alder was closed on Monday after cracks were found in two of its piers. " * 4
SECOND = "The old bridge over the Alder was opened again on Tuesday; the cracks proved to be in the paint. " * 4


@dataclass(frozen=True)
class Example:
    """A fenced block: the page and the heading it stands under, its language, and its code."""

    page: str
    heading: str
    language: str
    code: str


def examples(*pages: str) -> list[Example]:
    """Every example of these pages, in the order of reading."""
    found = []
    for page in pages:
        text = (ROOT / page).read_text()
        for fence in FENCE.finditer(text):
            # Comments inside of blocks look like headings: only what stands outside of them counts.
            heading = HEADING.findall(FENCE.sub("", text[: fence.start()]))[-1]
            found.append(Example(page, heading, fence[1], fence[2]))
    return found


PAGE = examples("docs/reading.md")


def under(heading: str) -> list[Example]:
    return [example for example in PAGE if example.heading == heading]


def herald(name: str, text: str, dt: str, time: str, published_at: str) -> bytes:
    data = {"url": f"https://{HOST}/{name}", "title": "The bridge", "text": text, "published_at": published_at}
    return make_event(f"{name}-{time}", HOST, time, dt, data)


@dataclass(frozen=True)
class Published:
    """The demo, an article that changed on its second day, and what the heads say: texts on each day."""

    env: dict[str, str]
    texts: dict[str, int]


@pytest.fixture(scope="module")
def published(service_env: dict[str, str]) -> Iterator[Published]:
    env = service_env | {"COPYDESK_QUEUE": "reading"}
    settings = read_settings(env)
    store = Store(settings)
    empty(store)
    Queue(settings, service_env["COPYDESK_QUEUE"]).client.create_queue(QueueName="reading")
    queue = Queue(settings, "reading")
    hand_in(store, queue)
    first, second, third = map(str, DAYS)
    for body, dt in (
        (herald("bridge", FIRST, first, f"{first}T09:00:00Z", f"{first}T08:00:00Z"), first),
        (herald("bridge", SECOND, second, f"{second}T09:00:00Z", f"{first}T08:00:00Z"), second),
        (herald("late", FIRST[::-1], third, f"{third}T09:00:00Z", f"{second}T08:00:00Z"), third),
    ):
        queue.send(body.decode(), dt=dt)
    assert ingest(store, [queue], now).is_complete
    texts = {}
    for day in DAYS:
        with with_few_rules():
            flow.run_day(store, day, now())
        head, _ = read_head(store, str(day))
        assert head is not None
        texts[str(day)] = head.count_rows("articles")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        yield Published(env, texts)


@pytest.fixture(scope="module")
def con(published: Published) -> duckdb.DuckDBPyConnection:
    """The page's DuckDB connection, with the views that its SQL makes on the way."""
    (connect,) = [example for example in under("DuckDB") if example.language == "python"]
    names: dict[str, Any] = {}
    exec(connect.code, names)
    connection = names["con"]
    assert isinstance(connection, duckdb.DuckDBPyConnection)
    for example in (*under("By the heads"), under("articles_latest")[0]):
        connection.execute(example.code)
    return connection


def printed(example: Example) -> str:
    """What a python or shell example prints, run in a process of its own."""
    bins = Path(sys.executable).parent
    argv = {
        "python": [sys.executable, "-c", example.code],
        "sh": ["sh", "-ec", example.code.replace(".venv/bin/", f"{bins}/")],
    }[example.language]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(con: duckdb.DuckDBPyConnection, heading: str) -> list[dict[str, Any]]:
    """What the last SQL example under a heading answers."""
    rows: list[dict[str, Any]] = con.sql(under(heading)[-1].code).to_arrow_table().to_pylist()
    return rows


def test_every_example_is_run_by_a_test() -> None:
    headings = [example.heading for example in PAGE]
    assert headings == [
        "copydesk query", "attempts", "DuckDB", "By glob", "By the heads", "articles_latest", "articles_latest",
        "Published on a day", "Offsets", "Who says what", "The bytes of what was rejected", "Polars", "PyArrow",
        "pandas", "Five readers, one count",
    ]  # fmt: skip


def test_the_page_gives_the_view_that_the_command_has() -> None:
    assert under("articles_latest")[0].code.strip() == ARTICLES_LATEST_VIEW.strip()


@pytest.mark.services
@pytest.mark.parametrize("reader", ["copydesk query", "Polars", "PyArrow", "pandas"])
def test_a_reader_finds_as_many_texts_as_the_heads_say(published: Published, reader: str) -> None:
    (example,) = under(reader)
    assert int(re.findall(r"\b\d+\b", printed(example))[-1]) == sum(published.texts.values())


@pytest.mark.services
def test_the_tries_of_each_day_are_found(published: Published) -> None:
    (example,) = under("attempts")
    said = printed(example)
    assert said.count("passed") == len(published.texts)
    assert all(day in said for day in published.texts)


@pytest.mark.services
def test_all_readers_find_as_many_texts_as_the_heads_say(published: Published) -> None:
    (example,) = under("Five readers, one count")
    assert printed(example).split() == [str(sum(published.texts.values()))] * 5


@pytest.mark.services
def test_the_reader_of_readme_finds_as_many_texts_as_the_heads_say(published: Published) -> None:
    (example,) = [example for example in examples("README.md") if example.language == "python"]
    assert printed(example).strip() == str(sum(published.texts.values()))


@pytest.mark.services
def test_duckdb_connects_in_a_process_of_its_own(published: Published) -> None:
    assert printed(under("DuckDB")[0]) == ""


@pytest.mark.services
def test_duckdb_by_glob_finds_each_day_as_its_head_says(published: Published, con: duckdb.DuckDBPyConnection) -> None:
    assert {str(row["dt"]): row["texts"] for row in answer(con, "By glob")} == published.texts


@pytest.mark.services
def test_duckdb_by_the_heads_finds_as_many_texts(published: Published, con: duckdb.DuckDBPyConnection) -> None:
    assert con.sql("SELECT count(*) FROM articles").fetchall() == [(sum(published.texts.values()),)]
    con.sql("SELECT * FROM duplicates JOIN articles ON kept_item_id = articles.item_id").fetchall()


@pytest.mark.services
def test_articles_latest_has_each_article_once(published: Published, con: duckdb.DuckDBPyConnection) -> None:
    (counts,) = answer(con, "articles_latest")
    assert counts["articles"] == counts["texts"] < sum(published.texts.values())


@pytest.mark.services
def test_articles_latest_shows_the_newest_text_of_a_changed_article(con: duckdb.DuckDBPyConnection) -> None:
    of_bridge = f"WHERE url = 'https://{HOST}/bridge'"
    assert [text[:40] for (text,) in con.sql(f"SELECT text FROM articles {of_bridge} ORDER BY dt").fetchall()] == [
        FIRST[:40],
        SECOND[:40],
    ]
    assert con.sql(f"SELECT text[:40], revision FROM articles_latest {of_bridge}").fetchall() == [(SECOND[:40], 1)]


@pytest.mark.services
def test_a_window_of_receipt_finds_what_was_published_on_a_day(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = answer(con, "Published on a day")
    everything = "SELECT count(DISTINCT article_id) FROM articles WHERE published_on = '2026-03-03'"
    assert row["articles"] == con.sql(everything).fetchall()[0][0]
    late = f"SELECT dt::varchar, published_on::varchar FROM articles WHERE url = 'https://{HOST}/late'"
    assert con.sql(late).fetchall() == [("2026-03-04", "2026-03-03")]


@pytest.mark.services
def test_offsets_lead_to_the_keyword_in_sql_and_python(con: duckdb.DuckDBPyConnection) -> None:
    rows = answer(con, "Offsets")
    assert len(rows) > 100
    assert [row["found"] for row in rows] == [row["term"] for row in rows]
    for text, keywords in con.sql("SELECT text, keywords FROM articles").fetchall():
        assert [text[k["start"] : k["end"]] for k in keywords] == [k["term"] for k in keywords]


@pytest.mark.services
def test_quotes_are_read_with_who_says_them(con: duckdb.DuckDBPyConnection) -> None:
    rows = answer(con, "Who says what")
    assert len(rows) > 5
    assert any(row["kind"] == "person" and row["speaker_name"] for row in rows)
    quotes = con.sql(
        "SELECT articles.text, quote.text, quote.start, quote.end FROM articles"
        " JOIN read_parquet('s3://copydesk/tables/quotes/*/*.parquet') AS quote USING (item_id)"
    )
    assert all(text[start:end] == said for text, said, start, end in quotes.fetchall())


@pytest.mark.services
def test_the_bytes_of_every_rejected_item_of_the_day_are_found(con: duckdb.DuckDBPyConnection) -> None:
    rows = answer(con, "The bytes of what was rejected")
    rejected = con.sql("FROM read_parquet('s3://copydesk/tables/rejected/dt=2026-03-03/*.parquet')").fetchall()
    assert len(rows) == len(rejected) > 0
    assert any(row["payload"].startswith(b"\x89PNG") for row in rows)


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """Two days, of which the second has a column more."""
    for dt, table in {
        "2026-03-02": pa.table({"title": ["a"]}),
        "2026-03-03": pa.table({"title": ["b"], "tone": [0.5]}),
    }.items():
        (tmp_path / f"dt={dt}").mkdir()
        pq.write_table(table, tmp_path / f"dt={dt}" / "articles.parquet")
    return tmp_path


def test_duckdb_shows_an_added_column_only_by_name(grown: Path) -> None:
    files = f"'{grown}/*/*.parquet'"
    assert duckdb.sql(f"FROM read_parquet({files})").columns == ["title", "dt"]
    by_name = duckdb.sql(f"SELECT title, tone FROM read_parquet({files}, union_by_name = true) ORDER BY dt")
    assert by_name.fetchall() == [("a", None), ("b", 0.5)]


def test_polars_raises_at_an_added_column_unless_given_the_schema(grown: Path) -> None:
    with pytest.raises(pl.exceptions.SchemaError, match="extra column"):
        pl.scan_parquet(f"{grown}/*/*.parquet", hive_partitioning=True).collect()
    newest = pl.scan_parquet(f"{grown}/dt=2026-03-03/*.parquet", hive_partitioning=False).collect_schema()
    articles = pl.scan_parquet(
        f"{grown}/*/*.parquet", hive_partitioning=True, schema=newest, missing_columns="insert"
    ).collect()
    assert articles.columns == ["title", "tone", "dt"]
    assert articles["tone"].to_list() == [None, 0.5]
    dropped = pl.scan_parquet(f"{grown}/*/*.parquet", hive_partitioning=True, extra_columns="ignore").collect()
    assert dropped.columns == ["title", "dt"]


def test_pyarrow_shows_an_added_column_only_with_a_schema(grown: Path) -> None:
    found = ds.dataset(grown, partitioning="hive")
    assert found.schema.names == ["title", "dt"]
    schemas = [file.physical_schema for file in found.get_fragments()]
    whole = found.replace_schema(pa.unify_schemas([found.schema, *schemas]))
    assert whole.to_table()["tone"].to_pylist() == [None, 0.5]


def test_pandas_leaves_an_added_column_out_unless_it_is_named_and_then_fails(grown: Path) -> None:
    assert pd.read_parquet(grown).columns.to_list() == ["title", "dt"]
    with pytest.raises(pa.ArrowInvalid, match="tone"):
        pd.read_parquet(grown, columns=["title", "tone"])
