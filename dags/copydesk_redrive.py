"""# copydesk_redrive

Takes rejects up again after the code, or what was learnt of a source, got better. By hand only.

**Before.** `copydesk rejected` shows what is set aside, by what said no, with samples, and which of it other code may
see otherwise. Nothing has to be filled in: then everything that may be mended is taken up, within the bounds. `dry_run`
says in the log of `choose_rejects` what that would be.

**What it does.** A day is published whole, by one version of the code; so the day of each reject that is asked for is
published again, and all of it is judged anew. `redrives/<id>.json` in the bucket has what became of each item, and how
many others of its day moved along. What is beyond `at_most_days` or `at_most_items` is left, and said in the log.

**Running it again is safe.** What this code has judged already is left, also where it was rejected again, and so is a
day that was stopped, or failed. `force` takes up items that *failed*, for an error that came from outside.

**If it fails.** `redrive_day` names what stopped a day: its old release stays live, and `attempts/dt=…/` has what was
seen. A run that was cut off is finished by the next one, whatever that asks for; a failed task may be cleared.
"""

from datetime import timedelta

from airflow.sdk import Param, dag
from copydesk_airflow.notify import failed
from copydesk_airflow.tasks import choose_rejects, record_redrives, redrive_day

NAMES = {"type": ["null", "array"], "items": {"type": "string"}}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=failed,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=20)},
    params={
        "fingerprints": Param(None, **NAMES, description="Groups of rejects, as `copydesk rejected` shows them."),
        "sources": Param(None, **NAMES, description="Publishers."),
        "reasons": Param(None, **NAMES, description="Reasons, as in the table `rejected`."),
        "stages": Param(None, **NAMES, description="Where they were set aside."),
        "items": Param(None, **NAMES, description="Ids of single items."),
        "since": Param(None, type=["null", "string"], format="date", description="The first day."),
        "until": Param(None, type=["null", "string"], format="date", description="The last day."),
        "at_most_days": Param(7, type="integer", minimum=1, maximum=366, description="Days that are published again."),
        "at_most_items": Param(10_000, type="integer", minimum=1, maximum=1_000_000, description="Items taken up."),
        "force": Param(False, type="boolean", description="Items that failed too, although the code is the same."),
        "dry_run": Param(False, type="boolean", description="Say what would be taken up, and stop."),
    },
)
def copydesk_redrive():
    days = redrive_day.override(max_active_tis_per_dagrun=2).expand(day=choose_rejects())
    # Whatever became of the days: those that were stopped are part of the record.
    days >> record_redrives.override(trigger_rule="all_done")()


copydesk_redrive()
