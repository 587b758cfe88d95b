"""Rows in the order of their batches, features in blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_CELLS_PER_BLOCK = 1 << 17


@dataclass(frozen=True)
class Layout:
    """Rows of a table, batch by batch."""

    rows: np.ndarray  # (m,) indices of the rows
    bounds: np.ndarray  # (b + 1,) where each batch starts in `rows`

    @classmethod
    def of(cls, batches: np.ndarray, n_batches: int) -> "Layout":
        """The layout of rows with these batch numbers; -1 leaves a row out."""
        rows = np.argsort(batches, kind="stable")
        rows = rows[np.searchsorted(batches[rows], 0) :]
        return cls(rows, np.searchsorted(batches[rows], np.arange(n_batches + 1)))

    def slices(self) -> Iterator[tuple[int, slice]]:
        """Number of each batch that has rows, and their place in `rows`."""
        for batch, (start, stop) in enumerate(pairwise(self.bounds)):
            if stop > start:
                yield batch, slice(start, stop)

    def only(self, chosen: np.ndarray) -> "Layout":
        """Without some rows; `chosen` is a mask over `rows`."""
        kept = np.concatenate([[0], np.cumsum(chosen)])
        return Layout(self.rows[chosen], kept[self.bounds])

    @property
    def sizes(self) -> np.ndarray:
        """Rows of each batch."""
        return np.diff(self.bounds)


def blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    """Slices of the features of a table of shape (n, p), small enough for a cache."""
    width = max(1, _CELLS_PER_BLOCK // max(shape[0], 1))
    for start in range(0, shape[1], width):
        yield slice(start, min(start + width, shape[1]))


def centred(columns: np.ndarray, layout: Layout) -> np.ndarray:
    """Columns (m, k) in the order of the layout, less their means in each batch."""
    result = columns.copy()
    for _, rows in layout.slices():
        result[rows] -= result[rows].mean(axis=0)
    return result
