"""Publishing: one day's tables swapped for others, whole, whatever crashes or sleeps on the way.

0. the live objects are copied to archive/;
1. head.json says "swapping", written on the condition of the ETag that the *plan* read: a day that changed since it
   was planned is lost here, before anything is touched;
2. per table, `articles` last: staging → tables, then the replaced object is deleted;
3. staging is deleted: the fence; a writer that slept and wakes finds nothing to copy, and stops;
4. head.json says "done", and whatever else lies in the partition is deleted.

Whoever meets an unfinished swap rolls it forward. docs/decisions/0003-serials.md says why names carry a serial.
"""

from pipelines.errors import LostRace, Missing
from pipelines.paths import (
    archived_key,
    head_key,
    key_serial,
    partition_prefix,
    publication_key,
    staging_key,
    staging_prefix,
)
from pipelines.releases.heads import Head
from pipelines.services.storage import Store
from pipelines.tables.published import PUBLISHED


def read_head(store: Store, dt: str) -> tuple[Head | None, str | None]:
    """What is live on a day, and the ETag to change it by; (None, None) for a day that was never published."""
    try:
        data, etag = store.get_with_etag(head_key(dt))
    except Missing:
        return None, None
    return Head.model_validate_json(data), etag


def read_live_head(store: Store, dt: str) -> Head | None:
    """What is live on a day. Reading needs no right to write, but for a swap that somebody left unfinished."""
    head, _ = read_head(store, dt)
    return settled_head(store, dt)[0] if head is not None and head.is_swapping else head


def settled_head(store: Store, dt: str) -> tuple[Head | None, str | None]:
    """The head of a day after rolling forward whatever swap was left unfinished.

    Raises Missing where that cannot be done: what was staged for it was deleted by another hand.
    """
    head, etag = read_head(store, dt)
    while head is not None and head.is_swapping:
        roll_forward(store, head, etag)
        met = etag
        head, etag = read_head(store, dt)
        if head is not None and head.is_swapping and etag == met:
            raise Missing(f"{dt}: the swap to {head.release_id} is unfinished, and what was staged for it is gone")
    return head, etag


def swap(store: Store, live: Head | None, etag: str | None, new: Head) -> None:
    """Make `new` live where `live` (with that ETag) was planned to be replaced. Raises LostRace."""
    if live is not None:
        for name, old in new.replaced.items():
            try:
                store.copy(old.key, archived_key(name, new.dt, live.release_id))
            except Missing:
                raise LostRace(f"{new.dt} was published by another writer since it was planned") from None
    written = new.model_dump_json(indent=1).encode()
    new_etag = store.put(head_key(new.dt), written, if_match=etag, if_absent=etag is None)
    if new.is_swapping:
        roll_forward(store, new, new_etag)
    else:
        _record(store, new)
        delete_staged(store, new.release_id, new.serial)
        _clear(store, new)


def roll_forward(store: Store, head: Head, etag: str | None) -> None:
    """Finish a swap, from wherever it was left. Any number of writers may do so at once, at any pace."""
    for name in _tables(head):
        target = head.objects[name].key
        try:
            if not store.exists(target):
                store.copy(staging_key(name, head.release_id, head.serial), target)
        except Missing:
            return  # the fence: another writer has finished this swap, and maybe later ones
        if name in head.replaced:
            store.delete([head.replaced[name].key])
    delete_staged(store, head.release_id, head.serial)
    done = head.model_copy(update={"is_swapping": False, "replaced": {}})
    _record(store, done)
    try:
        store.put(head_key(head.dt), done.model_dump_json(indent=1).encode(), if_match=etag)
    except LostRace:
        return  # another writer said so first
    _clear(store, done)


def _tables(head: Head) -> list[str]:
    """The tables of a release in the order of publishing; one made by older code may have fewer than there are now."""
    return [table.name for table in PUBLISHED if table.name in head.objects]


def _record(store: Store, head: Head) -> None:
    """Keep what became live, for when it no longer is: what was where, with its hashes."""
    store.put(publication_key(head.dt, head.release_id, head.serial), head.model_dump_json(indent=1).encode())


def delete_staged(store: Store, release_id: str, serial: int) -> None:
    """Delete all that is staged for a publication."""
    store.delete(entry.key for entry in store.list_objects(staging_prefix(release_id, serial)))


def _clear(store: Store, head: Head) -> None:
    """Delete what older publications left in the day's partitions.

    Only what is older than the live objects: whoever wakes up here late must not touch what came after.
    """
    for name in _tables(head):
        live = head.objects[name].key
        for entry in store.list_objects(partition_prefix(name, head.dt)):
            if key_serial(entry.key) < key_serial(live):
                store.delete([entry.key])
