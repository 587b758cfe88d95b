"""Nelson and Aalen's estimate of the cumulative hazard."""

import numpy as np


def nelson_aalen(event: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Cumulative hazard at the time of each subject, shape (n,).

    Parameters
    ----------
    event : ndarray, shape (n,)
        1 where the event was observed, 0 where censored.
    time : ndarray of float, shape (n,)
        Time to event or censoring, any unit.

    References
    ----------
    Aalen, O. (1978). "Nonparametric inference for a family of counting processes".
    Annals of Statistics, 6, 701-726. https://doi.org/10.1214/aos/1176344247
    """
    moments, place = np.unique(time, return_inverse=True)
    n_events = np.bincount(place, np.asarray(event, float), len(moments))
    n_here = np.bincount(place, minlength=len(moments))
    at_risk = np.cumsum(n_here[::-1])[::-1]
    return np.asarray(np.cumsum(n_events / at_risk)[place])
