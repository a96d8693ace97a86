"""The DAG files are copied into the folder of another Airflow, and never over something else unasked."""

from pathlib import Path

import pytest

from pipelines.dag_files import EXAMPLE, copy_dags, find_dags
from pipelines.errors import BadInput


def test_all_dags_but_the_example_are_copied_as_they_are(tmp_path: Path) -> None:
    copied = copy_dags(tmp_path / "dags")
    assert {path.name: path.read_bytes() for path in copied} == {
        file.name: file.read_bytes() for file in find_dags() if file.name != EXAMPLE
    }


def test_the_example_is_copied_when_asked_for(tmp_path: Path) -> None:
    assert tmp_path / EXAMPLE in copy_dags(tmp_path, with_example=True)


def test_copying_again_writes_nothing(tmp_path: Path) -> None:
    copy_dags(tmp_path)
    assert copy_dags(tmp_path) == []


def test_a_file_that_differs_is_replaced_only_when_asked_for(tmp_path: Path) -> None:
    target = copy_dags(tmp_path)[0]
    target.write_text("# changed by hand\n")
    with pytest.raises(BadInput, match=target.name):
        copy_dags(tmp_path)
    assert target.read_text() == "# changed by hand\n"
    assert copy_dags(tmp_path, overwrite=True) == [target]


def test_nothing_is_copied_where_one_file_differs(tmp_path: Path) -> None:
    first, *others = copy_dags(tmp_path)
    first.write_text("# changed by hand\n")
    for other in others:
        other.unlink()
    with pytest.raises(BadInput):
        copy_dags(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


def test_a_folder_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "dags"
    file.touch()
    with pytest.raises(BadInput, match="is a file"):
        copy_dags(file)
