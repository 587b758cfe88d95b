"""ComBat: learn batch effects from development rows, remove them from any row."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ..errors import ConfigError, FitError
from . import empirical_bayes, location_scale
from .empirical_bayes import BatchEffect
from .location_scale import LocationScale, Moments


class ComBat(TransformerMixin, BaseEstimator):
    """Remove location and scale effects of batches from features [1]_ [2]_.

    Only the rows given to `fit` are learnt from, and each row given to
    `transform` is treated by itself, so that predictions for new patients use
    nothing but the development set.

    Parameters
    ----------
    batch : str
        Column of X with the batch (site, scanner, kernel) of each row.
    keep : sequence of str, default=()
        Numeric columns of X whose effect must be preserved. Never an outcome.
        Missing values take the median of the rows given to `fit`.
    columns : sequence of str or None, default=None
        Features; None takes all float columns but `batch` and `keep`.
    unseen : {"refuse", "passthrough"}, default="refuse"
        What `transform` does with rows of a batch that has no estimates.
    min_batch_size : int, default=2
        Batches with fewer rows in `fit` are treated as unseen. Two is the
        least, one with `mean_only`.
    empirical_bayes : bool, default=True
        Shrink the effects of all features of a batch towards each other. With
        fewer than three features it is not done.
    mean_only : bool, default=False
        Remove shifts and leave the variances.
    stop_rule : {"absolute", "sva"}, default="absolute"
        "sva" ends the iteration where the R package does, for comparisons.

    Attributes
    ----------
    batches_ : tuple of str
        Batches with estimates, sorted.
    shift_, variance_ : ndarray of float, shape (batches, features)
        Effect of each batch in units of the residual SD; NaN if unknown.
    constant_ : tuple of str
        Features with one value in all rows; they pass through.

    References
    ----------
    .. [1] Johnson, W. E., Li, C. and Rabinovic, A. (2007). Biostatistics, 8,
           118-127. https://doi.org/10.1093/biostatistics/kxj037
    .. [2] Fortin, J.-P., et al. (2018). "Harmonization of cortical thickness
           measurements across scanners and sites". NeuroImage, 167, 104-120.
           https://doi.org/10.1016/j.neuroimage.2017.11.024
    """

    def __init__(
        self,
        batch: str,
        *,
        keep: Sequence[str] = (),
        columns: Sequence[str] | None = None,
        unseen: str = "refuse",
        min_batch_size: int = 2,
        empirical_bayes: bool = True,
        mean_only: bool = False,
        stop_rule: str = "absolute",
    ) -> None:
        self.batch = batch
        self.keep = keep
        self.columns = columns
        self.unseen = unseen
        self.min_batch_size = min_batch_size
        self.empirical_bayes = empirical_bayes
        self.mean_only = mean_only
        self.stop_rule = stop_rule

    def fit(self, X: pd.DataFrame, y: Any = None) -> "ComBat":
        """Learn the effects of the batches; FitError if they cannot be told."""
        self._check_options()
        self.columns_ = self._feature_columns(X)
        values, labels = _numbers(X, self.columns_), _labels(X, self.batch)
        filled = np.isfinite(values).any(axis=1)
        self.batch_sizes_ = _sizes(labels[filled])
        self.batches_ = self._large_batches()
        rows = filled & np.isin(labels, self.batches_)
        self._learn_covariates(_numbers(X, self.keep)[rows])
        self._learn(
            values[rows],
            np.searchsorted(self.batches_, labels[rows]),
            self._covariates(X)[rows],
        )
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """X with harmonized features; NaN stays NaN, other columns as they are."""
        values, labels = _numbers(X, self.columns_), _labels(X, self.batch)
        known = np.isin(labels, self.batches_)
        self._refuse(labels[~known & np.isfinite(values).any(axis=1)])
        batch = np.searchsorted(self.batches_, labels[known])
        expected = location_scale.standard(self.model_, self._covariates(X)[known])
        standardized = (values[known] - expected) / self.model_.sd
        scale = np.sqrt(self.variance_[batch])
        adjusted = (standardized - self.shift_[batch]) / scale
        adjusted = adjusted * self.model_.sd + expected
        result = values.copy()
        result[known] = np.where(self.model_.constant, values[known], adjusted)
        harmonized = pd.DataFrame(result, index=X.index, columns=self.columns_)
        others = X.drop(columns=self.columns_)
        return pd.concat([harmonized, others], axis=1)[list(X.columns)]

    def estimates(self) -> dict[str, Any]:
        """Everything that `fit` learnt, as values that JSON can hold."""
        model = self.model_
        return {
            "features": list(self.columns_),
            "batches": list(self.batches_),
            "batch_sizes": self.batch_sizes_,
            "constant": list(self.constant_),
            "location_only": _named(self.columns_, model.location_only),
            "keep": list(self.keep),
            "keep_median": _listed(self.keep_median_),
            "keep_mean": _listed(self.keep_mean_),
            "keep_sd": _listed(self.keep_sd_),
            "grand_mean": _listed(model.grand_mean),
            "effects": _listed(model.effects),
            "sd": _listed(model.sd),
            "shift": _listed(self.shift_),
            "variance": _listed(self.variance_),
            "priors": [
                None if prior is None else {k: _listed(v) for k, v in prior.items()}
                for prior in self.priors_
            ],
            "converged": list(self.converged_),
        }

    def _check_options(self) -> None:
        allowed = {
            "unseen": ("refuse", "passthrough"),
            "stop_rule": ("absolute", "sva"),
        }
        for name, values in allowed.items():
            if getattr(self, name) not in values:
                raise ConfigError(
                    f"harmonization.{name} is {getattr(self, name)!r}, expected one "
                    f"of {list(values)}."
                )

    def _feature_columns(self, X: pd.DataFrame) -> list[str]:
        if self.columns is not None:
            return list(self.columns)
        others = {self.batch, *self.keep}
        return [
            name
            for name in X.columns
            if name not in others and pd.api.types.is_float_dtype(X[name])
        ]

    def _large_batches(self) -> tuple[str, ...]:
        least = max(self.min_batch_size, 1 if self.mean_only else 2)
        large = tuple(n for n, size in self.batch_sizes_.items() if size >= least)
        if not large:
            raise FitError(
                f"{self.batch}: no batch has {least} development rows with features, "
                f"found {self.batch_sizes_}. Lower harmonization.min_batch_size or "
                "choose a coarser batch."
            )
        return large

    def _learn_covariates(self, covariates: np.ndarray) -> None:
        empty = ~np.isfinite(covariates).any(axis=0)
        if empty.any():
            raise FitError(
                f"the kept covariate {self.keep[int(np.argmax(empty))]!r} has no value "
                "in the development rows. Take it out of harmonization.keep."
            )
        median = np.nanmedian(covariates, axis=0) if len(self.keep) else np.zeros(0)
        filled = np.where(np.isfinite(covariates), covariates, median)
        self.keep_median_ = median
        self.keep_mean_ = filled.mean(axis=0)
        spread = filled.max(axis=0) - filled.min(axis=0)
        self.keep_sd_ = np.where(spread > 0, filled.std(axis=0), np.inf)

    def _covariates(self, X: pd.DataFrame) -> np.ndarray:
        """Kept covariates, standardized; one without spread has no effect."""
        values = _numbers(X, self.keep)
        filled = np.where(np.isfinite(values), values, self.keep_median_)
        return (filled - self.keep_mean_) / self.keep_sd_

    def _learn(
        self, values: np.ndarray, batches: np.ndarray, covariates: np.ndarray
    ) -> None:
        location_scale.require_estimable(batches, covariates, self.keep, self.batch)
        self.model_ = location_scale.fit(values, batches, covariates)
        expected = location_scale.standard(self.model_, covariates)
        standardized = (values - expected) / self.model_.sd
        moments = location_scale.moments(standardized, batches)
        effects = [
            self._effect(moments, number, name)
            for number, name in enumerate(self.batches_)
        ]
        self.shift_ = np.array([effect.shift for effect in effects])
        self.variance_ = np.array([effect.variance for effect in effects])
        self.priors_: list[Any] = [e.prior and asdict(e.prior) for e in effects]
        self.converged_ = [effect.converged for effect in effects]
        self.constant_ = tuple(_named(self.columns_, self.model_.constant))

    def _effect(self, moments: Moments, number: int, name: str) -> BatchEffect:
        """Effect of one batch; a lone batch has none."""
        count, mean = moments.count[number], moments.mean[number]
        squares = moments.square_sum[number]
        if len(self.batches_) == 1:
            return BatchEffect(np.zeros_like(mean), np.ones_like(mean), None, True)
        effect = empirical_bayes.unshrunk(count, mean, squares, self.mean_only)
        pooled = _shares_a_prior(self.model_)
        if not self.empirical_bayes or pooled.sum() < empirical_bayes.MIN_FEATURES:
            return _without_scale(effect, self.model_)
        try:
            shrunk = self._shrunk(count[pooled], mean[pooled], squares[pooled])
        except FitError as error:
            raise FitError(f"{self.batch}, batch {name!r}: {error}") from error
        shift, variance = effect.shift.copy(), effect.variance.copy()
        shift[pooled], variance[pooled] = shrunk.shift, shrunk.variance
        whole = BatchEffect(shift, variance, shrunk.prior, shrunk.converged)
        return _without_scale(whole, self.model_)

    def _shrunk(
        self, count: np.ndarray, mean: np.ndarray, squares: np.ndarray
    ) -> BatchEffect:
        if self.mean_only:
            return empirical_bayes.shrunk_mean(count, mean)
        return empirical_bayes.shrunk(count, mean, squares, self.stop_rule)

    def _refuse(self, labels: np.ndarray) -> None:
        if self.unseen == "passthrough" or not len(labels):
            return
        names = sorted(set(labels.tolist()))
        raise FitError(
            f"{self.batch}: {len(labels)} rows belong to batches without estimates, "
            f"{names}; the development rows estimate {list(self.batches_)} "
            f"(min_batch_size {self.min_batch_size}). Choose unseen: passthrough, a "
            "coarser batch, or leave these rows out."
        )


def _shares_a_prior(model: LocationScale) -> np.ndarray:
    return ~model.constant & ~model.location_only & np.isfinite(model.sd)


def _without_scale(effect: BatchEffect, model: LocationScale) -> BatchEffect:
    """Features without spread inside batches are shifted, never rescaled."""
    flat = model.constant | model.location_only
    variance = np.where(flat, 1.0, effect.variance)
    return BatchEffect(effect.shift, variance, effect.prior, effect.converged)


def _numbers(X: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    missing = [name for name in columns if name not in X.columns]
    if missing:
        raise FitError(
            f"harmonization needs the columns {missing[:5]}, which the rows lack."
        )
    return np.ascontiguousarray(X[list(columns)].to_numpy(dtype=float))


def _labels(X: pd.DataFrame, batch: str) -> np.ndarray:
    if batch not in X.columns:
        raise FitError(f"harmonization needs the batch column {batch!r}.")
    return X[batch].astype(str).to_numpy(dtype=object).astype(str)


def _sizes(labels: np.ndarray) -> dict[str, int]:
    names, counts = np.unique(labels, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def _named(columns: Sequence[str], chosen: np.ndarray) -> list[str]:
    return [name for name, flag in zip(columns, chosen, strict=True) if flag]


def _listed(values: Any) -> Any:
    """Nested lists with None for everything that is not finite."""
    array = np.asarray(values, dtype=float)
    listed = array.astype(object)
    listed[~np.isfinite(array)] = None
    return listed.tolist()
