"""One place that tells people: of failed days, and of late ones. By log, and by whatever COPYDESK_NOTIFY names."""

import logging
from typing import Any

log = logging.getLogger(__name__)


def tell(title: str, body: str) -> None:
    """Say it in the log, and send it by mail or webhook where the setting names one (Apprise URLs)."""
    log.error("%s: %s", title, body)  # first: whatever else goes wrong here, this is known

    from apprise import Apprise

    from pipelines import settings

    urls = settings.load_settings().notify
    if urls and not Apprise(urls).notify(title=title, body=body):  # type: ignore[arg-type]
        log.error("could not notify by COPYDESK_NOTIFY")


def failed(context: Any) -> None:
    """For `on_failure_callback` of a DAG."""
    run = context["dag_run"]
    which = _which(run.partition_key, run.conf, run.run_id)
    tell(f"{run.dag_id} failed", f"{which}: {context.get('reason') or 'a task failed'}")


def late(context: Any) -> None:
    """For the deadline of a DAG; the run comes as the REST API shows it."""
    run = context["dag_run"]
    which = _which(run.get("partition_key"), run.get("conf"), run["dag_run_id"])
    tell(f"{run['dag_id']} is late", f"{which} is not published yet")


def _which(partition_key: str | None, conf: dict[str, Any] | None, run_id: str) -> str:
    """The run by what people know it by: its day, whichever way that was given."""
    return str(partition_key or (conf or {}).get("dt") or run_id)
