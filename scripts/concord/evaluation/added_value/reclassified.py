"""NRI and IDI of an arm against another one, repeat by repeat.

Beside each stands what a score without information would give: the risks of the arm are
taken apart into what the reference arm tells of them and the rest, and the rest is
exchanged between the subjects of a fold. What remains is what miscalibration alone does
to the measure, which of the NRI can be much.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from ...statistics.censoring import followed
from ...statistics.classification.reclassification import (
    Parts,
    gains,
    gains_by,
    moves,
)
from ..utility.repeats import RepeatValues
from ..utility.risk_rows import HORIZON

Moved = Callable[[np.ndarray, np.ndarray], np.ndarray]
IDI, NRI, CATEGORIES = "idi", "nri", "nri_categories"
#: Endings of the rows of a measure: its parts and their sum.
PARTS = ("_events", "_non_events", "")
#: Risks nearer to 0 or 1 than this have the logit of it.
_LEAST = 1e-9


@dataclass(frozen=True)
class Measured:
    """A measure over repeats, and what it would be without information, (3,) each."""

    name: str
    values: RepeatValues
    without_information: np.ndarray


def measures(
    repeats: Sequence[pd.DataFrame], cuts: Sequence[float]
) -> Iterator[Measured]:
    """IDI, continuous NRI and, with declared categories, that of categories.

    Parameters
    ----------
    repeats : sequence of DataFrame
        Rows of each repeat, from `paired`.
    cuts : sequence of float
        Risks at which categories begin; none: no categories.
    """
    used: dict[str, np.ndarray | None] = {IDI: None, NRI: None}
    if len(cuts):
        used[CATEGORIES] = np.asarray(cuts, dtype=float)
    exchanged = [_Exchanged.of(rows) for rows in repeats]
    for name, own in used.items():
        found = [_observed(name, rows, own) for rows in repeats]
        values = [(one.values, one.influences) for one in found]
        nothing = [
            _expected(name, rows, other, own)
            for rows, other in zip(repeats, exchanged, strict=True)
        ]
        yield Measured(name, RepeatValues.of(repeats, values), np.mean(nothing, axis=0))


def _observed(name: str, rows: pd.DataFrame, cuts: np.ndarray | None) -> Parts:
    """Parts of one repeat, by the risks of both arms."""
    new, old = (rows[c].to_numpy(dtype=float) for c in ("risk", "risk_reference"))
    if name == IDI:
        return _improvement(rows, new - old)
    change = moves(new, old, cuts)
    return _net(rows, (change > 0).astype(float), (change < 0).astype(float))


def _net(rows: pd.DataFrame, up: np.ndarray, down: np.ndarray) -> Parts:
    """NRI of subjects that move up and down, each with some probability."""
    horizon = float(rows[HORIZON].iloc[0])
    if np.isnan(horizon):
        weight = rows["weight"].to_numpy(dtype=float)
        return gains(rows["event"].to_numpy(dtype=float), up - down, weight)
    return gains_by(horizon, *_outcome(rows), up, down)


def _improvement(rows: pd.DataFrame, change: np.ndarray) -> Parts:
    """IDI of changes of the risk; of censored outcomes with weights of censoring.

    References
    ----------
    Uno, H., Tian, L., Cai, T., Kohane, I. S. and Wei, L. J. (2013). "A unified
    inference procedure for a class of measures to assess improvement in risk prediction
    systems with survival data". Statistics in Medicine, 32, 2430-2442.
    https://doi.org/10.1002/sim.5647
    """
    horizon = float(rows[HORIZON].iloc[0])
    if np.isnan(horizon):
        event, weight = rows["event"].to_numpy(dtype=float), rows["weight"]
        return gains(event, change, weight.to_numpy(dtype=float), corrected=True)
    days, code = _outcome(rows)
    happened = (code > 0) & (days <= horizon)
    known = happened | (days >= horizon)
    last = np.where(known & ~happened, np.inf, days)
    weights = np.where(known, 1.0 / followed(last, known, happened), 0.0)
    status = np.where(known, (happened & (code == 1)).astype(float), np.nan)
    return gains(status, change, weights, corrected=True)


def _outcome(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    days = rows["time_days"].to_numpy(dtype=float)
    return days, rows["code"].to_numpy(dtype=int)


@dataclass(frozen=True)
class _Exchanged:
    """Risks with what the reference does not tell exchanged within folds.

    `risks` holds one array (n, n) per fold: of each subject (row), the risks that it
    would have with the rest of each other (column); `places` their rows.
    """

    places: tuple[np.ndarray, ...]
    risks: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Exchanged":
        """Exchanged risks of one repeat."""
        new, old = (_logit(rows[c]) for c in ("risk", "risk_reference"))
        fold = rows.groupby("fold").ngroup().to_numpy()
        n = np.bincount(fold)
        first, second = (one - (np.bincount(fold, one) / n)[fold] for one in (new, old))
        square = second @ second
        slope = float(first @ second / square) if square > 0 else 0.0
        rest = first - slope * second
        places = tuple(np.flatnonzero(fold == one) for one in range(len(n)))
        risks = tuple(
            special.expit((new[own] - rest[own])[:, None] + rest[own][None, :])
            for own in places
        )
        return cls(places, risks)

    def mean(self, function: Moved, n: int) -> np.ndarray:
        """Mean over the others of a fold of a function of risks (n, n) and rows."""
        found = np.zeros(n)
        for own, risks in zip(self.places, self.risks, strict=True):
            values = function(risks, own)
            if len(own) > 1:
                values = (values.sum(axis=1) - np.diag(values)) / (len(own) - 1)
                found[own] = values
            else:
                found[own] = values[:, 0]
        return found


def _expected(
    name: str, rows: pd.DataFrame, exchanged: _Exchanged, cuts: np.ndarray | None
) -> np.ndarray:
    """Values (3,) of one repeat without information beyond the reference."""
    old, n = rows["risk_reference"].to_numpy(dtype=float), len(rows)

    def moved(risks: np.ndarray, own: np.ndarray) -> np.ndarray:
        before = np.broadcast_to(old[own][:, None], risks.shape)
        return moves(risks, before, cuts) if name != IDI else risks - before

    if name == IDI:
        return _improvement(rows, exchanged.mean(moved, n)).values
    up = exchanged.mean(lambda risks, own: moved(risks, own) > 0, n)
    down = exchanged.mean(lambda risks, own: moved(risks, own) < 0, n)
    return _net(rows, up, down).values


def _logit(risk: pd.Series) -> np.ndarray:
    return np.asarray(
        special.logit(np.clip(risk.to_numpy(dtype=float), _LEAST, 1 - _LEAST))
    )
