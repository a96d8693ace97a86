"""The record of passes of re-drive: what each has begun, and what it did.

redrives/open/<id>.json     what a pass has begun, until it is finished: a crash leaves it here
redrives/<id>.json          what a pass did, reject by reject
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from pipelines.errors import LostRace, Missing
from pipelines.paths import OPEN_REDRIVES, open_redrive_key
from pipelines.rejects.outcomes import RowKey
from pipelines.services.storage import Store


class RedrivenItem(BaseModel):
    """A reject that was taken up, and what became of it: an item, or a row of `entities` or `quotes`."""

    model_config = ConfigDict(frozen=True)

    item_id: str
    table_name: str = "articles"
    row_index: int = -1
    delivery_id: str
    reason: str
    fingerprint: str
    fate: str | None = None  # a value of FATES, or GONE; None while it is not known
    new_fingerprint: str | None = None  # where it is rejected still

    @property
    def key(self) -> RowKey:
        return self.item_id, self.table_name, self.row_index


class RedrivenDay(BaseModel):
    """One day of a pass."""

    model_config = ConfigDict(frozen=True)

    dt: str
    before: str  # the release that was live
    items: tuple[RedrivenItem, ...]
    after: str | None = None  # the release that is live now
    stopped: str | None = None  # why the day was not published
    tries: int = 0  # how often it was begun, while it is not done
    others: dict[str, int] = {}  # "rejected → published" → how many items that were not asked for

    @property
    def item_count(self) -> int:
        return len({item.item_id for item in self.items})


class Redrive(BaseModel):
    """One pass."""

    model_config = ConfigDict(frozen=True)

    id: str
    asked_at: datetime
    versions: dict[str, str]
    is_forced: bool
    days: tuple[RedrivenDay, ...]

    @property
    def is_done(self) -> bool:
        return all(day.after is not None for day in self.days)


def list_open_redrives(store: Store) -> list[Redrive]:
    """What other passes have begun and not finished: they crashed, or are at it now."""
    found = []
    for entry in store.list_objects(OPEN_REDRIVES):
        with suppress(Missing):
            found.append(Redrive.model_validate_json(store.get(entry.key)))
    return found


def read_open_redrive(store: Store, identity: str) -> Redrive:
    """A pass that is not finished. Raises Missing."""
    return Redrive.model_validate_json(store.get(open_redrive_key(identity)))


def record_day(store: Store, identity: str, day: RedrivenDay) -> None:
    """Write down how far a day of an open pass is; days may be done side by side."""
    while True:
        data, etag = store.get_with_etag(open_redrive_key(identity))
        begun = Redrive.model_validate_json(data)
        days = tuple(day if its.dt == day.dt else its for its in begun.days)
        with suppress(LostRace):
            changed = begun.model_copy(update={"days": days}).model_dump_json(indent=1).encode()
            store.put(open_redrive_key(identity), changed, if_match=etag)
            return


def describe_redrive(done: Redrive) -> str:
    """A pass in some lines."""
    item_count = sum(day.item_count for day in done.days)
    rejects = sum(len(day.items) for day in done.days)
    lines = [f"redrive {done.id}: {rejects} rejects, of {item_count} items of {len(done.days)} days"]
    for day in done.days:
        counts = Counter(item.fate or "not published" for item in day.items)
        said = ", ".join(f"{count} {fate}" for fate, count in sorted(counts.items()))
        others = ", ".join(f"{count} {moved}" for moved, count in sorted(day.others.items()))
        lines.append(f"  {day.dt}: {said}" + (f"; others of the day: {others}" if others else ""))
        if day.stopped:
            lines.append(f"    {day.stopped}")
    return "\n".join(lines)
