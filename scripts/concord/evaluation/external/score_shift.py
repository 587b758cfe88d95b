"""Scores of external subjects over the percentiles of development."""

from typing import Any

import numpy as np
import pandas as pd

from ...frozen.document import FrozenModel
from ...statistics.external.development_scores import percentile_of

#: Bins of equal shares of development.
BINS = 10


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
    edges, place = np.linspace(0, 1, BINS + 1), percentile_of(known, score)
    cuts = np.interp(edges, np.linspace(0, 1, len(known)), known)
    inner = np.histogram(place[np.isfinite(place)], edges)[0]
    counts = [(place == -np.inf).sum(), *inner, (place == np.inf).sum()]
    ends = list(zip([np.nan, *(100 * edges)], [*(100 * edges), np.nan], strict=True))
    scores = zip([np.nan, *cuts], [*cuts, np.nan], strict=True)
    return [
        {
            "percentile_from": low,
            "percentile_to": high,
            "score_from": least,
            "score_to": largest,
            "n": int(count),
            "share": count / len(score),
            "share_in_development": 1 / BINS if np.isfinite(high - low) else 0.0,
        }
        for (low, high), (least, largest), count in zip(
            ends, scores, counts, strict=True
        )
    ]
