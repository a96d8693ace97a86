"""# copydesk_learn

Learns from the raw articles of the last four weeks how the pages of each source look, and activates the new profiles
that pass their checks.

**When.** Every Sunday at 02:00 (UTC). For other weeks, trigger it by hand: `until` is the last day that is read.

**Two steps.** `propose_profiles` writes new profiles as proposals and changes no active profile. `activate_profiles`
activates those whose held-out statistics are good enough. With the parameter `activate` off it is skipped; activate a
profile by hand with `copydesk source NAME --activate VERSION`. A source that was turned off with
`copydesk source NAME --off` stays off until a person activates a profile of it again.

**Effect.** Days that are planned afterwards use the new profiles. A published day changes only when it is published
again, for example by a backfill.

**If it fails.** Run it again: either no active profile has changed, or only those of some sources.
`copydesk source NAME` shows what was learnt about a source, and why a profile was refused.
"""

from typing import cast

from airflow.sdk import CronTriggerTimetable, Param, dag
from copydesk_airflow.notify import notify_failed
from copydesk_airflow.retries import OUTLAST_OUTAGES
from copydesk_airflow.tasks import activate_profiles, propose_profiles


@dag(
    schedule=CronTriggerTimetable("0 2 * * SUN", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=notify_failed,
    default_args=OUTLAST_OUTAGES,
    params={
        "until": Param(
            None, type=["null", "string"], format="date", description="The last day to read; today by default."
        ),
        "days": Param(28, type="integer", minimum=1, maximum=366, description="How many days to read."),
        "activate": Param(True, type="boolean", description="Activate the profiles that pass their checks."),
    },
)
def copydesk_learn() -> None:
    fit = cast("list[str]", propose_profiles())  # what the task is given when it runs; here it is a reference to it
    activate_profiles(fit)


copydesk_learn()
