"""Net benefit of an arm at some thresholds, repeat by repeat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...statistics.classification.flagged import Flagged, flagged, flagged_by
from ...statistics.classification.net_benefit import NetBenefit, net_benefit
from .repeats import RepeatValues
from .risk_rows import HORIZON, repeats_of

#: Places of the parts of `Shares.values`.
SHARE, TRUE, FALSE, EVENTS, VALUE, ALL, OVER_ALL = range(7)


@dataclass(frozen=True)
class Shares:
    """Shares of flagged subjects and net benefits of one repeat.

    Attributes
    ----------
    values : ndarray of float, shape (7, T)
        Flagged, true positives, false positives, events of all; net benefit, that of
        acting on everybody, and the difference of these two.
    influences : ndarray of float, shape (7, T, n)
        How far each subject moves them.
    """

    values: np.ndarray
    influences: np.ndarray


def shares(rows: pd.DataFrame, thresholds: np.ndarray, column: str = "risk") -> Shares:
    """Shares of the rows of one repeat whose risk is at least each threshold (T,)."""
    risk = rows[column].to_numpy(dtype=float)
    chosen = _flagged(rows, risk >= thresholds[:, None])
    everybody = _flagged(rows, np.ones((1, len(rows))))
    benefit = net_benefit(thresholds, chosen, everybody)
    return Shares(*_stacked(chosen, everybody, benefit))


def benefits(rows: pd.DataFrame, thresholds: np.ndarray) -> RepeatValues:
    """Shares and net benefits (7, T) of all repeats of an arm, scheme and horizon."""
    return _over_repeats(rows, lambda part: shares(part, thresholds))


def gain_over_reference(rows: pd.DataFrame, thresholds: np.ndarray) -> RepeatValues:
    """Net benefit of an arm less that of its reference (1, T); see `paired`."""

    def difference(part: pd.DataFrame) -> Shares:
        first, second = (
            shares(part, thresholds, column) for column in ("risk", "risk_reference")
        )
        return Shares(
            first.values[[VALUE]] - second.values[[VALUE]],
            first.influences[[VALUE]] - second.influences[[VALUE]],
        )

    return _over_repeats(rows, difference)


def _over_repeats(
    rows: pd.DataFrame, judge: Callable[[pd.DataFrame], Shares]
) -> RepeatValues:
    repeats = repeats_of(rows)
    found = [judge(part) for part in repeats]
    return RepeatValues.of(repeats, [(one.values, one.influences) for one in found])


def _flagged(rows: pd.DataFrame, flags: np.ndarray) -> Flagged:
    """Shares by known outcomes, or by a horizon, whichever the rows have."""
    horizon = rows[HORIZON].iloc[0]
    if np.isnan(horizon):
        weight = rows["weight"].to_numpy(dtype=float)
        return flagged(rows["event"].to_numpy(dtype=float), flags, weight)
    days, code = rows["time_days"].to_numpy(dtype=float), rows["code"].to_numpy()
    return flagged_by(float(horizon), days, code, flags)


def _stacked(
    chosen: Flagged, everybody: Flagged, benefit: NetBenefit
) -> tuple[np.ndarray, np.ndarray]:
    """Values (7, T) and influences (7, T, n), in the order of the places."""
    of_all = np.broadcast_to(everybody.true_positives, benefit.value.shape)
    moved = np.broadcast_to(everybody.true_influence, benefit.influence.shape)
    values: Sequence[np.ndarray] = (
        chosen.share,
        chosen.true_positives,
        chosen.false_positives,
        of_all,
        benefit.value,
        benefit.everybody,
        benefit.value - benefit.everybody,
    )
    influences: Sequence[np.ndarray] = (
        chosen.share_influence,
        chosen.true_influence,
        chosen.false_influence,
        moved,
        benefit.influence,
        benefit.everybody_influence,
        benefit.influence - benefit.everybody_influence,
    )
    return np.stack(values), np.stack(influences)
