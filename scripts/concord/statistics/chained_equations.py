"""Imputation by chained equations: draws for known outcomes, frozen means for others.

Each incomplete variable is drawn in turn from its distribution given all the others
[1]_. Development rows are completed with the help of their outcomes [2]_, [3]_; a new
row has none, so that its values are means by equations that leave the outcome out.

References
----------
.. [1] van Buuren, S., Groothuis-Oudshoorn, K. (2011). "mice: multivariate imputation
       by chained equations in R". Journal of Statistical Software, 45(3).
       https://doi.org/10.18637/jss.v045.i03
.. [2] Moons, K. G. M., Donders, R. A. R. T., Stijnen, T., Harrell, F. E. (2006). "Using
       the outcome for imputation of missing predictor values was preferred". Journal
       of Clinical Epidemiology, 59, 1092-1101.
       https://doi.org/10.1016/j.jclinepi.2006.01.009
.. [3] White, I. R., Royston, P. (2009). "Imputing missing covariate values for the Cox
       model". Statistics in Medicine, 28, 1982-1998. https://doi.org/10.1002/sim.3618
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np

from .conditional_draws import (
    draw_level,
    draw_number,
    level_coefficients,
    level_means,
    number_coefficients,
)

#: Rounds over all variables before the values are taken.
N_CYCLES = 10


class Variable(Protocol):
    """Columns that are missing together: a number, or the 0/1 columns of a category."""

    @property
    def columns(self) -> list[int]:
        """Places of the columns."""
        ...

    @property
    def is_category(self) -> bool:
        """True if each column stands for a level besides the first."""
        ...


@dataclass(frozen=True)
class Equation:
    """Mean of one variable given the other columns, of rows without an outcome.

    `coefficients` (columns, 1 + others) begin with the intercept; of a category they
    are log odds against its first level. Values lie between `lowest` and `highest`.
    """

    columns: list[int]
    is_category: bool
    others: list[int]
    coefficients: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Mean of the variable's columns in each row of complete values (n, p)."""
        known = np.ascontiguousarray(values[:, self.others])
        # Row by row, so that no row's rounding depends on the others.
        linear = np.column_stack(
            [(known * own[1:]).sum(axis=1) + own[0] for own in self.coefficients]
        )
        if self.is_category:
            width = self.highest - self.lowest
            return np.asarray(self.lowest + level_means(linear) * width)
        return np.clip(linear, self.lowest, self.highest)

    def plain(self) -> dict[str, Any]:
        """The equation as values for JSON."""
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        """The equation that gave these values."""
        arrays = ("coefficients", "lowest", "highest")
        values: dict[str, Any] = dict(found)
        values |= {name: np.array(found[name], dtype=float) for name in arrays}
        return cls(**values)


def completed(
    values: np.ndarray,
    variables: Sequence[Variable],
    helpers: np.ndarray,
    generator: np.random.Generator,
    n_cycles: int = N_CYCLES,
) -> np.ndarray:
    """Values whose gaps are drawn by chained equations, shape as `values`.

    Numbers are drawn by predictive mean matching, categories by a logistic model.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        NaN where unknown.
    variables : sequence of Variable
        What may be missing; all other columns are complete.
    helpers : ndarray of float, shape (n, r)
        Complete columns that only help: the outcome.
    generator : Generator
        Source of all draws.
    n_cycles : int
        Rounds over all variables.
    """
    filled = values.copy()
    gaps = [_gaps(values, one) for one in variables]
    order = np.argsort([gap.sum() for gap in gaps], kind="stable")
    chosen = [n for n in order if gaps[n].any()]
    for number in chosen:
        gap, columns = gaps[number], np.array(variables[number].columns)
        known = np.flatnonzero(~gap)
        donors = known[generator.integers(len(known), size=int(gap.sum()))]
        filled[np.ix_(gap, columns)] = values[np.ix_(donors, columns)]
    for _ in range(n_cycles if chosen else 0):
        for number in chosen:
            one, gap = variables[number], gaps[number]
            others = np.setdiff1d(np.arange(values.shape[1]), one.columns)
            given = np.column_stack([filled[:, others], helpers])
            draw = draw_level if one.is_category else draw_number
            drawn = draw(filled[:, one.columns], given, gap, generator)
            filled[np.ix_(gap, one.columns)] = drawn
    return filled


def equations(
    values: np.ndarray, filled: np.ndarray, variables: Sequence[Variable]
) -> list[Equation]:
    """Equation of each variable, learnt where it is known, without helpers.

    Parameters
    ----------
    values, filled : ndarray of float, shape (n, p)
        With gaps, and completed.
    variables : sequence of Variable
        As for `completed`.
    """
    found = []
    for one in variables:
        others = np.setdiff1d(np.arange(values.shape[1]), one.columns)
        known = ~_gaps(values, one)
        own = filled[known][:, one.columns]
        learn = level_coefficients if one.is_category else number_coefficients
        coefficients = learn(own, filled[known][:, others])
        found.append(
            Equation(
                list(one.columns),
                one.is_category,
                others.tolist(),
                coefficients,
                own.min(axis=0),
                own.max(axis=0),
            )
        )
    return found


def imputed(
    values: np.ndarray,
    found: Sequence[Equation],
    start: np.ndarray,
    n_cycles: int = N_CYCLES,
) -> np.ndarray:
    """Values (n, p) whose gaps are means by equations, each row by itself.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
    found : sequence of Equation
        Applied in turn, so that several gaps of a row come to agree.
    start : ndarray of float, shape (p,)
        What unknown values begin with.
    n_cycles : int
        Rounds over all equations.
    """
    gaps = [~np.isfinite(values[:, one.columns]).all(axis=1) for one in found]
    filled = np.where(np.isfinite(values), values, start)
    if not any(gap.any() for gap in gaps):
        return filled
    for _ in range(n_cycles):
        for one, gap in zip(found, gaps, strict=True):
            if gap.any():
                filled[np.ix_(gap, one.columns)] = one.mean(filled[gap])
    return filled


def _gaps(values: np.ndarray, variable: Variable) -> np.ndarray:
    """Rows (n,) in which a variable is unknown."""
    return np.asarray(~np.isfinite(values[:, variable.columns]).all(axis=1))
