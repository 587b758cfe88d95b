"""Figure: survival of the risk groups that the headline arm predicts."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .models.at_risk import DAYS_PER_MONTH, RISK_GROUPS, month_ticks, numbers_at_risk
from .settings import PlotEndpoint
from .style import applied, empty_figure, message_figure, note


def draw(curves: pd.DataFrame, groups: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Kaplan-Meier curves of the two risk groups with the numbers at risk.

    Parameters
    ----------
    curves, groups : DataFrame
        Table kinds "kaplan_meier" and "risk_groups" of one survival endpoint. The
        headline arm is drawn: each subject once, predicted by a model that did not
        see it.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    style = settings.style
    rows = curves[curves["arm"] == settings.headline_arm]
    with applied(style):
        if rows.empty:
            return message_figure(style, "There is no prediction of a risk group.")
        figure = empty_figure(style, min(88.0, style.width_mm) + style.line_mm(3))
        axes, table = figure.subplots(2, 1, sharex=True, height_ratios=[1, 0.16])
        ticks = month_ticks(rows["time_days"].max() / DAYS_PER_MONTH)
        for name in RISK_GROUPS:
            _curve(axes, rows[rows["risk_group"] == name], name)
        arm = groups[groups["arm"] == settings.headline_arm].iloc[0]
        _finish(axes, _test_text(arm), settings)
        numbers_at_risk(table, rows, ticks)
        note(figure, _remark(int(arm["n_missing"]), settings))
    return figure


def _curve(axes: Axes, part: pd.DataFrame, name: str) -> None:
    """One curve with its confidence band and ticks at censored times."""
    if part.empty:
        return
    title, colour, line = RISK_GROUPS[name]
    months = part["time_days"].to_numpy(dtype=float) / DAYS_PER_MONTH
    low, high, survival = part[["lower", "upper", "survival"]].to_numpy(dtype=float).T
    axes.fill_between(
        months, low, high, step="post", color=colour, alpha=0.15, linewidth=0
    )
    n_events, censored = int(part["n_events"].sum()), part["n_censored"].to_numpy(int)
    text = f"{title} (n = {n_events + censored.sum()}, events = {n_events})"
    axes.step(months, survival, where="post", color=colour, ls=line, lw=1.3, label=text)
    ticks = months.repeat(censored), survival.repeat(censored)
    axes.plot(*ticks, "|", color=colour, ms=4, mew=0.6)


def _finish(axes: Axes, title: str, settings: PlotEndpoint) -> None:
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("Event-free probability")
    axes.set_title(f"{settings.label}: {settings.arm_label}")
    axes.legend(loc="best", title=title, alignment="left")


def _test_text(arm: pd.Series) -> str:
    """Direction and permutation p of the log-rank statistic, or why there is none."""
    z = arm["log_rank_z"]
    if pd.isna(z):
        return "Log-rank statistic not defined"
    order = "earlier" if z > 0 else "later"
    text = f"High risk: events {order} (log-rank Z = {z:.2f})"
    if pd.isna(arm["p_value"]):
        return f"{text}\nno p: {arm['reason']}"
    return f"{text}\none-sided p = {arm['p_value']:.3f} by permutation"


def _remark(missing: int, settings: PlotEndpoint) -> str:
    if settings.given:
        return (
            "Each subject once (first repeat), in the risk group that the table gives. "
            f"Bands: {100 * settings.confidence:g} % confidence, pointwise, log-log. "
            "p: outcomes permuted within groups, risk groups as given."
        )
    text = (
        "Each subject once (first repeat), in the risk group given by the median score "
        "of the development set of its fold. Bands: "
        f"{100 * settings.confidence:g} % confidence, pointwise, log-log. p: outcomes "
        "permuted within groups, models and risk groups made anew."
    )
    return text + (f" {missing} subjects without prediction." if missing else "")
