"""Numbers at risk below curves of risk groups, their looks, and the time axis."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...statistics.risk_groups import HIGH, LOW, label, ordered
from ..style import BLUE, GREEN, ORANGE, PURPLE, VERMILLION

DAYS_PER_MONTH = 365.25 / 12
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_BETWEEN = ((GREEN, "-."), (ORANGE, ":"), (PURPLE, (0, (5, 1, 1, 1, 1, 1))))


class Look(NamedTuple):
    """Printed name, colour and line of a risk group."""

    title: str
    colour: str
    line: str | tuple[int, tuple[int, ...]]


def looks(found: Iterable[str]) -> dict[str, Look]:
    """Look of each risk group in the order of risk, low and high among them."""
    names = ordered([*found, LOW, HIGH])
    between = iter(_BETWEEN * len(names))
    ends = {LOW: (BLUE, "-"), HIGH: (VERMILLION, "--")}
    return {
        name: Look(label(name), *(ends.get(name) or next(between))) for name in names
    }


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
    shown = looks(rows["risk_group"])
    for height, (name, look) in enumerate(shown.items()):
        part = rows[rows["risk_group"] == name]
        following = part["time_days"].searchsorted(ticks * DAYS_PER_MONTH)
        counts = np.append(part["n_at_risk"].to_numpy(dtype=int), 0)[following]
        for tick, count in zip(ticks, counts, strict=True):
            text = axes.text(tick, height, str(count), ha="center", va="center")
            text.set_color(look.colour)
        axes.axhline(height, lw=0)
    axes.set_yticks(range(len(shown)), [look.title for look in shown.values()])
    axes.set_ylim(len(shown) - 0.4, -0.9)
    axes.set_title("Number at risk", pad=2)
    axes.spines[["left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks(ticks)
    axes.set_xlabel("Time (months)")
