"""How good cleaning and enrichment are, section by section, beside peers, with intervals.

    python -m benchmarks quality --check          # all sections, held to the floors in floors.json
    python -m benchmarks body --part held_out     # one section, on sources that nobody tuned on
    python -m benchmarks quality body curve text metadata language hostile
    python -m benchmarks quality entities places quotes topics keywords summary

The data is in `../shared/data`; where that folder is absent there is nothing to measure, and the command says so.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks import (
    body,
    curve,
    enrichment_speed,
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
from benchmarks.scores import find_low

FLOORS = Path(__file__).with_name("floors.json")
Measure = Callable[[str], dict[str, float]]
"""Prints figures of a part, and returns them by name."""
_MODULES = (
    body, curve, plain_text, metadata, language, hostile, entities, places, quotes, topics, keywords, summary,
    enrichment_speed,
)  # fmt: skip
SECTIONS: dict[str, Measure] = {m.__name__.rpartition(".")[2].removeprefix("plain_"): m.measure for m in _MODULES}
BY_DEFAULT = [name for name in SECTIONS if name != "enrichment_speed"]

# Those that need no peers and are quick: what CI holds to the floors.
ALONE: dict[str, Measure] = {
    "body": partial(body.measure, peers=()),
    "metadata": partial(metadata.measure, with_peers=False),
    "language": language.measure,
    "quotes": partial(quotes.measure, with_peers=False),
    "topics": partial(topics.measure, with_peers=False),
    "keywords": partial(keywords.measure, with_peers=False),
    "summary": summary.measure,
}


def find_low_figures(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Describe the figures below their floor, of the sections that were measured, and floors without a figure."""
    sections = {name.partition(":")[0] for name in figures}
    return find_low(figures, {name: floor for name, floor in floors.items() if name.partition(":")[0] in sections})


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each section; with --check return 1 where a figure is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; by default all but enrichment_speed")
    parser.add_argument("--part", choices=PARTS, default="dev", help="held_out: sources that nobody tuned on")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a figure is below its floor")
    parser.add_argument("--alone", action="store_true", help=f"only {', '.join(ALONE)}, without other libraries")
    options = parser.parse_args(arguments)
    if unknown := set(options.sections) - SECTIONS.keys():
        parser.error(f"no section is called {', '.join(sorted(unknown))}")
    if not DATA.exists():
        print(f"nothing to measure: {DATA} is not there", file=sys.stderr)
        return 1
    measures = ALONE if options.alone else SECTIONS
    figures: dict[str, float] = {}
    for name in [section for section in options.sections or BY_DEFAULT if section in measures]:
        print(f"\n## {name}", flush=True)
        figures |= {f"{name}: {figure}": value for figure, value in measures[name](options.part).items()}
    low = find_low_figures(figures, json.loads(FLOORS.read_text())["quality"])
    if options.check and low:
        print("\n".join(low), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
