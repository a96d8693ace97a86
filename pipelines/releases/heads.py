"""The head of a day: which release is live, and which swap is going on. Pure; swap.py does the work."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipelines.paths import object_key


class Object(BaseModel):
    """One table of one release: its key, hash and size."""

    model_config = ConfigDict(frozen=True)

    key: str
    sha256: str
    row_count: int
    byte_count: int


class Head(BaseModel):
    """releases/dt=…/head.json. `serial` counts the changes of what is live, so that no state ever comes back.

    While `is_swapping`, `objects` will be live and `replaced` was; a process that finds such a head rolls it forward.
    """

    model_config = ConfigDict(frozen=True)

    dt: str
    serial: int
    release_id: str
    is_swapping: bool
    objects: dict[str, Object]
    replaced: dict[str, Object]


class StoredHead(NamedTuple):
    """The head of a day and the ETag to change it by; neither for a day that was never published."""

    head: Head | None
    etag: str | None


def build_next_head(live: Head | None, dt: str, release_id: str, serial: int, staged: Mapping[str, Object]) -> Head:
    """Build the head that makes a staged release live. If all bytes are those of the live one, its objects stay."""
    before = live.objects if live else {}
    is_same = before.keys() == staged.keys() and all(before[name].sha256 == new.sha256 for name, new in staged.items())
    if is_same:
        return Head(dt=dt, serial=serial, release_id=release_id, is_swapping=False, objects=before, replaced={})
    objects = {
        name: new.model_copy(update={"key": object_key(name, dt, release_id, serial)}) for name, new in staged.items()
    }
    return Head(dt=dt, serial=serial, release_id=release_id, is_swapping=True, objects=objects, replaced=before)
