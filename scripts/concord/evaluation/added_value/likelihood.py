"""Likelihood ratio of a held-out score beside that of another arm.

Both scores of a subject are of models that did not see it. In the evaluation rows of a
repeat, the outcome is modelled by the score of the reference arm without and with that
of the arm; folds are strata, since scores of two models have no origin in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from ...errors import FitError
from ...folds.scheme import kind_of
from ...models.estimators.risk_sets import Ties
from ...statistics import targets
from ..treatment.fits import Fit, Outcomes

NAMES = ("score of the reference arm", "score of the arm")
NO_GROUP = "no fold has a subject with and one without the event"
WEIGHTED = "subjects are weighted, and weighted rows have no likelihood"
NOTHING_TOLD = (
    "both scores together have a chi-squared of {whole:.1f}; of so little there is no "
    "fraction"
)
#: Chi-squared of both scores from which a fraction of it is told, on new subjects: the
#: 95 % quantile of 2 degrees of freedom.
LEAST = 5.991464547
METHOD = (
    "held-out scores, folds as strata; mean of the signed roots over repeats, one-sided"
)
SHARED = ", divided by \N{SQUARE ROOT}2 for models that share their subjects"


@dataclass(frozen=True)
class Gain:
    """Gain of one repeat by the score of an arm beside that of its reference.

    Attributes
    ----------
    root : float
        Signed root of the likelihood-ratio statistic; negative if a larger score goes
        with less risk.
    whole : float
        Likelihood-ratio statistic of both scores together, 2 degrees of freedom.
    information, variance : float
        Fraction of new information by the likelihood ratio and by the variance of the
        linear predictor [1]_; 0 if `root` is negative.

    References
    ----------
    .. [1] Harrell, F. E. (2015). Regression Modeling Strategies, 2nd ed., on the
           adequacy of a subset of predictors.
           https://doi.org/10.1007/978-3-319-19425-7
    """

    root: float
    whole: float
    information: float
    variance: float

    @property
    def chi_squared(self) -> float:
        """Likelihood-ratio statistic; 0 of a score that predicts upside down."""
        return max(self.root, 0.0) ** 2


@dataclass(frozen=True)
class Gains:
    """Gain of an arm over all repeats of a scheme, or why there is none."""

    chi_squared: float = np.nan
    p_value: float = np.nan
    information: float = np.nan
    variance: float = np.nan
    n: int = 0
    n_events: int = 0
    method: str = METHOD
    reason: str | None = None
    no_fraction: str | None = None


def gain(rows: pd.DataFrame, ties: Ties = "efron") -> Gain:
    """Gain in the evaluation rows of one repeat, one row per patient.

    Parameters
    ----------
    rows : DataFrame
        `event`, `time_days` (NaN of a binary outcome), `fold`, `score`,
        `score_reference` and, of endpoints with strata, `stratum`.
    ties : str
        Treatment of events at one time.

    Raises
    ------
    FitError
        If no fold tells anything, or if a model has no maximum of its likelihood.
    """
    outcomes, told = _outcomes(rows, ties)
    known = rows[told]
    scores = known[["score_reference", "score"]].to_numpy(dtype=float)
    alone = outcomes.fit(scores[:, :1], NAMES[:1])
    both = outcomes.fit(scores, NAMES)
    gained = max(0.0, 2 * (both.log_likelihood - alone.log_likelihood))
    whole = 2 * (both.log_likelihood - outcomes.without_columns())
    if not both.coefficients[1] > 0:
        return Gain(-float(np.sqrt(gained)), whole, 0.0, 0.0)
    spread = [
        _spread(scores[:, : len(fit.coefficients)], fit, outcomes.groups)
        for fit in (alone, both)
    ]
    return Gain(
        float(np.sqrt(gained)),
        whole,
        gained / whole if whole > 0 else 0.0,
        1 - spread[0] / spread[1] if spread[1] > 0 else 0.0,
    )


def gains(repeats: Sequence[pd.DataFrame], scheme: str, ties: Ties = "efron") -> Gains:
    """Gain over all repeats, with the p-value of no gain.

    Each pair of subjects of two folds is used twice: the first is scored by a model
    that learnt from the second, and the other way round. Of noise, the signed root has
    twice the variance that it would have on new subjects, so it is divided by the root
    of 2; of declared evaluation sets, which no model learnt from, it is not. Roots of
    repeats are averaged, which makes their variance no larger.

    Parameters
    ----------
    repeats : sequence of DataFrame
        Rows of each repeat, as of `gain`, with `cluster` and `weight`.
    scheme : str
        Scheme of the folds.
    ties : str
        Treatment of events at one time.
    """
    shared = not kind_of(scheme).once
    method = METHOD + (SHARED if shared else "")
    if any((rows["weight"] != 1).any() for rows in repeats):
        return Gains(method=method, reason=WEIGHTED, no_fraction=WEIGHTED)
    alone = [rows.drop_duplicates("cluster") for rows in repeats]
    found, reason = _of_repeats(alone, ties)
    subjects = pd.concat(alone).drop_duplicates("subject_id")
    counted = Gains(
        n=len(subjects), n_events=int((subjects["event"] == 1).sum()), method=method
    )
    if not found:
        return replace(counted, reason=reason, no_fraction=reason)
    if len(found) < len(repeats):
        lost = f"; {len(repeats) - len(found)} of {len(repeats)} repeats undefined"
        counted = replace(counted, method=method + lost)
    return _mean(found, 2.0 if shared else 1.0, counted)


def _of_repeats(
    repeats: Sequence[pd.DataFrame], ties: Ties
) -> tuple[list[Gain], str | None]:
    """Gains of the repeats that have one, and why the last of the others has none."""
    found, reason = [], None
    for rows in repeats:
        try:
            found.append(gain(rows, ties))
        except FitError as error:
            reason = str(error)
    return found, reason


def _mean(found: Sequence[Gain], inflation: float, empty: Gains) -> Gains:
    """Means over repeats; `inflation` is the variance of the root of noise."""
    root, whole, chi_squared, information, variance = (
        float(np.mean([getattr(one, name) for one in found]))
        for name in ("root", "whole", "chi_squared", "information", "variance")
    )
    tells = whole > LEAST * inflation
    return replace(
        empty,
        chi_squared=chi_squared,
        p_value=float(special.ndtr(-root / np.sqrt(inflation))),
        information=information if tells else np.nan,
        variance=variance if tells else np.nan,
        no_fraction=None if tells else NOTHING_TOLD.format(whole=whole),
    )


def _outcomes(rows: pd.DataFrame, ties: Ties) -> tuple[Outcomes, np.ndarray]:
    """Outcomes of the folds that tell something, and their rows."""
    apart = ["fold", targets.STRATUM] if targets.STRATUM in rows else ["fold"]
    groups = rows.groupby(apart).ngroup().to_numpy()
    days = rows["time_days"].to_numpy(dtype=float, na_value=np.nan)
    times = None if np.isnan(days).all() else days
    event = (rows["event"] == 1).to_numpy(dtype=bool)
    told = Outcomes(event, times, groups, ties).informing()
    if not told.any():
        raise FitError(NO_GROUP)
    numbered = np.unique(groups[told], return_inverse=True)[1]
    return Outcomes(
        event[told], None if times is None else times[told], numbered, ties
    ), told


def _spread(scores: np.ndarray, fit: Fit, groups: np.ndarray) -> float:
    """Variance of the linear predictor within strata."""
    linear = scores @ fit.coefficients
    means = np.bincount(groups, linear) / np.bincount(groups)
    return float(((linear - means[groups]) ** 2).mean())
