"""Cleaning is as good on real pages as when its floors were pinned; `make quality` measures the rest of them."""

import json

import pytest

from benchmarks import body, language, metadata
from benchmarks.quality import FLOORS, below

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("shared_data")
def test_no_figure_that_needs_no_peers_is_below_its_floor():
    figures = {f"body: {name}": value for name, value in body.measure("dev", ()).items()}
    figures |= {f"metadata: {name}": value for name, value in metadata.measure("dev", with_peers=False).items()}
    figures |= {f"language: {name}": value for name, value in language.measure("dev").items()}
    floors = json.loads(FLOORS.read_text())["quality"]
    assert len(figures.keys() & floors.keys()) >= 7
    assert below(figures, floors) == []


def test_a_figure_below_its_floor_is_named():
    assert below({"body: a": 0.5, "text: b": 0.9}, {"body: a": 0.6, "text: b": 0.9, "curve: c": 1.0}) == [
        "body: a is 0.500, below 0.6"
    ]
