"""A person accepts one release: what stopped it, or what it set aside. The next release of the day is judged afresh.

The record is accepted/dt=…/<release id>.json. It is not part of what a release is made from, but for the
units that are taken in: the plan of the next attempt names these, and so it is another release.
"""

import re
from contextlib import suppress
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from pipelines.errors import BadInput, LostRace, Missing
from pipelines.explosions import summarize_units
from pipelines.paths import accepted_key, attempt_key
from pipelines.services.storage import Store
from pipelines.text.display import sanitize_for_display

RELEASE = re.compile("[0-9a-f]{32}")
ATTEMPTS = 3
NAME_LENGTH, REASON_LENGTH = 200, 2_000
UNITS_NAMED = 20  # in an error


class Acceptance(BaseModel):
    """Who accepted a release, why and when. Text is sanitized for display."""

    model_config = ConfigDict(frozen=True)

    dt: str
    release_id: str
    accepted_by: str
    reason: str
    accepted_at: datetime
    taken_in: tuple[str, ...] = ()  # units that are not set aside any more, as `source paper.example`
    earlier: tuple[str, ...] = ()  # acceptances of the same release before this one, in words

    def __str__(self) -> str:
        units = f"; taken in: {', '.join(self.taken_in)}" if self.taken_in else ""
        return f"accepted by {self.accepted_by} at {self.accepted_at:%Y-%m-%d %H:%M} UTC: {self.reason}{units}"


def accept_release(
    store: Store, dt: date, release_id: str, by: str, reason: str, now: datetime, units: tuple[str, ...] = ()
) -> Acceptance:
    """Record that a person accepts an attempt to publish a day, as its report shows it; return the record.

    `units` are set aside in it, and are to be judged item by item instead: `source paper.example`, `delivery 1f0e…`.
    Raises BadInput without a name or a reason, for a release that was never attempted on this day, and for units that
    it did not set aside. The same acceptance again changes nothing. More units are added to those taken in before; an
    acceptance without units takes none in any more. The record keeps earlier acceptances in words.
    """
    by, reason = (
        sanitize_for_display(text.strip(), most) for text, most in ((by, NAME_LENGTH), (reason, REASON_LENGTH))
    )
    if not by or not reason:
        raise BadInput(
            "an acceptance needs a name and a reason: who accepts the release (--by, or accepted_by in the form), and"
            " why it is right so (--reason, or accept_reason)"
        )
    if not RELEASE.fullmatch(release_id):
        raise BadInput(
            f"{sanitize_for_display(release_id, 100)} is not a release id; give the 32 hex digits from the report"
        )
    _require_set_aside(store, dt, release_id, units)
    key = accepted_key(dt, release_id)
    for _ in range(ATTEMPTS):
        try:
            data, etag = store.get_with_etag(key)
            before = Acceptance.model_validate_json(data)
        except Missing:
            before, etag = None, None
        wanted = tuple(sorted({*units, *(before.taken_in if before and units else ())}))
        if before is not None and before.taken_in == wanted:
            return before
        acceptance = Acceptance(
            dt=str(dt),
            release_id=release_id,
            accepted_by=by,
            reason=reason,
            accepted_at=now,
            taken_in=wanted,
            earlier=(*before.earlier, str(before)) if before else (),
        )
        with suppress(LostRace):
            store.put(key, acceptance.model_dump_json(indent=1).encode(), if_match=etag, if_absent=etag is None)
            return acceptance
    raise LostRace(f"{dt}: other people accept release {release_id} at the same time; run it again")


def _require_set_aside(store: Store, dt: date, release_id: str, units: tuple[str, ...]) -> None:
    """Raise BadInput if there was no such attempt, or it did not set these units aside."""
    try:
        rejected = store.read_table(attempt_key("rejected", str(dt), release_id))
    except Missing:
        raise BadInput(
            f"{dt} has no attempt {release_id}; its report, and `copydesk status`, name the release to accept"
        ) from None
    set_aside = [summary.unit for summary in summarize_units(rejected)]
    for unit in units:
        if unit not in set_aside:
            raise BadInput(
                f"{sanitize_for_display(unit, 100)!r} was not set aside in release {release_id}; what can be taken in"
                f" of it: {', '.join(map(repr, set_aside[:UNITS_NAMED])) or 'nothing'}"
            )


def read_acceptance(store: Store, dt: str, release_id: str) -> Acceptance | None:
    """Return the record that a person accepted this release; None if nobody did."""
    try:
        return Acceptance.model_validate_json(store.get(accepted_key(dt, release_id)))
    except Missing:
        return None


def describe_acceptance(dt: str, release_id: str) -> str:
    """Say how a person accepts a release: on the command line, and in the form of the DAG."""
    return (
        f'`copydesk run --dt {dt} --accept {release_id} --by NAME --reason "WHY"`, or trigger copydesk_daily with'
        f" dt = {dt}, accept = {release_id}, accepted_by and accept_reason"
    )
