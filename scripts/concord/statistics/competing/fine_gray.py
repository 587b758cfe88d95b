"""Fine-Gray model: proportional hazards of the subdistribution of one cause."""

import numpy as np

from .risk_table import RiskTable, before


class SubdistributionLikelihood:
    """Log pseudo-likelihood of one set of outcomes, and its derivatives [1]_.

    Subjects with another cause stay at risk, with a weight that falls as the share of
    subjects not yet censored does. Tied events are treated as Breslow does. Everything
    that depends on the outcomes alone is prepared once.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Time to the first event or censoring, any unit.
    code : ndarray of int, shape (n,)
        0 without an event, else the code of the cause.
    cause : int
        Code of the cause of interest.

    References
    ----------
    .. [1] Fine, J. P. and Gray, R. J. (1999). "A proportional hazards model for the
           subdistribution of a competing risk". JASA, 94, 496-509.
           https://doi.org/10.1080/01621459.1999.10474144
    """

    def __init__(self, time: np.ndarray, code: np.ndarray, cause: int) -> None:
        table = RiskTable.of(time, code, cause)
        n, censored = table.at_risk[:, 0], table.censored[:, 0]
        kept = before(np.cumprod(1 - censored / n), 1.0)  # not yet censored
        self.event = np.asarray(code) == cause
        self._place = np.searchsorted(table.times, time)  # of each subject
        self.events = table.events[:, 0]
        self._kept = kept
        # Of subjects with another cause; 0 for all who leave.
        other = (np.asarray(code) != 0) & ~self.event
        self._share = np.where(other, 1 / kept[self._place], 0.0)
        self._censored = np.asarray(code) == 0
        self._n, self._rate = n, censored / n

    def derivatives(
        self, X: np.ndarray, coefficients: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Log pseudo-likelihood, gradient (p,) and information (p, p)."""
        linear = X @ coefficients
        risk = _Risks(self, X, linear)
        weight = risk.values * risk.passed
        gradient = X.T @ (self.event - weight)
        means = risk.means * np.sqrt(self.events)[:, None]
        information = (X * weight[:, None]).T @ X - means.T @ means
        happened = self.events > 0
        logs = self.events[happened] * np.log(risk.total[happened])
        highest = risk.highest * self.events.sum()
        value = linear[self.event].sum() - logs.sum() - highest
        return float(value), gradient, information

    def robust_covariance(self, X: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Covariance (p, p) of the coefficients, weights taken as estimated.

        The sandwich of Fine and Gray: residuals of the score, and what each subject
        adds through the estimated distribution of censoring.
        """
        information = self.derivatives(X, coefficients)[2]
        residuals = self.residuals(X, coefficients)
        bread = np.linalg.inv(information)
        return np.asarray(bread @ (residuals.T @ residuals) @ bread)

    def residuals(self, X: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Share of each subject in the score, with estimated weights, (n, p)."""
        risk = _Risks(self, X, X @ coefficients)
        own = self.event[:, None] * (X - risk.means[self._place])
        expected = X * risk.passed[:, None] - self.integral(risk.hazard, risk.means)
        return np.asarray(
            own - risk.values[:, None] * expected + self._of_weights(X, risk)
        )

    def _of_weights(self, X: np.ndarray, risk: "_Risks") -> np.ndarray:
        """Part of the residuals that comes from the estimated weights, (n, p)."""
        weighted = risk.hazard * self._kept
        later = _after(weighted)
        later_means = _after(weighted[:, None] * risk.means)
        shared = (risk.values * self._share)[:, None]
        entered = np.cumsum(self._by_time(shared), axis=0)
        entered_values = np.cumsum(self._by_time(shared * X), axis=0)
        moved = entered_values * later[:, None] - entered * later_means
        moved = moved / self._n[:, None]
        compensated = np.cumsum(moved * self._rate[:, None], axis=0)
        jump = self._censored[:, None] * moved[self._place]
        return np.asarray(jump - compensated[self._place])

    def integral(self, hazard: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Integral of values (T, ...) over the time that a subject is at risk."""
        shape = (-1, *([1] * (values.ndim - 1)))
        steps = hazard.reshape(shape) * values
        until = np.cumsum(steps, axis=0)[self._place]
        later = _after(self._kept.reshape(shape) * steps)[self._place]
        return np.asarray(until + self._share.reshape(shape) * later)

    def at_risk_sums(self, values: np.ndarray) -> np.ndarray:
        """Weighted sums of rows (n, q) over those at risk at each time, (T, q)."""
        staying = np.cumsum(self._by_time(values * self._share[:, None]), axis=0)
        following = self._by_time(values)[::-1].cumsum(axis=0)[::-1]
        return np.asarray(following + self._kept[:, None] * before(staying, 0.0))

    def _by_time(self, values: np.ndarray) -> np.ndarray:
        """Sums of rows (n, q) by time, (T, q)."""
        found = np.zeros((len(self._n), values.shape[1]))
        np.add.at(found, self._place, values)
        return found


class _Risks:
    """Sums over the subjects at risk at each time, at one linear predictor (n,)."""

    def __init__(
        self, outcomes: SubdistributionLikelihood, X: np.ndarray, linear: np.ndarray
    ) -> None:
        self.highest = linear.max(initial=0.0)
        self.values = np.exp(linear - self.highest)
        columns = np.column_stack([np.ones(len(X)), X]) * self.values[:, None]
        sums = outcomes.at_risk_sums(columns)
        self.total = np.maximum(sums[:, 0], np.finfo(float).tiny)
        self.means = sums[:, 1:] / self.total[:, None]
        self.hazard = outcomes.events / self.total
        self.passed = outcomes.integral(self.hazard, np.ones(len(self.total)))


def _after(values: np.ndarray) -> np.ndarray:
    """Sums of all later rows, (T, ...)."""
    return np.asarray(values[::-1].cumsum(axis=0)[::-1] - values)
