"""ComBat: learn batch effects from development rows, remove them from any row."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from ...batch_labels import matched
from ...errors import FitError
from . import base, covariates, effects, location_scale
from .base import ADAPT, MISSING, PASSTHROUGH, REFUSE, Harmonizer, from_json, to_json
from .collinearity import require_estimable
from .effects import Shrinkage
from .empirical_bayes import BatchEffect, Prior
from .layout import Layout
from .location_scale import LocationScale, Moments


class ComBat(Harmonizer):
    """Remove location and scale effects of batches from features [1]_ [2]_.

    Only the rows given to `fit` are learnt from, and each row given to
    `transform` is treated by itself, so that predictions for new patients use
    nothing but the development set.

    A feature that is constant within some but not all batches is harmonized; its
    variance of zero there is shrunk like any other. The R package sva leaves such
    a feature out, and neuroCombat takes the zero for one.

    Parameters
    ----------
    batch : str
        Column of X with the batch (site, scanner, kernel) of each row. A row
        without a label belongs to no batch: `fit` does not learn from it, and
        `transform` treats it as unseen.
    keep : sequence of str, default=()
        Columns of X whose effect must be preserved: numbers, or categories, of
        which `transform` knows the levels of the development rows. Never an
        outcome. Missing values take the development median or commonest level.
    smooth : sequence of str, default=()
        Those of `keep` whose effect is a curve: natural cubic spline columns,
        not penalized, with knots from the development rows.
    spline_knots : int, default=4
        Knots of a curve.
    columns : sequence of str or None, default=None
        Features; None takes all float columns but `batch` and `keep`.
    unseen : {"refuse", "passthrough", "adapt"}, default="refuse"
        What `transform` does with rows of a batch that has no estimates. With
        "adapt" they are refused until `adapt` has learnt their batch, and small
        batches of the development rows are adapted to by `fit`.
    reference : str or None, default=None
        Batch that all others are moved to, and that stays as it is.
    min_batch_size : int, default=2
        Batches with fewer rows in `fit` are treated as unseen. Two is the
        least, one with `mean_only`.
    empirical_bayes : bool, default=True
        Shrink the effects of all features of a batch towards each other. With
        fewer than three features it is not done.
    mean_only : bool or "sva", default=False
        Remove shifts and leave the variances. "sva" shrinks them as if each
        batch had one row, for comparisons with the R package.
    stop_rule : {"absolute", "sva"}, default="absolute"
        "sva" ends the iteration where the R package does, for comparisons.

    Attributes
    ----------
    batches_ : tuple of str
        Batches with estimates: sorted, then those adapted to.
    adapted_ : tuple of str
        Batches whose estimates rest on the prior of the others.
    batch_sizes_ : dict of str to int
        Rows of each label in `fit`; the empty label stands for none.
    shift_, variance_ : ndarray of float, shape (batches, features)
        Effect of each batch in units of the residual SD; NaN if unknown.
    constant_ : tuple of str
        Features with one value in all rows, but for rounding; they pass through.
    not_estimated_ : tuple of str
        Features without values, or whose missing cells leave too few rows to
        tell a covariate from the batches; they become NaN.

    References
    ----------
    .. [1] Johnson, W. E., Li, C. and Rabinovic, A. (2007). Biostatistics, 8,
           118-127. https://doi.org/10.1093/biostatistics/kxj037
    .. [2] Fortin, J.-P., et al. (2018). "Harmonization of cortical thickness
           measurements across scanners and sites". NeuroImage, 167, 104-120.
           https://doi.org/10.1016/j.neuroimage.2017.11.024
    """

    kind = "combat"
    #: Whether batches that `adapt` learns are shrunk towards a prior.
    shrinks_new_batches: ClassVar[bool] = True

    def __init__(
        self,
        batch: str,
        *,
        keep: Sequence[str] = (),
        smooth: Sequence[str] = (),
        spline_knots: int = 4,
        columns: Sequence[str] | None = None,
        unseen: str = "refuse",
        reference: str | None = None,
        min_batch_size: int = 2,
        empirical_bayes: bool = True,
        mean_only: bool | str = False,
        stop_rule: str = "absolute",
    ) -> None:
        self.batch = batch
        self.keep = keep
        self.smooth = smooth
        self.spline_knots = spline_knots
        self.columns = columns
        self.unseen = unseen
        self.reference = reference
        self.min_batch_size = min_batch_size
        self.empirical_bayes = empirical_bayes
        self.mean_only = mean_only
        self.stop_rule = stop_rule

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the effects of the batches; FitError if they cannot be told."""
        base.require_choice("unseen", self.unseen, (REFUSE, PASSTHROUGH, ADAPT))
        base.require_choice("stop_rule", self.stop_rule, ("absolute", "sva"))
        base.require_choice("mean_only", self.mean_only, (False, True, "sva"))
        base.require_columns(X, [self.batch, *self.keep])
        self._remember(X, [self.batch, *self.keep])
        values, labels = base.numbers(X, self.columns_), base.labels(X, self.batch)
        filled = base.filled(values)
        self.batch_sizes_ = _sizes(labels[filled])
        self.batches_, self.adapted_ = self._large_batches(), ()
        chosen = filled & np.isin(labels, self.batches_)
        self.coding_ = covariates.fit_coding(
            X[[*self.keep]][chosen], self.keep, self.smooth, self.spline_knots
        )
        self._estimate(values, *self._arranged(X, labels, chosen))
        small = filled & ~chosen & (labels != MISSING)
        if self.unseen == ADAPT and small.any():
            self._estimate_more(X[small])
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """X with harmonized features; NaN stays NaN, other columns as they are."""
        values, labels = (
            base.numbers(X, self.columns_),
            base.labels(X, self.batch, self.batches_),
        )
        known = np.isin(labels, self.batches_)
        unseen = labels[~known & base.filled(values)]
        base.check_unseen(self.batch, unseen, self.batches_, self.unseen)
        effects_ = (self.shift_, self.variance_)
        rows = self._arranged(X, labels, known)
        harmonized = location_scale.remove(self.model_, *effects_, values, *rows)
        return base.replaced(X, self.columns_, harmonized)

    def unseen_rows(self, X: pd.DataFrame) -> np.ndarray:
        """Rows (n,) with features whose batch has no estimates, as bool."""
        known = np.isin(base.labels(X, self.batch, self.batches_), self.batches_)
        return base.filled(base.numbers(X, self.columns_)) & ~known

    def adapt(self, X: pd.DataFrame) -> Self:
        """A copy that also knows the unseen batches of these rows.

        Their effects are shrunk towards a prior pooled over the batches of the
        development rows; outcomes are not used. With fewer than two such priors
        (few batches, or `empirical_bayes` off) it is the prior of the features
        of the new batch itself. Batches that have estimates keep them, and rows
        without a label are ignored. Rows that were adapted to must not be
        scored.
        """
        adapted = self._copied()
        unseen = self.unseen_rows(X) & (
            base.labels(X, self.batch, self.batches_) != MISSING
        )
        if unseen.any():
            adapted._estimate_more(X[unseen])
        return adapted

    def fitted_values(self) -> dict[str, Any]:
        """Everything that `fit` and `adapt` learnt, as values that JSON can hold."""
        model = self.model_
        return {
            "columns": list(self.feature_names_in_),
            "features": list(self.columns_),
            "batches": list(self.batches_),
            "adapted": list(self.adapted_),
            "batch_sizes": self.batch_sizes_,
            "constant": list(self.constant_),
            "location_only": self._named(model.location_only),
            "not_estimated": list(self.not_estimated_),
            "coding": self.coding_.estimates(),
            "grand_mean": to_json(model.grand_mean),
            "effects": to_json(model.effects),
            "sd": to_json(model.sd),
            "shift": to_json(self.shift_),
            "variance": to_json(self.variance_),
            "priors": list(self.priors_),
            "converged": list(self.converged_),
        }

    def restore(self, found: Mapping[str, Any]) -> None:
        """Take over what `fitted_values` gave."""
        self.feature_names_in_ = np.asarray(found["columns"], dtype=object)
        self.columns_ = list(found["features"])
        self.batches_, self.adapted_ = tuple(found["batches"]), tuple(found["adapted"])
        self.batch_sizes_ = dict(found["batch_sizes"])
        self.coding_ = covariates.Coding.from_estimates(found["coding"])
        shape = (len(self.coding_.names), len(self.columns_))
        self.model_ = LocationScale(
            from_json(found["grand_mean"]),
            from_json(found["effects"]).reshape(shape),
            from_json(found["sd"]),
            np.isin(self.columns_, found["constant"]),
            np.isin(self.columns_, found["location_only"]),
        )
        self.shift_ = from_json(found["shift"])
        self.variance_ = from_json(found["variance"])
        self.priors_, self.converged_ = list(found["priors"]), list(found["converged"])

    def residuals(self, X: pd.DataFrame, values: np.ndarray) -> np.ndarray:
        """Values (n, p) of some rows less what their kept covariates let expect."""
        every = np.ones(len(X), dtype=bool)
        _, design = self._arranged(X, base.labels(X, self.batch, self.batches_), every)
        return np.asarray(
            values - location_scale.expected(self.model_, design, slice(None)).T
        )

    @property
    def constant_(self) -> tuple[str, ...]:
        """Features with one value in all rows, but for rounding; they pass through."""
        return tuple(self._named(self.model_.constant))

    @property
    def not_estimated_(self) -> tuple[str, ...]:
        """Features in which batches could not be compared; they become NaN."""
        return tuple(self._named(~self.model_.estimated))

    def standard(self) -> int | None:
        """Number of the reference among the batches, also in another spelling."""
        if self.reference is None:
            return None
        return self.batches_.index(matched(self.reference, self.batches_))

    def _large_batches(self) -> tuple[str, ...]:
        least = max(self.min_batch_size, 1 if self.mean_only else 2)
        sizes = {n: size for n, size in self.batch_sizes_.items() if n != MISSING}
        large = tuple(name for name, size in sizes.items() if size >= least)
        if not large:
            raise FitError(
                f"{self.batch}: no batch has {least} development rows with features, "
                f"found {self.batch_sizes_}. Lower harmonization.min_batch_size or "
                "choose a coarser batch."
            )
        if self.reference is not None and matched(self.reference, large) not in large:
            raise FitError(
                f"{self.batch}: the reference {self.reference!r} is not among the "
                f"batches with {least} development rows; the rows have "
                f"{self.batch_sizes_}. Choose another harmonization.reference."
            )
        return large

    def _arranged(
        self, X: pd.DataFrame, labels: np.ndarray, chosen: np.ndarray
    ) -> tuple[Layout, np.ndarray]:
        """Chosen rows by batch, and covariates of all rows (zero if not chosen)."""
        order = np.argsort(self.batches_)
        numbers = np.full(len(labels), -1)
        names = np.asarray(self.batches_)[order]
        numbers[chosen] = order[np.searchsorted(names, labels[chosen])]
        design = np.zeros((len(X), len(self.coding_.names)))
        if design.size and chosen.any():
            base.require_columns(X, self.keep)
            design[chosen] = self.coding_.columns(X[[*self.keep]][chosen])
        return Layout.of(numbers, len(self.batches_)), design

    def _estimate(self, values: np.ndarray, layout: Layout, design: np.ndarray) -> None:
        """Effects of the batches of development rows."""
        require_estimable(layout, design, self.coding_.names, self.batch)
        names = self.batches_
        standard = self.standard()
        self.model_, moments = location_scale.fit(values, layout, design, standard)
        self.shift_, self.variance_ = np.zeros((2, 0, values.shape[1]))
        self.priors_, self.converged_ = [], []
        for number in range(len(names)):
            if number == standard or len(names) == 1:
                self._add(effects.none(values.shape[1]))
            else:
                self._add(self._effect(moments, number, self.empirical_bayes, None))

    def _estimate_more(self, X: pd.DataFrame) -> None:
        """Effects of batches without estimates, with the prior of the others."""
        values, labels = (
            base.numbers(X, self.columns_),
            base.labels(X, self.batch, self.batches_),
        )
        first = len(self.batches_)
        prior = effects.of_new_batch(self.priors_[: first - len(self.adapted_)])
        new = tuple(sorted(set(labels.tolist())))
        self.batches_, self.adapted_ = (*self.batches_, *new), (*self.adapted_, *new)
        rows = self._arranged(X, labels, np.ones(len(X), dtype=bool))
        moments = location_scale.moments(self.model_, values, *rows)
        for number in range(first, first + len(new)):
            shrink = self.shrinks_new_batches
            self._add(self._effect(moments, number, shrink, prior))

    def _effect(
        self, moments: Moments, number: int, shrink: bool, prior: Prior | None
    ) -> BatchEffect:
        shrinkage = Shrinkage(shrink, self.mean_only, self.stop_rule)
        try:
            return shrinkage.effect(self.model_, moments, number, prior)
        except FitError as error:
            name = self.batches_[number]
            raise FitError(f"{self.batch}, batch {name!r}: {error}") from error

    def _add(self, effect: BatchEffect) -> None:
        """Append one batch to the estimates; those of a copy stay apart."""
        self.shift_ = np.vstack([self.shift_, effect.shift])
        self.variance_ = np.vstack([self.variance_, effect.variance])
        self.priors_ = [*self.priors_, effects.plain(effect.prior)]
        self.converged_ = [*self.converged_, effect.converged]

    def _named(self, chosen: np.ndarray) -> list[str]:
        return [n for n, flag in zip(self.columns_, chosen, strict=True) if flag]


def _sizes(labels: np.ndarray) -> dict[str, int]:
    names, counts = np.unique(labels, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))
