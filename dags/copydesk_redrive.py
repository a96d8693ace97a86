"""# copydesk_redrive

Re-processes rejected items after the code, or the profile of a source, has changed. Their whole days are rebuilt and
published. Runs by hand only.

**Before you start.** `copydesk rejected` shows the rejected items, grouped by the rule that rejected them, with
samples, and says for which groups the code has changed since. You can leave the form empty: then all items of such
groups are re-processed, within the limits. With `dry_run`, the log of `choose_rejects` lists what would be done, and
nothing is changed.

**What it does.** A day is published whole, by one version of the code. So the day of each chosen item is published
again, and its other items are processed again too. `redrives/<id>.json` in the bucket records the outcome of each item,
and how many other items of the day moved. Days beyond `at_most_days` or `at_most_items` are left for the next run, and
listed in the log.

**Running it again is harmless.** Items that the current code has rejected are left alone, and so are days that it could
not publish. `force` also takes items with reason `failed`, for errors that came from outside (no memory, a full disk).

**If it fails.** `redrive_day` says why a day was stopped. The old release of that day stays live, and the details are
in the bucket under `attempts/dt=…/`. The next run finishes a run that was interrupted, whatever its form asks for. A
failed task can be cleared.
"""

from typing import Any

from airflow.sdk import Param, dag
from copydesk_airflow.notify import notify_failed
from copydesk_airflow.retries import OUTLAST_OUTAGES
from copydesk_airflow.tasks import choose_rejects, record_redrives, redrive_day

NAMES: dict[str, Any] = {"type": ["null", "array"], "items": {"type": "string"}}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["copydesk"],
    on_failure_callback=notify_failed,
    default_args=OUTLAST_OUTAGES,
    params={
        "fingerprints": Param(None, **NAMES, description="Fingerprints of groups, from `copydesk rejected`."),
        "sources": Param(None, **NAMES, description="Publishers."),
        "reasons": Param(None, **NAMES, description="Reasons, as in the table `rejected`."),
        "stages": Param(None, **NAMES, description="Stages that rejected: clean, enrich, validate, assemble."),
        "items": Param(None, **NAMES, description="Ids of single items."),
        "since": Param(None, type=["null", "string"], format="date", description="The first day."),
        "until": Param(None, type=["null", "string"], format="date", description="The last day."),
        "at_most_days": Param(7, type="integer", minimum=1, maximum=366, description="Most days to publish again."),
        "at_most_items": Param(
            10_000, type="integer", minimum=1, maximum=1_000_000, description="Most items to re-process."
        ),
        "force": Param(
            False,
            type="boolean",
            description="Also retry items with reason `failed`, even if the code has not changed.",
        ),
        "dry_run": Param(False, type="boolean", description="List what would be re-processed, and stop."),
    },
)
def copydesk_redrive() -> None:
    days = redrive_day.override(max_active_tis_per_dagrun=2).expand(day=choose_rejects())
    # In any case: days that were stopped are part of the record.
    days >> record_redrives.override(trigger_rule="all_done")()


copydesk_redrive()
