"""Figure: effect of the scores over time, where hazards need not be proportional."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...folds.scheme import CV
from ..labels import SCHEMES
from ..models.at_risk import DAYS_PER_MONTH
from ..settings import PlotEndpoint
from ..style import (
    BLUE,
    GREY,
    VERMILLION,
    applied,
    broken,
    empty_figure,
    message_figure,
    note,
)

_PANEL_MM = 58.0


def draw(effects: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Log hazard ratio of the scores of the headline and the reference arm over time.

    Parameters
    ----------
    effects : DataFrame
        Table kind "time_dependent_effect" of one endpoint. The first repeat of the
        cross-validation is drawn, or the first other set.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.
    """
    style = settings.style
    arms = list(dict.fromkeys([settings.headline_arm, settings.reference_arm]))
    rows = effects[effects["arm"].isin(arms)]
    rows = _one_set(rows)
    known = [arm for arm in arms if _curve_of(rows, arm).size]
    with applied(style):
        if not known:
            return message_figure(style, _nothing(rows, settings))
        figure = empty_figure(style, _PANEL_MM + style.line_mm(6))
        panels = figure.subplots(1, len(known), sharey=True, squeeze=False)[0]
        colours = dict(zip(arms, (VERMILLION, BLUE), strict=False))
        for axes, arm in zip(panels, known, strict=True):
            _panel(axes, _curve_of(rows, arm), colours[arm])
            axes.set_title(broken(settings.arms.get(arm, arm), 40, 2))
            axes.set_xlabel("Time (months)")
        panels[0].set_ylabel("Log hazard ratio per SD of the score")
        figure.suptitle(settings.label, x=0.01, ha="left")
        handles, names = panels[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper right", ncols=2)
        note(figure, _remark(rows, settings))
    return figure


def _one_set(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the cross-validation, or of the first other set."""
    if rows.empty:
        return rows
    sets = rows[["scheme", "fold"]].drop_duplicates().itertuples(index=False, name=None)
    scheme, fold = min(sets, key=lambda one: (one[0] != CV.name, *one))
    return rows[(rows["scheme"] == scheme) & (rows["fold"] == fold)]


def _curve_of(rows: pd.DataFrame, arm: str) -> pd.DataFrame:
    return rows[(rows["arm"] == arm) & rows["log_hazard_ratio"].notna()]


def _panel(axes: Axes, part: pd.DataFrame, colour: str) -> None:
    months = part["time_days"].to_numpy(dtype=float) / DAYS_PER_MONTH
    names = ["log_hazard_ratio", "lower", "upper"]
    value, low, high = part[names].to_numpy(dtype=float).T
    axes.fill_between(months, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(months, value, color=colour, lw=1.4, label="effect over time")
    constant = float(part["constant"].iloc[0])
    axes.axhline(constant, color=colour, ls="--", lw=0.9, label="same at all times")
    axes.axhline(0, color=GREY, ls=":", lw=0.8)


def _remark(rows: pd.DataFrame, settings: PlotEndpoint) -> str:
    scheme = str(rows["scheme"].iloc[0])
    label = SCHEMES.get(scheme, scheme)
    first = " (first repeat)" if scheme == CV.name else ""
    return (
        f"{label}{first}. Cox model with the product of the score and a restricted "
        "cubic spline of time, folds as strata, between the 5 % and the 95 % quantile "
        f"of the event times. Band: {100 * settings.confidence:g} % confidence, "
        "pointwise, scores taken as given. Dotted: no effect."
    )


def _nothing(rows: pd.DataFrame, settings: PlotEndpoint) -> str:
    reasons = rows["reason"].dropna() if len(rows) else rows
    why = f": {reasons.iloc[0]}" if len(reasons) else ""
    return f"There is no effect over time of {settings.arm_label}{why}."
