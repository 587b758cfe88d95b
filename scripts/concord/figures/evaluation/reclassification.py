"""Figure: risks by the headline arm against those by the reference arm."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...evaluation.added_value.subject_risks import CENSORED, EVENT, NO_EVENT
from ...folds.scheme import kind_of
from .. import labels
from ..settings import PlotEndpoint
from ..style import BLUE, GREY, VERMILLION, applied, empty_figure, message_figure, note

_MOST_PANELS = 2
#: Marker, face and edge of each outcome; they differ without colour too.
_LOOKS = {
    NO_EVENT: ("o", "none", BLUE, "Without the event"),
    EVENT: ("D", VERMILLION, VERMILLION, "With the event"),
    CENSORED: ("x", GREY, GREY, "Censored before"),
}
_NOTHING = "No risk of this outcome is judged by both arms."


def draw(risks: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """One point per subject; above the line the headline arm gives more risk.

    Parameters
    ----------
    risks : DataFrame
        Table kind "reclassification" of one endpoint.
    settings : PlotEndpoint
        Style and printed names.

    Returns
    -------
    Figure
        One panel per horizon, the first two; one of a binary outcome.
    """
    style = settings.style
    with applied(style):
        if risks.empty:
            return message_figure(style, _NOTHING)
        horizons = sorted(risks["horizon_days"].unique())[:_MOST_PANELS]
        size = min(style.width_mm / 2, 70.0)
        figure = empty_figure(style, size + style.line_mm(6))
        panels = figure.subplots(1, len(horizons), squeeze=False)[0]
        for axes, horizon in zip(panels, horizons, strict=True):
            same = risks["horizon_days"].isna() | (risks["horizon_days"] == horizon)
            _points(axes, risks[same])
            _finish(axes, risks, horizon, settings)
        handles = panels[0].get_legend_handles_labels()[0]
        figure.legend(  # type: ignore[call-overload]
            handles=handles, loc="outside upper center", ncols=3
        )
        note(figure, _remark(risks, len(horizons)))
    return figure


def _points(axes: Axes, rows: pd.DataFrame) -> None:
    """Subjects by outcome, and the line of equal risks."""
    axes.plot([0, 1], [0, 1], color=GREY, lw=0.6, ls="--")
    for status, (marker, face, edge, name) in _LOOKS.items():
        own = rows[rows["status"] == status]
        if len(own):
            axes.plot(
                own["risk_reference"],
                own["risk"],
                ls="none",
                marker=marker,
                mfc=face,
                mec=edge,
                mew=0.7,
                ms=3.2,
                label=name,
            )


def _finish(
    axes: Axes, rows: pd.DataFrame, horizon: float, settings: PlotEndpoint
) -> None:
    first = rows.iloc[0]
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_aspect("equal")
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.set_xlabel(f"Risk: {labels.label(first['reference_arm'], settings.arms)}")
    axes.set_ylabel(f"Risk: {labels.label(first['arm'], settings.arms)}")
    at = "" if pd.isna(horizon) else f": {horizon:g} days"
    axes.set_title(f"{settings.label}{at}")


def _remark(rows: pd.DataFrame, n_shown: int) -> str:
    kind = kind_of(str(rows["scheme"].iloc[0]))
    first = ", first repeat" if kind.repeated else ""
    text = f"{kind.label}{first}; n = {rows['subject_id'].nunique()}."
    left = rows["horizon_days"].nunique() - n_shown
    return text + (f" {left} more times are in the table." if left > 0 else "")
