"""README and the pages in docs/ are true, short and whole."""

import re
from pathlib import Path

from pipelines.cli import app
from pipelines.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_page_of_settings_lists_every_setting_with_its_meaning_and_no_other() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    meanings = dict(re.findall(r"^\| `COPYDESK_(\w+)` \| (.+?) \|", page, re.MULTILINE))
    assert meanings == {name.upper(): field.description for name, field in Settings.model_fields.items()}


def test_readme_leads_to_every_page_and_is_short_enough_to_be_read() -> None:
    assert {"docs/settings.md", "docs/dags.md", "docs/quality.md"} <= set(re.findall(r"\]\(([^)#:]+)\)", README))
    assert len(README.splitlines()) <= 120


def test_what_is_written_by_hand_is_wrapped() -> None:
    pages = {page: page.read_text() for page in (ROOT / "docs").glob("**/*.md")}
    pages = {page: text for page, text in pages.items() if "do not edit" not in text[:200]}
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        pages[page] = page.read_text()
    lines = [(page.name, line) for page, text in pages.items() for line in text.splitlines()]
    assert [(page, line) for page, line in lines if len(line) > 120 and not line.startswith("|")] == []


def test_readme_names_every_command() -> None:
    commands = {command.name or getattr(command.callback, "__name__", None) for command in app.registered_commands}
    assert set(re.findall(r"^\.venv/bin/copydesk (\w+)", README, re.MULTILINE)) == commands


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"), ROOT / "demo/README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
