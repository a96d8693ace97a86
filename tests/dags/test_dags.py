"""The DAG files as Airflow sees them, and what we ask of every DAG."""

import ast
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"copydesk_daily", "copydesk_ingest", "copydesk_learn", "copydesk_redrive"}
EXAMPLES = {"copydesk_example_downstream"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process that parses our DAG files finds."""
    home = tmp_path_factory.mktemp("airflow")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "COPYDESK_"))} | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'none.db'}",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",  # they bring plugins of their own
        "PYTHONPATH": str(ROOT),
    }
    argv = [sys.executable, str(Path(__file__).with_name("parse.py")), str(ROOT / "dags")]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.rpartition("FOUND")[2]))


def test_every_file_loads_without_settings_and_holds_the_dag_of_its_name(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    assert set(found["dags"]) == OURS | EXAMPLES == {path.stem for path in (ROOT / "dags").glob("*.py")}


def test_parsing_imports_neither_the_library_nor_anything_heavy(found: dict[str, Any]) -> None:
    assert found["heavy"] == []


def test_every_dag_says_what_it_is_for(found: dict[str, Any]) -> None:
    for name, dag in found["dags"].items():
        assert dag["doc"].startswith(f"# {name}\n"), name
        assert dag["tags"] == ["copydesk" if name in OURS else "example"], name


def test_every_dag_of_ours_tells_when_it_fails_and_says_what_to_do_then(found: dict[str, Any]) -> None:
    for name in OURS:
        assert found["dags"][name]["tells"] == "notify_failed", name
        assert "**If it fails.**" in found["dags"][name]["doc"], name


def test_a_day_that_takes_too_long_is_told_too(found: dict[str, Any]) -> None:
    assert found["dags"]["copydesk_daily"]["late"] == ["copydesk_airflow.notify.notify_late"]


def test_every_dag_bounds_its_runs_and_makes_no_backlog(found: dict[str, Any]) -> None:
    assert {name: dag["max_active_runs"] for name, dag in found["dags"].items()} == {
        "copydesk_daily": 4,
        "copydesk_ingest": 1,  # two drains at once would compete for the same messages
        "copydesk_learn": 1,
        "copydesk_redrive": 1,
        "copydesk_example_downstream": 4,
    }
    assert not any(dag["catchup"] for dag in found["dags"].values())


def test_every_task_of_ours_is_tried_again_since_even_airflow_itself_may_not_answer_for_a_moment(
    found: dict[str, Any],
) -> None:
    for name in OURS:
        assert min(found["dags"][name]["retries"].values()) >= 2, name


def test_every_parameter_has_a_type_and_a_meaning(found: dict[str, Any]) -> None:
    for name, dag in found["dags"].items():
        for param, told in dag["params"].items():
            assert told["schema"]["type"], (name, param)
            assert told["description"], (name, param)


def test_the_day_is_the_one_that_ended(found: dict[str, Any]) -> None:
    timetable = found["dags"]["copydesk_daily"]["timetable"]
    assert timetable.startswith("CronPartitionTimetable(expression='0 0 * * *', timezone='UTC'")
    assert "run_offset=-1" in timetable
    assert "key_format='%Y-%m-%d'" in timetable


def test_a_day_goes_from_plan_to_publication_in_this_order(found: dict[str, Any]) -> None:
    after = found["dags"]["copydesk_daily"]["after"]
    life = ["plan_day", "chunks", "enrich_batches", "assemble", "write_parts", "validate", "publish"]
    assert all(later in after[earlier] for earlier, later in pairwise(life))
    assert after["publish"] == []


def test_stale_days_are_settled_whatever_becomes_of_the_day_itself(found: dict[str, Any]) -> None:
    after = found["dags"]["copydesk_daily"]["after"]
    assert [task for task, its in after.items() if "stale_days" in its] == []
    assert after["stale_days"] == ["settle_stale_days"]


@pytest.mark.parametrize("task", ["assemble", "validate"])
def test_a_day_without_pieces_is_still_assembled_and_checked(found: dict[str, Any], task: str) -> None:
    assert found["dags"]["copydesk_daily"]["trigger_rules"][task] == "none_failed"


def test_learning_proposes_before_anything_is_activated(found: dict[str, Any]) -> None:
    assert found["dags"]["copydesk_learn"]["after"] == {
        "propose_profiles": ["activate_profiles"],
        "activate_profiles": [],
    }


def test_a_redrive_is_started_by_hand_and_records_whatever_became_of_its_days(found: dict[str, Any]) -> None:
    dag = found["dags"]["copydesk_redrive"]
    assert "NullTimetable" in dag["timetable"]
    assert dag["after"] == {
        "choose_rejects": ["redrive_day"],
        "redrive_day": ["record_redrives"],
        "record_redrives": [],
    }
    assert dag["trigger_rules"]["record_redrives"] == "all_done"


def test_only_the_plugin_file_registers(found: dict[str, Any]) -> None:
    assert found["plugins"] == ["copydesk"]
    assert found["plugin_errors"] == {}


def test_the_library_does_not_know_airflow() -> None:
    for path in (ROOT / "pipelines").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in ("airflow", "copydesk_airflow")], path
