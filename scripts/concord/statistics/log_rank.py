"""Signed log-rank statistic of two groups, of many sets of outcomes at once."""

import numpy as np


def signed_log_rank(
    event: np.ndarray, time: np.ndarray, high: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Log-rank Z of the group `high`, shape (...); positive if it has events earlier.

    Its square is the usual chi-squared statistic with 1 degree of freedom [1]_. NaN if
    a group is empty or no event tells the groups apart.

    Parameters
    ----------
    event : ndarray of 0/1, shape (..., n)
        Whether the event was observed.
    time : ndarray of float, shape (..., n)
        Time to event or censoring.
    high : ndarray of bool, shape (..., n)
        Members of the group.
    known : ndarray of bool, shape (..., n)
        Subjects that count.

    References
    ----------
    .. [1] Mantel, N. (1966). "Evaluation of survival data and two new rank order
           statistics arising in its consideration". Cancer Chemotherapy Reports, 50,
           163-170.
    """
    # Those that do not count leave before all others, without an event.
    time = np.where(known, time, -np.inf)
    event = np.where(known, event, 0)
    high, event, time = np.broadcast_arrays(high & known, event, time)
    order = np.argsort(time, axis=-1, kind="stable")
    time, event, high = (
        np.take_along_axis(values, order, axis=-1) for values in (time, event, high)
    )
    first, last = _ends_of_ties(time)
    n_high = np.cumsum(high[..., ::-1], axis=-1)[..., ::-1]
    at_risk = time.shape[-1] - first
    share = np.take_along_axis(n_high, first, axis=-1) / at_risk
    events = _between(np.cumsum(event, axis=-1), first, last)
    correction = (at_risk - events) / np.maximum(at_risk - 1, 1)
    excess = (event * (high - share)).sum(axis=-1)
    variance = (event * share * (1 - share) * correction).sum(axis=-1)
    nothing = np.full(np.shape(variance), np.nan)
    spread = np.sqrt(variance)
    return np.asarray(np.divide(excess, spread, out=nothing, where=variance > 0))


def _ends_of_ties(ascending: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last place of the values equal to each, shape (..., n)."""
    n = ascending.shape[-1]
    places = np.broadcast_to(np.arange(n), ascending.shape)
    change = ascending[..., 1:] != ascending[..., :-1]
    edge = np.ones((*ascending.shape[:-1], 1), dtype=bool)
    begins = np.concatenate([edge, change], axis=-1)
    ends = np.concatenate([change, edge], axis=-1)
    first = np.maximum.accumulate(np.where(begins, places, 0), axis=-1)
    backwards = np.where(ends, places, n - 1)[..., ::-1]
    last = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
    return first, last


def _between(cumulative: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Sums from the first to the last place, from cumulative sums."""
    padded = np.concatenate([np.zeros_like(cumulative[..., :1]), cumulative], axis=-1)
    upper = np.take_along_axis(padded, last + 1, axis=-1)
    return np.asarray(upper - np.take_along_axis(padded, first, axis=-1))
