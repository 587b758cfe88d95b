"""Figure: deviance along the penalty in inner folds, and what was chosen."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ...folds.scheme import CV
from ..settings import PlotEndpoint
from ..style import (
    BLUE,
    GREY,
    VERMILLION,
    applied,
    empty_figure,
    message_figure,
    note,
)

_OPTIONS = {
    "transform": "transform",
    "harmonizer": "harmonizer",
    "max_features": "features, at most",
    "l1_share": "L1 share",
}


def draw(tuning: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Deviance of the inner folds of the first repeat, and settings by frequency.

    The headline arm if it is tuned, else the first arm that is.

    Parameters
    ----------
    tuning : DataFrame
        Table kind "tuning" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    style = settings.style
    arms = list(dict.fromkeys(tuning["arm"]))
    with applied(style):
        if not arms:
            return message_figure(style, "No arm could be tuned in any fold.")
        arm = settings.headline_arm if settings.headline_arm in arms else arms[0]
        rows = tuning[tuning["arm"] == arm]
        figure = empty_figure(style, style.line_mm(19))
        left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
        n_folds = _path_panel(left, rows)
        _choice_panel(right, rows)
        name = settings.arms.get(arm, arm)
        figure.suptitle(f"{settings.label}: {name}", x=0.01, ha="left")
        note(figure, _remark(rows, n_folds))
    return figure


def _path_panel(axes: Axes, rows: pd.DataFrame) -> int:
    """Path of the chosen options in each fold of the first repeat; number of folds."""
    first = rows[(rows["scheme"] == CV.name) & (rows["repeat"] == 1)]
    paths = [_path(part) for _, part in first.groupby("fold", sort=False)]
    paths = [path for path in paths if len(path) and path["penalty"].gt(0).all()]
    for number, path in enumerate(paths):
        _draw_path(axes, path, "chosen" if not number else None)
    axes.set_ylabel("Deviance of held-out subjects")
    if not paths:
        axes.text(0.5, 0.5, "no penalty tuned", transform=axes.transAxes, ha="center")
        axes.set_xticks([])
        return 0
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 3), numticks=6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.invert_xaxis()
    axes.set_xlabel("Penalty per subject (weaker to the right)")
    axes.legend(loc="best")
    return len(paths)


def _draw_path(axes: Axes, path: pd.DataFrame, label: str | None) -> None:
    """One line with its band, and a point where it was chosen."""
    low = path["deviance"] - path["standard_error"]
    high = path["deviance"] + path["standard_error"]
    axes.fill_between(path["penalty"], low, high, color=GREY, alpha=0.15, lw=0)
    axes.plot(path["penalty"], path["deviance"], color=BLUE, lw=0.8)
    chosen = path[path["chosen"].astype(bool)]
    points = chosen["penalty"], chosen["deviance"]
    axes.plot(*points, "o", color=VERMILLION, label=label)


def _path(part: pd.DataFrame) -> pd.DataFrame:
    """All penalties with the other options of the chosen setting, falling."""
    chosen = part[part["chosen"].astype(bool)].iloc[:1]
    options = chosen[list(_OPTIONS)]
    return part.merge(options, on=list(_OPTIONS)).sort_values(
        "penalty", ascending=False
    )


def _choice_panel(axes: Axes, rows: pd.DataFrame) -> None:
    """Share of the folds that chose each value of each option that was tuned."""
    chosen = rows[rows["chosen"].astype(bool)]
    names, shares = [], []
    for option, words in _OPTIONS.items():
        if rows[option].nunique() > 1:
            for value in _ordered(rows[option]):
                names.append(f"{words}: {value}")
                shares.append(100 * float((chosen[option] == value).mean()))
    if not names:
        axes.set_axis_off()
        return
    axes.barh(np.arange(len(names)), shares, color=GREY, height=0.62)
    axes.set_yticks(np.arange(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Folds that chose it (%)")


def _ordered(values: pd.Series) -> Iterable[object]:
    return list(dict.fromkeys(sorted(values.dropna().tolist())))


def _remark(rows: pd.DataFrame, n_folds: int) -> str:
    n_all = len(rows[["scheme", "repeat", "fold"]].drop_duplicates())
    return (
        f"Left: {n_folds} folds of the first repeat of the cross-validation, each with "
        "the other options that it chose; bands: one standard error over the inner "
        f"folds. Right: {n_all} folds of all schemes."
    )
