"""Scores of the development subjects: their distribution, and what it promises."""

import numpy as np
import pandas as pd

from ...statistics.external.model_based_concordance import (
    expected_auc,
)
from ...statistics.external.model_based_concordance import (
    expected_concordance as expected_by_hazards,
)
from ...statistics.outcome_kinds import OutcomeKind
from ..development import ScoreDistribution

#: Fewest subjects between two percentiles that are told, so that they show no single
#: subject but the first and the last.
LEAST_BETWEEN = 5
_MOST_STEPS = 100


def distribution(
    predictions: pd.DataFrame, outcome: OutcomeKind, smallest_cell: int = 0
) -> ScoreDistribution:
    """Distribution of the scores of development.

    Parameters
    ----------
    predictions : DataFrame
        With `score` and `probability`, from `Predictor.scored`.
    outcome : OutcomeKind
        What is predicted.
    smallest_cell : int
        Fewest subjects between two percentiles, if more than five.
    """
    scored = predictions[predictions["score"].notna()]
    values = scored["score"].to_numpy(dtype=float)
    n = len(values)
    if not n:
        return ScoreDistribution()
    steps = int(np.clip(n // max(LEAST_BETWEEN, smallest_cell), 1, _MOST_STEPS))
    places = np.linspace(0.0, 100.0, steps + 1)
    return ScoreDistribution(
        n=n,
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)) if n > 1 else 0.0,
        percentiles=np.percentile(values, places).tolist(),
        concordance_expected=expected_concordance(scored, outcome),
    )


def expected_concordance(
    predictions: pd.DataFrame, outcome: OutcomeKind
) -> float | None:
    """Concordance that predictions would have if they were right; None without any."""
    column = "score" if outcome.has_times else "probability"
    known = predictions[column].to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    found = expected_by_hazards(known) if outcome.has_times else expected_auc(known)
    return found if np.isfinite(found) else None
