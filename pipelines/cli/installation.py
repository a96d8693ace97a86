"""Commands for installing Copydesk into an Airflow that exists already."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import show


def copy_dag_files(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The DAGs folder of your Airflow.", file_okay=False)],
    example: Annotated[bool, typer.Option("--example", help="Also copy the example of a downstream DAG.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that differ.")] = False,
) -> None:
    """Copy Copydesk's DAGs into the DAGs folder of an Airflow that exists already."""
    from pipelines.dag_files import copy_dags

    written = copy_dags(folder, example, overwrite)
    show(f"{folder}: " + (", ".join(path.name for path in written) or "all DAG files are there already"))
