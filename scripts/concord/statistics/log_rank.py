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


def log_rank(
    event: np.ndarray,
    time: np.ndarray,
    group: np.ndarray,
    stratum: np.ndarray | None = None,
) -> LogRank:
    """Log-rank statistic with the hypergeometric variance.

    With strata, subjects are compared within them and what is observed, expected and
    varies is added up.

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
    stratum : ndarray, shape (n,), optional
        Label of each subject.

    References
    ----------
    Mantel, N. (1966). Evaluation of survival data and two new rank order statistics
    arising in its consideration. Cancer Chemother Rep, 50, 163-170.
    """
    happened, n_groups = np.asarray(event) == 1, int(np.max(group, initial=0)) + 1
    parts = [np.ones(len(time), bool)]
    if stratum is not None:
        parts = [stratum == label for label in np.unique(stratum)]
    found = [_moments(happened[p], time[p], group[p], n_groups) for p in parts]
    observed, expected, variance = (
        np.sum(values, axis=0) for values in zip(*found, strict=True)
    )
    used = np.flatnonzero(np.diag(variance) > 0)
    if len(used) < 2:
        return LogRank(float("nan"), 0, observed, expected)
    one_less = used[:-1]
    excess = (observed - expected)[one_less]
    inverse = np.linalg.pinv(variance[np.ix_(one_less, one_less)], hermitian=True)
    return LogRank(float(excess @ inverse @ excess), len(one_less), observed, expected)


def _moments(
    event: np.ndarray, time: np.ndarray, group: np.ndarray, n_groups: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events observed and expected in each group, and their covariance."""
    at_risk, events = _risk_sets(event, time, group, n_groups)
    n, d = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / n[:, None]
    observed, expected = events.sum(axis=0), (share * d[:, None]).sum(axis=0)
    weight = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    weighted = share * weight[:, None]
    return observed, expected, np.diag(weighted.sum(axis=0)) - weighted.T @ share


def _risk_sets(
    event: np.ndarray, time: np.ndarray, group: np.ndarray, n_groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Subjects at risk and events at each time with an event, (n_times, n_groups)."""
    times = np.unique(time[event])
    order = np.argsort(time, kind="stable")
    members = np.zeros((len(time) + 1, n_groups))
    members[np.arange(len(time)), group[order]] = 1
    still = members[::-1].cumsum(axis=0)[::-1]
    at_risk = still[np.searchsorted(time[order], times)]
    events = np.zeros((len(times), n_groups))
    np.add.at(events, (np.searchsorted(times, time[event]), group[event]), 1)
    return at_risk, events


def log_rank_trend(
    event: np.ndarray,
    time: np.ndarray,
    group: np.ndarray,
    stratum: np.ndarray | None = None,
) -> float:
    """Signed statistic of trend, as `signed_log_rank`, of strata added up.

    Parameters
    ----------
    event, time, group, stratum
        As of `log_rank`.
    """
    parts = [np.ones(len(time), bool)]
    if stratum is not None:
        parts = [stratum == label for label in np.unique(stratum)]
    n_groups = int(np.max(group, initial=0)) + 1
    number, excess, variance = np.arange(n_groups), 0.0, 0.0
    for part in parts:
        happened = np.asarray(event)[part] == 1
        found = _moments(happened, time[part], group[part], n_groups)
        excess += float(number @ (found[0] - found[1]))
        variance += float(number @ found[2] @ number)
    return excess / variance**0.5 if variance > 0 else float("nan")


def signed_log_rank(
    event: np.ndarray, time: np.ndarray, group: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Log-rank Z of ordered groups, shape (...); positive if high has events earlier.

    Of two groups its square is the usual chi-squared statistic with 1 degree of
    freedom [1]_; of more, that of the test of trend, each group counted by its
    number [2]_. NaN if there is one group or no event tells the groups apart.

    Parameters
    ----------
    event : ndarray of 0/1, shape (..., n)
        Whether the event was observed.
    time : ndarray of float, shape (..., n)
        Time to event or censoring.
    group : ndarray of int or bool, shape (..., n)
        Number of the group, the lowest risk first.
    known : ndarray of bool, shape (..., n)
        Subjects that count.

    References
    ----------
    .. [1] Mantel, N. (1966). "Evaluation of survival data and two new rank order
           statistics arising in its consideration". Cancer Chemotherapy Reports, 50,
           163-170.
    .. [2] Tarone, R. E. (1975). "Tests for trend in life table analysis". Biometrika,
           62, 679-682. https://doi.org/10.1093/biomet/62.3.679
    """
    # Those that do not count leave before all others, without an event.
    time = np.where(known, time, -np.inf)
    event = np.where(known, event, 0)
    number = np.where(known, group, 0)
    number, event, time = np.broadcast_arrays(number, event, time)
    order = np.argsort(time, axis=-1, kind="stable")
    time, event, number = (
        np.take_along_axis(values, order, axis=-1) for values in (time, event, number)
    )
    first, last = _ends_of_ties(time)
    at_risk = time.shape[-1] - first
    mean, square = (
        np.take_along_axis(_from_here_on(number**power), first, axis=-1) / at_risk
        for power in (1, 2)
    )
    events = _between(np.cumsum(event, axis=-1), first, last)
    correction = (at_risk - events) / np.maximum(at_risk - 1, 1)
    excess = (event * (number - mean)).sum(axis=-1)
    variance = (event * (square - mean**2) * correction).sum(axis=-1)
    nothing = np.full(np.shape(variance), np.nan)
    spread = np.sqrt(variance)
    return np.asarray(np.divide(excess, spread, out=nothing, where=variance > 0))


def _from_here_on(values: np.ndarray) -> np.ndarray:
    """Sums from each place to the last, shape (..., n)."""
    return np.asarray(np.cumsum(values[..., ::-1], axis=-1)[..., ::-1])


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
