"""CovBat: ComBat, then ComBat again on the principal components of what is left."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from ...errors import ConfigError
from . import base
from .base import ADAPT, PASSTHROUGH, Harmonizer, from_json, to_json
from .combat import ComBat


class CovBat(Harmonizer):
    """Remove effects of batches on means, variances and covariances [1]_.

    After ComBat, the residuals of the development rows (less the effects of
    kept covariates, each feature with mean 0 and SD 1) are turned into
    principal components. Shift and scale of each batch are removed from the
    scores of the leading components, without shrinkage, and the scores are
    turned back. With more features than rows there are fewer components than
    rows; the part of a new row outside their span stays as ComBat left it.

    A missing cell counts as 0 in the scores and stays missing.

    Parameters
    ----------
    batch, keep, smooth, spline_knots, columns, unseen, reference, min_batch_size, \
empirical_bayes, mean_only
        As for `ComBat`.
    score_variance : float, default=0.95
        Share of the variance that the harmonized components explain, in (0, 1].

    Attributes
    ----------
    combat_ : ComBat
        The first step.
    scores_ : ComBat or None
        The second, on the scores; None if no feature varies.
    centre_, scale_ : ndarray of float, shape (features,)
        Mean and SD of the residuals; zero for features without share.
    loadings_ : ndarray of float, shape (features, components)
        Zero for features without share in the components.

    References
    ----------
    .. [1] Chen, A. A., et al. (2022). "Mitigating site effects in covariance
           for machine learning in neuroimaging data". Human Brain Mapping, 43,
           1179-1195. https://doi.org/10.1002/hbm.25688
    """

    kind = "covbat"

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
        score_variance: float = 0.95,
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
        self.score_variance = score_variance

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn ComBat, the components, and the effects of batches on them."""
        if not 0 < self.score_variance <= 1:
            raise ConfigError(
                f"harmonization.score_variance is {self.score_variance!r}, expected a "
                "share above 0 and up to 1."
            )
        options = self.get_params(deep=False)
        del options["score_variance"]
        self.combat_ = ComBat(**options).fit(X)
        self.feature_names_in_ = self.combat_.feature_names_in_
        self.columns_ = self.combat_.columns_
        known = X[self._known(X)]
        harmonized = base.numbers(self.combat_.transform(known), self.columns_)
        self._fit_components(self.combat_.residuals(known, harmonized))
        self.scores_ = None
        if self.loadings_.shape[1]:
            table = self._score_table(known, harmonized)
            self.scores_ = self._score_harmonizer(list(table.columns[:-1])).fit(table)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """X with harmonized features; NaN stays NaN, other columns as they are."""
        result = self.combat_.transform(X)
        chosen = self._known(X)
        if self.scores_ is None or not chosen.any():
            return result
        values = base.numbers(result, self.columns_).copy()
        table = self._score_table(X[chosen], values[chosen])
        names = self.scores_.columns_
        moved = base.numbers(self.scores_.transform(table), names)
        change = moved - base.numbers(table, names)
        values[chosen] += _products(change, self.loadings_.T) * self.scale_
        return base.replaced(X, self.columns_, values)

    def unseen_rows(self, X: pd.DataFrame) -> np.ndarray:
        """Rows (n,) with features whose batch has no estimates, as bool."""
        return self.combat_.unseen_rows(X)

    def adapt(self, X: pd.DataFrame) -> Self:
        """A copy that also knows the unseen batches of these rows; see `ComBat`."""
        adapted = self._copied()
        adapted.combat_ = self.combat_.adapt(X)
        chosen = adapted._known(X)
        if self.scores_ is not None and chosen.any():
            harmonized = adapted.combat_.transform(X[chosen])
            values = base.numbers(harmonized, self.columns_)
            adapted.scores_ = self.scores_.adapt(
                adapted._score_table(X[chosen], values)
            )
        return adapted

    def fitted_values(self) -> dict[str, Any]:
        """Both steps and the components, as values that JSON can hold."""
        return {
            "combat": self.combat_.estimates(),
            "scores": None if self.scores_ is None else self.scores_.estimates(),
            "centre": to_json(self.centre_),
            "scale": to_json(self.scale_),
            "loadings": to_json(self.loadings_),
        }

    def restore(self, found: Mapping[str, Any]) -> None:
        """Take over what `fitted_values` gave."""
        self.combat_ = ComBat.from_estimates(found["combat"])
        self.feature_names_in_ = self.combat_.feature_names_in_
        self.columns_ = self.combat_.columns_
        self.centre_, self.scale_ = (
            from_json(found["centre"]),
            from_json(found["scale"]),
        )
        shape = (len(self.columns_), -1) if self.columns_ else (0, 0)
        self.loadings_ = from_json(found["loadings"]).reshape(shape)
        scores = found["scores"]
        self.scores_ = None if scores is None else ComBat.from_estimates(scores)

    def _known(self, X: pd.DataFrame) -> np.ndarray:
        """Rows with features whose batch has estimates."""
        has_features = base.filled(base.numbers(X, self.columns_))
        return np.asarray(has_features & ~self.combat_.unseen_rows(X))

    def _score_harmonizer(self, names: Sequence[str]) -> ComBat:
        return ComBat(
            self.batch,
            columns=names,
            unseen=ADAPT if self.unseen == ADAPT else PASSTHROUGH,
            reference=self.reference,
            min_batch_size=self.min_batch_size,
            empirical_bayes=False,
            mean_only=bool(self.mean_only),
        )

    def _fit_components(self, residuals: np.ndarray) -> None:
        """Centre, scale and loadings of residuals (n, p); NaN cells count as 0."""
        usable = self.combat_.model_.varying
        chosen = np.where(np.isfinite(residuals), residuals, 0.0)[:, usable]
        centre, scale = chosen.mean(axis=0), chosen.std(axis=0, ddof=1)
        scaled = (chosen - centre) / np.where(scale > 0, scale, np.inf)
        _, singular, loadings = np.linalg.svd(scaled, full_matrices=False)
        kept = _leading(singular, self.score_variance)
        self.centre_, self.scale_ = np.zeros((2, residuals.shape[1]))
        self.centre_[usable], self.scale_[usable] = centre, scale
        self.loadings_ = np.zeros((residuals.shape[1], kept))
        self.loadings_[usable] = loadings[:kept].T

    def _score_table(self, X: pd.DataFrame, harmonized: np.ndarray) -> pd.DataFrame:
        """Scores of rows that ComBat harmonized, and their batch."""
        residuals = self.combat_.residuals(X, harmonized) - self.centre_
        divisor = np.where(self.scale_ > 0, self.scale_, np.inf)
        scaled = np.where(np.isfinite(residuals), residuals, 0.0) / divisor
        scores = _products(scaled, self.loadings_)
        names = [f"component_{n}" for n in range(scores.shape[1])]
        table = pd.DataFrame(scores, index=X.index, columns=names)
        return table.assign(**{self.batch: X[self.batch]})


def _leading(singular: np.ndarray, share: float) -> int:
    """Components that explain a share of the variance."""
    explained = np.cumsum(singular**2)
    if not len(explained) or explained[-1] == 0:
        return 0
    enough = explained >= share * explained[-1] * (1 - 1e-12)
    return int(np.argmax(enough)) + 1


def _products(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Matrix product in which each row is computed by itself, to the last bit."""
    total = np.zeros((len(left), right.shape[1]))
    for column, row in zip(left.T, right, strict=True):
        total += column[:, None] * row
    return total
