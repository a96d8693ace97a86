"""The tables as DuckDB views, read by the heads alone: whole releases, also while one is being swapped."""

import re
from datetime import date

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

CHECKS_OF_A_TRY = re.compile(ATTEMPTS + r"dt=(\d{4}-\d\d-\d\d)/([0-9a-f]{32})/checks\.parquet")
DT = ds.partitioning(pa.schema([("dt", pa.date32())]), flavor="hive")

# One row an article: its newest text, unless that repeats the newest text of another article.
ARTICLES_LATEST_VIEW = """
CREATE VIEW articles_latest AS
WITH newest AS (
    SELECT * FROM articles
    QUALIFY row_number() OVER (
        PARTITION BY article_id ORDER BY dt DESC, received_at DESC, revision DESC, item_id
    ) = 1
)
SELECT * FROM newest
WHERE duplicate_of IS NULL OR duplicate_of NOT IN (SELECT item_id FROM newest)
"""

# One row a check of a try, and one try a release id: a release that is judged again is the same try.
ATTEMPTS_VIEW = """
CREATE VIEW attempts AS
SELECT dt, release_id, is_live,
    CASE WHEN bool_or(NOT is_success AND severity = 'critical') OVER (PARTITION BY dt, release_id)
        THEN 'stopped' ELSE 'passed' END AS verdict,
    * EXCLUDE (dt, release_id, is_live)
FROM tries
"""


def connect(settings: Settings, store: Store, with_attempts: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with a view for each published table and `articles_latest`, as the heads are now.

    `with_attempts` adds the view `attempts`: what the checks saw on every try, published or not. It lists all of them.
    A query that outlives the release it began with fails loudly; connect again and repeat it.
    """
    filesystem = _filesystem(settings)
    heads = [
        head
        for folder in store.list_folders(RELEASES)
        if (head := read_live_head(store, folder.removeprefix("dt="))) is not None
    ]
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for table in PUBLISHED:
        # A day published before a table existed has none of it.
        files = [f"{store.bucket}/{head.objects[table.name].key}" for head in heads if table.name in head.objects]
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
        connection.register("tries", _tries(store, filesystem, {head.release_id for head in heads}))
        connection.execute(ATTEMPTS_VIEW)
    return connection


def _tries(store: Store, filesystem: S3FileSystem, live: set[str]) -> ds.Dataset:
    """The checks of every try. Day, release and whether it is live are those of the file: only what is asked for is
    read."""
    keys = [CHECKS_OF_A_TRY.fullmatch(entry.key) for entry in store.list_objects(ATTEMPTS)]
    more = [("dt", pa.date32()), ("release_id", pa.string()), ("is_live", pa.bool_())]
    found = [(key[0], date.fromisoformat(key[1]), key[2], key[2] in live) for key in keys if key]
    return ds.FileSystemDataset.from_paths(
        [f"{store.bucket}/{key}" for key, *_ in found],
        schema=pa.schema([*CHECKS.schema, *(pa.field(name, kind) for name, kind in more)]),
        format=ds.ParquetFileFormat(),
        filesystem=filesystem,
        partitions=[
            (ds.field("dt") == pa.scalar(dt, pa.date32()))
            & (ds.field("release_id") == release)
            & (ds.field("is_live") == is_live)
            for _, dt, release, is_live in found
        ],
        root_partition=ds.scalar(True),
    )


def run_query(settings: Settings, sql: str) -> str:
    """The answer to one query as text. A day replaced while it is read is read again, once, with fresh heads."""
    store, with_attempts = Store(settings), "attempts" in sql.lower()
    try:
        return str(connect(settings, store, with_attempts).sql(sql))
    except (duckdb.Error, OSError) as error:
        if not is_gone(error):
            raise
        return str(connect(settings, store, with_attempts).sql(sql))


def is_gone(error: BaseException) -> bool:
    """Whether a query failed because a file that it was to read is not there any more."""
    return "Path does not exist" in str(error)  # PyArrow's words; DuckDB passes them on


def _filesystem(settings: Settings) -> S3FileSystem:
    scheme, _, address = (settings.s3_endpoint or "https://").partition("://")
    return S3FileSystem(
        access_key=settings.access_key_id,
        secret_key=settings.secret,
        region=settings.region,
        endpoint_override=address or None,
        scheme=scheme,
    )
