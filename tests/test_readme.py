"""README says what is so."""

import re
from pathlib import Path

from pipelines.cli import app
from pipelines.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_readme_lists_every_setting_with_its_meaning_and_no_other():
    said = dict(re.findall(r"^\| `COPYDESK_(\w+)` \| (.+?) \|", README, re.MULTILINE))
    assert said == {name.upper(): field.description for name, field in Settings.model_fields.items()}


def test_readme_names_every_command():
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    assert set(re.findall(r"^\.venv/bin/copydesk (\w+)", README, re.MULTILINE)) == commands


def test_every_link_of_the_documents_leads_to_a_file():
    root = Path(__file__).parents[1]
    for page in [root / "README.md", root / "CONTRIBUTING.md", *root.glob("docs/**/*.md"), root / "demo/README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
