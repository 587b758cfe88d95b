"""Test of Gray: differences of groups in the cumulative incidence of one cause."""

from dataclasses import dataclass

import numpy as np

from .risk_table import RiskTable, before

#: Variance of a contrast that counts as none, a share of the largest.
_NONE = 1e-10


@dataclass(frozen=True)
class GrayTest:
    """Chi-squared over groups; 0 degrees of freedom where there is no test."""

    chi_squared: float
    df: int
    p_value: float
    observed: np.ndarray  # (K,), events of the cause in each group
    expected: np.ndarray  # (K,), if groups do not differ, on the weighted scale


def gray_test(
    time: np.ndarray,
    code: np.ndarray,
    cause: int,
    group: np.ndarray,
    stratum: np.ndarray | None = None,
) -> GrayTest:
    """K-sample test of the subdistribution hazard of one cause (rho = 0) [1]_.

    Chi-squared is NaN unless two groups are at risk when an event of the cause
    happens.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Time to the first event or censoring, any unit.
    code : ndarray of int, shape (n,)
        0 without an event, else the code of the cause.
    cause : int
        Code of the cause of interest.
    group : ndarray of int, shape (n,)
        Number of the group from 0.
    stratum : ndarray, shape (n,), optional
        Groups are compared within strata only.

    References
    ----------
    .. [1] Gray, R. J. (1988). "A class of K-sample tests for comparing the cumulative
           incidence of a competing risk". Annals of Statistics, 16, 1141-1154.
           https://doi.org/10.1214/aos/1176350951
    """
    n_groups = int(np.max(group, initial=0)) + 1
    observed, expected = np.zeros(n_groups), np.zeros(n_groups)
    variance = np.zeros((n_groups, n_groups))
    strata = np.zeros(len(time)) if stratum is None else np.asarray(stratum)
    for one in np.unique(strata):
        rows = strata == one
        found = _Stratum.of(time[rows], code[rows], cause, group[rows], n_groups)
        observed += found.observed
        expected += found.expected
        variance += found.variance
    return _combined(observed, expected, variance)


def _combined(
    observed: np.ndarray, expected: np.ndarray, variance: np.ndarray
) -> GrayTest:
    used = np.flatnonzero(np.diag(variance) > _NONE * np.diag(variance).max(initial=0))
    if len(used) < 2:
        return GrayTest(np.nan, 0, np.nan, observed, expected)
    from scipy.special import chdtrc

    one_less = used[:-1]
    excess = (observed - expected)[one_less]
    inverse = np.linalg.pinv(variance[np.ix_(one_less, one_less)], hermitian=True)
    statistic = float(excess @ inverse @ excess)
    p_value = float(chdtrc(len(one_less), statistic))
    return GrayTest(statistic, len(one_less), p_value, observed, expected)


@dataclass(frozen=True)
class _Stratum:
    """Events found and expected in each group, and their covariance (K, K)."""

    observed: np.ndarray
    expected: np.ndarray
    variance: np.ndarray

    @classmethod
    def of(
        cls,
        time: np.ndarray,
        code: np.ndarray,
        cause: int,
        group: np.ndarray,
        n_groups: int,
    ) -> "_Stratum":
        table = _with_events(RiskTable.of(time, code, cause, group), n_groups)
        state = _States.of(table)
        share = _over(state.free * table.at_risk, state.kept)
        total = share.sum(axis=1, keepdims=True)
        d = table.events.sum(axis=1, keepdims=True)
        expected = (d * _over(share, total)).sum(axis=0)
        return cls(table.events.sum(axis=0), expected, _covariance(table, state))


@dataclass(frozen=True)
class _States:
    """Curves of each group and of all together, at the times of a risk table."""

    kept: np.ndarray  # (T, K), without any event just before
    after: np.ndarray  # (T, K), without any event just after
    free: np.ndarray  # (T, K), not yet of the cause just before
    scaled: np.ndarray  # (T, K), at risk of the subdistribution: n / S(t-)
    pooled: np.ndarray  # (T,), cumulative incidence of all groups

    @classmethod
    def of(cls, table: RiskTable) -> "_States":
        kept = before(table.survival, 1.0)
        scaled = _over(table.at_risk, kept)
        jumps = _over(table.events.sum(axis=1), scaled.sum(axis=1))
        free = 1 - before(table.incidence, 0.0)
        return cls(kept, table.survival, free, scaled, np.cumsum(jumps))


def _covariance(table: RiskTable, state: _States) -> np.ndarray:
    """Covariance of events less expected ones under equal incidences, (K, K).

    An event of a group moves the contrasts of all groups: at once by their `weight`,
    and through the estimated incidence later on. One group is taken at a time, so that
    many sites take no more memory than their risk table.
    """
    n_groups = state.scaled.shape[1]
    share = _over(state.scaled, state.scaled.sum(axis=1, keepdims=True))
    jumps = np.diff(state.pooled, prepend=0.0)
    hazard = (jumps / (1 - before(state.pooled, 0.0)))[:, None]
    taken = _over((1 - state.pooled)[:, None], state.after)
    left = state.after > 0  # what any event takes from later ones, if some are left
    of_cause, of_others = (
        _spread_of_cause(table, state),
        _spread_of_others(table, state),
    )
    found = np.zeros((n_groups, n_groups))
    for group, unit in enumerate(np.eye(n_groups)):
        weight = state.scaled[:, [group]] * (unit - share)
        passed = np.cumsum(weight * hazard, axis=0)
        still = passed[-1:] - passed
        lost = np.where(left, taken, 0.0)[:, [group]] * still
        own = weight + np.where(left, 1 - taken, 1.0)[:, [group]] * still
        found += own.T @ (own * of_cause[:, [group]])
        found += lost.T @ (lost * of_others[:, [group]])
    return found


def _spread_of_cause(table: RiskTable, state: _States) -> np.ndarray:
    """Variance of the jump of the incidence in each group, from that of all, (T, K)."""
    d = table.events.sum(axis=1, keepdims=True)
    total = state.scaled.sum(axis=1, keepdims=True)
    ties = 1 - _over(d - 1, total * state.kept - 1)
    spread = _over(state.kept * d, total * table.at_risk)
    return np.asarray(np.where(d > 1, ties, 1.0) * spread)


def _spread_of_others(table: RiskTable, state: _States) -> np.ndarray:
    """Variance of the jump that other causes make in each group, (T, K)."""
    n, d = table.at_risk, table.others
    ties = 1 - _over(d - 1, n - 1)
    spread = _over(state.kept**2 * d, n**2)
    return np.asarray(np.where(d > 1, ties, 1.0) * spread)


def _with_events(table: RiskTable, n_groups: int) -> RiskTable:
    """Rows of times with an event, and columns of all groups."""
    times = (table.events + table.others).sum(axis=1) > 0
    more = n_groups - table.at_risk.shape[1]
    columns = (
        np.pad(counts[times], ((0, 0), (0, more)))
        for counts in (table.at_risk, table.events, table.others, table.censored)
    )
    return RiskTable(table.times[times], *columns)


def _over(value: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Quotient, 0 where the divisor is 0."""
    value, by = np.broadcast_arrays(np.asarray(value, dtype=float), by)
    nothing = np.zeros(value.shape)
    return np.asarray(np.divide(value, by, out=nothing, where=by != 0))
