"""Association of outcome and group (Cramér's V)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...folds import cohort as cohorts


def confounding(cohort: pd.DataFrame, endpoints: Sequence[str]) -> pd.DataFrame:
    """Events per endpoint and group with Cramér's V, as a table of that kind.

    Subjects without the outcome are not counted.
    """
    rows = []
    for endpoint in endpoints:
        event = cohorts.outcome(cohort, endpoint)["event"].to_numpy()
        known = np.isfinite(event)
        event, group = event[known].astype(int), cohort["group"].to_numpy()[known]
        strength = cramers_v(group, event)
        for name in sorted(set(cohort["group"])):
            mine = event[group == name]
            rows.append(
                {
                    "endpoint": endpoint,
                    "group": name,
                    "n": len(mine),
                    "n_events": int(mine.sum()),
                    "event_rate": mine.mean() if len(mine) else np.nan,
                    "cramers_v": strength,
                }
            )
    return pd.DataFrame(rows)


def cramers_v(first: np.ndarray, second: np.ndarray) -> float:
    """Cramér's V of two label vectors, in [0, 1]; NaN if one is constant.

    References
    ----------
    Cramér, H. (1946). Mathematical Methods of Statistics, chapter 21.
    https://doi.org/10.1515/9781400883868
    """
    rows, row_of = np.unique(first, return_inverse=True)
    columns, column_of = np.unique(second, return_inverse=True)
    if min(len(rows), len(columns)) < 2:
        return float("nan")
    counts = np.zeros((len(rows), len(columns)))
    np.add.at(counts, (row_of, column_of), 1)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    v = np.sqrt(chi_squared / (counts.sum() * (min(counts.shape) - 1)))
    return float(min(v, 1.0))
