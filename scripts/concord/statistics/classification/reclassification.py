"""Reclassification: net reclassification (NRI) and integrated discrimination (IDI).

Both have a part of subjects with the event and one of those without. A sum of the two
is no share of anything and is never shown without them.
"""

from dataclasses import dataclass

import numpy as np

from .flagged import flagged_by


@dataclass(frozen=True)
class Parts:
    """Gain among subjects with the event and among those without, and their sum.

    Attributes
    ----------
    values : ndarray of float, shape (3,)
        Of events, of non-events, and their sum.
    influences : ndarray of float, shape (3, n)
        How far each subject moves them; the sum of squares is the variance.
    """

    values: np.ndarray
    influences: np.ndarray

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors of the three, of independent subjects."""
        return np.asarray(np.sqrt((self.influences**2).sum(axis=1)))

    @classmethod
    def of(cls, values: np.ndarray, influences: np.ndarray) -> "Parts":
        """Two parts, (2,) and (2, n), with their sum."""
        return cls(
            np.append(values, values.sum()),
            np.vstack([influences, influences.sum(axis=0)]),
        )


def moves(
    new: np.ndarray, old: np.ndarray, cuts: np.ndarray | None = None
) -> np.ndarray:
    """1 for a risk that rises, -1 for one that falls, else 0; shape (n,).

    Parameters
    ----------
    new, old : ndarray of float, shape (n,)
        Predicted risks.
    cuts : ndarray of float, shape (k,), optional
        Ascending risks from which the next category begins: only a change of category
        counts.
    """
    if cuts is None:
        return np.asarray(np.sign(new - old))
    first, second = (np.searchsorted(cuts, one, side="right") for one in (old, new))
    return np.asarray(np.sign(second - first), dtype=float)


def gains(
    event: np.ndarray,
    change: np.ndarray,
    weight: np.ndarray | None = None,
    corrected: bool = False,
) -> Parts:
    """Mean change of the risk where it ought to rise and where it ought to fall.

    With `moves` it is the NRI [1]_ [2]_, with differences of risks the IDI.

    Parameters
    ----------
    event : ndarray, shape (n,)
        1 with the event, 0 without.
    change : ndarray of float, shape (n,)
        Upwards is positive.
    weight : ndarray of float, shape (n,), optional
        Number of subjects that each one stands for; 1 by default.
    corrected : bool
        Variances with n - 1 in the denominator, as of the IDI in use.

    Returns
    -------
    Parts
        NaN without a subject of both classes.

    References
    ----------
    .. [1] Pencina, M. J., D'Agostino, R. B., D'Agostino, R. B. and Vasan, R. S. (2008).
           "Evaluating the added predictive ability of a new marker". Statistics in
           Medicine, 27, 157-172. https://doi.org/10.1002/sim.2929
    .. [2] Pencina, M. J., D'Agostino, R. B. and Steyerberg, E. W. (2011). "Extensions
           of net reclassification improvement calculations to measure usefulness of new
           biomarkers". Statistics in Medicine, 30, 11-21.
           https://doi.org/10.1002/sim.4085
    """
    parts = np.ones(len(event)) if weight is None else np.asarray(weight, dtype=float)
    values, influences = np.full(2, np.nan), np.zeros((2, len(event)))
    for row, (member, sign) in enumerate(((event == 1, 1.0), (event == 0, -1.0))):
        own, n = np.where(member, parts, 0.0), int(member.sum())
        total = own.sum()
        if not total > 0:
            continue
        values[row] = sign * (own @ change) / total
        factor = np.sqrt(n / (n - 1)) if corrected and n > 1 else 1.0
        influences[row] = factor * own * (sign * change - values[row]) / total
    return Parts.of(values, influences)


def gains_by(
    horizon: float, days: np.ndarray, code: np.ndarray, up: np.ndarray, down: np.ndarray
) -> Parts:
    """NRI of risks at a horizon, of outcomes that may be censored before it [1]_.

    The event rates of those who rise, of those who fall and of all are Kaplan and
    Meier's or, with competing causes, Aalen and Johansen's.

    Parameters
    ----------
    horizon, days, code
        As of `flagged_by`.
    up, down : ndarray of bool or float, shape (n,)
        Whose risk rises and whose falls, or with which probability.

    References
    ----------
    .. [1] Pencina et al. 2011, https://doi.org/10.1002/sim.4085
    """
    flags = np.stack([up, down, np.ones(len(days))]).astype(float)
    found = flagged_by(horizon, days, code, flags)
    true, false = found.true_positives, found.false_positives
    moved, wrong = found.true_influence, found.false_influence
    rate = true[2]
    if not 0 < rate < 1:
        return Parts.of(np.full(2, np.nan), np.zeros((2, len(days))))
    events = (true[0] - true[1]) / rate
    others = (false[1] - false[0]) / (1 - rate)
    influences = [
        (moved[0] - moved[1] - events * moved[2]) / rate,
        (wrong[1] - wrong[0] + others * moved[2]) / (1 - rate),
    ]
    return Parts.of(np.array([events, others]), np.stack(influences))
