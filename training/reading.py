"""Train the generic reading of pages on the dev part, and print how well it reads sources it was not trained on.

python -m training.reading
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pages import Page, load
from benchmarks.scores import SHINGLE, Row, f1, overlap, tokens
from pipelines.cleaning.article import assemble_article
from pipelines.cleaning.labels import LabelledLine
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.pages.block_features import compute_context_features, compute_features
from pipelines.cleaning.pages.blocks import Block, split_blocks
from pipelines.cleaning.pages.clean import parse
from pipelines.cleaning.pages.reading import FIRST_MODEL, SECOND_MODEL, score_and_label
from pipelines.cleaning.text import remove_unprintable
from pipelines.cleaning.trees import Floats, encode_model
from pipelines.text.decode import decode
from training.trees import fit, write

MIN_MOVED = 8  # tokens of a block that gold may hold at another place than the page
MOVED = 0.8  # of its shingles, then
SETS = ("wcxb_dev", "fundus_eval", "daniel_dev")
FOLDS = 5
INNER_FOLDS = 4
# Each split sees a fifth of the columns, so that no few of them decide for all sites.
FIRST = {"max_features": 0.2}
SECOND = {"max_features": 0.2, "max_iter": 80}  # it has less to learn


def label_blocks(texts: Sequence[str], gold: str) -> Floats:
    """Return the share of each block's tokens that gold holds, 0-1.

    The shingles of the page are aligned in order with those of gold, so that a short block is gold where its neighbours
    are; then whole blocks that stand elsewhere are looked up. Of a text that the page shows twice both are gold.
    """
    pieces = [tokens(text) for text in texts]
    page, marked = [token for piece in pieces for token in piece], tokens(gold)
    ours, theirs = _split_shingles(page), _split_shingles(marked)
    covered, left = np.zeros(len(page)), Counter(theirs)
    for at, _, size in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        if size:
            covered[at : at + size + SHINGLE - 1] = 1
            left.subtract(ours[at : at + size])
    found, start = np.zeros(len(texts)), 0
    for block, piece in enumerate(pieces):
        found[block] = covered[start : start + len(piece)].mean() if piece else 0.0
        own = Counter(_split_shingles(piece))
        if len(piece) >= MIN_MOVED and not found[block] and (own & left).total() >= MOVED * own.total():
            found[block] = 1.0
            left.subtract(own)
        start += len(piece)
    best: dict[str, float] = {}
    for text, share in zip(texts, found, strict=True):
        best[text] = max(best.get(text, 0.0), share)
    return np.array([best[text] if len(piece) >= MIN_MOVED else share
                     for text, piece, share in zip(texts, pieces, found, strict=True)])  # fmt: skip


def _split_shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[n:] for n in range(SHINGLE)), strict=False))


@dataclass(eq=False)
class Sample:
    """One page as the training sees it."""

    set: str
    page: Page
    blocks: list[Block]
    title: str | None
    rows: Floats
    labels: NDArray[np.bool_]
    weights: Floats
    """Words, as a share of the article's: precision and recall are averaged over pages."""


def load_samples() -> tuple[tuple[str, ...], list[Sample]]:
    """Return names of the features, and all pages of the dev part that have text."""
    pages: list[Sample] = []
    names: tuple[str, ...] = ()
    for name in SETS:
        for page in load(name):
            decoded = decode(page.body)
            tree = parse(remove_unprintable(decoded))[0] if decoded else None
            if tree is None or not (read := split_blocks(tree)):
                continue
            title = read_metadata(tree, page.url).title
            names, rows = compute_features(read, title)
            share = label_blocks([b.text for b in read], page.text)
            pages.append(Sample(name, page, read, title, rows, share > 0.5, weigh_blocks(read, title, share)))
    return names, pages


def weigh_blocks(blocks: Sequence[Block], title: str | None, share: Floats) -> Floats:
    """Weigh each page alike, a block by its words and by how clearly it is in or out; the headline not at all."""
    words = np.array([len(tokens(b.text)) for b in blocks], dtype=float)
    weight = words * np.abs(2 * share - 1)
    weight[[b.text.casefold() == (title or "").casefold() for b in blocks]] = 0
    return np.asarray(weight / max((words * (share > 0.5)).sum(), 0.25 * words.sum(), 20))


