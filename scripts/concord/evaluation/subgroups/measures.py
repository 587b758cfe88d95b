"""Measures of a subgroup: discrimination within folds, calibration, Brier score."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...statistics.fold_mean import cluster_correction
from ...statistics.outcome_kinds import OutcomeKind
from ...statistics.subgroups.recalibration import (
    Moved,
    cox_slope,
    in_the_large,
    logistic_slope,
    logit,
)
from ..fold_values import POOLED, FoldValues
from .horizons import Horizons

IN_THE_LARGE, SLOPE, BRIER = "in_the_large", "slope", "brier"
DIFFERENCE = "observed_less_predicted"
_WITHIN = "pairs of one fold, pooled over the folds of a repeat"
_TOGETHER = "probabilities of all folds of a repeat together"
_RISKS = "risks of all folds of a repeat together, outcomes as pseudo-values"


@dataclass(frozen=True)
class Measured:
    """Values of one measure by repeat, and the words for the method."""

    measure: str
    horizon_days: float  # NaN of a measure without one
    values: FoldValues
    method: str

    @property
    def key(self) -> tuple[str, str]:
        """Measure and horizon, as a key."""
        return self.measure, f"{self.horizon_days:g}"

    @property
    def is_share(self) -> bool:
        """True if the value lies between 0 and 1."""
        return self.measure not in (IN_THE_LARGE, SLOPE, DIFFERENCE)


def measures(
    scored: pd.DataFrame,
    kind: OutcomeKind,
    horizons: Horizons,
    risks: dict[float, pd.Series],
) -> Iterator[Measured]:
    """All measures of some subjects by one arm and scheme.

    Scores of two folds are never compared: pairs, and the strata of Cox's model, are
    of one fold. Probabilities and risks are statements of their own and stand together.

    Parameters
    ----------
    scored : DataFrame
        Predictions with a score and an outcome.
    kind : OutcomeKind
    horizons : Horizons
    risks : dict of Series
        Risk by horizon in days, indexed as the predictions; empty without horizons.
    """
    pairs = FoldValues.pooled(scored, kind.pairs)
    yield Measured(kind.metric, np.nan, pairs, _WITHIN)
    if not kind.has_times:
        yield from _of_probabilities(scored)
        return
    slope = of_repeats(scored, _slope_by_fold)
    yield Measured(SLOPE, np.nan, slope, "Cox's model with the folds as strata")
    for horizon, risk in risks.items():
        told = scored.assign(risk=risk.reindex(scored.index).astype(float))
        rows = told[told["risk"].notna()]
        yield from _at_horizon(rows, horizon, horizons)


def of_repeats(
    scored: pd.DataFrame, value: Callable[[pd.DataFrame], Moved]
) -> FoldValues:
    """One value per repeat of some subjects, with the influence of each cluster."""
    names = pd.Index(sorted(set(scored["cluster"])))
    correction = cluster_correction(len(names), scored["subject_id"].nunique())
    keys, values, influences = [], [], []
    for repeat, rows in scored.groupby("repeat", sort=True):
        found = value(rows)
        member = names.get_indexer(rows["cluster"])
        moved = np.bincount(member, found.influence, minlength=len(names))
        keys.append((int(str(repeat)), POOLED))
        values.append(found.value)
        influences.append(correction * moved)
    has_event = names.isin(scored.loc[scored["event"] == 1, "cluster"])
    return FoldValues(
        tuple(keys),
        np.array(values, dtype=float),
        np.array(influences).reshape(len(keys), len(names)),
        np.asarray(has_event),
        False,
    )


def mean_moved(values: np.ndarray, weight: np.ndarray | None = None) -> Moved:
    """Mean of some values; its influences are those of leaving one out."""
    n = len(values)
    w = np.ones(n) if weight is None else weight
    if n < 2 or not np.isfinite(values).all():
        return Moved.undefined(n)
    mean = float((w * values).sum() / w.sum())
    return Moved(mean, w * (values - mean) / w.sum() * np.sqrt(n / (n - 1)))


def _of_probabilities(scored: pd.DataFrame) -> Iterator[Measured]:
    known = scored[scored["probability"].notna()]
    for measure, value in (
        (IN_THE_LARGE, lambda rows: in_the_large(*_logistic(rows))),
        (SLOPE, lambda rows: logistic_slope(*_logistic(rows))),
        (BRIER, _brier),
    ):
        yield Measured(measure, np.nan, of_repeats(known, value), _TOGETHER)


def _logistic(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Log odds, events and weights."""
    log_odds = logit(rows["probability"].to_numpy(dtype=float))
    return log_odds, rows["event"].to_numpy(dtype=float), _weight(rows)


def _weight(rows: pd.DataFrame) -> np.ndarray | None:
    return rows["weight"].to_numpy(dtype=float) if "weight" in rows else None


def _brier(rows: pd.DataFrame) -> Moved:
    error = rows["event"].to_numpy(float) - rows["probability"].to_numpy(float)
    return mean_moved(error**2, _weight(rows))


def _slope_by_fold(rows: pd.DataFrame) -> Moved:
    strata = rows["fold"].astype(str)
    if "stratum" in rows:
        strata = strata + " " + rows["stratum"].astype(str)
    score, event, time = (
        rows[name].to_numpy(dtype=float) for name in ("score", "event", "time_days")
    )
    return cox_slope(score, event, time, strata.to_numpy())


def _at_horizon(
    rows: pd.DataFrame, horizon: float, horizons: Horizons
) -> Iterator[Measured]:
    """Observed less predicted risk, and Brier score, at a horizon."""

    def difference(part: pd.DataFrame) -> Moved:
        return mean_moved(horizons.observed(part, horizon) - part["risk"].to_numpy())

    def brier(part: pd.DataFrame) -> Moved:
        risk = part["risk"].to_numpy()
        observed = horizons.observed(part, horizon)
        return mean_moved(observed * (1 - 2 * risk) + risk**2)

    for measure, value in ((DIFFERENCE, difference), (BRIER, brier)):
        yield Measured(measure, horizon, of_repeats(rows, value), _RISKS)
