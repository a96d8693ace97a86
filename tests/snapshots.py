"""The store as it was: what takes seconds to make is made once, and laid back before each test or each crash."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.services.storage import Store

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import ObjectIdentifierTypeDef

MOST_AT_ONCE = 1000  # objects that S3 deletes in one call


def snapshot(store: Store) -> dict[str, bytes]:
    """Return all objects of the bucket."""
    return {entry.key: store.get(entry.key) for entry in store.list_objects("")}


def restore(store: Store, objects: dict[str, bytes]) -> None:
    """Make the bucket hold these objects and no others.

    An ETag is the hash of the bytes: plans still fit, and what has not changed is left alone.
    """
    there = {entry.key: entry.etag for entry in store.list_objects("")}
    delete_at_once(store, there.keys() - objects.keys())
    for key, data in objects.items():
        if there.get(key) != hashlib.md5(data).hexdigest():
            store.put(key, data)


def empty(store: Store) -> None:
    """Delete all objects of the bucket."""
    delete_at_once(store, [entry.key for entry in store.list_objects("")])


def delete_at_once(store: Store, keys: Iterable[str]) -> None:
    """Delete objects in few calls, where the store itself takes one for each."""
    rest: Iterator[str] = iter(keys)
    while batch := list(islice(rest, MOST_AT_ONCE)):
        objects: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in batch]
        store.client.delete_objects(Bucket=store.bucket, Delete={"Objects": objects})
