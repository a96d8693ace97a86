"""What the site has besides docs/: README and others as pages, and links that fit (see mkdocs.yml).

In a checkout README links to `docs/…`, and pages in docs/ link to source files. On the site the first become links
between pages, and the second, for which the site has no page, become plain text.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
TOP = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
LINK = re.compile(r"\[([^\]]+)\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def on_config(config: Any) -> None:
    """Add every decision to the navigation."""
    decisions = sorted(f"decisions/{path.name}" for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    config.nav.append({"Decisions": ["decisions/index.md", *decisions]})


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that lie outside of docs/."""
    for source, page in TOP.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return the page with its links to files of the repository turned into links of the site, or into plain text."""
    return LINK.sub(lambda link: _fit_link(link, page.file.src_uri), markdown)


def _fit_link(link: re.Match[str], page: str) -> str:
    text, target, anchor = link.groups(default="")
    source = next((source for source, uri in TOP.items() if uri == page), f"docs/{page}")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    if path in TOP or path.startswith("docs/"):
        uri = TOP.get(path, path.removeprefix("docs/"))
        return f"[{text}]({posixpath.relpath(uri, posixpath.dirname(page) or '.')}{anchor})"
    # A dead link stays as it is, for the strict build to report.
    return text if (ROOT / path).exists() else link[0]
