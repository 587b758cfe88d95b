"""Scores of external subjects over the percentiles of development."""

from typing import Any

import numpy as np
import pandas as pd

from ...frozen.document import FrozenModel
from ...statistics.external.development_scores import percentile_of

#: Bins of equal shares of development.
BINS = 10
_BELOW, _ABOVE = -np.inf, np.inf


def score_shift(rows: pd.DataFrame, document: FrozenModel) -> list[dict[str, Any]]:
    """Subjects in each tenth of development's scores, below and above all of them.

    Parameters
    ----------
    rows : DataFrame
        Kind "predictions" of one arm and population, rows with a score.
    document : FrozenModel

    Returns
    -------
    list of dict
        Rows of kind "external_scores" without the columns that name the arm; none if
        the document does not tell the scores of development.
    """
    known = np.array(document.scores.percentiles, dtype=float)
    score = rows["score"].to_numpy(dtype=float)
    if len(known) < 2 or not len(score):
        return []
    place = percentile_of(known, score)
    edges = np.linspace(0, 1, BINS + 1)
    inside = np.isfinite(place)
    counts = np.histogram(place[inside], edges)[0]
    bins = [
        (100 * low, 100 * high, int(count), 1 / BINS)
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    below, above = int((place == _BELOW).sum()), int((place == _ABOVE).sum())
    found = [(np.nan, 0.0, below, 0.0), *bins, (100.0, np.nan, above, 0.0)]
    cuts = np.interp(edges, np.linspace(0, 1, len(known)), known)
    ends = [np.nan, *cuts, np.nan]
    return [
        {
            "percentile_from": low,
            "percentile_to": high,
            "score_from": ends[number],
            "score_to": ends[number + 1],
            "n": count,
            "share": count / len(score),
            "share_in_development": wanted,
        }
        for number, (low, high, count, wanted) in enumerate(found)
    ]
