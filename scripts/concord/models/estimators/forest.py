"""Random forest of a binary outcome, frozen to its nodes."""

from typing import Any

import numpy as np

from .tree_model import TreeModel
from .trees import LEAF, Trees


class ForestLogOdds(TreeModel):
    """Random forest of classification trees [1]_, whose score is a log odds.

    Each tree grows on a bootstrap sample of the rows, by Gini's impurity, and looks at
    the square root of the number of columns at each node. The probability of the event
    is the mean over the trees of its share in the leaf; the score is its log odds,
    where a probability below ``1 / (2 * trees)``, or as close to 1, counts as that, for
    so many trees cannot tell them apart.

    Parameters
    ----------
    trees : int
        Number of trees.
    min_leaf : int
        Rows of a leaf, at least.
    max_depth : int
        Nodes from the root to a leaf, at most.
    seed : int
        Seed of the study; equal seeds and rows give equal trees.

    References
    ----------
    .. [1] Breiman, L. (2001). "Random forests". Machine Learning, 45, 5-32.
           https://doi.org/10.1023/A:1010933404324
    """

    def __init__(
        self, trees: int = 300, min_leaf: int = 5, max_depth: int = 8, seed: int = 0
    ) -> None:
        self.trees = trees
        self.min_leaf = min_leaf
        self.max_depth = max_depth
        self.seed = seed

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Log odds of each row of values (n, p), columns as fitted."""
        edge = 0.5 / len(self.trees_.roots)
        probability = np.clip(self.probabilities_of(values), edge, 1.0 - edge)
        return np.asarray(np.log(probability / (1.0 - probability)))

    def probabilities_of(self, values: np.ndarray) -> np.ndarray:
        """Mean share of the event in the leaves of each row of values (n, p)."""
        # Trees were grown on, and compare, values of single precision.
        said = self.trees_.leaf_values(values.astype(np.float32).astype(np.float64))
        total = np.zeros(len(said))
        for tree in said.T:  # in this order, as rounding depends on it
            total += tree
        return np.asarray(total / said.shape[1])

    def _grow(self, X: np.ndarray, event: np.ndarray, weight: Any) -> None:
        # Its import takes longer than a fit, and few jobs have a forest.
        from sklearn.ensemble import RandomForestClassifier

        forest = RandomForestClassifier(
            n_estimators=self.trees,
            min_samples_leaf=self.min_leaf,
            max_depth=self.max_depth,
            random_state=self._random_state(),
            n_jobs=1,
        ).fit(X, event, sample_weight=weight)
        self.trees_ = Trees.of(_nodes(one.tree_) for one in forest.estimators_)


def _nodes(tree: Any) -> dict[str, np.ndarray]:
    return {
        "feature": np.where(tree.children_left == -1, LEAF, tree.feature),
        "threshold": tree.threshold,
        "left": tree.children_left,
        "right": tree.children_right,
        "missing_left": tree.missing_go_to_left,
        "value": tree.value[:, 0, 1],
    }
