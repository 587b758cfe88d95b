"""Log-rank statistics: chi-squared over several groups, and the signed one of two."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LogRank:
    """Chi-squared over groups, and events found and expected in each."""

    chi_squared: float
    df: int
    observed: np.ndarray
    expected: np.ndarray


def log_rank(event: np.ndarray, time: np.ndarray, group: np.ndarray) -> LogRank:
    """Log-rank statistic with the hypergeometric variance.

    Chi-squared is NaN and the degrees of freedom 0 unless two groups are at risk
    when an event happens.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
        Whether the event was observed.
    time : ndarray of float, shape (n,)
        Time to event or censoring.
    group : ndarray of int, shape (n,)
        Number of the group from 0.

    References
    ----------
    Mantel, N. (1966). Evaluation of survival data and two new rank order statistics
    arising in its consideration. Cancer Chemother Rep, 50, 163-170.
    """
    at_risk, events = _risk_sets(np.asarray(event) == 1, time, group)
    n, d = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / n[:, None]
    observed, expected = events.sum(axis=0), (share * d[:, None]).sum(axis=0)
    weight = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    weighted = share * weight[:, None]
    variance = np.diag(weighted.sum(axis=0)) - weighted.T @ share
    used = np.flatnonzero(np.diag(variance) > 0)
    if len(used) < 2:
        return LogRank(float("nan"), 0, observed, expected)
    one_less = used[:-1]
    excess = (observed - expected)[one_less]
    inverse = np.linalg.pinv(variance[np.ix_(one_less, one_less)], hermitian=True)
    return LogRank(float(excess @ inverse @ excess), len(one_less), observed, expected)


def _risk_sets(
    event: np.ndarray, time: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Subjects at risk and events at each time with an event, (n_times, n_groups)."""
    times, n_groups = np.unique(time[event]), int(np.max(group, initial=0)) + 1
    order = np.argsort(time, kind="stable")
    members = np.zeros((len(time) + 1, n_groups))
    members[np.arange(len(time)), group[order]] = 1
    still = members[::-1].cumsum(axis=0)[::-1]
    at_risk = still[np.searchsorted(time[order], times)]
    events = np.zeros((len(times), n_groups))
    np.add.at(events, (np.searchsorted(times, time[event]), group[event]), 1)
    return at_risk, events


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
