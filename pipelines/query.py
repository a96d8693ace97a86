"""The tables as DuckDB views, read by the heads alone: whole releases, also while one is being swapped."""

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow.fs import S3FileSystem

from pipelines.settings import Settings
from pipelines.stages.publish import Head
from pipelines.storage import Store
from pipelines.swap import read_head, settled_head
from pipelines.tables.published import PUBLISHED

DT = ds.partitioning(pa.schema([("dt", pa.date32())]), flavor="hive")

# One row an article: its newest text, unless that repeats the newest text of another article.
ARTICLES_LATEST = """
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


def connect(settings: Settings, store: Store) -> duckdb.DuckDBPyConnection:
    """A connection with a view for each published table and `articles_latest`, as the heads are now.

    A query that outlives the release it began with fails loudly; connect again and repeat it.
    """
    filesystem = _filesystem(settings)
    heads = [
        head for folder in store.folders("releases/") if (head := _head(store, folder.removeprefix("dt="))) is not None
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
    connection.execute(ARTICLES_LATEST)
    return connection


def _head(store: Store, dt: str) -> Head | None:
    """What is live on a day. Reading needs no right to write, but for a swap that somebody left unfinished."""
    head, _ = read_head(store, dt)
    return settled_head(store, dt)[0] if head is not None and head.is_swapping else head


def ask(settings: Settings, sql: str) -> str:
    """The answer to one query as text. A day replaced while it is read is read again, once, with fresh heads."""
    store = Store(settings)
    try:
        return str(connect(settings, store).sql(sql))
    except (duckdb.Error, OSError) as error:
        if not is_gone(error):
            raise
        return str(connect(settings, store).sql(sql))


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
