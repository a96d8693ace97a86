"""Errors of the pipeline itself. A problem with an article is data (a reason in `rejected`), never an exception.

CopydeskError
├── Retryable            the same call may succeed later
│   ├── Unavailable      the store or the queue did not answer as it should
│   ├── LostRace         another writer changed the day since it was planned: plan it again
│   └── NotReady         something that has to happen first has not happened yet
└── Permanent            the same call will fail again
    ├── BadInput         an argument is wrong, or names something that does not exist
    ├── BadSetting       a setting is missing or makes no sense
    ├── BadStore         the bucket cannot be used (it has versioning, is missing, or access is denied)
    ├── Refused          the store rejects a request for one object
    ├── Missing          a required object is missing
    └── ReleaseStopped   a critical check failed: the old day stays live
        └── RejectSurge  one cause would reject far more of the day than usual
"""

from collections.abc import Sequence
from typing import NamedTuple


class CopydeskError(Exception):
    """Base class of all errors that Copydesk raises itself."""


class Retryable(CopydeskError):
    """The same call may succeed later."""


class Unavailable(Retryable):
    """The store or the queue did not answer as it should."""


class LostRace(Retryable):
    """Another writer changed the day since it was planned; plan it again."""


class NotReady(Retryable):
    """Something that has to happen first has not happened yet."""


class Permanent(CopydeskError):
    """The same call will fail again."""


class BadInput(Permanent):
    """An argument is wrong, or names something that does not exist."""


class BadSetting(Permanent):
    """A setting is missing or makes no sense."""


class BadStore(Permanent):
    """The bucket cannot be used."""


class Refused(Permanent):
    """The store rejects a request for one object."""


class Missing(Permanent):
    """A required object is missing."""


class ReleaseStopped(Permanent):
    """A critical check failed: nothing was swapped, the old day stays live. `release` is the id of the attempt."""

    def __init__(self, message: str, release: str) -> None:
        super().__init__(message, release)
        self.message, self.release = message, release

    def __str__(self) -> str:
        return self.message


class SurgeCause(NamedTuple):
    """One cause of a rejection surge: its description, and how many of how many items it would reject."""

    description: str
    reject_count: int
    item_count: int


class RejectSurge(ReleaseStopped):
    """One cause would reject far more of the day than usual: nothing was staged, the old day stays live."""

    def __init__(self, message: str, release: str, *, causes: Sequence[SurgeCause] = ()) -> None:
        super().__init__(message, release)
        self.causes = tuple(causes) or (SurgeCause(message, 0, 0),)
