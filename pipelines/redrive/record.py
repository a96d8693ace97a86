"""The record of each redrive pass: which rejects it re-processes, and the outcome of each of them.

redrives/open/<id>.json     a pass that is not finished; a crash leaves it here
redrives/<id>.json          a finished pass, with the outcome of each reject
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from pipelines.errors import LostRace, Missing
from pipelines.paths import OPEN_REDRIVES, open_redrive_key
from pipelines.rejects.outcomes import Outcome, RowKey
from pipelines.services.storage import Store


class RedrivenItem(BaseModel):
    """A reject of a pass, and its outcome: an item, or a row of `entities` or `quotes`."""

    model_config = ConfigDict(frozen=True)

    item_id: str
    table_name: str = "articles"
    row_index: int = -1
    delivery_id: str
    reason: str
    fingerprint: str
    # Records of older code name it `fate`. None until the pass is finished, or if its day was not published.
    outcome: Outcome | None = Field(default=None, validation_alias=AliasChoices("outcome", "fate"))
    new_fingerprint: str | None = None  # if it was rejected again

    @property
    def key(self) -> RowKey:
        """The key of the reject in the table `rejected`."""
        return RowKey(self.item_id, self.table_name, self.row_index)


class RedrivenDay(BaseModel):
    """One day of a pass."""

    model_config = ConfigDict(frozen=True)

    dt: str
    before: str  # the release that was live
    items: tuple[RedrivenItem, ...]
    after: str | None = None  # the release that is live now; None until the day is done
    stopped: str | None = None  # why the day was not published
    # Attempts to publish the day, while it is not done. Records of older code name them `tries`.
    attempts: int = Field(default=0, validation_alias=AliasChoices("attempts", "tries"))
    others: dict[str, int] = {}  # "rejected → published" → how many items of the day that were not asked for

    @property
    def item_count(self) -> int:
        """Items with rejects: several rows of one article count once."""
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
        """Whether all days are done, so that the pass can be finished."""
        return all(day.after is not None for day in self.days)


def list_open_redrives(store: Store) -> list[Redrive]:
    """Return the passes that are not finished: they crashed, or are running now."""
    passes = []
    for entry in store.list_objects(OPEN_REDRIVES):
        with suppress(Missing):
            passes.append(Redrive.model_validate_json(store.get(entry.key)))
    return passes


def read_open_redrive(store: Store, redrive_id: str) -> Redrive:
    """Read a pass that is not finished. Raises Missing."""
    try:
        return Redrive.model_validate_json(store.get(open_redrive_key(redrive_id)))
    except Missing:
        opened = ", ".join(redrive.id for redrive in list_open_redrives(store)) or "none"
        raise Missing(f"no redrive {redrive_id} is open; open are: {opened}") from None


def record_day(store: Store, redrive_id: str, day: RedrivenDay) -> None:
    """Write the state of one day into the record of an open pass; days may be processed side by side."""
    while True:
        data, etag = store.get_with_etag(open_redrive_key(redrive_id))
        current = Redrive.model_validate_json(data)
        days = tuple(day if other.dt == day.dt else other for other in current.days)
        with suppress(LostRace):
            changed = current.model_copy(update={"days": days}).model_dump_json(indent=1).encode()
            store.put(open_redrive_key(redrive_id), changed, if_match=etag)
            return


def describe_redrive(redrive: Redrive) -> str:
    """Describe a pass in a few lines: the outcomes of each day, and why a day was stopped."""
    item_count = sum(day.item_count for day in redrive.days)
    reject_count = sum(len(day.items) for day in redrive.days)
    lines = [f"redrive {redrive.id}: {reject_count} rejects of {item_count} items on {len(redrive.days)} days"]
    for day in redrive.days:
        counts = Counter(item.outcome or "not published" for item in day.items)
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        moves = ", ".join(f"{count} {move}" for move, count in sorted(day.others.items()))
        lines.append(f"  {day.dt}: {outcomes}" + (f"; other items of the day: {moves}" if moves else ""))
        if day.stopped:
            lines.append(f"    {day.stopped}")
    return "\n".join(lines)
