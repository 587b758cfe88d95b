"""Existence of an optimum: collinear columns, and columns that separate the outcomes.

Both concern columns without a penalty alone. A ridge holds every other coefficient.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import FitError
from .constants import varies

#: Columns are collinear if some combination of them, each of SD 1 and with weights of
#: square sum 1, has a smaller SD: a variance inflation of 1e10. Rounding leaves about
#: 1e-15, a column given twice with three digits 1e-3.
COLLINEAR = 1e-5
#: Smallest curvature that shows an optimum without further ado, per squared SD.
_CURVED = 1e-8
#: Share of the largest weight that counts as none.
_NO_WEIGHT = 1e-6
_MOST_NAMED = 5


@dataclass(frozen=True)
class Standardized:
    """Columns without a penalty, scaled to SD 1 over the rows that inform."""

    names: Sequence[str]
    values: np.ndarray  # (n, q), of all rows

    @classmethod
    def of(
        cls,
        values: np.ndarray,
        names: Sequence[str],
        informing: np.ndarray,
        strata: np.ndarray | None = None,
    ) -> "Standardized":
        """Standardize columns (n, q) and require that none follows from the others.

        Parameters
        ----------
        values : ndarray of float, shape (n, q)
        names : sequence of str
        informing : ndarray of int
            Rows whose values enter the likelihood.
        strata : ndarray, shape (n,), optional
            Stratum of each row, where differences between strata do not inform.

        Raises
        ------
        FitError
            Naming the columns that determine each other, or that do not vary.
        """
        one_stratum = np.zeros(len(values), int)
        groups = one_stratum if strata is None else strata
        flat, centred = _within(values, informing, groups)
        if flat.any():
            raise FitError(
                f"{_listed(np.asarray(names)[flat])} has one value in all subjects "
                f"{'' if strata is None else 'of each stratum '}that inform the fit. "
                "Leave it out."
            )
        found = cls(names, centred / centred[informing].std(axis=0))
        found._require_independent(informing)
        return found

    def _require_independent(self, informing: np.ndarray) -> None:
        rows = self.values[informing]
        n, q = rows.shape
        _, sizes, weights = np.linalg.svd(rows, full_matrices=n < q)
        if n >= q and (not q or sizes[-1] / np.sqrt(n) > COLLINEAR):
            return
        weight = np.abs(weights[-1])
        involved = np.asarray(self.names)[weight > 0.1 * weight.max()]
        raise FitError(
            f"the predictors determine each other: {_listed(involved)}. Leave one out "
            "or give it a penalty."
        )


def _within(
    values: np.ndarray, informing: np.ndarray, strata: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Columns (q,) that vary in no stratum, and values (n, q) less their mean there.

    Both over the rows that inform; a stratum without any keeps its values.
    """
    flat, centred = np.ones(values.shape[1], bool), values.astype(float)
    for stratum in np.unique(strata[informing]):
        rows = values[informing[strata[informing] == stratum]]
        flat &= ~varies(rows)
        centred[strata == stratum] -= rows.mean(axis=0)
    return flat, centred


def surely_curved(
    design: np.ndarray, gradient: np.ndarray, hessian: np.ndarray
) -> bool:
    """True if an optimum of the likelihood is certain, without a linear program.

    Along a direction of length 1 in which a likelihood climbs for ever, its second
    derivative is at most its slope times the range of the linear predictor. So a
    Hessian with a larger smallest eigenvalue rules such directions out.

    Parameters
    ----------
    design : ndarray of float, shape (n, q)
        Standardized columns, and the intercept if there is one.
    gradient, hessian : ndarray of float, shapes (q,) and (q, q)
        Of the mean log-likelihood in these columns, at the point found.
    """
    furthest = 2 * np.sqrt((design**2).sum(axis=1).max(initial=0.0))
    slope = float(np.linalg.norm(gradient))
    smallest = np.linalg.eigvalsh(hessian)[0]
    return bool(smallest > max(_CURVED, 100 * furthest * slope))


