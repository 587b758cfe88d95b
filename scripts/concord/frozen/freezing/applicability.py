"""Development subjects as far as another one is compared with them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...folds.subject_table import COVARIATE, NOT_FEATURES
from ...models.fitted_model import Estimates
from ...models.pipeline import HARMONIZE
from ...statistics.mahalanobis import leave_one_out, limit
from ..development import ColumnSummary
from .harmonizer_restrictions import batches_of

#: Subjects that mean and covariance need beyond the number of columns, so that the
#: distance of a new subject and that of one who was left out have one distribution.
MORE_SUBJECTS = 20


class Distances(NamedTuple):
    """Mean and covariance of development, and the distance that few exceed."""

    columns: list[str]
    mean: list[float]
    covariance: list[list[float]]
    limit: float | None
    n: int
    reason: str  # why there is no limit; empty if there is one


def numeric(columns: Iterable[str]) -> list[str]:
    """Columns that are numbers: features, and covariates without levels."""
    return [
        name
        for name in columns
        if not name.startswith(NOT_FEATURES)
        or (name.startswith(COVARIATE) and "=" not in name)
    ]


def compared(predictors: pd.DataFrame) -> dict[str, Any]:
    """Fields of `Applicability` that compare the numbers of a subject."""
    apart = distances(predictors)
    return {
        "ranges": ranges(predictors),
        "columns": apart.columns,
        "mean": apart.mean,
        "covariance": apart.covariance,
        "distance_limit": apart.limit,
        "distance_reason": apart.reason,
        "n": apart.n,
    }


def ranges(predictors: pd.DataFrame) -> dict[str, ColumnSummary]:
    """Distribution of each column, as measured; none of one without values."""
    found = {}
    for name, column in predictors.items():
        values = column.to_numpy(dtype=float, na_value=np.nan)
        values = values[np.isfinite(values)]
        if len(values):
            found[str(name)] = ColumnSummary(
                n=len(values),
                lowest=float(values.min()),
                highest=float(values.max()),
                mean=float(values.mean()),
                sd=float(values.std(ddof=1)) if len(values) > 1 else 0.0,
            )
    return found


def distances(predictors: pd.DataFrame) -> Distances:
    """Mean and covariance of the subjects without a gap, and the limit of distances.

    Columns that are the same for all of them say nothing of a distance and are left
    out.
    """
    values = predictors.to_numpy(dtype=float, na_value=np.nan)
    complete = values[np.isfinite(values).all(axis=1)]
    varying = np.ptp(complete, axis=0) > 0 if len(complete) else np.zeros(0, bool)
    names = [str(n) for n, keep in zip(predictors, varying, strict=False) if keep]
    complete = complete[:, varying] if len(complete) else complete
    n, p = len(complete), len(names)
    if not p or n < p + MORE_SUBJECTS:
        why = (
            f"{n} subjects without a gap and {p} columns; needed are {MORE_SUBJECTS} "
            "subjects more than columns"
        )
        return Distances([], [], [], None, n, why if p else "no number moves the score")
    mean, covariance = complete.mean(axis=0), np.cov(complete, rowvar=False, ddof=1)
    covariance = covariance.reshape(p, p)
    apart = leave_one_out(complete)
    if apart is None:
        return Distances([], [], [], None, n, "columns that determine each other")
    return Distances(names, mean.tolist(), covariance.tolist(), limit(apart), n, "")


def known_batches(estimates: Estimates) -> dict[str, list[str]]:
    """Known values of each batch variable that is harmonized, by its column."""
    found: dict[str, set[str]] = {}
    for one in _single(estimates):
        for name in one.pipeline["order"]:
            if name.startswith(HARMONIZE):
                for column, labels in batches_of(one.pipeline[name]).items():
                    found.setdefault(column, set()).update(labels)
    return {column: sorted(labels) for column, labels in sorted(found.items())}


def harmonized_features(estimates: Estimates) -> list[str]:
    """Columns of the features of all images that are harmonized by batches."""
    images = {column.split(".")[1] for column in known_batches(estimates)}
    names = [n for n in estimates.columns if not n.startswith(NOT_FEATURES)]
    return [name for name in names if name.split(".")[0] in images]


def _single(estimates: Estimates) -> list[Estimates]:
    """Estimates of an arm, or of all members of a fused one."""
    if estimates.fusion is None:
        return [estimates]
    return [one.estimates for one in estimates.fusion.members.values()]
