"""Trees read from their file score as the model that was trained."""

import numpy as np
import pytest

from pipelines.cleaning.trees import encode_model

STUMP = {"names": ["a"], "feature": [[0]], "threshold": [[1.0]], "leaf": [[-2.0, 3.0]], "base": 0.5, "depth": 1}


def test_a_value_at_the_threshold_goes_left() -> None:
    assert encode_model(STUMP).scores(np.array([[1.0], [1.1]])) == pytest.approx(
        [1 / (1 + np.exp(1.5)), 1 / (1 + np.exp(-3.5))]
    )


def test_laid_out_trees_score_as_the_model_they_come_from() -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    from training.trees import fit

    rows = np.random.default_rng(3).normal(size=(600, 4))
    yes, weights = rows[:, 0] * rows[:, 1] + rows[:, 2] > 0, np.ones(600)
    chosen = {"max_iter": 12, "max_depth": 3, "learning_rate": 0.1, "min_samples_leaf": 40, "l2_regularization": 1.0,
              "max_bins": 64, "early_stopping": False, "random_state": 7}  # fmt: skip
    with pytest.importorskip("threadpoolctl").threadpool_limits(limits=1):
        expected = ensemble.HistGradientBoostingClassifier(**chosen).fit(rows, yes, sample_weight=weights)
    found = encode_model(fit(("a", "b", "c", "d"), rows, yes, weights, max_iter=12, max_depth=3)).scores(rows)
    assert found == pytest.approx(expected.predict_proba(rows)[:, 1], abs=1e-4)
