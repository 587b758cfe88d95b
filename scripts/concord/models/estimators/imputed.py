"""A model fitted in each of several imputations of its covariates, and pooled."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils.metaestimators import available_if

from ...folds.category_columns import categories
from ...statistics.chained_equations import Equation, completed, equations, imputed
from ...statistics.cumulative_hazard import nelson_aalen
from ...statistics.rubin import Pooled, pooled
from ...statistics.targets import event, time
from .variances import variances

#: Number that sets the draws of this module apart from others of the same seed.
_DRAWS = 1601
_GROUP = "group="


@dataclass(frozen=True)
class _Columns:
    """Columns of a number, or of the levels of a category."""

    columns: list[int]
    is_category: bool


class Imputed(BaseEstimator):  # type: ignore[misc]
    """Multiple imputation of covariates by chained equations, and a model in each.

    Development rows are completed `n_imputations` times, with the help of their
    outcomes: the event and, with times, the Nelson-Aalen hazard. A model is fitted to
    each. Rows to score are completed by the same imputations without an outcome, by
    means instead of draws, so that a row's score is always the same and needs no other
    row; see `statistics.chained_equations`. Covariates are imputed by each other and
    by group indicators; features take no part, as there are more of them than rows.

    Parameters
    ----------
    model : estimator
        Fitted anew in each imputation.
    covariates : sequence of str
        Columns that may be missing; those of a category belong together.
    n_imputations : int
        2 or more.
    seed : int
        Start of all draws.

    Attributes
    ----------
    models_ : list of estimators
        One per imputation.
    coef_ : ndarray of float, shape (p,), or None
        Mean over the imputations; None if the model has no coefficients.
    pooled_ : Pooled or None
        The same by Rubin's rules, with variances.
    """

    def __init__(
        self,
        model: Any,
        covariates: Sequence[str],
        n_imputations: int = 5,
        seed: int = 0,
    ) -> None:
        self.model = model
        self.covariates = covariates
        self.n_imputations = n_imputations
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Self:
        """Complete the rows, fit a model to each completion, and pool."""
        names = np.array([str(name) for name in X.columns])
        return self.fit_values(names, X.to_numpy(dtype=float), y)

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Self:
        """As `fit`, of named columns (p,) with values (n, p)."""
        completions = self._completions(names, values, y)
        self.models_ = [
            clone(self.model).fit_values(names, rows, y) for rows in completions
        ]
        fitted = zip(self.models_, completions, strict=True)
        self._pool(np.array([variances(model, rows, y) for model, rows in fitted]))
        return self

    @available_if(lambda self: hasattr(self.model, "largest_penalty"))  # type: ignore[untyped-decorator]
    def largest_penalty(self, X: pd.DataFrame, y: np.ndarray) -> float:
        """Largest of the imputations' smallest penalties that leave no feature."""
        found = self._completed_tables(X, y)
        return max(float(clone(self.model).largest_penalty(rows, y)) for rows in found)

    @available_if(lambda self: hasattr(self.model, "fits_along"))  # type: ignore[untyped-decorator]
    def fits_along(
        self, X: pd.DataFrame, y: np.ndarray, penalties: Sequence[float]
    ) -> list[Self]:
        """Fits to the same completions at penalties that fall, to be compared."""
        paths = [
            clone(self.model).fits_along(rows, y, penalties)
            for rows in self._completed_tables(X, y)
        ]
        unknown = np.full((self.n_imputations, X.shape[1]), np.nan)
        fits = []
        for models in zip(*paths, strict=True):
            fit = copy.copy(self)
            fit.models_ = list(models)
            fit._pool(unknown)
            fits.append(fit)
        return fits

    @property
    def penalty(self) -> float:
        """Penalty of the model."""
        return float(self.model.penalty)

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Score of each row; larger means the event is likelier."""
        names = list(self.feature_names_in_)
        return self.scores_of(X[names].to_numpy(dtype=float))

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Score of each row of values (n, p), columns as fitted.

        With times, the mean of the linear predictors; of binary outcomes, the log
        odds of the mean probability.
        """
        found = []
        for equations_, model in zip(self.equations_, self.models_, strict=True):
            rows = values.copy()
            own = values[:, self.places_]
            rows[:, self.places_] = imputed(own, equations_, self.start_)
            found.append(model.scores_of(rows))
        return combined(np.array(found), self.has_times_)

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of no event and event, shape (n, 2)."""
        chance = np.exp(-np.logaddexp(0.0, -self.decision_function(X)))
        return np.column_stack([1.0 - chance, chance])

    @property
    def unpenalized(self) -> Sequence[str]:
        """Terms that the model does not penalize."""
        fitted = getattr(self, "models_", [self.model])[0]
        return tuple(getattr(fitted, "unpenalized", ()))

    def used_terms(self) -> np.ndarray:
        """Columns that the model of some imputation compares, if it is of trees."""
        used = {name for one in self.models_ for name in one.used_terms()}
        return np.array([name for name in self.feature_names_in_ if name in used])

    @property
    def intercept_(self) -> float:
        """Mean over the imputations."""
        return float(np.mean([one.intercept_ for one in self.models_]))

    @property
    def kkt_residual_(self) -> float:
        """The largest of all imputations."""
        return float(np.max([one.kkt_residual_ for one in self.models_]))

    @property
    def rescue_(self) -> str:
        """Reasons of all rescues, of any imputation."""
        return "; ".join(
            dict.fromkeys(one.rescue_ for one in self.models_ if one.rescue_)
        )

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        return {
            "kind": type(self).__name__,
            "covariates": list(self.covariates),
            "seed": self.seed,
            "terms": self.feature_names_in_.tolist(),
            "has_times": self.has_times_,
            "places": self.places_,
            "start": self.start_.tolist(),
            "equations": [[one.plain() for one in part] for part in self.equations_],
            "models": [one.estimates() for one in self.models_],
            "variances": _plain(self.variances_),
        }

    @classmethod
    def from_estimates(
        cls, found: Mapping[str, Any], rebuild: Callable[[Mapping[str, Any]], Any]
    ) -> Self:
        """The fitted model that gave these estimates; its scores are bit-equal.

        `rebuild` makes a model of its estimates.
        """
        models = [rebuild(one) for one in found["models"]]
        made = cls(models[0], tuple(found["covariates"]), len(models), found["seed"])
        made.models_ = models
        made.feature_names_in_ = np.array(found["terms"], dtype=str)
        made.has_times_, made.places_ = found["has_times"], found["places"]
        made.start_ = np.array(found["start"], dtype=float)
        made.equations_ = [
            [Equation.of(e) for e in part] for part in found["equations"]
        ]
        made._pool(np.array(found["variances"], dtype=float))
        return made

    def _completions(
        self, names: np.ndarray, values: np.ndarray, y: np.ndarray
    ) -> list[np.ndarray]:
        """Completed values (n, p) of each imputation; equations of new rows."""
        self.feature_names_in_ = names
        self.places_, variables = self._variables(names)
        own, helpers = values[:, self.places_], _helpers(y)
        self.start_ = np.array([_middle(column) for column in own.T])
        self.has_times_ = time(y) is not None
        self.equations_, found = [], []
        for number in range(self.n_imputations):
            generator = np.random.default_rng([self.seed, _DRAWS, number])
            filled = completed(own, variables, helpers, generator)
            self.equations_.append(equations(own, filled, variables))
            found.append(values.copy())
            found[-1][:, self.places_] = filled
        return found

    def _completed_tables(self, X: pd.DataFrame, y: np.ndarray) -> list[pd.DataFrame]:
        names = np.array([str(name) for name in X.columns])
        found = self._completions(names, X.to_numpy(dtype=float), y)
        return [pd.DataFrame(values, X.index, X.columns) for values in found]

    def _variables(self, names: np.ndarray) -> tuple[list[int], list[_Columns]]:
        """Places of covariates and group indicators, and what of them may be missing.

        The columns of the latter are places among the former.
        """
        own = set(self.covariates)
        places = [
            place
            for place, name in enumerate(names.tolist())
            if name in own or name.startswith(_GROUP)
        ]
        chosen = names[places].tolist()
        levels = categories(chosen)
        taken = {place for columns in levels for place in columns}
        single = [
            [place]
            for place, name in enumerate(chosen)
            if name in own and place not in taken
        ]
        found = [_Columns(columns, False) for columns in single]
        return places, found + [_Columns(columns, True) for columns in levels]

    def _pool(self, errors: np.ndarray) -> None:
        self.variances_ = errors
        self.coef_: np.ndarray | None = None
        self.pooled_: Pooled | None = None
        if all(one.coef_ is not None for one in self.models_):
            self.pooled_ = pooled(np.array([m.coef_ for m in self.models_]), errors)
            self.coef_ = self.pooled_.estimate


def combined(scores: np.ndarray, has_times: bool) -> np.ndarray:
    """Scores (m, n) of m imputations as one per row, shape (n,).

    The mean, or of log odds those of the mean probability.
    """
    if has_times:
        return np.asarray(scores.mean(axis=0))
    event_ = np.logaddexp.reduce(-np.logaddexp(0.0, -scores), axis=0)
    none = np.logaddexp.reduce(-np.logaddexp(0.0, scores), axis=0)
    return np.asarray(event_ - none)


def _helpers(y: np.ndarray) -> np.ndarray:
    """Columns of the outcome that help to impute, shape (n, 1 or 2)."""
    times, happened = time(y), event(y).astype(float)
    if times is None:
        return happened[:, None]
    return np.column_stack([happened, nelson_aalen(happened, times)])


def _middle(column: np.ndarray) -> float:
    """Mean of the known values of a column."""
    return float(column[np.isfinite(column)].mean())


def _plain(errors: np.ndarray) -> list[list[float | None]]:
    return [[float(v) if np.isfinite(v) else None for v in row] for row in errors]
