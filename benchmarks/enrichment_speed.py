"""What each enricher costs, beside plain spaCy that only finds names, on the same real texts in one process.

    python -m benchmarks enrichment_speed [--part held_out]

The articles are the marked texts of wcxb_dev. Enrichers and spaCy, with the model that entities.py reads, take turns
article by article, since on a shared machine even CPU seconds are longer at some times than at others; models are
loaded before. Only ratios hold on other machines.
"""

import resource
import time
from collections import defaultdict

import pyarrow as pa
import spacy

from benchmarks.pages import Page, load
from pipelines.cleaning.language import detect_language
from pipelines.enrichments.enrichers import ENRICHERS
from pipelines.enrichments.models import MODELS, find_model
from pipelines.stages.enrich import enrich_items
from pipelines.tables.items import ITEMS

ARTICLES = 120
WARM_UP = 5
PEER = "spaCy, names only"


def measure(part: str) -> dict[str, float]:
    """Print articles per CPU-second of each enricher, of all and of all without entities; return the ratios."""
    pages = [page for page in load("wcxb_dev", part) if detect_language(page.text, None)[0] == "en"][:ARTICLES]
    before = _memory()
    for page in pages[:WARM_UP]:
        _seconds(page)
    print(f"memory of a worker: {before} MB before its models are loaded, {_memory()} MB with them")
    package, folder = next((package, folder) for package in MODELS["en"] if (folder := find_model(package)))
    pipeline = spacy.load(folder, enable=["ner"])
    spent: dict[str, float] = defaultdict(float)
    for page in pages[WARM_UP:]:
        began = time.process_time()
        pipeline(page.text)
        spent[PEER] += time.process_time() - began
        for name, seconds in _seconds(page).items():
            spent[name] += seconds
    counted = len(pages) - WARM_UP
    peer = spent.pop(PEER)
    whole = sum(spent.values())
    rest = whole - spent["entities"]
    print(f"{counted} articles per CPU-second, one at a time; {package.name}")
    for name, seconds in (*spent.items(), ("all", whole), ("all but entities", rest), (PEER, peer)):
        print(f"{name:20} {counted / seconds:9.1f}")
    figures = {"all / spaCy": peer / whole, "all but entities / all": whole / rest}
    print(", ".join(f"{name} {ratio:.2f}" for name, ratio in figures.items()))
    return figures


def _seconds(page: Page) -> dict[str, float]:
    """Return the CPU seconds of each enricher on one article."""
    spent: dict[str, float] = {}
    items = pa.Table.from_pylist([{"text": page.text, "title": page.title, "language": "en"}], ITEMS.schema)
    for enricher in ENRICHERS:
        began = time.process_time()
        columns = enrich_items(items, enricher)
        spent[enricher.name] = time.process_time() - began
        for field, values in zip(columns.schema, columns.columns, strict=True):
            items = items.append_column(field, values)
    return spent


def _memory() -> int:
    """Return the most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
