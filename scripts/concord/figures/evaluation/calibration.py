"""Figure: calibration of the headline arm, over all subjects and by group."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...folds.scheme import CV, LOSO
from ..settings import PlotEndpoint
from ..style import (
    BLACK,
    BLUE,
    GREY,
    GROUPS,
    PALE,
    applied,
    empty_figure,
    message_figure,
    note,
    with_bounds,
)

_GROUP = "group="
_NO_CURVE = "There is no probability to calibrate, or too few events for a curve."
_MOST_PANELS, _MOST_NARROW = 3, 2
#: Height of the bars of predictions, as a share of the curve's.
_BARS = 0.42


@dataclass(frozen=True)
class _Panel:
    """Rows of one horizon, NaN of a binary outcome."""

    horizon: float
    whole: pd.Series  # calibration of all subjects
    groups: pd.DataFrame  # the same of each group
    curve: pd.DataFrame
    bins: pd.DataFrame


TABLES = ("calibration", "calibration_curve", "calibration_histogram")


def draw(
    calibration: pd.DataFrame,
    curves: pd.DataFrame,
    histogram: pd.DataFrame,
    settings: PlotEndpoint,
) -> Figure:
    """Observed against predicted probability, with the predictions below.

    Parameters
    ----------
    calibration, curves, histogram : DataFrame
        Table kinds "calibration", "calibration_curve" and "calibration_histogram" of
        one endpoint; the headline arm is drawn.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.

    Returns
    -------
    Figure
        One panel per horizon: the flexible curve with its band, the ideal line and a
        point for each group in the large; below, predictions by outcome.
    """
    style = settings.style
    most = _MOST_NARROW if style.narrow else _MOST_PANELS
    panels = _panels(calibration, curves, histogram, settings)
    with applied(style):
        if not panels:
            return message_figure(style, _NO_CURVE)
        shown = panels[:most]
        width = style.width_mm * (0.66 if len(shown) == 1 else 1 / len(shown))
        figure = empty_figure(style, min(width, 80.0) * 1.25 + style.line_mm(9))
        axes = figure.subplots(
            2, len(shown), sharex="col", squeeze=False, height_ratios=[1, _BARS]
        )
        for place, panel in enumerate(shown):
            _draw_panel(axes[0, place], axes[1, place], panel)
        axes[0, 0].set_ylabel("Observed probability")
        axes[1, 0].set_ylabel("Subjects")
        _add_legend(figure, axes[0], settings)
        note(figure, _remark(panels, len(shown), settings))
    return figure


def _panels(
    calibration: pd.DataFrame,
    curves: pd.DataFrame,
    histogram: pd.DataFrame,
    settings: PlotEndpoint,
) -> list[_Panel]:
    """Horizons of the headline arm that have a curve."""
    own = _of(calibration, settings.headline_arm)
    scheme = _scheme(own)
    apart = own[own["scheme"] == (LOSO.name if _has(own, LOSO.name) else scheme)]
    own = own[own["scheme"] == scheme]
    found = []
    for _, whole in own[own["stratum"] == "all"].sort_values("horizon_days").iterrows():
        horizon, at = whole["horizon_days"], {"scheme": scheme}
        curve = _at(_of(curves, settings.headline_arm), horizon, **at)
        if curve.empty:
            continue
        groups = _at(apart, horizon)
        groups = groups[groups["stratum"].str.startswith(_GROUP)]
        bins = _at(_of(histogram, settings.headline_arm), horizon, **at)
        found.append(_Panel(float(horizon), whole, groups, curve, bins))
    return found


def _of(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    return table[table["arm"] == arm]


def _at(table: pd.DataFrame, horizon: float, **equal: str) -> pd.DataFrame:
    """Rows of one horizon, NaN among them, and of some texts."""
    days = table["horizon_days"].astype(float)
    same = days.isna() if np.isnan(horizon) else days == horizon
    for name, value in equal.items():
        same &= table[name] == value
    return table[same]


def _has(own: pd.DataFrame, scheme: str) -> bool:
    return bool((own["scheme"] == scheme).any())


def _scheme(own: pd.DataFrame) -> str:
    """Scheme whose curve is drawn: the cross-validation, or what else there is."""
    if _has(own, CV.name) or own.empty:
        return CV.name
    return str(own["scheme"].iloc[0])


def _draw_panel(axes: Axes, bars: Axes, panel: _Panel) -> None:
    """Curve with band, groups in the large and, below, predictions by outcome."""
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.8, ls="--", label="Ideal")
    curve = panel.curve[["predicted", "observed", "lower", "upper"]].to_numpy(float)
    x, y, low, high = curve.T
    axes.fill_between(x, low, high, color=PALE, lw=0, zorder=0)
    axes.plot(x, y, color=BLACK, lw=1.5, label="Smoothed")
    for number, (_, row) in enumerate(panel.groups.iterrows()):
        _point(axes, row, number)
    end = _end(panel)
    axes.set_xlim(-0.02 * end, 1.02 * end)
    axes.set_ylim(-0.02 * end, 1.02 * end)
    if np.isfinite(panel.horizon):
        axes.set_title(f"{panel.horizon:g} days")
    _bars(bars, panel.bins)
    bars.set_xlabel("Predicted probability")


def _point(axes: Axes, row: pd.Series, number: int) -> None:
    """Mean prediction and observed share of a group, with its interval."""
    mean, observed = float(row["mean_prediction"]), float(row["observed"])
    if not np.isfinite([mean, observed]).all():
        return
    colour, _, marker = GROUPS[number % len(GROUPS)]
    name = row["stratum"].removeprefix(_GROUP)
    bounds = mean * row[["oe_lower", "oe_upper"]].to_numpy(dtype=float)
    if np.isfinite(bounds).all():
        axes.plot([mean, mean], np.minimum(bounds, 1), color=colour, lw=0.8, zorder=2)
    style: dict[str, Any] = {"ls": "", "marker": marker, "ms": 4.5, "mec": "white"}
    axes.plot(mean, observed, color=colour, label=name, mew=0.4, zorder=3, **style)


def _end(panel: _Panel) -> float:
    """Upper end of both axes: 1, or less if all risks are far below."""
    used = [panel.curve["upper"].max(), panel.bins["upper"].max()]
    used += [panel.groups["observed"].max(), panel.groups["mean_prediction"].max()]
    largest = float(np.nanmax(np.array(used, dtype=float)))
    return min(1.0, np.ceil(largest * 10) / 10)


def _bars(axes: Axes, bins: pd.DataFrame) -> None:
    """Events above the line, subjects without below."""
    left = bins["lower"].to_numpy(dtype=float)
    width = bins["upper"].to_numpy(dtype=float) - left
    events = bins["n_events"].to_numpy(dtype=float)
    free = bins["n_free"].to_numpy(dtype=float)
    style: dict[str, Any] = {"align": "edge", "linewidth": 0.3, "edgecolor": "white"}
    axes.bar(left, events, width, color=BLUE, **style)
    axes.bar(left, -free, width, color=GREY, **style)
    axes.axhline(0, color=BLACK, lw=0.5)
    most = max([1.0, *events, *free])
    axes.set_ylim(-2 * most, 2 * most)
    axes.set_yticks([-most, 0, most], [f"{most:.0f}", "0", f"{most:.0f}"])
    place: dict[str, Any] = {"ha": "right", "transform": axes.transAxes}
    axes.text(0.99, 0.97, "event", va="top", **place)
    axes.text(0.99, 0.03, "none", va="bottom", **place)


def _numbers(panel: _Panel) -> str:
    """Intercept and slope with their intervals."""
    when = "" if np.isnan(panel.horizon) else f" at {panel.horizon:g} days"
    intercept, slope = (_value(panel.whole, name) for name in ("intercept", "slope"))
    return f" Intercept{when} {intercept}, slope {slope}."


def _value(row: pd.Series, name: str) -> str:
    return with_bounds(row[name], row[f"{name}_lower"], row[f"{name}_upper"])


def _add_legend(figure: Figure, axes: Any, settings: PlotEndpoint) -> None:
    """Marks of all panels, each name once, with the title of the figure."""
    found: dict[str, Any] = {}
    for one in axes:
        handles, names = one.get_legend_handles_labels()
        found |= dict(zip(names, handles, strict=True))
    title = f"{settings.label}: {settings.arm_label}"
    place: dict[str, Any] = {"loc": "outside right center"}
    if settings.style.narrow:
        place = {"loc": "outside upper center", "ncols": 3, "title": title}
    else:
        figure.suptitle(title, x=0.01, ha="left")
    figure.legend(list(found.values()), list(found), **place)


def _remark(panels: list[_Panel], n_shown: int, settings: PlotEndpoint) -> str:
    whole = panels[0].whole
    text = (
        f"Curve: {whole['smoother']}, with pointwise {100 * settings.confidence:g} % "
        f"band ({whole['n_events']} events of {whole['n']} subjects)."
    )
    text += "".join(_numbers(panel) for panel in panels[:n_shown])
    if any(len(panel.groups) for panel in panels):
        left_out = (panels[0].groups["scheme"] == LOSO.name).all()
        text += f" Points: each group{', left out,' if left_out else ''} in the large, "
        text += "with the interval of observed over expected."
    if any(panel.bins["n_unknown"].sum() for panel in panels):
        text += " Bars without subjects censored before the horizon."
    if len(panels) > n_shown:
        days = ", ".join(f"{panel.horizon:g}" for panel in panels[n_shown:])
        text += f" Not drawn, but in the table: {days} days."
    return text
