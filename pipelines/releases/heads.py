"""The head of a day: which release is live, and which swap is going on. Pure; swap.py does the work."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from pipelines.paths import object_key


class Object(BaseModel):
    """One object of one release, a table or a part of it: its key, hash and size."""

    model_config = ConfigDict(frozen=True)

    key: str
    sha256: str
    row_count: int
    byte_count: int


def _read_parts(value: Any) -> Any:
    return (value,) if isinstance(value, dict | Object) else value


def _write_parts(parts: tuple[Object, ...]) -> Any:
    return parts[0].model_dump() if len(parts) == 1 else [part.model_dump() for part in parts]


# The parts of a table in their order. In JSON, several parts are a list, and a single one is an object, as before there
# were parts: older code, and the SQL in our docs, can still read such heads.
Parts = Annotated[tuple[Object, ...], BeforeValidator(_read_parts), PlainSerializer(_write_parts)]


class Head(BaseModel):
    """releases/dt=…/head.json. `serial` counts the changes of what is live, so that no state ever comes back.

    While `is_swapping`, `objects` will be live and `replaced` was; a process that finds such a head rolls it forward.
    """

    model_config = ConfigDict(frozen=True)

    dt: str
    serial: int
    release_id: str
    is_swapping: bool
    objects: dict[str, Parts]  # table → its parts; a release of older code may lack a table
    replaced: dict[str, Parts]

    def list_keys(self, table: str) -> list[str]:
        """List the keys of the parts of a table, in the order of its rows."""
        return [part.key for part in self.objects[table]]

    def count_rows(self, table: str) -> int:
        """Count the rows of a table, over all its parts; none where a release of older code lacks the table."""
        return sum(part.row_count for part in self.objects.get(table, ()))


class StoredHead(NamedTuple):
    """The head of a day and the ETag to change it by; neither for a day that was never published."""

    head: Head | None
    etag: str | None


def number_parts(parts: Sequence[Any]) -> list[int | None]:
    """Return the numbers by which the parts of a table are named: from 0, and None where there is only one."""
    return list(range(len(parts))) if len(parts) > 1 else [None] * len(parts)


def build_next_head(
    live: Head | None, dt: str, release_id: str, serial: int, staged: Mapping[str, Sequence[Object]]
) -> Head:
    """Build the head that makes a staged release live. If all bytes are those of the live one, its objects stay."""
    before = live.objects if live else {}
    is_same = before.keys() == staged.keys() and all(
        [part.sha256 for part in before[name]] == [part.sha256 for part in parts] for name, parts in staged.items()
    )
    if is_same:
        return Head(dt=dt, serial=serial, release_id=release_id, is_swapping=False, objects=before, replaced={})
    objects = {
        name: tuple(
            part.model_copy(update={"key": object_key(name, dt, release_id, serial, number)})
            for part, number in zip(parts, number_parts(parts), strict=True)
        )
        for name, parts in staged.items()
    }
    return Head(dt=dt, serial=serial, release_id=release_id, is_swapping=True, objects=objects, replaced=before)
