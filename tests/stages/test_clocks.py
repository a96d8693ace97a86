"""The same input gives the same bytes whatever the clock, the time zone, the locale and the hash seed are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# With POSIX Python writes and reads ASCII where nothing else is asked for; other locales may not be installed.
ASCII = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
MACHINES = [
    ("915148800", {"TZ": "America/New_York", "PYTHONHASHSEED": "1"} | ASCII),  # 1999
    ("1771023600", {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "LC_ALL": "de_DE.UTF-8"}),  # before it was received
    ("3471292800", {"TZ": "UTC", "PYTHONHASHSEED": "3", "LC_ALL": "C.UTF-8"}),  # 2080
]
TABLES = [
    "items",
    "articles",
    "coverage",
    "duplicates",
    "entities",
    "ledger",
    "measures",
    "quotes",
    "rejected",
    "checks",
]


@pytest.mark.slow
def test_inputs_of_every_form_give_the_same_tables_under_every_clock_zone_locale_and_seed() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.stages.clocked_day", clock],
            env=os.environ | {"LANG": setting["LC_ALL"]} | setting,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for clock, setting in MACHINES
    ]
    answers = [run.communicate()[0].splitlines() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert [line.split()[0] for line in answers[0]] == TABLES
    assert int(answers[0][0].split()[1]) > 250, "items of all forms"
    assert answers[0] == answers[1] == answers[2]
