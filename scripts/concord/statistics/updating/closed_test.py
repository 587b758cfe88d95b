"""Closed test of the update that is warranted, among nested ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from .regression import Trials, fit, information, maxima, unit_scores

#: Draws of new outcomes at given coefficients: (outcome, offset), (draws, n) each.
Draw = Callable[[np.ndarray, int, np.random.Generator], tuple[np.ndarray, np.ndarray]]
DRAWN = "likelihood ratio; p by drawn outcomes"
DESIGN = "likelihood ratio over the design effect; p by F"
#: A statistic that differs by less is equal but for rounding.
_EQUAL = 1e-9
#: Most numbers of drawn outcomes that are held at once.
_MOST_CELLS = 1_000_000


@dataclass(frozen=True)
class Tested:
    """Test of one model against the largest: is it enough?"""

    statistic: float
    df: int
    p_value: float
    method: str


def closed_test(
    trials: Trials,
    sizes: Sequence[int],
    draw: Draw | None,
    n_draws: int,
    generator: np.random.Generator,
) -> list[Tested]:
    """Tests of nested models against the largest, from the smallest on [1]_.

    The first that is not rejected is warranted, or the largest if all are. Wherever
    the truth lies on this ladder, a larger model than it is chosen with at most the
    level of a single test.

    Of independent units with weights of 1 the statistic is the likelihood ratio, and
    its p-value the share of drawn outcomes, of the model that is tested, that reach
    it; of the smallest model, which has no parameter, this test is exact. Otherwise
    the likelihood ratio is divided by the design effect [2]_, the mean factor by which
    clusters and weights widen the scores, never below 1, and the p-value is that of
    the F distribution with units less columns as degrees of freedom.

    Parameters
    ----------
    trials : Trials
    sizes : sequence of int
        Columns of each model, ascending; the last is that of the largest.
    draw : callable or None
        Draws of outcomes of independent units; None of others.
    n_draws : int
    generator : numpy.random.Generator

    References
    ----------
    .. [1] Vergouwe, Y. et al. (2017). "A closed testing procedure to select an
           appropriate method for updating prediction models". Statistics in Medicine,
           36, 4529-4539. https://doi.org/10.1002/sim.7179
    .. [2] Rao, J. N. K. and Scott, A. J. (1984). "On chi-squared tests for multiway
           contingency tables with cell proportions estimated from survey data".
           Annals of Statistics, 12, 46-60. https://doi.org/10.1214/aos/1176346391
    """
    largest = sizes[-1]
    if draw is None:
        return [_by_design(trials, size, largest) for size in sizes[:-1]]
    return [
        _by_draws(trials, size, largest, draw, n_draws, generator)
        for size in sizes[:-1]
    ]


def chosen(p_values: Sequence[float], level: float) -> int:
    """Place of the warranted model: the first that is not rejected, or the largest."""
    for place, p in enumerate(p_values):
        if not p <= level:
            return place
    return len(p_values)


def _by_draws(
    trials: Trials,
    size: int,
    largest: int,
    draw: Draw,
    n_draws: int,
    generator: np.random.Generator,
) -> Tested:
    """Likelihood ratio among outcomes that the smaller model draws."""
    small = fit(trials, size)
    value = 2 * (fit(trials, largest).log_likelihood - small.log_likelihood)
    reached, block = 0, max(1, _MOST_CELLS // len(trials.outcome))
    for start in range(0, n_draws, block):
        some = min(block, n_draws - start)
        drawn = draw(small.coefficients, some, generator)
        best = [_best(trials, *drawn, k) for k in (size, largest)]
        reached += int((2 * (best[1] - best[0]) >= value - _EQUAL).sum())
    return Tested(value, largest - size, float((1 + reached) / (1 + n_draws)), DRAWN)


def _best(
    trials: Trials, outcome: np.ndarray, offset: np.ndarray, k: int
) -> np.ndarray:
    """Largest log likelihood of each sample, (draws,)."""
    columns = trials.design[:, :k]
    found, _ = maxima(trials.family, outcome, offset, columns, trials.weight)
    value = trials.family.log_likelihood(outcome, offset + found @ columns.T)
    return np.asarray((trials.weight * value).sum(axis=1))


def _by_design(trials: Trials, size: int, largest: int) -> Tested:
    """Likelihood ratio over the design effect, by the F distribution."""
    small = fit(trials, size)
    value = 2 * (fit(trials, largest).log_likelihood - small.log_likelihood)
    df, others = largest - size, max(trials.n_units - (largest - size), 1)
    value /= design_effect(trials, small.coefficients, largest)
    p = float(special.fdtrc(df, others, max(value, 0.0) / df))
    return Tested(value, df, p, DESIGN)


def design_effect(trials: Trials, at: np.ndarray, largest: int) -> float:
    """Mean factor by which units and weights widen what a smaller model lacks, >= 1.

    Parameters
    ----------
    trials : Trials
    at : ndarray of float, shape (size,)
        Estimates of the smaller model.
    largest : int
        Columns of the largest model.
    """
    size = len(at)
    scores, known = unit_scores(trials, at, largest), information(trials, at, largest)
    # Freed of what the estimates of the smaller model take of them.
    share = known[size:, :size] @ np.linalg.pinv(known[:size, :size])
    left = scores[:, size:] - scores[:, :size] @ share.T
    model = known[size:, size:] - share @ known[:size, size:]
    seen = left.T @ left * trials.n_units / max(trials.n_units - 1, 1)
    factor = float(np.trace(np.linalg.pinv(model) @ seen)) / (largest - size)
    return max(factor, 1.0)
