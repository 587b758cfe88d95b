"""Constancy of a column: spread that is more than the rounding of its values."""

import numpy as np

#: A spread below this share of the largest value is rounding, not variation. Rounding
#: of a feature leaves about 1e-16 to 1e-12 of it, measured values differ by far more.
ROUNDING = 1e-9


def exceeds_rounding(
    spread: np.ndarray | float, magnitude: np.ndarray | float
) -> np.ndarray:
    """True where a spread (range or SD) is more than rounding of values of a size.

    Both are in the unit of the values; NaN is no spread.
    """
    return np.asarray(np.asarray(spread) > ROUNDING * np.asarray(magnitude))


def varies(values: np.ndarray, axis: int | None = 0) -> np.ndarray:
    """Columns whose known values differ by more than rounding, as bool.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        NaN and infinite cells are left out.
    axis : int or None
        Axis of the rows; None takes all values as one column.

    Returns
    -------
    ndarray of bool, shape (p,)
        False for a column of one value but for rounding, and for one without values.
    """
    known = np.isfinite(values)
    highest = np.where(known, values, -np.inf).max(axis=axis, initial=-np.inf)
    lowest = np.where(known, values, np.inf).min(axis=axis, initial=np.inf)
    return exceeds_rounding(
        highest - lowest, np.maximum(np.abs(highest), np.abs(lowest))
    )


def without_rounding(values: np.ndarray) -> np.ndarray:
    """Values (n, p) whose constant columns have one value, the first known one."""
    flat = ~varies(values)
    if not flat.any():
        return values
    settled = values.astype(float)
    for column in np.flatnonzero(flat):
        known = np.isfinite(settled[:, column])
        settled[known, column] = settled[known, column][:1]
    return settled
