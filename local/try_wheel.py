"""Try the wheel in an Airflow that is not ours: `make try-wheel`.

Makes an environment with apache-airflow alone, installs the wheel into it with pip as README says, and uses nothing of
this checkout but the emulators of store and queue: `copydesk dags` copies the DAGs, the plugin is found through its
entry point, articles are sent, and Airflow ingests them and publishes their day.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.processes import StackError, find_free_ports, launch, say, wait_until
from local.services import ROOT, build_bare_env, build_settings, load_secrets, start_queue, start_store
from pipelines.paths import head_key, raw_prefix
from pipelines.services.storage import Store
from pipelines.settings import read_settings

AIRFLOW = "apache-airflow==3.3.2"
DAY = "2026-03-02"
PATIENCE = 300  # seconds of CPU time, or of idleness, without anything new
DAGS = {"copydesk_daily", "copydesk_ingest", "copydesk_learn", "copydesk_redrive"}
PAGE = """<!doctype html>
<html lang="en"><head><title>Ferry {number} returns to the harbour</title></head><body><article>
<h1>Ferry {number} returns to the harbour</h1>
<p>The ferry came back to the harbour on Monday morning after a week of repairs, and the first passengers went aboard
before the sun was up. The council had promised as much in the spring.</p>
<p>"We are glad that it is over," said Marta Lindqvist, who has sold tickets at pier {number} for eleven years. The next
inspection is due in September, and the company expects no further delay.</p></article></body></html>"""


def main() -> int:
    """Build, install and use the wheel; return 0 if the day was published."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-wheel-"))
    try:
        publish_with_wheel(folder)
    except StackError as error:
        say(f"failed: {error}")
        return 1
    except subprocess.CalledProcessError as error:
        say(f"failed: {' '.join(map(str, error.cmd))}\n{error.stdout[-2000:]}\n{error.stderr[-4000:]}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def publish_with_wheel(folder: Path) -> None:
    """Publish one day in a fresh environment below `folder`.

    Raises CalledProcessError if a command fails, and StackError if something else than expected comes out.
    """
    binaries = make_environment(folder).parent
    with start_store(folder) as store, start_queue(folder) as queue:
        settings = build_settings(load_secrets(folder), store.url, queue.url)
        env = build_environment(folder, settings, binaries)

        def run(*command: str | Path) -> str:
            return run_command([binaries / str(command[0]), *command[1:]], folder, env)

        say(run("copydesk", "dags", folder / "airflow" / "dags").strip())
        run("airflow", "db", "migrate")
        plugins = read_json(run("airflow", "plugins", "--output", "json"))
        expect("copydesk" in {plugin["name"] for plugin in plugins}, "the plugin was not found", plugins)
        run("airflow", "dags", "reserialize")
        loaded = {dag["dag_id"] for dag in read_json(run("airflow", "dags", "list", "--output", "json"))}
        expect(loaded == DAGS, "other DAGs were loaded", loaded)
        say(f"the plugin and {len(loaded)} DAGs are loaded")
        for number in range(1, 6):
            page = folder / f"{number}.html"
            page.write_text(PAGE.format(number=number))
            run("copydesk", "send", page, "--source", "harbour-gazette.example", "--dt", DAY)
        airflow = launch("Airflow", [binaries / "airflow", "standalone"], env, folder / "standalone.log", folder)
        try:
            look_at = Store(read_settings(settings))
            run("airflow", "dags", "trigger", "copydesk_ingest")
            wait_until("the raw batch", lambda: find_missing(look_at, raw_prefix(DAY)), airflow, PATIENCE)
            run("airflow", "dags", "trigger", "copydesk_daily", "--conf", json.dumps({"dt": DAY}))
            wait_until("the published day", lambda: find_missing(look_at, head_key(DAY)), airflow, PATIENCE)
        finally:
            airflow.stop(10)
        answer = run("copydesk", "query", "SELECT count(*) AS articles FROM articles")
        say(answer)
        expect("5" in answer, "not all five articles were published", answer)
        say(run("copydesk", "check").strip())


def build_environment(folder: Path, settings: Mapping[str, str], binaries: Path) -> dict[str, str]:
    """Return the environment of an Airflow of its own: nothing of this checkout is on its path."""
    port = find_free_ports(1)[0]
    env = {
        **build_bare_env(),
        **settings,
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",  # `airflow standalone` starts `airflow` by its name
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "airflow" / "dags"),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    env.pop("PYTHONPATH", None)
    return env


def find_missing(store: Store, prefix: str) -> str | None:
    """Return what is still missing in the bucket; None once something lies under the prefix."""
    return None if next(store.list_objects(prefix), None) else f"nothing is in {prefix} yet"


def make_environment(folder: Path) -> Path:
    """Make an environment with Airflow alone, then the wheel by pip; return its Python."""
    uv, environment = ROOT / ".tools" / "bin" / "uv", folder / "venv"
    python = environment / "bin" / "python"
    env = build_bare_env()
    run_command([uv, "build", "--wheel", "--out-dir", folder, "."], ROOT, env)
    run_command([uv, "venv", "--seed", "--python", sys.executable, environment], folder, env)
    run_command([uv, "pip", "install", "--python", python, AIRFLOW], folder, env)
    (wheel,) = folder.glob("copydesk-*.whl")
    say(f"installing {wheel.name} beside {AIRFLOW}")
    run_command([python, "-m", "pip", "install", "--quiet", f"{wheel}[airflow]"], folder, env)
    run_command([python, "-m", "pip", "check"], folder, env)
    return python


def read_json(output: str) -> list[dict[str, Any]]:
    """Read the list that Airflow's command line prints, after whatever it logs."""
    line = next(line for line in output.splitlines() if line.startswith("[{"))
    rows: list[dict[str, Any]] = json.loads(line)
    return rows


def expect(is_true: bool, problem: str, seen: object) -> None:
    """Raise StackError with what was seen instead."""
    if not is_true:
        raise StackError(f"{problem}: {seen}")


def run_command(command: list[str | Path], folder: Path, env: Mapping[str, str]) -> str:
    """Run a command and return what it printed. Raises CalledProcessError."""
    return subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
