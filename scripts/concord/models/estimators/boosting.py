"""Gradient boosting of trees for a binary outcome, frozen to its nodes."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from .tree_model import TreeModel
from .trees import LEAF, Trees


class BoostedLogOdds(TreeModel):
    """Boosted trees for the log odds of an event [1]_, on histograms of the columns.

    Trees are added one by one, each fitted to the gradient of the log-likelihood and
    shrunk by the learning rate. Their number is fixed: nobody is held out to stop by.

    Parameters
    ----------
    trees : int
        Number of trees.
    min_leaf : int
        Rows of a leaf, at least.
    max_depth : int
        Nodes from the root to a leaf, at most.
    learning_rate : float
        Share of each tree that is added.
    seed : int
        Seed of the study; equal seeds and rows give equal trees.

    Attributes
    ----------
    baseline_ : float
        Log odds that the trees are added to.

    References
    ----------
    .. [1] Friedman, J. H. (2001). "Greedy function approximation: a gradient boosting
           machine". Annals of Statistics, 29, 1189-1232.
           https://doi.org/10.1214/aos/1013203451
    """

    def __init__(
        self,
        trees: int = 100,
        min_leaf: int = 10,
        max_depth: int = 3,
        learning_rate: float = 0.1,
        seed: int = 0,
    ) -> None:
        self.trees = trees
        self.min_leaf = min_leaf
        self.max_depth = max_depth
        self.learning_rate = learning_rate
        self.seed = seed

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Log odds of each row of values (n, p), columns as fitted."""
        total = np.full(len(values), self.baseline_)
        for tree in self.trees_.leaf_values(values).T:  # in order: rounding
            total += tree
        return total

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        return super().estimates() | {"baseline": self.baseline_}

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted model that gave these estimates; its scores are bit-equal."""
        model = super().from_estimates(found)
        model.baseline_ = found["baseline"]
        return model

    def _grow(self, X: np.ndarray, event: np.ndarray, weight: Any) -> None:
        # Its import takes longer than a fit, and few jobs boost.
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.utils.parallel import _get_threadpool_controller

        boosting = HistGradientBoostingClassifier(
            max_iter=self.trees,
            min_samples_leaf=self.min_leaf,
            max_depth=self.max_depth,
            learning_rate=self.learning_rate,
            early_stopping=False,
            random_state=self._random_state(),
        )
        # More threads than one change no number, and cost more than such trees.
        with _get_threadpool_controller().limit(limits=1, user_api="openmp"):
            boosting.fit(X, event, sample_weight=weight)
        # Nodes of its trees are not public, and nothing public tells them; the tests
        # compare the scores with those of the fitted object bit for bit.
        self.baseline_ = float(boosting._baseline_prediction[0, 0])
        self.trees_ = Trees.of(_nodes(one.nodes) for (one,) in boosting._predictors)


def _nodes(nodes: np.ndarray) -> dict[str, np.ndarray]:
    is_leaf = nodes["is_leaf"] == 1
    return {
        "feature": np.where(is_leaf, LEAF, nodes["feature_idx"]),
        "threshold": nodes["num_threshold"],
        "left": nodes["left"],
        "right": nodes["right"],
        "missing_left": nodes["missing_go_to_left"],
        "value": nodes["value"],
    }
