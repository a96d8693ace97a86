"""Boosted decision trees, read from a small file and asked about many rows at once."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
        """rows × features → the probability of each row, 0-1."""
        trees = np.arange(len(self.leaf))[None, :]
        node = np.zeros((len(rows), len(self.leaf)), dtype=np.intp)
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            right = rows[index, self.feature[trees, node]] > self.threshold[trees, node]
            node = 2 * node + 1 + right
        total = self.base + self.leaf[trees, node - self.feature.shape[1]].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-total)), dtype=np.float64)


def load_trees(path: Path) -> Trees:
    """Read what `benchmarks/training.py` wrote."""
    model = json.loads(path.read_bytes())
    return Trees(
        names=tuple(model["names"]),
        feature=np.array(model["feature"], dtype=np.intp),
        threshold=np.array(model["threshold"], dtype=np.float64),
        leaf=np.array(model["leaf"], dtype=np.float64),
        base=float(model["base"]),
        depth=int(model["depth"]),
    )
