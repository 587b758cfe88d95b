"""Test of proportional hazards: effects that change with time, as a score test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .cox_events import CoxEvents, Moments
from .kaplan_meier import KaplanMeier

#: Transforms of time that an effect may change with, by name.
TRANSFORMS = ("km", "rank", "identity", "log")
#: Test of all terms at once.
GLOBAL = "GLOBAL"


@dataclass(frozen=True)
class ProportionalHazardsTest:
    """Score test of one term, or of all; chi-squared is NaN with a reason."""

    term: str
    chi_squared: float
    df: int
    reason: str | None = None

    @property
    def p_value(self) -> float:
        """Of an effect that is the same at all times."""
        from scipy.special import chdtrc

        return float(chdtrc(self.df, self.chi_squared)) if self.df else float("nan")


def transformed_times(
    event: np.ndarray, time: np.ndarray, transform: str
) -> np.ndarray:
    """Times (n,) as they stand in the test.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
    time : ndarray of float, shape (n,)
    transform : str
        ``km`` is 1 minus the Kaplan-Meier estimate of all subjects just before a time;
        ``rank`` the rank among all times, censored ones too, ties with their mean;
        ``identity`` and ``log`` of the time itself.
    """
    times = np.asarray(time, dtype=float)
    if transform == "km":
        curve = KaplanMeier.of(event, times)
        before = np.concatenate([[1.0], curve.survival])
        return np.asarray(1 - before[np.searchsorted(curve.times, times)])
    if transform == "rank":
        low, high = (
            np.searchsorted(np.sort(times), times, s) for s in ("left", "right")
        )
        return np.asarray((low + high + 1) / 2)
    if transform == "log":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(times))
    if transform == "identity":
        return times
    raise ValueError(f"transform is {transform!r}, expected one of {TRANSFORMS}.")


def proportional_hazards_tests(
    values: np.ndarray,
    event: np.ndarray,
    time: np.ndarray,
    terms: Mapping[str, Sequence[int]],
    transforms: Sequence[str] = TRANSFORMS,
    stratum: np.ndarray | None = None,
) -> dict[str, list[ProportionalHazardsTest]]:
    """Tests of each term of a Cox model, and of all, by transform of time.

    The exact score test of the effect of the product of a column and the transformed
    time in a model that holds the columns themselves (Efron's ties), which the sum of
    scaled Schoenfeld residuals of Grambsch and Therneau [1]_ approximates: where events
    are tied or the variance of the columns changes with time, that is another number.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Columns of the model, complete.
    event : ndarray of 0/1, shape (n,)
    time : ndarray of float, shape (n,)
    terms : mapping
        Columns of each term.
    transforms : sequence of str
        As of `transformed_times`.
    stratum : ndarray, shape (n,), optional
        Subjects with a baseline hazard in common; times are transformed over all.

    References
    ----------
    .. [1] Grambsch, P. M., Therneau, T. M. (1994). "Proportional hazards tests and
           diagnostics based on weighted residuals". Biometrika, 81, 515-526.
           https://doi.org/10.1093/biomet/81.3.515
    """
    events = CoxEvents.of(values, event, time, stratum)
    fitted = events.maximum()
    names = [*terms, *([GLOBAL] if len(terms) > 1 else [])]
    if fitted is None:
        why = "no finite effect: too few events, or columns that tell all of them"
        nothing = [ProportionalHazardsTest(name, np.nan, 0, why) for name in names]
        return dict.fromkeys(transforms, nothing)
    tests = {}
    for transform in transforms:
        g = transformed_times(event, time, transform)
        known, place = np.unique(np.asarray(time, float), return_index=True)
        own = g[place][np.searchsorted(known, events.time)]
        tests[transform] = _tests(events.residuals(fitted[1]), fitted[1], own, terms)
    return tests


def _tests(
    residuals: np.ndarray,
    found: Moments,
    g: np.ndarray,
    terms: Mapping[str, Sequence[int]],
) -> list[ProportionalHazardsTest]:
    every = list(range(residuals.shape[1]))
    asked = {**terms, **({GLOBAL: every} if len(terms) > 1 else {})}
    if not np.isfinite(g).all() or np.ptp(g) == 0:
        why = "the transformed times of events are all equal or not finite"
        return [ProportionalHazardsTest(name, np.nan, 0, why) for name in asked]
    g = g - g.mean()
    score = (g[:, None] * residuals).sum(axis=0)
    plain, mixed, squared = (
        np.tensordot(power, found.variances, axes=1)
        for power in (np.ones(len(g)), g, g**2)
    )
    left = squared - mixed @ np.linalg.solve(plain, mixed)
    tests = []
    for name, columns in asked.items():
        own = list(columns)
        part = left[np.ix_(own, own)]
        if np.linalg.matrix_rank(part, hermitian=True) < len(own):
            why = "the term does not vary among those at risk"
            tests.append(ProportionalHazardsTest(name, np.nan, 0, why))
            continue
        value = score[own] @ np.linalg.solve(part, score[own])
        tests.append(ProportionalHazardsTest(name, float(value), len(own)))
    return tests
