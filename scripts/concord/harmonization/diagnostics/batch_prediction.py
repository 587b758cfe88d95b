"""Batch prediction: AUC of telling a subject's batch from its features.

A linear discriminant with shrunk covariance. Its value without a batch effect is not
0.5 on few rows, above all not after harmonization: it is read beside its own null, see
`permuted_batches`.
"""

from typing import Any

import numpy as np

from ...folds import splits as folding
from ...statistics.constants import varies
from ...statistics.ranks import mean_ranks

#: Share of the pooled covariance that is replaced by its mean variance.
SHRINKAGE = 0.5
#: Folds of the classifier; smaller batches are left out.
FOLDS = 5


def cross_validated(features: Any, batch: Any, seed: int) -> dict[str, Any]:
    """`n` and macro AUC of telling the batch, cross-validated on these rows.

    The AUC of each batch against the others is averaged over folds, then over
    batches. Batches with fewer rows than folds are left out, as AUCs of so few rows
    lie anywhere; NaN if fewer than two batches remain.

    Parameters
    ----------
    features : DataFrame or ndarray of float, shape (n, p)
    batch : Series or ndarray of str, shape (n,)
    seed : int
        Start of the random folds.
    """
    values, labels = np.asarray(features, float), np.asarray(batch, str)
    names = large(labels)
    rows = np.isin(labels, names)
    values, labels = values[rows], labels[rows]
    if len(names) < 2:
        return {"n": len(labels), "auc": np.nan}
    fold = folding.stratified(labels.tolist(), FOLDS, seed)
    found = [
        _aucs(
            values[fold != k], labels[fold != k], values[fold == k], labels[fold == k]
        )
        for k in range(1, FOLDS + 1)
    ]
    return {"n": len(labels), "auc": _mean(_mean_of_columns(np.array(found)))}


def transferred(training: tuple[Any, Any], judged: tuple[Any, Any]) -> dict[str, Any]:
    """`n` and macro AUC of a classifier that learns from other rows.

    Parameters
    ----------
    training, judged : (DataFrame, Series) or of ndarray
        Features and batch of the rows to learn from and of those to judge.
    """
    known_labels, labels = (np.asarray(part[1], str) for part in (training, judged))
    names = large(labels)
    rows, known = np.isin(labels, names), np.isin(known_labels, names)
    n = int(rows.sum())
    if len(set(known_labels[known])) < 2:
        return {"n": n, "auc": np.nan}
    learnt = np.asarray(training[0], float)[known]
    values = np.asarray(judged[0], float)[rows]
    return {
        "n": n,
        "auc": _mean(_aucs(learnt, known_labels[known], values, labels[rows])),
    }


def large(labels: np.ndarray) -> list[str]:
    """Names of the batches that fill all folds, sorted."""
    names, sizes = np.unique(labels, return_counts=True)
    return [str(name) for name in names[sizes >= FOLDS]]


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _mean_of_columns(values: np.ndarray) -> np.ndarray:
    return np.array([_mean(column) for column in values.T])


def _aucs(
    train: np.ndarray, labels: np.ndarray, test: np.ndarray, truth: np.ndarray
) -> np.ndarray:
    """AUC of each batch that is learnt against all others in the rows of `test`."""
    names = np.unique(labels)
    scores = _discriminant(train, labels, test, names)
    ranks = np.array([mean_ranks(column) for column in scores.T]).T
    mine = truth[:, None] == names
    n_mine = mine.sum(axis=0)
    pairs = n_mine * (len(truth) - n_mine)
    wins = np.where(mine, ranks, 0.0).sum(axis=0) - n_mine * (n_mine + 1) / 2
    areas = np.full(len(names), np.nan)
    return np.asarray(np.divide(wins, pairs, out=areas, where=pairs > 0))


def _discriminant(
    train: np.ndarray, labels: np.ndarray, test: np.ndarray, names: np.ndarray
) -> np.ndarray:
    """Linear discriminant scores of test rows, shape (n, batches)."""
    train, test = _scaled(train, test)
    member = labels[:, None] == names
    average = (member / member.sum(axis=0)).T
    solve = _by_features if train.shape[1] <= len(train) else _by_rows
    weighted, own = solve(train, test, average, member.astype(float))
    return np.asarray(weighted - 0.5 * own)


def _by_features(
    train: np.ndarray, test: np.ndarray, average: np.ndarray, member: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Products of the test rows, and of the means, with the weights of each batch."""
    means = average @ train
    residuals = train - member @ means
    covariance = (1 - SHRINKAGE) * residuals.T @ residuals / len(train)
    variance = np.trace(covariance) / max(len(covariance), 1)
    covariance[np.diag_indices_from(covariance)] += _ridge(variance)
    weights = np.linalg.solve(covariance, means.T)
    return test @ weights, (means.T * weights).sum(axis=0)


def _by_rows(
    train: np.ndarray, test: np.ndarray, average: np.ndarray, member: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same by products of rows, for more features than rows.

    With R the residuals, (a R'R + b I)^-1 = (I - R' (b/a I + RR')^-1 R) / b, so that
    all features appear in products of rows alone.
    """
    centring = np.eye(len(train)) - member @ average
    inner, outer = train @ train.T, test @ train.T
    residual = centring @ inner @ centring.T
    share = (1 - SHRINKAGE) / len(train)
    ridge = _ridge(share * np.trace(residual) / train.shape[1])
    residual[np.diag_indices_from(residual)] += ridge / share
    solved = np.linalg.solve(residual, centring @ inner @ average.T)
    weighted = outer @ average.T - outer @ centring.T @ solved
    own = average @ inner @ average.T - average @ inner @ centring.T @ solved
    return weighted / ridge, np.diag(own) / ridge


def _ridge(variance: float) -> float:
    """Addition to the shrunk covariance: a share of the mean variance."""
    return SHRINKAGE * max(float(variance) / (1 - SHRINKAGE), 1e-12)


def _scaled(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both without gaps and constant columns, in SD of the rows to learn from."""
    known = np.isfinite(train).any(axis=0)
    train, test = train[:, known], test[:, known]
    if not (np.isfinite(train).all() and np.isfinite(test).all()):
        middle = np.nanmedian(train, axis=0)
        train = np.where(np.isfinite(train), train, middle)
        test = np.where(np.isfinite(test), test, middle)
    vary = varies(train)
    train, test = train[:, vary], test[:, vary]
    centre, spread = train.mean(axis=0), train.std(axis=0)
    return (train - centre) / spread, (test - centre) / spread
