"""Boosted decision trees, read from a small file and asked about many rows at once; the arrays of all features."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees of equal depth as arrays: node n has the children 2n + 1 (value <= threshold) and 2n + 2.

    The score of a row is the logistic function of the base and the sum of one leaf a tree (Friedman 2001).
    """

    names: tuple[str, ...]
    """The features, in the order of the columns."""
    feature: NDArray[np.intp]
    """trees × inner nodes: the column that a node asks for."""
    threshold: Floats
    """trees × inner nodes."""
    leaf: Floats
    """trees × leaves."""
    base: float
    depth: int

    def scores(self, rows: Floats) -> Floats:
        """Return the probability of each row, 0-1, of rows × features."""
        count, inner = self.feature.shape
        # Flat positions: np.take is several times as fast as indexing with two arrays.
        feature, threshold, values = self.feature.ravel(), self.threshold.ravel(), np.ascontiguousarray(rows).ravel()
        row = np.arange(len(rows))[:, None] * rows.shape[1]
        tree = np.arange(count)[None, :] * inner
        node = np.zeros((len(rows), count), dtype=np.intp)
        for _ in range(self.depth):
            at = tree + node
            node += node + 1
            node += values.take(row + feature.take(at)) > threshold.take(at)
        leaf = node - inner + np.arange(count)[None, :] * (inner + 1)
        total = self.base + self.leaf.ravel().take(leaf).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float64)


def load_trees(path: Path) -> Trees:
    """Read a model that training wrote."""
    return encode_model(json.loads(path.read_bytes()))


def encode_model(model: dict[str, Any]) -> Trees:
    """Return a fitted model as trees."""
    return Trees(
        names=tuple(model["names"]),
        feature=np.array(model["feature"], dtype=np.intp),
        threshold=np.array(model["threshold"], dtype=np.float64),
        leaf=np.array(model["leaf"], dtype=np.float64),
        base=float(model["base"]),
        depth=int(model["depth"]),
    )
