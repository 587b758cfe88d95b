"""Figure: decision curves of the headline and the reference arm."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from ...evaluation.utility.decision_curves import FEW
from ...folds.scheme import EVALUATED
from .. import labels
from ..settings import PlotEndpoint
from ..style import (
    BLACK,
    BLUE,
    GREY,
    VERMILLION,
    applied,
    empty_figure,
    message_figure,
    note,
)

_HEIGHT_MM = 78.0
#: Odds of a threshold by the threshold, as needless to needed actions.
_ODDS = {0.0: "0", 0.1: "1:9", 0.2: "1:4", 1 / 3: "1:2", 0.5: "1:1"}
_ODDS |= {2 / 3: "2:1", 0.8: "4:1", 0.9: "9:1"}
_MOST_PANELS = 3
_NOTHING = "No risk of this outcome is judged: no time is declared for it."


def draw(curves: pd.DataFrame, settings: PlotEndpoint) -> Figure:
    """Net benefit over the threshold, beside acting on everybody and on nobody.

    Parameters
    ----------
    curves : DataFrame
        Table kind "decision_curve" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.

    Returns
    -------
    Figure
        One panel per horizon, the first three; one of a binary outcome.
    """
    style = settings.style
    rows = _shown(curves, settings)
    with applied(style):
        if rows.empty:
            return message_figure(style, _NOTHING)
        horizons = sorted(rows["horizon_days"].unique())[:_MOST_PANELS]
        lines = 5 if style.narrow else 3
        figure = empty_figure(style, _HEIGHT_MM + style.line_mm(lines))
        panels = figure.subplots(1, len(horizons), squeeze=False, sharey=True)[0]
        last = min(1.0, _last_threshold(rows))
        for axes, horizon in zip(panels, horizons, strict=True):
            part = _of_horizon(rows, horizon)
            _curves(axes, part, settings)
            _finish(axes, part, last, horizon, settings.label)
        panels[0].set_ylabel("Net benefit (per subject)")
        handles = panels[0].get_legend_handles_labels()[0]
        figure.legend(  # type: ignore[call-overload]
            handles=handles,
            loc="outside upper center",
            ncols=2 if style.narrow else 4,
        )
        note(figure, _remark(rows, horizons, settings))
    return figure


def _shown(curves: pd.DataFrame, settings: PlotEndpoint) -> pd.DataFrame:
    """Rows of both arms in the first scheme that there is."""
    arms = [settings.headline_arm, settings.reference_arm]
    rows = curves[curves["arm"].isin(arms) & curves["net_benefit"].notna()]
    for kind in EVALUATED:
        found = rows[rows["scheme"] == kind.name]
        if len(found):
            return found
    return rows.iloc[:0]


def _of_horizon(rows: pd.DataFrame, horizon: float) -> pd.DataFrame:
    if pd.isna(horizon):
        return rows[rows["horizon_days"].isna()]
    return rows[rows["horizon_days"] == horizon]


def _last_threshold(rows: pd.DataFrame) -> float:
    """End of the axis: beyond it too few subjects are flagged to tell anything."""
    used = rows.loc[rows["flagged"] * rows["n"] >= FEW, "threshold"]
    return float(np.ceil((used.max() if len(used) else 0.5) * 20 + 0.2) / 20)


def _curves(axes: Axes, part: pd.DataFrame, settings: PlotEndpoint) -> None:
    """Both arms with their bands, everybody, nobody."""
    headline, reference = settings.headline_arm, settings.reference_arm
    looks = {headline: (BLUE, "-", 1.6), reference: (VERMILLION, "--", 1.1)}
    for arm, (colour, line, width) in looks.items():
        own = part[part["arm"] == arm].sort_values("threshold")
        if own.empty:
            continue
        x, name = own["threshold"], labels.label(arm, settings.arms)
        axes.plot(x, own["net_benefit"], color=colour, ls=line, lw=width, label=name)
        if arm == headline:
            bounds = own["lower"].astype(float), own["upper"].astype(float)
            axes.fill_between(x, *bounds, color=colour, alpha=0.18, lw=0)
        else:
            for side in ("lower", "upper"):
                axes.plot(x, own[side], color=colour, ls=":", lw=0.8)
    arm = headline if (part["arm"] == headline).any() else reference
    own = part[part["arm"] == arm].sort_values("threshold")
    axes.plot(
        own["threshold"],
        own["treat_all"],
        color=GREY,
        ls="-.",
        lw=1.1,
        label="Acting on everybody",
    )
    axes.axhline(0, color=BLACK, lw=0.8, label="Acting on nobody")


def _finish(
    axes: Axes, part: pd.DataFrame, last: float, horizon: float, label: str
) -> None:
    """Axes, the second one with the odds, and limits that show what matters."""
    top = float(part[["treat_all", "net_benefit"]].max().max())
    seen = part[part["threshold"] <= last]
    high = float(seen["upper"].max()) if seen["upper"].notna().any() else top
    axes.set_ylim(-0.25 * max(top, 0.05), 1.05 * max(high, top, 0.05))
    axes.set_xlim(0, last)
    axes.set_xlabel("Threshold probability")
    axes.set_title(label if pd.isna(horizon) else f"{label}: {horizon:g} days", pad=26)
    odds = {value: text for value, text in _ODDS.items() if value <= last}
    upper = axes.secondary_xaxis("top")
    upper.xaxis.set_major_locator(FixedLocator(list(odds)))
    upper.xaxis.set_major_formatter(FixedFormatter(list(odds.values())))
    upper.xaxis.set_minor_locator(NullLocator())
    upper.set_xlabel("Odds (needless : needed actions)")


def _remark(rows: pd.DataFrame, horizons: list[float], settings: PlotEndpoint) -> str:
    scheme = labels.SCHEMES[str(rows["scheme"].iloc[0])]
    text = (
        f"{scheme}; n = {rows['n'].max()}. Band and dotted lines: pointwise "
        f"{100 * settings.confidence:g} % intervals, none where fewer than "
        f"{FEW} subjects have so high a risk."
    )
    left = rows["horizon_days"].nunique() - len(horizons)
    return text + (f" {left} more times are in the table." if left > 0 else "")
