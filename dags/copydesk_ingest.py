"""# copydesk_ingest

Stores new articles, from the queue and from the inbox, as raw batches; then deletes their messages from the queue.

**When.** As soon as messages wait (a watcher reads the depth of the queue), and every ten minutes in any case: this
also finds files in the inbox that nobody announced.

**If it fails.** Nothing is lost: articles that were not stored stay on the queue or in the inbox. Read the log of the
task. If the queue or the store does not respond, the task is retried for half an hour; then the next run continues.

**Limits.** A run takes at most `at_most` messages and about `seconds`; the next run takes the rest.
"""

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Param, dag
from copydesk_airflow.assets import WAITING
from copydesk_airflow.notify import notify_failed
from copydesk_airflow.retries import OUTLAST_OUTAGES
from copydesk_airflow.tasks import ingest_pass


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/10 * * * *", timezone="UTC"), assets=[WAITING]),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=notify_failed,
    default_args=OUTLAST_OUTAGES,
    params={
        "at_most": Param(20_000, type="integer", minimum=1, maximum=1_000_000, description="Most messages per run."),
        "seconds": Param(600, type="integer", minimum=10, maximum=3_600, description="About how long a run may take."),
    },
)
def copydesk_ingest() -> None:
    ingest_pass()


copydesk_ingest()
