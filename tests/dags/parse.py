"""Loads the DAG files as Airflow does and prints what it found, as JSON. Run it in a process of its own."""

import json
import operator
import sys
from typing import Any

from airflow import plugins_manager
from airflow.dag_processing.dagbag import DagBag

HEAVY = ("pyarrow", "trafilatura", "great_expectations", "pandas", "lxml", "duckdb", "boto3", "pipelines")

bag = DagBag(sys.argv[1])
# Before plugins are looked at: what is loaded now, the parsing of the DAG files has loaded.
heavy = [name for name in HEAVY if name in sys.modules]
plugins, plugin_errors = plugins_manager._get_plugins()
# What Airflow does not annotate, or not closely enough.
sort_tasks: Any = operator.methodcaller("topological_sort")
list_deadlines: Any = lambda dag: dag.deadline or ()  # noqa: E731

found = {
    "errors": {path: str(error) for path, error in bag.import_errors.items()},
    "heavy": heavy,
    "plugins": [plugin.name for plugin in plugins],
    "plugin_errors": plugin_errors,
    "dags": {
        dag.dag_id: {
            "doc": dag.doc_md,
            "tags": sorted(dag.tags),
            "tells": getattr(dag.on_failure_callback, "__name__", None),
            "late": [alert.callback.path for alert in list_deadlines(dag)],
            "max_active_runs": dag.max_active_runs,
            "catchup": dag.catchup,
            "retries": {task.task_id: task.retries for task in dag.tasks},
            "params": {name: dag.params.get_param(name).serialize() for name in dag.params},
            "after": {task.task_id: sorted(task.downstream_task_ids) for task in sort_tasks(dag)},
            "trigger_rules": {task.task_id: task.trigger_rule.value for task in dag.tasks},
            "timetable": repr(dag.timetable),
        }
        for dag in bag.dags.values()
    },
}
print("FOUND" + json.dumps(found))
