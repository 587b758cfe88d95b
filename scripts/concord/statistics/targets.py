"""Targets of models: outcomes, and what else the likelihood needs of a subject.

The target of a time to an event has the fields `event` and `time_days` and, if the
model has strata, `stratum`. A binary one is an array of 0 and 1 or, if subjects have
weights, has the fields `event` and `weight`.
"""

import numpy as np

EVENT, TIME, STRATUM, WEIGHT = "event", "time_days", "stratum", "weight"


def event(y: np.ndarray) -> np.ndarray:
    """Observed events, bool, of the shape of y."""
    return np.asarray((y[EVENT] if y.dtype.names else y) == 1)


def time(y: np.ndarray) -> np.ndarray | None:
    """Days to event or censoring, of the shape of y; None for a binary outcome."""
    return _field(y, TIME)


def stratum(y: np.ndarray) -> np.ndarray | None:
    """Label of the stratum, of the shape of y; None without strata."""
    return _field(y, STRATUM)


def weight(y: np.ndarray) -> np.ndarray | None:
    """Weight of each subject, of the shape of y; None if all count alike."""
    return _field(y, WEIGHT)


def _field(y: np.ndarray, name: str) -> np.ndarray | None:
    return np.asarray(y[name]) if name in (y.dtype.names or ()) else None
