"""What several commands share: the services, the clock, printing, and options that mean the same."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from pipelines.text.display import sanitize_lines

if TYPE_CHECKING:
    from pipelines.services.queue import Queue
    from pipelines.services.storage import Store
    from pipelines.settings import Settings

DAY_FORMATS = ["%Y-%m-%d"]
QUICK_ATTEMPTS = 2  # at calls of which a person waits to hear that nothing answers


class Services(NamedTuple):
    """The object store and the queues that the settings name: the queue of articles first, then its dead letters."""

    store: "Store"
    queues: "list[Queue]"


class QueueState(NamedTuple):
    """What is known of a queue, in words."""

    name: str
    words: str
    is_fine: bool


def day_option(meaning: str) -> Any:
    """Return an option that takes a day, as 2026-03-02."""
    return typer.Option(formats=DAY_FORMATS, metavar="YYYY-MM-DD", help=meaning)


def show(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text, sanitized for display: a terminal obeys control characters. Commands print by nothing else."""
    typer.echo(sanitize_lines(text), err=err, nl=nl)


def open_services() -> Services:
    """Return the services that the settings of this process name, for what cannot do without the queue.

    Raises BadSetting, BadStore and Unavailable.
    """
    from pipelines.services.queue import Queue
    from pipelines.settings import load_settings

    settings = load_settings()
    names = [name for name in (settings.queue, settings.dead_letter_queue) if name]
    store = _open_checked_store(settings)
    return Services(store, [Queue(settings, name) for name in names])


def open_store() -> "Store":
    """Return the object store that the settings of this process name. Raises BadSetting, BadStore and Unavailable."""
    from pipelines.settings import load_settings

    return _open_checked_store(load_settings())


def describe_queues() -> list[QueueState]:
    """Return the state of each queue that the settings name; one that does not answer is no error here."""
    from pipelines.errors import BadSetting, Unavailable
    from pipelines.services.queue import Queue
    from pipelines.settings import load_settings

    settings = load_settings()
    states = []
    for name in (settings.queue, settings.dead_letter_queue):
        if name:
            try:
                waiting, leased = Queue(settings, name, attempts=QUICK_ATTEMPTS).depth()
                states.append(QueueState(name, f"{waiting} waiting, {leased} leased", is_fine=True))
            except (BadSetting, Unavailable) as error:
                states.append(QueueState(name, f"cannot be used: {error}", is_fine=False))
    return states


def _open_checked_store(settings: "Settings") -> "Store":
    """Return the store, after a look at it that fails within seconds where nothing answers."""
    from pipelines.services.storage import Store

    Store(settings, attempts=QUICK_ATTEMPTS).check()
    return Store(settings)


def read_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
