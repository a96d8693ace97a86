"""# copydesk_ingest

Lands what waits on the queue and in the inbox as raw batches, then deletes it from the queue.

**When.** As soon as messages wait (a watcher reads the queue's depth), and every ten minutes whatever the watcher does:
files that nobody announced are found then.

**If it fails.** Nothing is lost: what was not landed stays on the queue or in the inbox. See the task's log; a queue or
a store that does not answer is tried twice more, and then by the next run.

**Bounds.** `at_most` messages and about `seconds` a run; what is left is taken by the next.
"""

from datetime import timedelta

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Param, dag
from copydesk_airflow.assets import WAITING
from copydesk_airflow.notify import failed
from copydesk_airflow.tasks import ingest_pass


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/10 * * * *", timezone="UTC"), assets=[WAITING]),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=failed,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=20)},
    params={
        "at_most": Param(20_000, type="integer", minimum=1, maximum=1_000_000, description="Messages a run."),
        "seconds": Param(600, type="integer", minimum=10, maximum=3_600, description="About how long a run may take."),
    },
)
def copydesk_ingest():
    ingest_pass()


copydesk_ingest()
