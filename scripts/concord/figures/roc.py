"""Figure: receiver operating characteristic of the arms of a binary endpoint."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..folds.scheme import leading_scheme
from . import labels
from .settings import FigureStyle, PlotEndpoint
from .style import BLACK, GREY, GROUPS, applied, empty_figure, message_figure, note

_HEIGHT_MM = 88.0
#: Marks of operating points, in their order.
_MARKERS = ("o", "s", "D", "^", "v", "P")


def draw(
    curves: pd.DataFrame,
    performance: pd.DataFrame,
    points: pd.DataFrame,
    settings: PlotEndpoint,
) -> Figure:
    """Mean ROC curves of the arms over the folds of the repeated cross-validation.

    Parameters
    ----------
    curves, performance, points : DataFrame
        Table kinds "roc", "performance" and "operating_points" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.

    Returns
    -------
    Figure
        Curves on the left, with the operating points of the headline arm; on the
        right each arm's AUC and interval, as the performance table has them.
    """
    style = settings.style
    rows = curves[curves["arm"].isin(list(settings.arms))]
    arms = labels.arm_order(
        set(rows["arm"]),
        settings.headline_arm,
        settings.reference_arm,
    )
    with applied(style):
        drawn = {arm: drawn_curve(rows[rows["arm"] == arm]) for arm in arms}
        if not drawn:
            return message_figure(style, "No fold holds subjects of both classes.")
        marked = _of_headline(points, settings)
        figure = empty_figure(style, _height_mm(style, len(drawn), len(marked)))
        axes = figure.subplots()
        axes.set_anchor("N")
        lines = _curves(axes, drawn, performance, settings)
        lines += _marks(axes, marked)
        axes.set_title(settings.label)
        place = "outside upper center" if style.narrow else "outside right upper"
        # By handles, as matplotlib leaves out labels that begin with an underscore.
        figure.legend(  # type: ignore[call-overload]
            handles=lines, loc=place, labelspacing=0.7
        )
        note(figure, _remark(rows, len(marked), settings))
    return figure


def _height_mm(style: FigureStyle, n_curves: int, n_marks: int) -> float:
    """Height of the square of curves with the legend below, or beside it."""
    legend = style.line_mm(2.0 * n_curves + 1.2 * n_marks + 5)
    square = min(_HEIGHT_MM, style.width_mm)
    return square + legend if style.narrow else max(square, legend)


def drawn_curve(curve: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """False-positive and true-positive rate of the mean curve, point by point."""
    limits = curve[["sensitivity_before", "sensitivity_after"]].to_numpy(dtype=float)
    return curve["false_positive_rate"].to_numpy(dtype=float).repeat(2), limits.ravel()


def _curves(
    axes: Axes,
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    performance: pd.DataFrame,
    settings: PlotEndpoint,
) -> list[Line2D]:
    """The line of chance, then the curve of each arm."""
    lines = axes.plot([0, 1], [0, 1], color=GREY, lw=0.6, ls="--", label="Chance: 0.50")
    for number, (arm, curve) in enumerate(curves.items()):
        colour, line, _ = GROUPS[number % len(GROUPS)]
        name = labels.label(arm, settings.arms)
        text = f"{name}\n{_auc_text(performance, arm)}"
        width = 1.6 if arm == settings.headline_arm else 1.0
        lines += axes.plot(*curve, color=colour, ls=line, lw=width, label=text)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    axes.set_aspect("equal")
    axes.set_xlabel("False-positive rate (1 - specificity)")
    axes.set_ylabel("True-positive rate (sensitivity)")
    return lines


def _auc_text(performance: pd.DataFrame, arm: str) -> str:
    """AUC with interval of the leading scheme, and the subjects behind it."""
    schemes = performance["scheme"]
    leading = performance[schemes == leading_scheme(schemes)]
    chosen = leading.query("arm == @arm and stratum == 'all' and metric == 'auc'")
    if chosen.empty or chosen["estimate"].isna().all():
        return "AUC not defined"
    row = chosen.iloc[0]
    return f"AUC {labels.with_interval(row)}, n = {row['n']}"


def _of_headline(points: pd.DataFrame, settings: PlotEndpoint) -> pd.DataFrame:
    """Operating points of the headline arm in the leading scheme."""
    mine = points[
        (points["arm"] == settings.headline_arm)
        & (points["scheme"] == leading_scheme(points["scheme"]))
        & (points["stratum"] == "all")
    ]
    return mine.dropna(subset=["sensitivity", "specificity"])


def _marks(axes: Axes, points: pd.DataFrame) -> list[Line2D]:
    """A mark for each operating point, with its name for the legend."""
    marks = []
    for number, (_, row) in enumerate(points.iterrows()):
        marks += axes.plot(
            1 - row["specificity"],
            row["sensitivity"],
            _MARKERS[number % len(_MARKERS)],
            color=BLACK,
            mfc="white",
            ms=5,
            mew=0.9,
            ls="none",
            label=labels.operating_point(row),
        )
    return marks


def _remark(rows: pd.DataFrame, n_points: int, settings: PlotEndpoint) -> str:
    arms = rows.drop_duplicates("arm")
    text = (
        f"Mean over {_span(arms['n_folds'])} evaluation folds "
        f"({_span(arms['n_repeats'])} repeats); AUC with "
        f"{100 * settings.confidence:g} % interval."
    )
    if n_points:
        text += (
            f" Marks: {settings.arm_label} at thresholds of development, or at given "
            "probabilities, on evaluation subjects; they may lie off the mean curve."
        )
    missing = int(arms["n_missing"].sum())
    return text + (f" {missing} missing predictions left out." if missing else "")


def _span(numbers: pd.Series) -> str:
    """The number that all arms have, or the range from the least to the most."""
    least, most = int(numbers.min()), int(numbers.max())
    return f"{most}" if least == most else f"{least} to {most}"
