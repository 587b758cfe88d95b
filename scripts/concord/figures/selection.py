"""Figure: which features the headline arm selects, and with what sign."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import labels
from .labels import no_coefficients
from .settings import PlotEndpoint
from .style import (
    BLUE,
    GREY,
    VERMILLION,
    applied,
    broken,
    empty_figure,
    message_figure,
    note,
)
from .summaries import TOP, most_selected

_PER_SD = "log odds or log hazard per SD)"
#: Unit of coefficients by the kind of the model, and what else is to be known of them.
_UNITS = {
    "penalized": f"{_PER_SD}, shrunk by the penalty",
    "linear_predictor": "points per unit, as published)",
}


def draw(selection: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Selection frequency and mean coefficient of the features chosen most often.

    Parameters
    ----------
    selection : DataFrame
        Table kind "selection" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    style = settings.style
    rows = most_selected(selection, settings.headline_arm, TOP)
    with applied(style):
        if rows.empty:
            return message_figure(style, no_coefficients(settings.model))
        letters = 22 if style.narrow else 60
        names = [broken(labels.feature(t), letters) for t in rows["term"]]
        lines = max(name.count("\n") + 1 for name in names)
        figure = empty_figure(
            style, style.line_mm((0.35 + 0.8 * lines) * len(rows) + 9)
        )
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.2, 1])
        _frequency_panel(left, rows, names)
        _coefficient_panel(right, rows)
        figure.suptitle(f"{settings.label}: {settings.arm_label}", x=0.01, ha="left")
        note(figure, _remark(selection, rows, settings))
    return figure


def _frequency_panel(axes: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    axes.barh(rows.index, 100 * rows["frequency"], color=GREY, height=0.62)
    axes.set_yticks(rows.index, names)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Selected (%)")


def _coefficient_panel(axes: Axes, rows: pd.DataFrame) -> None:
    axes.axvline(0, color=GREY, lw=0.6, ls="--", zorder=0)
    signs = (("Higher risk", VERMILLION, "^", 1), ("Lower risk", BLUE, "v", -1))
    for name, colour, marker, sign in signs:
        part = rows[sign * rows["mean_coefficient"] > 0]
        values = part["mean_coefficient"].to_numpy(dtype=float)
        axes.hlines(part.index, 0, values, color=colour, lw=1.0)
        axes.plot(values, part.index, marker, ls="", color=colour, label=name)
    reach = 1.15 * rows["mean_coefficient"].abs().max()
    if reach > 0:
        axes.set_xlim(-reach, reach)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Mean coefficient")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))


def _remark(selection: pd.DataFrame, rows: pd.DataFrame, settings: PlotEndpoint) -> str:
    is_chosen = (selection["arm"] == settings.headline_arm) & (
        selection["n_selected"] > 0
    )
    return (
        f"{len(rows)} of {is_chosen.sum()} features that were selected at least once "
        f"in {rows['n_fits'].max()} fits. Mean coefficient over the fits that selected "
        f"the feature ({_UNITS.get(settings.model.kind, _PER_SD)}."
    )
