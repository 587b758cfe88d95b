"""Tests of differences between groups, with their size and what chance gives.

Each test permutes the groups over the subjects: its error is right with many groups and
few subjects, where chi-squared is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from .log_rank import log_rank

#: Statistics this close to the one found count as equal to it, a share of it.
_TIED = 1e-9
#: Numbers that are permuted at once.
_CELLS = 1_000_000


@dataclass(frozen=True)
class GroupTest:
    """Association of a quantity with the group.

    `strength` is its size without what chance adds (0 if there is none), `chance` the
    mean size of permuted groups, `p_value` the share of them, this one among them, with
    a statistic at least as large.
    """

    statistic: float
    strength: float
    chance: float
    p_value: float


UNDEFINED = GroupTest(np.nan, np.nan, np.nan, np.nan)


def table_test(
    group: np.ndarray, level: np.ndarray, n_permutations: int, seed: int
) -> GroupTest:
    """Test of independence of two labels; the strength is `corrected_v`.

    Both margins are kept (an exact test, but for the number of permutations).
    `UNDEFINED` with one label of either.

    Parameters
    ----------
    group, level : ndarray, shape (n,)
        Labels of each subject.
    """
    counts = counts_of(group, level)
    if min(counts.shape) < 2:
        return UNDEFINED
    margins = counts.sum(axis=1), counts.sum(axis=0)
    drawn = stats.random_table(*margins).rvs(
        size=n_permutations, random_state=np.random.default_rng(seed)
    )
    return _compared(chi_squared(counts), chi_squared(drawn), _v_of(counts))


def number_test(
    values: np.ndarray, group: np.ndarray, n_permutations: int, seed: int
) -> GroupTest:
    """Test of the means of groups; the strength is the corrected correlation ratio.

    That is the root of the share of variance between groups after the correction of
    Kelley (1935), on the scale of Cramér's V. `UNDEFINED` with one group, constant
    values, or no subject more than groups.

    References
    ----------
    Kelley, T. L. (1935). An unbiased correlation ratio measure. PNAS, 21, 554-559.
    https://doi.org/10.1073/pnas.21.9.554
    """
    names, index = np.unique(group, return_inverse=True)
    n, k = len(values), len(names)
    total = ((values - values.mean()) ** 2).sum() if n else 0.0
    if k < 2 or n <= k or np.ptp(values) <= _TIED * np.abs(values).max():
        return UNDEFINED
    ordered = (values - values.mean())[np.argsort(index, kind="stable")]
    sizes = np.bincount(index)

    def share(rows: np.ndarray) -> np.ndarray:
        sums = np.add.reduceat(rows, np.r_[0, np.cumsum(sizes)[:-1]], axis=-1)
        return np.asarray((sums**2 / sizes).sum(axis=-1) / total)

    def strength(found: np.ndarray) -> np.ndarray:
        return np.sqrt(np.clip(1 - (1 - found) * (n - 1) / (n - k), 0, 1))

    generator = np.random.default_rng(seed)
    blocks = np.array_split(np.arange(n_permutations), 1 + n_permutations * n // _CELLS)
    drawn = [
        share(generator.permuted(np.tile(ordered, (len(block), 1)), axis=1))
        for block in blocks
    ]
    return _compared(share(ordered), np.concatenate(drawn), strength)


def survival_test(
    event: np.ndarray,
    time: np.ndarray,
    group: np.ndarray,
    n_permutations: int,
    seed: int,
) -> GroupTest:
    """Log-rank test over groups; the strength is the SD of the log hazard between them.

    The SD is the score approximation, the root of (chi-squared - df) / events: 0.2
    with two groups of equal size is a hazard ratio of 1.5. Chi-squared is divided by
    its own variance in each permutation, which holds where follow-up differs between
    groups. `UNDEFINED` without an event, or with one group at risk.
    """
    index = np.unique(group, return_inverse=True)[1]
    found, n_events = log_rank(event, time, index), int(np.sum(event))
    if not found.df:
        return UNDEFINED

    def statistic(labels: np.ndarray) -> float:
        return log_rank(event, time, labels).chi_squared

    def strength(chi_squared: np.ndarray) -> np.ndarray:
        return np.sqrt(np.clip(chi_squared - found.df, 0, None) / n_events)

    drawn = _permuted(statistic, index, n_permutations, seed)
    return _compared(found.chi_squared, drawn, strength)


def counts_of(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Subjects by two labels, shape (n_first, n_second); both sorted."""
    rows, row_of = np.unique(first, return_inverse=True)
    columns, column_of = np.unique(second, return_inverse=True)
    counts = np.zeros((len(rows), len(columns)), dtype=int)
    np.add.at(counts, (row_of, column_of), 1)
    return counts


def chi_squared(counts: np.ndarray) -> np.ndarray:
    """Pearson's chi-squared of tables, shape (..., rows, columns) to (...)."""
    rows, columns = counts.sum(axis=-1, keepdims=True), counts.sum(-2, keepdims=True)
    expected = rows * columns / rows.sum(axis=-2, keepdims=True)
    return np.asarray(((counts - expected) ** 2 / expected).sum(axis=(-2, -1)))


def corrected_v(
    chi_squared: np.ndarray, n: int, n_rows: int, n_columns: int
) -> np.ndarray:
    """Cramér's V without its bias, in [0, 1]; 0 where chance explains it.

    References
    ----------
    Bergsma, W. (2013). A bias-correction for Cramér's V and Tschuprow's T. J Korean
    Stat Soc, 42, 323-328. https://doi.org/10.1016/j.jkss.2012.10.002
    """
    product = (n_rows - 1) * (n_columns - 1)
    share = np.clip(np.asarray(chi_squared) / n - product / (n - 1), 0, None)
    sizes = [size - (size - 1) ** 2 / (n - 1) for size in (n_rows, n_columns)]
    least = min(sizes) - 1
    return np.sqrt(np.clip(share / least, 0, 1)) if least > 0 else share * np.nan


def _v_of(counts: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    n = int(counts.sum())
    return lambda statistic: corrected_v(statistic, n, *counts.shape)


def _permuted(
    statistic: Callable[[np.ndarray], float], index: np.ndarray, times: int, seed: int
) -> np.ndarray:
    """Statistics of permuted groups, shape (times,)."""
    generator = np.random.default_rng(seed)
    return np.array([statistic(generator.permutation(index)) for _ in range(times)])


def _compared(
    found: float | np.ndarray,
    drawn: np.ndarray,
    strength: Callable[[np.ndarray], np.ndarray],
) -> GroupTest:
    """A statistic with those of permuted groups."""
    found = float(found)
    n_larger = int((drawn >= found - _TIED * abs(found)).sum())
    return GroupTest(
        statistic=found,
        strength=float(strength(np.array(found))),
        chance=float(np.mean(strength(drawn))),
        p_value=(1 + n_larger) / (1 + len(drawn)),
    )
