"""What batches do to features, before and after harmonization of held-out rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from scipy.stats import rankdata
from sklearn.pipeline import Pipeline

from .. import cohort as cohorts
from ..evaluation.discrimination import concordance
from ..models import folds as folding
from ..models.design import feature_matrix, modalities
from ..models.pipeline import harmonization

RAW, HARMONIZED = "raw", "harmonized"
SCHEME = "cv-1"
#: Share of the pooled covariance that is replaced by its mean variance.
SHRINKAGE = 0.5
_CLASSIFIER_FOLDS = 5


def site_effect(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    folds: pd.DataFrame,
    settings: Mapping[str, Any],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of kind "site_effect" and "site_predictability".

    The folds of the first repeat are split in two halves. ComBat is fitted on one
    half and judged on the other, in turn, and the two results are averaged. Rows
    that were harmonized by different folds are never put together: the estimates
    of one fold hold what the others lack, so that batches look more alike than
    chance allows, whatever is left of them. Both stages use the same rows; those
    whose batch could not be estimated are left out, which lowers `n`.
    """
    session, reader = settings["baseline_session"], settings["reference_reader"]
    matrix = feature_matrix(measurements, session, reader).dropna(axis=1, how="all")
    options = settings["harmonization"]
    halves = _halves(folding.select(folds, SCHEME))
    effects, predictability = [], []
    for modality in sorted(
        set(modalities(list(matrix.columns))) & set(options["batch"])
    ):
        names = [n for n in matrix.columns if n.startswith(f"{modality}.")]
        rows = _rows(cohort, matrix[names], modality, options)
        judged = [_judged(rows, names, modality, half, options) for half in halves]
        for number, stage in enumerate((RAW, HARMONIZED)):
            parts = [both[number] for both in judged]
            effects += [{"stage": stage, **row} for row in _effects(parts, names)]
            found = _predictability(parts, names, settings["seed"])
            predictability.append({"modality": modality, "stage": stage, **found})
    return pd.DataFrame(effects), pd.DataFrame(predictability)


def harmonized_held_out(
    known: pd.DataFrame,
    held_out: pd.DataFrame,
    names: Sequence[str],
    modality: str,
    options: Mapping[str, Any],
) -> pd.DataFrame:
    """Rows harmonized by what other rows teach, without those of unknown batches."""
    least = max(options["min_batch_size"], 1 if options["mean_only"] else 2)
    column = f"batch.{modality}"
    sizes = known[column].value_counts()
    large = sizes.index[sizes >= least]
    known = known[known[column].isin(large)]
    held_out = held_out[held_out[column].isin(large)]
    if known.empty or held_out.empty:
        return held_out.iloc[:0]
    keep = [name for name in known.columns if name.startswith("covariate.")]
    chain = Pipeline(harmonization(names, keep, options))
    return chain.fit(known).transform(held_out)


def _halves(chosen: pd.DataFrame) -> list[tuple[list[str], list[str]]]:
    """(subjects to learn from, subjects to judge), both ways round."""
    held_out = [evaluation for _, _, evaluation in folding.splits(chosen)]
    first, second = (
        sorted(subject for fold in held_out[start::2] for subject in fold)
        for start in (0, 1)
    )
    return [(first, second), (second, first)]


