"""Models of spaCy that find names, with random weights."""

from typing import Any

import numpy as np
import spacy


def build(width: int, depth: int, **parser: Any) -> Any:
    """A pipeline with random weights, of the same architecture unless it is told otherwise."""
    pipeline = spacy.blank("en")
    encoder = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": width, "depth": depth}
    vectors: dict[str, Any] = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2", "width": width, "attrs": ["NORM", "SHAPE"], "rows": [500, 100],
            "include_static_vectors": False,
        },
        "encode": {**encoder, "window_size": 1, "maxout_pieces": 3, **parser.pop("encode", {})},
    }  # fmt: skip
    vectors["embed"].update(parser.pop("embed", {}))
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False,
        "hidden_width": 32, "maxout_pieces": 2, "use_upper": True, "tok2vec": vectors, **parser,
    }  # fmt: skip
    pipe = pipeline.add_pipe("ner", config={"model": model})
    for label in ("PERSON", "ORG", "GPE"):
        pipe.add_label(label)  # type: ignore[attr-defined]
    pipeline.initialize()
    upper = pipe.model.get_ref("upper")  # type: ignore[attr-defined]
    if upper.has_param("W"):  # begins with zeros, with which all moves are as good
        upper.set_param("W", np.random.default_rng(5).normal(size=upper.get_param("W").shape).astype(np.float32))
    return pipeline
