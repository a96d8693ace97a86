"""The heads of a day: what is live, and what is being swapped for what. Pure; swap.py carries it out."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Object(BaseModel):
    """One table of one release: where it lies, and what it holds."""

    model_config = ConfigDict(frozen=True)

    key: str
    sha256: str
    row_count: int
    byte_count: int


class Head(BaseModel):
    """releases/dt=…/head.json. `serial` counts the changes of what is live, so that no state ever comes back.

    While `is_swapping`, `objects` is what will be live and `replaced` what was; whoever meets it rolls it forward.
    """

    model_config = ConfigDict(frozen=True)

    dt: str
    serial: int
    release_id: str
    is_swapping: bool
    objects: dict[str, Object]
    replaced: dict[str, Object]


def object_key(table: str, dt: str, release_id: str, serial: int) -> str:
    """Where consumers find a table of a day. The serial makes the name new even when a release becomes live again:
    a writer that slept through two swaps must not be able to delete what is live now."""
    return f"tables/{table}/dt={dt}/{table}-{release_id}-{serial}.parquet"


def key_serial(key: str) -> int:
    """The serial in an object's name; -1 for a name that no publication gave."""
    serial = key.removesuffix(".parquet").rpartition("-")[2]
    return int(serial) if serial.isdecimal() else -1


def staging_key(table: str, release_id: str, serial: int) -> str:
    return f"staging/{release_id}-{serial}/{table}.parquet"


def assembled_key(table: str, release_id: str, serial: int) -> str:
    """A table as it was first assembled: what is judged, and staged unless rows of it are set aside."""
    return f"staging/{release_id}-{serial}/assembled/{table}.parquet"


def next_head(live: Head | None, dt: str, release_id: str, serial: int, staged: Mapping[str, Object]) -> Head:
    """The head that makes a staged release live. Where all bytes are those of the live one, its objects stay."""
    before = live.objects if live else {}
    same = before.keys() == staged.keys() and all(before[name].sha256 == new.sha256 for name, new in staged.items())
    if same:
        return Head(dt=dt, serial=serial, release_id=release_id, is_swapping=False, objects=before, replaced={})
    objects = {
        name: new.model_copy(update={"key": object_key(name, dt, release_id, serial)}) for name, new in staged.items()
    }
    return Head(dt=dt, serial=serial, release_id=release_id, is_swapping=True, objects=objects, replaced=before)