def _judged(
    rows: pd.DataFrame,
    names: Sequence[str],
    modality: str,
    half: tuple[list[str], list[str]],
    options: Mapping[str, Any],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The judged rows raw and harmonized, their batch in column `batch`."""
    known, held_out = (rows[rows.index.isin(subjects)] for subjects in half)
    harmonized = harmonized_held_out(known, held_out, names, modality, options)
    raw = held_out.loc[harmonized.index]
    renamed = {f"batch.{modality}": "batch"}
    return raw.rename(columns=renamed), harmonized.rename(columns=renamed)


def _effects(parts: Sequence[pd.DataFrame], names: Sequence[str]) -> list[dict]:
    """Batch effect of each feature, averaged over the halves.

    The p value is Bonferroni's over the halves, which holds although the halves
    depend on each other.
    """
    rows = []
    for name in names:
        found = pd.DataFrame(
            [batch_effect(part[name], part["batch"]) for part in parts]
        )
        p_value = found["p_value"].min() * found["p_value"].notna().sum()
        rows.append(
            {
                "name": name,
                "n": int(found["n"].sum()),
                "eta_squared": found["eta_squared"].mean(),
                "chance": found["chance"].mean(),
                "p_value": min(p_value, 1.0) if np.isfinite(p_value) else np.nan,
            }
        )
    return rows


def _predictability(
    parts: Sequence[pd.DataFrame], names: Sequence[str], seed: int
) -> dict[str, Any]:
    found = pd.DataFrame(
        [batch_predictability(part[list(names)], part["batch"], seed) for part in parts]
    )
    n, n_features = int(found["n"].sum()), len(names)
    return {"n": n, "n_features": n_features, "auc": found["auc"].mean()}


def batch_effect(values: pd.Series, batch: pd.Series) -> dict[str, Any]:
    """`n`, eta squared, its chance value and the Kruskal-Wallis p [1]_ of a feature.

    Of unrelated batches, eta squared is (batches - 1) / (rows - 1) on average.

    NaN for a constant feature, fewer than two batches, or no values.

    References
    ----------
    .. [1] Kruskal, W. H. and Wallis, W. A. (1952). JASA, 47, 583-621.
           https://doi.org/10.1080/01621459.1952.10483441
    """
    known = values.notna()
    numbers, labels = values[known].to_numpy(), batch[known].to_numpy()
    n, n_batches = len(numbers), len(set(labels))
    if n_batches < 2 or np.ptp(numbers) == 0:
        return {"n": n, "eta_squared": np.nan, "chance": np.nan, "p_value": np.nan}
    # On ranks, (n - 1) eta squared is the tie-corrected Kruskal-Wallis statistic.
    statistic = (n - 1) * _eta_squared(rankdata(numbers), labels)
    return {
        "n": n,
        "eta_squared": _eta_squared(numbers, labels),
        "chance": (n_batches - 1) / (n - 1),
        "p_value": float(chdtrc(n_batches - 1, statistic)),
    }


def batch_predictability(
    features: pd.DataFrame, batch: pd.Series, seed: int
) -> dict[str, Any]:
    """`n` and macro AUC of telling the batch from the features.

    A linear discriminant with shrunk covariance is cross-validated on these
    rows; the AUC of each batch against the others is averaged over folds, then
    over batches. 0.5 means that nothing of the batch is left. Batches with fewer
    rows than folds are left out, as AUCs of so few rows lie anywhere; NaN if
    fewer than two batches remain.
    """
    sizes = batch.value_counts()
    rows = batch.isin(sizes.index[sizes >= _CLASSIFIER_FOLDS])
    values, labels = features[rows].to_numpy(dtype=float), batch[rows].to_numpy()
    names = sorted(set(labels.tolist()))
    if len(names) < 2:
        return {"n": len(labels), "auc": np.nan}
    fold = folding.stratified(labels.tolist(), _CLASSIFIER_FOLDS, seed)
    found = np.full((_CLASSIFIER_FOLDS, len(names)), np.nan)
    for number in range(_CLASSIFIER_FOLDS):
        test = fold == number + 1
        scores = _discriminant(values[~test], labels[~test], values[test], names)
        for k, name in enumerate(names):
            found[number, k] = concordance(labels[test] == name, scores[:, k]).value
    usable = np.isfinite(found).any(axis=0)
    by_batch = np.nanmean(found[:, usable], axis=0) if usable.any() else [np.nan]
    return {"n": len(labels), "auc": float(np.mean(by_batch))}


def _discriminant(
    train: np.ndarray, labels: np.ndarray, test: np.ndarray, names: Sequence[str]
) -> np.ndarray:
    """Linear discriminant scores of test rows, shape (n, batches)."""
    known = np.isfinite(train).any(axis=0)
    train, test = train[:, known], test[:, known]
    middle = np.nanmedian(train, axis=0)
    train = np.where(np.isfinite(train), train, middle)
    test = np.where(np.isfinite(test), test, middle)
    spread = train.std(axis=0)
    varies = spread > 0
    train, test = (
        (part[:, varies] - train[:, varies].mean(axis=0)) / spread[varies]
        for part in (train, test)
    )
    present = [name for name in names if (labels == name).any()]
    means = np.array([train[labels == name].mean(axis=0) for name in present])
    residuals = train - means[np.searchsorted(present, labels)]
    covariance = residuals.T @ residuals / len(train)
    shrunk = (1 - SHRINKAGE) * covariance
    shrunk[np.diag_indices_from(shrunk)] += SHRINKAGE * max(
        float(np.trace(covariance)) / len(covariance), 1e-12
    )
    weights = np.linalg.solve(shrunk, means.T)
    scores = np.full((len(test), len(names)), np.nan)
    columns = [names.index(name) for name in present]
    scores[:, columns] = test @ weights - 0.5 * (means.T * weights).sum(axis=0)
    return scores


def _eta_squared(values: np.ndarray, labels: np.ndarray) -> float:
    """Share of the variance between batches, in [0, 1]."""
    centred = values - values.mean()
    between = sum(
        (labels == name).sum() * centred[labels == name].mean() ** 2
        for name in sorted(set(labels))
    )
    return float(min(between / (centred**2).sum(), 1.0))


def _rows(
    cohort: pd.DataFrame,
    features: pd.DataFrame,
    modality: str,
    options: Mapping[str, Any],
) -> pd.DataFrame:
    """Features, batch and kept covariates of subjects with any feature."""
    columns = cohorts.covariate_columns(cohort, options["keep"])
    facts = cohort.set_index("subject_id")[[f"batch.{modality}", *columns]]
    filled = features[features.notna().any(axis=1)]
    return filled.join(facts, how="inner").sort_index()
