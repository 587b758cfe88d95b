"""Log-rank statistic of several groups."""

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
