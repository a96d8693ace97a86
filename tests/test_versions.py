"""A stage's version moves with every byte it depends on, and with nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import versions
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.releases.plans import derive_versions

MODULES = {
    "clean": "pipelines.stages.clean",
    "assemble": "pipelines.stages.assemble",
    "validate": "pipelines.checks.judge",
    **{enricher.name: enricher.module for enricher in ENRICHERS},
}
Moved = Callable[[], set[str]]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package whose versions are asked for."""
    shutil.copytree(versions.ROOT / "pipelines", tmp_path / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    return tmp_path / "pipelines"


def version(module: str, *before: str) -> str:
    return versions.stage_version.__wrapped__(module, *before)


def found() -> dict[str, str]:
    return {name: version(module) for name, module in MODULES.items()}


@pytest.fixture
def moved(copy: Path) -> Moved:
    """Tells whose version moved since the test began."""
    before = found()
    return lambda: {name for name, its in found().items() if its != before[name]}


def add_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.fixture(scope="module")
def closures() -> dict[str, frozenset[Path]]:
    return {name: versions.find_closure(module)[0] for name, module in MODULES.items()}


@pytest.mark.parametrize(
    ("file", "whose"),
    [
        ("stages/clean.py", {"clean"}),
        ("cleaning/pages/clean.py", {"clean"}),
        ("formats/warc.py", {"clean"}),
        ("messages.py", {"clean"}),
        ("tables/items.py", {"clean", "assemble"}),
        ("tables/ids.py", {"clean", "assemble"}),
        ("stages/assemble.py", {"assemble"}),
        ("tables/coverage.py", {"assemble"}),
        ("tables/contract.py", set(MODULES)),
        ("checks/judge.py", {"validate"}),
        ("checks/verdicts.py", {"validate"}),
        ("enrichments/keywords.py", {"keywords"}),
        ("enrichments/counts.py", {"counts", "readability"}),
        ("enrichments/sentences.py", {"counts", "readability", "summary"}),
        ("services/storage.py", set()),
        ("flow.py", set()),
        ("cli.py", set()),
        ("services/queue.py", set()),
    ],
)
def test_a_file_belongs_to_the_stages_that_import_it(closures: dict[str, frozenset[Path]], file: str, whose: set[str]):
    assert {name for name, files in closures.items() if versions.ROOT / "pipelines" / file in files} == whose


@pytest.mark.parametrize(
    ("file", "whose"),
    [("formats/warc.py", {"clean"}), ("enrichments/keywords.py", {"keywords"}), ("services/storage.py", set())],
)
def test_one_byte_more_moves_the_versions_of_those_that_import_the_file(
    copy: Path, moved: Moved, file: str, whose: set[str]
):
    assert moved() == set()
    add_a_byte(copy / file)
    assert moved() == whose


@pytest.mark.parametrize(("folder", "name"), [("cleaning", "clean"), ("formats", "clean"), ("enrichments", "counts")])
def test_a_data_file_beside_a_module_moves_its_version(copy: Path, moved: Moved, folder: str, name: str):
    (copy / folder / "model.bin").write_bytes(b"\0")
    assert name in moved()
    assert "assemble" not in moved()


def test_the_version_before_is_part_of_the_version():
    assert version("pipelines.stages.clean", "a") != version("pipelines.stages.clean", "b")
    assert version("pipelines.stages.clean", "a", "b") != version("pipelines.stages.clean", "ab")


def test_a_new_version_of_cleaning_moves_every_enricher_and_assembly(copy: Path):
    versions.stage_version.cache_clear()
    before = derive_versions()
    add_a_byte(copy / "cleaning" / "text.py")
    versions.stage_version.cache_clear()
    after = derive_versions()
    versions.stage_version.cache_clear()
    assert {name for name in after if after[name] != before[name]} == {
        "clean",
        *(e.name for e in ENRICHERS),
        "assemble",
    }


def test_a_relative_import_is_refused(copy: Path):
    with (copy / "stages" / "clean.py").open("a") as file:
        file.write("\nfrom . import enrich\n")
    with pytest.raises(ValueError, match="relative import"):
        version("pipelines.stages.clean")


def test_an_import_inside_a_function_counts(copy: Path, moved: Moved):
    with (copy / "cleaning" / "dates.py").open("a") as file:
        file.write("\ndef late() -> None:\n    import pipelines.settings\n")
    files, _ = versions.find_closure("pipelines.stages.clean")
    assert copy / "settings.py" in files
    assert moved() == {"clean"}


def test_the_libraries_of_a_stage_are_those_it_imports_and_what_they_require():
    _, libraries = versions.find_closure("pipelines.stages.clean")
    assert {"htmldate", "lxml", "zstandard"} <= libraries
    required = versions._required(frozenset({"htmldate"}))
    assert {"htmldate", "lxml", "dateparser"} <= required


def test_versions_do_not_hang_on_the_hash_seed_or_the_folder(tmp_path: Path):
    code = "from pipelines.versions import stage_version; print(stage_version('pipelines.stages.clean'))"
    seen = set()
    for seed, folder in (("0", versions.ROOT), ("1", tmp_path)):
        if folder == tmp_path:
            shutil.copytree(versions.ROOT / "pipelines", tmp_path / "pipelines")
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(folder)}
        run = [sys.executable, "-c", code]
        seen.add(subprocess.run(run, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout)
    assert len(seen) == 1
