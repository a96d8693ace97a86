import hashlib

import pytest

from pipelines.enrichments.models import Package, check_package
from pipelines.errors import BadSetting


def package(content):
    return Package("some_model", "data", {"weights": hashlib.sha256(content).hexdigest()})


def test_files_as_measured_are_accepted(tmp_path):
    (tmp_path / "weights").write_bytes(b"good")
    assert check_package(package(b"good"), tmp_path) is None


def test_other_weights_are_refused_by_the_name_of_their_package(tmp_path):
    (tmp_path / "weights").write_bytes(b"bad")
    with pytest.raises(BadSetting, match="some_model"):
        check_package(package(b"good"), tmp_path)


def test_missing_weights_are_refused(tmp_path):
    with pytest.raises(BadSetting, match="weights"):
        check_package(package(b"good"), tmp_path)
