"""Permutations of outcomes within groups, by whole clusters of subjects."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np


def exchangeable_blocks(
    groups: Sequence[Hashable], clusters: Sequence[Hashable]
) -> list[np.ndarray]:
    """Rows of clusters that may take each other's outcomes, shape (clusters, size).

    These are clusters of one size whose rows are of the same groups; the outcomes of a
    cluster stay together. A cluster like no other keeps its outcomes.

    Parameters
    ----------
    groups, clusters : sequence, length n
        Group and cluster of each row.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for row, cluster in enumerate(clusters):
        members[cluster].append(row)
    blocks: dict[tuple[str, ...], list[list[int]]] = defaultdict(list)
    for rows in members.values():
        ordered = sorted(rows, key=lambda row: (str(groups[row]), row))
        blocks[tuple(str(groups[row]) for row in ordered)].append(ordered)
    return [np.array(blocks[like]) for like in sorted(blocks)]


def permuted_order(
    blocks: Sequence[np.ndarray], generator: np.random.Generator
) -> np.ndarray:
    """Row whose outcome each row takes, shape (n,)."""
    order = np.empty(sum(block.size for block in blocks), dtype=int)
    for block in blocks:
        order[block] = block[generator.permutation(len(block))]
    return order
