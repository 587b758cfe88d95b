"""The partial likelihood of Cox's model with Efron's treatment of ties."""

import numpy as np


class PartialLikelihood:
    """Log partial likelihood of one set of outcomes and its derivatives [1]_.

    Everything that depends on the outcomes alone is prepared once. Subjects
    censored at an event time are still at risk then.

    Parameters
    ----------
    event : ndarray of bool, shape (n,)
        Whether the event was observed.
    time : ndarray of float, shape (n,)
        Time to event or censoring, any unit.

    References
    ----------
    .. [1] Efron, B. (1977). "The efficiency of Cox's likelihood function for
           censored data". JASA, 72, 557-565.
           https://doi.org/10.1080/01621459.1977.10480613
    """

    def __init__(self, event: np.ndarray, time: np.ndarray) -> None:
        self.order = np.argsort(time, kind="stable")
        self.event = np.asarray(event, dtype=bool)[self.order]
        times = np.asarray(time, dtype=float)[self.order]
        deaths = times[self.event]
        unique, tie_of, ties = np.unique(
            deaths, return_inverse=True, return_counts=True
        )
        first = np.concatenate([[0], np.cumsum(ties)[:-1]]).astype(int)
        # One term per event; `share` of the tied deaths has left the risk set.
        self._times = unique
        self._tie_of = tie_of
        self._share = (np.arange(len(deaths)) - first[tie_of]) / ties[tie_of]
        self._at_risk_from = np.searchsorted(times, unique, side="left")
        self._terms_passed = np.searchsorted(deaths, times, side="right")
        self._first_term = first

    def derivatives(
        self, X: np.ndarray, coefficients: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Log partial likelihood, gradient (p,) and information (p, p)."""
        X = X[self.order]
        return self._derivatives(X, X @ coefficients)

    def derivatives_at(
        self, X: np.ndarray, linear: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """As `derivatives` in columns (n, p), at a linear predictor (n,)."""
        return self._derivatives(X[self.order], linear[self.order])

    @property
    def ever_at_risk(self) -> np.ndarray:
        """Rows of the subjects at risk at some event; no other row informs."""
        first = self._at_risk_from[0] if len(self._at_risk_from) else len(self.order)
        return np.asarray(self.order[first:])

    def comparisons(self, X: np.ndarray) -> np.ndarray:
        """Who has the event less who is at risk then, shape (m, p).

        The likelihood climbs for ever in a direction if and only if it makes none of
        the rows negative, and not all of them zero. Of all pairs, those that the
        others imply are left out: an event is compared with the next one, with the
        subjects censored before that, and both ways with events at the same time.
        """
        X = X[self.order]
        deaths = np.flatnonzero(self.event)
        first = deaths[self._first_term]  # of each event time
        others = np.setdiff1d(deaths, first, assume_unique=True)
        tied = X[first[self._tie_of[np.isin(deaths, others)]]] - X[others]
        censored = np.flatnonzero(~self.event & (self._terms_passed > 0))
        last = first[self._tie_of[self._terms_passed[censored] - 1]]
        return np.vstack(
            [X[first[:-1]] - X[first[1:]], X[last] - X[censored], tied, -tied]
        )

    def score(self, X: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Gradient (p,) alone, without the information of many columns."""
        X = X[self.order]
        _, weight, _ = self._terms(X[:, :0], X @ coefficients)
        return np.asarray(X.T @ (self.event - weight))

    def cumulative_hazard(self, linear: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Baseline hazard summed up to each event time, with Efron's ties.

        Parameters
        ----------
        linear : ndarray of float, shape (n,)
            Linear predictor of each subject.

        Returns
        -------
        times, hazard : ndarray of float, shape (event times,)
            Distinct event times, ascending, and the cumulative hazard at and after
            each of a subject whose linear predictor is zero.
        """
        risk = np.exp(linear[self.order])
        total = np.maximum(self._remaining(risk[:, None])[:, 0], np.finfo(float).tiny)
        if not len(total):
            return self._times, np.zeros(0)
        steps = np.add.reduceat(1.0 / total, self._first_term)
        return self._times, np.cumsum(steps)

    def score_statistics(self, X: np.ndarray) -> np.ndarray:
        """Chi-squared of the score test of each column alone, shape (p,).

        NaN for a constant column.
        """
        X = X[self.order]
        _, weight, means = self._terms(X, np.zeros(len(X)))
        score = X.T @ (self.event - weight)
        information = (X**2).T @ weight - (means**2).sum(axis=0)
        tiny = 1e-12 * np.maximum((X**2).sum(axis=0), np.finfo(float).tiny)
        unknown = np.full(X.shape[1], np.nan)
        return np.asarray(
            np.divide(score**2, information, out=unknown, where=information > tiny)
        )

    def _derivatives(
        self, X: np.ndarray, linear: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Value, gradient and information; all in the order of time."""
        value, weight, means = self._terms(X, linear)
        gradient = X.T @ (self.event - weight)
        information = (X * weight[:, None]).T @ X - means.T @ means
        return value, gradient, information

    def _terms(
        self, X: np.ndarray, linear: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Value, expected events per subject, mean of X at each event term."""
        highest = linear.max(initial=0.0)
        risk = np.exp(linear - highest)
        total = self._remaining(risk[:, None])[:, 0]
        weighted = self._remaining(risk[:, None] * X)
        total = np.maximum(total, np.finfo(float).tiny)
        inverse = 1.0 / total
        passed = np.concatenate([[0.0], np.cumsum(inverse)])
        expected = risk * passed[self._terms_passed]
        if len(inverse):
            shares = np.add.reduceat(self._share * inverse, self._first_term)
            expected[self.event] -= risk[self.event] * shares[self._tie_of]
        value = linear[self.event].sum() - (np.log(total) + highest).sum()
        return float(value), expected, weighted * inverse[:, None]

    def _remaining(self, values: np.ndarray) -> np.ndarray:
        """Sum over the risk set less the share of tied deaths, per event term."""
        if not len(self._tie_of):
            return np.zeros((0, values.shape[1]))
        at_risk = np.cumsum(values[::-1], axis=0)[::-1][self._at_risk_from]
        dying = np.add.reduceat(values[self.event], self._first_term, axis=0)
        return np.asarray(
            at_risk[self._tie_of] - self._share[:, None] * dying[self._tie_of]
        )
