"""What a day costs: every step of the flow in a process of its own, from empty caches, and peers on the same pages.

Run `python -m benchmarks throughput --articles 10000`. Object store and queue are started for it in a temporary folder
(the emulators of `make up`), so what a step waits for is theirs: wall time is this machine's, CPU time is ours.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.corpus import PAGES
from benchmarks.scores import find_low
from local.processes import say
from local.services import ROOT, build_bare_env, build_settings, load_secrets, start_queue, start_store
from pipelines.enrichments.enrichers import ENRICHERS

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "throughput.json"
FLOORS = HERE / "floors.json"
ROUND = 2_500  # articles sent before ingest takes them: the queue of the emulator lives in memory

Facts = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and, if asked, keep or check."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks throughput", description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000, help="of the day")
    parser.add_argument("--sample", type=int, default=1_000, help="of them, for peers")
    parser.add_argument("--airflow", action="store_true", help="what Airflow adds to a task, on the demo, instead")
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {RESULTS.relative_to(ROOT)}")
    parser.add_argument("--check", action="store_true", help="exit 1 where a ratio is below its floor")
    options = parser.parse_args(arguments)
    if options.check and options.airflow:
        parser.error("--check judges speed beside peers, which --airflow does not measure")
    name = "airflow" if options.airflow else "flow"
    if options.airflow:
        from benchmarks.airflow_cost import measure, write_text

        facts = measure()
        text = write_text(facts)
    else:
        facts = measure_flow(options.articles) | {"peers": measure_peers(min(options.sample, options.articles))}
        text = write_table(facts)
    print(text)
    if options.write:
        results = json.loads(RESULTS.read_text())
        results[name] = round_figures(facts | {"made_on": describe_machine()})
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    if options.check and (low := find_low(facts["peers"]["ratios"], json.loads(FLOORS.read_text())["throughput"])):
        print("\n".join(low), file=sys.stderr)
        return 1
    return 0


def measure_flow(count: int, where: Mapping[str, str] | None = None) -> Facts:
    """Return facts of each step for a day of so many articles.

    `where` leads to an empty store and queue; without it both are started.
    """
    if where is None:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            with start_store(folder) as store, start_queue(folder) as queue:
                return measure_flow(count, build_settings(load_secrets(folder), store.url, queue.url))
    sent: Facts = {}
    landed: list[Facts] = []
    for first in range(0, count, ROUND):
        for kind, number in run_step("send", where, first=first, last=min(first + ROUND, count)).items():
            sent[kind] = sent.get(kind, 0) + number
        landed.append(run_step("ingest_all", where))
    steps: dict[str, Facts] = {
        "ingest": {name: sum(each[name] for each in landed) for name in ("wall", "cpu")}
        | {"rss_mb": max(each["rss_mb"] for each in landed)}
    }
    steps["plan"] = run_step("plan", where)
    release = steps["plan"].pop("release")
    steps["clean"] = run_step("clean", where, release=release)
    for enricher in ENRICHERS:
        steps[f"enrich: {enricher.name}"] = run_step("enrich", where, release=release, name=enricher.name)
    steps["assemble"] = run_step("assemble", where, release=release)
    validated = run_step("validate", where, release=release)
    steps["import of GX"] = validated.pop("importing")
    steps["validate"] = validated
    steps["publish"] = run_step("publish", where, release=release)
    steps["query by source"] = run_step("query", where)
    sources = steps["query by source"].pop("sources")
    steps["run, nothing new"] = run_step("again", where)
    if steps["run, nothing new"].pop("release") != release:
        raise RuntimeError("the library or the expectations were changed while they were measured; run it again")
    stored = run_step("stored", where)
    return {
        **{"articles": count, "pages": PAGES, "sent": sent, "sources": sources, "steps": steps},
        **{"stored": stored, "two_at_once": measure_two(where, release)},
    }


def measure_two(where: Mapping[str, str], release: str) -> Facts:
    """Clean and enrich two pieces of the day again from nothing: one after the other, then at the same time."""
    alone = [run_step("chunk", where, release=release, number=number) for number in (0, 1)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda number: run_step("chunk", where, release=release, number=number), (0, 1)))
    return {
        "articles": sum(each["articles"] for each in alone),
        "one_process_wall": sum(each["wall"] for each in alone),
        "two_processes_wall": max(each["wall"] for each in together),
        "cpu": sum(each["cpu"] for each in alone),
        "two_processes_cpu": sum(each["cpu"] for each in together),
    }


def run_step(name: str, where: Mapping[str, str], /, **arguments: object) -> Facts:
    """Run one step of benchmarks/steps.py in a process of its own, and return its facts."""
    say(f"{name} {arguments.get('name', '')}".strip())
    command = [sys.executable, "-m", "benchmarks.steps", name, json.dumps(arguments)]
    done = subprocess.run(command, env={**build_bare_env(), **where}, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    facts: Facts = json.loads(done.stdout)
    return facts


def measure_peers(count: int) -> Facts:
    """Return pages per CPU-second on the first `count` articles, ours among them, and ours divided by each."""
    facts = run_step("extractors", {}, count=count) | {"articles": count, "trafilatura": version("trafilatura")}
    rates = facts.pop("rates")
    ours = rates["clean"]
    ratios = {f"clean / {name}": ours / rate for name, rate in rates.items() if name != "clean" and rate}
    return facts | {"pages_per_cpu_second": rates, "ratios": ratios}


def write_table(facts: Facts) -> str:
    """Write everything that was measured, for a person."""
    count, sent, stored, two, others = (facts[n] for n in ("articles", "sent", "stored", "two_at_once", "peers"))
    rows = ", ".join(f"{number:,} {name}" for name, number in stored["rows"].items())
    lines = [
        f"{count:,} articles made from {facts['pages']} ({sent['bytes'] / 1e6:,.0f} MB): "
        f"{sent.get('messages', 0):,} messages, {sent.get('files', 0):,} files; {describe_machine()}",
        f"{'step, one process each':28} {'wall s':>8} {'CPU s':>8} {'articles/s':>10} {'per CPU-s':>10} {'peak MB':>8}",
    ]
    for name, each in facts["steps"].items():
        rate, per_cpu = count / each["wall"], count / max(each["cpu"], 1e-3)
        speed = f"{'':10} {'':10}" if name == "import of GX" else f"{rate:10,.0f} {per_cpu:10,.0f}"
        lines.append(f"{name:28} {each['wall']:8.2f} {each['cpu']:8.2f} {speed} {each['rss_mb']:8.0f}")
    lines += [
        f"published: {rows}; {facts['sources']} sources; invariants broken: {len(stored['broken'])}",
        "objects: "
        + ", ".join(f"{top}/ {number} ({size / 1e6:.1f} MB)" for top, (number, size) in stored["objects"].items()),
        f"clean and enrich of {two['articles']:,} articles: one process {two['one_process_wall']:.1f} s, two at once "
        f"{two['two_processes_wall']:.1f} s ({two['one_process_wall'] / max(two['two_processes_wall'], 1e-3):.2f} "
        f"times as fast; CPU {two['cpu']:.1f} and {two['two_processes_cpu']:.1f} s)",
        f"one page, the first {others['articles']:,} articles, one process; trafilatura {others['trafilatura']}",
    ]
    for name, rate in others["pages_per_cpu_second"].items():
        ratio = others["ratios"].get(f"clean / {name}")
        lines.append(f"  {name:36} {rate:8.1f} pages per CPU-second" + (f"; ours {ratio:.2f} times" if ratio else ""))
    if "mediacloud-metadata" in others["pages_per_cpu_second"]:
        lines.append(
            f"  mediacloud-metadata: {others['with_text']} with text, {others['failed']} failed, "
            f"{others['refused']} connections attempted and refused"
        )
    else:
        lines.append("  mediacloud-metadata: absent (make .venv-peers/ready)")
    return "\n".join(lines)


def describe_machine() -> str:
    """Describe what the figures were made on, without naming the machine."""
    return f"{os.cpu_count()} CPUs ({platform.machine()}), Python {platform.python_version()}"


def round_figures(value: Any) -> Any:
    """Return facts with numbers of four significant digits, as they are kept."""
    if isinstance(value, dict):
        return {name: round_figures(each) for name, each in value.items()}
    if isinstance(value, list):
        return [round_figures(each) for each in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
