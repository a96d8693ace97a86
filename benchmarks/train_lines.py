"""Trains pipelines/cleaning/lines.json on the dev dumps: `python -m benchmarks.train_lines`.

How good it is, `python -m benchmarks.plain_text` says, with trees that never saw the source they judge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.dumps import SETS, Dump, dumps, sources, with_labels, with_repeats
from benchmarks.training import fit, write
from pipelines.cleaning import lines as reader
from pipelines.cleaning.trees import Floats, Trees, from_model

FOLDS = 5
MIN_OTHERS = 6  # other pages from which a document is shown with its repeats too
FAR, FAR_SHARE = 30, 4  # of lines so far from the article one in so many is shown, that many times as heavy
WORDS = 8  # a line of the article with so many weighs as much as one of the furniture, others by the root of theirs
# A quarter of the features a split and larger leaves: at equal words lost .014 more line F1 on daniel_dev, .004 to .008
# elsewhere, than the settings of `fit`.
SETTINGS = {"max_features": 0.25, "min_samples_leaf": 100}
MODEL = Path(reader.__file__).with_suffix(".json")


@dataclass(frozen=True, eq=False)
class Examples:
    """Lines to learn from, by rows."""

    names: tuple[str, ...]
    rows: Floats
    """lines × features."""
    labels: NDArray[np.bool_]
    """Whether the line is of the article, its headline included."""
    weights: Floats
    folds: NDArray[np.intp]
    """0 to FOLDS - 1, the same for all lines of a source."""


def fold_of(documents: Mapping[str, list[Dump]]) -> dict[str, int]:
    """Source → its fold."""
    return {source: n % FOLDS for n, source in enumerate(documents)}


def examples() -> Examples:
    """The lines of the dev dumps."""
    rows, labels, weights, folds = [], [], [], []
    names: tuple[str, ...] = ()
    for name in SETS:
        grouped = sources(dumps(name))
        total = sum(map(len, grouped.values()))
        fold = fold_of(grouped)
        for source, own in grouped.items():
            for dump, repeats in with_repeats(own, MIN_OTHERS):
                chance = int(sha256(dump.id.encode()).hexdigest(), 16) % 6000
                lines = with_labels(dump)
                shown = repeats if chance % 2 else {}  # half of a source's dumps with its repeats, half without
                names, row = reader.features([line for line, _, _ in lines], shown)
                gold = np.array([label in ("article", "headline") for _, label, _ in lines])
                weight = _weights(lines, gold, chance) / total
                use = weight > 0
                rows.append(row[use]), labels.append(gold[use]), weights.append(weight[use])
                folds.append(np.full(use.sum(), fold[source]))
    weight = np.concatenate(weights)
    return Examples(names, np.vstack(rows), np.concatenate(labels), weight / weight.mean(), np.concatenate(folds))


def _weights(lines: list[tuple[str, str, int]], gold: NDArray[np.bool_], chance: int) -> Floats:
    """0 for a line that is not shown: what the set leaves open, and most of what stands far from the article."""
    count = np.array([n for _, _, n in lines])
    weight = np.where(gold, np.sqrt(np.maximum(count, 1) / WORDS), 1.0)
    weight *= np.sqrt(len(lines)) / weight.sum()
    at, inside = np.arange(len(lines)), np.flatnonzero(gold)
    if len(inside):
        far = (at < inside[0] - FAR) | (at > inside[-1] + FAR)
        weight[far] *= np.where((at[far] + chance) % FAR_SHARE == 0, FAR_SHARE, 0)
    weight[[label == "open" for _, label, _ in lines]] = 0
    return np.asarray(weight, dtype=np.float64)


def fold_trees() -> list[Trees]:
    """For each fold trees that saw the other folds only."""
    shown = examples()
    with threadpool_limits(1, "openmp"):  # sums of several threads come in any order
        return [
            from_model(fit(shown.names, shown.rows[use], shown.labels[use], shown.weights[use], **SETTINGS))
            for use in (shown.folds != fold for fold in range(FOLDS))
        ]


def main() -> None:
    """Write the model of all dev dumps."""
    shown = examples()
    with threadpool_limits(1, "openmp"):
        write(fit(shown.names, shown.rows, shown.labels, shown.weights, **SETTINGS), MODEL)
    print(f"{MODEL.name}: {len(shown.rows)} lines, {len(shown.names)} features")


if __name__ == "__main__":
    main()
