"""The frame of every page: the environment that escapes all values, the style, the policy, and drawings."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
STYLE = (_TEMPLATES / "style.css").read_text()
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# Nothing is loaded, nothing runs, nothing is sent; the one style is allowed by its hash.
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def render(template: str, **values: object) -> str:
    """Render a page from its template; every value is escaped."""
    style = Markup(STYLE)  # noqa: S704 - our own file; escaped, it would not have its hash
    return _load_environment().get_template(template).render(style=style, policy=POLICY, **values)


def draw_sparkline(values: Sequence[float | None], label: str, width: int = 240, height: int = 36) -> Markup:
    """Draw a line over the values, left to right, from 0 to their maximum; None leaves a gap."""
    high = max((value for value in values if value is not None), default=0) or 1
    step = width / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{index * step:.1f},{height - 2 - (height - 4) * value / high:.1f}")
    lines = Markup("").join(
        Markup('<polyline points="{}"/>').format(" ".join(run if len(run) > 1 else [*run, *run])) for run in runs if run
    )
    head = Markup('<svg class="spark" role="img" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-label="{2}">')
    return head.format(width, height, label) + lines + Markup("</svg>")


@cache
def _load_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda value: "–" if value is None else f"{value:,}"
    environment.filters["share"] = lambda part, whole: f"{part / whole:.1%}" if whole else "–"
    environment.filters["counted"] = lambda count, one, many: f"{count:,} {one if count == 1 else many}"
    environment.globals["sparkline"] = draw_sparkline
    return environment
