"""How good cleaning and enrichment are, section by section, beside peers, with intervals.

    python -m benchmarks.quality body curve text metadata language hostile entities places topics keywords summary
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
    "topics": topics.measure,
    "keywords": keywords.measure,
    "summary": summary.measure,
}

# What needs no peers and is quick: what CI holds to the floors.
ALONE: dict[str, Callable[[str], dict[str, float]]] = {
    "body": lambda part: body.measure(part, ()),
    "metadata": lambda part: metadata.measure(part, with_peers=False),
    "language": language.measure,
    "topics": lambda part: topics.measure(part, with_peers=False),
    "keywords": lambda part: keywords.measure(part, with_peers=False),
    "summary": summary.measure,
}


def below(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """What is below its floor, of the figures that were measured."""
    measured = {name: floor for name, floor in floors.items() if name in figures}
    return [
        f"{name} is {figures[name]:.3f}, below {floor}" for name, floor in measured.items() if figures[name] < floor
    ]


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
