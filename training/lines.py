"""Train pipelines/cleaning/texts/lines.json and lines_with_profile.json on dev dumps: `python -m training.lines`.

The first judges a text by itself. The second knows what other texts of the source teach, and these are read for it as
in use: by trees of the first kind that never saw the source. How good both are, `python -m benchmarks.plain_text` says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from benchmarks.dumps import SETS, Dump, group_by_source, label_lines, learn_from_others, load_dumps
from pipelines.cleaning.texts import reading as reader
from pipelines.cleaning.texts.hints import Hint
from pipelines.cleaning.texts.line_features import compute_features
from pipelines.cleaning.trees import Floats, Trees, encode_model
from training.trees import fit, write

FOLDS = 5
MIN_OTHERS = 6  # other pages from which a document is shown with what they teach
FAR, FAR_SHARE = 30, 4  # of lines so far from the article one in so many is shown, that many times as heavy
WORDS = 8  # a line of the article with so many weighs as much as one of the furniture, others by the root of theirs
# A quarter of the features a split and larger leaves: at equal words lost .014 more line F1 on daniel_dev, .004 to .008
# elsewhere, than the settings of `fit`.
SETTINGS = {"max_features": 0.25, "min_samples_leaf": 100}

Shown = Iterator[tuple[int, Dump, Mapping[str, float], Mapping[str, Hint]]]


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


def assign_folds(documents: Mapping[str, list[Dump]]) -> dict[str, int]:
    """Return source → its fold."""
    return {source: n % FOLDS for n, source in enumerate(documents)}


def show_alone(name: str) -> Shown:
    """Yield the dev dumps of a set, each with its fold, by themselves."""
    grouped = group_by_source(load_dumps(name))
    fold = assign_folds(grouped)
    for source, own in grouped.items():
        yield from ((fold[source], dump, {}, {}) for dump in own)


def show_with_profile(name: str, trees: list[Trees]) -> Shown:
    """Yield those with enough other pages of the source, with what these teach as trees of other folds read them."""
    grouped = group_by_source(load_dumps(name))
    fold = assign_folds(grouped)
    for source, own in grouped.items():
        read = partial(reader.score_lines, trees=trees[fold[source]])
        for dump, repeats, hints in learn_from_others(own, MIN_OTHERS, read):
            if hints:
                yield fold[source], dump, repeats, hints


def build_examples(shown: list[Shown]) -> Examples:
    """Return the lines of the dumps of several sets, each set as heavy as the others."""
    rows, labels, weights, folds = [], [], [], []
    names: tuple[str, ...] = ()
    for found in map(list, shown):
        for fold, dump, repeats, hints in found:
            lines = label_lines(dump)
            names, row = compute_features([line for line, _, _ in lines], repeats, hints)
            gold = np.array([label in ("article", "headline") for _, label, _ in lines])
            weight = _weigh_lines(lines, gold, int(sha256(dump.id.encode()).hexdigest(), 16) % 6000) / len(found)
            use = weight > 0
            rows.append(row[use])
            labels.append(gold[use])
            weights.append(weight[use])
            folds.append(np.full(use.sum(), fold))
    weight = np.concatenate(weights)
    return Examples(names, np.vstack(rows), np.concatenate(labels), weight / weight.mean(), np.concatenate(folds))


def _weigh_lines(lines: list[tuple[str, str, int]], gold: NDArray[np.bool_], chance: int) -> Floats:
    """Return 0 for a line that is not shown: what the set leaves open, and most of what stands far from the article."""
    count = np.array([n for _, _, n in lines])
    weight = np.where(gold, np.sqrt(np.maximum(count, 1) / WORDS), 1.0)
    weight *= np.sqrt(len(lines)) / weight.sum()
    at, inside = np.arange(len(lines)), np.flatnonzero(gold)
    if len(inside):
        far = (at < inside[0] - FAR) | (at > inside[-1] + FAR)
        weight[far] *= np.where((at[far] + chance) % FAR_SHARE == 0, FAR_SHARE, 0)
    weight[[label == "open" for _, label, _ in lines]] = 0
    return np.asarray(weight, dtype=np.float64)


def fit_folds() -> tuple[list[Trees], list[Trees]]:
    """Fit for each fold trees that saw the other folds only: those for a text alone, and those that know its source."""
    first = _fit_folds(build_examples([show_alone(name) for name in SETS]))
    return first, _fit_folds(build_examples([show_with_profile(name, first) for name in SETS]))


def _fit_folds(shown: Examples) -> list[Trees]:
    return [
        encode_model(fit(shown.names, shown.rows[use], shown.labels[use], shown.weights[use], **SETTINGS))
        for use in (shown.folds != fold for fold in range(FOLDS))
    ]


def main() -> None:
    """Write the models of all dev dumps."""
    by_itself = build_examples([show_alone(name) for name in SETS])
    trees = _fit_folds(by_itself)
    for path, shown in (
        (reader.MODEL, by_itself),
        (reader.PROFILE_MODEL, build_examples([show_with_profile(name, trees) for name in SETS])),
    ):
        write(fit(shown.names, shown.rows, shown.labels, shown.weights, **SETTINGS), path)
        print(f"{path.name}: {len(shown.rows)} lines, {len(shown.names)} features")


if __name__ == "__main__":
    main()
