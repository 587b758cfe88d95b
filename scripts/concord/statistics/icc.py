"""Intraclass correlation of many features at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..errors import StudyError
from .constants import exceeds_rounding

FORMS = ("ICC(1,1)", "ICC(A,1)", "ICC(C,1)")


@dataclass(frozen=True)
class IccTable:
    """Repeatability of each feature; all arrays have the shape (features,)."""

    estimate: np.ndarray  # intraclass correlation
    lower: np.ndarray  # bounds of its two-sided interval
    upper: np.ndarray
    within_sd: np.ndarray  # within-subject standard deviation, unit of the feature
    within_cv: np.ndarray  # within-subject coefficient of variation
    bias: np.ndarray  # mean difference of the last and the first rating
    n_subjects: np.ndarray  # subjects with all ratings
    n_raters: np.ndarray
    reason: np.ndarray  # why values are NaN; empty if none is


@dataclass(frozen=True)
class _MeanSquares:
    """Two-way analysis of variance per feature, of the complete subjects."""

    n: np.ndarray  # subjects with all ratings, shape (features,)
    k: int  # raters
    rows: np.ndarray  # between subjects
    columns: np.ndarray  # between raters
    within: np.ndarray  # within subjects
    error: np.ndarray  # within subjects, raters removed


def intraclass_correlation(
    ratings: np.ndarray, form: str, confidence: float = 0.95
) -> IccTable:
    """Intraclass correlation of single ratings, with its interval, per feature.

    Parameters
    ----------
    ratings : ndarray of float, shape (subjects, raters, features)
        For each feature, only subjects with all ratings finite count.
    form : {"ICC(1,1)", "ICC(A,1)", "ICC(C,1)"}
        One-way random effects, for repeated sessions; or two-way, absolute
        agreement, for readers; or two-way, consistency, which a constant difference
        between readers leaves as it is [1]_. The latter two are ICC(2,1) and
        ICC(3,1) of [2]_.
    confidence : float, default=0.95
        Level of the two-sided interval, which follows from the F distribution;
        that of ICC(A,1) takes its degrees of freedom from Satterthwaite.

    Returns
    -------
    IccTable
        `within_sd` is the root mean square of the subjects' standard deviations
        and `within_cv` that of their coefficients of variation [3]_; the latter
        is NaN unless the means of all subjects have one sign. With less than two
        subjects everything is NaN; without any spread
        between the subjects, but for rounding, the correlation is. `reason` says so.

    Raises
    ------
    StudyError
        If the form is unknown or there are less than two raters.

    References
    ----------
    .. [1] McGraw, K. O., Wong, S. P. (1996). "Forming inferences about some
           intraclass correlation coefficients". Psychological Methods, 1, 30-46.
           https://doi.org/10.1037/1082-989X.1.1.30
    .. [2] Shrout, P. E., Fleiss, J. L. (1979). "Intraclass correlations: uses in
           assessing rater reliability". Psychological Bulletin, 86, 420-428.
           https://doi.org/10.1037/0033-2909.86.2.420
    .. [3] Raunig, D. L., McShane, L. M., et al. (2015). "Quantitative imaging
           biomarkers: a review of statistical methods for technical performance
           assessment". Statistical Methods in Medical Research, 24, 27-67.
           https://doi.org/10.1177/0962280214537344
    """
    _check(ratings, form)
    complete = np.isfinite(ratings).all(axis=1)
    rated = np.where(complete[:, None], ratings, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = _mean_squares(rated, complete)
        spread = _has_spread(squares, rated)
        found = np.where(
            spread, _CORRELATIONS[form](squares, _tails(confidence)), np.nan
        )
        # Rounding may put the bound of a perfect repetition an ulp above 1.
        found = np.minimum(found, 1.0)
        within_cv = _within_cv(rated, complete)
        bias = (rated[:, -1] - rated[:, 0]).sum(axis=0) / squares.n
    few = squares.n < 2
    return IccTable(
        estimate=found[0],
        lower=found[1],
        upper=found[2],
        within_sd=np.where(few, np.nan, np.sqrt(squares.within)),
        within_cv=np.where(few, np.nan, within_cv),
        bias=np.where(few, np.nan, bias),
        n_subjects=squares.n,
        n_raters=np.full(len(squares.n), squares.k),
        reason=_reasons(few, spread, within_cv),
    )


def lower_bound(
    ratings: np.ndarray, form: str, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Lower bound of the interval of `intraclass_correlation`, and nothing else of it.

    Returns
    -------
    lower, n_subjects : ndarray, shape (features,)
        Equal to those of the table, at half the work.
    """
    _check(ratings, form)
    complete = np.isfinite(ratings).all(axis=1)
    rated = np.where(complete[:, None], ratings, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = _mean_squares(rated, complete)
        spread = _has_spread(squares, rated)
        _, lower = _CORRELATIONS[form](squares, _tails(confidence)[:1])
    return np.where(spread, np.minimum(lower, 1.0), np.nan), squares.n


def _tails(confidence: float) -> tuple[float, float]:
    """Probabilities of the lower and the upper bound of an interval."""
    tail = (1 - confidence) / 2
    return tail, 1 - tail


def _check(ratings: np.ndarray, form: str) -> None:
    if form not in FORMS:
        raise StudyError(f"form of the ICC is {form!r}, expected one of {FORMS}.")
    if ratings.ndim != 3 or ratings.shape[1] < 2:
        raise StudyError(
            "ratings must have the shape (subjects, raters, features) with at least "
            f"2 raters, found {ratings.shape}."
        )


def _mean_squares(rated: np.ndarray, complete: np.ndarray) -> _MeanSquares:
    """Mean squares; incomplete subjects are zero in `rated` and do not count."""
    n, k = complete.sum(axis=0), rated.shape[1]
    row_mean = rated.mean(axis=1)
    column_mean = rated.sum(axis=0) / n
    grand_mean = column_mean.mean(axis=0)
    rows = np.where(complete, row_mean - grand_mean, 0.0)
    columns = column_mean - grand_mean
    within = rated - row_mean[:, None]
    error = np.where(complete[:, None], within - columns, 0.0)
    return _MeanSquares(
        n=n,
        k=k,
        rows=k * (rows**2).sum(axis=0) / (n - 1),
        columns=n * (columns**2).sum(axis=0) / (k - 1),
        within=(within**2).sum(axis=(0, 1)) / (n * (k - 1)),
        error=(error**2).sum(axis=(0, 1)) / ((n - 1) * (k - 1)),
    )


def _one_way(squares: _MeanSquares, tails: Sequence[float]) -> np.ndarray:
    """Estimate and bounds at some tails of ICC(1,1), shape (1 + tails, features)."""
    freedom = squares.n * (squares.k - 1)
    return _against(squares.within, freedom, squares, tails)


def _consistency(squares: _MeanSquares, tails: Sequence[float]) -> np.ndarray:
    """Estimate and bounds at some tails of ICC(C,1), shape (1 + tails, features)."""
    freedom = (squares.n - 1) * (squares.k - 1)
    return _against(squares.error, freedom, squares, tails)


def _against(
    noise: np.ndarray,
    freedom: np.ndarray,
    squares: _MeanSquares,
    tails: Sequence[float],
) -> np.ndarray:
    """Estimate and bounds if a mean square between subjects meets one of noise."""
    n, k = squares.n, squares.k
    factors = (1.0, *(special.fdtri(freedom, n - 1, tail) for tail in tails))
    return np.array(
        [
            (factor * squares.rows - noise) / (factor * squares.rows + (k - 1) * noise)
            for factor in factors
        ]
    )


def _absolute_agreement(squares: _MeanSquares, tails: Sequence[float]) -> np.ndarray:
    """Estimate and bounds at some tails of ICC(A,1), shape (1 + tails, features)."""
    n, k = squares.n, squares.k
    rows, columns, error = squares.rows, squares.columns, squares.error
    estimate = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    # a and b of McGraw and Wong, both times n (1 - estimate), which may be zero.
    a = k * estimate * columns
    b = (n * (1 - estimate) + k * estimate * (n - 1)) * error
    freedom = (a + b) ** 2 / (a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1)))
    others = k * columns + (k * n - k - n) * error
    bounds = []
    for tail in tails:
        factor = special.fdtri(freedom, n - 1, tail)
        bound = n * (factor * rows - error) / (others + n * factor * rows)
        bounds.append(np.where(columns + error == 0, 1.0, bound))
    return np.array([estimate, *bounds])


