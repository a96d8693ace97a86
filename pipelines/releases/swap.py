"""Publishing: swap the tables of one day for others, as a whole, whatever crashes or sleeps on the way.

0. the live objects are copied to archive/;
1. head.json is set to "swapping", on the condition of the ETag that the *plan* read: if the day has changed since it
   was planned, the attempt loses here, before anything is touched;
2. per table, `articles` last: staging → tables, all parts, then the replaced objects are deleted;
3. staging is deleted: the fence; a writer that slept and wakes finds nothing to copy, and stops;
4. head.json is set to "done", and older objects in the partition are deleted.

Every process that finds an unfinished swap rolls it forward. docs/decisions/0003-serials.md says why object names
carry a serial.
"""

from pipelines.errors import LostRace, Missing
from pipelines.paths import (
    archived_key,
    head_key,
    key_serial,
    parse_part,
    partition_prefix,
    publication_key,
    staging_key,
    staging_prefix,
)
from pipelines.releases.heads import Head, StoredHead, number_parts
from pipelines.services.storage import Store
from pipelines.tables.published import PUBLISHED


def read_head(store: Store, dt: str) -> StoredHead:
    """Read the head of a day; (None, None) for a day that was never published."""
    try:
        data, etag = store.get_with_etag(head_key(dt))
    except Missing:
        return StoredHead(None, None)
    return StoredHead(Head.model_validate_json(data), etag)


def read_live_head(store: Store, dt: str) -> Head | None:
    """Read what is live on a day. Needs no right to write, unless a swap was left unfinished."""
    head, _ = read_head(store, dt)
    return settled_head(store, dt).head if head is not None and head.is_swapping else head


def settled_head(store: Store, dt: str) -> StoredHead:
    """Return the head of a day, after rolling forward a swap that was left unfinished.

    Raises Missing if that is impossible, because somebody deleted the staged objects.
    """
    head, etag = read_head(store, dt)
    while head is not None and head.is_swapping:
        roll_forward(store, head, etag)
        unfinished = etag
        head, etag = read_head(store, dt)
        if head is not None and head.is_swapping and etag == unfinished:
            raise Missing(
                f"{dt}: the swap to {head.release_id} is unfinished, and its staged objects are gone; restore"
                f" {staging_prefix(head.release_id, head.serial)} from a backup"
            )
    return StoredHead(head, etag)


def list_kept_keys(store: Store, prefix: str) -> dict[str, list[str]]:
    """List the objects of a staged or archived release, which are directly under a prefix, by table, in their order."""
    keys = [entry.key for entry in store.list_objects(prefix) if "/" not in entry.key.removeprefix(prefix)]
    tables: dict[str, list[str]] = {}
    for key in sorted(keys, key=parse_part):
        tables.setdefault(parse_part(key)[0], []).append(key)
    return tables


def swap(store: Store, live: Head | None, etag: str | None, new: Head) -> None:
    """Make `new` live, in place of `live` with this ETag. Raises LostRace if the day has changed since."""
    if live is not None:
        try:
            _archive(store, new, live.release_id)
        except Missing:
            raise LostRace(f"{new.dt} was published by another writer since it was planned; plan it again") from None
    written = new.model_dump_json(indent=1).encode()
    new_etag = store.put(head_key(new.dt), written, if_match=etag, if_absent=etag is None)
    if new.is_swapping:
        roll_forward(store, new, new_etag)
    else:
        _record_publication(store, new)
        delete_staged(store, new.release_id, new.serial)
        _delete_older_objects(store, new)


def roll_forward(store: Store, head: Head, etag: str | None) -> None:
    """Finish a swap from any point where it was left. Any number of writers may do so at once, at any pace."""
    for name in _list_tables(head):
        keys = head.list_keys(name)
        try:
            for target, number in zip(keys, number_parts(keys), strict=True):
                if not store.exists(target):
                    store.copy(staging_key(name, head.release_id, head.serial, number), target)
        except Missing:
            return  # the fence: another writer has finished this swap, and maybe later ones
        store.delete(part.key for part in head.replaced.get(name, ()))
    delete_staged(store, head.release_id, head.serial)
    done = head.model_copy(update={"is_swapping": False, "replaced": {}})
    _record_publication(store, done)
    try:
        store.put(head_key(head.dt), done.model_dump_json(indent=1).encode(), if_match=etag)
    except LostRace:
        return  # another writer was first
    _delete_older_objects(store, done)


def _archive(store: Store, new: Head, live_release: str) -> None:
    """Copy the objects that a head replaces to the archive. Raises Missing."""
    for name, parts in new.replaced.items():
        for part, number in zip(parts, number_parts(parts), strict=True):
            store.copy(part.key, archived_key(name, new.dt, live_release, number))


def _list_tables(head: Head) -> list[str]:
    """List the tables of a release in the order of publishing; one of older code may have fewer than there are now."""
    return [table.name for table in PUBLISHED if table.name in head.objects]


def _record_publication(store: Store, head: Head) -> None:
    """Keep a record of what became live, with its hashes."""
    store.put(publication_key(head.dt, head.release_id, head.serial), head.model_dump_json(indent=1).encode())


def delete_staged(store: Store, release_id: str, serial: int) -> None:
    """Delete all objects that are staged for a publication."""
    store.delete(entry.key for entry in store.list_objects(staging_prefix(release_id, serial)))


def _delete_older_objects(store: Store, head: Head) -> None:
    """Delete the objects that older publications left in the day's partitions.

    Only those older than the live objects: a writer that wakes up here late must not touch newer ones.
    """
    for name in _list_tables(head):
        live = key_serial(head.list_keys(name)[0])
        for entry in store.list_objects(partition_prefix(name, head.dt)):
            if key_serial(entry.key) < live:
                store.delete([entry.key])