def separating(comparisons: np.ndarray) -> np.ndarray | None:
    """A direction in which the likelihood climbs for ever, or None [1]_ [2]_.

    Found by linear programming: the sparsest (least absolute sum) direction d with
    ``comparisons @ d >= 0`` in every row and mean 1. None of it depends on how far an
    optimizer went. A row that falls short by less than about 1e-7 of the mean, the
    tolerance of the program, does not count.

    Parameters
    ----------
    comparisons : ndarray of float, shape (m, q)
        Rows that a climbing direction must not make negative: of a logistic model the
        design with the sign of the outcome, of Cox's model the subject who has the
        event less each one then at risk.

    References
    ----------
    .. [1] Konis, K. (2007). Linear programming algorithms for detecting separated
           data in binary logistic regression models. Thesis, University of Oxford.
           https://ora.ox.ac.uk/objects/uuid:8f9ee0d0-d78e-4101-9ab4-f9cbceed2a2a
    .. [2] Heinze, G. and Schemper, M. (2001). "A solution to the problem of monotone
           likelihood in Cox regression". Biometrics, 57, 114-119.
           https://doi.org/10.1111/j.0006-341X.2001.00114.x
    """
    # Its import takes longer than a fit, and hardly a fit needs it.
    from scipy.optimize import linprog

    m, q = comparisons.shape
    if not m or not q:
        return None
    both = np.hstack([comparisons, -comparisons])  # d = positive less negative part
    found = linprog(
        np.ones(2 * q),
        A_ub=-both,
        b_ub=np.zeros(m),
        A_eq=both.mean(axis=0, keepdims=True),
        b_eq=[1.0],
        method="highs",
    )
    return found.x[:q] - found.x[q:] if found.status == 0 else None


def require_overlap(comparisons: np.ndarray, names: Sequence[str]) -> None:
    """Raise FitError naming the columns that separate the outcomes, if any do.

    Parameters
    ----------
    comparisons : ndarray of float, shape (m, q)
        As for `separating`.
    names : sequence of str
        Names of the last columns; an intercept stands before them.
    """
    direction = separating(comparisons)
    if direction is None:
        return
    found = _fewest(comparisons, direction, comparisons.shape[1] - len(names))
    involved = _whole_categories([names[column] for column in found], names)
    verb = "separates" if len(involved) == 1 else "together separate"
    raise FitError(
        f"{_listed(involved)} {verb} the outcomes, so that no coefficient is the "
        "likeliest. Give a penalty or leave out."
    )


def _fewest(
    comparisons: np.ndarray, direction: np.ndarray, n_intercepts: int
) -> list[int]:
    """Columns after the intercepts, none of which can be spared to separate."""
    weight = np.abs(direction[n_intercepts:])
    kept = [int(n) for n in np.flatnonzero(weight > _NO_WEIGHT * weight.max())]
    intercepts = list(range(n_intercepts))
    for column in reversed(kept[:] if len(kept) > 1 else []):
        others = [one for one in kept if one != column]
        places = intercepts + [n_intercepts + one for one in others]
        if separating(comparisons[:, places]) is not None:
            kept = others
    return kept


def _whole_categories(involved: Sequence[str], names: Sequence[str]) -> list[str]:
    """Columns, with the covariate in place of all its levels: then one of them, which
    has no column, holds one outcome only."""
    found = []
    for name in involved:
        covariate, is_level, _ = str(name).partition("=")
        levels = [n for n in names if str(n).startswith(f"{covariate}=")]
        whole = is_level and len(levels) > 1 and set(levels) <= set(involved)
        found.append(covariate if whole else str(name))
    return list(dict.fromkeys(found))


def _listed(names: Sequence[str] | np.ndarray) -> str:
    shown = [str(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    words = [*shown, *([f"{more} more"] if more else [])]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
