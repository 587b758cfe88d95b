"""Figure: AUC of cases by each day and controls at it, over time."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import labels
from ..models.at_risk import DAYS_PER_MONTH, month_ticks
from ..settings import PlotEndpoint
from ..style import GREY, GROUPS, applied, empty_figure, message_figure, note

_COUNTS = {"n_cases": "Cases", "n_controls": "Controls"}
_TICKS = 9


def draw(course: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Curves of the headline and the reference arm, with cases and controls below.

    Parameters
    ----------
    course : DataFrame
        Table kind "time_dependent_auc" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    style = settings.style
    rows = course[course["estimate"].notna()]
    arms = labels.arm_order(
        set(rows["arm"]), settings.headline_arm, settings.reference_arm
    )
    with applied(style):
        if not arms:
            return message_figure(style, "No day has cases and controls in the folds.")
        figure = empty_figure(style, min(80.0, style.width_mm) + style.line_mm(3))
        axes, table = figure.subplots(2, 1, sharex=True, height_ratios=[1, 0.16])
        axes.axhline(labels.CHANCE, color=GREY, lw=0.6, ls="--")
        for number, arm in enumerate(arms):
            _curve(axes, rows[rows["arm"] == arm], number, settings)
        ticks = month_ticks(course["time_days"].max() / DAYS_PER_MONTH, _TICKS)
        axes.set_ylim(*_range(rows))
        axes.set_xlim(0, None)
        axes.set_ylabel("AUC of cases and controls")
        axes.set_title(settings.label)
        axes.legend(loc="lower right", alignment="left")
        _numbers(table, course[course["arm"] == arms[0]], ticks)
        note(figure, _remark(rows, settings))
    return figure


def _curve(axes: Axes, part: pd.DataFrame, number: int, settings: PlotEndpoint) -> None:
    """One curve with its pointwise band."""
    colour, line, _ = GROUPS[number]
    arm = str(part["arm"].iloc[0])
    months = part["time_days"].to_numpy(dtype=float) / DAYS_PER_MONTH
    low, high, value = part[["lower", "upper", "estimate"]].to_numpy(dtype=float).T
    axes.fill_between(months, low, high, color=colour, alpha=0.15, linewidth=0)
    for bound in (low, high):
        axes.plot(months, bound, color=colour, ls=line, lw=0.4)
    width = 1.6 if arm == settings.headline_arm else 1.0
    label = labels.label(arm, settings.arms)
    axes.plot(months, value, color=colour, ls=line, lw=width, label=label)


def _range(rows: pd.DataFrame) -> tuple[float, float]:
    """Limits that hold chance and all bands, with room for the names below."""
    lowest = rows[["lower", "estimate"]].min().min()
    least = min(float(lowest), labels.CHANCE)
    return max(0.0, np.floor(10 * least - 1) / 10), 1.02


def _numbers(axes: Axes, part: pd.DataFrame, ticks: np.ndarray) -> None:
    """Cases and controls at the last day before each tick."""
    place = part["time_days"].searchsorted(ticks * DAYS_PER_MONTH, side="right") - 1
    for height, (column, _) in enumerate(_COUNTS.items()):
        counts = part[column].to_numpy(dtype=int)
        for tick, at in zip(ticks, place, strict=True):
            if at >= 0:
                axes.text(tick, height, str(counts[at]), ha="center", va="center")
    axes.set_yticks(range(len(_COUNTS)), list(_COUNTS.values()))
    axes.set_ylim(1.6, -0.6)
    axes.spines[["left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks(ticks)
    axes.set_xlabel("Time (months)")


def _remark(rows: pd.DataFrame, settings: PlotEndpoint) -> str:
    scheme = labels.SCHEMES.get(str(rows["scheme"].iloc[0]), "")
    return (
        f"{scheme}: mean over the folds with a case and a control, at days at which "
        "half of the folds have them. Cases had the event by the day; controls were "
        "followed to it without. Subjects are weighted by the inverse probability of "
        f"follow-up. Bands: {100 * settings.confidence:g} % confidence, pointwise."
    )
