"""Body text of real pages: ours beside the extractors, with the interval of each difference."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.pages import Page, load
from benchmarks.peers import ask_peers, pack_page
from benchmarks.scores import Row, f1, interval, overlap, write_gain
from pipelines.cleaning import clean_html

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


def read_pages(pages: Sequence[Page], titled: bool) -> Reading:
    """Read pages by the generic path of `clean_html`, metadata, language and all."""
    clean_html(pages[0].body, None, pages[0].url)  # models are read once
    texts, began = [], time.process_time()
    for page in pages:
        cleaned = clean_html(page.body, None, page.url)
        texts.append("\n".join(filter(None, (cleaned.title if titled else None, cleaned.text))))
    return Reading(texts, time.process_time() - began)


def read_by_peer(name: str, pages: Sequence[Page]) -> Reading | None:
    """Read pages by an extractor in a process and an environment of its own; None where that is absent."""
    answers = ask_peers("extractors", "extractors", (pack_page(page.body, page.url) for page in pages), name).get(name)
    return None if answers is None else Reading([text or "" for text in answers.values], answers.seconds)


def score_pages(reading: Reading, pages: Sequence[Page]) -> list[Row]:
    """Return precision and recall of each page."""
    return [overlap(text, page.text) for text, page in zip(reading.texts, pages, strict=True)]


def measure(part: str, peers: Sequence[str] = PEERS) -> dict[str, float]:
    """Print a line an extractor and set, and ours against the best peer of each; return what floors hold."""
    print(f"{'set':18} {'extractor':22} {'pages':>5} {'prec':>6} {'recall':>6} {'F1':>6} {'pages/s':>8}")
    figures: dict[str, float] = {}
    scored: dict[str, dict[str, list[Row]]] = {}
    spent: dict[str, float] = dict.fromkeys((OURS, *peers), 0.0)
    for name in SETS:
        pages = load(name, part)
        readings = {OURS: read_pages(pages, name in TITLED)}
        readings |= {peer: reading for peer in peers if (reading := read_by_peer(peer, pages)) is not None}
        scored[name] = {who: score_pages(reading, pages) for who, reading in readings.items()}
        for who, reading in readings.items():
            spent[who] += reading.seconds
            print(_line(name, who, scored[name][who], len(pages) / reading.seconds))
        figures[f"{name} F1"] = f1(scored[name][OURS])
    scored["wcxb+fundus"] = {
        who: scored["wcxb_dev"][who] + scored["fundus_eval"][who] for who in scored["wcxb_dev"]
    }  # fmt: skip
    for name, by_extractor in scored.items():
        if others := [peer for peer in by_extractor if peer != OURS]:
            best = max(others, key=lambda peer: f1(by_extractor[peer]))
            gain = f1(by_extractor[OURS]) - f1(by_extractor[best])
            bounds = interval(by_extractor[OURS], by_extractor[best])
            print(f"{name}: {OURS} is {write_gain(gain, bounds)} against the best, {best}")
            figures[f"{name} gain, lower bound"] = bounds[0]
    if spent.get("trafilatura precision"):
        ratio = spent["trafilatura precision"] / spent[OURS]
        figures["speed / trafilatura precision"] = ratio
        print(f"speed of all that cleaning does / trafilatura precision, text alone: {ratio:.2f}")
    return figures


def _line(name: str, who: str, scores: list[Row], rate: float) -> str:
    precision, recall = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    return f"{name:18} {who:22} {len(scores):5} {precision:6.3f} {recall:6.3f} {f1(scores):6.3f} {rate:8.1f}"
