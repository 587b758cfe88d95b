"""Fits of the steps that see the outcome, along penalties that fall."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..chain import Pipeline
from ..settings.tuning import Tuning


class ScoredFit(NamedTuple):
    """Scores of development and evaluation rows by one fit, and its terms."""

    development: np.ndarray
    evaluation: np.ndarray
    n_terms: int


def penalties(
    steps: Pipeline, rows: pd.DataFrame, y: np.ndarray, tuning: Tuning
) -> list[float]:
    """Penalties to be tried, falling; the model's own if none of its terms has any.

    Parameters
    ----------
    steps : Pipeline
        Steps that see the outcome and the model; fitted in place.
    rows : DataFrame
        Development rows after the blind steps.
    y : ndarray, shape (n,)
        Their outcomes.
    tuning : Tuning
        Number of penalties, and the smallest as a share of the largest.
    """
    model = steps.steps[-1][1]
    if not hasattr(model, "fits_along"):
        return [np.nan]
    selected = steps[:-1].fit_transform(rows, y)
    largest = model.largest_penalty(selected, y) if tuning.n_penalties else 0.0
    if not largest:
        return [float(model.penalty)]
    if tuning.n_penalties == 1:
        return [float(largest)]
    ratio = tuning.lowest_penalty ** (1.0 / (tuning.n_penalties - 1))
    return [float(largest * ratio**number) for number in range(tuning.n_penalties)]


def fits_along(
    steps: Pipeline,
    development: pd.DataFrame,
    evaluation: pd.DataFrame,
    y: np.ndarray,
    grid: list[float],
) -> list[ScoredFit]:
    """Scores of rows by fits at each penalty; the steps are fitted in place.

    Parameters
    ----------
    steps : Pipeline
        Steps that see the outcome and the model.
    development, evaluation : DataFrame
        Rows after the blind steps.
    y : ndarray, shape (n,)
        Outcomes of the development rows.
    grid : list of float
        From `penalties`.
    """
    model = steps.steps[-1][1]
    if not hasattr(model, "fits_along"):
        fitted = steps.fit(development, y)
        scores = fitted.decision_function(development)
        others = _scores(fitted, evaluation)
        return [ScoredFit(scores, others, len(model.feature_names_in_))]
    known = steps[:-1].fit_transform(development, y)
    rows = steps[:-1].transform(evaluation)[list(known.columns)]
    return [
        ScoredFit(
            fit.decision_function(known),
            fit.decision_function(rows),
            int(np.count_nonzero(fit.coef_)),
        )
        for fit in model.fits_along(known, y, grid)
    ]


def _scores(fitted: Pipeline, rows: pd.DataFrame) -> np.ndarray:
    return fitted.decision_function(rows) if len(rows) else np.zeros(0)
