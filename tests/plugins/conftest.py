"""The plugins folder on the path, as Airflow puts it there, and an Airflow of which nothing stays behind."""

import os
import sys
import tempfile
from pathlib import Path

# Airflow reads its home when it is imported, which the test modules do; by default it would be made in the user's.
_home = tempfile.TemporaryDirectory(prefix="airflow-home-")
os.environ["AIRFLOW_HOME"] = _home.name
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))
