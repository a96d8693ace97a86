"""The vector of an article, in the environment that has the extra; here it is off."""

import json
import subprocess
from pathlib import Path

import pytest

from pipelines.enrichments.embedding import is_installed
from pipelines.enrichments.enrichers import ENRICHERS

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-enrichments" / "bin" / "python"

CODE = """
import json, sys
import pyarrow as pa
from pipelines.enrichments.embedding import READS, add_embedding
items = pa.Table.from_pylist(json.load(sys.stdin), pa.schema([(name, pa.string()) for name in READS]))
print(json.dumps(add_embedding(items).to_pylist()))
"""
ARTICLES = [
    {"text": "The council will rebuild the old lighthouse at the harbour.", "title": "A new light", "language": "en"},
    {"text": "Engineers start to repair the beacon on the pier next spring.", "title": None, "language": "en"},
    {"text": "Shares of two banks fell after their results were published.", "title": None, "language": "en"},
    {"text": "Der Rat baut den Leuchtturm wieder auf.", "title": None, "language": "de"},
    {"text": None, "title": "No text", "language": "en"},
]


def test_it_is_off_where_the_extra_is_not_installed() -> None:
    assert not is_installed()
    assert "embedding" not in {enricher.name for enricher in ENRICHERS}


@pytest.mark.slow
@pytest.mark.skipif(not PYTHON.exists(), reason="make .venv-enrichments/ready has not been run")
def test_texts_on_one_subject_are_nearer_than_others() -> None:
    done = subprocess.run(
        [PYTHON, "-c", CODE], cwd=ROOT, input=json.dumps(ARTICLES), capture_output=True, text=True, check=True
    )
    rows = json.loads(done.stdout)
    assert [row["embedding_status"] for row in rows] == [
        "done", "done", "done", "skipped: language", None,
    ]  # fmt: skip
    light, beacon, shares = (row["embedding"] for row in rows[:3])
    assert sum(a * a for a in light) == pytest.approx(1, abs=1e-5)
    assert sum(a * b for a, b in zip(light, beacon, strict=True)) > 0.2
    assert sum(a * b for a, b in zip(light, shares, strict=True)) < 0.15
