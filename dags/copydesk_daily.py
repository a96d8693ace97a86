"""# copydesk_daily

Builds and publishes one day of the tables: plan → clean and enrich → assemble → validate → publish. A day of more than
20,000 items is written in parts: `assemble` decides the outcome of every item and writes the first part, `write_parts`
the others.

**When.** Every midnight (UTC), for the day that has just ended. For other days, start a backfill over any range, or
trigger a run with the day as its partition key. A run for today publishes the articles that have arrived so far.

**Running it again is harmless.** The same input and code give the same release. If that release is live already, the
run stops after `plan_day` and skips the other tasks. If new code is deployed during a run, `publish` plans the day
again with the new code. A backfill may run several days at once: each run replaces only its own day.

**If it fails.** The old day stays live in every case. Look at the task that failed:

- `plan_day` retries until a pass of copydesk_ingest has run after the end of the day. If it still fails, see the page
  of that DAG.
- `validate` names the critical checks that failed, or the cause that would reject far too much over several sources.
  Its button **Report** opens the page of the attempt: what failed, with rows that break it, the rejects, the plan, and
  what to do. Fix the code and run the day again. If the release is right as it is, trigger a run with its id in
  `accept`, your name in `accepted_by` and your reason in `accept_reason`. That is recorded, and holds for this release
  only.
- Any other task can be cleared and run again. It was tried for half an hour before, so that an outage of the store or
  a restart of Airflow needs nobody; an error that looks like a bug was tried three times.

**If something was set aside.** A delivery or source of which most is rejected stops nothing: it is set aside as a
whole, everyone else's articles are published, and you are notified. The report says what it holds. To judge it item by
item instead, trigger a run with `accept`, `accepted_by`, `accept_reason`, and its name in `take_in`.

**Copydesk** in the menu lists all stopped days. The data is in the bucket under `attempts/dt=…/` and `reports/`.
"""

from datetime import timedelta
from typing import cast

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronPartitionTimetable, Param, dag
from airflow.sdk.definitions.callback import SyncCallback  # airflow.sdk has these too, but not its type stub
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from copydesk_airflow.notify import notify_failed, notify_late
from copydesk_airflow.retries import OUTLAST_OUTAGES
from copydesk_airflow.tasks import (
    assemble,
    chunks,
    enrich_batches,
    plan_day,
    publish,
    stale_days,
    validate,
    write_parts,
)


@dag(
    schedule=CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=4,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=notify_failed,
    deadline=DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, timedelta(hours=6), SyncCallback(notify_late)),
    default_args=OUTLAST_OUTAGES,
    params={
        "dt": Param(
            None,
            type=["null", "string"],
            format="date",
            description="The day to publish, if the run has no partition key.",
        ),
        "accept": Param(
            None,
            type=["null", "string"],
            description="The id of a stopped release, from its report: publish it all the same. No other release.",
        ),
        "accepted_by": Param(None, type=["null", "string"], description="Your name, with `accept`."),
        "accept_reason": Param(
            None, type=["null", "string"], description="Why the release is right as it is, with `accept`."
        ),
        "take_in": Param(
            None,
            type=["null", "array"],
            items={"type": "string"},
            description="Of the release in `accept`: what was set aside and is to be judged item by item, as"
            " `source paper.example` or `delivery 1f0e…`.",
        ),
    },
)
def copydesk_daily() -> None:
    # Ingest runs every ten minutes: the pass that a day has to wait for comes within these retries.
    planned = plan_day.override(retries=30, retry_delay=timedelta(minutes=1), retry_exponential_backoff=0)()
    plan = cast(str, planned)  # what the tasks are given when they run; here it is a reference to it
    enriched = enrich_batches.partial(plan=plan).expand(chunk=chunks(plan))
    # A day without input has no chunks, so their task is skipped; the day is still published, empty.
    assembled = assemble.override(trigger_rule="none_failed")(plan)
    # Nor has a day of usual size other parts than the first one, which assemble writes itself.
    written = write_parts.partial(plan=plan).expand(parts=assembled)
    enriched >> assembled
    written >> validate(plan) >> publish(plan)
    # Beside the day itself: other days for which articles arrived late get runs of their own.
    settle = TriggerDagRunOperator.partial(
        task_id="settle_stale_days", trigger_dag_id="copydesk_daily", logical_date=None
    )
    settle.expand(conf=stale_days())


copydesk_daily()
