"""Wakes ingest when messages wait. It only looks: reading the depth consumes nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two looks; as long as messages wait, each look sends an event
LONGEST_PAUSE = 300.0  # seconds, after errors in a row: a trigger that raises is restarted every second instead


class QueueDepthTrigger(BaseEventTrigger):
    """An event whenever the queue's depth is above zero."""

    def __init__(self, every: float = EVERY) -> None:
        super().__init__()
        self.every = every

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "copydesk_airflow.triggers.QueueDepthTrigger", {"every": self.every}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        queue = None
        pause = self.every
        while True:
            try:
                if queue is None:
                    queue = await asyncio.to_thread(_queue)
                waiting, _ = await asyncio.to_thread(queue.depth)
                pause = self.every
            except Exception as error:  # noqa: BLE001  (whatever it is, the next look may go well)
                waiting, pause = 0, min(2 * pause, LONGEST_PAUSE)
                log.warning("queue not readable, next look in %.0f s: %s", pause, error)
            if waiting:
                yield TriggerEvent({"waiting": waiting})
            await asyncio.sleep(pause)


def _queue() -> Any:
    from pipelines import settings
    from pipelines.services.queue import Queue

    found = settings.load_settings()
    return Queue(found, found.queue)
