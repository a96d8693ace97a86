"""Body text of real pages: ours beside the extractors, with the interval of each difference."""

import base64
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import Page, load
from benchmarks.scores import Row, f1, interval, overlap
from pipelines.cleaning import clean_html

ROOT = Path(__file__).parent.parent
PEERS_PYTHON = ROOT / ".venv-extractors" / "bin" / "python"
PEERS = (
    "trafilatura default", "trafilatura fast", "trafilatura precision", "trafilatura recall",
    "readability-lxml", "resiliparse", "newspaper4k", "jusText",
)  # fmt: skip
# What people marked includes the headline in daniel_dev alone, so there our title counts as text too.
TITLED = frozenset({"daniel_dev"})
SETS = ("wcxb_dev", "fundus_eval", "daniel_dev")
OURS = "copydesk"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one extractor made of a list of pages: a text each, and its CPU seconds over all of them."""

    texts: list[str]
    seconds: float


def ours(pages: Sequence[Page], titled: bool) -> Reading:
    """The generic path of `clean_html`, metadata, language and all."""
    clean_html(pages[0].body, None, pages[0].url)  # models are read once
    texts, began = [], time.process_time()
    for page in pages:
        cleaned = clean_html(page.body, None, page.url)
        texts.append("\n".join(filter(None, (cleaned.title if titled else None, cleaned.text))))
    return Reading(texts, time.process_time() - began)


def theirs(name: str, pages: Sequence[Page]) -> Reading:
    """An extractor, in a process and an environment of its own."""
    lines = (json.dumps({"html": base64.b64encode(p.body).decode(), "url": p.url}) for p in pages)
    answered = subprocess.run(
        [str(PEERS_PYTHON), str(ROOT / "benchmarks" / "extractors.py"), name],
        input="\n".join(lines), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in answered.stdout.splitlines()]
    return Reading([text for text, _ in answers], sum(seconds for _, seconds in answers))


def rows(reading: Reading, pages: Sequence[Page]) -> list[Row]:
    """Precision and recall of each page."""
    return [overlap(text, page.text) for text, page in zip(reading.texts, pages, strict=True)]


def measure(part: str, peers: Sequence[str] = PEERS, say: Callable[[str], None] = print) -> dict[str, float]:
    """Print a line an extractor and set, and ours against the best peer of each; returns what floors hold."""
    say(f"{'set':18} {'extractor':22} {'pages':>5} {'prec':>6} {'recall':>6} {'F1':>6} {'pages/s':>8}")
    figures: dict[str, float] = {}
    scored: dict[str, dict[str, list[Row]]] = {}
    spent: dict[str, float] = dict.fromkeys((OURS, *peers), 0.0)
    for name in SETS:
        pages = load(name, part)
        readings = {OURS: ours(pages, name in TITLED)} | {peer: theirs(peer, pages) for peer in peers}
        scored[name] = {who: rows(reading, pages) for who, reading in readings.items()}
        for who, reading in readings.items():
            spent[who] += reading.seconds
            say(_line(name, who, scored[name][who], len(pages) / reading.seconds))
        figures[f"{name} F1"] = f1(scored[name][OURS])
    scored["wcxb+fundus"] = {
        who: scored["wcxb_dev"][who] + scored["fundus_eval"][who] for who in scored["wcxb_dev"]
    }  # fmt: skip
    for name, by_extractor in scored.items():
        if peers:
            best = max(peers, key=lambda peer: f1(by_extractor[peer]))
            gain = f1(by_extractor[OURS]) - f1(by_extractor[best])
            low, high = interval(by_extractor[OURS], by_extractor[best])
            say(f"{name}: {OURS} is {gain:+.3f} [{low:+.3f}, {high:+.3f}] against the best, {best}")
            figures[f"{name} gain, lower bound"] = low
    if "trafilatura precision" in spent:
        ratio = spent["trafilatura precision"] / spent[OURS]
        figures["speed / trafilatura precision"] = ratio
        say(f"speed of all that cleaning does / trafilatura precision, text alone: {ratio:.2f}")
    return figures


def _line(name: str, who: str, scores: list[Row], rate: float) -> str:
    precision, recall = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    return f"{name:18} {who:22} {len(scores):5} {precision:6.3f} {recall:6.3f} {f1(scores):6.3f} {rate:8.1f}"
