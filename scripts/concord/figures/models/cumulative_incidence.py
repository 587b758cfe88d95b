"""Figure: cumulative incidence of competing causes in the predicted risk groups."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...folds.causes import ordered_causes
from ...statistics.risk_groups import ALL
from ..settings import PlotCompeting
from ..style import applied, broken, empty_figure, message_figure, note
from .at_risk import DAYS_PER_MONTH, Look, looks, month_ticks, numbers_at_risk

_TICKS = 5


def draw(incidence: pd.DataFrame, settings: PlotCompeting) -> Figure:
    """One panel per cause, that of interest first, with the numbers at risk below.

    Parameters
    ----------
    incidence : DataFrame
        Table kind "competing_incidence" of one endpoint.
    settings : PlotCompeting
        Style, printed names and causes.
    """
    style, causes = settings.style, ordered_causes(settings)
    rows = incidence[incidence["risk_group"] != ALL]
    with applied(style):
        if rows.empty:
            return message_figure(style, "There is no prediction of a risk group.")
        figure = empty_figure(style, 72.0 + style.line_mm(3))
        panels = figure.subplots(
            2, len(causes), sharex=True, sharey="row", height_ratios=[1, 0.2]
        )
        ticks = month_ticks(rows["time_days"].max() / DAYS_PER_MONTH, _TICKS)
        highest = rows[["incidence", "upper"]].max().max()
        for place, cause in enumerate(causes):
            axes, table = panels[0, place], panels[1, place]
            mine = rows[rows["cause"] == cause]
            for name, look in looks(rows["risk_group"]).items():
                _curve(axes, mine[mine["risk_group"] == name], look)
            _finish(axes, settings, cause, min(1.02, 1.4 * highest + 0.02))
            numbers_at_risk(table, mine, ticks)
            table.tick_params(labelleft=place == 0)
        panels[0, 0].set_ylabel("Cumulative incidence")
        figure.suptitle(f"{settings.label}: {settings.arm_label}", x=0.01, ha="left")
        note(figure, _remark(settings))
    return figure


def _curve(axes: Axes, part: pd.DataFrame, look: Look) -> None:
    """One curve with its confidence band."""
    if part.empty:
        return
    title, colour, line = look
    months = part["time_days"].to_numpy(dtype=float) / DAYS_PER_MONTH
    low, high, value = part[["lower", "upper", "incidence"]].to_numpy(dtype=float).T
    axes.fill_between(
        months, low, high, step="post", color=colour, alpha=0.15, linewidth=0
    )
    text = f"{title} ({int(part['n_events'].sum())} of {int(part['n_at_risk'].max())})"
    axes.step(months, value, where="post", color=colour, ls=line, lw=1.3, label=text)


def _finish(axes: Axes, settings: PlotCompeting, cause: int, top: float) -> None:
    role = " (of interest)" if cause == settings.cause else ""
    axes.set_ylim(0, top)
    axes.set_title(broken(settings.causes[cause] + role, 34, 2))
    axes.legend(loc="upper left", title="Events of subjects", alignment="left")


def _remark(settings: PlotCompeting) -> str:
    return (
        "Each subject once (first repeat), in the risk group cut at "
        f"{settings.grouping} of the development set of its fold. Aalen-Johansen "
        "estimates: the curves of all causes and the share without any event add up "
        f"to 1. Bands: {100 * settings.confidence:g} % confidence, pointwise, log-log."
    )
