"""Notify people when a run fails or is late: in the log, and by the addresses in COPYDESK_NOTIFY."""

import logging
from typing import Any

log = logging.getLogger(__name__)


def notify(title: str, body: str) -> None:
    """Write a message to the log, and send it to the addresses in the setting, if any (Apprise URLs)."""
    log.error("%s: %s", title, body)  # first, so that it is known even if the rest fails

    from apprise import Apprise

    from pipelines import settings

    urls = settings.load_settings().notify
    if urls and not Apprise(urls).notify(title=title, body=body):
        log.error("could not notify all addresses in COPYDESK_NOTIFY; check them and the network")


def notify_failed(context: Any) -> None:
    """Notify that a run failed; for `on_failure_callback` of a DAG."""
    run = context["dag_run"]
    name = _name_run(run.partition_key, run.conf, run.run_id)
    notify(f"{run.dag_id} failed", f"{name}: {context.get('reason') or 'a task failed'}")


def notify_late(context: Any) -> None:
    """Notify that a run is late; for the deadline of a DAG. The run comes in the form of the REST API."""
    run = context["dag_run"]
    name = _name_run(run.get("partition_key"), run.get("conf"), run["dag_run_id"])
    notify(f"{run['dag_id']} is late", f"{name} is not published yet")


def _name_run(partition_key: str | None, conf: dict[str, Any] | None, run_id: str) -> str:
    """Name a run by its day, however that was given; otherwise by its id."""
    return str(partition_key or (conf or {}).get("dt") or run_id)
