"""One place that tells people: of failed days, and of late ones. By log, and by whatever COPYDESK_NOTIFY names."""

import logging
from typing import Any

log = logging.getLogger(__name__)


def tell(title: str, body: str) -> None:
    """Say it in the log, and send it by mail or webhook where the setting names one (Apprise URLs)."""
    from apprise import Apprise

    from pipelines import settings

    log.error("%s: %s", title, body)
    urls = settings.load().notify
    if urls and not Apprise(urls).notify(title=title, body=body):  # type: ignore[arg-type]
        log.error("could not notify by COPYDESK_NOTIFY")


def failed(context: Any) -> None:
    """For `on_failure_callback` of a DAG."""
    run = context["dag_run"]
    tell(f"{run.dag_id} failed", f"{run.partition_key or run.run_id}: {context.get('reason') or 'a task failed'}")


def late(context: Any) -> None:
    """For the deadline of a DAG; the run comes as the REST API shows it."""
    run = context["dag_run"]
    tell(f"{run['dag_id']} is late", f"{run.get('partition_key') or run['dag_run_id']} is not published yet")
