"""The object store: one bucket, plain objects, conditional writes. Errors of S3 become ours here."""

import io
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

import boto3
import pyarrow as pa
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.response import StreamingBody

from pipelines.errors import BadStore, LostRace, Missing, Refused, Unavailable
from pipelines.settings import Settings
from pipelines.tables.parquet import decode_parquet, encode_parquet, read_parquet

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

# Error codes by which S3 and its like say that an object is not there, and that a condition does not hold.
ABSENT = {"NoSuchKey", "404", "NotFound"}
LOST = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
# The clocks are too far apart for a signature: the store answers 403, as it does to a wrong key, but clocks get set.
SKEWED = {"RequestTimeTooSkewed", "RequestExpired"}


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One object as a listing shows it; size in bytes."""

    key: str
    size: int
    etag: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectStream:
    """An object being read: its bytes as a stream, and what the store knows about it."""

    stream: io.RawIOBase
    size: int
    etag: str
    modified_at: datetime
    media_type: str | None
    metadata: dict[str, str]


class Store:
    """One bucket. Safe to share between threads.

    All methods raise Unavailable if the store does not answer properly, and BadStore if it denies access.
    """

    def __init__(self, settings: Settings, attempts: int = 6) -> None:
        """Connect to the bucket of the settings; each call is attempted so many times."""
        self.bucket = settings.bucket
        self.client: S3Client = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint,
            region_name=settings.region,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret,
            config=Config(
                retries={"mode": "standard", "max_attempts": attempts},
                max_pool_connections=32,
                connect_timeout=10,
                read_timeout=60,
                s3={"addressing_style": "path"} if settings.s3_endpoint else {},
            ),
        )

    def check(self) -> None:
        """Raise BadStore unless the bucket exists and keeps no old versions: what is taken down must be gone."""
        with _translate_errors(self.bucket):
            versioning = self.client.get_bucket_versioning(Bucket=self.bucket).get("Status")
        if versioning:  # also where suspended: old versions are kept
            raise BadStore(
                f"versioning of bucket {self.bucket} is {versioning}, so deleted articles would stay readable; "
                "use a bucket that never had versioning"
            )

    def get(self, key: str) -> bytes:
        """Return the bytes of an object. Raises Missing."""
        return self.get_with_etag(key)[0]

    def get_with_etag(self, key: str) -> tuple[bytes, str]:
        """Return the bytes of an object and its ETag, for a conditional write. Raises Missing."""
        stored = self.open(key)
        with _translate_errors(key):
            return stored.stream.read(), stored.etag

    def open(self, key: str) -> ObjectStream:
        """Open an object, to be read as a stream. Raises Missing."""
        with _translate_errors(key):
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
        return ObjectStream(
            _Body(answer["Body"]),
            answer["ContentLength"],
            answer["ETag"].strip('"'),
            answer["LastModified"],
            answer.get("ContentType"),
            answer["Metadata"],
        )

    def put(
        self,
        key: str,
        data: bytes,
        *,
        if_absent: bool = False,
        if_match: str | None = None,
        media_type: str = "binary/octet-stream",
    ) -> str:
        """Write an object whole and return its ETag. Raises LostRace if the condition does not hold."""
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if if_absent else {"IfMatch": if_match} if if_match else {}
        with _translate_errors(key):
            answer = self.client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=media_type, **condition)
        return answer["ETag"].strip('"')

    def upload(self, key: str, stream: IO[bytes], metadata: dict[str, str] | None = None) -> None:
        """Write an object of any size from a stream; a large one in parts."""
        config = TransferConfig(multipart_threshold=32 << 20, multipart_chunksize=32 << 20, use_threads=False)
        with _translate_errors(key):
            self.client.upload_fileobj(stream, self.bucket, key, {"Metadata": metadata or {}}, Config=config)

    def read_info(self, key: str) -> ObjectInfo:
        """Return what a listing would show of an object. Raises Missing."""
        with _translate_errors(key):
            answer = self.client.head_object(Bucket=self.bucket, Key=key)
        return ObjectInfo(key, answer["ContentLength"], answer["ETag"].strip('"'), answer["LastModified"])

    def exists(self, key: str) -> bool:
        """Return whether there is an object of that name."""
        try:
            with _translate_errors(key):
                self.client.head_object(Bucket=self.bucket, Key=key)
        except Missing:
            return False
        return True

    def list_objects(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the objects under a prefix, in key order."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        with _translate_errors(prefix):
            for page in pages:
                for entry in page.get("Contents", []):
                    yield ObjectInfo(entry["Key"], entry["Size"], entry["ETag"].strip('"'), entry["LastModified"])

    def list_folders(self, prefix: str) -> list[str]:
        """Return the names directly under a prefix that have objects below them, sorted."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/")
        with _translate_errors(prefix):
            folders = [folder["Prefix"] for page in pages for folder in page.get("CommonPrefixes", [])]
        return sorted(name.removeprefix(prefix).rstrip("/") for name in folders)

    def copy(self, source: str, target: str, *, if_match: str | None = None) -> None:
        """Copy an object within the store. Raises Missing if it is gone, LostRace if it was replaced."""
        condition: dict[str, Any] = {"CopySourceIfMatch": if_match} if if_match else {}
        origin = {"Bucket": self.bucket, "Key": source}
        with _translate_errors(source):
            self.client.copy_object(Bucket=self.bucket, Key=target, CopySource=origin, **condition)  # type: ignore[arg-type]

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects. It is no error if one is gone already."""
        for key in keys:
            with _translate_errors(key):
                self.client.delete_object(Bucket=self.bucket, Key=key)

    def delete_if_unchanged(self, entry: ObjectInfo) -> None:
        """Delete an object unless it has been replaced since it was listed."""
        try:
            with _translate_errors(entry.key):
                self.client.delete_object(Bucket=self.bucket, Key=entry.key, IfMatch=entry.etag)
        except (LostRace, Missing):
            return

    def read_table(self, key: str, columns: list[str] | None = None) -> pa.Table:
        """Return a Parquet object as a table. With `columns`, only their bytes are fetched. Raises Missing."""
        if columns is None:
            return decode_parquet(self.get(key))
        with _translate_errors(key):
            size = self.client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
            return read_parquet(pa.PythonFile(_Ranges(self, key, size), mode="r"), columns)

    def read_tables(self, keys: Sequence[str], columns: list[str] | None = None) -> pa.Table:
        """Return the Parquet objects under these keys, the parts of one table, as one table. Raises Missing."""
        return pa.concat_tables(self.read_table(key, columns) for key in keys)

    def put_table(self, key: str, table: pa.Table) -> None:
        """Write a table as Parquet."""
        self.put(key, encode_parquet(table))


@contextmanager
def _translate_errors(name: str) -> Iterator[None]:
    """Turn what boto3 raises into our errors, which name the object or bucket."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in LOST:
            raise LostRace(f"{name} was changed by another writer") from error
        if code in ABSENT:
            raise Missing(f"{name} is not in the store") from error
        if code in SKEWED:
            raise Unavailable(f"{name}: the clocks of this machine and of the store differ; set both (NTP)") from error
        if code == "NoSuchBucket" or status in (401, 403):
            raise BadStore(
                f"{name}: {error}; check COPYDESK_BUCKET and the access key, or create the bucket"
            ) from error
        if 400 <= status < 500 and status not in (408, 429):
            raise Refused(f"{name}: {error}") from error
        raise Unavailable(f"{name}: {error}") from error
    except ParamValidationError as error:  # such as an empty key: asking again does not help
        raise Refused(f"{name!r}: {error}") from error
    except (BotoCoreError, OSError) as error:
        raise Unavailable(f"{name}: {error}; check that the object store runs, and COPYDESK_S3_ENDPOINT") from error


class _Body(io.RawIOBase):
    """A response body as an ordinary stream. If the connection breaks, Unavailable is raised: the file is not short."""

    def __init__(self, body: StreamingBody) -> None:
        self.body = body

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        with _translate_errors("object body"):
            return self.body.read(None if size is None or size < 0 else size)

    def readall(self) -> bytes:
        return self.read()

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Ranges(io.RawIOBase):
    """An object read by byte ranges, so that a few columns cost a few requests and not the whole file."""

    def __init__(self, store: Store, key: str, size: int) -> None:
        self.store, self.key, self.size, self.at, self.lock = store, key, size, 0, threading.Lock()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def read(self, size: int | None = -1, /) -> bytes:
        end = self.size if size is None or size < 0 else min(self.at + size, self.size)
        if end <= self.at:
            return b""
        with self.lock:
            span = f"bytes={self.at}-{end - 1}"
            answer = self.store.client.get_object(Bucket=self.store.bucket, Key=self.key, Range=span)
            data = answer["Body"].read()
            self.at += len(data)
        return data
