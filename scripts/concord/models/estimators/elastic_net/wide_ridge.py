"""A ridge of more columns than rows: in as many coordinates as rows."""

from dataclasses import dataclass, replace

import numpy as np

from ....statistics.row_space import RowSpace
from .problem import ACCEPTED, Problem, Solution, require_optimum


@dataclass(frozen=True)
class WideRidge:
    """A problem without absolute values, and the same in its row space.

    Nothing is lost (see `RowSpace`), and a step costs n^3 in place of p^3; the rows'
    coordinates serve all penalties.
    """

    problem: Problem
    reduced: Problem
    space: RowSpace

    @classmethod
    def of(cls, problem: Problem) -> "WideRidge | None":
        """None unless the problem is a ridge of more columns than rows."""
        factor, n_rows = problem.factor, len(problem.columns)
        if problem.l1_share or np.count_nonzero(factor) <= n_rows:
            return None
        always = np.broadcast_to(problem.always, factor.shape)
        shared = (factor == factor.max()) & (always == 0)
        if shared.sum() <= n_rows:
            return None
        space = RowSpace.of(problem.columns, shared)
        of_shared = np.full(space.basis.shape[1], factor.max())
        reduced = replace(
            problem,
            columns=np.asfortranarray(space.reduced(problem.columns)),
            factor=np.concatenate([of_shared, factor[~shared]]),
            always=np.concatenate([0 * of_shared, always[~shared]]),
        )
        return cls(problem, reduced, space)

    def contracted(self, solution: Solution) -> Solution:
        """A solution whose penalized coefficients are 0, in coordinates of the rows."""
        others = solution.coefficients[~self.space.columns]
        none = np.zeros(self.space.basis.shape[1])
        return replace(solution, coefficients=np.concatenate([none, others]))

    def expanded(self, solution: Solution) -> Solution:
        """A solution in coefficients of the columns; FitError if it is none of theirs.

        Departures in orthonormal coordinates add up, as squares, to those of a column.
        """
        coefficients = self.space.coefficients(solution.coefficients)
        slope = self.problem.likelihood.at(solution.linear).slope()
        gradient = self.problem.columns.T @ slope
        here = self.problem.at(solution.penalty)
        residual = float(here.departures(gradient, coefficients).max(initial=0.0))
        n_coordinates = self.space.basis.shape[1]
        accepted = max(ACCEPTED, np.sqrt(n_coordinates) * solution.kkt_residual)
        require_optimum(residual, accepted, solution.penalty)
        return replace(
            solution,
            coefficients=coefficients,
            gradient=gradient,
            kkt_residual=residual,
        )
