"""Row space of ridge-penalized columns: as many coordinates as rows, not columns."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RowSpace:
    """Coordinates of the row space of some columns that share one ridge penalty [1]_.

    A coefficient vector of these columns changes the likelihood through its part in
    the row space alone, and the penalty through its length. So the optimum lies in
    the row space, and there both are the same in orthonormal coordinates.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. (2004). "Efficient quadratic regularization for
           expression arrays". Biostatistics, 5, 329-340.
           https://doi.org/10.1093/biostatistics/kxh010
    """

    columns: np.ndarray  # bool (p,), the columns that are replaced
    basis: np.ndarray  # (columns, coordinates), orthonormal

    @classmethod
    def of(cls, X: np.ndarray, columns: np.ndarray) -> "RowSpace":
        """The row space of the chosen columns of X (n, p); at most n coordinates.

        By QR, which unlike the Gram matrix of the rows does not square their
        condition number and takes collinear columns as they are.
        """
        return cls(columns, np.linalg.qr(X[:, columns].T)[0])

    def reduced(self, X: np.ndarray) -> np.ndarray:
        """The coordinates of each row, then its other columns."""
        return np.column_stack([X[:, self.columns] @ self.basis, X[:, ~self.columns]])

    def reduced_ridge(self, ridge: np.ndarray) -> np.ndarray:
        """The penalty of each column of a reduced matrix, from those of all (p,)."""
        shared = np.full(self.basis.shape[1], ridge[self.columns][0])
        return np.concatenate([shared, ridge[~self.columns]])

    def coefficients(self, found: np.ndarray) -> np.ndarray:
        """Coefficients (p,) of all columns, from those of a reduced matrix."""
        n_coordinates = self.basis.shape[1]
        coefficients = np.empty(len(self.columns))
        coefficients[self.columns] = self.basis @ found[:n_coordinates]
        coefficients[~self.columns] = found[n_coordinates:]
        return coefficients
