"""Boosted trees of scikit-learn → the file that pipelines/cleaning/trees.py reads."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

DIGITS = 6  # significant, of leaves; thresholds are kept whole, because many lie on a value of the rows


def fit(
    names: tuple[str, ...], rows: NDArray[Any], labels: NDArray[Any], weights: NDArray[Any], **settings: Any
) -> dict[str, Any]:
    """Fit boosted trees for a yes or no about each row: as a plain dictionary of lists, ready for `write`."""
    chosen: dict[str, Any] = {
        "max_iter": 120, "max_depth": 5, "learning_rate": 0.1, "min_samples_leaf": 40, "l2_regularization": 1.0,
        "max_bins": 64, "early_stopping": False, "random_state": 7,
    } | settings  # fmt: skip
    depth = chosen["max_depth"]
    with threadpool_limits(limits=1):  # sums of several threads differ in their last digits from run to run
        model = HistGradientBoostingClassifier(**chosen).fit(rows, labels, sample_weight=weights)
    inner, leaves = 2**depth - 1, 2**depth
    feature, threshold, leaf = [], [], []
    for (tree,) in model._predictors:
        asked, limits, values = np.zeros(inner, int), np.full(inner, np.inf), np.zeros(leaves)
        _lay_out(tree.nodes, 0, 0, 0, depth, asked, limits, values)
        feature.append(asked.tolist())
        threshold.append([float(x) if np.isfinite(x) else 1e300 for x in limits])
        leaf.append([_round(x) for x in values])
    base = float(np.ravel(model._baseline_prediction)[0])
    return {
        "names": list(names),
        "depth": depth,
        "base": base,
        "feature": feature,
        "threshold": threshold,
        "leaf": leaf,
    }


def write(model: dict[str, Any], path: Path) -> None:
    """Write one line a list, so that a new training shows as a readable difference."""
    path.write_text(json.dumps(model, separators=(",", ":")).replace("],[", "],\n[") + "\n")


def _lay_out(nodes: Any, node: int, place: int, level: int, depth: int, asked: Any, limits: Any, values: Any) -> None:
    """Lay out a tree as a complete one: under a leaf that lies higher both ways lead to the same value."""
    if level == depth:
        values[place - len(asked)] = nodes[node]["value"]
        return
    left, right = 2 * place + 1, 2 * place + 2
    if nodes[node]["is_leaf"]:
        _lay_out(nodes, node, left, level + 1, depth, asked, limits, values)
        _lay_out(nodes, node, right, level + 1, depth, asked, limits, values)
        return
    asked[place], limits[place] = nodes[node]["feature_idx"], nodes[node]["num_threshold"]
    _lay_out(nodes, nodes[node]["left"], left, level + 1, depth, asked, limits, values)
    _lay_out(nodes, nodes[node]["right"], right, level + 1, depth, asked, limits, values)


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
