"""Quality and speed of the keywords, beside YAKE, RAKE and TextRank, with the interval of each difference.

    python -m benchmarks keywords [--part held_out]

Reads 500N-KPCrowd from `../shared/data/enrichment/keywords`: its documents in the order of their names, the first half
for tuning ("dev"), the other half held out. F1 at 10: terms and marked keywords are compared as stems (crude ones, of
this file, the same for all), averaged over documents. The peers (peers/keywords.py) run in `.venv-enrichments`;
without it they are left out.
"""

import re
import time
import zipfile
from statistics import fmean

from benchmarks.pages import ENRICHMENT
from benchmarks.peers import Answers, ask_peers
from benchmarks.scores import mean_interval, write_gain
from pipelines.enrichments.keywords import extract_keywords

OURS = "copydesk"
DATA = ENRICHMENT / "keywords" / "500N_even.zip"
TOP = 10
WORD = re.compile(r"\w+")
# Endings that English adds to a word, longest first; what remains keeps three letters.
ENDINGS = (
    "ations", "ation", "ingly", "ments", "ment", "ness", "ings", "edly", "ing", "ies", "ied", "ers", "ed", "es", "er",
    "ly", "s", "e", "y",
)  # fmt: skip

Document = tuple[str, frozenset[str]]


def load() -> list[Document]:
    """Return each text with its marked keywords as stems."""
    with zipfile.ZipFile(DATA) as archive:
        texts = sorted(name for name in archive.namelist() if name.endswith(".txt"))
        return [(_read(archive, name), _read_keys(archive, name)) for name in texts]


def _read(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(name).decode("utf-8", "replace")


def _read_keys(archive: zipfile.ZipFile, text_name: str) -> frozenset[str]:
    lines = _read(archive, text_name.replace("docsutf8", "keys").removesuffix(".txt") + ".key").splitlines()
    return frozenset(stem(line) for line in lines if stem(line))


def stem(term: str) -> str:
    """Return a term in lower case with each word cut to a crude stem."""
    return " ".join(_stem_word(word) for word in WORD.findall(term.lower()))


def _stem_word(word: str) -> str:
    ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    return word.removesuffix(ending)


def measure(part: str, with_peers: bool = True) -> dict[str, float]:
    """Print a line for each reader; return our F1 at 10 averaged over documents, and documents per CPU-second."""
    documents = load()
    half = len(documents) // 2
    documents = documents[half:] if part == "held_out" else documents[:half]
    texts = [text for text, _ in documents]
    began = time.process_time()
    own = [[str(row["term"]) for row in extract_keywords(text, None, "en")] for text in texts]
    readers = {OURS: Answers(own, time.process_time() - began)}
    if with_peers:
        readers |= ask_peers("enrichments", "keywords", texts)
    scores = {
        name: [_f1(terms or [], keys) for terms, (_, keys) in zip(reader.values, documents, strict=True)]
        for name, reader in readers.items()
    }
    print(f"500N-KPCrowd: {len(documents)} documents\n{'':20} {'F1@10':>6} {'docs/CPU-s':>10}  ours against it")
    for name, values in scores.items():
        gains = [own - other for own, other in zip(scores[OURS], values, strict=True)]
        beside = "" if name == OURS else write_gain(fmean(gains), mean_interval(gains))
        print(f"{name:20} {fmean(values):6.3f} {len(documents) / readers[name].seconds:10.0f}  {beside}")
    return {"F1 at 10": fmean(scores[OURS]), "documents per CPU-second": len(documents) / readers[OURS].seconds}


def _f1(terms: list[str], keys: frozenset[str]) -> float:
    stems = list(dict.fromkeys(stem(term) for term in terms))[:TOP]
    hits = len(keys.intersection(stems))
    return 2 * hits / (len(stems) + len(keys)) if hits else 0.0
