"""Unlikeness of external and development subjects: scores and predictors."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...frozen.document import FrozenModel
from ...statistics.external import spread
from ...statistics.external.bounds import Bounded
from ...statistics.external.membership import Moments, chance_band, membership
from ..intervals import quantile
from . import rows
from .case_mix import NO_DEVELOPMENT, CaseMix
from .rows import line

_JACKKNIFE = "jackknife over clusters; development by the percentiles of its scores"
_EQUAL = "all scores are equal"
_PAIR = (
    "linear discriminant from development's mean and covariance, each pair left out; "
    "expected: central share of exchangeable samples of these sizes"
)
NO_MOMENTS = "the model's document has no mean and covariance of predictors"
NO_PREDICTORS = "the predictors of these subjects are not known"
FEW = "too few subjects with all predictors ({m}) to tell them from {n} by {p}"
LEFT_OUT = "{k} subjects without all predictors left out"


def score_rows(
    judged: pd.DataFrame, mix: CaseMix, confidence: float
) -> Iterator[dict[str, Any]]:
    """SD and mean of the scores, here and in development.

    Parameters
    ----------
    judged : DataFrame
        Kind "predictions", rows with a score and a known outcome.
    mix : CaseMix
    confidence : float
    """
    score = judged["score"].to_numpy(dtype=float)
    cluster, z = judged["cluster"].to_numpy(), quantile(confidence, np.inf)
    known = mix.document.scores
    untold = NO_DEVELOPMENT if known.sd is None else None
    equal = _EQUAL if len(score) and not np.ptp(score) > 0 else None
    here = _of_rows(spread.log_sd(score), cluster, z)
    told = None if not known.sd else float(np.log(known.sd))
    there = _told(spread.log_sd(mix.sample), known.n, z, told)
    yield line(
        rows.SD,
        there.exp(),
        here.exp(),
        here.minus(there).exp(),
        method=f"{_JACKKNIFE}; change is the ratio",
        reason=rows.reasons(untold, equal),
    )
    here = _of_rows(spread.mean(score), cluster, z)
    there = _told(spread.mean(mix.sample), known.n, z, known.mean)
    change = here.minus(there)
    yield line(rows.MEAN, there, here, change, method=_JACKKNIFE, reason=untold)


def membership_row(
    judged: pd.DataFrame,
    predictors: pd.DataFrame | None,
    document: FrozenModel,
    confidence: float,
    seed: int,
) -> dict[str, Any]:
    """C-statistic of telling these subjects from those of development.

    Parameters
    ----------
    judged : DataFrame
        Kind "predictions", rows with a score and a known outcome.
    predictors : DataFrame or None
        Predictors as measured, by subject; None if they are not known.
    document : FrozenModel
    confidence : float
        Central share of the chance band.
    seed : int
    """
    known = document.applicability
    if not known.columns or known.n < 2:
        return line(rows.MEMBERSHIP, reason=NO_MOMENTS)
    absent = predictors is None or not set(known.columns) <= set(predictors.columns)
    if predictors is None or absent:
        return line(rows.MEMBERSHIP, reason=NO_PREDICTORS)
    chosen = predictors.reindex(judged["subject_id"])[known.columns].astype(float)
    complete = np.isfinite(chosen.to_numpy()).all(axis=1)
    values = chosen.to_numpy()[complete]
    moments = Moments(np.array(known.mean), np.array(known.covariance), known.n)
    value = membership(moments, values)
    m, p = len(values), len(known.columns)
    if np.isnan(value):
        return line(rows.MEMBERSHIP, reason=FEW.format(m=m, n=known.n, p=p))
    clusters = judged["cluster"].to_numpy()[complete]
    band = chance_band(known.n, len(set(clusters)), p, confidence, seed)
    lost = int((~complete).sum())
    return line(
        rows.MEMBERSHIP,
        Bounded(0.5, *band),
        Bounded(value),
        Bounded(value - 0.5),
        method=_PAIR,
        reason=LEFT_OUT.format(k=lost) if lost else None,
    )


def _of_rows(found: tuple[float, np.ndarray], cluster: np.ndarray, z: float) -> Bounded:
    value, influence = found
    return Bounded.of_error(value, spread.standard_error(influence, cluster), z)


def _told(
    found: tuple[float, np.ndarray], n: int, z: float, to: float | None
) -> Bounded:
    """Value that the document tells, with the error of a sample of as many subjects.

    Parameters
    ----------
    found : tuple
        Value and influences of the sample that is made of percentiles.
    n : int
        Subjects of development.
    z : float
    to : float or None
        Value that the document tells; that of the sample without one.
    """
    value, influence = found
    at = value if to is None else to
    if len(influence) < 2:
        return Bounded(at)
    error = float(np.sqrt((influence**2).sum() * len(influence) / n))
    return Bounded.of_error(at, error, z)
