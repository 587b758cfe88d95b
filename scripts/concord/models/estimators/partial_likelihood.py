"""The partial likelihood of Cox's model, with strata and tied events."""

from functools import cached_property
from typing import NamedTuple, Self

import numpy as np

from ...statistics import targets
from .elastic_net.likelihoods import Likelihood
from .risk_sets import RiskSets, Ties


class Hazard(NamedTuple):
    """Cumulative baseline hazard of a stratum, at and after each event time."""

    times: np.ndarray  # distinct, ascending
    cumulative: np.ndarray


class PartialLikelihood(Likelihood):
    """Log partial likelihood of one set of outcomes and its derivatives.

    Everything that depends on the outcomes alone is prepared once. Subjects
    censored at an event time are still at risk then. Strata have risk sets of their
    own.

    Parameters
    ----------
    event : ndarray of bool, shape (n,)
        Whether the event was observed.
    time : ndarray of float, shape (n,)
        Time to event or censoring, any unit.
    strata : ndarray, shape (n,), optional
        Stratum of each row; without it there is one.
    ties : str
        Efron's treatment of events at one time [1]_, or Breslow's [2]_.

    References
    ----------
    .. [1] Efron, B. (1977). "The efficiency of Cox's likelihood function for
           censored data". JASA, 72, 557-565.
           https://doi.org/10.1080/01621459.1977.10480613
    .. [2] Breslow, N. E. (1974). "Covariance analysis of censored survival data".
           Biometrics, 30, 89-99. https://doi.org/10.2307/2529620
    """

    def __init__(
        self,
        event: np.ndarray,
        time: np.ndarray,
        strata: np.ndarray | None = None,
        ties: Ties = "efron",
    ) -> None:
        self._sets = RiskSets(event, time, strata, ties)

    @classmethod
    def of(cls, y: np.ndarray, ties: Ties = "efron") -> Self:
        """The likelihood of a model's target with times; see `targets`."""
        time = np.asarray(targets.time(y))
        return cls(targets.event(y), time, targets.stratum(y), ties)

    @property
    def ever_at_risk(self) -> np.ndarray:
        """Rows of the subjects at risk at some event; no other row informs."""
        return self._sets.ever_at_risk()

    @property
    def best(self) -> float:
        """Mean negative log-likelihood that no linear predictor goes below.

        Then the subjects who have the event share all the risk.
        """
        left = self._sets.n_tied[self._sets.group_of] * (1.0 - self._sets.share)
        share_left = np.maximum(left, np.finfo(float).tiny)
        return float(np.log(share_left).sum() / max(len(self._sets.order), 1))

    def at(self, linear: np.ndarray) -> "PartialPlace":
        """The mean negative log partial likelihood at a linear predictor (n,)."""
        return PartialPlace(self._sets, linear)

    def derivatives(
        self, X: np.ndarray, coefficients: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Log partial likelihood, gradient (p,) and information (p, p)."""
        return self.derivatives_at(X, X @ coefficients)

    def derivatives_at(
        self, X: np.ndarray, linear: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """As `derivatives` in columns (n, p), at a linear predictor (n,)."""
        here, n = self.at(linear), len(X)
        return -n * here.value, -n * (X.T @ here.slope()), n * here.hessian(X)

    def score(self, X: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Gradient (p,) alone, without the information of many columns."""
        return np.asarray(X.T @ self.at(X @ coefficients).slope()) * -len(X)

    def score_statistics(self, X: np.ndarray) -> np.ndarray:
        """Chi-squared of the score test of each column alone, shape (p,).

        NaN for a column that is constant in each stratum.
        """
        here, X = self.at(np.zeros(len(X))), self._sets.ordered(X)
        score = X.T @ (self._sets.event - here.expected)
        squares = (X**2).T @ here.expected
        information = squares - (here.mean_rows(X) ** 2).sum(axis=0)
        tiny = 1e-12 * np.maximum((X**2).sum(axis=0), np.finfo(float).tiny)
        unknown = np.full(X.shape[1], np.nan)
        return np.asarray(
            np.divide(score**2, information, out=unknown, where=information > tiny)
        )

    def comparisons(self, X: np.ndarray) -> np.ndarray:
        """Who has the event less who is at risk then, shape (m, p).

        The likelihood climbs for ever in a direction if and only if it makes none of
        the rows negative, and not all of them zero. Of all pairs, those that the
        others imply are left out: an event is compared with the next one of the
        stratum, with the subjects censored before that, and both ways with events at
        the same time.
        """
        sets, X = self._sets, self._sets.ordered(X)
        first = sets.deaths[sets.first_term]  # of each group
        later = np.flatnonzero(np.diff(sets.stratum_of[first]) == 0)
        is_other = sets.deaths != first[sets.group_of]
        tied = X[first[sets.group_of[is_other]]] - X[sets.deaths[is_other]]
        censored = np.flatnonzero(~sets.event & sets.has_passed)
        last = first[sets.n_groups_passed[censored] - 1]
        return np.vstack(
            [X[first[later]] - X[first[later + 1]], X[last] - X[censored], tied, -tied]
        )

    def cumulative_hazards(self, linear: np.ndarray) -> dict[str, Hazard]:
        """Baseline hazard of each stratum by its name, summed up to each event time.

        It is that of a subject whose linear predictor is zero, with the treatment of
        ties of the likelihood.

        Parameters
        ----------
        linear : ndarray of float, shape (n,)
            Linear predictor of each subject.
        """
        sets = self._sets
        risk = np.exp(sets.ordered(linear))
        steps = sets.per_group(1.0 / totals(sets, risk))
        return {
            str(label): Hazard(sets.times[groups], np.cumsum(steps[groups]))
            for label, groups in zip(sets.labels, sets.groups_of, strict=True)
        }


class PartialPlace:
    """A partial likelihood at a linear predictor (n,); see `elastic_net.likelihoods`.

    Attributes
    ----------
    value : float
        Mean negative log partial likelihood.
    """

    def __init__(self, sets: RiskSets, linear: np.ndarray) -> None:
        self._sets, ordered = sets, sets.ordered(linear)
        largest = [ordered[rows].max(initial=-np.inf) for rows in sets.rows_of]
        highest = np.asarray(largest)[sets.stratum_of]
        self._risk = np.exp(ordered - highest)
        total = totals(sets, self._risk)
        self._inverse = 1.0 / total
        deaths = sets.deaths
        terms = ordered[deaths] - highest[deaths] - np.log(total)
        self.value = -float(terms.sum()) / len(linear)

    @cached_property
    def expected(self) -> np.ndarray:
        """Expected number of events of each row, in order of the risk sets."""
        sets, inverse = self._sets, self._inverse
        expected = self._risk * sets.up_to_now(sets.per_group(inverse))
        left = sets.per_group(sets.share * inverse)[sets.group_of]
        expected[sets.deaths] -= self._risk[sets.deaths] * left
        return np.asarray(expected)

    def slope(self) -> np.ndarray:
        """Derivative by the linear predictor of each row, shape (n,)."""
        slope = np.empty(len(self._risk))
        slope[self._sets.order] = self.expected - self._sets.event
        return slope / len(slope)

    def hessian(self, columns: np.ndarray) -> np.ndarray:
        """Second derivative by the coefficients of columns (n, p), shape (p, p)."""
        columns = self._sets.ordered(columns)
        means = self.mean_rows(columns)
        # Rounding may leave less than none.
        weight = np.sqrt(np.maximum(self.expected, 0.0))
        weighted = columns * weight[:, None]
        return np.asarray(weighted.T @ weighted - means.T @ means) / len(columns)

    def mean_rows(self, columns: np.ndarray) -> np.ndarray:
        """Rows (r, p) whose outer products add to those of the means of all terms.

        A term of a group has the mean (at risk - share * dying) / total. The products
        of all its terms are a form in the two sums alone, of which two rows are a
        root. Columns are in order of the risk sets.
        """
        sets = self._sets
        weighted = columns * self._risk[:, None]
        # Relative to the first term of the group: between 1 and the number of events.
        first = self._inverse[sets.first_term]
        inverse = self._inverse / first[sets.group_of]
        root = np.sqrt(sets.per_group(inverse**2))
        mean = sets.at_risk(weighted) * first[:, None]
        tied = np.flatnonzero(sets.per_group(sets.share))
        if not tied.size:
            return np.asarray(root[:, None] * mean)
        mixed = sets.per_group(sets.share * inverse**2) / root
        squared = sets.per_group((sets.share * inverse) ** 2)
        own = np.sqrt(np.maximum(squared - mixed**2, 0.0))
        dying = sets.dying(weighted) * first[:, None]
        both = root[:, None] * mean - mixed[:, None] * dying
        return np.vstack([both, own[tied, None] * dying[tied]])


def totals(sets: RiskSets, risk: np.ndarray) -> np.ndarray:
    """Sum of risks (n,), in order, over the risk set of each term, shape (m,)."""
    dying = sets.share * sets.dying(risk)[sets.group_of]
    total = sets.at_risk(risk)[sets.group_of] - dying
    return np.asarray(np.maximum(total, np.finfo(float).tiny))
