"""What can go wrong with the work. What is wrong with an article is data, never an exception.

CopydeskError
├── Retryable            the same call may succeed later
│   ├── Unavailable      the store or the queue did not answer as it should
│   ├── LostRace         another writer changed the day since it was planned: plan again
│   └── NotReady         something that has to happen first has not happened yet
└── Permanent            the same call will fail again
    ├── BadInput         what was asked for cannot be done as it was given
    ├── BadSetting       a setting is missing or makes no sense
    ├── BadStore         the bucket is not fit for use (versioning on, absent, forbidden)
    ├── Refused          the store will not take or give this one object
    ├── Missing          an object that must be there is not
    └── ReleaseStopped   a critical check failed: the old day stays live
        └── Poisoned     one cause would reject far more of the day than usual
"""

from collections.abc import Sequence


class CopydeskError(Exception):
    """Base of all errors that Copydesk raises itself."""


class Retryable(CopydeskError):
    """The same call may succeed later."""


class Unavailable(Retryable):
    """The store or the queue did not answer as it should."""


class LostRace(Retryable):
    """Another writer changed the day since it was planned; plan again."""


class NotReady(Retryable):
    """Something that has to happen first has not happened yet."""


class Permanent(CopydeskError):
    """The same call will fail again."""


class BadInput(Permanent):
    """What was asked for cannot be done as it was given."""


class BadSetting(Permanent):
    """A setting is missing or makes no sense."""


class BadStore(Permanent):
    """The bucket is not fit for use."""


class Refused(Permanent):
    """The store will not take or give this one object."""


class Missing(Permanent):
    """An object that must be there is not."""


class ReleaseStopped(Permanent):
    """A critical check failed: nothing was swapped, the old day stays live. `release` is the id of what was tried."""

    def __init__(self, said: str, release: str) -> None:
        super().__init__(said, release)
        self.said, self.release = said, release

    def __str__(self) -> str:
        return self.said


class RejectSurge(ReleaseStopped):
    """One cause would reject far more of the day than usual: nothing was staged, the old day stays live.

    `causes` are these in words, each with how many items it would reject, and of how many.
    """

    def __init__(self, said: str, release: str, *, causes: Sequence[tuple[str, int, int]] = ()) -> None:
        super().__init__(said, release)
        self.causes = tuple(causes) or ((said, 0, 0),)
