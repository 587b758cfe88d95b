"""Random-effects meta-analysis: values of several groups pooled, with what they differ.

Normal values with known variances: heterogeneity by restricted maximum likelihood, the
interval of the mean by Hartung and Knapp, and the interval of the value of a new group.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, special

#: Relative width of the bracket in which roots are found.
_TOLERANCE = 1e-14
#: Share of a bracket's end at which a search for a sign change starts.
_START = 1e-8
#: Evenly spaced shares of the distributions that a prediction interval is drawn from,
#: the start of their order, and the largest variance, in squared ranges of the values.
_SHARES, _SEED, _FAR = (np.arange(4000) + 0.5) / 4000, 7, 50


@dataclass(frozen=True)
class Heterogeneity:
    """Scatter of the true values of groups.

    `tau2` is their variance with the bounds of its interval; `i2` the share of it in
    the variance of a typical group, in [0, 1]; `q` Cochran's statistic with its
    p-value.
    """

    tau2: float
    tau2_lower: float
    tau2_upper: float
    i2: float
    q: float
    p_value: float


@dataclass(frozen=True)
class Pooled:
    """Mean of the true values of groups, with the usual interval of a new group."""

    estimate: float
    standard_error: float
    lower: float
    upper: float
    prediction_lower: float
    prediction_upper: float


def heterogeneity(
    values: np.ndarray, variances: np.ndarray, confidence: float
) -> Heterogeneity:
    """Scatter of true values by REML [1]_, with the Q-profile interval [2]_.

    Parameters
    ----------
    values, variances : ndarray of float, shape (k,)
        Value of each of two or more groups, and its squared standard error, above 0.
    confidence : float
        Level of the interval of tau2, such as 0.95.

    References
    ----------
    .. [1] Viechtbauer, W. (2005). "Bias and efficiency of meta-analytic variance
           estimators in the random-effects model". Journal of Educational and
           Behavioral Statistics, 30, 261-293.
           https://doi.org/10.3102/10769986030003261
    .. [2] Viechtbauer, W. (2007). "Confidence intervals for the amount of
           heterogeneity in meta-analysis". Statistics in Medicine, 26, 37-52.
           https://doi.org/10.1002/sim.2514
    """
    k = len(values)
    q = float(generalized_q(values, variances, 0.0))
    tau2 = reml_variance(values, variances)
    tail = (1 - confidence) / 2
    lower, upper = (
        _where_q_is(values, variances, float(special.chdtri(k - 1, share)))
        for share in (tail, 1 - tail)
    )
    return Heterogeneity(
        tau2,
        lower,
        upper,
        inconsistency(variances, tau2),
        q,
        float(special.chdtrc(k - 1, q)),
    )


def reml_variance(values: np.ndarray, variances: np.ndarray) -> float:
    """Variance of true values (tau2) by restricted maximum likelihood, at least 0.

    The derivative of the restricted likelihood may change its sign more than once; of
    its roots and 0, the one with the largest likelihood is taken.
    """
    ends = np.concatenate([[0.0], _grid(values, variances)])
    slopes = [_score(values, variances, end) for end in ends]
    roots = [0.0]
    for place in range(len(ends) - 1):
        if slopes[place] > 0 >= slopes[place + 1]:
            found = optimize.brentq(
                lambda tau2: _score(values, variances, tau2),
                ends[place],
                ends[place + 1],
                xtol=_TOLERANCE,
                rtol=_TOLERANCE,
            )
            roots.append(float(found))
    return max(roots, key=lambda tau2: _restricted(values, variances, tau2))


def generalized_q(values: np.ndarray, variances: np.ndarray, tau2: Any) -> Any:
    """Weighted squares of the distances to the weighted mean; Cochran's Q at tau2 0.

    Of one tau2, or of several at once, shape (m,).
    """
    weights = 1 / (variances + np.asarray(tau2)[..., None])
    mean = (weights * values).sum(axis=-1) / weights.sum(axis=-1)
    return (weights * (values - mean[..., None]) ** 2).sum(axis=-1)


def inconsistency(variances: np.ndarray, tau2: float) -> float:
    """I2: share of tau2 in the variance of a group of typical size, in [0, 1].

    References
    ----------
    Higgins, J. P. T. and Thompson, S. G. (2002). "Quantifying heterogeneity in a
    meta-analysis". Statistics in Medicine, 21, 1539-1558.
    https://doi.org/10.1002/sim.1186
    """
    weights = 1 / variances
    typical = (len(weights) - 1) * weights.sum()
    typical /= weights.sum() ** 2 - (weights**2).sum()
    return float(tau2 / (tau2 + typical))


def pooled(
    values: np.ndarray,
    variances: np.ndarray,
    tau2: float,
    confidence: float,
    never_narrower: bool = True,
) -> Pooled:
    """Mean of the true values with the interval of Hartung and Knapp [1]_ [2]_.

    The usual prediction interval [3]_ of the true value of a new group has the same
    k - 1 degrees of freedom; `prediction_interval` gives a better one.

    Parameters
    ----------
    values, variances : ndarray of float, shape (k,)
        As for `heterogeneity`.
    tau2 : float
        Variance of the true values.
    confidence : float
        Level of both intervals.
    never_narrower : bool
        The standard error is never taken to be smaller than that of the variances, as
        it may be by luck if values happen to be alike [4]_.

    References
    ----------
    .. [1] Hartung, J. and Knapp, G. (2001). "On tests of the overall treatment effect
           in meta-analysis with normally distributed responses". Statistics in
           Medicine, 20, 1771-1782. https://doi.org/10.1002/sim.791
    .. [2] IntHout, J., Ioannidis, J. P. A. and Borm, G. F. (2014). BMC Medical Research
           Methodology, 14, 25. https://doi.org/10.1186/1471-2288-14-25
    .. [3] Higgins, J. P. T., Thompson, S. G. and Spiegelhalter, D. J. (2009). "A
           re-evaluation of random-effects meta-analysis". Journal of the Royal
           Statistical Society A, 172, 137-159.
           https://doi.org/10.1111/j.1467-985X.2008.00552.x
    .. [4] Röver, C., Knapp, G. and Friede, T. (2015). BMC Medical Research Methodology,
           15, 99. https://doi.org/10.1186/s12874-015-0091-1
    """
    weights = 1 / (variances + tau2)
    k, total = len(values), float(weights.sum())
    mean = float((weights * values).sum() / total)
    excess = float((weights * (values - mean) ** 2).sum() / (k - 1))
    squared = (max(1.0, excess) if never_narrower else excess) / total
    quantile = float(special.stdtrit(k - 1, 0.5 + confidence / 2))
    half, far = quantile * np.sqrt(squared), quantile * np.sqrt(squared + tau2)
    return Pooled(
        mean,
        float(np.sqrt(squared)),
        float(mean - half),
        float(mean + half),
        float(mean - far),
        float(mean + far),
    )


def prediction_interval(
    values: np.ndarray, variances: np.ndarray, confidence: float
) -> tuple[float, float]:
    """Interval of the true value of a new group that allows for not knowing tau2 [1]_.

    The usual one takes an estimated tau2 for the truth, which with few groups is often
    0, and holds a new group in 0.86 to 0.93 instead of 0.95 of simulated studies. Here
    tau2 is drawn from its confidence distribution, by the generalized Q; given it, the
    mean from its t distribution and the group around the mean, in draws that are
    always the same.

    Parameters
    ----------
    values, variances, confidence
        As for `heterogeneity`.

    References
    ----------
    .. [1] Nagashima, K., Noma, H. and Furukawa, T. A. (2019). "Prediction intervals for
           random-effects meta-analysis: a confidence distribution approach".
           Statistical Methods in Medical Research, 28, 1689-1702.
           https://doi.org/10.1177/0962280218773520
    """
    degrees = len(values) - 1
    tau2 = _confidence_distribution(values, variances)
    weights = 1 / (variances + tau2[:, None])
    total = weights.sum(axis=1)
    mean = (weights * values).sum(axis=1) / total
    excess = (weights * (values - mean[:, None]) ** 2).sum(axis=1) / degrees
    error = np.sqrt(np.maximum(1.0, excess) / total)
    generator = np.random.default_rng(_SEED)
    one, two = (generator.permutation(_SHARES) for _ in range(2))
    group = special.ndtri(one) * np.sqrt(tau2)
    new = mean + group + special.stdtrit(degrees, two) * error
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(new, [tail, 1 - tail])
    return float(lower), float(upper)


def _confidence_distribution(values: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """Values of tau2 at evenly spaced shares of its confidence distribution."""
    wanted = special.chdtri(len(values) - 1, _SHARES)
    end = float(variances.max() + _FAR * np.ptp(values) ** 2)
    grid = np.concatenate([[0.0], np.geomspace(_START * end, end, 400)])
    found = generalized_q(values, variances, grid)
    return np.asarray(np.interp(wanted, found[::-1], grid[::-1]))


def _where_q_is(values: np.ndarray, variances: np.ndarray, wanted: float) -> float:
    """The tau2 at which the generalized Q falls to a value; 0 if it is less at 0."""
    if generalized_q(values, variances, 0.0) <= wanted:
        return 0.0
    end = float(variances.max() + np.ptp(values) ** 2)
    while generalized_q(values, variances, end) > wanted:
        end *= 2
    found = optimize.brentq(
        lambda tau2: generalized_q(values, variances, tau2) - wanted,
        0.0,
        end,
        xtol=_TOLERANCE,
        rtol=_TOLERANCE,
    )
    return float(found)


def _grid(values: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """Ascending tau2 between which the likelihood is searched for a maximum.

    Beyond the largest, the likelihood falls: there tau2 exceeds all squared distances.
    """
    end = float(variances.max() + len(values) * np.ptp(values) ** 2)
    return np.geomspace(_START * end, end, 60)


def _restricted(values: np.ndarray, variances: np.ndarray, tau2: float) -> float:
    """Restricted log likelihood of tau2, without its constant."""
    weights = 1 / (variances + tau2)
    return float(
        0.5 * np.log(weights).sum()
        - 0.5 * np.log(weights.sum())
        - 0.5 * generalized_q(values, variances, tau2)
    )


def _score(values: np.ndarray, variances: np.ndarray, tau2: float) -> float:
    """Derivative of the restricted log likelihood."""
    weights = 1 / (variances + tau2)
    total = weights.sum()
    mean = (weights * values).sum() / total
    own = (weights**2).sum()
    return float(
        0.5 * ((weights**2 * (values - mean) ** 2).sum() - total + own / total)
    )
