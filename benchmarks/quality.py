"""How good cleaning and enrichment are, section by section, beside peers, with intervals.

    python -m benchmarks.quality body curve text metadata language hostile
    python -m benchmarks.quality entities places quotes topics keywords summary
    python -m benchmarks.quality --check          # all of them, held to the floors pinned in floors.json
    python -m benchmarks.quality --part held_out  # sources that nobody tuned on

What is measured on is in `../shared/data`; where that folder is absent there is nothing to measure, and that is said.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import (
    body,
    curve,
    entities,
    hostile,
    keywords,
    language,
    metadata,
    places,
    plain_text,
    quotes,
    summary,
    topics,
)
from benchmarks.pages import DATA, PARTS

FLOORS = Path(__file__).with_name("floors.json")
SECTIONS: dict[str, Callable[[str], dict[str, float]]] = {
    "body": body.measure,
    "curve": curve.measure,
    "text": plain_text.measure,
    "metadata": metadata.measure,
    "language": language.measure,
    "hostile": hostile.measure,
    "entities": entities.measure,
    "places": places.measure,
    "quotes": quotes.measure,
    "topics": topics.measure,
    "keywords": keywords.measure,
    "summary": summary.measure,
}

# What needs no peers and is quick: what CI holds to the floors.
ALONE: dict[str, Callable[[str], dict[str, float]]] = {
    "body": lambda part: body.measure(part, ()),
    "metadata": lambda part: metadata.measure(part, with_peers=False),
    "language": language.measure,
    "quotes": lambda part: quotes.measure(part, with_peers=False),
    "topics": lambda part: topics.measure(part, with_peers=False),
    "keywords": lambda part: keywords.measure(part, with_peers=False),
    "summary": summary.measure,
}


def below(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """What is below its floor, of the sections that were measured; and what they no longer measure."""
    sections = {_section(name) for name in figures}
    held = {name: floor for name, floor in floors.items() if _section(name) in sections}
    gone = [f"{name} has a floor, but was not measured" for name in held if name not in figures]
    return gone + [
        f"{name} is {figures[name]:.3f}, below {floor}"
        for name, floor in held.items()
        if name in figures and figures[name] < floor
    ]


def _section(figure: str) -> str:
    return figure.partition(":")[0]


def main() -> None:
    """Print each section; with --check exit with 1 where a figure is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--part", choices=PARTS, default="dev")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--alone", action="store_true", help=f"only {', '.join(ALONE)}, without other extractors")
    arguments = parser.parse_args()
    if unknown := set(arguments.sections) - SECTIONS.keys():
        parser.error(f"no section is called {', '.join(sorted(unknown))}")
    if not DATA.exists():
        sys.exit(f"nothing to measure: {DATA} is not there")
    measures = ALONE if arguments.alone else SECTIONS
    figures: dict[str, float] = {}
    for name in [section for section in arguments.sections or measures if section in measures]:
        print(f"\n## {name}", flush=True)
        figures |= {f"{name}: {figure}": value for figure, value in measures[name](arguments.part).items()}
    low = below(figures, json.loads(FLOORS.read_text())["quality"])
    if arguments.check and low:
        sys.exit("\n".join(low))


if __name__ == "__main__":
    main()
