"""Airflow's scheduler, with the libraries of our tasks loaded: it forks a process for each task, which inherits them.

Loading them takes a task up to seven seconds of CPU time. Our own code is not loaded here: each task reads it anew, as
somebody may have changed it.
"""

import importlib
import logging
import sys
from collections.abc import Iterable

LIBRARIES = (
    "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.sdk",
    "boto3",
    "dateparser",
    "great_expectations",
    "lxml.html",
    "pandas",
    "pyarrow.compute",
    "pyarrow.parquet",
    "spacy",
)


def load_libraries(names: Iterable[str] = LIBRARIES) -> None:
    """Import modules by name; what is not installed is left to the task that wants it."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            logging.getLogger(__name__).warning("%s is not loaded beforehand: %s", name, error)


if __name__ == "__main__":
    from airflow.__main__ import main

    load_libraries()
    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    main()
