"""Trees as arrays of nodes: what a fitted forest or boosting is frozen to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

#: Feature of a node that is a leaf.
LEAF = -1
#: Rows that are sent through the trees at once; more would take more memory.
_ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Trees:
    """Binary trees, one after the other in the same arrays of nodes.

    A row goes left at a node if its value is at most the threshold, or if it is missing
    and `missing_left` says so. Leaves have feature -1; their threshold, children and
    `missing_left` are 0, as is the value of every other node.

    Attributes
    ----------
    roots : ndarray of int, shape (trees,)
        First node of each tree.
    feature, left, right, missing_left : ndarray of int, shape (nodes,)
        Column that is compared, and nodes that follow.
    threshold, value : ndarray of float, shape (nodes,)
        Largest value that goes left; what the tree says of a row in this leaf.
    """

    roots: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    missing_left: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, trees: Iterable[Mapping[str, np.ndarray]]) -> Self:
        """Trees of their own arrays, each with children counted from its root.

        Parameters
        ----------
        trees : iterable of mapping
            Of each tree the arrays (nodes,) of this class but `roots`; what stands in
            nodes where it does not count is dropped.
        """
        parts, first = [], 0
        for tree in trees:
            parts.append(_shifted(tree, first))
            first += len(tree["feature"])
        sizes = [len(part["feature"]) for part in parts]
        roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        names = [field.name for field in fields(cls)][1:]
        return cls(roots, *(np.concatenate([p[name] for p in parts]) for name in names))

    def leaf_values(self, X: np.ndarray) -> np.ndarray:
        """Value of the leaf of each row of values (n, p) in each tree, (n, trees)."""
        found = [
            self._leaf_values(X[first : first + _ROWS_AT_ONCE])
            for first in range(0, len(X), _ROWS_AT_ONCE)
        ]
        return np.concatenate(found) if found else np.zeros((0, len(self.roots)))

    def features(self) -> np.ndarray:
        """Columns that some node compares, ascending."""
        return np.unique(self.feature[self.feature != LEAF])

    def estimates(self) -> dict[str, list[Any]]:
        """The arrays as values for JSON."""
        return {one.name: getattr(self, one.name).tolist() for one in fields(self)}

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The trees that gave these estimates; their leaves are bit-equal."""
        return cls(
            *(
                np.asarray(found[one.name], dtype=_dtype(one.name))
                for one in fields(cls)
            )
        )

    def _leaf_values(self, X: np.ndarray) -> np.ndarray:
        node = np.tile(self.roots, (len(X), 1))
        rows = np.arange(len(X))[:, None]
        while True:
            feature = self.feature[node]
            inner = feature != LEAF
            if not inner.any():
                return np.asarray(self.value[node])
            value = X[rows, np.maximum(feature, 0)]
            left = value <= self.threshold[node]
            left |= np.isnan(value) & (self.missing_left[node] == 1)
            following = np.where(left, self.left[node], self.right[node])
            node = np.where(inner, following, node)


def _dtype(name: str) -> type[np.float64] | type[np.int64]:
    return np.float64 if name in ("threshold", "value") else np.int64


def _shifted(tree: Mapping[str, np.ndarray], first: int) -> dict[str, np.ndarray]:
    """Arrays of one tree whose root is the node of this number."""
    inner = tree["feature"] != LEAF
    part = {
        name: np.where(inner, tree[name], 0).astype(_dtype(name))
        for name in ("threshold", "missing_left")
    }
    for child in ("left", "right"):
        part[child] = np.where(inner, tree[child].astype(np.int64) + first, 0)
    part["feature"] = tree["feature"].astype(np.int64)
    part["value"] = np.where(inner, 0.0, tree["value"])
    return part
