"""What several commands share: the services, the clock, printing, and options that mean the same."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from pipelines.text.display import sanitize_lines

if TYPE_CHECKING:
    from pipelines.services.queue import Queue
    from pipelines.services.storage import Store

DAY_FORMATS = ["%Y-%m-%d"]


class Services(NamedTuple):
    """The object store and the queues that the settings name: the queue of articles first, then its dead letters."""

    store: "Store"
    queues: "list[Queue]"


def day_option(meaning: str) -> Any:
    """Return an option that takes a day, as 2026-03-02."""
    return typer.Option(formats=DAY_FORMATS, metavar="YYYY-MM-DD", help=meaning)


def show(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text, sanitized for display: a terminal obeys control characters. Commands print by nothing else."""
    typer.echo(sanitize_lines(text), err=err, nl=nl)


def open_services() -> Services:
    """Return the services that the settings of this process name. Raises BadSetting."""
    from pipelines.services.queue import Queue
    from pipelines.services.storage import Store
    from pipelines.settings import load_settings

    settings = load_settings()
    names = [name for name in (settings.queue, settings.dead_letter_queue) if name]
    return Services(Store(settings), [Queue(settings, name) for name in names])


def open_store() -> "Store":
    """Return the object store that the settings of this process name. Raises BadSetting."""
    from pipelines.services.storage import Store
    from pipelines.settings import load_settings

    return Store(load_settings())


def read_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
