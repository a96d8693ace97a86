import hashlib
from pathlib import Path
from typing import Any

import pytest

from pipelines.enrichments.models import Package, check_package
from pipelines.errors import BadSetting


def package(content: Any) -> Any:
    return Package("some_model", "data", {"weights": hashlib.sha256(content).hexdigest()})


def test_files_as_measured_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"good")
    check_package(package(b"good"), tmp_path)


def test_other_weights_are_refused_by_the_name_of_their_package(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"bad")
    with pytest.raises(BadSetting, match="some_model"):
        check_package(package(b"good"), tmp_path)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="weights"):
        check_package(package(b"good"), tmp_path)
