"""The tables as DuckDB views. Files are found by the heads alone: whole releases, also while one is being swapped."""

import re
from datetime import date
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow.fs import S3FileSystem

from pipelines.paths import ATTEMPTS, RELEASES
from pipelines.releases.swap import read_live_head
from pipelines.services.storage import Store
from pipelines.settings import Settings
from pipelines.tables.checks import CHECKS
from pipelines.tables.published import PUBLISHED

CHECKS_OF_AN_ATTEMPT = re.compile(ATTEMPTS + r"dt=(\d{4}-\d\d-\d\d)/([0-9a-f]{32})/checks\.parquet")
DT = ds.partitioning(pa.schema([("dt", pa.date32())]), flavor="hive")

# One row per article, and one per text: the newest text of each article; of several articles whose newest text is the
# same, whatever their days, the one that had it first. `duplicate_of` would not do: it knows only one day.
ARTICLES_LATEST_VIEW = """
CREATE VIEW articles_latest AS
WITH texts AS (
    SELECT *, min((dt, received_at, item_id)) OVER (PARTITION BY article_id, content_sha256) AS first_seen
    FROM articles
), newest AS (
    FROM texts
    QUALIFY row_number() OVER (
        PARTITION BY article_id ORDER BY dt DESC, received_at DESC, revision DESC, item_id
    ) = 1
)
SELECT * EXCLUDE (first_seen) FROM newest
QUALIFY row_number() OVER (PARTITION BY content_sha256 ORDER BY first_seen) = 1
"""

# One row per check of an attempt, and one attempt per release id: a release that is checked again is the same attempt.
ATTEMPTS_VIEW = """
CREATE VIEW attempts AS
SELECT dt, release_id, is_live,
    CASE WHEN bool_or(NOT is_success AND severity = 'critical') OVER (PARTITION BY dt, release_id)
        THEN 'stopped' ELSE 'passed' END AS verdict,
    * EXCLUDE (dt, release_id, is_live)
FROM checks_of_attempts
"""


def connect(settings: Settings, store: Store, with_attempts: bool = False) -> duckdb.DuckDBPyConnection:
    """Connect to a database with a view for each published table and `articles_latest`, as the heads are now.

    `with_attempts` adds the view `attempts`: the results of the checks of every attempt, published or not; this lists
    all of them. A query that is still running when its release is replaced fails loudly: connect again and repeat it.
    """
    filesystem = _open_filesystem(settings)
    heads = [
        head
        for folder in store.list_folders(RELEASES)
        if (head := read_live_head(store, folder.removeprefix("dt="))) is not None
    ]
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for table in PUBLISHED:
        # A day published before a table existed has none of it.
        files = [
            f"{store.bucket}/{key}"
            for head in heads
            if table.name in head.objects
            for key in head.list_keys(table.name)
        ]
        schema = table.schema.append(pa.field("dt", pa.date32()))
        dataset = ds.dataset(
            files,
            schema=schema,
            filesystem=filesystem,
            format="parquet",
            partitioning=DT,
            partition_base_dir=store.bucket,
        )
        connection.register(table.name, dataset)
    connection.execute(ARTICLES_LATEST_VIEW)
    if with_attempts:
        connection.register(
            "checks_of_attempts", _open_checks_of_attempts(store, filesystem, {head.release_id for head in heads})
        )
        connection.execute(ATTEMPTS_VIEW)
    return connection


class _ChecksFile(NamedTuple):
    """The checks of one attempt."""

    key: str
    dt: date
    release: str
    is_live: bool


def _open_checks_of_attempts(store: Store, filesystem: S3FileSystem, live: set[str]) -> ds.Dataset:
    """Open the checks of every attempt. Day, release and `is_live` come from the file: a query reads what it needs."""
    matches = [CHECKS_OF_AN_ATTEMPT.fullmatch(entry.key) for entry in store.list_objects(ATTEMPTS)]
    more = [("dt", pa.date32()), ("release_id", pa.string()), ("is_live", pa.bool_())]
    files = [
        _ChecksFile(match[0], date.fromisoformat(match[1]), match[2], match[2] in live) for match in matches if match
    ]
    return ds.FileSystemDataset.from_paths(
        [f"{store.bucket}/{file.key}" for file in files],
        schema=pa.schema([*CHECKS.schema, *(pa.field(name, kind) for name, kind in more)]),
        format=ds.ParquetFileFormat(),
        filesystem=filesystem,
        partitions=[
            (ds.field("dt") == pa.scalar(file.dt, pa.date32()))
            & (ds.field("release_id") == file.release)
            & (ds.field("is_live") == file.is_live)
            for file in files
        ],
        root_partition=ds.scalar(True),
    )


def run_query(settings: Settings, sql: str, allow_files: bool = False) -> str:
    """Return the answer to one query as text. If a day is replaced meanwhile, the query is repeated once.

    The query reads and writes no files of this machine and no addresses, unless `allow_files`.
    """
    store, with_attempts = Store(settings), "attempts" in sql.lower()
    try:
        return _ask(connect(settings, store, with_attempts), sql, allow_files)
    except (duckdb.Error, OSError) as error:
        if not is_gone(error):
            raise
        return _ask(connect(settings, store, with_attempts), sql, allow_files)


def _ask(connection: duckdb.DuckDBPyConnection, sql: str, allow_files: bool) -> str:
    connection.execute("SET python_enable_replacements = false")  # a misspelt table is no variable of ours
    if not allow_files:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")  # or the query itself could allow it again
    answer = connection.sql(sql)
    return "" if answer is None else str(answer)  # a statement that gives no rows


def is_gone(error: BaseException) -> bool:
    """Return whether a query failed because a file that it was to read no longer exists."""
    return "Path does not exist" in str(error)  # PyArrow's words; DuckDB passes them on


def _open_filesystem(settings: Settings) -> S3FileSystem:
    scheme, _, address = (settings.s3_endpoint or "https://").partition("://")
    return S3FileSystem(
        access_key=settings.access_key_id,
        secret_key=settings.secret,
        region=settings.region,
        endpoint_override=address or None,
        scheme=scheme,
    )
