"""Quality and speed of the keywords, beside YAKE, RAKE and TextRank where these are installed.

Run `python benchmarks/keywords.py`. Reads 500N-KPCrowd from `../shared/data/enrichment/keywords`: its documents in
the order of their names, the first half for tuning, the other half reported apart. F1 at 10: terms and marked
keywords are compared as stems (crude ones, of this file, the same for all), averaged over documents.
"""

import importlib
import re
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.enrichments.keywords import extract_keywords

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "enrichment" / "keywords" / "500N_even.zip"
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
Extract = Callable[[str], list[str]]


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


def yake(module: Any, size: int) -> Extract:
    """YAKE with its defaults and phrases of up to `size` words."""
    extractor = module.KeywordExtractor(lan="en", n=size, top=TOP)
    return lambda text: [term for term, _ in extractor.extract_keywords(text)]


def rake(module: Any) -> Extract:
    """RAKE as multi_rake has it, with its defaults."""
    extractor = module.Rake(language_code="en")
    return lambda text: [term for term, _ in extractor.apply(text)]


def textrank(module: Any) -> Extract:
    """TextRank as summa has it; a text that it cannot take gives no terms."""

    def extract(text: str) -> list[str]:
        try:
            return list(module.keywords(text, words=TOP, split=True))
        except (IndexError, ZeroDivisionError, ValueError):
            return []

    return extract


PEERS: tuple[tuple[str, str, Callable[[Any], Extract]], ...] = (
    ("yake, 1-3 words", "yake", partial(yake, size=3)),
    ("yake, 1 word", "yake", partial(yake, size=1)),
    ("rake (multi_rake)", "multi_rake", rake),
    ("textrank (summa)", "summa.keywords", textrank),
)


def measure(extract: Extract, documents: list[Document]) -> tuple[float, float]:
    """F1 at 10 averaged over documents (0-1), and documents per CPU-second."""
    started = time.process_time()
    found = [extract(text) for text, _ in documents]
    seconds = time.process_time() - started
    scores = [_f1(terms, keys) for terms, (_, keys) in zip(found, documents, strict=True)]
    return sum(scores) / len(scores), len(documents) / seconds


def _f1(terms: list[str], keys: frozenset[str]) -> float:
    stems = list(dict.fromkeys(stem(term) for term in terms))[:TOP]
    hits = len(keys.intersection(stems))
    return 2 * hits / (len(stems) + len(keys)) if hits else 0.0


def main() -> None:
    """Print a table of all that is installed."""
    documents = load()
    half = len(documents) // 2
    print(f"{'500N-KPCrowd':20} {'tuning F1@10':>12} {'held out':>9} {'docs/CPU-s':>10}")
    extractors: list[tuple[str, Extract]] = [("copydesk", ours)]
    for name, module, build in PEERS:
        try:
            extractors.append((name, build(importlib.import_module(module))))
        except ModuleNotFoundError:
            print(f"{name:20} absent")
    for name, extract in extractors:
        tuning, _ = measure(extract, documents[:half])
        held_out, rate = measure(extract, documents[half:])
        print(f"{name:20} {tuning:12.3f} {held_out:9.3f} {rate:10.0f}")


if __name__ == "__main__":
    main()
