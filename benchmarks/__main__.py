"""Run a benchmark: `python -m benchmarks NAME [OPTIONS]`; `python -m benchmarks NAME --help` describes it.

    quality       how good cleaning and enrichment are; or one of its sections: body, curve, text, metadata, language,
                  hostile, entities, places, quotes, topics, keywords, summary, enrichment_speed
    throughput    what a day costs, step by step, and what Airflow adds
    mutations     how many seeded defects the checks catch
    judge_speed   what checking a day costs
    reports       what reports cost after many releases
    surge         when a rejection surge stops days

A section takes the options of `quality`: --part dev|held_out, --check, --alone.
"""

import importlib
import sys

COMMANDS = ("quality", "throughput", "mutations", "judge_speed", "reports", "surge")


def main(arguments: list[str]) -> int:
    """Run the command, or the section of quality, that is named first."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print((__doc__ or "").strip())
        return 0
    name, *options = arguments
    if name in COMMANDS:
        return int(importlib.import_module(f"benchmarks.{name}").main(options))
    from benchmarks import quality

    if name not in quality.SECTIONS:
        print(f"no benchmark is called {name}; python -m benchmarks lists them", file=sys.stderr)
        return 2
    return quality.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
