"""How long the command line takes to answer what needs no work: seconds of CPU, user and system, median of some runs.

python -m local.start_time [--runs 9] [--check]
"""

import argparse
import resource
import statistics
import subprocess
import sys

ANSWERS = (("--help",), ("--version",), ("stauts",))  # the last one is a typing error
CEILING = 0.25  # seconds; on a quiet machine, since CPU seconds too grow beside other work


def measure_cpu(command: list[str]) -> float:
    """Return the CPU seconds of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median of each answer; with --check, exit with 1 where one is above the ceiling."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--check", action="store_true", help=f"exit with 1 where a median is above {CEILING} s")
    options = parser.parse_args()
    is_slow = False
    for answer in ANSWERS:
        command = [sys.executable, "-m", "pipelines.cli", *answer]
        seconds = [measure_cpu(command) for _ in range(options.runs)]
        median = statistics.median(seconds)
        is_slow |= median > CEILING
        print(f"copydesk {answer[0]:10} {median:.3f} s of CPU, median of {options.runs}; least {min(seconds):.3f} s")
    raise SystemExit(int(options.check and is_slow))


if __name__ == "__main__":
    main()
