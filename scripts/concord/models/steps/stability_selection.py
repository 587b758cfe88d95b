"""Selection of features that elastic nets of half samples keep choosing."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ...errors import FitError
from ...folds.subject_table import feature_names
from ...statistics import targets
from ..estimators.elastic_net import path
from ..estimators.elastic_net.likelihoods import Likelihood
from ..estimators.elastic_net.problem import Problem
from ..estimators.outcome_likelihood import likelihood_of
from .base import Step

#: Number that sets the draws of this module apart from others of the same seed.
_DRAWS = 1602
#: Share to which the penalty falls from one look at the features to the next.
_FALL = 0.85
#: Penalties of the first part of a path; further parts are longer.
_FIRST_PART = 8
_MOST_PENALTIES = 64


class StabilitySelection(Step):
    """Keep features that many half samples choose [1]_, drawn in pairs of halves [2]_.

    In each half of the subjects the penalty of an elastic net falls until
    `max_features` coefficients are not 0; the largest ones are chosen. Kept is what at
    least `threshold` of the halves choose, at most `max_features`, the most frequent
    first; if there is nothing, the most frequent feature. Subjects of one cluster are
    in the same half. A half without a fit, such as one without events, does not count.
    Other columns are kept; they play no part in the choice.

    Parameters
    ----------
    max_features : int
        Features that a half sample chooses, and that are kept at most.
    half_samples : int
        Halves; the other half of each is the next one.
    threshold : float
        Share of the halves, above one half.
    l1_share : float
        Of the elastic net; 0, which chooses nothing, is taken as the lasso.
    seed : int
        Start of the draws.
    clusters : mapping, optional
        Cluster of each subject, by the index of the rows; by default its own.

    Attributes
    ----------
    selected_ : list of str
    frequency_ : dict
        Share of the halves that chose a feature, of those that any half chose.
    n_halves_ : int
        Halves that were fitted.
    fallback_ : bool
        True if no feature reached the threshold.

    References
    ----------
    .. [1] Meinshausen, N., Bühlmann, P. (2010). "Stability selection". Journal of the
           Royal Statistical Society B, 72, 417-473.
           https://doi.org/10.1111/j.1467-9868.2010.00740.x
    .. [2] Shah, R. D., Samworth, R. J. (2013). "Variable selection with error control:
           another look at stability selection". Journal of the Royal Statistical
           Society B, 75, 55-80. https://doi.org/10.1111/j.1467-9868.2011.01034.x
    """

    ONLY_TO_FIT = frozenset({"clusters"})
    SEES_OUTCOME = True

    def __init__(
        self,
        max_features: int,
        half_samples: int = 50,
        threshold: float = 0.6,
        l1_share: float = 1.0,
        seed: int = 0,
        clusters: Mapping[str, str] | None = None,
    ) -> None:
        self.max_features = max_features
        self.half_samples = half_samples
        self.threshold = threshold
        self.l1_share = l1_share
        self.seed = seed
        self.clusters = clusters

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> "StabilitySelection":
        features = feature_names(X.columns)
        values = X[features].to_numpy(dtype=float)
        counts = np.zeros(len(features))
        self.n_halves_ = 0
        reason = "there is no feature"
        for rows in self._halves(X.index) if features else ():
            try:
                chosen = strongest_of_path(
                    values[rows], y[rows], self.max_features, self.l1_share or 1.0
                )
            except FitError as error:
                reason = str(error)
                continue
            counts[chosen] += 1
            self.n_halves_ += 1
        if features and not self.n_halves_:
            raise FitError(f"stability selection: no half sample has a fit: {reason}")
        self._choose(features, counts / max(self.n_halves_, 1))
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        left_out = set(feature_names(X.columns)).difference(self.selected_)
        return X.loc[:, [name not in left_out for name in X.columns]]

    def _halves(self, subjects: pd.Index) -> Iterator[np.ndarray]:
        """Rows of each half, in pairs that share no cluster."""
        known = self.clusters or {}
        names = [str(known.get(name, name)) for name in subjects]
        numbers, distinct = pd.factorize(np.array(names, dtype=object))
        for number in range(self.half_samples):
            generator = np.random.default_rng([self.seed, _DRAWS, number // 2])
            order = generator.permutation(len(distinct))
            first = np.isin(numbers, order[: len(distinct) // 2])
            yield np.flatnonzero(~first if number % 2 else first)

    def _choose(self, features: list[str], frequency: np.ndarray) -> None:
        """Keep the most frequent features; ties keep the earlier column."""
        order = np.argsort(-frequency, kind="stable")
        often = order[frequency[order] >= self.threshold - 1e-12]
        self.fallback_ = bool(features) and not len(often)
        kept = order[:1] if self.fallback_ else often[: self.max_features]
        self.selected_ = [features[place] for place in sorted(kept)]
        shares = zip(features, frequency.tolist(), strict=True)
        self.frequency_ = {name: share for name, share in shares if share > 0}


def strongest_of_path(
    values: np.ndarray, y: np.ndarray, n_most: int, l1_share: float
) -> np.ndarray:
    """Columns of the largest coefficients where an elastic net first has `n_most`.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Scaled to an SD of 1 here.
    y : ndarray, shape (n,)
    n_most : int
    l1_share : float
        Above 0.

    Raises
    ------
    FitError
        If the elastic net does not converge or there are no two outcomes.
    """
    likelihood, n_first = _likelihood(y)
    spread = values.std(axis=0)
    columns = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    columns = np.column_stack([np.ones((len(values), n_first)), columns])
    factor = np.concatenate([np.zeros(n_first), np.ones(values.shape[1])])
    problem = Problem(likelihood, np.asfortranarray(columns), factor, l1_share)
    n_wanted = min(n_most, values.shape[1])
    coefficients = _until(problem, n_wanted)[n_first:]
    order = np.argsort(-np.abs(coefficients), kind="stable")[:n_most]
    return np.asarray(order[coefficients[order] != 0])


def _until(problem: Problem, n_wanted: int) -> np.ndarray:
    """Coefficients at the first penalty with as many penalized ones not 0, or last."""
    largest, n_penalties = path.largest_penalty(problem), _FIRST_PART
    while True:
        penalties = largest * _FALL ** np.arange(1, n_penalties + 1)
        for found in path.path(problem, penalties.tolist()):
            coefficients = found.coefficients
            if np.count_nonzero(coefficients * problem.factor) >= n_wanted:
                return np.asarray(coefficients)
        if n_penalties >= _MOST_PENALTIES:
            return np.asarray(coefficients)
        n_penalties *= 2


def _likelihood(y: np.ndarray) -> tuple[Likelihood, int]:
    """Likelihood of outcomes, and its number of intercepts."""
    event, time = targets.event(y), targets.time(y)
    if not event.any() or (time is None and event.all()):
        raise FitError(f"{int(event.sum())} events in {len(y)} subjects.")
    return likelihood_of(y), int(time is None)
