"""Wake ingest when messages wait. Reading the depth of the queue consumes nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

if TYPE_CHECKING:
    from pipelines.services.queue import Queue

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two looks; while messages wait, each look sends an event
LONGEST_PAUSE = 300.0  # seconds, after errors in a row: a trigger that raises is restarted every second instead


class QueueDepthTrigger(BaseEventTrigger):
    """Sends an event whenever the depth of the queue is above zero."""

    def __init__(self, every: float = EVERY) -> None:
        """Look at the queue every so many seconds."""
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow's has no types
        self.every = every

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the path of the class and its arguments, from which Airflow makes the trigger again."""
        return "copydesk_airflow.triggers.QueueDepthTrigger", {"every": self.every}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Send events until Airflow cancels the trigger; errors are logged, with growing pauses."""
        queue: Queue | None = None
        pause = self.every
        while True:
            try:
                if queue is None:
                    queue = await asyncio.to_thread(_open_queue)
                waiting, _ = await asyncio.to_thread(queue.depth)
                pause = self.every
            except Exception as error:  # noqa: BLE001  (any error: the next look may succeed)
                waiting, pause = 0, min(2 * pause, LONGEST_PAUSE)
                log.warning("cannot read the depth of the queue, next look in %.0f s: %s", pause, error)
            if waiting:
                yield TriggerEvent({"waiting": waiting})
            await asyncio.sleep(pause)


def _open_queue() -> "Queue":
    from pipelines.services.queue import Queue
    from pipelines.settings import load_settings

    settings = load_settings()
    return Queue(settings, settings.queue)
