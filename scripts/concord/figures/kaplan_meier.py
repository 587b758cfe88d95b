"""Figure: survival of the risk groups that the headline arm predicts."""

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evaluation.risk_groups import known_rows, log_rank
from .settings import PlotKaplanMeier
from .style import BLUE, VERMILLION, applied, empty_figure, message_figure, note

_DAYS_PER_MONTH = 365.25 / 12
_RISK_GROUPS = {
    "low": ("Low risk", BLUE, "-"),
    "high": ("High risk", VERMILLION, "--"),
}
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120)


def draw(predictions: pd.DataFrame, settings: PlotKaplanMeier) -> Figure:
    """Kaplan-Meier curves of the two risk groups with the numbers at risk.

    Parameters
    ----------
    predictions : DataFrame
        Table kind "predictions" of one survival endpoint. The headline arm in
        the first repeat of the cross-validation is drawn: each subject once,
        predicted by a model that did not see it.
    settings : PlotKaplanMeier
        Style, printed names and roles of the arms.
    """
    style = settings.style
    rows = evaluated(predictions, settings.headline_arm)
    known = known_rows(rows)
    with applied(style):
        if known.empty:
            return message_figure(style, "There is no prediction of a risk group.")
        figure = empty_figure(style, min(88.0, style.width_mm) + style.line_mm(3))
        curves, table = figure.subplots(2, 1, sharex=True, height_ratios=[1, 0.16])
        ticks = _month_ticks(known["time_days"].max() / _DAYS_PER_MONTH)
        for name in _RISK_GROUPS:
            part = known[known["risk_group"] == name]
            _curve(curves, part, name, 1 - settings.confidence)
        _finish(curves, known, settings)
        _at_risk(table, known, ticks)
        note(figure, _remark(rows, known, settings))
    return figure


def evaluated(predictions: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Each subject once: predictions of an arm in the first repeat."""
    chosen = (predictions["arm"] == arm) & (predictions["scheme"] == "cv")
    return predictions[chosen & (predictions["repeat"] == 1)]


def _curve(axes: Axes, part: pd.DataFrame, name: str, alpha: float) -> None:
    """One curve with its confidence band and ticks at censored times."""
    if part.empty:
        return
    title, colour, line = _RISK_GROUPS[name]
    months = part["time_days"].to_numpy(dtype=float) / _DAYS_PER_MONTH
    event = part["event"].to_numpy(dtype=int)
    fitted = KaplanMeierFitter(alpha=alpha).fit(months, event)
    times = fitted.survival_function_.index.to_numpy()
    survival = fitted.survival_function_.to_numpy().ravel()
    band = fitted.confidence_interval_survival_function_.to_numpy()
    low, high = band.T
    axes.fill_between(
        times, low, high, step="post", color=colour, alpha=0.15, linewidth=0
    )
    text = f"{title} (n = {len(part)}, events = {event.sum()})"
    axes.step(times, survival, where="post", color=colour, ls=line, lw=1.3, label=text)
    censored = np.sort(months[event == 0])
    heights = survival[np.searchsorted(times, censored, side="right") - 1]
    axes.plot(censored, heights, "|", color=colour, ms=4, mew=0.6)


def _finish(axes: Axes, known: pd.DataFrame, settings: PlotKaplanMeier) -> None:
    _, p_value = log_rank(known)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("Event-free probability")
    axes.set_title(f"{settings.label}: {settings.arm_label}")
    axes.legend(loc="best", title=_p_text(p_value), alignment="left")


def _at_risk(axes: Axes, known: pd.DataFrame, ticks: np.ndarray) -> None:
    """The numbers at risk below the curves."""
    for height, (name, (_, colour, _)) in enumerate(_RISK_GROUPS.items()):
        days = known.loc[known["risk_group"] == name, "time_days"].to_numpy(float)
        for tick in ticks:
            count = int((days >= tick * _DAYS_PER_MONTH).sum())
            axes.text(tick, height, str(count), ha="center", va="center", color=colour)
        axes.axhline(height, lw=0)
    axes.set_yticks(range(len(_RISK_GROUPS)), [v[0] for v in _RISK_GROUPS.values()])
    axes.set_ylim(1.6, -0.9)
    axes.set_title("Number at risk", pad=2)
    axes.spines[["left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks(ticks)
    axes.set_xlabel("Time (months)")


def _month_ticks(longest: float) -> np.ndarray:
    """Four to eight round numbers of months from zero to the longest time."""
    step = next((s for s in _STEPS_MONTHS if longest / s <= 8), _STEPS_MONTHS[-1])
    return np.arange(0, longest + 1e-9, step)


def _p_text(p_value: float) -> str:
    if np.isnan(p_value):
        return "Log-rank p not defined"
    return "Log-rank p < 0.001" if p_value < 0.001 else f"Log-rank p = {p_value:.3f}"


def _remark(rows: pd.DataFrame, known: pd.DataFrame, settings: PlotKaplanMeier) -> str:
    text = (
        "Each subject once (first repeat), in the risk group given by the median score "
        "of the development set of its fold. Bands: "
        f"{100 * settings.confidence:g} % confidence, pointwise. The test is not "
        "stratified by group."
    )
    missing = len(rows) - len(known)
    return text + (f" {missing} subjects without prediction." if missing else "")
