import hashlib
from pathlib import Path
from typing import Any

import pytest

from pipelines.enrichments import models
from pipelines.enrichments.models import Package, check_package, load_spacy, mark_with_spacy
from pipelines.errors import BadSetting
from tests.enrichments.random_model import build


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


@pytest.mark.parametrize("use_upper", [True, False])
def test_a_model_of_any_architecture_marks_what_spacy_marks(
    use_upper: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = build(32, 2, use_upper=use_upper)
    pipeline.to_disk(tmp_path)
    lines = ["Anna Smith met the UN in New York.", "Mr. Bo left."]
    expected = list(mark_with_spacy(pipeline, lines))
    if use_upper:  # a known one
        monkeypatch.setattr(models, "mark_with_spacy", None)
    assert list(load_spacy(tmp_path)(lines)) == expected