_CORRELATIONS = {
    "ICC(1,1)": _one_way,
    "ICC(A,1)": _absolute_agreement,
    "ICC(C,1)": _consistency,
}


def _has_spread(squares: _MeanSquares, rated: np.ndarray) -> np.ndarray:
    size = np.abs(rated).max(axis=(0, 1), initial=0.0)
    return exceeds_rounding(np.sqrt(squares.rows / squares.k), size)


def _within_cv(rated: np.ndarray, complete: np.ndarray) -> np.ndarray:
    row_mean = rated.mean(axis=1)
    variance = rated.var(axis=1, ddof=1)
    squared = np.where(complete, variance / row_mean**2, 0.0)
    signs = np.where(complete, np.sign(row_mean), 0.0)
    one_sign = np.abs(signs.sum(axis=0)) == complete.sum(axis=0)
    mean_square = squared.sum(axis=0) / complete.sum(axis=0)
    return np.where(one_sign, np.sqrt(mean_square), np.nan)


def _reasons(few: np.ndarray, spread: np.ndarray, cv: np.ndarray) -> np.ndarray:
    return np.select(
        [few, ~spread, np.isnan(cv)],
        [
            "fewer than 2 subjects have all ratings",
            "the subjects do not differ, so no correlation is defined",
            "within_cv: the subjects' means do not have one sign",
        ],
        default="",
    )
