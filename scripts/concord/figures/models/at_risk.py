"""Numbers at risk below curves of risk groups, and the time axis of both."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..style import BLUE, VERMILLION

DAYS_PER_MONTH = 365.25 / 12
#: Printed name, colour and line of each risk group.
RISK_GROUPS = {
    "low": ("Low risk", BLUE, "-"),
    "high": ("High risk", VERMILLION, "--"),
}
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120)


def month_ticks(longest: float, most: int = 8) -> np.ndarray:
    """Round numbers of months from zero to the longest time, about `most` at most."""
    step = next((s for s in _STEPS_MONTHS if longest / s <= most), _STEPS_MONTHS[-1])
    return np.arange(0, longest + 1e-9, step)


def numbers_at_risk(axes: Axes, rows: pd.DataFrame, ticks: np.ndarray) -> None:
    """Numbers at risk of each group: those of the next time in the table.

    Parameters
    ----------
    rows : DataFrame
        Columns `risk_group`, `time_days`, `n_at_risk`; times of a group ascend.
    ticks : ndarray of float
        Months.
    """
    for height, (name, (_, colour, _)) in enumerate(RISK_GROUPS.items()):
        part = rows[rows["risk_group"] == name]
        following = part["time_days"].searchsorted(ticks * DAYS_PER_MONTH)
        counts = np.append(part["n_at_risk"].to_numpy(dtype=int), 0)[following]
        for tick, count in zip(ticks, counts, strict=True):
            axes.text(tick, height, str(count), ha="center", va="center", color=colour)
        axes.axhline(height, lw=0)
    axes.set_yticks(range(len(RISK_GROUPS)), [v[0] for v in RISK_GROUPS.values()])
    axes.set_ylim(1.6, -0.9)
    axes.set_title("Number at risk", pad=2)
    axes.spines[["left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks(ticks)
    axes.set_xlabel("Time (months)")
