"""Cleaning is as good on real pages as when its floors were pinned; `make quality` measures the rest of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.quality import ALONE, FLOORS, find_low_figures

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)  # two minutes of CPU time
@pytest.mark.usefixtures("shared_data")
def test_no_figure_that_needs_no_peers_is_below_its_floor() -> None:
    # In a process of its own: hundreds of pages in this one would count as memory of every child that tests measure.
    argv = [sys.executable, "-m", "benchmarks", "quality", "--alone", "--check"]
    done = subprocess.run(argv, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_each_section_that_ci_measures_has_floors() -> None:
    floors = json.loads(FLOORS.read_text())["quality"]
    assert ALONE.keys() <= {name.partition(":")[0] for name in floors}


def test_a_figure_that_is_no_longer_measured_is_named() -> None:
    assert find_low_figures({"body: a": 0.5}, {"body: b": 0.6, "curve: c": 1.0}) == [
        "body: b has a floor, but was not measured"
    ]


def test_a_figure_below_its_floor_is_named() -> None:
    assert find_low_figures({"body: a": 0.5, "text: b": 0.9}, {"body: a": 0.6, "text: b": 0.9, "curve: c": 1.0}) == [
        "body: a is 0.500, below 0.6"
    ]
