"""Batch prediction: AUC of telling a subject's batch from its features."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...folds import splits as folding
from ...statistics.constants import varies
from ...statistics.discrimination import concordance

#: Share of the pooled covariance that is replaced by its mean variance.
SHRINKAGE = 0.5
#: Folds of the classifier; smaller batches are left out.
FOLDS = 5


def cross_validated(
    features: pd.DataFrame, batch: pd.Series, seed: int
) -> dict[str, Any]:
    """`n` and macro AUC of telling the batch, cross-validated on these rows.

    A linear discriminant with shrunk covariance is used; the AUC of each batch
    against the others is averaged over folds, then over batches. 0.5 means that
    nothing of the batch is left. Batches with fewer rows than folds are left out,
    as AUCs of so few rows lie anywhere; NaN if fewer than two batches remain.
    """
    rows, names = _large(batch)
    values, labels = features[rows].to_numpy(dtype=float), batch[rows].to_numpy()
    if len(names) < 2:
        return {"n": len(labels), "auc": np.nan}
    fold = folding.stratified(labels.tolist(), FOLDS, seed)
    found = [
        _aucs(
            values[fold != k], labels[fold != k], values[fold == k], labels[fold == k]
        )
        for k in range(1, FOLDS + 1)
    ]
    by_batch = pd.DataFrame(found, columns=names).mean()
    return {"n": len(labels), "auc": float(by_batch.mean())}


def transferred(
    training: tuple[pd.DataFrame, pd.Series], judged: tuple[pd.DataFrame, pd.Series]
) -> dict[str, Any]:
    """`n` and macro AUC of a classifier that learns from other rows.

    Parameters
    ----------
    training, judged : (DataFrame, Series)
        Features and batch of the rows to learn from and of those to judge.
    """
    rows, names = _large(judged[1])
    known = training[1].isin(names)
    names = sorted(set(training[1][known]) & set(names))
    if len(names) < 2:
        return {"n": int(rows.sum()), "auc": np.nan}
    found = _aucs(
        training[0][known].to_numpy(dtype=float),
        training[1][known].to_numpy(),
        judged[0][rows].to_numpy(dtype=float),
        judged[1][rows].to_numpy(),
    )
    return {"n": int(rows.sum()), "auc": float(pd.Series(found).mean())}


def _large(batch: pd.Series) -> tuple[pd.Series, list[str]]:
    """Rows of batches that fill all folds, and the names of these batches."""
    sizes = batch.value_counts()
    names = sorted(map(str, sizes.index[sizes >= FOLDS]))
    return batch.isin(names), names


def _aucs(
    train: np.ndarray, labels: np.ndarray, test: np.ndarray, truth: np.ndarray
) -> dict[str, float]:
    """AUC of each batch against all others in the rows of `test`."""
    names = sorted(set(labels.tolist()))
    scores = _discriminant(train, labels, test, names)
    return {
        name: concordance(truth == name, scores[:, k]).value
        for k, name in enumerate(names)
    }


def _discriminant(
    train: np.ndarray, labels: np.ndarray, test: np.ndarray, names: Sequence[str]
) -> np.ndarray:
    """Linear discriminant scores of test rows, shape (n, batches)."""
    train, test = _scaled(train, test)
    means = np.array([train[labels == name].mean(axis=0) for name in names])
    residuals = train - means[np.searchsorted(list(names), labels)]
    covariance = residuals.T @ residuals / len(train)
    shrunk = (1 - SHRINKAGE) * covariance
    shrunk[np.diag_indices_from(shrunk)] += SHRINKAGE * max(
        float(np.trace(covariance)) / max(len(covariance), 1), 1e-12
    )
    weights = np.linalg.solve(shrunk, means.T)
    return np.asarray(test @ weights - 0.5 * (means.T * weights).sum(axis=0))


def _scaled(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both without gaps and constant columns, in SD of the rows to learn from."""
    known = np.isfinite(train).any(axis=0)
    train, test = train[:, known], test[:, known]
    middle = np.nanmedian(train, axis=0)
    train = np.where(np.isfinite(train), train, middle)
    test = np.where(np.isfinite(test), test, middle)
    centre, spread = train.mean(axis=0), train.std(axis=0)
    vary = varies(train)
    first, second = (
        (part[:, vary] - centre[vary]) / spread[vary] for part in (train, test)
    )
    return first, second
