"""Figure: effect of a treatment over each marker that may change it."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from .. import labels
from ..settings import PlotPredictive
from ..style import (
    BLUE,
    GREY,
    VERMILLION,
    applied,
    broken,
    empty_figure,
    letter,
    message_figure,
    note,
)

#: Panels of a figure; the table has all markers.
MOST = 6
_KEY = ["marker_kind", "marker"]
#: Ratios beyond these are off the axis.
_FARTHEST = 64.0
#: Ratios at ticks, the coarsest first; the first that gives enough is taken.
_FEWEST_TICKS = 3
_TICKS = (
    (1 / 64, 1 / 16, 0.25, 1.0, 4.0, 16.0, 64.0),
    tuple(2.0**exponent for exponent in range(-6, 7)),
    (0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0),
)
_PANEL_MM = 52.0
_SCALES = {"measured": "the marker", "ranks": "the normal scores of the marker's ranks"}


def draw(
    tests: pd.DataFrame,
    effects: pd.DataFrame,
    values: pd.DataFrame,
    settings: PlotPredictive,
) -> Figure:
    """Ratio of treated and control over each marker, one panel per marker.

    Parameters
    ----------
    tests, effects, values : DataFrame
        Table kinds "interaction", "treatment_effect" and "marker_values" of one
        endpoint.
    settings : PlotPredictive
        Style, and names of the treatment and the markers.
    """
    style = settings.style
    with applied(style):
        if tests.empty:
            return message_figure(style, "There is no marker.")
        shown = tests.head(MOST)
        n_columns = 1 if style.narrow else min(2, len(shown))
        n_rows = math.ceil(len(shown) / n_columns)
        figure = empty_figure(style, n_rows * _PANEL_MM + style.line_mm(6))
        panels = figure.subplots(n_rows, n_columns, squeeze=False).ravel()
        for number, (axes, (_, test)) in enumerate(
            zip(panels, shown.iterrows(), strict=False)
        ):
            mine = _of(effects, test), _of(values, test)
            _panel(axes, test, *mine, settings)
            letter(axes, "abcdef"[number], _tested(test))
        drawn = [axes for axes in panels if axes.get_legend_handles_labels()[0]]
        for axes in drawn[:1]:
            axes.legend(loc="best")
        for axes in panels[len(shown) :]:
            axes.set_visible(False)
        between = ":\n" if style.narrow else ": "
        title = f"{settings.label}{between}{_compared(settings)}"
        figure.suptitle(title, x=0.01, ha="left")
        note(figure, _remark(tests, effects, settings))
    return figure


def _of(table: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
    """Rows of one marker."""
    return table[(table[_KEY] == test[_KEY]).all(axis=1)]


def _panel(
    axes: Axes,
    test: pd.Series,
    effects: pd.DataFrame,
    values: pd.DataFrame,
    settings: PlotPredictive,
) -> None:
    axes.set_xlabel(broken(_name(test, settings), 44, 2))
    axes.set_ylabel(f"{settings.ratio}, log scale")
    if effects.empty:
        reason = broken(f"No test: {test['reason']}", 36)
        axes.text(0.5, 0.5, reason, ha="center", va="center", transform=axes.transAxes)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    axes.set_yscale("log")
    axes.axhline(1.0, color=GREY, lw=0.8, zorder=0)
    levels = effects[effects["model"] == "levels"]
    if len(levels):
        _levels(axes, levels)
    else:
        _over_range(axes, effects)
        _rug(axes, values)
    _ratio_axis(axes, effects)


def _over_range(axes: Axes, effects: pd.DataFrame) -> None:
    """The line with its band, and the curve beside it."""
    line = effects[effects["model"] == "line"]
    x, ratio, low, high = line[["value", "ratio", "lower", "upper"]].to_numpy(float).T
    if len(line) <= MOST:
        bars = np.vstack([ratio - low, high - ratio])
        axes.errorbar(x, ratio, bars, fmt="o", color=BLUE, lw=1.0, capsize=2)
        axes.set_xticks(x)
        axes.margins(x=0.3 if len(line) < 3 else 0.1)
        return
    axes.fill_between(x, low, high, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(x, ratio, color=BLUE, lw=1.3, label="line")
    curve = effects[effects["model"] == "curve"]
    if len(curve):
        points = curve[["value", "ratio"]].to_numpy(dtype=float).T
        axes.plot(*points, color=VERMILLION, ls="--", lw=1.0, label="curve")
    axes.set_xlim(x.min(), x.max())


def _levels(axes: Axes, levels: pd.DataFrame) -> None:
    """One point with its interval for each level of a category."""
    ratio, low, high = levels[["ratio", "lower", "upper"]].to_numpy(dtype=float).T
    places = np.arange(len(levels))
    bars = np.vstack([ratio - low, high - ratio])
    axes.errorbar(places, ratio, bars, fmt="o", color=BLUE, lw=1.0, capsize=2)
    axes.set_xticks(
        places, [broken(str(name), 12, 2) for name in levels["marker_level"]]
    )
    axes.set_xlim(-0.6, len(levels) - 0.4)


def _rug(axes: Axes, values: pd.DataFrame) -> None:
    """Ticks of the subjects: treated along the top, controls along the bottom."""
    inside = values[values["value"].between(*axes.get_xlim())]
    for treated, (low, high) in ((True, (0.97, 1.0)), (False, (0.0, 0.03))):
        of_group = inside.loc[inside["treated"] == treated, "value"]
        axes.vlines(
            of_group.to_numpy(dtype=float),
            low,
            high,
            transform=axes.get_xaxis_transform(),
            color=GREY,
            lw=0.4,
            alpha=0.7,
        )


def _ratio_axis(axes: Axes, effects: pd.DataFrame) -> None:
    """Limits that hold the bands of the line, and ticks at powers of two."""
    held = effects[effects["model"] != "curve"]
    low = max(float(held["lower"].min()), 1 / _FARTHEST)
    high = min(float(held["upper"].max()), _FARTHEST)
    low, high = min(low, 0.8) / 1.15, max(high, 1.25) * 1.15
    axes.set_ylim(low, high)
    inside = [[t for t in ticks if low <= t <= high] for ticks in _TICKS]
    enough = next((t for t in inside if len(t) >= _FEWEST_TICKS), inside[-1])
    axes.yaxis.set_major_locator(FixedLocator(enough))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.2g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())


def _name(test: pd.Series, settings: PlotPredictive) -> str:
    """A marker as it is printed, with its unit if that is known."""
    name = str(test["marker"])
    if test["marker_kind"] == "score":
        return f"Score of “{labels.label(name, settings.arms)}”"
    if test["marker_kind"] == "feature":
        return labels.feature(name)
    unit = settings.units.get(name, "")
    return labels.label(name, settings.labels) + (f" ({unit})" if unit else "")


def _tested(test: pd.Series) -> str:
    """P-values of one marker in few words."""
    if pd.isna(test["p_value"]):
        return "interaction not tested"
    text = f"interaction p = {_p_value(test['p_value'])}"
    if test["n_markers"] > 1:
        text += f", Holm {_p_value(test['p_adjusted'])}"
    return text


def _p_value(value: float) -> str:
    if value < 0.0001:
        return "< 0.0001"
    return f"{value:.3f}" if value >= 0.1 else f"{value:.4f}"


def _compared(settings: PlotPredictive) -> str:
    """The two treatments, and what decided between them."""
    how = "randomized" if settings.randomized else "not randomized, exploratory"
    given, other = settings.treated, settings.control
    return f"{settings.treatment}, {given} against {other} ({how})"


def _remark(
    tests: pd.DataFrame, effects: pd.DataFrame, settings: PlotPredictive
) -> str:
    held, ratio = f"{100 * settings.confidence:g} %", settings.ratio.lower()
    text = f"Points: {ratio} of treated against control with {held} interval; "
    if (effects["model"] != "levels").any():
        text = (
            f"Line: {ratio} of treated against control if its logarithm is linear in "
            f"{_SCALES[settings.scale]}, with pointwise {held} band. Dashed: "
            "restricted cubic spline. Ticks: treated above, controls below; "
        )
    text += "below 1, fewer events with the treatment. p: likelihood ratio test of the "
    several = len(tests) > 1
    text += f"interaction{', and counting all markers (Holm)' if several else ''}."
    if len(tests) > MOST:
        text += f" The first {MOST} of {len(tests)} markers; the table has all."
    if not settings.randomized:
        text += (
            " The treatment was chosen by somebody who knew the patient: the ratios "
            "are no effects of the treatment."
        )
    return text
