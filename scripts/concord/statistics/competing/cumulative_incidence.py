"""Cumulative incidence of one of several causes: Aalen-Johansen, with its variance."""

from dataclasses import dataclass

import numpy as np

from .risk_table import RiskTable, before


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of one cause, constant from each time to the next."""

    times: np.ndarray  # (T,), distinct, ascending
    at_risk: np.ndarray  # (T,), just before each time
    events: np.ndarray  # (T,), of the cause
    others: np.ndarray  # (T,), of other causes
    censored: np.ndarray  # (T,)
    estimate: np.ndarray  # (T,), probability in [0, 1]
    standard_error: np.ndarray  # (T,)

    def at(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Estimate and standard error at some times; NaN where nobody is followed."""
        place = np.searchsorted(self.times, times, side="right")
        known = np.asarray(times) <= (self.times[-1] if len(self.times) else -np.inf)
        found = (
            np.concatenate([[0.0], values])[place]
            for values in (self.estimate, self.standard_error)
        )
        first, second = (np.where(known, values, np.nan) for values in found)
        return first, second

    def interval(self, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Pointwise interval on the scale log(-log), which stays in (0, 1) [1]_.

        NaN where the incidence is 0 or 1, and its standard error thus unknown.

        References
        ----------
        .. [1] Choudhury, J. B. (2002). "Non-parametric confidence interval estimation
               for competing risks analysis: application to contraceptive data".
               Statistics in Medicine, 21, 1129-1144. https://doi.org/10.1002/sim.1070
        """
        from scipy.special import ndtri

        known = (self.estimate > 0) & (self.estimate < 1) & (self.standard_error > 0)
        value = np.where(known, self.estimate, 0.5)
        width = ndtri(0.5 + confidence / 2) * self.standard_error
        factor = np.exp(np.where(known, width / (value * np.abs(np.log(value))), 0.0))
        # A power of a probability: the larger the exponent, the smaller the value.
        lower, upper = value**factor, value ** (1 / factor)
        return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def cumulative_incidence(time: np.ndarray, code: np.ndarray, cause: int) -> Incidence:
    """Probability that the cause has come first by each time [1]_ [2]_.

    A subject with another cause can no longer have this one, and is not censored: one
    less the Kaplan-Meier estimate of censored others would overstate the probability.

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
    .. [1] Aalen, O. O. and Johansen, S. (1978). "An empirical transition matrix for
           non-homogeneous Markov chains based on censored observations". Scandinavian
           Journal of Statistics, 5, 141-150.
    .. [2] Gray, R. J. (1988). "A class of K-sample tests for comparing the cumulative
           incidence of a competing risk". Annals of Statistics, 16, 1141-1154.
           https://doi.org/10.1214/aos/1176350951
    """
    table = RiskTable.of(time, code, cause)
    estimate, survival = table.incidence[:, 0], table.survival[:, 0]
    return Incidence(
        table.times,
        table.at_risk[:, 0],
        table.events[:, 0],
        table.others[:, 0],
        table.censored[:, 0],
        estimate,
        np.sqrt(np.maximum(_variance(table, estimate, survival), 0.0)),
    )


def _variance(
    table: RiskTable, estimate: np.ndarray, survival: np.ndarray
) -> np.ndarray:
    """Variance of the incidence F at each time t, by the delta method.

    An event of the cause at s moves F(t) by ``S(s-) / n`` less what it takes from
    later ones, the share ``(F(t) - F(s)) / S(s)``; any other event takes only. The sum
    of squares of ``a(s) - F(t) b(s)`` is expanded, so that it costs one pass.
    """
    n = table.at_risk[:, 0]
    left = np.divide(1.0, survival, out=np.zeros(len(n)), where=survival > 0)
    own = _spread(table.events[:, 0], n, before(survival, 1.0))
    other = _spread(table.others[:, 0], n, before(survival, 1.0)) * (survival > 0)
    taken = estimate * left
    square = np.cumsum(own * (1 + taken) ** 2 + other * taken**2)
    product = np.cumsum(own * (1 + taken) * left + other * taken * left)
    slope = np.cumsum((own + other) * left**2)
    return np.asarray(square - 2 * estimate * product + estimate**2 * slope)


def _spread(events: np.ndarray, n: np.ndarray, survival: np.ndarray) -> np.ndarray:
    """Variance of the jump ``S(s-) d / n`` at each time; ties are hypergeometric."""
    ties = np.divide(n - events, n - 1, out=np.ones(len(n)), where=n > 1)
    return np.asarray(survival**2 * events * np.where(events > 1, ties, 1.0) / n**2)
