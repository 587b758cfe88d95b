"""Standard error of a mean over folds, its degrees of freedom and its interval."""

from collections.abc import Callable

import numpy as np

from .calibration import Calibration
from .fold_values import FoldValues
from .intervals import Interval, logit_bounds, symmetric_bounds

Bounds = Callable[[float, float, float, float], tuple[float, float]]
#: Errors below this are rounding.
_NOTHING = 1e-12
#: Why an estimate has no bounds.
NO_PAIR = "no fold has a pair to compare"
EQUAL = "no information: the scores of each fold are equal"
LONE = "no information: all pairs have one subject in common"
NO_SPREAD = "no information: no subject differs from the others"


def share_interval(
    folds: FoldValues,
    calibration: Calibration,
    confidence: float,
    text: str,
    by_group: bool = False,
) -> Interval:
    """Interval on the logit scale of a mean of AUC or C-index over folds.

    `by_group`: each fold is a group that was left out, see `error_over_groups`.
    """
    return _interval(folds, calibration, confidence, text, by_group, logit_bounds)


def difference_interval(
    folds: FoldValues,
    calibration: Calibration,
    confidence: float,
    text: str,
    by_group: bool = False,
) -> Interval:
    """Interval of a mean paired difference over folds."""
    return _interval(folds, calibration, confidence, text, by_group, symmetric_bounds)


def error_over_repeats(folds: FoldValues, factor: float) -> tuple[float, float]:
    """Standard error of a mean over the folds of repeats, and degrees of freedom.

    The error of one repeat is the jackknife over clusters times `factor`. A mean over R
    repeats is freed of a part of what the choice of the folds adds: (1 - 1/R) times the
    variance between the repeats' means. It is never taken to be smaller than `factor`
    times the jackknife of the mean over all repeats.
    """
    repeats = list(folds.repeats())
    moved = np.array([influences.mean(axis=0) for _, influences in repeats])
    means = np.array([values.mean() for values, _ in repeats])
    by_cluster = factor**2 * (moved**2).mean(axis=0)
    single = by_cluster.sum()
    least = factor**2 * (moved.mean(axis=0) ** 2).sum()
    chance = means.var(ddof=1) * (1 - 1 / len(means)) if len(means) > 1 else 0.0
    squared = max(least, single - chance)
    return float(np.sqrt(squared)), _satterthwaite(by_cluster, folds.has_event)


def error_over_groups(folds: FoldValues, factor: float) -> tuple[float, float]:
    """Standard error of an unweighted mean over groups, and degrees of freedom.

    The variance inside the groups (jackknife times `factor`) plus that between them,
    which is what the values scatter beyond it [1]_: the larger of both estimates of the
    variance of the mean. Degrees of freedom by Satterthwaite [2]_, between those of the
    subjects and the number of groups less one.

    References
    ----------
    .. [1] DerSimonian, R. and Laird, N. (1986). "Meta-analysis in clinical trials".
           Controlled Clinical Trials, 7, 177-188.
           https://doi.org/10.1016/0197-2456(86)90046-2
    .. [2] Satterthwaite, F. E. (1946). "An approximate distribution of estimates of
           variance components". Biometrics Bulletin, 2, 110-114.
           https://doi.org/10.2307/3002019
    """
    values, n = folds.values[folds.defined], folds.n_defined
    moved = folds.influences[folds.defined].sum(axis=0) / n
    by_cluster = factor**2 * moved**2
    inside = by_cluster.sum()
    degrees = _satterthwaite(by_cluster, folds.has_event)
    if n < 2:
        return float(np.sqrt(inside)), degrees
    between = max(0.0, values.var(ddof=1) / n - inside)
    total = inside + between
    if not total > 0:
        return 0.0, degrees
    inverse = (inside**2 / degrees + between**2 / (n - 1)) / total**2
    return float(np.sqrt(total)), float(1 / inverse)


def _interval(
    folds: FoldValues,
    calibration: Calibration,
    confidence: float,
    text: str,
    by_group: bool,
    bounds: Bounds,
) -> Interval:
    method = folds.method(f"{text}; {calibration.method}")
    if not folds.n_defined:
        return Interval(np.nan, np.nan, np.nan, np.nan, np.nan, method, NO_PAIR)
    error = error_over_groups if by_group else error_over_repeats
    se, degrees = error(folds, calibration.factor)
    reason = _reason(folds, se, bounds is logit_bounds)
    if reason is not None:
        return Interval(folds.mean, np.nan, np.nan, np.nan, np.nan, method, reason)
    degrees = min(degrees, calibration.degrees)
    lower, upper = bounds(folds.mean, se, confidence, degrees)
    return Interval(folds.mean, se, calibration.factor, lower, upper, method)


def _reason(folds: FoldValues, se: float, is_share: bool) -> str | None:
    """Words for an estimate that says nothing, or None."""
    if not se > _NOTHING or (is_share and not 0 < folds.mean < 1):
        known = folds.values[folds.defined]
        return EQUAL if is_share and (known == 0.5).all() else NO_SPREAD
    return LONE if folds.lone else None


def _satterthwaite(by_cluster: np.ndarray, has_event: np.ndarray) -> float:
    """Degrees of freedom of a sum over clusters with and without an event."""
    parts = [by_cluster[has_event], by_cluster[~has_event]]
    total = sum(float(part.sum()) for part in parts)
    if not total > 0:
        return float("inf")
    inverse = sum(float(p.sum()) ** 2 / max(len(p) - 1, 1) for p in parts if len(p))
    return total**2 / inverse
