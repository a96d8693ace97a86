"""The reference pages in docs/ are what the code says; `make docs` writes them again."""

import re

import pytest

from local.write_references import DOCS, PAGES, render_commands, render_dags
from pipelines.cli import app


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "stale: run `make docs`"


def test_every_command_has_a_section() -> None:
    commands = [command.name for command in app.registered_commands]
    assert re.findall(r"^## (\w+)$", render_commands(), re.MULTILINE) == commands


def test_every_dag_has_a_section_with_its_schedule() -> None:
    page = render_dags()
    dags = sorted(path.stem for path in (DOCS.parent / "dags").glob("*.py"))
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == dags
    assert len(re.findall(r"^Schedule: ", page, re.MULTILINE)) == len(dags)
