"""Quality and speed of the keywords, beside YAKE, RAKE and TextRank, with the interval of each difference.

    python -m benchmarks.keywords [--part held_out]

Reads 500N-KPCrowd from `../shared/data/enrichment/keywords`: its documents in the order of their names, the first half
for tuning ("dev"), the other half held out. F1 at 10: terms and marked keywords are compared as stems (crude ones, of
this file, the same for all), averaged over documents. The peers (keywords_peers.py) run in `.venv-enrichments`, which
holds what enrichments.in names; without it they are left out.
"""

import argparse
import json
import re
import subprocess
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import PARTS
from benchmarks.scores import mean_interval
from pipelines.enrichments.keywords import extract_keywords

ROOT = Path(__file__).resolve().parent.parent
PEERS_PYTHON = ROOT / ".venv-enrichments" / "bin" / "python"
OURS = "copydesk"
DATA = ROOT.parent / "shared" / "data" / "enrichment" / "keywords" / "500N_even.zip"
TOP = 10
WORD = re.compile(r"\w+")
# Endings that English adds to a word, longest first; what remains keeps three letters.
ENDINGS = (
    "ations",
    "ation",
    "ingly",
    "ments",
    "ment",
    "ness",
    "ings",
    "edly",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "es",
    "er",
    "ly",
    "s",
    "e",
    "y",
)

Document = tuple[str, frozenset[str]]


def load() -> list[Document]:
    """Each text with its marked keywords as stems."""
    with zipfile.ZipFile(DATA) as archive:
        texts = sorted(name for name in archive.namelist() if name.endswith(".txt"))
        return [(_read(archive, name), _keys(archive, name)) for name in texts]


def _read(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(name).decode("utf-8", "replace")


def _keys(archive: zipfile.ZipFile, text_name: str) -> frozenset[str]:
    lines = _read(archive, text_name.replace("docsutf8", "keys").removesuffix(".txt") + ".key").splitlines()
    return frozenset(stem(line) for line in lines if stem(line))


def stem(term: str) -> str:
    """A term in lower case with each word cut to a crude stem."""
    return " ".join(_stem_word(word) for word in WORD.findall(term.lower()))


def _stem_word(word: str) -> str:
    ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    return word.removesuffix(ending)


def ours(text: str) -> list[str]:
    """The terms of our enricher, without a title."""
    return [str(row["term"]) for row in extract_keywords(text, None, "en")]


def theirs(texts: Sequence[str]) -> tuple[dict[str, list[list[str]]], dict[str, float]]:
    """The terms of each text and the CPU seconds over all of them, for each peer; none without their environment."""
    if not PEERS_PYTHON.exists():
        print(f"peers absent: {PEERS_PYTHON.parent.parent.name} is not there")
        return {}, {}
    answered = subprocess.run(
        [str(PEERS_PYTHON), str(ROOT / "benchmarks" / "keywords_peers.py")],
        input="\n".join(map(json.dumps, texts)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    *answers, spent = map(json.loads, answered.stdout.splitlines())
    return {peer: [answer[peer] for answer in answers] for peer in spent}, spent


def measure(part: str, with_peers: bool = True) -> dict[str, float]:
    """Print a line for each reader; returns our F1 at 10 averaged over documents, and documents per CPU-second."""
    documents = load()
    half = len(documents) // 2
    documents = documents[half:] if part == "held_out" else documents[:half]
    texts = [text for text, _ in documents]
    began = time.process_time()
    found, spent = {OURS: [ours(text) for text in texts]}, {OURS: time.process_time() - began}
    if with_peers:
        others, seconds = theirs(texts)
        found, spent = found | others, spent | seconds
    scores = {
        name: [_f1(said, keys) for said, (_, keys) in zip(terms, documents, strict=True)]
        for name, terms in found.items()
    }
    print(f"500N-KPCrowd: {len(documents)} documents\n{'':20} {'F1@10':>6} {'docs/CPU-s':>10}  ours against it")
    for name, values in scores.items():
        gains = [mine - other for mine, other in zip(scores[OURS], values, strict=True)]
        low, high = mean_interval(gains)
        beside = "" if name == OURS else f"{_mean(gains):+.3f} [{low:+.3f}, {high:+.3f}]"
        print(f"{name:20} {_mean(values):6.3f} {len(documents) / spent[name]:10.0f}  {beside}")
    return {"F1 at 10": _mean(scores[OURS]), "documents per CPU-second": len(documents) / spent[OURS]}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _f1(terms: list[str], keys: frozenset[str]) -> float:
    stems = list(dict.fromkeys(stem(term) for term in terms))[:TOP]
    hits = len(keys.intersection(stems))
    return 2 * hits / (len(stems) + len(keys)) if hits else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, default="dev")
    measure(parser.parse_args().part)


if __name__ == "__main__":
    main()
