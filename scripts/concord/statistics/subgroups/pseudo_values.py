"""Pseudo-values: outcomes by a horizon that stand for those of censored subjects."""

import numpy as np


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
    times = np.unique(time[(code != 0) & (time <= horizon)])
    here = time[:, None] == times
    at_risk = time[:, None] >= times
    any_event, own = here & (code != 0)[:, None], here & (code == cause)[:, None]
    every = [part.sum(axis=0) for part in (at_risk, any_event, own)]
    whole = _incidence(*(part[None, :] for part in every))
    others = _incidence(
        *(
            total - part
            for total, part in zip(every, (at_risk, any_event, own), strict=True)
        )
    )
    return np.asarray(n * whole - (n - 1) * others)


def _incidence(
    at_risk: np.ndarray, any_event: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """Aalen-Johansen's estimate at the last of the times, by row of (m, times)."""
    known = np.maximum(at_risk, 1)
    staying = np.cumprod(1 - any_event / known, axis=1)
    before = np.concatenate([np.ones((len(staying), 1)), staying[:, :-1]], axis=1)
    return np.asarray((before[:, : at_risk.shape[1]] * own / known).sum(axis=1))
