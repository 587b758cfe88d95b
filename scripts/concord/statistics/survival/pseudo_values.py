"""Pseudo-observations of the risk at a horizon, with and without competing causes."""

import numpy as np

#: Most cells of a table of subjects by times that is held at once.
_CELLS = 2_000_000


def risk_at(time: np.ndarray, code: np.ndarray, cause: int, horizon: float) -> float:
    """Probability that the cause has come first by the horizon: Aalen-Johansen.

    One less the Kaplan-Meier estimate, if there is one cause. NaN if the longest
    follow-up ends before the horizon without an event.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Time to the first event or censoring.
    code : ndarray of int, shape (n,)
        0 without an event, else the code of its cause.
    cause : int
        Code of the cause of interest.
    horizon : float
        Time, in the unit of `time`.
    """
    if not reaches(time, code, horizon):
        return float("nan")
    events = _events(time, code, cause, horizon)
    return float(_incidence(*(counts[None] for counts in events[1:]))[0])


def reaches(time: np.ndarray, code: np.ndarray, horizon: float) -> bool:
    """True if the risk at the horizon is known: somebody was followed to it.

    Or if the last subject had an event before, after which nobody is left.
    """
    if not len(time):
        return False
    last = time == time.max()
    return bool(time.max() >= horizon or (code[last] > 0).all())


def pseudo_values(
    time: np.ndarray, code: np.ndarray, cause: int, horizon: float
) -> np.ndarray:
    """Pseudo-observations of the risk at the horizon, shape (n,); NaN if unknown.

    What each subject adds to the Aalen-Johansen estimate [1]_: n times that of all less
    n - 1 times that of the others. Without censoring, 1 for an event of the cause by
    the horizon, and 0. Given any predictor that censoring does not depend on, their
    mean is the risk, so that they stand for outcomes that are not known.

    Parameters
    ----------
    time, code, cause, horizon
        As for `risk_at`.

    References
    ----------
    .. [1] Andersen, P. K. and Pohar Perme, M. (2010). "Pseudo-observations in survival
           analysis". Statistical Methods in Medical Research, 19, 71-99.
           https://doi.org/10.1177/0962280209105020
    """
    n = len(time)
    if not reaches(time, code, horizon):
        return np.full(n, np.nan)
    times, at_risk, own, every = _events(time, code, cause, horizon)
    last = np.searchsorted(times, time, side="right")
    known = np.where(time <= horizon, code, 0)
    kind = np.where(known == 0, 0, np.where(known == cause, 1, 2))
    # Subjects of one kind between the same events have equal pseudo-observations.
    kinds, place = np.unique(np.column_stack([last, kind]), axis=0, return_inverse=True)
    size = max(1, _CELLS // max(1, len(times)))
    left = [
        _incidence(*_without(kinds[start : start + size], at_risk, own, every))
        for start in range(0, len(kinds), size)
    ]
    whole = _incidence(at_risk[None], own[None], every[None])[0]
    return np.asarray(n * whole - (n - 1) * np.concatenate(left)[place.ravel()])


def _events(
    time: np.ndarray, code: np.ndarray, cause: int, horizon: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Times of events by the horizon, subjects at risk, events of the cause and all."""
    happened = (code > 0) & (time <= horizon)
    times, place = np.unique(time[happened], return_inverse=True)
    every = np.bincount(place, minlength=len(times)).astype(float)
    is_own = (code[happened] == cause).astype(float)
    own = np.bincount(place, is_own, minlength=len(times))
    at_risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    return times, at_risk.astype(float), own, every


def _without(
    kinds: np.ndarray, at_risk: np.ndarray, own: np.ndarray, every: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts at each time without one subject of each kind, (kinds, times)."""
    place = np.arange(len(at_risk))
    last, kind = kinds[:, :1], kinds[:, 1:]
    his = place == last - 1
    return (
        at_risk - (place < last),
        own - (his & (kind == 1)),
        every - (his & (kind > 0)),
    )


def _incidence(at_risk: np.ndarray, own: np.ndarray, every: np.ndarray) -> np.ndarray:
    """Aalen-Johansen estimate at the last of the times, by row."""
    somebody = at_risk > 0
    left = np.ones_like(at_risk)
    np.divide(at_risk - every, at_risk, out=left, where=somebody)
    before = _previous(np.cumprod(left, axis=1))
    hazard = np.divide(own, at_risk, out=np.zeros_like(at_risk), where=somebody)
    return np.asarray((before * hazard).sum(axis=1))


def _previous(values: np.ndarray) -> np.ndarray:
    """Values of the time before, 1 at the first."""
    return np.concatenate([np.ones((len(values), 1)), values[:, :-1]], axis=1)
