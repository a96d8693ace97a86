"""# copydesk_daily

Builds and publishes one day of the tables: plan → clean and enrich → assemble → validate → publish.

**When.** Every midnight (UTC) for the day that ended. For other days: a backfill over any range, or a run by hand with
the day as partition key. A run for today publishes what is there so far.

**A re-run is safe.** The same input and code give the same release; if that is live already, the run stops after
`plan_day`, the rest skipped. Where other code was deployed on the way, `publish` plans the day anew. Days of a backfill
run side by side, each replaces only itself.

**If it fails.** `plan_day` waits, by retries, for a pass of copydesk_ingest after the day's end: see there.
`assemble` names a cause by which far more of the day would be rejected than usual: mend the code and run the day again,
or, where it is right, run it with that fingerprint in the parameter `accept`, which is recorded.
`validate` names the critical checks that failed. Its button **Report** opens the page of the try, which the log
of an `assemble` that stopped links too: checks that failed, with rows that broke them; what was rejected; the plan.
**Copydesk** in the menu lists the days that are stopped. Either way the old day stays live, and what was seen lies in
the bucket under `attempts/dt=…/` and `reports/`. Any other task may be cleared and run again.
"""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronPartitionTimetable, DeadlineAlert, DeadlineReference, Param, SyncCallback, dag
from copydesk_airflow.notify import failed, late
from copydesk_airflow.tasks import assemble, chunks, enrich_batches, plan_day, publish, stale_days, validate


@dag(
    schedule=CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=4,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=failed,
    deadline=DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, timedelta(hours=6), SyncCallback(late)),
    default_args={"retries": 2, "retry_delay": timedelta(seconds=20)},
    params={
        "dt": Param(
            None,
            type=["null", "string"],
            format="date",
            description="The day to publish, where the run has no partition key.",
        ),
        "accept": Param(
            None,
            type=["null", "array"],
            items={"type": "string"},
            description="Fingerprints that may reject more of the day than usual.",
        ),
    },
)
def copydesk_daily():
    # Ingest runs every ten minutes: the pass that a day has to wait for comes within these retries.
    plan = plan_day.override(retries=30, retry_delay=timedelta(minutes=1))()
    enriched = enrich_batches.partial(plan=plan).expand(chunk=chunks(plan))
    # A day without input has no pieces, so their task is skipped; it is still a day.
    assembled = assemble.override(trigger_rule="none_failed")(plan)
    enriched >> assembled >> validate(plan) >> publish(plan)
    # Beside the day itself: what arrived late for other days gets runs of its own.
    settle = TriggerDagRunOperator.partial(
        task_id="settle_stale_days", trigger_dag_id="copydesk_daily", logical_date=None
    )
    settle.expand(conf=stale_days())


copydesk_daily()
