"""Figure: predictions, classes and calibration by models of other samples."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...statistics.instability.local_line import local_line
from ..settings import PlotEndpoint
from ..style import (
    BLACK,
    BLUE,
    GREY,
    SKY,
    VERMILLION,
    applied,
    empty_figure,
    letter,
    message_figure,
    note,
)

#: Kinds of the tables that it is drawn from.
TABLES = ("prediction_instability", "class_instability", "calibration_instability")
#: Subjects from which on smooth lines are drawn, and places of these.
_ENOUGH, _PLACES = 10, 40
_MOST_CURVES = 100


def draw(
    predictions: pd.DataFrame,
    classes: pd.DataFrame,
    calibration: pd.DataFrame,
    settings: PlotEndpoint,
) -> Figure:
    """Four panels: predictions, their mean error, classes, calibration curves.

    Parameters
    ----------
    predictions, classes, calibration : DataFrame
        Tables of the kinds `TABLES` of one endpoint.
    settings : PlotEndpoint
        Style, printed names and the headline arm.

    Returns
    -------
    Figure
        Of the headline arm, if it is looked at, and of the first horizon.
    """
    rows = _one(predictions, settings.headline_arm)
    rows = rows[rows["original"].notna()].sort_values("original")
    with applied(settings.style):
        if rows.empty or rows["mape"].isna().all():
            return message_figure(
                settings.style, "No model of a sample has a prediction."
            )
        figure = empty_figure(settings.style, 0.86 * settings.style.width_mm)
        panels = figure.subplots(2, 2).ravel()
        scale = str(rows["scale"].iloc[0])
        _predictions(panels[0], rows, scale)
        _errors(panels[1], rows, scale)
        _classes(panels[2], _one(classes, _arm(rows)), scale)
        _curves(panels[3], _one(calibration, _arm(rows)), scale)
        note(figure, _remark(rows, settings))
    return figure


def _one(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Rows of an arm, or of the first one, and of its first horizon."""
    if table.empty:
        return table
    arms = list(dict.fromkeys(table["arm"]))
    rows = table[table["arm"] == (arm if arm in arms else arms[0])]
    horizons = rows["horizon_days"].dropna()
    return rows if horizons.empty else rows[rows["horizon_days"] == horizons.min()]


def _arm(rows: pd.DataFrame) -> str:
    return str(rows["arm"].iloc[0])


def _predictions(axes: Axes, rows: pd.DataFrame, scale: str) -> None:
    """Range of the predictions of each subject over the original one."""
    x, low, high, middle = (
        rows[name].to_numpy(dtype=float)
        for name in ("original", "lower", "upper", "median")
    )
    axes.vlines(x, low, high, color=SKY, lw=0.8, zorder=1)
    axes.plot(x, middle, "o", color=BLUE, ms=2.0, zorder=3, label="Median")
    span = [float(np.nanmin([x, low])), float(np.nanmax([x, high]))]
    axes.plot(span, span, color=BLACK, lw=0.7, ls="--", zorder=2, label="No change")
    known = np.isfinite(low) & np.isfinite(high)
    if known.sum() >= _ENOUGH:
        at = np.linspace(x[known].min(), x[known].max(), _PLACES)
        for place, bound in enumerate((low, high)):
            # Lines at the ends may leave the range that predictions have.
            ends = bound[known].min(), bound[known].max()
            smooth = np.clip(local_line(x[known], bound[known], at), *ends)
            label = "95 % range, smooth" if place == 0 else None
            axes.plot(at, smooth, color=VERMILLION, lw=1.1, zorder=4, label=label)
    letter(axes, "a", "Predictions")
    axes.set_xlabel(f"Original {scale}")
    axes.set_ylabel(f"{scale.capitalize()} by models of samples")
    axes.legend(loc="lower right", fontsize="small")


def _errors(axes: Axes, rows: pd.DataFrame, scale: str) -> None:
    """Mean absolute difference of each subject over the original prediction."""
    error = rows["mape"].to_numpy(dtype=float)
    axes.plot(rows["original"], error, "o", color=BLUE, ms=2.4)
    mean = float(np.nanmean(error))
    axes.axhline(mean, color=VERMILLION, lw=1.0)
    letter(axes, "b", f"Differences, mean {mean:.2f}")
    axes.set_xlabel(f"Original {scale}")
    axes.set_ylabel("Mean absolute difference")
    axes.set_ylim(bottom=0)


def _classes(axes: Axes, rows: pd.DataFrame, scale: str) -> None:
    """Share of the models that classify a subject otherwise."""
    declared = rows["threshold"].dropna()
    if declared.empty:
        shown, words = rows[rows["rule"] == "risk_group"], "own median cuts"
    else:
        first = float(declared.iloc[0])
        shown, words = rows[rows["threshold"] == first], f"threshold {first:g}"
        axes.axvline(first, color=BLACK, lw=0.7, ls="--")
    axes.plot(shown["original"], shown["changed"], "o", color=BLUE, ms=2.4)
    letter(axes, "c", f"Classes, {words}")
    axes.set_xlabel(f"Original {scale}")
    axes.set_ylabel("Share of models with another class")
    axes.set_ylim(-0.03, 1.03)


def _curves(axes: Axes, rows: pd.DataFrame, scale: str) -> None:
    """Calibration curve of each model in all subjects."""
    letter(axes, "d", "Calibration in all subjects")
    if rows.empty:
        axes.set_axis_off()
        text = "no curve:\nscores without a horizon are no probabilities"
        axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes)
        return
    drawn = sorted(set(rows["sample"]))[: _MOST_CURVES + 1]
    for sample, curve in rows[rows["sample"].isin(drawn)].groupby("sample"):
        whole = sample == 0
        axes.plot(
            curve["predicted"],
            curve["observed"],
            color=BLUE if whole else GREY,
            lw=1.8 if whole else 0.5,
            alpha=1.0 if whole else 0.6,
            zorder=3 if whole else 1,
            label="Original model" if whole else None,
        )
    axes.plot([0, 1], [0, 1], color=BLACK, lw=0.7, ls="--", label="Ideal")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_xlabel(f"Predicted {scale}")
    axes.set_ylabel("Observed, smooth")
    axes.legend(loc="lower right", fontsize="small")


def _remark(rows: pd.DataFrame, settings: PlotEndpoint) -> str:
    """Arm, models and horizon, and how to read the panels."""
    arm = settings.arms.get(_arm(rows), _arm(rows))
    horizon = rows["horizon_days"].iloc[0]
    when = "" if pd.isna(horizon) else f" Risk by {horizon:g} days."
    return (
        f"{arm}: the model of all subjects (original), and {rows['n_models'].max()} "
        "models of bootstrap samples of them, each with the whole pipeline fitted "
        f"anew.{when} Bars in a: central 95 % of the predictions of a subject. All "
        "models score subjects that they have learnt from, so that calibration here is "
        "no performance; how far the grey curves scatter is what the panel shows."
    )
