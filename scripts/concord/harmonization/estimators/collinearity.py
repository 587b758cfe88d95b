"""Collinearity of kept covariates and batches."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from ...errors import FitError
from .layout import Layout, centred

#: A covariate with less spread than this share inside batches follows from them.
CONFOUNDED = 1e-9


def require_estimable(
    layout: Layout, design: np.ndarray, names: Sequence[str], batch: str
) -> None:
    """Raise FitError naming the first covariate that batches or others determine.

    Parameters
    ----------
    layout : Layout
    design : ndarray of float, shape (n, k)
        Columns of the covariates, standardized.
    names : sequence of str
        Covariate of each column.
    batch : str
        Name of the batch variable.
    """
    columns = _Columns(design[layout.rows], layout, names)
    ordered = list(dict.fromkeys(names))
    for number, name in enumerate(ordered):
        if columns.dependent(ordered[: number + 1]):
            partner = " and ".join(columns.partner(ordered[:number], name, batch))
            raise FitError(
                f"the kept covariate {name!r} is confounded with {partner}: among "
                f"{len(layout.rows)} development rows it follows from them. Take it "
                "out of harmonization.keep."
            )


def rank_deficient(within: np.ndarray) -> bool:
    """True if standardized columns (n, k), centred within batches, are dependent."""
    if not within.shape[1]:
        return False
    if len(within) < within.shape[1]:
        return True
    singular = np.linalg.svd(within, compute_uv=False)
    return bool(singular[-1] <= CONFOUNDED * np.sqrt(len(within)))


class _Columns:
    """Columns of covariates, less their batch means."""

    def __init__(
        self, design: np.ndarray, layout: Layout, names: Sequence[str]
    ) -> None:
        varies = design.any(axis=0)
        self._within = centred(design[:, varies], layout)
        self._names = np.asarray(names, dtype=str)[varies]

    def dependent(self, chosen: Sequence[str]) -> bool:
        """True if these covariates and the batches are linearly dependent."""
        return rank_deficient(self._within[:, np.isin(self._names, list(chosen))])

    def partner(self, earlier: Sequence[str], name: str, batch: str) -> list[str]:
        """The fewest variables that determine a covariate, the batch among them."""
        for size in range(len(earlier) + 1):
            for others in combinations(earlier, size):
                if self.dependent([*others, name]):
                    return [repr(one) for one in [batch, *others]]
        return [repr(batch)]
