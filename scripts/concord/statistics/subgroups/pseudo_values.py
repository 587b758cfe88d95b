"""Pseudo-values: outcomes by a horizon that stand for those of censored subjects."""

import numpy as np

from ..survival import pseudo_values as survival


def pseudo_values(
    time: np.ndarray, code: np.ndarray, horizon: float, cause: int = 1
) -> np.ndarray:
    """Event by the horizon of each subject, as 1 or 0 had nobody been censored [1]_.

    n times the cumulative incidence of all subjects less n - 1 times that of all
    others. Without censoring before the horizon it is exactly 1 or 0. Censoring is
    taken as independent of everything.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Time to event or censoring.
    code : ndarray of int, shape (n,)
        0 censored, else the code of the cause.
    horizon : float
        In the unit of the times.
    cause : int
        Cause of interest.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN if the horizon is beyond the last time of all subjects, or of all but one.

    References
    ----------
    .. [1] Andersen, P. K. and Pohar Perme, M. (2010). "Pseudo-observations in survival
           analysis". Statistical Methods in Medical Research, 19, 71-99.
           https://doi.org/10.1177/0962280209105020
    """
    n = len(time)
    if n < 2 or not np.sort(time)[-2] >= horizon:
        return np.full(n, np.nan)
    return survival.pseudo_values(time, code, cause, horizon)
