"""Effects of batches on all features, shrunk or not, as the options say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from . import empirical_bayes
from .base import to_json
from .empirical_bayes import BatchEffect, Prior
from .location_scale import LocationScale, Moments


@dataclass(frozen=True)
class Shrinkage:
    """Rule by which the moments of a batch become its effect."""

    empirical_bayes: bool
    mean_only: bool | str  # "sva": shrunk as if each batch had one row
    stop_rule: str

    def effect(
        self,
        model: LocationScale,
        moments: Moments,
        number: int,
        prior: Prior | None = None,
    ) -> BatchEffect:
        """Effect of one batch.

        Constant features and those with one value in each batch keep their
        scale and have no share in the prior.

        Parameters
        ----------
        model : LocationScale
        moments : Moments
        number : int
            Which batch of `moments`.
        prior : Prior or None
            None takes the prior from the batch itself.
        """
        count, mean = moments.count[number], moments.mean[number]
        squares = moments.square_sum[number]
        pooled = model.varying
        effect = empirical_bayes.unshrunk(count, mean, squares, bool(self.mean_only))
        if self.empirical_bayes and pooled.sum() >= empirical_bayes.MIN_FEATURES:
            shrunk = self._shrunk(count[pooled], mean[pooled], squares[pooled], prior)
            shift, variance = effect.shift.copy(), effect.variance.copy()
            shift[pooled], variance[pooled] = shrunk.shift, shrunk.variance
            effect = BatchEffect(shift, variance, shrunk.prior, shrunk.converged)
        flat = model.constant | model.location_only
        return replace(effect, variance=np.where(flat, 1.0, effect.variance))

    def _shrunk(
        self,
        count: np.ndarray,
        mean: np.ndarray,
        squares: np.ndarray,
        prior: Prior | None,
    ) -> BatchEffect:
        if self.mean_only:
            as_sva = self.mean_only == "sva"
            return empirical_bayes.shrunk_mean(count, mean, prior, as_sva)
        return empirical_bayes.shrunk(count, mean, squares, self.stop_rule, prior)


def none(n_features: int) -> BatchEffect:
    """The effect of the reference, or of a lone batch."""
    return BatchEffect(np.zeros(n_features), np.ones(n_features), None, True)


def plain(prior: Prior | None) -> dict[str, float | None] | None:
    """A prior as values that JSON can hold, None for NaN."""
    return None if prior is None else {k: to_json(v) for k, v in asdict(prior).items()}


def of_new_batch(found: Sequence[Mapping[str, Any] | None]) -> Prior | None:
    """Prior for a batch that the development rows lack.

    Parameters
    ----------
    found : sequence of mapping or None
        Priors of the development batches as `plain` gives them; None for a batch
        without one, such as the reference.

    Returns
    -------
    Prior or None
        Pooled over the batches; None if fewer than two have a prior, so that
        the new batch must do with the prior of its own features.
    """
    priors = [Prior.from_estimates(one) for one in found]
    known = [prior for prior in priors if prior is not None]
    return empirical_bayes.pooled(known) if len(known) > 1 else None
