"""Absolute risk of an event by some days, from a score and the baseline hazard."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..folds.splitting import FoldName
from ..statistics import targets
from .fitted_model import Baseline, FittedModel, FittedModels, StratumHazard

_CAUSE = "cause"
_KEYS = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
_FOLD = ["arm", "scheme", "repeat", "fold"]


def with_other_causes(baseline: Baseline, outcome: pd.DataFrame) -> Baseline:
    """The baseline with the hazard of causes that compete, where there are some.

    Parameters
    ----------
    baseline : Baseline
        Of the cause of interest.
    outcome : DataFrame
        Of the same subjects, from `cohort.target_of`.
    """
    if _CAUSE not in outcome:
        return baseline
    if not baseline.strata:
        return baseline.model_copy(update=_others(outcome))
    labels = outcome[targets.STRATUM].astype(str)
    strata = {
        name: hazard.model_copy(update=_others(outcome[labels == name]))
        for name, hazard in baseline.strata.items()
    }
    return baseline.model_copy(update={"strata": strata})


def _others(outcome: pd.DataFrame) -> dict[str, list[float]]:
    """Nelson and Aalen's hazard of all causes but that of interest."""
    other = (outcome[targets.EVENT] != 1) & (outcome[_CAUSE] > 0)
    days = outcome[targets.TIME].to_numpy(dtype=float)
    times = np.unique(days[other])
    at_risk = (days >= times[:, None]).sum(axis=1)
    events = (other.to_numpy() & (days == times[:, None])).sum(axis=1)
    hazard = np.cumsum(events / at_risk)
    return {"competing_times_days": times.tolist(), "competing_hazard": hazard.tolist()}


def absolute_risk(
    hazard: StratumHazard, scores: np.ndarray, days: Sequence[float]
) -> np.ndarray:
    """Probability of the event by each of some days, shape (n, len(days)).

    Without competing causes ``1 - exp(-H(t) exp(score))``. With them, the cumulative
    incidence: each step of the hazard of interest counts for those who had no event
    of any kind before. The hazard of the other causes is that of all development
    subjects, whatever their score.

    Parameters
    ----------
    hazard : StratumHazard
        Cumulative hazards at a score of zero.
    scores : ndarray of float, shape (n,)
        Log hazards; NaN gives NaN.
    days : sequence of float
        Times since the first day.

    References
    ----------
    Benichou, J. and Gail, M. H. (1990). "Estimates of absolute cause-specific risk in
    cohort studies". Biometrics, 46, 813-826. https://doi.org/10.2307/2532098
    """
    times = np.asarray(hazard.times_days, dtype=float)
    relative = np.exp(np.asarray(scores, dtype=float))[:, None]
    own = relative * np.append(0.0, hazard.cumulative_hazard)
    others = np.append(0.0, hazard.competing_hazard)
    before = others[np.searchsorted(hazard.competing_times_days, times, side="left")]
    # Of each step: free of every cause before it, and then the event.
    free = np.exp(-own[:, :-1] - before)
    risk = np.cumsum(free * -np.expm1(-np.diff(own, axis=1)), axis=1)
    # A sum of rounded shares may exceed 1 in its last digit.
    risk = np.minimum(risk, 1.0)
    known = np.hstack([0.0 * relative, risk])
    return np.asarray(known[:, np.searchsorted(times, days, side="right")])


def risks_of(
    predictions: pd.DataFrame,
    arms: Mapping[str, FittedModels],
    days: Sequence[float],
) -> pd.DataFrame:
    """Absolute risks of the subjects of a table of predictions, kind "risks".

    Parameters
    ----------
    predictions : DataFrame
        Kind "predictions" of an endpoint with times.
    arms : mapping
        Fitted models of each arm.
    days : sequence of float
        Times at which risks are judged.

    Returns
    -------
    DataFrame
        One row per prediction and time, NaN where there is no score, or where the
        model has no baseline hazard for the stratum of the subject.
    """
    parts = []
    for (arm, scheme, repeat, fold), rows in predictions.groupby(_FOLD, sort=False):
        name = FoldName(str(scheme), int(str(repeat)), str(fold))
        model = arms[str(arm)].of_fold(name)
        risk = risks_of_fold(model, rows, days)
        part = rows[_KEYS].loc[rows.index.repeat(len(days))]
        parts.append(
            part.assign(horizon_days=np.tile(days, len(rows)), risk=risk.ravel())
        )
    return pd.concat(parts, ignore_index=True)


def risks_of_fold(
    model: FittedModel, rows: pd.DataFrame, days: Sequence[float]
) -> np.ndarray:
    """Risks of rows with `score`, and `stratum` if there are some, (n, len(days))."""
    found = np.full((len(rows), len(days)), np.nan)
    baseline = model.baseline
    if baseline is None:
        return found
    scores = rows["score"].to_numpy(dtype=float)
    if not baseline.strata:
        return absolute_risk(baseline, scores, days)
    labels = rows[targets.STRATUM].astype(str).to_numpy()
    for name, hazard in baseline.strata.items():
        mine = labels == name
        found[mine] = absolute_risk(hazard, scores[mine], days)
    return found