def assign_fold(page: Sample, salt: str = "", folds: int = FOLDS) -> int:
    """Return which part a page's source belongs to: all its pages are in the same."""
    return hash_source(page.page.source, salt, folds)


def hash_source(source: str, salt: str = "", folds: int = FOLDS) -> int:
    """Return the part that a source belongs to, by a hash of its name."""
    return zlib.crc32((salt + source).encode()) % folds


def train(
    names: tuple[str, ...], rows: list[Floats], pages: list[Sample], settings: dict[str, float]
) -> dict[str, Any]:
    """Train the model over the rows of some pages."""
    weights = np.concatenate([page.weights for page in pages])
    return fit(
        names, np.concatenate(rows), np.concatenate([page.labels for page in pages]),
        weights * len(weights) / weights.sum(), **settings,
    )  # fmt: skip


def train_both_looks(names: tuple[str, ...], pages: list[Sample]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train the models of both looks over some pages. The second learns from first looks by a model that saw no page
    of the source: a model is surer of pages that it was trained on."""
    rows = [page.rows for page in pages]
    parts = np.array([assign_fold(page, "inner", INNER_FOLDS) for page in pages])
    seconds: dict[int, Floats] = {}
    second_names: tuple[str, ...] = ()
    for part in range(INNER_FOLDS):
        seen, unseen = np.flatnonzero(parts != part).tolist(), np.flatnonzero(parts == part).tolist()
        trees = encode_model(train(names, [rows[n] for n in seen], [pages[n] for n in seen], FIRST))
        for n in unseen:
            page = pages[n]
            second_names, seconds[n] = compute_context_features(page.blocks, trees.scores(page.rows), names, page.rows)
    second = train(second_names, [seconds[n] for n in range(len(pages))], pages, SECOND)
    return train(names, rows, pages, FIRST), second


def main() -> None:
    """Print the figures of each set, read by models that saw no page of the same source in either look, then train on
    all pages and write the models."""
    names, pages = load_samples()
    judged: dict[int, list[LabelledLine]] = {}
    for part in range(FOLDS):
        first, second = map(
            encode_model, train_both_looks(names, [page for page in pages if assign_fold(page) != part])
        )
        for n, page in enumerate(pages):
            if assign_fold(page) == part:
                rows = compute_context_features(page.blocks, first.scores(page.rows), names, page.rows)[1]
                judged[n] = score_and_label(page.blocks, second.scores(rows), page.title)
    for name in SETS:
        scored = [_score(page, judged[n]) for n, page in enumerate(pages) if page.set == name]
        precision, recall = (sum(column) / len(scored) for column in zip(*scored, strict=True))
        lost, words = np.sum([_lost(page, judged[n]) for n, page in enumerate(pages) if page.set == name], axis=0)
        print(f"{name:12} {len(scored):4} pages  P {precision:.3f}  R {recall:.3f}  F1 {f1(scored):.4f}  "
              f"words wrongly lost {lost} of {words} ({lost / words:.1%})", flush=True)  # fmt: skip
    for model, path in zip(train_both_looks(names, pages), (FIRST_MODEL, SECOND_MODEL), strict=True):
        write(model, path)


def _score(page: Sample, judged: list[LabelledLine]) -> Row:
    title = page.title if page.set == "daniel_dev" else None  # gold has the headline there alone
    return overlap(
        "\n".join(filter(None, (title, assemble_article(judged, [block.is_line for block in page.blocks]).text))),
        page.page.text,
    )


def _lost(page: Sample, judged: list[LabelledLine]) -> tuple[int, int]:
    """Count words of blocks that gold has and the reading leaves out, and words of all blocks that gold has."""
    kept = {line.text for line in judged if line.is_kept}
    wanted = [(line, len(tokens(line.text))) for line, label in zip(judged, page.labels, strict=True) if label]
    return sum(size for line, size in wanted if line.text not in kept), sum(size for _, size in wanted)


if __name__ == "__main__":
    main()
