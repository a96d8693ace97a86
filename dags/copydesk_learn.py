"""# copydesk_learn

Learns from the raw articles of the last weeks how the pages of each source look, and takes new profiles into use.

**When.** Every Sunday at 02:00 (UTC). By hand for other weeks: `until` is the last day that is read.

**Two steps.** `propose_profiles` writes what it learnt beside what is in use and changes nothing. `activate_profiles`
takes those into use whose figures allow it, on pages that they were not learnt from; with `activate` off it is
skipped, and a person does that with `copydesk source NAME --activate VERSION`. A source that a person turned off with
`copydesk source NAME --off` is left off, until a person activates a profile of it again. Days that are planned from
then on are read with the new profiles. A published day changes when it is published again, by a backfill.

**If it fails.** Nothing in use has changed, or some sources have a new profile and others not yet: run it again.
`copydesk source NAME` shows what was learnt of a source, and why a profile was refused.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag
from copydesk_airflow.notify import failed
from copydesk_airflow.tasks import activate_profiles, propose_profiles


@dag(
    schedule=CronTriggerTimetable("0 2 * * SUN", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=failed,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=20)},
    params={
        "until": Param(
            None, type=["null", "string"], format="date", description="The last day to read; today by default."
        ),
        "days": Param(28, type="integer", minimum=1, maximum=366, description="How many days to read."),
        "activate": Param(True, type="boolean", description="Take what is fit for use into use."),
    },
)
def copydesk_learn():
    activate_profiles(propose_profiles())


copydesk_learn()
