"""Commands for installing Copydesk into an Airflow that exists already."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.common import show
from pipelines.errors import BadInput


def copy_dag_files(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The DAGs folder of your Airflow.", file_okay=False)],
    example: Annotated[bool, typer.Option("--example", help="Also copy the example of a downstream DAG.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that differ.")] = False,
) -> None:
    """Copy Copydesk's DAGs into the DAGs folder of an Airflow that exists already."""
    from pipelines.dag_files import copy_dags

    try:
        written = copy_dags(folder, example, overwrite)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written ({error.strerror}); name a folder that you may write to") from None
    show(f"{folder}: " + (", ".join(path.name for path in written) or "all DAG files are there already"))
