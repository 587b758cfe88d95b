"""Columns that say the same as another one: copies, also negated or in other units."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.constants import varies

#: Largest difference of two standardized columns that are one; rounding leaves 1e-12,
#: a column written again with five digits 1e-5.
_EQUAL = 1e-9
_FEWEST = 3


def duplicate_columns(cohort: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Features and covariates that follow from another by a line.

    No outcome plays a part. A column is named once, with the first that it repeats:
    covariates come before features, each in the order of their tables. Both must be
    known of the same subjects.

    Parameters
    ----------
    cohort : DataFrame
        Covariates of the subjects.
    features : DataFrame
        One row per subject, indexed by it; see `subject_table.feature_matrix`.

    Returns
    -------
    DataFrame
        Of kind "duplicate_columns".
    """
    own = cohort.set_index("subject_id")
    covariates = own[[c for c in own.columns if c.startswith("covariate.")]]
    table = covariates.astype(float).join(features.astype(float))
    rows = [
        row
        for part in _known_alike(table)
        for first, later in _copies(_standardized(part))
        for row in [_row(part, first, later)]
    ]
    order = {name: place for place, name in enumerate(table.columns)}
    rows.sort(key=lambda row: order[row["name"]])
    return pd.DataFrame(rows)


def _known_alike(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Columns that are known of the same subjects, without the others' rows."""
    finite = np.isfinite(table.to_numpy(dtype=float))
    patterns: dict[bytes, list[int]] = {}
    for column, known in enumerate(finite.T):
        patterns.setdefault(np.packbits(known).tobytes(), []).append(column)
    for columns in patterns.values():
        known = finite[:, columns[0]]
        if len(columns) > 1 and known.sum() >= _FEWEST:
            part = table.iloc[np.flatnonzero(known), columns]
            yield part.loc[:, varies(part.to_numpy(dtype=float))]


def _standardized(part: pd.DataFrame) -> np.ndarray:
    """Columns of mean 0 and SD 1, the first value that is not 0 positive."""
    values = part.to_numpy(dtype=float)
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    first = np.argmax(np.abs(values) > 0.1, axis=0)
    return np.asarray(values * np.sign(values[first, np.arange(values.shape[1])]))


def _copies(values: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of columns that are equal, the first of all and a later one.

    Columns are put in order of a projection, in which equal ones are neighbours.
    """
    direction = np.random.default_rng(0).normal(size=len(values))
    place = direction @ values / np.linalg.norm(direction) if len(values) else []
    order = np.argsort(place, kind="stable")
    reach = _EQUAL * np.sqrt(len(values))
    taken: set[int] = set()
    for start, column in enumerate(order):
        if int(column) in taken:
            continue
        alike = [int(column)]
        for other in order[start + 1 :]:
            if place[other] - place[column] > reach:
                break
            if np.abs(values[:, other] - values[:, column]).max() <= _EQUAL:
                alike.append(int(other))
        taken.update(alike)
        yield from ((min(alike), later) for later in sorted(alike)[1:])


def _row(part: pd.DataFrame, first: int, later: int) -> dict[str, Any]:
    columns = (part.iloc[:, place].to_numpy(dtype=float) for place in (first, later))
    known, copy = columns
    centred = known - known.mean()
    factor = float(centred @ copy / (centred @ centred))
    equal = bool(np.allclose(known, copy, rtol=1e-9, atol=0))
    return {
        "name": part.columns[later],
        "copy_of": part.columns[first],
        "n": len(part),
        "equal": equal,
        "factor": 1.0 if equal else factor,
    }
