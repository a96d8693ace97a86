"""The DAG files, and copying them into the DAGs folder of an Airflow that exists already."""

import shutil
from pathlib import Path

from pipelines.errors import BadInput
from pipelines.versions import ROOT

EXAMPLE = "copydesk_example_downstream.py"


def find_dags() -> list[Path]:
    """Return the DAG files, sorted: those of the checkout, or those that were installed with the package."""
    for folder in (ROOT / "dags", ROOT / "copydesk_airflow" / "dags"):
        if files := sorted(folder.glob("copydesk_*.py")):
            return files
    raise BadInput(f"no DAG files beside {ROOT}: install Copydesk from its wheel, or run from a checkout")


def copy_dags(folder: Path, with_example: bool = False, overwrite: bool = False) -> list[Path]:
    """Copy the DAG files into a folder, which is made if need be; return the files that were written.

    A file that is there already with the same content is left alone. Raises BadInput, before anything is written, if
    one differs and `overwrite` is not set.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file; name the DAGs folder of your Airflow")
    changes = {}
    for file in find_dags():
        target = folder / file.name
        if file.name == EXAMPLE and not with_example:
            continue
        if not target.is_file() or target.read_bytes() != file.read_bytes():
            changes[target] = file
    differing = [target.name for target in changes if target.exists()]
    if differing and not overwrite:
        raise BadInput(f"{', '.join(differing)} in {folder} differ from this version's; --overwrite replaces them")
    folder.mkdir(parents=True, exist_ok=True)
    for target, file in changes.items():
        shutil.copyfile(file, target)
    return list(changes)
